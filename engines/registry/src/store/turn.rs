//! A chunk's turn: who may land now, from where, and where the next begins.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::{Counts, DeliveryId};
use crate::reader::{Encoding, Position};

/// What decides whether a chunk may land.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Where the next chunk begins.
    pub next: Position,
    /// Whether it is being landed.
    pub is_landing: bool,
    /// Whether it is to be cancelled.
    pub cancel_asked: bool,
}

/// Locks a delivery for the rest of the transaction.
pub async fn lock(connection: &mut PgConnection, delivery: DeliveryId) -> Result<Option<Standing>, DbError> {
    let row: Option<(i64, i64, i64, String, bool, bool)> = sqlx::query_as(
        "SELECT next_offset, next_row, next_line, encoding, state = 'landing', cancel_asked_at IS NOT NULL
         FROM registry.delivery WHERE delivery_id = $1 FOR UPDATE",
    )
    .bind(delivery)
    .fetch_optional(connection)
    .await?;
    let number = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(row.map(|(offset, row, line, encoding, is_landing, cancel_asked)| Standing {
        next: Position {
            offset: number(offset),
            row: number(row),
            line: number(line),
            encoding: Encoding::from_word(&encoding),
        },
        is_landing,
        cancel_asked,
    }))
}

/// Waits until no other delivery is finishing a chunk of the same base database or resource. Two at once would both read
/// what stands of a subject, and one would write over the other.
pub async fn take_turn(connection: &mut PgConnection, kind: i16, resource: Uuid) -> Result<(), DbError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('registry.' || $1::text), hashtext($2::text))")
        .bind(kind)
        .bind(resource)
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts a landed chunk and moves the place to go on from.
pub async fn advance(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    next: Position,
    counts: &Counts,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE registry.delivery SET next_offset = $2, next_row = $3, next_line = $4, encoding = $5,
             rows_read = rows_read + $6, rows_new = rows_new + $7, rows_changed = rows_changed + $8,
             rows_unchanged = rows_unchanged + $9, rows_rejected = rows_rejected + $10, rows_mended = rows_mended + $11,
             changed_at = $12, paused = NULL
         WHERE delivery_id = $1",
    )
    .bind(delivery)
    .bind(number(next.offset))
    .bind(number(next.row))
    .bind(number(next.line))
    .bind(next.encoding.word())
    .bind(counts.rows_read)
    .bind(counts.rows_new)
    .bind(counts.rows_changed)
    .bind(counts.rows_unchanged)
    .bind(counts.rows_rejected)
    .bind(counts.rows_mended)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
