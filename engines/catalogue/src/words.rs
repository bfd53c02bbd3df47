//! Cutting Chinese and English text into the words of a search vector; see docs/decisions/0003-search.md.
//!
//! PostgreSQL stores, indexes and ranks; it never cuts words itself. So the vector and the query are written here in
//! full, as the text forms of `tsvector` and `tsquery`, and both sides cut alike whatever locale the server has.
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use jieba_rs::Jieba;
use rust_stemmers::{Algorithm, Stemmer};

/// A query longer than this is cut off: nobody types it, and it bounds the work.
pub const QUERY_CHARS_MAX: usize = 100;
/// The most words of one query.
const QUERY_WORDS_MAX: usize = 16;
/// The last position a `tsvector` can hold.
const POSITION_MAX: usize = 16_383;
/// PostgreSQL refuses longer lexemes at 2 KiB; no word is near that.
const WORD_BYTES_MAX: usize = 120;

/// Words that every text has and nobody looks for.
const EMPTY_WORDS: &[&str] = &[
    "的", "了", "和", "与", "及", "或", "是", "在", "有", "等", "为", "按", "the", "a", "an", "of", "and", "or", "in",
    "on", "to", "for", "by", "is", "are", "with",
];

static CUTTER: OnceLock<Cutter> = OnceLock::new();

struct Cutter {
    jieba: Jieba,
    stemmer: Stemmer,
}

/// The dictionary takes a few hundred milliseconds and some 40 MB, so it is loaded once, at boot, on a thread of its
/// own: the first searcher should not be the one who waits.
pub fn warm() {
    std::thread::spawn(|| {
        cutter();
    });
}

fn cutter() -> &'static Cutter {
    CUTTER.get_or_init(|| Cutter { jieba: Jieba::new(), stemmer: Stemmer::create(Algorithm::English) })
}

/// Makes sure that the dictionary is there without holding up a worker thread of the runtime.
pub async fn ready() {
    if CUTTER.get().is_none() {
        // A panic while loading shows when the cutter is next used.
        let _ = tokio::task::spawn_blocking(|| {
            cutter();
        })
        .await;
    }
}

/// How much a part of a resource counts when hits are ranked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// The title and the code.
    A,
    /// Keywords.
    B,
    /// Field labels and the provider.
    C,
    /// The description.
    D,
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// The words of a text together with the shorter words inside them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    cutter().jieba.cut_for_search(text, true).into_iter().map(|token| token.word)
}

/// The form in which a word is kept: in small letters, English by its stem.
fn kept(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let wordy = word.chars().any(char::is_alphanumeric) && word.len() <= WORD_BYTES_MAX;
    if !wordy || EMPTY_WORDS.contains(&word.as_str()) {
        return None;
    }
    let english = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    Some(if english { cutter().stemmer.stem(&word).into_owned() } else { word })
}

/// Full-width letters and digits as half-width ones, before words are cut.
fn narrow(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\0' => None,
        c => Some(c),
    }
}

/// The text form of a `tsvector` over the parts of one resource.
pub fn vector(parts: &[(Weight, &str)]) -> String {
    let mut places: BTreeMap<String, Vec<(usize, Weight)>> = BTreeMap::new();
    let mut position = 0;
    for (weight, text) in parts {
        let text: String = text.chars().filter_map(narrow).collect();
        for word in pieces(&text) {
            position = (position + 1).min(POSITION_MAX);
            if let Some(word) = kept(word) {
                // So that "水" finds 供水: one Chinese character is often all that is typed.
                if *weight <= Weight::B {
                    for c in word.chars().filter(|c| is_han(*c)) {
                        places.entry(c.to_string()).or_default().push((position, *weight));
                    }
                }
                places.entry(word).or_default().push((position, *weight));
            }
        }
    }
    let mut out = String::new();
    for (word, mut at) in places {
        at.dedup();
        // PostgreSQL keeps at most 255 places of a word, and far fewer decide the rank.
        at.truncate(50);
        let at: Vec<_> = at.iter().map(|(position, weight)| format!("{position}{weight:?}")).collect();
        let _ = write!(out, "{}:{} ", quoted(&word), at.join(","));
    }
    out
}

/// A lexeme in the quotes of PostgreSQL's text forms.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

/// What is searched for, as two `tsquery` texts: every word, and as second best any of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// All words.
    pub all: String,
    /// At least one.
    pub any: String,
}

/// Cuts what somebody typed. None when it holds no word, which means "everything".
pub fn query(text: &str) -> Option<Query> {
    let text: String = text.chars().take(QUERY_CHARS_MAX).filter_map(narrow).collect();
    let mut terms: Vec<String> = Vec::new();
    for token in cutter().jieba.cut(&text, true) {
        let Some(term) = term(token.word) else { continue };
        if !terms.contains(&term) && terms.len() < QUERY_WORDS_MAX {
            terms.push(term);
        }
    }
    (!terms.is_empty()).then(|| Query { all: terms.join(" & "), any: terms.join(" | ") })
}

/// One word, or all its parts: 人口普查 also finds a text that says 人口 here and 普查 there.
fn term(word: &str) -> Option<String> {
    let whole = kept(word)?;
    let mut parts: Vec<_> = pieces(word).filter_map(kept).collect();
    parts.retain(|part| *part != whole);
    parts.dedup();
    // What begins like the typed English word or number matches too, since people stop typing early.
    let prefix = if whole.is_ascii() && whole.len() >= 3 { ":*" } else { "" };
    if parts.is_empty() {
        return Some(format!("{}{prefix}", quoted(&whole)));
    }
    let parts: Vec<_> = parts.iter().map(|part| quoted(part)).collect();
    Some(format!("({} | ({}))", quoted(&whole), parts.join(" & ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_cut_into_words_and_title_characters() {
        let text = vector(&[(Weight::A, "常住人口信息"), (Weight::D, "每月更新")]);
        assert!(text.contains("'人口':"), "{text}");
        assert!(text.contains("'信息':"), "{text}");
        assert!(text.contains("'口':"), "{text}");
        assert!(text.contains("'更新':") && !text.contains("'更':"), "{text}");
    }

    #[test]
    fn english_is_stemmed_and_width_does_not_matter() {
        assert!(vector(&[(Weight::A, "Public car parks")]).contains("'park':"));
        assert_eq!(query("ＰＡＲＫＳ"), query("parks"));
    }

    #[test]
    fn quotes_cannot_break_out() {
        let found = query("o'brien \\ ' | & !").unwrap();
        assert!(!found.all.contains("'''") || found.all.contains("''"), "{}", found.all);
        assert_eq!(query(" !&|():* "), None);
        assert_eq!(query(""), None);
    }

    #[test]
    fn a_long_query_is_cut_off() {
        let found = query(&"停车场 路灯 井盖 学校 医院 ".repeat(100)).unwrap();
        assert!(found.any.matches('|').count() < 40, "{}", found.any);
    }
}
