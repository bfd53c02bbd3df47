//! What a report of a category says besides its words: the number on a lamp post, how large a hole is. Which attributes there are
//! an app says; here is only what makes an answer right. It must not know where answers are kept.
use jh_core::fault::FieldError;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use super::Channel;

/// The longest answer in one line, in characters.
pub const STRING_CHARS_MAX: usize = 200;
/// The longest answer in several lines.
pub const ANSWER_CHARS_MAX: usize = 1_000;
/// More answers than any form asks for.
const ANSWERS_MAX: usize = 40;

/// How an attribute is answered; the names are those of Open311 GeoReport v2.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Datatype {
    /// A line.
    String,
    /// A number.
    Number,
    /// A day or an instant, ISO 8601.
    Datetime,
    /// Several lines.
    Text,
    /// One of `values`.
    SingleValueList,
    /// Any of `values`.
    MultiValueList,
}

/// One of the answers of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttributeValue {
    /// Small letters, digits and dashes.
    pub key: String,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
}

/// A question that belongs to a category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attribute {
    /// Unique in its category: small letters, digits and dashes.
    pub code: String,
    /// The question in Chinese.
    pub label: String,
    /// In English.
    pub label_en: String,
    /// How it is answered.
    pub datatype: Datatype,
    /// Whether a program must answer it. A person on the line or at a form need not know.
    pub required: bool,
    /// The answers of a list.
    pub values: Vec<AttributeValue>,
}

/// An answer that was found right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The attribute.
    pub code: String,
    /// Its label on that day.
    pub label: String,
    /// The key of a list's value, otherwise empty.
    pub key: String,
    /// What was answered, in words.
    pub value: String,
}

fn fault(code: &'static str, name: &str) -> FieldError {
    FieldError { field: "attributes", code, args: vec![("name", name.chars().take(60).collect())] }
}

