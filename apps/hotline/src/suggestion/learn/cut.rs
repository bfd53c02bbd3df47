//! Cuts a text into the pieces that are learned from: one, two and three neighbouring Chinese characters, Latin words and
//! numbers.
//!
//! A piece is known by its number only (a hash) and by where it stands in the text, so that no dictionary is kept and what spoke
//! for a department can be shown in the citizen's own words. Figures are kept by their shape: which house or which day it was
//! says nothing about who is responsible, that there is a number of eleven figures may.
use jh_core::gram::is_han;

/// A longer text is known by its beginning: what is complained of stands there, and training stays bounded.
pub const CHARS_MAX: usize = 3_000;
/// The longest run of Chinese characters that is one piece.
const RUN_MAX: usize = 3;
/// The longest word whose figures and letters are told apart; the rest of it says nothing more.
const WORD_CHARS_MAX: usize = 24;

/// One piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub hash: u64,
    /// Its first character, counted in characters of the text.
    pub start: u32,
    /// The character after its last.
    pub end: u32,
}

/// Full-width forms as their usual ones, capitals as small letters.
fn fold(c: char) -> char {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    half.to_lowercase().next().unwrap_or(half)
}

/// The folded characters that are looked at.
pub fn folded(text: &str) -> Vec<char> {
    text.chars().take(CHARS_MAX).map(fold).collect()
}

/// A number for a whole text that is the same for texts that differ only in spaces, width and capitals.
pub fn digest(text: &str) -> u64 {
    let kept = text.chars().map(fold).filter(|c| c.is_alphanumeric());
    finish(kept.fold(SEED, mix))
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29)
}

/// Spreads a number over all its bits, so that neighbours do not fall together.
pub fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Shows each piece of a folded text.
pub fn pieces(chars: &[char], mut visit: impl FnMut(Piece)) {
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if is_han(chars[at]) {
            while at < chars.len() && is_han(chars[at]) {
                at += 1;
            }
            runs(chars, start, at, &mut visit);
        } else if chars[at].is_alphanumeric() {
            while at < chars.len() && chars[at].is_alphanumeric() && !is_han(chars[at]) {
                at += 1;
            }
            visit(word(chars, start, at));
        } else {
            at += 1;
        }
    }
}

fn runs(chars: &[char], start: usize, end: usize, visit: &mut impl FnMut(Piece)) {
    for first in start..end {
        let mut hash = SEED;
        for (last, c) in chars[first..end.min(first + RUN_MAX)].iter().enumerate() {
            hash = mix(hash, *c);
            visit(Piece { hash: finish(hash), start: first as u32, end: (first + last + 1) as u32 });
        }
    }
}

/// A word of letters and figures; every figure is the same figure.
fn word(chars: &[char], start: usize, end: usize) -> Piece {
    let kept = chars[start..end.min(start + WORD_CHARS_MAX)].iter();
    let hash = kept.map(|c| if c.is_numeric() { '0' } else { *c }).fold(SEED, mix);
    Piece { hash: finish(hash), start: start as u32, end: end as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let chars = folded(text);
        let mut out = Vec::new();
        pieces(&chars, |p| out.push(chars[p.start as usize..p.end as usize].iter().collect()));
        out
    }

    fn hashes(text: &str) -> Vec<u64> {
        let mut out = Vec::new();
        pieces(&folded(text), |piece| out.push(piece.hash));
        out
    }

    #[test]
    fn chinese_is_cut_into_one_two_and_three_characters_and_latin_into_words() {
        assert_eq!(cut("路灯坏"), ["路", "路灯", "路灯坏", "灯", "灯坏", "坏"]);
        assert_eq!(cut("ＷｉＦｉ慢"), ["wifi", "慢"]);
        assert_eq!(cut(" ，。\n"), Vec::<String>::new());
    }

    #[test]
    fn figures_are_known_by_their_shape() {
        assert_eq!(hashes("13812345678"), hashes("15987654321"));
        assert_ne!(hashes("110"), hashes("12345"));
        assert_eq!(hashes("A3"), hashes("ａ5"));
    }

    #[test]
    fn a_text_of_any_length_is_bounded() {
        assert_eq!(folded(&"路".repeat(20_000)).len(), CHARS_MAX);
        assert_eq!(cut(&"a".repeat(20_000)).len(), 1);
    }

    #[test]
    fn texts_that_differ_in_spaces_and_width_only_are_the_same_text() {
        assert_eq!(digest("路灯 坏了ＡＢ"), digest("路灯坏了ab。"));
        assert_ne!(digest("路灯坏了"), digest("路灯亮了"));
    }
}
