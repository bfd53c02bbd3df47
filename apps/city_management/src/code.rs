//! The codes of grids and components, and how long a case may take. Pure: no database, no clock.
//!
//! GB/T 30428.1 gives a unit grid 15 digits, GB/T 30428.2 a component 16; README.md says which digits mean what.
use jh_core::define_id;
use time::Date;

define_id!(
    /// One unit grid while it stood.
    GridId
);
define_id!(
    /// One run that lays grids over an area.
    GenerationId
);
define_id!(
    /// One officers' grid.
    OfficerGridId
);
define_id!(
    /// One component of the register.
    ComponentId
);
define_id!(
    /// One delivered survey.
    ImportId
);

/// The most grids of one community: its serial has three digits.
pub const SERIAL_MAX: i32 = 999;

/// The beginning under which a grid's serial is counted: 12 digits of a community, or the county and a 9 where no
/// community is known. No street code begins with 9 (GB/T 10114), so the two never meet.
pub fn grid_prefix(county: &str, community: Option<&str>) -> String {
    community.map_or_else(|| format!("{county}9"), str::to_owned)
}

/// The code of a grid: prefix and serial, 15 digits. None when the serial does not fit.
pub fn grid_code(prefix: &str, serial: i32) -> Option<String> {
    let digits = 15_usize.checked_sub(prefix.len()).filter(|digits| matches!(digits, 3 | 8))?;
    let code = format!("{prefix}{serial:0digits$}");
    (serial > 0 && code.len() == 15).then_some(code)
}

/// Whether a day can be of a city's records: years that a form can say and a database cannot keep are slips.
pub fn plausible(day: &Date) -> bool {
    (1900..=2200).contains(&day.year())
}

/// Whether a text is so many digits.
pub fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A component's code in its parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ComponentCode<'a> {
    /// GB/T 2260.
    pub county: &'a str,
    /// Major and minor class.
    pub category: &'a str,
    /// From 000001.
    pub serial: i32,
}

impl<'a> ComponentCode<'a> {
    /// Reads 16 digits; none for anything else, and for the serial 000000.
    pub fn parse(text: &'a str) -> Option<Self> {
        if !digits(text, 16) {
            return None;
        }
        let serial = text[10..].parse().ok().filter(|serial| *serial > 0)?;
        Some(Self { county: &text[..6], category: &text[6..10], serial })
    }
}

/// The code of a component.
pub fn component_code(prefix: &str, serial: i32) -> String {
    format!("{prefix}{serial:06}")
}

/// In what a limit is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitUnit {
    /// Hours around the clock.
    Hour,
    /// Days of the calendar.
    Day,
    /// Hours within working time.
    WorkingHour,
    /// Working days.
    WorkingDay,
}

impl LimitUnit {
    /// All, in the order of a form.
    pub const ALL: [Self; 4] = [Self::WorkingHour, Self::WorkingDay, Self::Hour, Self::Day];

    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::WorkingHour => "working_hour",
            Self::WorkingDay => "working_day",
        }
    }

    /// From what is stored or typed.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// The Fluent key of a limit in this unit.
    pub fn key(word: &str) -> &'static str {
        match Self::parse(word) {
            Some(Self::Hour) => "city-management-limit-hour",
            Some(Self::Day) => "city-management-limit-day",
            Some(Self::WorkingHour) => "city-management-limit-working-hour",
            Some(Self::WorkingDay) | None => "city-management-limit-working-day",
        }
    }
}

/// How a component was found, in the order of a form.
pub const STATES: [(&str, &str, &str); 5] = [
    ("sound", "完好", "good"),
    ("damaged", "破损", "warn"),
    ("missing", "丢失", "bad"),
    ("disused", "废弃", "neutral"),
    ("removed", "移除", "neutral"),
];

/// The shifts of a patrol, in the order of a form.
pub const SHIFTS: [&str; 4] = ["whole_day", "early", "middle", "late"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_grids_code_has_fifteen_digits_and_keeps_its_beginning(county in "[1-8][0-9]{5}", below in "[0-8][0-9]{5}", serial in 1..=999_i32) {
            let community = format!("{county}{below}");
            let settled = grid_code(&grid_prefix(&county, Some(&community)), serial).expect("fits");
            let provisional = grid_code(&grid_prefix(&county, None), serial).expect("fits");
            prop_assert!(digits(&settled, 15) && settled.starts_with(&community));
            prop_assert!(digits(&provisional, 15) && provisional.starts_with(&county));
            prop_assert_ne!(settled, provisional);
        }

        #[test]
        fn a_components_code_reads_back(county in "[1-8][0-9]{5}", category in "[0-9]{4}", serial in 1..=999_999_i32) {
            let code = component_code(&format!("{county}{category}"), serial);
            prop_assert_eq!(ComponentCode::parse(&code), Some(ComponentCode { county: &county, category: &category, serial }));
        }

        #[test]
        fn nothing_but_sixteen_digits_is_a_components_code(text in "\\PC{0,20}") {
            if let Some(code) = ComponentCode::parse(&text) {
                prop_assert!(digits(&text, 16) && code.serial > 0);
            }
        }
    }

    #[test]
    fn a_community_has_no_thousandth_grid() {
        assert_eq!(grid_code("320613001001", SERIAL_MAX).as_deref(), Some("320613001001999"));
        assert_eq!(grid_code("320613001001", SERIAL_MAX + 1), None);
        assert_eq!(grid_code("3206139", 60_000).as_deref(), Some("320613900060000"));
    }
}
