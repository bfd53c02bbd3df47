//! What some categories ask besides words, so that whoever goes there finds the right lamp post at the right hour.
use casework::api::{Attribute, AttributeValue, Datatype};

/// Code, Chinese and English of a list's value.
type Value = (&'static str, &'static str, &'static str);

/// How large a hole in the road is.
const SIZES: &[Value] = &[
    ("small", "小于脸盆", "Smaller than a basin"),
    ("large", "大于脸盆", "Larger than a basin"),
    ("lane", "占一个车道以上", "A lane or more"),
];

/// When it is loud.
const HOURS: &[Value] = &[
    ("morning", "早晨（6 至 8 时）", "Morning (6 to 8)"),
    ("day", "白天（8 至 18 时）", "Day (8 to 18)"),
    ("evening", "傍晚（18 至 22 时）", "Evening (18 to 22)"),
    // 噪声污染防治法 第八十八条: the night is from 22 to 6.
    ("night", "夜间（22 至次日 6 时）", "Night (22 to 6)"),
];

/// The questions of a category, in the order of asking.
pub fn of(category: &str) -> Vec<Attribute> {
    let one = |code, label, label_en, datatype, required, values| {
        vec![attribute(code, (label, label_en), datatype, required, values)]
    };
    match category {
        "street-light" => {
            one("post-number", "灯杆编号（贴在灯杆上）", "Number on the lamp post", Datatype::String, false, &[])
        }
        "road-damage" => one("size", "破损有多大", "How large the damage is", Datatype::SingleValueList, false, SIZES),
        "noise" => one("when", "什么时候吵", "When it is loud", Datatype::MultiValueList, false, HOURS),
        "consumer" => one("merchant", "商家名称", "Merchant's name", Datatype::String, true, &[]),
        _ => Vec::new(),
    }
}

fn attribute(code: &str, label: (&str, &str), datatype: Datatype, required: bool, values: &[Value]) -> Attribute {
    let value = |(key, name, name_en): &Value| AttributeValue {
        key: (*key).to_owned(),
        name: (*name).to_owned(),
        name_en: (*name_en).to_owned(),
    };
    Attribute {
        code: code.to_owned(),
        label: label.0.to_owned(),
        label_en: label.1.to_owned(),
        datatype,
        required,
        values: values.iter().map(value).collect(),
    }
}
