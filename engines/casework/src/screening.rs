//! Whether a text reads as abuse: insults and threats from `data/casework/abuse.csv`, or the same few characters over and over. It is
//! here because every way in asks it, whichever app's: a page, a letter, a stranger's program.
//!
//! What reads so is held for a person ([`crate::api::Report::held`]) and never dropped: among the angry are those who are right, and a
//! threat may be somebody's cry for help. So a word too many in the list costs a reporter some minutes, and no more. It must not know
//! how a text came, or what becomes of it.
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A word and what it is, a line each.
const WORDS: &str = include_str!("../../../data/casework/abuse.csv");
/// A text of fewer characters is not looked at for repetition: 好好好 is no abuse.
const REPETITIVE_CHARS_MIN: usize = 24;
/// Fewer different pairs of characters than this share of all is the same over and over.
const DISTINCT_PERCENT_MIN: usize = 20;
/// More characters are not looked at; the limits of forms and letters lie below.
const LOOKED_AT: usize = 8_000;

static LIST: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = WORDS.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(word, _)| plain(word));
    lines.filter(|word| !word.is_empty()).collect()
});

/// A character of full width as its usual one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Letters and digits only, small and of normal width: 傻 *逼* and ＮＭＳＬ are what they are.
fn plain(text: &str) -> String {
    text.chars().take(LOOKED_AT).map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a person has to read a text before anything else happens to it.
pub fn is_suspect(text: &str) -> bool {
    let whole = plain(text);
    if repetitive(&whole) {
        return true;
    }
    // A Latin word is one by itself: "scnm" and "mdcnmd" in a number plate are none.
    let words: BTreeSet<String> = text
        .chars()
        .take(LOOKED_AT)
        .map(narrow)
        .collect::<String>()
        .split(|c: char| !c.is_ascii_alphabetic())
        .map(str::to_ascii_lowercase)
        .collect();
    LIST.iter().any(|word| if word.is_ascii() { words.contains(word) } else { whole.contains(word.as_str()) })
}

fn repetitive(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < REPETITIVE_CHARS_MIN {
        return false;
    }
    // Of a long text the first part: a language has only so many pairs.
    let pairs: Vec<&[char]> = chars.windows(2).take(400).collect();
    let distinct: BTreeSet<&[char]> = pairs.iter().copied().collect();
    distinct.len() * 100 < pairs.len() * DISTINCT_PERCENT_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insults_and_threats_are_held_however_they_are_spaced() {
        for text in ["你们都是王 八 蛋", "傻*逼部门", "再不修就砍死你们", "ＮＭＳＬ", "what the FUCK is this"]
        {
            assert!(is_suspect(text), "{text}");
        }
        assert!(is_suspect(&"修路灯".repeat(20)));
        assert!(is_suspect(&"！啊".repeat(40)));
    }

    #[test]
    fn anger_and_long_reports_are_not() {
        for text in [
            "打了三次电话都没人管，太不负责任了！！！！！！",
            "好好好好好",
            "车牌 SCNM123 的车长期占用消防通道",
            "小区门口的路灯不亮已经一个星期，晚上老人出门看不见路，上周有人摔倒，请尽快派人来修。物业说不归他们管，让我们打 12345。",
        ] {
            assert!(!is_suspect(text), "{text}");
        }
        let long: String = include_str!("../../../data/hotline/knowledge.csv").chars().take(6_000).collect();
        assert!(!repetitive(&plain(&long)));
    }

    #[test]
    fn every_line_of_the_list_is_a_word_and_a_kind() {
        assert_eq!(LIST.len(), WORDS.lines().count() - 1);
        assert!(WORDS.lines().skip(1).all(|line| line.ends_with(",insult") || line.ends_with(",threat")));
    }
}
