//! Cuts text into pairs of neighbouring Chinese characters and whole Latin words, without any dictionary.
//!
//! What is counted in millions (cases, answers of the hotline) is searched, compared and learned by these. A dictionary
//! cuts better where entries are few and ranked (the catalogue does that), but names of roads and estates are in none, a new
//! edition would cut differently from what is stored, and pairs need no memory. `docs/decisions/0006-grams.md` has the figures.
use std::collections::BTreeSet;

/// The most grams kept of one text; a longer text is known by its beginning.
pub const GRAMS_MAX: usize = 2_000;
/// The longest Latin word kept; the rest of it says nothing more.
const WORD_CHARS_MAX: usize = 32;

/// Whether this is a character of Chinese writing (the unified ideographs, their extensions, and 〇).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// Full-width forms as their usual ones, capitals as small letters.
fn fold(c: char) -> char {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    half.to_lowercase().next().unwrap_or(half)
}

/// The grams of a text in their order, repeated as often as they occur: 路灯不亮 gives 路灯, 灯不, 不亮; a character that stands
/// alone gives itself.
pub fn grams(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut han, mut word): (Vec<char>, String) = (Vec::new(), String::new());
    for c in text.chars().map(fold).chain(std::iter::once(' ')) {
        if out.len() >= GRAMS_MAX {
            break;
        }
        if is_han(c) {
            end_word(&mut word, &mut out);
            han.push(c);
            if han.len() > 1 {
                out.push(han[han.len() - 2..].iter().collect());
            }
            continue;
        }
        if han.len() == 1 {
            out.push(han[0].to_string());
        }
        han.clear();
        if c.is_alphanumeric() {
            if word.chars().count() < WORD_CHARS_MAX {
                word.push(c);
            }
        } else {
            end_word(&mut word, &mut out);
        }
    }
    out
}

fn end_word(word: &mut String, out: &mut Vec<String>) {
    if !word.is_empty() {
        out.push(std::mem::take(word));
    }
}

/// The different grams of a text, in their order of sorting.
pub fn distinct(text: &str) -> BTreeSet<String> {
    grams(text).into_iter().collect()
}

/// The text form of PostgreSQL's `tsvector` over these texts. Grams are letters and digits only, so nothing needs escaping.
pub fn vector(texts: &[&str]) -> String {
    let all: BTreeSet<String> = texts.iter().flat_map(|text| grams(text)).collect();
    quoted(&all, " ")
}

/// The text form of a `tsquery` that wants every gram of the text; none if there is none.
pub fn query_all(text: &str) -> Option<String> {
    let all = distinct(text);
    (!all.is_empty()).then(|| quoted(&all, " & "))
}

/// The text form of a `tsquery` that is content with any gram of the text; none if there is none.
pub fn query_any(text: &str) -> Option<String> {
    let all = distinct(text);
    (!all.is_empty()).then(|| quoted(&all, " | "))
}

fn quoted(grams: &BTreeSet<String>, between: &str) -> String {
    let quoted: Vec<String> = grams.iter().map(|gram| format!("'{gram}'")).collect();
    quoted.join(between)
}

/// How alike two texts are, 0 to 1: twice the grams they share over all they have (Dice's coefficient).
pub fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (distinct(one), distinct(other));
    let shared = one.intersection(&other).count();
    match one.len() + other.len() {
        0 => 0.0,
        all => 2.0 * shared as f64 / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_cut_into_pairs_and_latin_into_words() {
        assert_eq!(grams("路灯不亮"), ["路灯", "灯不", "不亮"]);
        assert_eq!(grams("ＷｉＦｉ 坏了 3天"), ["wifi", "坏了", "3", "天"]);
        assert_eq!(grams("  ，。"), Vec::<String>::new());
    }

    #[test]
    fn a_query_is_found_in_its_own_text() {
        assert_eq!(query_all("路灯路灯").as_deref(), Some("'灯路' & '路灯'"));
        assert_eq!(vector(&["路灯", "a's \\ b"]), "'a' 'b' 's' '路灯'");
        assert_eq!(query_all("!!!"), None);
        assert_eq!(query_any("路灯坏").as_deref(), Some("'灯坏' | '路灯'"));
    }

    #[test]
    fn likeness_is_one_for_the_same_and_nothing_for_strangers() {
        assert_eq!(likeness("人民路路灯不亮", "人民路路灯不亮"), 1.0);
        assert_eq!(likeness("人民路路灯不亮", "小区噪音扰民"), 0.0);
        assert!(likeness("人民路的路灯坏了", "人民路路灯不亮") > 0.3);
        assert_eq!(likeness("", ""), 0.0);
    }

    #[test]
    fn a_very_long_text_is_bounded() {
        assert!(grams(&"路灯".repeat(5_000)).len() <= GRAMS_MAX);
        assert!(grams(&"a".repeat(5_000))[0].len() <= WORD_CHARS_MAX);
    }
}
