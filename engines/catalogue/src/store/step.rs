//! The timeline of a resource: who moved which version where.
use jh_core::actor::Actor;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::fault::CatalogueError;
use crate::model::{ResourceId, Step};

/// One line of the timeline.
#[derive(FromRow, Clone, Debug)]
pub struct Taken {
    /// Which version.
    pub version: i32,
    /// What was done.
    pub step: Step,
    /// By whom.
    pub account_name: String,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// When.
    pub taken_at: OffsetDateTime,
}

/// Writes one line.
pub async fn record(
    conn: &mut PgConnection,
    (resource_id, version): (ResourceId, i32),
    step: Step,
    actor: &Actor,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), CatalogueError> {
    sqlx::query(
        "INSERT INTO catalogue.step (step_id, resource_id, version, step, account_id, account_name, reason, taken_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(jh_core::id::uuid_at(now))
    .bind(resource_id)
    .bind(version)
    .bind(step.word())
    .bind(actor.account)
    .bind(&*actor.name)
    .bind(reason.trim())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest lines, newest first.
pub async fn timeline(conn: &mut PgConnection, resource_id: ResourceId) -> Result<Vec<Taken>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT version, step, account_name, reason, taken_at FROM catalogue.step
         WHERE resource_id = $1 ORDER BY taken_at DESC, step_id DESC LIMIT 50",
    )
    .bind(resource_id)
    .fetch_all(conn)
    .await?)
}
