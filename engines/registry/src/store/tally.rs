//! What each provider holds and has delivered, kept while it lands.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::land::Plan;
use crate::model::Counts;

/// Adds a chunk's counts.
pub async fn add(connection: &mut PgConnection, plan: &Plan, counts: &Counts) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.provider_tally AS t
             (provider_no, kind, resource_id, records, deliveries, rows_changed, rows_unchanged, rows_rejected)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)
         ON CONFLICT (provider_no, kind, resource_id) DO UPDATE SET records = t.records + EXCLUDED.records,
             rows_changed = t.rows_changed + EXCLUDED.rows_changed,
             rows_unchanged = t.rows_unchanged + EXCLUDED.rows_unchanged,
             rows_rejected = t.rows_rejected + EXCLUDED.rows_rejected",
    )
    .bind(plan.provider_no)
    .bind(plan.kind_no())
    .bind(plan.resource_id)
    .bind(counts.rows_new)
    .bind(counts.rows_changed)
    .bind(counts.rows_unchanged)
    .bind(counts.rows_rejected)
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a delivery that came to its end.
pub async fn count_delivery(
    connection: &mut PgConnection,
    provider_no: i16,
    kind: i16,
    resource: Uuid,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.provider_tally AS t
             (provider_no, kind, resource_id, records, deliveries, rows_changed, rows_unchanged, rows_rejected, landed_at)
         VALUES ($1, $2, $3, 0, 1, 0, 0, 0, $4)
         ON CONFLICT (provider_no, kind, resource_id) DO UPDATE SET deliveries = t.deliveries + 1, landed_at = $4",
    )
    .bind(provider_no)
    .bind(kind)
    .bind(resource)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
