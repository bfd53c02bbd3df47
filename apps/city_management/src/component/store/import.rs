//! The SQL of surveys: what was delivered, how far it is, what was not taken.
use async_trait::async_trait;
use jh_core::actor::OrganisationId;
use jh_db::files::FileKeeper;
use jh_db::{Base, DbError};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::code::ImportId;

/// One delivered survey.
#[derive(FromRow, Clone, Debug)]
pub struct ImportRow {
    /// Which.
    pub import_id: ImportId,
    /// The file's name in the file store.
    pub file_sm3: Vec<u8>,
    /// The file's name as it came.
    pub file_name: String,
    /// Its size.
    pub file_bytes: i64,
    /// `csv` or `geojson`.
    pub format: String,
    /// `wgs84` or `gcj02`.
    pub datum: String,
    /// Whether known codes are renewed.
    pub renew: bool,
    /// The survey.
    pub source: String,
    /// Of rows that say no day.
    pub surveyed_on: Date,
    /// Who delivered it.
    pub organisation_name: String,
    /// What the deliverer's permission covered.
    pub scopes: Vec<Uuid>,
    /// `waiting`, `running`, `done`, `cancelled`, `failed`.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// The file's columns.
    pub columns: Vec<String>,
    /// Rows looked at.
    pub rows_read: i64,
    /// New components.
    pub rows_added: i64,
    /// Components that were known.
    pub rows_renewed: i64,
    /// Rows not taken.
    pub rows_refused: i64,
    /// Bytes looked at.
    pub bytes_read: i64,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// Who brought it.
    pub received_by_name: String,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
}

impl ImportRow {
    /// Whether it goes on.
    pub fn is_live(&self) -> bool {
        matches!(self.state.as_str(), "waiting" | "running")
    }

    /// How far it is, of a hundred.
    pub fn percent(&self) -> i64 {
        if self.is_live() { (self.bytes_read * 100 / self.file_bytes.max(1)).min(99) } else { 100 }
    }
}

/// A survey as it is delivered.
pub struct NewImport<'a> {
    /// Its id.
    pub id: ImportId,
    /// The file.
    pub file: (&'a [u8], &'a str, i64),
    /// `csv` or `geojson`.
    pub format: &'a str,
    /// `wgs84` or `gcj02`.
    pub datum: &'a str,
    /// Whether known codes are renewed.
    pub renew: bool,
    /// The survey.
    pub source: &'a str,
    /// Of rows that say no day.
    pub surveyed_on: Date,
    /// Who delivers it.
    pub organisation: OrganisationId,
    /// What the deliverer's permission covers.
    pub scopes: &'a [Uuid],
    /// When, and who.
    pub by: (OffsetDateTime, Option<Uuid>, &'a str),
}

/// Adds a survey that waits.
pub async fn insert(conn: &mut PgConnection, new: &NewImport<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.import
             (import_id, file_sm3, file_name, file_bytes, format, datum, renew, source, surveyed_on, organisation_id, scopes,
              state, received_at, received_by, received_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $13, $14)",
    )
    .bind(new.id)
    .bind(new.file.0)
    .bind(new.file.1)
    .bind(new.file.2)
    .bind(new.format)
    .bind(new.datum)
    .bind(new.renew)
    .bind(new.source)
    .bind(new.surveyed_on)
    .bind(new.organisation)
    .bind(new.scopes)
    .bind(new.by.0)
    .bind(new.by.1)
    .bind(new.by.2)
    .execute(conn)
    .await?;
    Ok(())
}

