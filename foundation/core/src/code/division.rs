//! GB/T 2260: the codes of the administrative divisions at county level and above, each with the years it was in use.
//!
//! The whole history is built into the program from `data/divisions`. Years are as fine as the source knows, so in the
//! year of a change the old and the new code are both taken as valid.
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use time::Date;

const HISTORY: &str = include_str!("../../../../data/divisions/gbt2260-history.csv");
const CODES: usize = 1_000_000;

super::define_faults! {
    /// Why a text is not a division code.
    DivisionFault {
        /// Nothing but white space.
        Blank = "division-blank", "the division code is blank";
        /// Not six digits.
        Format = "division-format", "the division code is not six digits";
        /// Six digits that no division ever had.
        Unknown = "division-unknown", "no division ever had this code";
        /// Six digits that a division had, but not at the time asked about.
        NotInUse = "division-not-in-use", "the division code was not in use at that time";
    }
}

/// Six digits that may be a division's code; the table knows whether they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u32);

impl DivisionCode {
    /// Six digits, whether or not a division has them.
    pub fn parse(text: &str) -> Result<Self, DivisionFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DivisionFault::Blank);
        }
        Self::from_digits(text.as_bytes()).ok_or(DivisionFault::Format)
    }

    pub(crate) fn from_digits(digits: &[u8]) -> Option<Self> {
        if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        Some(Self(digits.iter().fold(0, |whole, digit| whole * 10 + u32::from(digit - b'0'))))
    }

    /// 000000, which no division has.
    pub(crate) fn none() -> Self {
        Self(0)
    }

    /// The code as a number below 1,000,000.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The code of the province: the first two digits and `0000`.
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The code of the prefecture: the first four digits and `00`. For `329013` and the like no division has it.
    pub fn prefecture(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// Whether `other` is this division or, by its digits, lies within it.
    pub fn covers(self, other: Self) -> bool {
        self == other || self == other.province() || self == other.prefecture()
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DivisionCode {
    type Err = DivisionFault;
    fn from_str(text: &str) -> Result<Self, DivisionFault> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for DivisionCode {
    type Error = DivisionFault;
    fn try_from(text: &str) -> Result<Self, DivisionFault> {
        Self::parse(text)
    }
}

impl TryFrom<&String> for DivisionCode {
    type Error = DivisionFault;
    fn try_from(text: &String) -> Result<Self, DivisionFault> {
        Self::parse(text)
    }
}

impl TryFrom<u32> for DivisionCode {
    type Error = DivisionFault;
    fn try_from(number: u32) -> Result<Self, DivisionFault> {
        if (number as usize) < CODES { Ok(Self(number)) } else { Err(DivisionFault::Format) }
    }
}

/// 级别: the tier of a division.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tier {
    /// 省级: province, autonomous region, municipality, special administrative region.
    Province,
    /// 地级: city, prefecture, league.
    Prefecture,
    /// 县级: county, district, county-level city, banner.
    County,
}

/// One name of one code over a span of years. A code that was renamed has several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Division {
    /// The code.
    pub code: DivisionCode,
    /// Its own name, for example 崇川区.
    pub name: &'static str,
    /// The name of its province.
    pub province: &'static str,
    /// The name of its prefecture then; `None` for provinces and for what a province governs directly.
    pub prefecture: Option<&'static str>,
    /// Its tier.
    pub tier: Tier,
    /// The first year.
    pub from_year: u16,
    /// The year in which it ended or changed; `None` while it is in use.
    pub until_year: Option<u16>,
    /// Where its area went, in whole at the end or in part before.
    pub moved: Vec<Successor>,
}

impl Division {
    /// The names from the province down, as addresses begin: 江苏省南通市崇川区.
    pub fn full_name(&self) -> String {
        let above = if self.tier == Tier::Province { "" } else { self.province };
        let middle = if self.tier == Tier::County { self.prefecture.unwrap_or_default() } else { "" };
        [above, middle, self.name].concat()
    }

    /// Whether it was in use in some part of the year.
    pub fn held_in(&self, year: i32) -> bool {
        i32::from(self.from_year) <= year && self.until_year.is_none_or(|until| year <= i32::from(until))
    }
}

/// A code that took over an area, and the year.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Successor {
    /// The code that has the area since.
    pub code: DivisionCode,
    /// The year it took over.
    pub year: u16,
}

/// The whole history of the codes.
pub struct DivisionTable {
    /// By code, then by year.
    rows: Vec<Division>,
    ever: CodeSet,
    in_citizen_ids: CodeSet,
}

/// One bit for each of the million codes: a check is one look into 125 kB.
struct CodeSet(Vec<u64>);

impl CodeSet {
    fn new() -> Self {
        Self(vec![0; CODES.div_ceil(64)])
    }
    fn insert(&mut self, code: DivisionCode) {
        self.0[code.0 as usize / 64] |= 1 << (code.0 % 64);
    }
    fn contains(&self, code: DivisionCode) -> bool {
        self.0[code.0 as usize / 64] >> (code.0 % 64) & 1 == 1
    }
}

