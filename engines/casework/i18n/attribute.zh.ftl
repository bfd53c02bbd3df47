# Questions of a category
error-casework-attributes-many = 填写的补充信息太多，最多 40 项
error-casework-attribute-unknown = 这一类别没有补充信息“{ $name }”，请按类别说明填写
error-casework-attribute-missing = 请填写补充信息“{ $name }”，这一类别必须填写
error-casework-attribute-twice = 补充信息“{ $name }”只能填写一个值
error-casework-attribute-value = 补充信息“{ $name }”的值不在可选范围内，请使用类别说明中的 key
error-casework-attribute-number = 补充信息“{ $name }”应为数字，例如 12 或 0.5
error-casework-attribute-datetime = 补充信息“{ $name }”应为日期或带时区的时间，例如 2026-11-22 或 2026-11-22T08:30:00+08:00
error-casework-attribute-long = 补充信息“{ $name }”太长
error-casework-attribute-line = 补充信息“{ $name }”不能包含换行或控制字符