/// Surveys of organisations the actor's permission covers, newest first; or the one of an id. Without scopes: for the job.
pub async fn list(
    conn: &mut PgConnection,
    scopes: Option<&[Uuid]>,
    only: Option<ImportId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<ImportRow>, DbError> {
    sqlx::query_as(
        "SELECT i.import_id, i.file_sm3, i.file_name, i.file_bytes, i.format, i.datum, i.renew, i.source, i.surveyed_on,
                o.short_name AS organisation_name, i.scopes, i.state, i.failure, i.columns, i.rows_read, i.rows_added,
                i.rows_renewed, i.rows_refused, i.bytes_read, i.received_at, i.received_by_name, i.ended_at
         FROM city_management.import i
         JOIN identity.v_organisation o USING (organisation_id)
         WHERE ($1::uuid[] IS NULL OR i.organisation_id IN
                (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)))
           AND ($2::uuid IS NULL OR i.import_id = $2)
         ORDER BY i.received_at DESC, i.import_id LIMIT $3 OFFSET $4",
    )
    .bind(scopes)
    .bind(only)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Locks a survey that goes on: the rows read so far, and whether it was asked to stop.
pub async fn lock(conn: &mut PgConnection, id: ImportId) -> Result<Option<(i64, bool)>, DbError> {
    sqlx::query_as(
        "SELECT rows_read, cancel_wanted FROM city_management.import
         WHERE import_id = $1 AND state IN ('waiting', 'running') FOR UPDATE",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// Writes down the file's columns, and that it is being read.
pub async fn begin(conn: &mut PgConnection, id: ImportId, columns: &[String]) -> Result<(), DbError> {
    sqlx::query("UPDATE city_management.import SET state = 'running', columns = $2 WHERE import_id = $1")
        .bind(id)
        .bind(columns)
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds what became of a chunk.
pub async fn count(
    conn: &mut PgConnection,
    id: ImportId,
    (read, added, renewed, refused): (i64, i64, i64, i64),
    bytes_read: i64,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.import SET rows_read = rows_read + $2, rows_added = rows_added + $3,
             rows_renewed = rows_renewed + $4, rows_refused = rows_refused + $5, bytes_read = greatest(bytes_read, $6)
         WHERE import_id = $1",
    )
    .bind(id)
    .bind(read)
    .bind(added)
    .bind(renewed)
    .bind(refused)
    .bind(bytes_read)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a survey that goes on.
pub async fn end(
    conn: &mut PgConnection,
    id: ImportId,
    state: &str,
    failure: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.import SET state = $2, failure = $3, ended_at = $4
         WHERE import_id = $1 AND state IN ('waiting', 'running')",
    )
    .bind(id)
    .bind(state)
    .bind(failure)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Asks a survey to stop; false when it has ended.
pub async fn want_cancelled(conn: &mut PgConnection, id: ImportId) -> Result<bool, DbError> {
    let done = sqlx::query(
        "UPDATE city_management.import SET cancel_wanted = true WHERE import_id = $1 AND state IN ('waiting', 'running')",
    )
    .bind(id)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Surveys that have not ended.
pub async fn unfinished(conn: &mut PgConnection) -> Result<Vec<ImportId>, DbError> {
    sqlx::query_scalar("SELECT import_id FROM city_management.import WHERE state IN ('waiting', 'running') LIMIT 100")
        .fetch_all(conn)
        .await
        .map_err(DbError::from)
}

/// A row that was not taken.
#[derive(FromRow, Serialize, Clone, Debug)]
pub struct ErrorRow {
    /// The row of the file.
    pub row_no: i64,
    /// Which of our fields.
    pub field: String,
    /// The end of a Fluent key.
    pub code: String,
    /// What stood there.
    pub value: String,
    /// The row as it came.
    pub cells: Vec<String>,
}

/// Keeps rows that were not taken.
pub async fn insert_errors(conn: &mut PgConnection, id: ImportId, errors: &[ErrorRow]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.import_error (import_id, row_no, field, code, value, cells)
         SELECT $1, e.row_no, e.field, e.code, e.value, ARRAY(SELECT jsonb_array_elements_text(e.cells))
         FROM jsonb_to_recordset($2) AS e (row_no bigint, field text, code text, value text, cells jsonb)",
    )
    .bind(id)
    .bind(Json(errors))
    .execute(conn)
    .await?;
    Ok(())
}

/// Rows that were not taken, after a row, in order.
pub async fn errors(conn: &mut PgConnection, id: ImportId, after: i64, limit: i64) -> Result<Vec<ErrorRow>, DbError> {
    sqlx::query_as(
        "SELECT row_no, field, code, value, cells FROM city_management.import_error
         WHERE import_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3",
    )
    .bind(id)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// How many rows were refused for which reason, most first.
pub async fn reasons(conn: &mut PgConnection, id: ImportId) -> Result<Vec<(String, i64)>, DbError> {
    sqlx::query_as(
        "SELECT code, count(*) FROM city_management.import_error WHERE import_id = $1 GROUP BY code ORDER BY 2 DESC, 1 LIMIT 20",
    )
    .bind(id)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Keeps the files of surveys: they are read again when a run is resumed, and what was delivered stays evidence.
pub struct SurveyFiles;

#[async_trait]
impl FileKeeper for SurveyFiles {
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
        let among: Vec<&[u8]> = among.iter().map(<[u8; 32]>::as_slice).collect();
        let kept: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT DISTINCT file_sm3 FROM city_management.import WHERE file_sm3 = ANY($1)")
                .bind(among)
                .fetch_all(base.db.pool())
                .await?;
        // The column's check holds the length.
        Ok(kept.into_iter().filter_map(|name| name.try_into().ok()).collect())
    }
}
