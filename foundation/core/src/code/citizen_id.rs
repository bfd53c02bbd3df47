//! GB 11643: the citizen identity number (公民身份号码) of 18 characters, and its predecessor of 15 digits.
//!
//! A number is refused for the first thing that is wrong with it, from the general to the particular, and the check
//! character comes last: a slip in the birth date breaks both, and the date is what the clerk must look at.
use std::fmt;

use time::Date;

use super::division::{DivisionCode, DivisionTable};

super::define_faults! {
    /// Why a text is not a citizen identity number.
    CitizenIdFault {
        /// Nothing but white space.
        Blank = "citizen-id-blank", "the identity number is blank";
        /// Neither 18 nor 15 characters.
        Length = "citizen-id-length", "the identity number has neither 18 nor 15 characters";
        /// Something other than digits, or than digits and a final X.
        Character = "citizen-id-character", "the identity number has characters other than digits and a final X";
        /// The first six digits are of no division that ever was.
        Division = "citizen-id-division", "the identity number begins with a code that no division ever had";
        /// The calendar has no such day of birth.
        BirthDate = "citizen-id-birth-date", "the identity number holds a day of birth that the calendar does not have";
        /// The day of birth is yet to come.
        BirthInFuture = "citizen-id-birth-in-future", "the identity number holds a day of birth that is yet to come";
        /// The last character does not follow from the others.
        Checksum = "citizen-id-checksum", "the check character of the identity number does not fit the digits";
    }
}

/// Sex as the number tells it, with the codes of GB/T 2261.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sex {
    /// 男, code 1.
    Male,
    /// 女, code 2.
    Female,
}

impl Sex {
    /// The code of GB/T 2261.1.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

/// A checked number in its normal form of 18 characters. `Debug` masks it, and there is no `Display`: it is personal
/// data, and must not slip into a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId {
    characters: [u8; 18],
    birth_on: Date,
}

impl CitizenId {
    /// Reads a number of 18 or 15 characters, whatever its day of birth. Where today is known, as in every check of a
    /// delivered row, prefer [`Self::parse_as_of`].
    pub fn parse(text: &str) -> Result<Self, CitizenIdFault> {
        let written = text.trim().as_bytes();
        let mut characters = [0; 18];
        match written.len() {
            0 => return Err(CitizenIdFault::Blank),
            18 => {
                characters.copy_from_slice(written);
                characters[17].make_ascii_uppercase();
            }
            15 => {
                characters[..6].copy_from_slice(&written[..6]);
                // Numbers of 15 digits ended in 1999; all of them were of people born in the 1900s.
                characters[6..8].copy_from_slice(b"19");
                characters[8..17].copy_from_slice(&written[6..]);
            }
            // Full-width digits and the like: their bytes say nothing of how many characters a clerk sees.
            _ if !written.is_ascii() => return Err(CitizenIdFault::Character),
            _ => return Err(CitizenIdFault::Length),
        }
        if !characters[..17].iter().all(u8::is_ascii_digit) {
            return Err(CitizenIdFault::Character);
        }
        let check = check_character(&characters[..17]);
        if written.len() == 15 {
            characters[17] = check;
        } else if !(characters[17].is_ascii_digit() || characters[17] == b'X') {
            return Err(CitizenIdFault::Character);
        }
        let division = division_of(&characters);
        if !DivisionTable::get().in_citizen_ids(division) {
            return Err(CitizenIdFault::Division);
        }
        let birth_on = birth_of(&characters).ok_or(CitizenIdFault::BirthDate)?;
        if characters[17] != check {
            return Err(CitizenIdFault::Checksum);
        }
        Ok(Self { characters, birth_on })
    }

    /// Reads a number of somebody who is born by `today`.
    pub fn parse_as_of(text: &str, today: Date) -> Result<Self, CitizenIdFault> {
        let id = Self::parse(text)?;
        if id.birth_on > today { Err(CitizenIdFault::BirthInFuture) } else { Ok(id) }
    }

    /// The number in 18 characters with a capital X, as it is stored and compared.
    pub fn normalised(&self) -> &str {
        // The characters were checked to be ASCII, so the blank is never taken.
        std::str::from_utf8(&self.characters).unwrap_or_default()
    }

    /// The day of birth.
    pub fn birth_on(&self) -> Date {
        self.birth_on
    }

