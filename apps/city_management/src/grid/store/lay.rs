//! The SQL of runs that lay grids over an area: asking for one, its progress, its end. What is cut is in `cut`.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::code::GenerationId;

/// One run.
#[derive(FromRow, Clone, Debug)]
pub struct Run {
    /// Which.
    pub generation_id: GenerationId,
    /// GB/T 2260.
    pub county_code: String,
    /// What people call the area.
    pub name: String,
    /// In this system it is cut.
    pub srid: i32,
    /// The side of a square.
    pub edge_m: i32,
    /// `waiting`, `cutting`, `merging`, `done`, `cancelled`, `failed`.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// Strips to cut.
    pub strips: i32,
    /// Strips cut.
    pub strips_done: i32,
    /// Grids made.
    pub grids: i32,
    /// The lowest code given.
    pub first_code: Option<String>,
    /// The highest code given.
    pub last_code: Option<String>,
    /// When it was asked for.
    pub requested_at: OffsetDateTime,
    /// By whom.
    pub requested_by_name: String,
    /// When it ended.
    pub ended_at: Option<OffsetDateTime>,
}

impl Run {
    /// Whether it goes on.
    pub fn is_live(&self) -> bool {
        matches!(self.state.as_str(), "waiting" | "cutting" | "merging")
    }

    /// How far it is, of a hundred; the merging and landing count as the last tenth.
    pub fn percent(&self) -> i32 {
        if self.state == "done" { 100 } else { self.strips_done * 90 / self.strips.max(1) }
    }
}

/// A run as it is asked for.
pub struct NewRun<'a> {
    /// Its id.
    pub id: GenerationId,
    /// GB/T 2260.
    pub county: &'a str,
    /// What people call the area.
    pub name: &'a str,
    /// In this system it is cut.
    pub srid: i32,
    /// The side of a square.
    pub edge_m: i32,
    /// When.
    pub now: OffsetDateTime,
    /// By whom.
    pub by: Option<Uuid>,
    /// By whom.
    pub by_name: &'a str,
}

/// Adds a run, its strips not counted yet.
pub async fn insert(conn: &mut PgConnection, new: &NewRun<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.generation
             (generation_id, county_code, name, srid, edge_m, state, strips, requested_at, requested_by, requested_by_name)
         VALUES ($1, $2, $3, $4, $5, 'waiting', 1, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.county)
    .bind(new.name)
    .bind(new.srid)
    .bind(new.edge_m)
    .bind(new.now)
    .bind(new.by)
    .bind(new.by_name)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a run and removes what it cut; true unless it had ended before.
pub async fn end(
    conn: &mut PgConnection,
    run: GenerationId,
    (state, failure): (&str, Option<&str>),
    (grids, first, last): (i32, Option<&str>, Option<&str>),
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    sqlx::query("DELETE FROM city_management.piece WHERE generation_id = $1").bind(run).execute(&mut *conn).await?;
    let done = sqlx::query(
        "UPDATE city_management.generation SET state = $2, failure = $3, grids = $4, first_code = $5, last_code = $6, ended_at = $7
         WHERE generation_id = $1 AND state IN ('waiting', 'cutting', 'merging')",
    )
    .bind(run)
    .bind(state)
    .bind(failure)
    .bind(grids)
    .bind(first)
    .bind(last)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Asks a run to stop; false when it has ended.
pub async fn want_cancelled(conn: &mut PgConnection, run: GenerationId) -> Result<bool, DbError> {
    let done = sqlx::query(
        "UPDATE city_management.generation SET cancel_wanted = true
         WHERE generation_id = $1 AND state IN ('waiting', 'cutting', 'merging')",
    )
    .bind(run)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a run was asked to stop; none when there is no such run that goes on. Locks it until the transaction ends.
pub async fn lock(conn: &mut PgConnection, run: GenerationId) -> Result<Option<bool>, DbError> {
    sqlx::query_scalar(
        "SELECT cancel_wanted FROM city_management.generation
         WHERE generation_id = $1 AND state IN ('waiting', 'cutting', 'merging') FOR UPDATE",
    )
    .bind(run)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// Says that a run has cut everything.
pub async fn begin_merging(conn: &mut PgConnection, run: GenerationId) -> Result<(), DbError> {
    sqlx::query("UPDATE city_management.generation SET state = 'merging' WHERE generation_id = $1 AND state IN ('waiting', 'cutting')")
        .bind(run)
        .execute(conn)
        .await?;
    Ok(())
}

/// One run, if the actor may see one of its parts.
pub async fn one(conn: &mut PgConnection, scopes: &[Uuid], run: GenerationId) -> Result<Option<Run>, DbError> {
    sqlx::query_as(
        "SELECT r.generation_id, r.county_code, r.name, r.srid, r.edge_m, r.state, r.failure, r.strips, r.strips_done, r.grids,
                r.first_code, r.last_code, r.requested_at, r.requested_by_name, r.ended_at
         FROM city_management.generation r
         WHERE r.generation_id = $2 AND EXISTS (
             SELECT 1 FROM city_management.generation_part p
             JOIN identity.v_organisation_closure c ON c.descendant_id = p.organisation_id AND c.ancestor_id = ANY($1)
             WHERE p.generation_id = r.generation_id)",
    )
    .bind(scopes)
    .bind(run)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// One run, for the job.
pub async fn whole(conn: &mut PgConnection, run: GenerationId) -> Result<Option<Run>, DbError> {
    sqlx::query_as(
        "SELECT generation_id, county_code, name, srid, edge_m, state, failure, strips, strips_done, grids, first_code, last_code,
                requested_at, requested_by_name, ended_at
         FROM city_management.generation WHERE generation_id = $1",
    )
    .bind(run)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// The runs, newest first.
pub async fn list(conn: &mut PgConnection, scopes: &[Uuid], limit: i64, offset: i64) -> Result<Vec<Run>, DbError> {
    sqlx::query_as(
        "SELECT r.generation_id, r.county_code, r.name, r.srid, r.edge_m, r.state, r.failure, r.strips, r.strips_done, r.grids,
                r.first_code, r.last_code, r.requested_at, r.requested_by_name, r.ended_at
         FROM city_management.generation r
         WHERE EXISTS (
             SELECT 1 FROM city_management.generation_part p
             JOIN identity.v_organisation_closure c ON c.descendant_id = p.organisation_id AND c.ancestor_id = ANY($1)
             WHERE p.generation_id = r.generation_id)
         ORDER BY r.requested_at DESC LIMIT $2 OFFSET $3",
    )
    .bind(scopes)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The highest serial given out under the beginning of a code.
pub async fn last_serial(conn: &mut PgConnection, prefix: &str) -> Result<i32, DbError> {
    sqlx::query_scalar("SELECT coalesce(max(last_serial), 0) FROM city_management.grid_serial WHERE prefix = $1")
        .bind(prefix)
        .fetch_one(conn)
        .await
        .map_err(DbError::from)
}

/// Runs that have not ended.
pub async fn unfinished(conn: &mut PgConnection) -> Result<Vec<GenerationId>, DbError> {
    sqlx::query_scalar(
        "SELECT generation_id FROM city_management.generation WHERE state IN ('waiting', 'cutting', 'merging') LIMIT 100",
    )
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
