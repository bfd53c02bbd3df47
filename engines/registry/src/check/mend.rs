//! What can be put right without asking: blanks around a value, full-width letters and digits, an apostrophe that
//! tells a spreadsheet "this is text", words that mean "no value".
use jh_core::csv_cell::unguarded;

use crate::mapping::half_width;
use crate::schema::Check;

/// Words that people write where there is nothing to write.
const NOTHING: &[&str] =
    &["无", "暂无", "不详", "未知", "空", "没有", "null", "none", "n/a", "-", "--", "—", "——", "/", "\\", "\\n"];

/// The text to check, and whether it differs from what was sent by more than nothing.
pub fn mend<'a>(raw: &'a str, check: Check, scratch: &'a mut String) -> (&'a str, bool) {
    if is_plain(raw, check) {
        return if is_nothing(raw, check) { ("", true) } else { (raw, false) };
    }
    scratch.clear();
    let in_code = is_code(check);
    for c in raw.chars() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {}
            c if in_code => match half_width(c) {
                c if c.is_whitespace() => {
                    if !matches!(check, Check::CitizenId | Check::Uscc | Check::Digits) {
                        scratch.push(' ');
                    }
                }
                c => scratch.push(c),
            },
            '\n' | '\r' | '\t' | '\u{3000}' | '\u{a0}' => scratch.push(' '),
            '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => scratch.push(half_width(c)),
            '•' | '・' | '．' | '‧' | '∙' if check == Check::PersonName => scratch.push('·'),
            c => scratch.push(c),
        }
    }
    if check == Check::PersonName && scratch.contains(' ') && !scratch.contains(|c: char| c.is_ascii_alphabetic()) {
        // 张 三: the blank only spreads two characters over the width of three.
        scratch.retain(|c| c != ' ');
    }
    let mut text = scratch.trim();
    // Our own report writes '=1+1 so that no spreadsheet computes it; people write '3206… so that it stays text.
    if let Some(rest) = text.strip_prefix('\'')
        && (in_code || unguarded(text) == rest)
    {
        text = rest.trim();
    }
    if is_nothing(text, check) {
        text = "";
    }
    // Blanks alone around nothing are not worth counting.
    (text, text != raw && !(text.is_empty() && raw.trim().is_empty()))
}

fn is_code(check: Check) -> bool {
    !matches!(check, Check::Text | Check::PersonName)
}

/// Nothing to mend: the common case, decided by bytes.
fn is_plain(raw: &str, check: Check) -> bool {
    let bytes = raw.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return true };
    if first.is_ascii_whitespace() || last.is_ascii_whitespace() || *first == b'\'' {
        return false;
    }
    bytes.iter().all(|byte| (b'!'..0x7f).contains(byte)) || (!is_code(check) && is_plain_text(raw, check))
}

/// Every character an ideograph of the common block, or printing ASCII.
fn is_plain_text(raw: &str, check: Check) -> bool {
    raw.chars().all(|c| {
        ('\u{4e00}'..='\u{9fff}').contains(&c)
            || c.is_ascii_graphic()
            || (c == ' ' && check == Check::Text)
            || matches!(c, '（' | '）' | '，' | '、' | '。' | '·')
    })
}

fn is_nothing(text: &str, check: Check) -> bool {
    // 无 is an answer where the question is yes or no.
    text.len() <= 6 && check != Check::Boolean && NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(raw: &str, check: Check) -> (String, bool) {
        let mut scratch = String::new();
        let (text, mended) = mend(raw, check, &mut scratch);
        (text.to_owned(), mended)
    }

    #[test]
    fn blanks_and_full_width_digits_are_mended_and_told() {
        assert_eq!(mended(" 张三 ", Check::PersonName), ("张三".into(), true));
        assert_eq!(mended("张　三", Check::PersonName), ("张三".into(), true));
        assert_eq!(mended("John Smith", Check::PersonName), ("John Smith".into(), false));
        assert_eq!(mended("３２０６０２", Check::Division), ("320602".into(), true));
        assert_eq!(mended("'320602199001011234", Check::CitizenId), ("320602199001011234".into(), true));
        assert_eq!(mended("3206 0219 9001 0112 34\t", Check::CitizenId), ("320602199001011234".into(), true));
        assert_eq!(mended("人民路１２号\n（东）", Check::Text), ("人民路12号 （东）".into(), true));
        assert_eq!(mended("买买提•江", Check::PersonName), ("买买提·江".into(), true));
    }

    #[test]
    fn what_is_right_already_is_left_alone() {
        for (raw, check) in
            [("张三", Check::PersonName), ("人民路12号（东）", Check::Text), ("320602", Check::Division)]
        {
            assert_eq!(mended(raw, check), (raw.into(), false));
        }
    }

    #[test]
    fn words_for_nothing_are_nothing() {
        assert_eq!(mended("无", Check::Phone), (String::new(), true));
        assert_eq!(mended(" N/A ", Check::Text), (String::new(), true));
        assert_eq!(mended("   ", Check::Text), (String::new(), false));
        assert_eq!(mended("无", Check::Boolean), ("无".into(), false));
    }
}
