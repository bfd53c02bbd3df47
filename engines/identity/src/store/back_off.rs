//! Failed sign-ins in SQL. The key is blinded: what people type into the name field by mistake is often a password.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::model::back_off::BackOff;

/// Locks a subject's row, making it if need be, and answers its failures so far.
pub async fn lock(conn: &mut PgConnection, subject: &[u8; 16], now: OffsetDateTime) -> Result<BackOff, DbError> {
    let (failures, failed_at, blocked_until_at) = sqlx::query_as(
        "INSERT INTO identity.back_off AS b (subject_blind, failures, failed_at, blocked_until_at)
         VALUES ($1, 0, $2, $2)
         ON CONFLICT (subject_blind) DO UPDATE SET failures = b.failures
         RETURNING failures, failed_at, blocked_until_at",
    )
    .bind(subject.as_slice())
    .bind(now)
    .fetch_one(conn)
    .await?;
    Ok(BackOff { failures, failed_at, blocked_until_at })
}

/// Writes a subject's failures.
pub async fn write(conn: &mut PgConnection, subject: &[u8; 16], held: BackOff) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.back_off SET failures = $2, failed_at = $3, blocked_until_at = $4 WHERE subject_blind = $1",
    )
    .bind(subject.as_slice())
    .bind(held.failures)
    .bind(held.failed_at)
    .bind(held.blocked_until_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets a subject: its owner has signed in.
pub async fn forget(conn: &mut PgConnection, subject: &[u8; 16]) -> Result<(), DbError> {
    sqlx::query("DELETE FROM identity.back_off WHERE subject_blind = $1")
        .bind(subject.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes back one attempt that turned out right.
pub async fn take_back(conn: &mut PgConnection, subject: &[u8; 16], now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.back_off SET failures = greatest(failures - 1, 0), blocked_until_at = $2
         WHERE subject_blind = $1",
    )
    .bind(subject.as_slice())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Clears away what is older than `before`; how many.
pub async fn sweep(conn: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DbError> {
    let swept = sqlx::query("DELETE FROM identity.back_off WHERE failed_at < $1").bind(before).execute(conn).await?;
    Ok(swept.rows_affected())
}
