//! The words by which a case is found: pairs of characters, each with the week of the report before it.
//!
//! A pair like 路灯 stands in every tenth case of all years. With its week before it, it is a word of some hundred cases, which lie
//! together in the index: a search goes from the newest week to older ones until its page is full, and costs the same after
//! ten years as after one. What is rare is looked for in every week, some microseconds each.
use std::collections::BTreeSet;

use jh_core::gram;
use time::OffsetDateTime;

const WEEK_S: i64 = 7 * 24 * 3_600;
/// The most grams that the index is asked for; whoever is found is looked at for the others.
const GRAMS_ASKED_MAX: usize = 4;

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
        let grams: BTreeSet<String> = texts.iter().flat_map(|text| gram::grams(text)).collect();
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
    /// Words: `tsquery`s with `'@` where each week puts its number.
    Words {
        /// That wants grams enough to find hardly anything else: what the index is asked.
        few: String,
        /// That wants every gram.
        all: String,
    },
}

impl Sought {
    /// Reads no more than the first hundred characters.
    pub fn of(text: &str) -> Self {
        let text: String = text.trim().chars().take(100).collect();
        if text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Self::Number(text);
        }
        let Some(all) = joined(&gram::distinct(&text), " & ") else { return Self::Nothing };
        let few = joined(&telling(&gram::grams(&text)), " & ").unwrap_or_else(|| all.clone());
        Self::Words { few, all }
    }
}

/// The `tsquery` that is content with any gram of the text, with `'@` where each week puts its number; none if there is no gram.
pub fn any_of(text: &str) -> Option<String> {
    joined(&gram::distinct(text), " | ")
}

/// Every other gram, and the last of each run: 人民中路 is found by 人民 and 中路. Of many, some spread evenly.
fn telling(grams: &[String]) -> BTreeSet<String> {
    let overlap = |one: &String, next: &String| one.chars().next_back() == next.chars().next();
    let mut kept: Vec<&String> = Vec::new();
    let mut kept_before = false;
    for (at, gram) in grams.iter().enumerate() {
        let covered =
            kept_before && overlap(&grams[at - 1], gram) && grams.get(at + 1).is_some_and(|next| overlap(gram, next));
        kept_before = !covered;
        if !covered {
            kept.push(gram);
        }
    }
    let many = kept.len() > GRAMS_ASKED_MAX;
    let spread = |n: usize| if many { n * (kept.len() - 1) / (GRAMS_ASKED_MAX - 1) } else { n };
    (0..kept.len().min(GRAMS_ASKED_MAX)).map(|n| kept[spread(n)].clone()).collect()
}

fn joined<'a>(grams: impl IntoIterator<Item = &'a String>, between: &str) -> Option<String> {
    let words: Vec<String> = grams.into_iter().map(|gram| format!("'@{gram}'")).collect();
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
        let words = |few: &str, all: &str| Sought::Words { few: few.into(), all: all.into() };
        assert_eq!(Sought::of("路灯 3"), words("'@3' & '@路灯'", "'@3' & '@路灯'"));
        assert_eq!(Sought::of("人民中路"), words("'@中路' & '@人民'", "'@中路' & '@人民' & '@民中'"));
        assert_eq!(Sought::of("人民路"), words("'@人民' & '@民路'", "'@人民' & '@民路'"));
        assert_eq!(Sought::of("110"), words("'@110'", "'@110'"));
        let Sought::Words { few, .. } = Sought::of("青年西路 路面塌陷形成大坑") else { panic!("words") };
        assert_eq!(few, "'@大坑' & '@西路' & '@陷形' & '@青年'");
        assert_eq!(any_of("路灯 3").as_deref(), Some("'@3' | '@路灯'"));
        assert_eq!(Sought::of("!"), Sought::Nothing);
        assert_eq!(Sought::of("20261123-0001"), Sought::Number("20261123-0001".into()));
    }
}
