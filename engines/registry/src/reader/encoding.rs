//! Which of the two encodings that departments send: UTF-8 or GB18030 (which contains GBK and GB2312).
//!
//! In both, the bytes of quotes, delimiters and line ends never occur inside another character (the second byte of a
//! GB18030 character is 0x30-0x39 or above 0x3F, and none of `"`, `,`, `;`, tab, CR, LF is), so records are
//! cut out of the raw bytes first and decoded after. That is what makes a byte offset a place to resume from.
use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030};

use super::ReadFault;

/// What the bytes so far have shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Only ASCII so far; the first other character decides.
    #[default]
    Undecided,
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
}

impl Encoding {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Undecided => "ascii",
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }
    /// From that word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "utf-8" => Self::Utf8,
            "gb18030" => Self::Gb18030,
            _ => Self::Undecided,
        }
    }

    /// The text of one record, or how many bytes of it are good. An undecided encoding is decided here.
    pub fn decode(self, bytes: &[u8]) -> (Self, Result<Cow<'_, str>, usize>) {
        match self {
            Self::Utf8 => (self, std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|fault| fault.valid_up_to())),
            Self::Gb18030 => (self, gb18030(bytes)),
            Self::Undecided => match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => (self, Ok(Cow::Borrowed(text))),
                Ok(text) => (Self::Utf8, Ok(Cow::Borrowed(text))),
                Err(fault) => match gb18030(bytes) {
                    Ok(text) => (Self::Gb18030, Ok(text)),
                    Err(_) => (self, Err(fault.valid_up_to())),
                },
            },
        }
    }

    /// For showing a broken record to people: what does not fit becomes U+FFFD.
    pub fn decode_lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Gb18030 => GB18030.decode_without_bom_handling(bytes).0,
            _ => String::from_utf8_lossy(bytes),
        }
    }
}

fn gb18030(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    // Only a broken record comes here: decode it again to learn where it breaks.
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut out = vec![0; decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 4)];
    let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut out, true);
    Err(match result {
        DecoderResult::Malformed(bad, extra) => read.saturating_sub(usize::from(bad) + usize::from(extra)),
        _ => read,
    })
}

/// The encoding of a file from its first bytes, and how many of them are the byte order mark.
pub fn detect(first: &[u8]) -> Result<(Encoding, usize), ReadFault> {
    if first.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Ok((Encoding::Utf8, 3));
    }
    // Before any counting of zeros: UTF-16 of Chinese has few.
    if first.starts_with(&[0xFF, 0xFE, 0, 0]) || first.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(ReadFault::WrongEncoding("UTF-32"));
    }
    if first.starts_with(&[0xFF, 0xFE]) || first.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadFault::WrongEncoding("UTF-16"));
    }
    let utf8_until = match std::str::from_utf8(first) {
        Ok(text) if text.is_ascii() => return Ok((Encoding::Undecided, 0)),
        Ok(_) => return Ok((Encoding::Utf8, 0)),
        // No error length: only the last character is cut by the end of what was read.
        Err(fault) if fault.error_len().is_none() => return Ok((Encoding::Utf8, 0)),
        Err(fault) => fault.valid_up_to(),
    };
    let gb_until = match gb18030(first) {
        Ok(_) => return Ok((Encoding::Gb18030, 0)),
        Err(until) => until,
    };
    // Neither fits throughout. Some rows are broken; the encoding is the one that goes on fitting more lines.
    let fits = |encoding: Encoding| {
        first.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii() && encoding.decode(line).1.is_ok()).count()
    };
    let (utf8, gb) = (fits(Encoding::Utf8), fits(Encoding::Gb18030));
    if utf8 == 0 && gb == 0 && utf8_until.max(gb_until) < first.len() / 2 {
        return Err(ReadFault::NotText);
    }
    // A line of Chinese UTF-8 often happens to be GB18030 as well, hardly ever the other way round.
    Ok((if utf8 * 2 >= gb && utf8 > 0 { Encoding::Utf8 } else { Encoding::Gb18030 }, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn a_byte_order_mark_names_utf8_and_is_no_part_of_the_first_header() {
        assert_eq!(detect("\u{feff}姓名,性别\n".as_bytes()).unwrap(), (Encoding::Utf8, 3));
    }

    #[test]
    fn gb18030_is_recognised_without_being_told() {
        assert_eq!(detect(&gb("姓名,性别\n张三,男\n")).unwrap().0, Encoding::Gb18030);
        assert_eq!(detect("姓名,性别\n张三,男\n".as_bytes()).unwrap().0, Encoding::Utf8);
    }

    #[test]
    fn one_broken_row_does_not_change_what_the_other_rows_are() {
        let mut bytes = "姓名,性别\n张三,男\n".repeat(5).into_bytes();
        bytes.extend_from_slice(b"\xC0\xFF,1\n");
        assert_eq!(detect(&bytes).unwrap().0, Encoding::Utf8);
        let mut bytes = gb(&"姓名,性别\n张三,男\n".repeat(5));
        bytes.extend_from_slice(b"\xFF\xFF,1\n");
        assert_eq!(detect(&bytes).unwrap().0, Encoding::Gb18030);
    }

    #[test]
    fn utf16_is_refused_by_name() {
        assert!(matches!(detect(&[0xFF, 0xFE, 0x2C, 0]), Err(ReadFault::WrongEncoding("UTF-16"))));
    }

    #[test]
    fn a_broken_byte_is_named_by_its_place() {
        assert_eq!(Encoding::Utf8.decode(b"ab\xFFc").1, Err(2));
        assert_eq!(Encoding::Gb18030.decode(b"ab\xFFc").1, Err(2));
    }

    #[test]
    fn ascii_decides_nothing_until_the_first_chinese_record() {
        assert_eq!(Encoding::Undecided.decode(b"abc").0, Encoding::Undecided);
        assert_eq!(Encoding::Undecided.decode("张三".as_bytes()).0, Encoding::Utf8);
        assert_eq!(Encoding::Undecided.decode(&gb("张三")).0, Encoding::Gb18030);
    }
}
