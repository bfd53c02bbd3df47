//! What the operations page shows of the jobs, and what a person may do about one.
use jh_core::paging::{PageRequest, Paged};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Base, Db, DbError};

/// How long finished jobs are shown.
const KEPT: time::Duration = time::Duration::days(7);

/// One job.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JobRow {
    /// Its id.
    pub job_id: Uuid,
    /// Its kind.
    pub name: String,
    /// Its key, if any.
    pub key: Option<String>,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// How often it was begun.
    pub attempts: i32,
    /// When it was left for later.
    pub enqueued_at: OffsetDateTime,
    /// Not before.
    pub due_at: OffsetDateTime,
    /// When it last began.
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
    /// Why it last failed.
    pub failure: Option<String>,
}

/// How many jobs of one kind are in one state.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JobCount {
    /// The kind.
    pub name: String,
    /// The state.
    pub state: String,
    /// How many.
    pub jobs: i64,
    /// The oldest that is due.
    pub oldest_due_at: Option<OffsetDateTime>,
}

/// The jobs, newest first; of one state, if given.
pub async fn page(db: &Db, state: Option<&str>, request: PageRequest) -> Result<Paged<JobRow>, DbError> {
    let rows = sqlx::query_as(
        "SELECT job_id, name, key, state, attempts, enqueued_at, due_at, started_at, finished_at, failure
         FROM db.job WHERE ($1::text IS NULL OR state = $1) ORDER BY job_id DESC LIMIT $2 OFFSET $3",
    )
    .bind(state)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(db.pool())
    .await?;
    Ok(Paged::from_rows(rows, request))
}

/// What waits, runs and has failed, by kind. The queue is small by design, so counting it is cheap.
pub async fn summary(db: &Db) -> Result<Vec<JobCount>, DbError> {
    Ok(sqlx::query_as(
        "SELECT name, state, count(*) AS jobs, min(due_at) FILTER (WHERE state = 'waiting') AS oldest_due_at
         FROM db.job WHERE state <> 'done' GROUP BY name, state ORDER BY name, state",
    )
    .fetch_all(db.pool())
    .await?)
}

/// Sends a failed job through again. Returns whether there was one.
pub async fn retry(base: &Base, job_id: Uuid) -> Result<bool, DbError> {
    let retried = sqlx::query(
        "UPDATE db.job j SET state = 'waiting', attempts = 0, due_at = $2, finished_at = NULL
         WHERE job_id = $1 AND state = 'failed' AND NOT EXISTS (
             SELECT 1 FROM db.job w WHERE w.state = 'waiting' AND w.name = j.name AND w.key = j.key)",
    )
    .bind(job_id)
    .bind(base.clock.now())
    .execute(base.db.pool())
    .await?;
    base.db.bells().jobs.notify_one();
    Ok(retried.rows_affected() > 0)
}

/// Forgets jobs that ended more than a week ago.
pub(super) async fn sweep(base: &Base) -> Result<u64, DbError> {
    let swept = sqlx::query("DELETE FROM db.job WHERE state IN ('done', 'failed') AND finished_at < $1")
        .bind(base.clock.now() - KEPT)
        .execute(base.db.pool())
        .await?;
    Ok(swept.rows_affected())
}
