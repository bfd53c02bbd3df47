//! Numbers that people type: identity numbers, telephones, days. Kept four bits a digit, so that digits are compared all at once.

/// How near two numbers of the same length are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DigitLikeness {
    /// More than a slip apart.
    Different,
    /// One digit is another, or two neighbours have changed places.
    Slip,
    /// The same.
    Same,
}

/// The digits of a text, four bits each, the last lowest; none if there are none or more than sixteen.
pub fn pack(digits: impl Iterator<Item = u8>) -> Option<u64> {
    let mut packed: u64 = 0;
    let mut n = 0;
    for digit in digits {
        n += 1;
        if n > 16 {
            return None;
        }
        packed = packed << 4 | u64::from(digit);
    }
    (n > 0).then_some(packed)
}

/// The digits among the characters of a text.
pub fn digits_of(text: &str) -> impl Iterator<Item = u8> {
    text.chars().filter_map(|c| match c {
        '0'..='9' => Some(c as u8 - b'0'),
        '\u{ff10}'..='\u{ff19}' => Some((c as u32 - 0xff10) as u8),
        _ => None,
    })
}

/// How near two packed numbers are.
pub fn likeness(one: u64, other: u64) -> DigitLikeness {
    let apart = one ^ other;
    if apart == 0 {
        return DigitLikeness::Same;
    }
    let mut places = apart | apart >> 1;
    places = (places | places >> 2) & 0x1111_1111_1111_1111;
    match places.count_ones() {
        1 => DigitLikeness::Slip,
        2 => {
            let low = places.trailing_zeros();
            let (a, b) = (one >> low & 0xff, other >> low & 0xff);
            let turned = (a & 0xf) << 4 | a >> 4;
            if turned == b { DigitLikeness::Slip } else { DigitLikeness::Different }
        }
        _ => DigitLikeness::Different,
    }
}

/// A day as its eight digits, year first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub u32);

/// How near two days are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum DayLikeness {
    /// Neither year nor day.
    Different = 1,
    /// The same year.
    Year,
    /// A slip of typing, or day and month in the other order.
    Slip,
    /// The same.
    Same,
}

impl Day {
    /// Of year, month and day of month.
    pub fn new(year: u16, month: u8, day: u8) -> Self {
        let two = |n: u32| ((n / 10 % 10) << 4) | (n % 10);
        let year = u32::from(year);
        Self(two(year / 100) << 24 | two(year) << 16 | two(u32::from(month)) << 8 | two(u32::from(day)))
    }

    /// Of eight digits in any punctuation; none if they are not eight.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = digits_of(text).take(9).collect();
        (digits.len() == 8)
            .then(|| pack(digits.into_iter()).unwrap_or_default())
            .filter(|packed| *packed != 0)
            .map(|p| Self(p as u32))
    }

    /// The year's four digits, packed.
    pub fn year(self) -> u64 {
        u64::from(self.0 >> 16)
    }

    /// Month and day, packed.
    pub fn day_of_year(self) -> u64 {
        u64::from(self.0 & 0xffff)
    }

    /// How near it is to another.
    pub fn likeness(self, other: Self) -> DayLikeness {
        match likeness(u64::from(self.0), u64::from(other.0)) {
            DigitLikeness::Same => DayLikeness::Same,
            DigitLikeness::Slip => DayLikeness::Slip,
            DigitLikeness::Different if self.turned() == other => DayLikeness::Slip,
            DigitLikeness::Different if self.year() == other.year() => DayLikeness::Year,
            DigitLikeness::Different => DayLikeness::Different,
        }
    }

    fn turned(self) -> Self {
        Self(self.0 & 0xffff_0000 | (self.0 & 0xff) << 8 | (self.0 >> 8 & 0xff))
    }
}

/// A citizen identity number (GB 11643) without its check character: six digits of the division, eight of the day of birth, and three
/// more. One of fifteen digits is of the 1900s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenNumber {
    head: u64,
    tail: u16,
    /// Whether its check character fits, so that hardly any slip can have happened to it.
    checked: bool,
}

