//! What people let go: a delivery they no longer want, rejected rows that are corrected or given up.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::model::DeliveryId;

/// Says that a delivery's rejected rows wait for nobody any more.
pub async fn settle(connection: &mut PgConnection, delivery: DeliveryId, now: OffsetDateTime) -> Result<bool, DbError> {
    let settled = sqlx::query(
        "UPDATE registry.delivery SET settled_at = $2
         WHERE delivery_id = $1 AND state = 'done' AND rows_rejected > 0 AND settled_at IS NULL",
    )
    .bind(delivery)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(settled.rows_affected() > 0)
}

/// Settles what a finished delivery corrects, once as many rows have come back as were rejected: whoever mends six of ten
/// still owes four.
pub async fn settle_corrected(
    connection: &mut PgConnection,
    corrected_by: DeliveryId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE registry.delivery d SET settled_at = $2
         WHERE d.settled_at IS NULL AND d.delivery_id = (SELECT corrects FROM registry.delivery WHERE delivery_id = $1)
             AND (d.state <> 'done' OR d.rows_rejected <= (
                 SELECT sum(c.rows_read) FROM registry.delivery c WHERE c.corrects = d.delivery_id AND c.state = 'done'))",
    )
    .bind(corrected_by)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Asks the worker to stop at the next chunk.
pub async fn ask_cancel(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE registry.delivery SET cancel_asked_at = COALESCE(cancel_asked_at, $2) WHERE delivery_id = $1")
        .bind(delivery)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}
