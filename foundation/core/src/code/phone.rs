//! Telephone numbers of the mainland: mobile, landline with its area code, and the 400 and 800 lines of firms.
//!
//! Numbers come with `+86`, spaces, brackets and hyphens in any place; the normal form is `13812345678`,
//! `0513-85512345` (with `-801` for an extension) or `4008123456`, by which equal numbers are equal texts.
use std::fmt;

super::define_faults! {
    /// Why a text is not a telephone number of the mainland.
    PhoneFault {
        /// Nothing but white space.
        Blank = "phone-blank", "the telephone number is blank";
        /// Letters or other signs.
        Character = "phone-character", "the telephone number has characters other than digits and their separators";
        /// Too few or too many digits, or a prefix that no carrier has.
        Format = "phone-format", "the telephone number is neither a mobile number nor a landline with its area code";
        /// Seven or eight digits that want an area code in front.
        AreaMissing = "phone-area-missing", "the landline number has no area code";
    }
}

/// What sort of line a number is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PhoneKind {
    /// A mobile number.
    Mobile,
    /// A landline with an area code.
    Landline,
    /// A 400 or 800 line.
    Service,
}

/// The longest normal form: area code, hyphen, number, hyphen, extension.
const TEXT_MAX: usize = 4 + 1 + 8 + 1 + EXTENSION_MAX;
const EXTENSION_MAX: usize = 6;
/// Enough for `0086`, area code and number; what is longer is no number.
const DIGITS_MAX: usize = 16;

/// A checked number. `Debug` masks it: it is personal data.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Phone {
    text: [u8; TEXT_MAX],
    len: u8,
    kind: PhoneKind,
}

impl Phone {
    /// Reads one number.
    pub fn parse(text: &str) -> Result<Self, PhoneFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PhoneFault::Blank);
        }
        let written = Written::read(text)?;
        let (digits, abroad) = written.without_country();
        if let [b'1', b'3'..=b'9', ..] = digits
            && digits.len() == 11
        {
            return if written.extension_len == 0 {
                Ok(Self::build(PhoneKind::Mobile, &[digits]))
            } else {
                Err(PhoneFault::Format)
            };
        }
        if let [b'4' | b'8', b'0', b'0', ..] = digits
            && digits.len() == 10
        {
            return Ok(Self::build(PhoneKind::Service, &[digits]));
        }
        match digits {
            [b'0', national @ ..] => written.landline(national),
            national if abroad => written.landline(national),
            [b'2'..=b'8', ..] if matches!(digits.len(), 7 | 8) => Err(PhoneFault::AreaMissing),
            _ => Err(PhoneFault::Format),
        }
    }

    fn build(kind: PhoneKind, parts: &[&[u8]]) -> Self {
        let (mut text, mut len) = ([0; TEXT_MAX], 0);
        for byte in parts.iter().copied().flatten() {
            text[len] = *byte;
            len += 1;
        }
        // TEXT_MAX is 20.
        Self { text, len: len as u8, kind }
    }

    /// The normal form.
    pub fn normalised(&self) -> &str {
        // Digits and hyphens only, so the blank is never taken.
        std::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }

    /// What sort of line it is.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", crate::mask::phone(self.normalised()))
    }
}

/// The digits of a text, its separators gone and its extension set apart.
struct Written {
    digits: [u8; DIGITS_MAX],
    len: usize,
    plus: bool,
    extension: [u8; EXTENSION_MAX],
    extension_len: usize,
}

impl Written {
    fn read(text: &str) -> Result<Self, PhoneFault> {
        let mut written =
            Self { digits: [0; DIGITS_MAX], len: 0, plus: false, extension: [0; EXTENSION_MAX], extension_len: 0 };
        let mut in_extension = false;
        for character in text.chars() {
            match character {
                '0'..='9' => written.push(character as u8, in_extension)?,
                '+' if written.len == 0 && !written.plus => written.plus = true,
                '转' | '#' => in_extension = true,
                '-' | '－' | '—' | '–' => in_extension = in_extension || written.is_whole_landline(),
                ' ' | '(' | ')' | '（' | '）' | '\u{3000}' | '\u{a0}' => {}
                _ => return Err(PhoneFault::Character),
            }
        }
        if in_extension && written.extension_len == 0 { Err(PhoneFault::Format) } else { Ok(written) }
    }

    fn push(&mut self, digit: u8, in_extension: bool) -> Result<(), PhoneFault> {
        let (room, len) = if in_extension {
            (self.extension.as_mut_slice(), &mut self.extension_len)
        } else {
            (self.digits.as_mut_slice(), &mut self.len)
        };
        *room.get_mut(*len).ok_or(PhoneFault::Format)? = digit;
        *len += 1;
        Ok(())
    }

    /// A hyphen after area code and number can only be followed by an extension.
    fn is_whole_landline(&self) -> bool {
        let (digits, abroad) = self.without_country();
        if digits.first() == Some(&b'0') {
            digits.len() >= 11
        } else {
            abroad && digits.len() >= 10 && digits[0] != b'1'
        }
    }

