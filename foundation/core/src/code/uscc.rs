//! GB 32100: the unified social credit code (统一社会信用代码) of every organisation, and within it GB 11714, the
//! organisation code (组织机构代码) of nine characters that older records hold alone.
use std::fmt;

use super::division::DivisionCode;

super::define_faults! {
    /// Why a text is not a unified social credit code or an organisation code.
    UsccFault {
        /// Nothing but white space.
        Blank = "uscc-blank", "the credit code is blank";
        /// Not 18 characters.
        Length = "uscc-length", "the credit code does not have 18 characters";
        /// A character outside the standard's alphabet, which has no I, O, S, V and Z.
        Character = "uscc-character", "the credit code has a character that the standard does not use";
        /// Characters 3 to 8 are not six digits.
        Division = "uscc-division", "characters 3 to 8 of the credit code are not a division code";
        /// The check character of the organisation code inside does not fit.
        Organisation = "uscc-organisation", "the organisation code inside the credit code does not check";
        /// The last character does not follow from the others.
        Checksum = "uscc-checksum", "the check character of the credit code does not fit";
        /// Not the eight characters, perhaps a hyphen, and one of an organisation code.
        OrganisationFormat = "organisation-code-format", "the organisation code is not eight characters and a check";
        /// The check character of an organisation code that stands alone does not fit.
        OrganisationChecksum = "organisation-code-checksum", "the check character of the organisation code does not fit";
    }
}

/// A checked unified social credit code in capitals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc([u8; 18]);

impl Uscc {
    /// Reads a code of 18 characters in capitals or small letters.
    ///
    /// Whether characters 3 to 8 are of a division is not asked: registrars also use codes of development zones
    /// that GB/T 2260 does not have, such as 320691.
    pub fn parse(text: &str) -> Result<Self, UsccFault> {
        let written = text.trim().as_bytes();
        if written.is_empty() {
            return Err(UsccFault::Blank);
        }
        if !written.is_ascii() {
            return Err(UsccFault::Character);
        }
        let mut characters: [u8; 18] = written.try_into().map_err(|_| UsccFault::Length)?;
        characters.make_ascii_uppercase();
        if characters.iter().any(|character| value(*character).is_none()) {
            return Err(UsccFault::Character);
        }
        if !characters[2..8].iter().all(u8::is_ascii_digit) {
            return Err(UsccFault::Division);
        }
        if organisation_check(&characters[8..16]) != Some(characters[16]) {
            return Err(UsccFault::Organisation);
        }
        if check_character(&characters[..17]) != Some(characters[17]) {
            return Err(UsccFault::Checksum);
        }
        Ok(Self(characters))
    }

    /// The 18 characters in capitals.
    pub fn as_str(&self) -> &str {
        // The characters were checked to be ASCII, so the blank is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The same as [`Self::as_str`]; named as in the other codes.
    pub fn normalised(&self) -> &str {
        self.as_str()
    }

    /// The registering authority's kind: `9` market regulation (enterprises), `1` public bodies, `5` civil affairs.
    pub fn registrar(&self) -> char {
        char::from(self.0[0])
    }

    /// The division of the registering authority; may be a development zone's code that GB/T 2260 does not have.
    pub fn division(&self) -> DivisionCode {
        DivisionCode::from_digits(&self.0[2..8]).unwrap_or_else(DivisionCode::none)
    }

    /// The organisation code inside, in its nine characters.
    pub fn organisation_code(&self) -> OrganisationCode {
        let mut characters = [0; 9];
        characters.copy_from_slice(&self.0[8..17]);
        OrganisationCode(characters)
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A checked organisation code: eight characters and a check.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationCode([u8; 9]);

impl OrganisationCode {
    /// Reads `12345678-5` or `123456785`, in capitals or small letters.
    pub fn parse(text: &str) -> Result<Self, UsccFault> {
        let written = text.trim().as_bytes();
        let mut characters = [0; 9];
        match written {
            [] => return Err(UsccFault::Blank),
            [body @ .., b'-', check] if body.len() == 8 => {
                characters[..8].copy_from_slice(body);
                characters[8] = *check;
            }
            whole if whole.len() == 9 => characters.copy_from_slice(whole),
            _ => return Err(UsccFault::OrganisationFormat),
        }
        characters.make_ascii_uppercase();
        let check = organisation_check(&characters[..8]).ok_or(UsccFault::OrganisationFormat)?;
        if check == characters[8] { Ok(Self(characters)) } else { Err(UsccFault::OrganisationChecksum) }
    }

    /// The nine characters without a hyphen.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", &self.as_str()[..8], char::from(self.0[8]))
    }
}

impl fmt::Debug for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The place of each byte in the alphabet, or 255: the ingest checks tens of thousands of codes a second.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        values[ALPHABET[place] as usize] = place as u8;
        place += 1;
    }
    values
};

