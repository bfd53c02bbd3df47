//! How each of the four departments writes what it knows of a person or an enterprise.
use std::fmt::Write as _;

use super::dice::Dice;
use super::enterprises::{Enterprise, Register};
use super::layouts::HEALTH;
use super::numbers::{self, Day, LAST_BIRTH_YEAR};
use super::people::{Crowd, Person, ascii};
use super::places::Places;
use super::row::Row;

/// What every synthetic row says of itself.
pub const SYNTHETIC: &str = "演示合成数据";

/// The ways in which departments write a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Notation {
    /// 20150301
    Compact,
    /// 2015-03-01
    Dashed,
    /// 2015/3/1
    Slashed,
    /// 2015年3月1日
    Chinese,
}

impl Notation {
    const ALL: [Self; 4] = [Self::Compact, Self::Dashed, Self::Slashed, Self::Chinese];

    /// The usual one of a department, or now and then another.
    pub fn thrown(dice: &mut Dice, usual: Self) -> Self {
        if dice.happens(8, 100) { dice.one_of(&Self::ALL) } else { usual }
    }

    /// Appends a day.
    pub fn write(self, day: Day, to: &mut String) {
        let (year, month, day) = (day.year, day.month, day.day);
        let mut fixed = [b'-'; 10];
        numbers::digits(&mut fixed[..4], u32::from(year));
        numbers::digits(&mut fixed[5..7], u32::from(month));
        numbers::digits(&mut fixed[8..], u32::from(day));
        match self {
            Self::Dashed => to.push_str(ascii(&fixed)),
            Self::Compact => {
                for part in [&fixed[..4], &fixed[5..7], &fixed[8..]] {
                    to.push_str(ascii(part));
                }
            }
            // Writing into a String cannot fail.
            Self::Slashed => drop(write!(to, "{year}/{month}/{day}")),
            Self::Chinese => drop(write!(to, "{year}年{month}月{day}日")),
        }
    }
}

/// How one row is written: the usual way, or with the liberties that are no fault.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// For all days of the row.
    pub notation: Notation,
    /// The citizen number as it was before 1999: 15 digits.
    pub old_number: bool,
    /// A final X as a small letter.
    pub small_x: bool,
    /// Days as days of a spreadsheet.
    pub native_days: bool,
}

impl Style {
    /// How a department usually writes.
    pub fn usual(notation: Notation) -> Self {
        Self { notation, old_number: false, small_x: false, native_days: false }
    }

    /// Whether the number of this person can be written in 15 digits: only those born in the 1900s ever had one.
    pub fn old_number_fits(number: &[u8; 18]) -> bool {
        number[6..8] == *b"19" && number[8] < b'8'
    }

    fn number(self, number: &[u8; 18], to: &mut String) {
        if self.old_number {
            to.push_str(ascii(&number[..6]));
            to.push_str(ascii(&number[8..17]));
        } else {
            to.push_str(ascii(number));
            if self.small_x && number[17] == b'X' {
                to.pop();
                to.push('x');
            }
        }
    }
}

/// Writes a resident as the police know one.
pub(super) fn police(row: &mut Row, person: &Person, style: Style) {
    let places = Places::get();
    style.number(&person.number, row.next());
    person.name.write(row.next());
    row.text(if person.male { "男" } else { "女" });
    row.text(person.ethnic.1);
    style.notation.write(person.birth, row.next());
    row.text(person.marital);
    let mut household = [b'0'; 9];
    numbers::digits(&mut household, u32::try_from(100_000_001 + person.household).unwrap_or(0));
    row.text(ascii(&household));
    row.text(person.relation);
    row.text(places.code(person.door));
    places.write_address(person.door, row.next());
    person.line.write(row.next());
    row.text(SYNTHETIC);
}

/// Whether a resident is insured, by age and chance.
pub(super) fn is_insured(person: &Person) -> bool {
    person.age() >= 16 && person.traits % 100 < 78
}

/// Writes a resident as the insurer knows one; `register` names the employer.
pub(super) fn insurance(row: &mut Row, person: &Person, style: Style, register: &mut Register, enterprises: u64) {
    let (age, traits) = (person.age(), person.traits / 100);
    let employed = enterprises > 0 && (18..60).contains(&age) && !traits.is_multiple_of(4);
    style.number(&person.number, row.next());
    person.name.write(row.next());
    row.text(if person.male { "1" } else { "2" });
    style.notation.write(person.birth, row.next());
    if employed {
        let employer = register.nth(u64::from(traits) % enterprises);
        employer.write_name(row.next());
        row.text(ascii(&employer.code));
    } else {
        row.text("");
        row.text("");
    }
    row.text(match (employed, traits % 7) {
        (false, 0..4) => "170",
        (false, _) => "390",
        (true, 0..4) => "110",
        (true, 4 | 5) => "310",
        _ => "210",
    });
    row.text(if age >= 60 {
        "待遇领取"
    } else {
        ["正常参保", "正常参保", "正常参保", "暂停参保"][(traits / 7 % 4) as usize]
    });
    let since = day_after(person, 16, traits, 1994);
    style.notation.write(since, row.next());
    person.line.write(row.next());
    row.text(Places::get().code(person.door));
    Places::get().write_address(person.door, row.next());
    row.text(SYNTHETIC);
}

/// Writes a resident as the clinics know one.
pub(super) fn health(row: &mut Row, person: &Person, style: Style) {
    let traits = person.traits / 7;
    let mut record = *b"32060000000000000";
    numbers::digits(&mut record[8..], u32::try_from(person.index + 1).unwrap_or(0));
    row.text(ascii(&record));
    style.number(&person.number, row.next());
    person.name.write(row.next());
    row.text(if person.male { "男性" } else { "女性" });
    style.notation.write(person.birth, row.next());
    row.text(person.ethnic.0);
    row.text(Places::get().code(person.door));
    Places::get().write_address(person.door, row.next());
    person.line.write(row.next());
    row.text(["A型", "B型", "O型", "O型", "A型", "AB型", "不详", "不详"][(traits % 8) as usize]);
    let opened = day_after(person, 0, traits, 2009);
    if style.native_days {
        row.native_day = Some((HEALTH.day, opened));
    }
    style.notation.write(opened, row.next());
    row.text(SYNTHETIC);
}

/// Writes an enterprise as the registrar knows one.
pub(super) fn registration(row: &mut Row, enterprise: &Enterprise, style: Style, crowd: &mut Crowd) {
    let leader = enterprise.led_by(crowd);
    row.text(ascii(&enterprise.code));
    enterprise.write_name(row.next());
    leader.name.write(row.next());
    row.text(ascii(&leader.number));
    row.text(enterprise.capital);
    style.notation.write(enterprise.since, row.next());
    Places::get().write_premises(enterprise.door, row.next());
    row.text(Places::get().code(enterprise.door));
    row.text(enterprise.industry);
    row.text(enterprise.status);
    enterprise.line.write(row.next());
    row.text(SYNTHETIC);
}

/// Some day after a person reached an age, not before a year and not after the last.
fn day_after(person: &Person, age: u16, traits: u32, earliest: u16) -> Day {
    let from = (person.birth.year + age + 1).max(earliest).min(LAST_BIRTH_YEAR + 1);
    let span = u32::from(LAST_BIRTH_YEAR + 1 - from).max(1);
    let year = from + u16::try_from(traits / 64 % span).unwrap_or(0);
    // Up to the end of June: the last year is not over when the extracts are drawn.
    Day::of_year(year, u16::try_from(traits / 16 % 180).unwrap_or(0))
}
