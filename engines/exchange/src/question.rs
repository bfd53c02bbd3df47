//! A call's address in our terms: which fields, which rows, from where, how many. Pure.
//!
//! `?fields=name,status&division=320602&opened_on.ge=2020-01-01&size=100&cursor=…`: a parameter is a field's name, or a
//! name, a dot and an operator. `fields`, `size` and `cursor` are ours; a field of that name is searched as `size.eq`.
use catalogue::api::{Condition, ROWS_MAX, RowCursor};

use crate::fault::ExchangeError;
use crate::rows::{OPERATORS, typed};

/// Rows when `size` is not given.
pub const SIZE: u32 = 100;
/// The most parameters read.
const PARAMETERS_MAX: usize = 40;
/// The longest cursor read.
const CURSOR_BYTES_MAX: usize = 1_000;
/// What a message or the log shows of a name that is not ours.
const NAME_CHARS_SHOWN: usize = 64;

/// What a call asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The columns wanted; none asks for all agreed ones.
    pub fields: Option<Vec<String>>,
    /// All must hold, beside the agreed ones.
    pub conditions: Vec<Condition>,
    /// Where the previous page ended.
    pub cursor: Option<RowCursor>,
    /// Rows at most.
    pub size: u32,
}

impl Question {
    /// Reads the parameters, decoded and in order.
    pub fn parse(parameters: &[(String, String)]) -> Result<Self, ExchangeError> {
        let mut question = Self { fields: None, conditions: Vec::new(), cursor: None, size: SIZE };
        if parameters.len() > PARAMETERS_MAX {
            return Err(wrong("exchange-query-many", "?"));
        }
        for (name, value) in parameters {
            match name.as_str() {
                "fields" => question.fields = Some(names(value)?),
                "size" => question.size = size(value)?,
                "cursor" if value.len() > CURSOR_BYTES_MAX || value.chars().any(char::is_control) => {
                    return Err(wrong("exchange-query-value", name));
                }
                "cursor" => question.cursor = Some(value).filter(|text| !text.is_empty()).cloned().map(RowCursor),
                _ => question.conditions.push(condition(name, value)?),
            }
        }
        Ok(question)
    }

    /// Every field the call touches, columns first.
    pub fn touched(&self) -> impl Iterator<Item = &str> {
        let columns = self.fields.iter().flatten().map(String::as_str);
        columns.chain(self.conditions.iter().map(|condition| condition.field.as_str()))
    }
}

fn names(value: &str) -> Result<Vec<String>, ExchangeError> {
    let mut names: Vec<String> = Vec::new();
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|seen| seen == name) {
            names.push(name.to_owned());
        }
    }
    match names.len() {
        0 => Err(wrong("exchange-query-value", "fields")),
        n if n > crate::model::FIELDS_MAX => Err(wrong("exchange-query-many", "fields")),
        _ => Ok(names),
    }
}

fn size(value: &str) -> Result<u32, ExchangeError> {
    let size: Option<u32> = value.parse().ok();
    size.filter(|size| (1..=ROWS_MAX).contains(size)).ok_or_else(|| wrong("exchange-query-size", "size"))
}

fn condition(name: &str, value: &str) -> Result<Condition, ExchangeError> {
    let (field, operator) = name.rsplit_once('.').unwrap_or((name, "eq"));
    if field.is_empty() || !OPERATORS.contains(&operator) {
        return Err(wrong("exchange-query-parameter", name));
    }
    typed(field, operator, value).ok_or_else(|| wrong("exchange-query-value", name))
}

fn wrong(code: &'static str, parameter: &str) -> ExchangeError {
    ExchangeError::Query { code, parameter: shown(parameter) }
}

/// A name from outside, fit for a message.
pub fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use catalogue::api::Test;
    use proptest::prelude::*;

    use super::*;

    fn parsed(pairs: &[(&str, &str)]) -> Result<Question, ExchangeError> {
        let owned: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Question::parse(&owned)
    }

    #[test]
    fn an_address_says_columns_rows_and_page() {
        let question = parsed(&[
            ("fields", "name,status,name"),
            ("division", "320602"),
            ("opened_on.ge", "2020-01-01"),
            ("size", "5"),
        ]);
        let question = question.expect("a plain address");
        assert_eq!(question.fields, Some(vec!["name".into(), "status".into()]));
        assert_eq!(question.conditions[0].test, Test::Eq { value: "320602".into() });
        assert_eq!(question.conditions[1].field, "opened_on");
        assert_eq!(question.size, 5);
        assert_eq!(question.touched().collect::<Vec<_>>(), ["name", "status", "division", "opened_on"]);
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (pairs, code) in [
            (("size", "0"), "exchange-query-size"),
            (("size", "1001"), "exchange-query-size"),
            (("name.like", "x"), "exchange-query-parameter"),
            (("name", ""), "exchange-query-value"),
            (("fields", ","), "exchange-query-value"),
        ] {
            match parsed(&[pairs]) {
                Err(ExchangeError::Query { code: found, parameter }) => {
                    assert_eq!((found, parameter.as_str()), (code, pairs.0));
                }
                other => panic!("{pairs:?} gave {other:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn no_address_makes_reading_panic(pairs in proptest::collection::vec((".{0,20}", ".{0,60}"), 0..6)) {
            let _ = Question::parse(&pairs);
        }
    }
}
