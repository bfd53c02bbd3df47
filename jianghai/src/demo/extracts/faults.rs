//! What goes wrong in departments' files, one thing to a row, so that a count by rule can be held against the ingest.
use super::dice::Dice;
use super::numbers::{citizen_check, credit_check};
use super::row::{Layout, Row};

/// Declares the ways a row is spoiled: a name for counts, the rule that should report it, and a word on what it is.
macro_rules! define_ways {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal, $rule:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant),+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name under which it is counted.
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
            /// What a check should say: a fault code of `jh_core::code` where one exists.
            pub fn rule(self) -> &'static str { match self { $(Self::$variant => $rule),+ } }
        }
    };
}

define_ways! {
    /// A fault: the row cannot be accepted as it is.
    Fault {
        /// The check character of the citizen number does not fit.
        IdChecksum = "id-checksum", "citizen-id-checksum";
        /// One character of the citizen number is missing, or one too many.
        IdLength = "id-length", "citizen-id-length";
        /// The citizen number holds the 30th of February or the like; its check character fits.
        IdBirthDate = "id-birth-date", "citizen-id-birth-date";
        /// The citizen number begins with a code no division ever had; its check character fits.
        IdDivision = "id-division", "citizen-id-division";
        /// No citizen number.
        IdMissing = "id-missing", "required";
        /// No name.
        NameMissing = "name-missing", "required";
        /// A control character in the name.
        NameControl = "name-control", "person-name-character";
        /// Number and name stand in each other's column.
        Swapped = "columns-swapped", "citizen-id-character";
        /// Credit identifier and name stand in each other's column.
        UsccSwapped = "uscc-columns-swapped", "uscc-character";
        /// A day that the calendar does not have.
        DayNotReal = "day-not-real", "date-not-real";
        /// A division code nobody ever had.
        DivisionUnknown = "division-unknown", "division-unknown";
        /// Letters in the telephone number.
        PhoneLetters = "phone-letters", "phone-character";
        /// A code that its code set does not have.
        CodeUnknown = "code-unknown", "code-unknown";
        /// The check character of the credit identifier does not fit.
        UsccChecksum = "uscc-checksum", "uscc-checksum";
        /// One character of the credit identifier is missing.
        UsccLength = "uscc-length", "uscc-length";
        /// A letter O where the credit identifier has a zero.
        UsccCharacter = "uscc-character", "uscc-character";
        /// No credit identifier.
        UsccMissing = "uscc-missing", "required";
        /// The check character of the employer's credit identifier does not fit.
        EmployerChecksum = "employer-uscc-checksum", "uscc-checksum";
        /// The check character of the legal representative's citizen number does not fit.
        LeaderChecksum = "leader-id-checksum", "citizen-id-checksum";
    }
}

define_ways! {
    /// A blemish that can be mended without asking anyone: the row is accepted.
    Mend {
        /// The identifying number in full-width characters.
        WideNumber = "wide-number", "width";
        /// The telephone number in full-width digits.
        WidePhone = "wide-phone", "width";
        /// Spaces after name and number.
        TrailingSpaces = "trailing-spaces", "trim";
        /// A full-width space between family name and given name.
        WideSpaceInName = "wide-space-in-name", "name-space";
    }
}

/// Codes no division ever had.
const NO_DIVISION: [&str; 3] = ["320699", "999999", "329999"];
/// Days no calendar has.
const NO_DAY: [&str; 4] = ["2015-02-30", "20151301", "2013/4/31", "2011年11月31日"];
/// Month and day within a citizen number that no year has.
const NO_BIRTHDAY: [&str; 4] = ["0230", "1301", "0431", "1100"];

impl Fault {
    /// The column of the cell that a report should name.
    pub(super) fn column(self, layout: &Layout) -> usize {
        match self {
            Self::NameMissing | Self::NameControl => layout.name,
            Self::DayNotReal => layout.day,
            Self::DivisionUnknown => layout.division,
            Self::PhoneLetters => layout.phone,
            Self::CodeUnknown => layout.code.unwrap_or(layout.number),
            Self::EmployerChecksum | Self::LeaderChecksum => layout.second.unwrap_or(layout.number),
            _ => layout.number,
        }
    }

