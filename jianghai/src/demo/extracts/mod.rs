//! Synthetic residents and enterprises of the demonstration, as four departments would send them.
//!
//! Pure: a plan in, bytes out, the same on every machine. It knows no database, no web and no engine, and streams, so that
//! its memory does not grow with the plan (a spreadsheet is the exception and is bounded). Every row says 演示合成数据.
//! Real are only the divisions people live in and were born in.
//!
//! Each file errs in its own way in about 1.5 rows of a hundred, needs mending in two, repeats three of a thousand, and
//! takes liberties that are no fault. [`Counts`] says how often each happened: a test holds the ingest to it.
mod departments;
pub(super) mod dice;
mod enterprises;
mod faults;
mod files;
mod hard;
mod layouts;
mod names;
mod numbers;
mod people;
mod places;
mod population;
mod row;
mod story;
mod tally;
#[cfg(test)]
mod tests;
mod writing;

pub use departments::SYNTHETIC;
pub use faults::{Fault, Mend};
pub use files::{Delivery, write_all};
pub use hard::{HEADERS as HARD_HEADERS, write_hard};
pub use population::write_population;
pub use row::Encoding;
pub use story::{Story, StoryFault, story_files};
pub use tally::{Counts, Outcome, Truth};
pub use writing::{people_accepted, write_enterprise_extract, write_enterprises, write_person_extract, write_persons};

/// The residents of whom one plan can tell no more apart.
pub const PEOPLE_MAX: u64 = numbers::INDEX_MAX / 105 * 100;
/// The enterprises of which one plan can tell no more apart.
pub const ENTERPRISES_MAX: u64 = enterprises::ENTERPRISES_MAX;
/// The rows of the one extract that is a spreadsheet: the library holds it in memory.
pub const SPREADSHEET_ROWS_MAX: u64 = 20_000;

/// How many there are, and by which chance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The same seed gives the same people.
    pub seed: u64,
    /// Registered residents; a further four of a hundred live here and are registered elsewhere.
    pub people: u64,
    /// Enterprises, individual businesses and cooperatives.
    pub enterprises: u64,
}

impl Default for Plan {
    /// The demonstration city.
    fn default() -> Self {
        Self { seed: 2015, people: 52_000, enterprises: 3_200 }
    }
}

impl Plan {
    /// Everyone who lives here, registered or not.
    fn residents(&self) -> u64 {
        self.people + self.people / 25
    }

    /// Refuses plans whose people could not be told apart.
    fn check(&self) -> std::io::Result<()> {
        if self.people > PEOPLE_MAX || self.enterprises > ENTERPRISES_MAX {
            let text = format!("a plan has at most {PEOPLE_MAX} people and {ENTERPRISES_MAX} enterprises");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, text));
        }
        Ok(())
    }
}

/// The three extracts that hold people.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PersonExtract {
    /// 公安局 户籍人口: every registered resident. CSV in UTF-8 with a byte order mark.
    Police,
    /// 人社局 参保人员: most residents from 16 on, registered or not. CSV in GB 18030.
    Insurance,
    /// 卫计委 居民健康档案: a sample of all residents. XLSX, 20,000 rows at most.
    Health,
}

impl PersonExtract {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Police, Self::Insurance, Self::Health];

    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Police => "演示-公安局-户籍人口.csv",
            Self::Insurance => "演示-人社局-参保人员.csv",
            Self::Health => "演示-卫计委-居民健康档案.xlsx",
        }
    }

    /// The organisation that sends it.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Police => "NT-GA",
            Self::Insurance => "NT-RS",
            Self::Health => "NT-WJW",
        }
    }

    /// The resource of the catalogue that it fills.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Police => "NT-GA-001",
            Self::Insurance => "NT-RS-001",
            Self::Health => "NT-WJW-001",
        }
    }

    /// The headers of its columns.
    pub fn headers(self) -> &'static [&'static str] {
        self.layout().headers
    }

    fn layout(self) -> &'static row::Layout {
        match self {
            Self::Police => &layouts::POLICE,
            Self::Insurance => &layouts::INSURANCE,
            Self::Health => &layouts::HEALTH,
        }
    }
}

/// The file of 工商局 企业登记, CSV in UTF-8.
pub const ENTERPRISE_FILE: &str = "演示-工商局-企业登记.csv";
/// Who sends it.
pub const ENTERPRISE_PROVIDER: &str = "NT-GS";
/// The resource it fills.
pub const ENTERPRISE_RESOURCE: &str = "NT-GS-001";
