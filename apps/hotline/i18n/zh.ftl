# 便民热线：各部分共用的文字；每一部分另有自己的文件（knowledge.zh.ftl、suggestion.zh.ftl……）
hotline-name = 12345 便民热线
