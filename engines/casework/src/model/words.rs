//! The words by which a case is found: pairs of characters, each with the week of the report before it.
//!
//! A pair like 路灯 stands in every tenth case of all years. With its week before it, it is a word of some hundred cases, which lie
//! together in the index: a search goes from the newest week to older ones until its page is full, and costs the same after
//! ten years as after one. What is rare is looked for in every week, some microseconds each.
use jh_core::gram;
use time::OffsetDateTime;

const WEEK_S: i64 = 7 * 24 * 3_600;

/// What is stored for search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// The week of the report, counted from 1970.
    pub week: i32,
    /// The text form of the `tsvector`.
    pub vector: String,
}

impl Words {
    /// Of these texts, reported at an instant. A gram is letters and digits, so `@` parts it from its week.
    pub fn of(texts: &[&str], reported_at: OffsetDateTime) -> Self {
        let week = i32::try_from(reported_at.unix_timestamp().div_euclid(WEEK_S)).unwrap_or(0);
        let grams: std::collections::BTreeSet<String> = texts.iter().flat_map(|text| gram::grams(text)).collect();
        let words: Vec<String> = grams.iter().map(|gram| format!("'{week}@{gram}'")).collect();
        Self { week, vector: words.join(" ") }
    }
}

/// What somebody who asks for a case has typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Sought {
    /// Nothing that could be looked for.
    #[default]
    Nothing,
    /// A case's number, or its beginning: four digits or more.
    Number(String),
    /// A `tsquery` that wants every gram, with `'@` where each week puts its number.
    Words(String),
}

impl Sought {
    /// Reads no more than the first hundred characters.
    pub fn of(text: &str) -> Self {
        let text: String = text.trim().chars().take(100).collect();
        if text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Self::Number(text);
        }
        joined(&text, " & ").map_or(Self::Nothing, Self::Words)
    }
}

/// The `tsquery` that is content with any gram of the text, with `'@` where each week puts its number; none if there is no gram.
pub fn any_of(text: &str) -> Option<String> {
    joined(text, " | ")
}

fn joined(text: &str, between: &str) -> Option<String> {
    let words: Vec<String> = gram::distinct(text).iter().map(|gram| format!("'@{gram}'")).collect();
    (!words.is_empty()).then(|| words.join(between))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_pair_has_its_week_before_it() {
        let words = Words::of(&["路灯不亮", "人民路"], datetime!(1970-01-15 00:00 UTC));
        assert_eq!(words.week, 2);
        assert_eq!(words.vector, "'2@不亮' '2@人民' '2@民路' '2@灯不' '2@路灯'");
    }

    #[test]
    fn a_question_leaves_room_for_the_week() {
        assert_eq!(Sought::of("路灯 3"), Sought::Words("'@3' & '@路灯'".into()));
        assert_eq!(any_of("路灯 3").as_deref(), Some("'@3' | '@路灯'"));
        assert_eq!(Sought::of("!"), Sought::Nothing);
        assert_eq!(Sought::of("20261123-0001"), Sought::Number("20261123-0001".into()));
        assert_eq!(Sought::of("110"), Sought::Words("'@110'".into()));
    }
}
