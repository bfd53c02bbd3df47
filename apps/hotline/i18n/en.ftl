# The hotline: words that its parts share; each part has a file of its own besides (knowledge.en.ftl, suggestion.en.ftl …)
error-hotline-not-found = There is no such thing, or it lies outside what you may see. Check the address, or ask a colleague who may see it.
error-hotline-out-of-scope = Your permissions do not cover this organisation. Choose another, or ask the platform administrator to widen them.
error-hotline-invalid = A few things need mending; each says what.
error-hotline-same-person = Nobody publishes what he helped to write. Ask a colleague who may publish to review it.
error-hotline-no-person = A member of staff has to do this, signed in himself.
