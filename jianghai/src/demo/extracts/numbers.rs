//! Citizen numbers nobody else in the plan has, without remembering any.
//!
//! The index of a person is cut in two. One half fixes the sequence number; the other a point on the line of all
//! (birthday, division) cells, laid end to end by weight. Points of one sequence number stand 1/[`STEPS`] apart and
//! no cell is that wide, so two people never share a number, whatever the size of the plan.
use std::sync::LazyLock;

use super::dice::sums;

const DIVISIONS: &str = include_str!("../../../../data/nantong/birth-divisions.csv");

/// Sequence numbers come in pairs, odd for men and even for women.
const PAIRS: u64 = 499;
/// Points of one pair on the line of cells.
const STEPS: u64 = 1 << 14;
/// The most people one plan can tell apart.
pub(super) const INDEX_MAX: u64 = PAIRS * STEPS;

/// Years with births, and the weight of each; between two years the weight changes evenly. The famine, the two
/// waves after it and the few children of today can be seen.
const PYRAMID: [(u16, u32); 18] = [
    (1926, 8),
    (1932, 40),
    (1938, 130),
    (1945, 210),
    (1950, 300),
    (1954, 380),
    (1958, 330),
    (1960, 200),
    (1961, 170),
    (1963, 540),
    (1970, 520),
    (1976, 370),
    (1982, 400),
    (1988, 450),
    (1994, 300),
    (2003, 190),
    (2014, 230),
    (2024, 110),
];
/// Registrations began in 1984: whoever was born before got the code of that time.
const CODES_SINCE: u16 = 1984;
/// The youngest in any extract.
pub(super) const LAST_BIRTH_YEAR: u16 = 2024;

/// A day of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Day {
    /// Year.
    pub year: u16,
    /// Month from 1.
    pub month: u8,
    /// Day from 1.
    pub day: u8,
}

impl Day {
    /// From the day of the year, from 0.
    pub fn of_year(year: u16, mut ordinal: u16) -> Self {
        for month in 1..12 {
            let days = days_in(year, month);
            if ordinal < days {
                return Self { year, month, day: at_most_255(ordinal + 1) };
            }
            ordinal -= days;
        }
        Self { year, month: 12, day: at_most_255(ordinal.min(30) + 1) }
    }
}

/// Days of a year.
pub(super) fn days_of(year: u16) -> u16 {
    365 + u16::from(days_in(year, 2) == 29)
}

fn days_in(year: u16, month: u8) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn at_most_255(value: u16) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// Where a person stands on the line of cells: everything of the number but the sex and the check character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The day of birth.
    pub birth: Day,
    /// The first six digits of the number.
    pub division: u32,
    pair: u16,
}

struct Cells {
    /// Running sums over the years from the first of [`PYRAMID`].
    years: Vec<u32>,
    /// For each year from [`CODES_SINCE`] the codes in use and the running sums of their weights.
    divisions: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Cells {
    fn get() -> &'static Self {
        static CELLS: LazyLock<Cells> = LazyLock::new(Cells::read);
        &CELLS
    }

    fn read() -> Self {
        let weight = |year: u16| {
            let at = PYRAMID.partition_point(|(known, _)| *known < year);
            let (known, weight) = PYRAMID[at];
            if known == year {
                return weight;
            }
            let (before, lower) = PYRAMID[at - 1];
            let (span, along) = (u32::from(known - before), u32::from(year - before));
            (lower * (span - along) + weight * along) / span
        };
        let rows: Vec<[u32; 4]> = DIVISIONS
            .lines()
            .skip(1)
            .map(|line| {
                let mut row = [0; 4];
                for (cell, text) in row.iter_mut().zip(line.split(',')) {
                    *cell = text.parse().unwrap_or(0);
                }
                row
            })
            .collect();
        let in_use = |year: u16| {
            let rows = rows.iter().filter(move |row| row[1] <= u32::from(year) && u32::from(year) < row[2]);
            (rows.clone().map(|row| row[0]).collect(), sums(rows.map(|row| row[3])))
        };
        Self {
            years: sums((PYRAMID[0].0..=LAST_BIRTH_YEAR).map(weight)),
            divisions: (CODES_SINCE..=LAST_BIRTH_YEAR).map(in_use).collect(),
        }
    }
}