    /// Spoils a sound row. The citizen number must be in 18 characters.
    pub(super) fn spoil(self, row: &mut Row, layout: &Layout, dice: &mut Dice) {
        let at = |column: Option<usize>| column.unwrap_or(layout.number);
        match self {
            Self::IdChecksum => wrong_check(row.cell(layout.number), dice, citizen_check, b"0123456789X"),
            Self::LeaderChecksum => wrong_check(row.cell(at(layout.second)), dice, citizen_check, b"0123456789X"),
            Self::UsccChecksum => wrong_check(row.cell(layout.number), dice, credit_check, b"0123456789ABCDEF"),
            Self::EmployerChecksum => wrong_check(row.cell(at(layout.second)), dice, credit_check, b"0123456789ABCDEF"),
            Self::IdLength | Self::UsccLength => {
                let cell = row.cell(layout.number);
                if dice.happens(1, 2) {
                    cell.pop();
                } else {
                    cell.push('0');
                }
            }
            Self::IdBirthDate => rewrite(row.cell(layout.number), 10, dice.one_of(&NO_BIRTHDAY).as_bytes()),
            Self::IdDivision => rewrite(row.cell(layout.number), 0, dice.one_of(&NO_DIVISION).as_bytes()),
            Self::IdMissing | Self::UsccMissing => row.cell(layout.number).clear(),
            Self::NameMissing => row.cell(layout.name).clear(),
            Self::NameControl => row.cell(layout.name).insert(0, dice.one_of(&['\u{1}', '\u{8}', '\u{1f}', '\u{7f}'])),
            Self::Swapped | Self::UsccSwapped => row.swap(layout.number, layout.name),
            Self::DayNotReal => row.put(layout.day, dice.one_of(&NO_DAY)),
            Self::DivisionUnknown => row.put(layout.division, dice.one_of(&NO_DIVISION)),
            Self::PhoneLetters => {
                let cell = row.cell(layout.phone);
                cell.clear();
                cell.push_str("1385");
                cell.push(dice.one_of(&['O', 'l', 'B']));
                cell.push_str("23456");
            }
            Self::CodeUnknown => row.put(at(layout.code), "Q7"),
            Self::UsccCharacter => {
                let cell = row.cell(layout.number);
                cell.replace_range(9..10, "O");
            }
        }
    }
}

impl Mend {
    /// The column of the cell that is mended.
    pub(super) fn column(self, layout: &Layout) -> usize {
        match self {
            Self::WideNumber => layout.number,
            Self::WidePhone => layout.phone,
            Self::TrailingSpaces | Self::WideSpaceInName => layout.name,
        }
    }

    /// Blemishes a sound row.
    pub(super) fn spoil(self, row: &mut Row, layout: &Layout) {
        match self {
            Self::WideNumber => widen(row.cell(layout.number)),
            Self::WidePhone => {
                row.put(layout.phone, "13800005130");
                widen(row.cell(layout.phone));
            }
            Self::TrailingSpaces => {
                row.cell(layout.name).push_str("  ");
                row.cell(layout.number).push(' ');
            }
            Self::WideSpaceInName => {
                let cell = row.cell(layout.name);
                let second = cell.chars().next().map_or(0, char::len_utf8);
                cell.insert(second, '\u{3000}');
            }
        }
    }
}

/// Replaces the check character by another that is as well formed.
fn wrong_check(cell: &mut String, dice: &mut Dice, check: fn(&[u8]) -> u8, choices: &[u8]) {
    let Some(right) = cell.as_bytes().get(..17).map(check) else { return };
    let mut wrong = dice.one_of(choices);
    if wrong == right {
        wrong = if right == choices[0] { choices[1] } else { choices[0] };
    }
    cell.truncate(17);
    cell.push(char::from(wrong));
}

/// Replaces part of a citizen number and makes the check character fit again, so that only one thing is wrong.
fn rewrite(cell: &mut String, from: usize, with: &[u8]) {
    let mut bytes: [u8; 18] = match cell.as_bytes().try_into() {
        Ok(bytes) => bytes,
        Err(_) => return,
    };
    bytes[from..from + with.len()].copy_from_slice(with);
    bytes[17] = citizen_check(&bytes[..17]);
    cell.clear();
    cell.push_str(super::people::ascii(&bytes));
}

fn widen(cell: &mut String) {
    *cell = cell
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c))
        .collect();
}
