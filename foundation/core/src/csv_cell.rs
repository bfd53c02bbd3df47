//! The one guard of every table that the house hands out: a cell that a spreadsheet would compute becomes text (CWE-1236).
//!
//! What people type reaches the spreadsheets of others, where `=HYPERLINK(…)` would run with their rights. An apostrophe in front
//! is what spreadsheets themselves write for a text. Blank, invisible and direction marks before the sign do not hide it, as some
//! programs drop them on reading. It must not know columns: whoever writes numbers of his own writes them without asking here.
use std::borrow::Cow;

/// A cell as it may stand in a table; most stay as they are.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A cell of a table that came back: without the apostrophe that [`guarded`] put there, and only that.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// Whether a spreadsheet might take a cell for a formula, or for the beginning of another cell.
fn is_formula(text: &str) -> bool {
    for c in text.chars() {
        match c {
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' => return true,
            c if is_unseen(c) => {}
            _ => return false,
        }
    }
    false
}

/// White space, control characters, and what has no width: joiners, direction marks, byte order mark, soft hyphen.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_becomes_text_and_everything_else_stays() {
        for cell in [
            "=1+1",
            "+86",
            "-1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            "\tx",
            "\rx",
            " =1",
            "\n\n=1",
            "\u{200b}\u{202e}@a",
        ] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        for cell in ["", "  ", "路灯", "a=b", "1-2", "'=1", "2026-11-23", "–"] {
            assert_eq!(guarded(cell), cell);
        }
    }

    #[test]
    fn an_apostrophe_that_somebody_typed_is_his() {
        assert_eq!(unguarded("'=1+1"), "=1+1");
        assert_eq!(unguarded("'90 年代"), "'90 年代");
        assert_eq!(unguarded("''=1"), "''=1");
    }

    proptest! {
        #[test]
        fn however_it_is_hidden_no_cell_begins_with_a_sign(
            hidden in "[ \u{a0}\u{3000}\n\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]{0,6}",
            sign in "[=+@＝＋－＠\t\r-]",
            rest in "\\PC{0,20}",
        ) {
            let cell = format!("{hidden}{sign}{rest}");
            prop_assert_eq!(guarded(&cell), format!("'{cell}"));
        }

        #[test]
        fn a_guarded_cell_is_no_formula_and_comes_back_as_it_was(text in "(?s).{0,30}") {
            let guarded = guarded(&text);
            prop_assert!(!is_formula(&guarded));
            // What somebody began with an apostrophe and a formula cannot be told from what was guarded.
            prop_assume!(!text.starts_with('\''));
            prop_assert_eq!(unguarded(&guarded), &text);
        }
    }
}
