//! The setting's SQL.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

/// How the hotline takes part.
#[derive(Clone, Debug, FromRow)]
pub struct Setting {
    /// Who keeps what comes in.
    pub centre_id: Option<OrganisationId>,
    /// Reports that one sender may make in an hour.
    pub reports_an_hour: i32,
}

/// What was set, if anything.
pub async fn get(conn: &mut PgConnection) -> Result<Option<Setting>, DbError> {
    Ok(sqlx::query_as("SELECT centre_id, reports_an_hour FROM hotline.setting").fetch_optional(conn).await?)
}

/// Sets it.
pub async fn set(
    conn: &mut PgConnection,
    centre: OrganisationId,
    reports_an_hour: i32,
    now: OffsetDateTime,
    by: &str,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.setting (centre_id, reports_an_hour, changed_at, changed_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (one) DO UPDATE
         SET centre_id = $1, reports_an_hour = $2, changed_at = $3, changed_by = $4",
    )
    .bind(centre)
    .bind(reports_an_hour)
    .bind(now)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}
