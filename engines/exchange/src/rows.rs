//! Row conditions: reading them from an address or a form, ordering them, and telling when a search lies outside them.
//!
//! Enforcement is the conjunction in the source's own query. [`contradicts`] only finds searches that can bring no row
//! at all, so that the caller reads which clause stands in the way instead of an empty page. It never says so wrongly.
use std::cmp::Ordering;

use catalogue::api::{Condition, Resolved, Test, compare};

/// The operators, in the order offered in a form.
pub const OPERATORS: [&str; 5] = ["eq", "in", "prefix", "ge", "le"];
/// The most values in one `in`.
pub const VALUES_MAX: usize = 50;
/// The most characters of one value.
pub const VALUE_CHARS_MAX: usize = 100;

/// A test from its operator's word and values; none when the word is unknown or the values are not in number.
pub fn test(operator: &str, mut values: Vec<String>) -> Option<Test> {
    if operator == "in" {
        return (!values.is_empty() && values.len() <= VALUES_MAX).then_some(Test::In { values });
    }
    let value = values.pop().filter(|_| values.is_empty())?;
    match operator {
        "eq" => Some(Test::Eq { value }),
        "prefix" => Some(Test::Prefix { value }),
        "ge" => Some(Test::Ge { value }),
        "le" => Some(Test::Le { value }),
        _ => None,
    }
}

/// A condition from what was typed: several values of `in` are separated by commas, Western or Chinese.
pub fn typed(field: &str, operator: &str, text: &str) -> Option<Condition> {
    let values = match operator {
        "in" => text.split([',', '，', '、']).map(value).collect::<Option<Vec<_>>>()?,
        _ => vec![value(text)?],
    };
    Some(Condition { field: field.to_owned(), test: test(operator, values)? })
}

fn value(text: &str) -> Option<String> {
    let text = text.trim();
    fits(text).then(|| text.to_owned())
}

fn fits(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= VALUE_CHARS_MAX && !text.chars().any(char::is_control)
}

/// Whether a test that came as JSON keeps within the bounds that a typed one is held to.
pub fn bounded(test: &Test) -> bool {
    test.values().len() <= VALUES_MAX && test.values().iter().all(|value| fits(value))
}

/// A total order of conditions, for canonical terms.
pub fn order(a: &Condition, b: &Condition) -> Ordering {
    (&a.field, a.test.op(), a.test.values()).cmp(&(&b.field, b.test.op(), b.test.values()))
}

/// Whether no cell can meet both tests of the same field.
pub fn contradicts(agreed: &Resolved, searched: &Resolved) -> bool {
    let none_of = |list: &Test, other: &Resolved| list.values().iter().all(|value| !other.holds(Some(value)));
    match (&agreed.test, &searched.test) {
        (_, Test::Eq { .. } | Test::In { .. }) => none_of(&searched.test, agreed),
        (Test::Eq { .. } | Test::In { .. }, _) => none_of(&agreed.test, searched),
        (Test::Prefix { value: a }, Test::Prefix { value: b }) => {
            !a.starts_with(b.as_str()) && !b.starts_with(a.as_str())
        }
        (Test::Ge { value: low }, Test::Le { value: high }) | (Test::Le { value: high }, Test::Ge { value: low }) => {
            compare(agreed.column.field_type, low, high) == Some(Ordering::Greater)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use catalogue::api::{Classification, Column, Field, FieldType};
    use proptest::prelude::*;

    use super::*;

    fn resolved(field_type: FieldType, test: Test) -> Resolved {
        let field = Field {
            name: "a".into(),
            label: "甲".into(),
            label_en: String::new(),
            element: None,
            field_type,
            required: false,
            classification: Classification::Internal,
            unit: String::new(),
        };
        Resolved { column: Column::from(&field), test }
    }

    fn any_test() -> impl Strategy<Value = Test> {
        let number = || (-20i64..20).prop_map(|n| n.to_string());
        prop_oneof![
            number().prop_map(|value| Test::Eq { value }),
            proptest::collection::vec(number(), 1..4).prop_map(|values| Test::In { values }),
            number().prop_map(|value| Test::Ge { value }),
            number().prop_map(|value| Test::Le { value }),
        ]
    }

    fn any_text_test() -> impl Strategy<Value = Test> {
        prop_oneof![
            "[ab]{0,3}".prop_map(|value| Test::Eq { value }),
            "[ab]{0,3}".prop_map(|value| Test::Prefix { value }),
            proptest::collection::vec("[ab]{0,3}", 1..4).prop_map(|values| Test::In { values }),
        ]
    }

    proptest! {
        #[test]
        fn a_search_called_outside_the_rows_meets_no_number(agreed in any_test(), searched in any_test()) {
            let (agreed, searched) = (resolved(FieldType::Integer, agreed), resolved(FieldType::Integer, searched));
            if contradicts(&agreed, &searched) {
                for n in -40i64..40 {
                    let value = n.to_string();
                    prop_assert!(!(agreed.holds(Some(&value)) && searched.holds(Some(&value))), "{value} meets both");
                }
            }
        }

        #[test]
        fn a_search_called_outside_the_rows_meets_no_text(agreed in any_text_test(), searched in any_text_test()) {
            let (agreed, searched) = (resolved(FieldType::Text, agreed), resolved(FieldType::Text, searched));
            if contradicts(&agreed, &searched) {
                for value in ["a", "b", "aa", "ab", "ba", "bb", "aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"] {
                    prop_assert!(!(agreed.holds(Some(value)) && searched.holds(Some(value))), "{value} meets both");
                }
            }
        }

        #[test]
        fn what_was_typed_comes_back_from_its_parts(field in "[a-z_]{1,9}", value in "[^,，、\\p{C}\\s]{1,20}") {
            for word in OPERATORS {
                let condition = typed(&field, word, &value).expect("a plain value");
                prop_assert_eq!(condition.test.op(), word);
                prop_assert_eq!(condition.test.values(), std::slice::from_ref(&value));
                prop_assert_eq!(test(word, vec![value.clone()]), Some(condition.test));
            }
        }
    }

    #[test]
    fn another_district_lies_outside_an_agreed_district() {
        let agreed = resolved(FieldType::Code, Test::Eq { value: "320602".into() });
        let outside = |test| contradicts(&agreed, &resolved(FieldType::Code, test));
        assert!(outside(Test::Eq { value: "320611".into() }));
        assert!(!outside(Test::In { values: vec!["320611".into(), "320602".into()] }));
        assert!(!outside(Test::Prefix { value: "3206".into() }));
        assert!(outside(Test::Prefix { value: "3205".into() }));
    }

    #[test]
    fn values_are_separated_by_western_and_chinese_commas() {
        let condition = typed("division", "in", "320602，320611, 320612").expect("three codes");
        assert_eq!(condition.test.values(), ["320602", "320611", "320612"]);
        assert_eq!(typed("division", "eq", "  "), None);
        assert_eq!(typed("division", "like", "x"), None);
    }
}
