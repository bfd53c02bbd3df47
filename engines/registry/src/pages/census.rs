//! The counters gathered into what maps and statistics show: by county of today, by age, by decade.
use std::collections::BTreeMap;

use catalogue::api::RowKind;
use jh_core::code::division::DivisionCode;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::boundaries::{county_of, outlines};
use crate::model::kind_no;
use crate::store::views::numbers::{self, Born, InDivision};

/// One county with its numbers.
#[derive(Clone, Debug)]
pub struct County {
    /// Its code; empty for what lies in none.
    pub code: String,
    /// Its name; empty for what lies in none.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// People.
    pub population: i64,
    /// Organisations.
    pub enterprises: i64,
}

/// Everything by county.
#[derive(Clone, Debug)]
pub struct Counties {
    /// In the order of codes.
    pub rows: Vec<County>,
    /// What lies in none of them, or does not say where.
    pub elsewhere: County,
    /// When rows last landed.
    pub as_of: Option<OffsetDateTime>,
}

impl Counties {
    /// All people and organisations.
    pub fn totals(&self) -> (i64, i64) {
        let all = self.rows.iter().chain([&self.elsewhere]);
        all.fold((0, 0), |(people, firms), row| (people + row.population, firms + row.enterprises))
    }
}

/// Reads the counters.
pub async fn counties(conn: &mut PgConnection) -> Result<Counties, DbError> {
    let (person, organisation) = (kind_no(RowKind::Person), kind_no(RowKind::Organisation));
    let people = numbers::by_division(conn, person).await?;
    let firms = numbers::by_division(conn, organisation).await?;
    let people_at = numbers::landed_at(conn, person).await?;
    let firms_at = numbers::landed_at(conn, organisation).await?;
    let (people, firms) = (by_county(&people), by_county(&firms));
    let county = |code: Option<DivisionCode>, name: &str, name_en: &str| County {
        code: code.map(|code| code.to_string()).unwrap_or_default(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        population: people.get(&code).copied().unwrap_or(0),
        enterprises: firms.get(&code).copied().unwrap_or(0),
    };
    let rows = outlines().iter().map(|outline| county(Some(outline.code), &outline.name, &outline.name_en)).collect();
    Ok(Counties { rows, elsewhere: county(None, "", ""), as_of: people_at.max(firms_at) })
}

fn by_county(rows: &[InDivision]) -> BTreeMap<Option<DivisionCode>, i64> {
    let known = |code: &DivisionCode| outlines().iter().any(|outline| outline.code == *code);
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(county_of(&row.division_code).filter(known)).or_default() += row.subjects;
    }
    sums
}

/// The width of an age band.
pub const BAND_YEARS: i32 = 10;
/// From this age on there is one band.
pub const BAND_LAST: i32 = 90;

/// People of one age band.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Band {
    /// The youngest age in it.
    pub from: i32,
    /// Men.
    pub male: i64,
    /// Women.
    pub female: i64,
}

/// The age bands, the oldest first. Years are counted, not birthdays: what is kept is the year of birth.
pub fn bands(rows: &[Born], this_year: i32) -> Vec<Band> {
    let mut bands: BTreeMap<i32, Band> = (0..=BAND_LAST / BAND_YEARS)
        .map(|at| (at * BAND_YEARS, Band { from: at * BAND_YEARS, ..Band::default() }))
        .collect();
    for row in rows.iter().filter(|row| row.birth_year > 0) {
        let age = (this_year - i32::from(row.birth_year)).max(0);
        let from = (age / BAND_YEARS * BAND_YEARS).min(BAND_LAST);
        let band = bands.entry(from).or_default();
        match row.sex {
            1 => band.male += row.people,
            2 => band.female += row.people,
            _ => {}
        }
    }
    bands.into_values().rev().collect()
}

/// Sums by decade, the oldest first; decades without anything in between count as nothing.
pub fn decades(years: impl Iterator<Item = (i32, i64)>) -> Vec<(i32, i64)> {
    let mut sums: BTreeMap<i32, i64> = BTreeMap::new();
    for (year, count) in years.filter(|(year, _)| *year > 0) {
        *sums.entry(year / 10 * 10).or_default() += count;
    }
    let (Some((first, _)), Some((last, _))) = (sums.first_key_value(), sums.last_key_value()) else {
        return Vec::new();
    };
    let (first, last) = (*first, *last);
    (first..=last).step_by(10).map(|decade| (decade, sums.get(&decade).copied().unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(sex: i16, birth_year: i16, people: i64) -> Born {
        Born { sex, birth_year, people }
    }

    #[test]
    fn ages_fall_into_bands_and_the_unknown_into_none() {
        let bands =
            bands(&[born(1, 2026, 1), born(2, 2017, 2), born(2, 1900, 3), born(0, 1990, 4), born(1, 0, 5)], 2026);
        assert_eq!(bands.len(), 10);
        assert_eq!(bands[0], Band { from: 90, male: 0, female: 3 });
        assert_eq!(bands[9], Band { from: 0, male: 1, female: 2 });
        assert_eq!(bands.iter().map(|band| band.male + band.female).sum::<i64>(), 6);
    }

    #[test]
    fn an_empty_decade_between_two_others_is_shown_as_empty() {
        assert_eq!(decades([(1987, 2), (1989, 1), (2003, 5), (0, 9)].into_iter()), [(1980, 3), (1990, 0), (2000, 5)]);
        assert!(decades(std::iter::empty()).is_empty());
    }

    #[test]
    fn merged_counties_count_together_and_foreign_ones_elsewhere() {
        let row = |code: &str, subjects| InDivision { division_code: code.to_owned(), subjects };
        let sums =
            by_county(&[row("320602", 1), row("320611", 2), row("320613", 4), row("110101", 8), row("000000", 16)]);
        let chongchuan = DivisionCode::parse("320613").ok();
        assert_eq!((sums[&chongchuan], sums[&None]), (7, 24));
    }
}
