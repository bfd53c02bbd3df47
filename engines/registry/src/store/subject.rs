//! Subjects and what providers say of them: looking keys up, and replacing records.
//!
//! A record is replaced by DELETE and COPY rather than UPDATE: arrays of different lengths cannot be handed to one
//! UPDATE as parameters, and readers see neither step before the commit.
use std::collections::HashMap;

use catalogue::api::RowKind;
use jh_crypto::CryptoError;
use jh_crypto::keyring::Opener;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::land::{Census, open_values};
use crate::survivorship::Record;

/// A sealed value that does not open means that the keys are not those of this database.
pub fn broken(error: CryptoError) -> DbError {
    DbError::Sqlx(sqlx::Error::Decode(Box::new(error)))
}

/// Plans for the rest of the transaction that find rows by their keys. They never look at the length of an array, for
/// planning for 16,384 keys takes longer than finding them; and never read a whole table, for a plan made while it was
/// empty would go on doing so when it has millions of rows.
async fn plan_by_key(connection: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The subjects of those keys that are known.
pub async fn of_keys(connection: &mut PgConnection, keys: &[Uuid]) -> Result<HashMap<Uuid, Uuid>, DbError> {
    plan_by_key(connection).await?;
    let rows: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT scheme_key, subject_id FROM registry.identifier WHERE scheme_key = ANY($1)")
            .bind(keys)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Digest and delivery of what a provider says of subjects, where it says anything.
pub async fn digests(
    connection: &mut PgConnection,
    kind: i16,
    provider_no: i16,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, (Uuid, i32)>, DbError> {
    let rows: Vec<(Uuid, Uuid, i32)> = sqlx::query_as(
        "SELECT subject_id, digest, delivery_no FROM registry.record
         WHERE kind = $1 AND subject_id = ANY($3) AND provider_no = $2",
    )
    .bind(kind)
    .bind(provider_no)
    .bind(subjects)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(subject, digest, number)| (subject, (digest, number))).collect())
}

/// A record as stored.
#[derive(Debug, FromRow)]
pub struct StoredRecord {
    /// Of whom.
    pub subject_id: Uuid,
    /// By whom.
    pub provider_no: i16,
    /// The delivery.
    pub delivery_no: i32,
    /// Values in clear, up to the last.
    pub clear_values: Vec<Option<String>>,
    /// The others.
    pub sealed: Option<Vec<u8>>,
    /// The delivery of each value, where they are of several.
    pub delivery_nos: Option<Vec<i32>>,
}

impl StoredRecord {
    /// With its sealed values opened.
    pub fn open(self, opener: &Opener, width: usize) -> Result<Record, CryptoError> {
        Ok(Record {
            provider_no: self.provider_no,
            delivery_no: self.delivery_no,
            delivery_nos: self.delivery_nos,
            values: open_values(opener, self.clear_values, self.sealed.as_deref(), width)?,
        })
    }
}

/// All records of subjects.
pub async fn records(
    connection: &mut PgConnection,
    kind: i16,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StoredRecord>>, DbError> {
    let rows: Vec<StoredRecord> = sqlx::query_as(
        "SELECT subject_id, provider_no, delivery_no, clear_values, sealed, delivery_nos
         FROM registry.record WHERE kind = $1 AND subject_id = ANY($2)",
    )
    .bind(kind)
    .bind(subjects)
    .fetch_all(connection)
    .await?;
    Ok(by_subject(rows))
}

/// What providers within the scopes say of subjects, by the provider's number.
pub async fn records_within(
    connection: &mut PgConnection,
    kind: i16,
    subjects: &[Uuid],
    scopes: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StoredRecord>>, DbError> {
    let rows: Vec<StoredRecord> = sqlx::query_as(
        "SELECT r.subject_id, r.provider_no, r.delivery_no, r.clear_values, r.sealed, r.delivery_nos
         FROM registry.record r JOIN registry.provider p USING (provider_no)
         WHERE r.kind = $1 AND r.subject_id = ANY($2) AND p.organisation_id IN
             (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($3))
         ORDER BY r.provider_no",
    )
    .bind(kind)
    .bind(subjects)
    .bind(scopes)
    .fetch_all(connection)
    .await?;
    Ok(by_subject(rows))
}

fn by_subject(rows: Vec<StoredRecord>) -> HashMap<Uuid, Vec<StoredRecord>> {
    let mut grouped: HashMap<Uuid, Vec<StoredRecord>> = HashMap::new();
    for row in rows {
        grouped.entry(row.subject_id).or_default().push(row);
    }
    grouped
}

/// Moves a provider's records into the past; the new ones are copied in after.
pub async fn retire_records(
    connection: &mut PgConnection,
    kind: i16,
    provider_no: i16,
    subjects: &[Uuid],
    delivery_no: i32,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    if subjects.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "WITH replaced AS (
             DELETE FROM registry.record WHERE kind = $1 AND subject_id = ANY($3) AND provider_no = $2 RETURNING *)
         INSERT INTO registry.record_past (kind, subject_id, provider_no, delivery_no, clear_values, sealed, delivery_nos,
             replaced_by, replaced_at)
         SELECT kind, subject_id, provider_no, delivery_no, clear_values, sealed, delivery_nos, $4, $5 FROM replaced",
    )
    .bind(kind)
    .bind(provider_no)
    .bind(subjects)
    .bind(delivery_no)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes golden records that are about to be written anew, and answers where they counted.
pub async fn remove_golden(
    connection: &mut PgConnection,
    kind: RowKind,
    subjects: &[Uuid],
) -> Result<Vec<Census>, DbError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    if kind == RowKind::Person {
        let removed: Vec<(Option<String>, Option<i16>, Option<Date>)> = sqlx::query_as(
            "DELETE FROM registry.person WHERE person_id = ANY($1) RETURNING division_code, sex, birth_on",
        )
        .bind(subjects)
        .fetch_all(connection)
        .await?;
        let census = |(division, sex, born): &(Option<String>, Option<i16>, Option<Date>)| {
            Census::of_person(division.as_deref(), *sex, born.map(Date::year))
        };
        return Ok(removed.iter().map(census).collect());
    }
    let query = if kind == RowKind::Organisation {
        sqlx::query_scalar("DELETE FROM registry.organisation WHERE organisation_id = ANY($1) RETURNING division_code")
    } else {
        sqlx::query_scalar("DELETE FROM registry.place WHERE place_id = ANY($1) RETURNING division_code")
    };
    let removed: Vec<Option<String>> = query.bind(subjects).fetch_all(connection).await?;
    Ok(removed.iter().map(|division| Census::of_division(division.as_deref())).collect())
}

/// A dataset's row as far as it must be known to be replaced.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct StoredRow {
    /// Its key.
    pub row_key: Uuid,
    /// Its place in the order.
    pub row_no: i64,
    /// By which it is known to be unchanged.
    pub digest: Uuid,
    /// The delivery that brought it.
    pub delivery_no: i32,
}

/// Those of the keys that a dataset has.
pub async fn dataset_rows(
    connection: &mut PgConnection,
    resource: Uuid,
    keys: &[Uuid],
) -> Result<HashMap<Uuid, StoredRow>, DbError> {
    plan_by_key(connection).await?;
    let rows: Vec<StoredRow> = sqlx::query_as(
        "SELECT row_key, row_no, digest, delivery_no FROM registry.dataset_row
         WHERE resource_id = $1 AND row_key = ANY($2)",
    )
    .bind(resource)
    .bind(keys)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.row_key, row)).collect())
}

/// Removes rows that are about to be written anew.
pub async fn remove_dataset_rows(connection: &mut PgConnection, resource: Uuid, keys: &[Uuid]) -> Result<(), DbError> {
    if keys.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM registry.dataset_row WHERE resource_id = $1 AND row_key = ANY($2)")
        .bind(resource)
        .bind(keys)
        .execute(connection)
        .await?;
    Ok(())
}