/// The answers in the order of the questions, or everything that is wrong with them. A channel without a form that asks is not
/// held to what is required.
pub fn check(
    asked: &[Attribute],
    given: &[(String, String)],
    channel: Channel,
) -> Result<Vec<Answer>, Vec<FieldError>> {
    let mut faults = Vec::new();
    let given: Vec<(&str, &str)> = given.iter().map(|(code, value)| (code.as_str(), value.trim())).collect();
    let given: Vec<(&str, &str)> = given.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if given.len() > ANSWERS_MAX {
        return Err(vec![fault("casework-attributes-many", "")]);
    }
    for (code, _) in &given {
        if !asked.iter().any(|attribute| attribute.code == *code) {
            faults.push(fault("casework-attribute-unknown", code));
        }
    }
    let mut answers = Vec::new();
    for attribute in asked {
        let own: Vec<&str> =
            given.iter().filter(|(code, _)| *code == attribute.code).map(|(_, value)| *value).collect();
        if own.is_empty() && attribute.required && channel == Channel::Api {
            faults.push(fault("casework-attribute-missing", &attribute.code));
        }
        if own.len() > 1 && attribute.datatype != Datatype::MultiValueList {
            faults.push(fault("casework-attribute-twice", &attribute.code));
            continue;
        }
        for value in own {
            match attribute.answer(value) {
                Ok(answer) if answers.contains(&answer) => {}
                Ok(answer) => answers.push(answer),
                Err(code) => faults.push(fault(code, &attribute.code)),
            }
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

impl Attribute {
    fn answer(&self, given: &str) -> Result<Answer, &'static str> {
        let longest = if self.datatype == Datatype::Text { ANSWER_CHARS_MAX } else { STRING_CHARS_MAX };
        if given.chars().count() > longest {
            return Err("casework-attribute-long");
        }
        let stray = |c: char| c.is_control() && !(self.datatype == Datatype::Text && c == '\n');
        let plain: String = given.chars().filter(|c| *c != '\r').collect();
        if plain.contains(stray) {
            return Err("casework-attribute-line");
        }
        let (mut key, mut value) = (String::new(), plain);
        match self.datatype {
            Datatype::String | Datatype::Text => {}
            Datatype::Number => {
                value.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or("casework-attribute-number")?;
            }
            Datatype::Datetime => {
                let day = jh_core::clock::parse_day(&value).is_some();
                let instant = OffsetDateTime::parse(&value, &Rfc3339).is_ok();
                (day || instant).then_some(()).ok_or("casework-attribute-datetime")?;
            }
            Datatype::SingleValueList | Datatype::MultiValueList => {
                let known = self.values.iter().find(|one| one.key == value).ok_or("casework-attribute-value")?;
                key.clone_from(&known.key);
                value.clone_from(&known.name);
            }
        }
        Ok(Answer { code: self.code.clone(), label: self.label.clone(), key, value })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(code: &str, datatype: Datatype, required: bool) -> Attribute {
        let value = |key: &str| AttributeValue { key: key.into(), name: format!("“{key}”"), name_en: key.into() };
        let (label, label_en) = (code.to_owned(), code.to_owned());
        Attribute { code: code.into(), label, label_en, datatype, required, values: vec![value("day"), value("night")] }
    }

    fn codes(asked: &[Attribute], given: &[(&str, &str)]) -> Vec<&'static str> {
        let given: Vec<_> = given.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())).collect();
        check(asked, &given, Channel::Api).err().unwrap_or_default().into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn each_datatype_takes_what_it_is_and_names_what_it_is_not() {
        let one = |datatype, value| codes(&[attribute("a", datatype, false)], &[("a", value)]);
        for (datatype, right, wrong, code) in [
            (Datatype::Number, "-1.5", "about three", "casework-attribute-number"),
            (Datatype::Number, "3", "NaN", "casework-attribute-number"),
            (Datatype::Datetime, "2026-11-22", "22/11/2026", "casework-attribute-datetime"),
            (Datatype::Datetime, "2026-11-22T08:00:00+08:00", "2026-13-01", "casework-attribute-datetime"),
            (Datatype::SingleValueList, "day", "dusk", "casework-attribute-value"),
            (Datatype::MultiValueList, "night", "“night”", "casework-attribute-value"),
            (Datatype::String, "路灯 12 号", "one\ntwo", "casework-attribute-line"),
            (Datatype::Text, "one\ntwo", "\u{7}", "casework-attribute-line"),
        ] {
            assert!(one(datatype, right).is_empty(), "{datatype:?} {right:?}");
            assert_eq!(one(datatype, wrong), [code], "{datatype:?} {wrong:?}");
        }
        assert_eq!(one(Datatype::String, &"长".repeat(201)), ["casework-attribute-long"]);
    }

    #[test]
    fn a_program_must_answer_what_is_required_and_a_voice_on_the_line_need_not() {
        let asked = [attribute("merchant", Datatype::String, true)];
        assert_eq!(codes(&asked, &[("merchant", "  ")]), ["casework-attribute-missing"]);
        assert_eq!(check(&asked, &[], Channel::Phone).expect("allowed"), []);
    }

    #[test]
    fn a_list_of_many_takes_each_once_and_a_single_one_refuses_two() {
        let many = [attribute("when", Datatype::MultiValueList, false)];
        let given: Vec<_> = ["day", "night", "day"].map(|key| ("when".to_owned(), key.to_owned())).into();
        let keys: Vec<_> = check(&many, &given, Channel::Api).expect("right").into_iter().map(|one| one.key).collect();
        assert_eq!(keys, ["day", "night"]);
        let single = [attribute("when", Datatype::SingleValueList, false)];
        assert_eq!(codes(&single, &[("when", "day"), ("when", "night")]), ["casework-attribute-twice"]);
        assert_eq!(codes(&single, &[("where", "here")]), ["casework-attribute-unknown"]);
    }

    proptest! {
        #[test]
        fn no_answer_panics(code in "[a-c]", value in "\\PC{0,40}") {
            let all = [Datatype::String, Datatype::Number, Datatype::Datetime, Datatype::Text, Datatype::SingleValueList];
            for datatype in all {
                let _ = check(&[attribute("a", datatype, true)], &[(code.clone(), value.clone())], Channel::Api);
            }
        }
    }
}
