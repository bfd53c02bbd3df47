# The hotline: words that its parts share; each part has a file of its own besides (knowledge.en.ftl, suggestion.en.ftl …)
hotline-name = 12345 hotline
