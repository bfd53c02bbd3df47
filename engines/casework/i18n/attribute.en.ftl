# Questions of a category
error-casework-attributes-many = Too many attributes; at most 40 can be given
error-casework-attribute-unknown = This category has no attribute “{ $name }”; see its definition
error-casework-attribute-missing = The attribute “{ $name }” is required in this category
error-casework-attribute-twice = The attribute “{ $name }” takes one value only
error-casework-attribute-value = The attribute “{ $name }” has a value that is not in its list; use a key of its definition
error-casework-attribute-number = The attribute “{ $name }” must be a number, for example 12 or 0.5
error-casework-attribute-datetime = The attribute “{ $name }” must be a day, or a time with its zone, for example 2026-11-22 or 2026-11-22T08:30:00+08:00
error-casework-attribute-long = The attribute “{ $name }” is too long
error-casework-attribute-line = The attribute “{ $name }” must not contain line breaks or control characters