fn value(character: u8) -> Option<u32> {
    match VALUES[usize::from(character)] {
        255 => None,
        place => Some(u32::from(place)),
    }
}

/// The check over 17 characters: weights 3^i modulo 31.
fn check_character(characters: &[u8]) -> Option<u8> {
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let mut sum = 0;
    for (character, weight) in characters.iter().zip(WEIGHTS) {
        sum += value(*character)? * weight;
    }
    Some(ALPHABET[((31 - sum % 31) % 31) as usize])
}

/// The check of GB 11714 over eight characters, whose alphabet has all letters.
fn organisation_check(characters: &[u8]) -> Option<u8> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (character, weight) in characters.iter().zip(WEIGHTS) {
        sum += char::from(*character).to_digit(36)? * weight;
    }
    Some(b"0X987654321"[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn built(first_16: &str) -> String {
        let mut text = first_16.to_owned();
        text.push(char::from(organisation_check(&first_16.as_bytes()[8..16]).unwrap()));
        text.push(char::from(check_character(text.as_bytes()).unwrap()));
        text
    }

    #[test]
    fn codes_that_companies_print_on_their_licences_are_valid() {
        // Tencent, Huawei, Alibaba (China), ICBC: public on their websites.
        for text in ["9144030071526726XG", "914403001922038216", "91330100799655058B", "91100000100003962T"] {
            assert_eq!(Uscc::parse(text).map(|code| code.to_string()), Ok(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_code_can_be_asked_for() {
        let code = Uscc::parse(" 9144030071526726xg ").unwrap();
        assert_eq!(code.registrar(), '9');
        assert_eq!(code.division().to_string(), "440300");
        assert_eq!(code.organisation_code().to_string(), "71526726-X");
        assert_eq!(OrganisationCode::parse("71526726-x"), Ok(code.organisation_code()));
        assert_eq!(OrganisationCode::parse("71526726X"), Ok(code.organisation_code()));
    }

    #[test]
    fn a_development_zone_of_the_registrar_is_no_fault() {
        assert!(Uscc::parse(&built("91320691MA1N0000")).is_ok());
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", UsccFault::Blank),
            ("9144030071526726X", UsccFault::Length),
            ("9144030071526726XGG", UsccFault::Length),
            ("9144030O71526726XG", UsccFault::Character),
            ("9144030I71526726XG", UsccFault::Character),
            ("９144030071526726XG", UsccFault::Character),
            ("914403007152统统", UsccFault::Character),
            ("91A4030071526726XG", UsccFault::Division),
            ("91440300715267261G", UsccFault::Organisation),
            ("9144030071526726XH", UsccFault::Checksum),
        ] {
            assert_eq!(Uscc::parse(text), Err(fault), "{text}");
        }
        for (text, fault) in [
            (" ", UsccFault::Blank),
            ("7152672-X", UsccFault::OrganisationFormat),
            ("715267*6-X", UsccFault::OrganisationFormat),
            ("71526726-1", UsccFault::OrganisationChecksum),
        ] {
            assert_eq!(OrganisationCode::parse(text), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_one_wrong_character_is_noticed(body in "9[123]3206[0-9]{2}[0-9A-HJ-NPQRTUWXY]{8}",
                                              place in 0usize..18, shift in 1usize..31) {
            let good = built(&body);
            prop_assert!(Uscc::parse(&good).is_ok());
            let mut bad = good.into_bytes();
            bad[place] = ALPHABET[(value(bad[place]).unwrap() as usize + shift) % 31];
            prop_assert!(Uscc::parse(std::str::from_utf8(&bad).unwrap()).is_err());
        }

        #[test]
        fn no_text_makes_the_parsers_panic(text in ".{0,20}") {
            let _ = (Uscc::parse(&text), OrganisationCode::parse(&text));
        }
    }
}