/// Where the person of this index comes from.
pub(super) fn origin(index: u64, seed: u64) -> Origin {
    // Neighbouring indices must not have neighbouring sequence numbers or birthdays: both are walked in long strides.
    let pair = (index % PAIRS * 211 + seed % PAIRS) % PAIRS;
    let spread = (pair ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let step = ((index / PAIRS).wrapping_mul(10_127).wrapping_add(spread >> 50)) % STEPS;
    let within = (spread >> 8 & 0xffff) as f64 / 65_536.0;
    let at = (step as f64 + within) / STEPS as f64;
    let cells = Cells::get();
    let (year_at, rest) = cell(&cells.years, at);
    let year = PYRAMID[0].0 + u16::try_from(year_at).unwrap_or(0);
    let days = rest * f64::from(days_of(year));
    let ordinal = (days as u16).min(days_of(year) - 1);
    let (codes, shares) = &cells.divisions[usize::from(year.max(CODES_SINCE) - CODES_SINCE)];
    let (code_at, _) = cell(shares, days - f64::from(ordinal));
    Origin { birth: Day::of_year(year, ordinal), division: codes[code_at], pair: u16::try_from(pair).unwrap_or(0) }
}

/// The cell that a point between 0 and 1 falls into, and how far into it.
fn cell(sums: &[u32], at: f64) -> (usize, f64) {
    let whole = f64::from(sums.last().copied().unwrap_or(1));
    let point = at * whole;
    let index = sums.partition_point(|sum| f64::from(*sum) <= point).min(sums.len() - 1);
    let start = if index == 0 { 0 } else { sums[index - 1] };
    let width = f64::from(sums[index] - start).max(1.0);
    (index, ((point - f64::from(start)) / width).clamp(0.0, 0.999_999_999))
}

impl Origin {
    /// The number of 18 characters.
    pub fn number(&self, male: bool) -> [u8; 18] {
        let mut number = [b'0'; 18];
        digits(&mut number[..6], self.division);
        digits(&mut number[6..10], u32::from(self.birth.year));
        digits(&mut number[10..12], u32::from(self.birth.month));
        digits(&mut number[12..14], u32::from(self.birth.day));
        digits(&mut number[14..17], u32::from(self.pair) * 2 + if male { 1 } else { 2 });
        number[17] = citizen_check(&number[..17]);
        number
    }
}

/// Writes a number with zeros in front.
pub(super) fn digits(to: &mut [u8], mut value: u32) {
    for place in to.iter_mut().rev() {
        *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

/// The check character of GB 11643. `jh_core` checks numbers and does not make them; a test holds the two together.
pub(super) fn citizen_check(first_17: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first_17.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit & 15) * weight).sum();
    b"10X98765432"[(sum % 11) as usize]
}

/// The alphabet of GB 32100.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit identifier; `serial` is its organisation's and nobody else's, below 28 million.
pub(super) fn credit_code(kind: u8, division: u32, serial: u32, since_2015: bool) -> [u8; 18] {
    let mut code = [b'0'; 18];
    code[0] = b'9';
    code[1] = kind;
    digits(&mut code[2..8], division);
    if since_2015 {
        code[8..11].copy_from_slice(b"MA1");
        let mut rest = serial;
        for place in code[11..16].iter_mut().rev() {
            *place = ALPHABET[(rest % 31) as usize];
            rest /= 31;
        }
    } else {
        digits(&mut code[8..16], 10_000_000 + serial);
    }
    code[16] = organisation_check(&code[8..16]);
    code[17] = credit_check(&code[..17]);
    code
}

/// GB 11714, over eight characters.
fn organisation_check(body: &[u8]) -> u8 {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let value = |character: u8| match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        _ => u32::from(character - b'A') + 10,
    };
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(character, weight)| value(*character) * weight).sum();
    b"0X987654321"[(sum % 11) as usize]
}

/// GB 32100, over 17 characters.
pub(super) fn credit_check(first_17: &[u8]) -> u8 {
    let mut weight = 1;
    let mut sum = 0;
    for character in first_17 {
        let value = ALPHABET.iter().position(|known| known == character).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET[(31 - sum % 31) % 31]
}
