//! Files of past cases: how far they were read, what was refused, and names that wait to be explained.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::suggestion::ImportId;

/// The most faults kept of one file.
const FAULTS_MAX: i64 = 1_000;

/// A file and how far it was read.
#[derive(Clone, Debug, FromRow)]
pub struct ImportRow {
    pub import_id: ImportId,
    pub file_name: String,
    pub file_sm3: Vec<u8>,
    pub state: String,
    pub refusal: Option<String>,
    pub scopes: Vec<Uuid>,
    pub rows_read: i64,
    pub rows_kept: i64,
    pub rows_twice: i64,
    pub rows_refused: i64,
    pub rows_stray: i64,
    pub brought_by_name: String,
    pub brought_at: OffsetDateTime,
}

/// What a portion adds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portion {
    pub read: i64,
    pub kept: i64,
    pub twice: i64,
    pub refused: i64,
    pub stray: i64,
}

/// A row whose department is not known.
#[derive(Clone, Debug, FromRow)]
pub struct StrayRow {
    pub text: String,
    pub happened_on: Option<Date>,
    pub file_name: String,
}

/// A name that waits, and how many rows wait for it.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingName {
    pub department: String,
    pub count: i64,
    /// One of the texts.
    pub example: String,
}

/// Notes a file.
pub async fn insert(conn: &mut PgConnection, row: &ImportRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.history_import (import_id, file_name, file_sm3, state, scopes, brought_by_name, brought_at,
             changed_at)
         VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $6)",
    )
    .bind(row.import_id)
    .bind(&row.file_name)
    .bind(&row.file_sm3)
    .bind(&row.scopes)
    .bind(&row.brought_by_name)
    .bind(row.brought_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// One file.
pub async fn find(conn: &mut PgConnection, id: ImportId) -> Result<Option<ImportRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT import_id, file_name, file_sm3, state, refusal, scopes, rows_read, rows_kept, rows_twice, rows_refused,
             rows_stray, brought_by_name, brought_at FROM hotline.history_import WHERE import_id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// Files, newest first.
pub async fn list(conn: &mut PgConnection, page: PageRequest) -> Result<Vec<ImportRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT import_id, file_name, file_sm3, state, refusal, scopes, rows_read, rows_kept, rows_twice, rows_refused,
             rows_stray, brought_by_name, brought_at FROM hotline.history_import
         ORDER BY brought_at DESC, import_id LIMIT $1 OFFSET $2",
    )
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Adds a portion's counts.
pub async fn advance(
    conn: &mut PgConnection,
    id: ImportId,
    portion: Portion,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE hotline.history_import SET state = 'reading', rows_read = rows_read + $2, rows_kept = rows_kept + $3,
             rows_twice = rows_twice + $4, rows_refused = rows_refused + $5, rows_stray = rows_stray + $6,
             changed_at = $7
         WHERE import_id = $1",
    )
    .bind(id)
    .bind(portion.read)
    .bind(portion.kept)
    .bind(portion.twice)
    .bind(portion.refused)
    .bind(portion.stray)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A file is read to its end, or cannot be read.
pub async fn finish(
    conn: &mut PgConnection,
    id: ImportId,
    refusal: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE hotline.history_import SET state = CASE WHEN $2::text IS NULL THEN 'done' ELSE 'failed' END,
             refusal = $2, changed_at = $3 WHERE import_id = $1",
    )
    .bind(id)
    .bind(refusal)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes refused rows, as long as there is room.
pub async fn insert_faults(conn: &mut PgConnection, id: ImportId, faults: &[(i64, &str)]) -> Result<(), DbError> {
    let (lines, codes): (Vec<i64>, Vec<&str>) = faults.iter().copied().unzip();
    sqlx::query(
        "INSERT INTO hotline.history_fault (import_id, line, code)
         SELECT $1, n.line, n.code FROM unnest($2::bigint[], $3::text[]) AS n (line, code)
         LIMIT greatest(0, $4 - (SELECT count(*) FROM hotline.history_fault WHERE import_id = $1))
         ON CONFLICT (import_id, line) DO NOTHING",
    )
    .bind(id)
    .bind(lines)
    .bind(codes)
    .bind(FAULTS_MAX)
    .execute(conn)
    .await?;
    Ok(())
}

/// Refused rows of a file, in their order.
pub async fn faults(conn: &mut PgConnection, id: ImportId, page: PageRequest) -> Result<Vec<(i64, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT line, code FROM hotline.history_fault WHERE import_id = $1 ORDER BY line LIMIT $2 OFFSET $3",
    )
    .bind(id)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Lets rows wait for their department's name to be explained: line, name, text, day.
pub async fn insert_strays(
    conn: &mut PgConnection,
    id: ImportId,
    rows: &[(i64, String, String, Option<Date>)],
) -> Result<(), DbError> {
    let lines: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let departments: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    let texts: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
    let days: Vec<Option<Date>> = rows.iter().map(|row| row.3).collect();
    sqlx::query(
        "INSERT INTO hotline.history_stray (import_id, line, department, text, happened_on)
         SELECT $1, n.line, n.department, n.text, n.happened_on
         FROM unnest($2::bigint[], $3::text[], $4::text[], $5::date[]) AS n (line, department, text, happened_on)
         ON CONFLICT (import_id, line) DO NOTHING",
    )
    .bind(id)
    .bind(lines)
    .bind(departments)
    .bind(texts)
    .bind(days)
    .execute(conn)
    .await?;
    Ok(())
}

/// Names that wait, those of most rows first; of one file or of all.
pub async fn waiting_names(
    conn: &mut PgConnection,
    import: Option<ImportId>,
    page: PageRequest,
) -> Result<Vec<WaitingName>, DbError> {
    Ok(sqlx::query_as(
        "SELECT department, count(*) AS count, left(min(text), 120) AS example FROM hotline.history_stray
         WHERE $1::uuid IS NULL OR import_id = $1
         GROUP BY department ORDER BY count(*) DESC, department LIMIT $2 OFFSET $3",
    )
    .bind(import)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// What names stand for that somebody has explained.
pub async fn explained(conn: &mut PgConnection) -> Result<Vec<(String, Option<Uuid>)>, DbError> {
    Ok(sqlx::query_as("SELECT department, organisation_id FROM hotline.history_name LIMIT 20000")
        .fetch_all(conn)
        .await?)
}

/// Explains a name.
pub async fn explain(
    conn: &mut PgConnection,
    department: &str,
    organisation: Option<OrganisationId>,
    by: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.history_name (department, organisation_id, explained_by_name, explained_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (department) DO UPDATE SET organisation_id = excluded.organisation_id,
             explained_by_name = excluded.explained_by_name, explained_at = excluded.explained_at",
    )
    .bind(department)
    .bind(organisation)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes rows of an explained name out of the waiting ones, at most so many.
pub async fn take_strays(conn: &mut PgConnection, department: &str, limit: i64) -> Result<Vec<StrayRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH taken AS (
             SELECT import_id, line FROM hotline.history_stray WHERE department = $1 ORDER BY import_id, line LIMIT $2),
         gone AS (
             DELETE FROM hotline.history_stray s USING taken t WHERE s.import_id = t.import_id AND s.line = t.line
             RETURNING s.import_id, s.text, s.happened_on)
         SELECT g.text, g.happened_on, i.file_name
         FROM gone g JOIN hotline.history_import i ON i.import_id = g.import_id",
    )
    .bind(department)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