impl DivisionTable {
    /// The table built into the program; the first call reads it, in a few milliseconds.
    pub fn get() -> &'static Self {
        static TABLE: LazyLock<DivisionTable> = LazyLock::new(|| DivisionTable::read(HISTORY));
        &TABLE
    }

    fn read(history: &'static str) -> Self {
        let mut rows: Vec<Division> = history.lines().skip(1).filter_map(row).collect();
        rows.sort_by_key(|row| (row.code, row.from_year));
        let (mut ever, mut in_citizen_ids) = (CodeSet::new(), CodeSet::new());
        for row in &rows {
            ever.insert(row.code);
            in_citizen_ids.insert(row.code);
            if row.tier == Tier::Prefecture {
                // 市辖区: GB/T 2260 gives it xxxx01, police have registered people under it, and the ministry's
                // yearly lists, from which the table is made, leave it out.
                in_citizen_ids.insert(DivisionCode(row.code.0 + 1));
            }
        }
        // Residence permits of people from Hong Kong, Macao and Taiwan follow GB 11643 with these.
        for code in [810_000, 820_000, 830_000] {
            in_citizen_ids.insert(DivisionCode(code));
        }
        Self { rows, ever, in_citizen_ids }
    }

    /// Every row, by code and then by year.
    pub fn all(&self) -> &[Division] {
        &self.rows
    }

    /// The rows of one code, oldest first; none if no division ever had it.
    pub fn rows_of(&self, code: impl TryInto<DivisionCode>) -> &[Division] {
        let Ok(code) = code.try_into() else { return &[] };
        let start = self.rows.partition_point(|row| row.code < code);
        let count = self.rows[start..].iter().take_while(|row| row.code == code).count();
        &self.rows[start..start + count]
    }

    /// The newest row of a code, in use or not.
    pub fn latest(&self, code: impl TryInto<DivisionCode>) -> Option<&Division> {
        self.rows_of(code).last()
    }

    /// The newest name of a code: 崇川区.
    pub fn name_of(&self, code: impl TryInto<DivisionCode>) -> Option<&'static str> {
        self.latest(code).map(|row| row.name)
    }

    /// The newest name of a code with those above it: 江苏省南通市崇川区.
    pub fn full_name_of(&self, code: impl TryInto<DivisionCode>) -> Option<String> {
        self.latest(code).map(Division::full_name)
    }

    /// Whether some division had the code at some time.
    pub fn ever_valid(&self, code: impl TryInto<DivisionCode>) -> bool {
        code.try_into().is_ok_and(|code| self.ever.contains(code))
    }

    /// Whether citizen identity numbers begin with the code: wider than [`Self::ever_valid`] by the city-proper codes
    /// (xxxx01) and by those of residence permits.
    pub fn in_citizen_ids(&self, code: DivisionCode) -> bool {
        self.in_citizen_ids.contains(code)
    }

    /// Whether a division had the code in some part of that day's year.
    pub fn valid_on(&self, code: impl TryInto<DivisionCode>, day: Date) -> bool {
        self.rows_of(code).iter().any(|row| row.held_in(day.year()))
    }

    /// Whether a division has the code now.
    pub fn in_use(&self, code: impl TryInto<DivisionCode>) -> bool {
        self.latest(code).is_some_and(|row| row.until_year.is_none())
    }

    /// Checks a code of a record as of a day.
    pub fn check(&self, text: &str, day: Date) -> Result<DivisionCode, DivisionFault> {
        let code = DivisionCode::parse(text)?;
        if !self.ever_valid(code) {
            return Err(DivisionFault::Unknown);
        }
        if self.valid_on(code, day) { Ok(code) } else { Err(DivisionFault::NotInUse) }
    }

    /// The codes that took over when this one ended; empty while it is in use.
    pub fn successors(&self, code: impl TryInto<DivisionCode>) -> &[Successor] {
        match self.latest(code) {
            Some(row) if row.until_year.is_some() => &row.moved,
            _ => &[],
        }
    }

    /// The codes in use today for the area that had this code, by following successors to the end.
    pub fn today(&self, code: impl TryInto<DivisionCode>) -> Vec<DivisionCode> {
        let Ok(code) = code.try_into() else { return Vec::new() };
        let (mut seen, mut open, mut found) = (vec![code], vec![code], Vec::new());
        while let Some(code) = open.pop() {
            if self.in_use(code) {
                found.push(code);
                continue;
            }
            for next in self.successors(code) {
                if !seen.contains(&next.code) {
                    seen.push(next.code);
                    open.push(next.code);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The divisions in use that lie directly or indirectly within one, itself left out.
    pub fn within(&self, code: DivisionCode) -> impl Iterator<Item = &Division> {
        let above = move |row: &Division| row.code != code && code.covers(row.code);
        self.rows.iter().filter(move |row| row.until_year.is_none() && above(row))
    }
}

/// One line of the source; it quotes nothing, so a comma always parts columns.
fn row(line: &'static str) -> Option<Division> {
    let mut columns = line.trim_end().split(',');
    let mut next = || columns.next();
    let code = DivisionCode::parse(next()?).ok()?;
    let (province, prefecture, name) = (next()?, next()?, next()?);
    let tier = match next()? {
        "省级" => Tier::Province,
        "地级" => Tier::Prefecture,
        _ => Tier::County,
    };
    let _status = next()?;
    let from_year = next()?.parse().ok()?;
    let until_year = next()?.parse().ok();
    let moved = next()?.split(';').filter_map(|entry| successor(entry, until_year)).collect();
    let prefecture = Some(prefecture).filter(|name| !name.is_empty() && *name != "直辖");
    Some(Division { code, name, province, prefecture, tier, from_year, until_year, moved })
}

/// `320613`, or `320612[2009]` where the year is not that of the row's end.
fn successor(entry: &str, until_year: Option<u16>) -> Option<Successor> {
    let code = DivisionCode::parse(entry.get(..6)?).ok()?;
    let year = entry[6..].strip_prefix('[').and_then(|year| year.strip_suffix(']'));
    Some(Successor { code, year: year.and_then(|year| year.parse().ok()).or(until_year)? })
}
