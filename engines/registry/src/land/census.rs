//! What each chunk adds to the counters, gathered before they are touched.
use std::collections::HashMap;

use sqlx::PgConnection;

use jh_db::DbError;

/// Where one golden record counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Census {
    /// Six digits; zeros where unknown.
    division: [u8; 6],
    /// Of a person; 0 where unknown or no person.
    sex: i16,
    /// Of a person; 0 where unknown or no person.
    birth_year: i16,
}

impl Census {
    /// A person.
    pub fn of_person(division: Option<&str>, sex: Option<i16>, birth_year: Option<i32>) -> Self {
        let birth_year = birth_year.and_then(|year| i16::try_from(year).ok()).unwrap_or(0);
        Self { sex: sex.unwrap_or(0), birth_year, ..Self::of_division(division) }
    }

    /// Anything else.
    pub fn of_division(division: Option<&str>) -> Self {
        let digits = division.and_then(|code| code.as_bytes().first_chunk::<6>().copied());
        Self { division: digits.unwrap_or(*b"000000"), sex: 0, birth_year: 0 }
    }
}

/// Differences to the counters.
#[derive(Debug, Default)]
pub struct Tally(HashMap<Census, i64>);

impl Tally {
    /// One more, or one less.
    pub fn add(&mut self, census: Census, by: i64) {
        *self.0.entry(census).or_default() += by;
    }

    /// Writes the differences, in a fixed order so that two transactions never wait for each other crosswise.
    pub async fn write(self, connection: &mut PgConnection, kind: i16) -> Result<(), DbError> {
        let mut differences: Vec<_> = self.0.into_iter().filter(|(_, by)| *by != 0).collect();
        if differences.is_empty() {
            return Ok(());
        }
        differences.sort_unstable_by_key(|(census, _)| (census.division, census.sex, census.birth_year));
        let text = |census: &Census| String::from_utf8_lossy(&census.division).into_owned();
        if kind == crate::model::kind_no(catalogue::api::RowKind::Person) {
            write_people(connection, &differences).await?;
        }
        let mut by_division: Vec<(String, i64)> = Vec::new();
        for (census, by) in &differences {
            match by_division.last_mut() {
                Some((division, sum)) if division.as_bytes() == census.division => *sum += by,
                _ => by_division.push((text(census), *by)),
            }
        }
        let (divisions, sums): (Vec<_>, Vec<_>) = by_division.into_iter().unzip();
        sqlx::query(
            "INSERT INTO registry.holding AS h (kind, division_code, subjects)
             SELECT $1, * FROM unnest($2::text[], $3::bigint[])
             ON CONFLICT (kind, division_code) DO UPDATE SET subjects = h.subjects + EXCLUDED.subjects",
        )
        .bind(kind)
        .bind(divisions)
        .bind(sums)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The first year of `registry.population`.
const FIRST_YEAR: i16 = 1850;
/// Its places: years not known, and 250 years.
const YEARS: usize = 251;

/// Adds differences, sorted by division and sex, to the people of each.
async fn write_people(connection: &mut PgConnection, differences: &[(Census, i64)]) -> Result<(), DbError> {
    let (mut divisions, mut sexes, mut people) = (Vec::new(), Vec::new(), Vec::new());
    for together in differences.chunk_by(|(one, _), (next, _)| (one.division, one.sex) == (next.division, next.sex)) {
        let mut years = [0_i64; YEARS];
        for (census, by) in together {
            let place = usize::try_from(census.birth_year - FIRST_YEAR + 1).unwrap_or(0);
            years[if place < YEARS { place } else { 0 }] += by;
        }
        divisions.push(String::from_utf8_lossy(&together[0].0.division).into_owned());
        sexes.push(together[0].0.sex);
        people.extend(years);
    }
    sqlx::query(
        "INSERT INTO registry.population AS p (division_code, sex, people)
         SELECT d.division_code, d.sex, ($3::bigint[])[(d.n - 1) * $4 + 1 : d.n * $4]
         FROM unnest($1::text[], $2::smallint[]) WITH ORDINALITY AS d (division_code, sex, n)
         ON CONFLICT (division_code, sex) DO UPDATE SET people = (
             SELECT array_agg(before.people + added.people ORDER BY before.n)
             FROM unnest(p.people) WITH ORDINALITY AS before (people, n)
             JOIN unnest(EXCLUDED.people) WITH ORDINALITY AS added (people, n) USING (n))",
    )
    .bind(divisions)
    .bind(sexes)
    .bind(people)
    .bind(i64::try_from(YEARS).unwrap_or(0))
    .execute(connection)
    .await?;
    Ok(())
}
