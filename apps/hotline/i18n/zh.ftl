# 便民热线：各部分共用的文字；每一部分另有自己的文件（knowledge.zh.ftl、suggestion.zh.ftl……）
error-hotline-not-found = 没有这一条，或者它不在您的查看范围内。请检查地址，或请本机构有权限的同事查看。
error-hotline-out-of-scope = 您的权限不包括这个机构。请换一个机构，或请平台管理员为您增加权限。
error-hotline-invalid = 有几处需要修改，请看每处的说明。
error-hotline-same-person = 参与编写的人不能自己发布。请由另一位有发布权限的同事审核。
error-hotline-no-person = 这一步需要由工作人员本人登录办理。