/// How near two identity numbers are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum NumberLikeness {
    /// More than a slip apart; or both have check characters that fit, and so are numbers of two people however near they are: a slip
    /// breaks ten of eleven.
    Different = 1,
    /// The same division and day of birth.
    Head,
    /// A slip of typing.
    Slip,
    /// The same.
    Same,
}

impl CitizenNumber {
    /// Of a number of 18 or 15 characters; none if it is neither. One whose check character does not fit is still evidence.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut digits: Vec<u8> = digits_of(text).take(20).collect();
        let last = text.chars().next_back().map_or(' ', |c| c.to_ascii_uppercase());
        match (text.chars().count(), digits.len()) {
            (18, 17 | 18) => digits.truncate(17),
            (15, 15) => {
                digits.splice(6..6, [1, 9]);
            }
            _ => return None,
        }
        let head = pack(digits[..14].iter().copied())?;
        let tail = pack(digits[14..].iter().copied())?;
        let checked = text.chars().count() == 18 && check_character(&digits) == last;
        Some(Self { head, tail: tail as u16, checked })
    }

    /// A number that two have in common if they are the same.
    pub fn key(self) -> u64 {
        crate::hash::of(&[self.head, u64::from(self.tail)])
    }

    /// The day of birth in it.
    pub fn born(self) -> Day {
        Day(self.head as u32)
    }

    /// 1 for men, 2 for women.
    pub fn sex(self) -> u8 {
        if self.tail & 1 == 1 { 1 } else { 2 }
    }

    /// How near it is to another.
    pub fn likeness(self, other: Self) -> NumberLikeness {
        let (head, tail) = (likeness(self.head, other.head), likeness(u64::from(self.tail), u64::from(other.tail)));
        match (head, tail) {
            (DigitLikeness::Same, DigitLikeness::Same) => NumberLikeness::Same,
            _ if self.checked && other.checked => NumberLikeness::Different,
            (DigitLikeness::Slip, DigitLikeness::Same) => NumberLikeness::Slip,
            (DigitLikeness::Same, _) => NumberLikeness::Head,
            _ => NumberLikeness::Different,
        }
    }
}

/// The last character that belongs to seventeen digits (GB 11643, ISO 7064 MOD 11-2).
fn check_character(digits: &[u8]) -> char {
    let sum = digits.iter().fold(0, |sum, digit| (sum + u32::from(*digit)) * 2 % 11);
    b"10X98765432"[(sum % 11) as usize] as char
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> CitizenNumber {
        CitizenNumber::parse(text).unwrap()
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // The example of GB 11643 itself.
        assert_eq!(check_character(&[1, 1, 0, 1, 0, 5, 1, 9, 4, 9, 1, 2, 3, 1, 0, 0, 2]), 'X');
        assert!(number("11010519491231002X").checked);
        assert!(number("11010519491231002x").checked);
        assert!(!number("110105194912310021").checked);
    }

    #[test]
    fn two_numbers_that_both_fit_are_two_people_and_a_slip_is_a_slip() {
        let own = number("11010519491231002X");
        let twin_digits = [1, 1, 0, 1, 0, 5, 1, 9, 4, 9, 1, 2, 3, 1, 0, 0, 4];
        let twin = number(&format!("11010519491231004{}", check_character(&twin_digits)));
        assert_eq!(own.likeness(twin), NumberLikeness::Different);
        assert_eq!(own.likeness(number("11010519491232002X")), NumberLikeness::Slip);
        assert_eq!(own.likeness(number("11010519491231020X")), NumberLikeness::Head);
        assert_eq!(own.likeness(number("110105491231002")), NumberLikeness::Same);
    }

    #[test]
    fn days_slip_and_turn() {
        let day = |text: &str| Day::parse(text).unwrap();
        assert!(day("1980-03-07") == Day::new(1980, 3, 7));
        assert_eq!(day("1980-03-07").likeness(day("1980-07-03")), DayLikeness::Slip);
        assert_eq!(day("1980-03-07").likeness(day("1981-03-07")), DayLikeness::Slip);
        assert_eq!(day("1980-03-07").likeness(day("1980-11-28")), DayLikeness::Year);
        assert_eq!(day("1980-03-07").likeness(day("1991-11-28")), DayLikeness::Different);
        assert!(Day::parse("1980-3").is_none());
    }
}