    /// The digits behind `+86`, `0086` or, before a mobile number, `86`; and whether there was such a prefix, behind
    /// which area codes stand without their zero.
    fn without_country(&self) -> (&[u8], bool) {
        let digits = &self.digits[..self.len];
        let rest = if self.plus { digits.strip_prefix(b"86") } else { digits.strip_prefix(b"0086") };
        match rest {
            Some(rest) => (rest, true),
            None if self.plus => (&[], true),
            None => match digits {
                [b'8', b'6', rest @ ..] if rest.len() == 11 && rest[0] == b'1' => (rest, true),
                _ => (digits, false),
            },
        }
    }

    /// `national` is the area code without its zero, then the number.
    fn landline(&self, national: &[u8]) -> Result<Phone, PhoneFault> {
        let national = national.strip_prefix(b"0").unwrap_or(national);
        // Two-digit area codes are Beijing's and the great cities' (26 is none), and their numbers have eight digits.
        let (area, number) = match national {
            [b'1', b'0', ..] | [b'2', b'0'..=b'5' | b'7'..=b'9', ..] => national.split_at(2),
            [b'3'..=b'9', _, _, ..] => national.split_at(3),
            _ => return Err(PhoneFault::Format),
        };
        let right_length = if area.len() == 2 { number.len() == 8 } else { matches!(number.len(), 7 | 8) };
        // 0 and 1 in front lead to trunk and short numbers, 9 to nothing.
        if !right_length || !matches!(number.first(), Some(b'2'..=b'8')) {
            return Err(PhoneFault::Format);
        }
        let extension = &self.extension[..self.extension_len];
        let hyphen: &[u8] = if extension.is_empty() { b"" } else { b"-" };
        Ok(Phone::build(PhoneKind::Landline, &[b"0", area, b"-", number, hyphen, extension]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normal(text: &str) -> Result<String, PhoneFault> {
        Phone::parse(text).map(|phone| phone.normalised().to_owned())
    }

    #[test]
    fn every_way_to_write_a_mobile_number_gives_one_text() {
        for text in [
            "13812345678",
            "138 1234 5678",
            "138-1234-5678",
            "+8613812345678",
            "+86 138 1234 5678",
            "0086-13812345678",
            "8613812345678",
            "86-138-1234-5678",
            " 13812345678 ",
            "（+86）13812345678",
        ] {
            assert_eq!(normal(text).as_deref(), Ok("13812345678"), "{text}");
        }
        assert_eq!(Phone::parse("19912345678").unwrap().kind(), PhoneKind::Mobile);
    }

    #[test]
    fn every_way_to_write_a_landline_gives_one_text() {
        for text in [
            "0513-85512345",
            "051385512345",
            "(0513)85512345",
            "（0513）8551 2345",
            "0513 8551-2345",
            "+86 513 85512345",
            "+86-0513-85512345",
            "0086-513-85512345",
            "0513－85512345",
            "0513—85512345",
        ] {
            assert_eq!(normal(text).as_deref(), Ok("0513-85512345"), "{text}");
        }
        assert_eq!(normal("010-65123456").as_deref(), Ok("010-65123456"));
        assert_eq!(normal("+86 10 65123456").as_deref(), Ok("010-65123456"));
        assert_eq!(normal("0550-7012345").as_deref(), Ok("0550-7012345"));
    }

    #[test]
    fn an_extension_is_kept() {
        for text in ["0513-85512345-801", "0513-85512345转801", "(0513)85512345#801", "+86-513-85512345-801"] {
            assert_eq!(normal(text).as_deref(), Ok("0513-85512345-801"), "{text}");
        }
    }

    #[test]
    fn lines_of_firms_are_numbers_too() {
        assert_eq!(normal("400-812-3456").as_deref(), Ok("4008123456"));
        assert_eq!(Phone::parse("8008123456").unwrap().kind(), PhoneKind::Service);
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", PhoneFault::Blank),
            ("\u{3000}", PhoneFault::Blank),
            ("1381234567a", PhoneFault::Character),
            ("无", PhoneFault::Character),
            ("12812345678", PhoneFault::Format),
            ("1381234567", PhoneFault::Format),
            ("138123456789", PhoneFault::Format),
            ("+1 212 555 0100", PhoneFault::Format),
            ("010-6512345", PhoneFault::Format),
            ("026-65123456", PhoneFault::Format),
            ("0513-15512345", PhoneFault::Format),
            ("0513-85512345转", PhoneFault::Format),
            ("13812345678转8", PhoneFault::Format),
            ("00000000000", PhoneFault::Format),
            ("1381234567813812345678", PhoneFault::Format),
            ("85512345", PhoneFault::AreaMissing),
            ("8551234", PhoneFault::AreaMissing),
        ] {
            assert_eq!(normal(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn debug_output_never_shows_the_number() {
        assert_eq!(format!("{:?}", Phone::parse("13812345678").unwrap()), "Phone(138****5678)");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "(\\+86)?(1[3-9][0-9]{9}|0?[1-9][0-9]{2}-?[2-8][0-9]{6,7}(-[0-9]{1,4})?)") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.normalised()), Ok(phone));
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "[-+ 0-9转#（）a]{0,40}") {
            let _ = Phone::parse(&text);
        }
    }
}
