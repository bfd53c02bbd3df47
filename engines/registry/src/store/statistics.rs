//! The counters, read.
use jh_db::DbError;
use serde::Serialize;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// People of one county, sex and year of birth.
#[derive(Clone, Debug, FromRow)]
pub struct People {
    /// Six digits; zeros where unknown.
    pub division_code: String,
    /// GB/T 2261.1; 0 where unknown.
    pub sex: i16,
    /// 0 where unknown.
    pub birth_year: i16,
    /// How many.
    pub people: i64,
}

/// All of them: counties times sexes times years, some thousands.
pub async fn population(connection: &mut PgConnection, division: Option<&str>) -> Result<Vec<People>, DbError> {
    Ok(sqlx::query_as(
        "SELECT division_code, sex, birth_year, people FROM registry.population
         WHERE people > 0 AND ($1::text IS NULL OR division_code = $1)
         ORDER BY division_code, sex, birth_year LIMIT 200000",
    )
    .bind(division)
    .fetch_all(connection)
    .await?)
}

/// Subjects of one kind in one county.
#[derive(Clone, Debug, FromRow)]
pub struct Holding {
    /// The kind's number.
    pub kind: i16,
    /// Six digits; zeros where unknown.
    pub division_code: String,
    /// How many.
    pub subjects: i64,
}

/// All of them.
pub async fn holdings(connection: &mut PgConnection) -> Result<Vec<Holding>, DbError> {
    Ok(sqlx::query_as(
        "SELECT kind, division_code, subjects FROM registry.holding WHERE subjects > 0
         ORDER BY kind, subjects DESC LIMIT 20000",
    )
    .fetch_all(connection)
    .await?)
}

/// What one department has delivered.
#[derive(Clone, Debug, Serialize, ToSchema, FromRow)]
pub struct Delivered {
    /// The department.
    pub provider_id: Uuid,
    /// By name.
    pub provider_name: String,
    /// Deliveries that came to their end.
    pub deliveries: i64,
    /// Records it holds now.
    pub records: i64,
    /// Rows that changed a record.
    pub rows_changed: i64,
    /// Rows that changed nothing.
    pub rows_unchanged: i64,
    /// Rows that were rejected.
    pub rows_rejected: i64,
    /// When the last one ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub landed_at: Option<OffsetDateTime>,
}

/// By department, the most records first.
pub async fn delivered(connection: &mut PgConnection) -> Result<Vec<Delivered>, DbError> {
    Ok(sqlx::query_as(
        "SELECT p.organisation_id AS provider_id, o.name AS provider_name, sum(t.deliveries)::bigint AS deliveries,
                sum(t.records)::bigint AS records, sum(t.rows_changed)::bigint AS rows_changed,
                sum(t.rows_unchanged)::bigint AS rows_unchanged, sum(t.rows_rejected)::bigint AS rows_rejected,
                max(t.landed_at) AS landed_at
         FROM registry.provider_tally t JOIN registry.provider p ON p.provider_no = t.provider_no
         JOIN identity.v_organisation o ON o.organisation_id = p.organisation_id
         GROUP BY p.organisation_id, o.name ORDER BY sum(t.records) DESC, o.name LIMIT 1000",
    )
    .fetch_all(connection)
    .await?)
}

/// How many records a provider holds of a kind or resource, and the number of the provider.
pub async fn records_of(connection: &mut PgConnection, provider: Uuid, kind: i16, resource: Uuid) -> Result<i64, DbError> {
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

/// The outline of counties and their people, for the map: code, GeoJSON.
pub async fn outlines(connection: &mut PgConnection) -> Result<Vec<(String, String, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT p.division_code, p.name, ST_AsGeoJSON(ST_SimplifyPreserveTopology(b.boundary, 0.0005), 5)
         FROM registry.place_boundary b JOIN registry.place p ON p.place_id = b.place_id
         WHERE p.division_code IS NOT NULL ORDER BY p.division_code LIMIT 500",
    )
    .fetch_all(connection)
    .await?)
}
