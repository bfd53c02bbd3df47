//! Golden records that are written anew, gathered for a few statements: because rows came, or because the order of
//! sources changed.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::census::{Census, Tally};
use super::copy::Rows;
use super::golden::{GoldenPlan, Sources};
use super::secrets::Secrets;
use crate::store::revision::Standing;
use crate::store::subject;
use crate::survivorship::Record;

/// The golden records to be written, and where they will count.
pub(crate) struct Revised<'a> {
    golden: GoldenPlan,
    secrets: &'a Secrets,
    at: OffsetDateTime,
    subjects: Vec<Uuid>,
    rows: Rows,
    counted: Vec<Census>,
}

impl<'a> Revised<'a> {
    /// None yet.
    pub fn new(golden: GoldenPlan, secrets: &'a Secrets, at: OffsetDateTime) -> Self {
        Self { golden, secrets, at, subjects: Vec::new(), rows: Rows::default(), counted: Vec::new() }
    }

    /// Writes a subject's golden record anew: `survivors` by position. Somebody has a value, or there is no record.
    pub fn push(&mut self, subject: Uuid, records: &[Record], survivors: &[i16]) {
        let (main, each) = standing(survivors);
        let sources = Sources { provider_no: main, provider_nos: each.as_deref(), revised_at: self.at };
        let values: Vec<Option<&str>> = standing_values(records, survivors).collect();
        self.counted.push(self.golden.encode(subject, &values, sources, self.secrets, &mut self.rows));
        self.subjects.push(subject);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Replaces them, and counts where they were and are.
    pub async fn write(self, connection: &mut PgConnection, tally: &mut Tally) -> Result<(), DbError> {
        for census in subject::remove_golden(connection, self.golden.kind(), &self.subjects).await? {
            tally.add(census, -1);
        }
        self.rows.copy_all(connection, self.golden.copy_statement()).await?;
        for census in self.counted {
            tally.add(census, 1);
        }
        Ok(())
    }
}

/// Survivors as they are stored: one number where all values are of one provider.
pub(crate) fn standing(survivors: &[i16]) -> Standing {
    let main = survivors.iter().copied().find(|provider| *provider > 0).unwrap_or_default();
    let mixed = survivors.iter().any(|provider| *provider != main && *provider > 0);
    (main, mixed.then(|| survivors.to_vec()))
}

/// The values that stand, by position.
pub(super) fn standing_values<'r>(
    records: &'r [Record],
    survivors: &'r [i16],
) -> impl Iterator<Item = Option<&'r str>> {
    survivors
        .iter()
        .enumerate()
        .map(move |(position, provider)| records.iter().find(|record| record.provider_no == *provider)?.value(position))
}