    /// Odd sequence numbers are men's, even ones women's.
    pub fn sex(&self) -> Sex {
        if self.characters[16] & 1 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The division under which the number was given, perhaps long ended.
    pub fn division(&self) -> DivisionCode {
        division_of(&self.characters)
    }

    /// Full years of age on a day; 0 before birth.
    pub fn age_on(&self, day: Date) -> u16 {
        let years = day.year() - self.birth_on.year();
        let before_birthday = (day.month() as u8, day.day()) < (self.birth_on.month() as u8, self.birth_on.day());
        u16::try_from(years - i32::from(before_birthday)).unwrap_or(0)
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", crate::mask::id_number(self.normalised()))
    }
}

/// The check character over 17 digits: ISO 7064, MOD 11-2.
fn check_character(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    b"10X98765432"[(sum % 11) as usize]
}

fn division_of(characters: &[u8; 18]) -> DivisionCode {
    // All digits by the time this is called; the fallback is a code that no division has.
    DivisionCode::from_digits(&characters[..6]).unwrap_or_else(DivisionCode::none)
}

fn birth_of(characters: &[u8; 18]) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| {
        characters[range].iter().fold(0, |whole, digit| whole * 10 + u16::from(digit - b'0'))
    };
    let (month, day) = (u8::try_from(number(10..12)).ok()?, u8::try_from(number(12..14)).ok()?);
    // Nobody born before 1800 is in any register that uses these numbers.
    Some(number(6..10)).filter(|year| *year >= 1800).and_then(|year| super::date::real(year, month, day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    /// The examples that GB 11643-1999 itself prints.
    const OF_THE_STANDARD: [&str; 2] = ["11010519491231002X", "440524188001010014"];

    fn with_check(first_17: &str) -> String {
        format!("{first_17}{}", char::from(check_character(first_17.as_bytes())))
    }

    #[test]
    fn the_examples_of_the_standard_are_valid() {
        let woman = CitizenId::parse(OF_THE_STANDARD[0]).unwrap();
        assert_eq!(woman.birth_on(), date!(1949 - 12 - 31));
        assert_eq!(woman.sex(), Sex::Female);
        assert_eq!(woman.division().to_string(), "110105");
        let man = CitizenId::parse(OF_THE_STANDARD[1]).unwrap();
        assert_eq!(man.birth_on(), date!(1880 - 01 - 01));
        assert_eq!(man.sex(), Sex::Male);
    }

    #[test]
    fn a_small_x_and_blanks_around_are_normalised() {
        assert_eq!(CitizenId::parse(" 11010519491231002x ").unwrap().normalised(), OF_THE_STANDARD[0]);
    }

    #[test]
    fn fifteen_digits_become_the_eighteen_of_the_same_person() {
        let id = CitizenId::parse("110105491231002").unwrap();
        assert_eq!(id.normalised(), OF_THE_STANDARD[0]);
        assert_eq!(id, CitizenId::parse(OF_THE_STANDARD[0]).unwrap());
    }

    #[test]
    fn a_code_that_has_ended_stays_valid_for_those_who_were_given_it() {
        // 崇川区 until 2020, 港闸区, 海门县, and Chongqing's old code in Sichuan.
        for division in ["320602", "320611", "320625", "510202"] {
            let id = CitizenId::parse(&with_check(&format!("{division}19800229001"))).unwrap();
            assert_eq!(id.division().to_string(), division);
        }
    }

    #[test]
    fn the_city_proper_and_residence_permits_have_codes_of_their_own() {
        for division in ["320601", "440401", "810000", "820000", "830000"] {
            assert!(CitizenId::parse(&with_check(&format!("{division}19580101001"))).is_ok(), "{division}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        let today = date!(2025 - 11 - 22);
        for (text, fault) in [
            (" ", CitizenIdFault::Blank),
            ("1101051949123100", CitizenIdFault::Length),
            ("11010519491231002XX", CitizenIdFault::Length),
            ("1101051949123100X2", CitizenIdFault::Character),
            ("11010519491231002Y", CitizenIdFault::Character),
            ("11010549123100X", CitizenIdFault::Character),
            ("１１０１０５１９４９１２３１００２Ｘ", CitizenIdFault::Character),
            ("１101054912310", CitizenIdFault::Character),
            ("320671198001010011", CitizenIdFault::Division),
            ("999999198001010011", CitizenIdFault::Division),
            ("110105194913310021", CitizenIdFault::BirthDate),
            ("110105190002290021", CitizenIdFault::BirthDate),
            ("110105179912310021", CitizenIdFault::BirthDate),
            ("110105491331002", CitizenIdFault::BirthDate),
            ("110105194912310021", CitizenIdFault::Checksum),
        ] {
            assert_eq!(CitizenId::parse_as_of(text, today), Err(fault), "{text}");
        }
        let tomorrow = with_check("11010520251123001");
        assert_eq!(CitizenId::parse_as_of(&tomorrow, today), Err(CitizenIdFault::BirthInFuture));
        assert!(CitizenId::parse_as_of(&tomorrow, date!(2025 - 11 - 23)).is_ok());
    }

    #[test]
    fn debug_output_never_shows_the_number() {
        let shown = format!("{:?}", CitizenId::parse(OF_THE_STANDARD[0]).unwrap());
        assert!(!shown.contains("19491231"), "{shown}");
    }

    #[test]
    fn age_counts_full_years() {
        let id = CitizenId::parse(&with_check("32060220000301001")).unwrap();
        assert_eq!(id.age_on(date!(2025 - 02 - 28)), 24);
        assert_eq!(id.age_on(date!(2025 - 03 - 01)), 25);
        assert_eq!(id.age_on(date!(1999 - 01 - 01)), 0);
    }

    proptest! {
        #[test]
        fn any_one_wrong_digit_is_noticed(ordinal in 1u16..=365, year in 1900i32..2025, sequence in 1u16..1000,
                                          place in 0usize..18, shift in 1u8..10) {
            let birth = Date::from_ordinal_date(year, ordinal).unwrap();
            let (month, day) = (birth.month() as u8, birth.day());
            let good = with_check(&format!("320602{year}{month:02}{day:02}{sequence:03}"));
            prop_assert_eq!(CitizenId::parse(&good).unwrap().birth_on(), birth);
            let mut bad = good.into_bytes();
            bad[place] = if bad[place] == b'X' { b'0' + shift } else { b'0' + (bad[place] - b'0' + shift) % 10 };
            prop_assert!(CitizenId::parse(std::str::from_utf8(&bad).unwrap()).is_err());
        }

        #[test]
        fn two_neighbouring_digits_swapped_are_noticed(sequence in 1u16..1000, place in 0usize..16) {
            let good = with_check(&format!("32060219800229{sequence:03}"));
            let mut bad = good.clone().into_bytes();
            bad.swap(place, place + 1);
            let bad = String::from_utf8(bad).unwrap();
            prop_assert!(bad == good || CitizenId::parse(&bad).is_err());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,20}") {
            let _ = CitizenId::parse(&text);
        }
    }
}
