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
            sqlx::query(
                "INSERT INTO registry.population AS p (division_code, sex, birth_year, people)
                 SELECT * FROM unnest($1::text[], $2::smallint[], $3::smallint[], $4::bigint[])
                 ON CONFLICT (division_code, sex, birth_year) DO UPDATE SET people = p.people + EXCLUDED.people",
            )
            .bind(differences.iter().map(|(census, _)| text(census)).collect::<Vec<_>>())
            .bind(differences.iter().map(|(census, _)| census.sex).collect::<Vec<_>>())
            .bind(differences.iter().map(|(census, _)| census.birth_year).collect::<Vec<_>>())
            .bind(differences.iter().map(|(_, by)| *by).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
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
