//! The SQL of the job table: enqueue, claim, keep the lease, finish, take over from the dead.
//!
//! A claim is a lease that the worker renews while it lives. Whoever finds a lease run out puts the job back. The
//! times are the `Clock`'s of the machines: keep them by NTP, as the audit wants anyway.
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use jh_core::id::uuid_at;

use crate::{Db, DbError};

/// A job to be added.
pub(crate) struct NewJob<'a> {
    pub job: &'static str,
    pub key: Option<&'a str>,
    pub payload: Value,
    pub due_at: OffsetDateTime,
    pub now: OffsetDateTime,
}

/// Adds the job, unless one of its name and key waits already.
pub(crate) async fn insert(connection: &mut PgConnection, new: NewJob<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO db.job (job_id, name, key, payload, state, enqueued_at, due_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
         ON CONFLICT (name, key) WHERE state = 'waiting' AND key IS NOT NULL DO NOTHING",
    )
    .bind(uuid_at(new.now))
    .bind(new.job)
    .bind(new.key)
    .bind(new.payload)
    .bind(new.now)
    .bind(new.due_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A job that is ours to run now.
#[derive(sqlx::FromRow)]
pub(super) struct Claimed {
    pub job_id: Uuid,
    pub name: String,
    pub payload: Value,
    pub attempts: i32,
}

/// Who claims, what, when, and until when it is theirs.
pub(super) struct Claim<'a> {
    pub worker: Uuid,
    pub names: &'a [&'static str],
    pub now: OffsetDateTime,
    pub until: OffsetDateTime,
}

/// Claims the job that has been due longest. One whose name and key are running elsewhere is passed over: of two
/// with the same key the second begins after the first has ended.
pub(super) async fn claim(db: &Db, claim: &Claim<'_>) -> Result<Option<Claimed>, DbError> {
    Ok(sqlx::query_as(
        "UPDATE db.job SET state = 'running', attempts = attempts + 1, started_at = $2, worker_id = $3, leased_until = $4
         WHERE job_id = (
             SELECT w.job_id FROM db.job w
             WHERE w.state = 'waiting' AND w.due_at <= $2 AND w.name = ANY($1) AND NOT EXISTS (
                 SELECT 1 FROM db.job r WHERE r.state = 'running' AND r.name = w.name AND r.key = w.key)
             ORDER BY w.due_at, w.job_id LIMIT 1 FOR UPDATE OF w SKIP LOCKED)
         RETURNING job_id, name, payload, attempts",
    )
    .bind(claim.names)
    .bind(claim.now)
    .bind(claim.worker)
    .bind(claim.until)
    .fetch_optional(db.pool())
    .await?)
}

/// Renews the worker's leases and returns the jobs that are still its own.
pub(super) async fn renew(db: &Db, worker: Uuid, until: OffsetDateTime) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar(
        "UPDATE db.job SET leased_until = $2 WHERE state = 'running' AND worker_id = $1 RETURNING job_id",
    )
    .bind(worker)
    .bind(until)
    .fetch_all(db.pool())
    .await?)
}

/// Marks the job done, if it is still this worker's.
pub(super) async fn finish(db: &Db, worker: Uuid, job_id: Uuid, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE db.job SET state = 'done', finished_at = $3, leased_until = NULL, failure = NULL
         WHERE job_id = $1 AND worker_id = $2 AND state = 'running'",
    )
    .bind(job_id)
    .bind(worker)
    .bind(now)
    .execute(db.pool())
    .await?;
    Ok(())
}

/// Sets the job aside as failed.
pub(super) async fn give_up(
    db: &Db,
    worker: Uuid,
    job_id: Uuid,
    now: OffsetDateTime,
    failure: &str,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE db.job SET state = 'failed', finished_at = $3, leased_until = NULL, failure = $4
         WHERE job_id = $1 AND worker_id = $2 AND state = 'running'",
    )
    .bind(job_id)
    .bind(worker)
    .bind(now)
    .bind(failure)
    .execute(db.pool())
    .await?;
    Ok(())
}

/// How a job goes back to waiting.
pub(super) struct Back<'a> {
    pub due_at: OffsetDateTime,
    pub attempts: i32,
    pub failure: Option<&'a str>,
}

/// Puts the job back. Where another of its name and key came to wait meanwhile, that one does the work and this is
/// done.
pub(super) async fn put_back(db: &Db, worker: Uuid, job_id: Uuid, back: Back<'_>) -> Result<(), DbError> {
    let result = sqlx::query(
        "UPDATE db.job j SET
             state = CASE WHEN EXISTS (SELECT 1 FROM db.job w WHERE w.state = 'waiting' AND w.name = j.name AND w.key = j.key)
                     THEN 'done' ELSE 'waiting' END,
             due_at = $3, attempts = $4, failure = COALESCE($5, failure), finished_at = $3,
             worker_id = NULL, leased_until = NULL
         WHERE job_id = $1 AND worker_id = $2 AND state = 'running'",
    )
    .bind(job_id)
    .bind(worker)
    .bind(back.due_at)
    .bind(back.attempts)
    .bind(back.failure)
    .execute(db.pool())
    .await;
    match result {
        // One of the same key was enqueued between our look and our write: the lease runs out and `take_over` ends it.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(()),
        other => other.map(drop).map_err(DbError::from),
    }
}

/// A job whose worker is dead.
#[derive(sqlx::FromRow)]
pub(super) struct Orphan {
    pub job_id: Uuid,
    pub worker_id: Uuid,
    pub name: String,
    pub attempts: i32,
}

/// The jobs whose leases have run out.
pub(super) async fn orphans(db: &Db, names: &[&'static str], now: OffsetDateTime) -> Result<Vec<Orphan>, DbError> {
    Ok(sqlx::query_as(
        "SELECT job_id, worker_id, name, attempts FROM db.job
         WHERE state = 'running' AND leased_until < $2 AND name = ANY($1) LIMIT 100",
    )
    .bind(names)
    .bind(now)
    .fetch_all(db.pool())
    .await?)
}
