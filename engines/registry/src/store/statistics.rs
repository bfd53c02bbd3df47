//! How many rows a provider holds and when rows last arrived: what the catalogue shows as freshness.
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many records a provider holds of a kind or, for a dataset, of a resource.
pub async fn records_of(
    connection: &mut PgConnection,
    provider: Uuid,
    kind: i16,
    resource: Uuid,
) -> Result<i64, DbError> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT t.records FROM registry.provider_tally t JOIN registry.provider p ON p.provider_no = t.provider_no
         WHERE p.organisation_id = $1 AND t.kind = $2 AND t.resource_id = $3",
    )
    .bind(provider)
    .bind(kind)
    .bind(resource)
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or(0))
}

/// The latest arrivals of a provider's kind or resource: when, and how many rows were new or changed.
pub async fn arrivals(
    connection: &mut PgConnection,
    provider: Option<Uuid>,
    kind: &str,
    resource: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(OffsetDateTime, i64)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT ended_at, rows_new + rows_changed FROM registry.delivery
         WHERE ($1::uuid IS NULL OR provider_id = $1) AND kind = $2 AND ($3::uuid IS NULL OR resource_id = $3)
           AND state = 'done' AND same_as IS NULL
         ORDER BY delivery_no DESC LIMIT $4",
    )
    .bind(provider)
    .bind(kind)
    .bind(resource)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}
