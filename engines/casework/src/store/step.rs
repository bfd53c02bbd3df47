//! The timeline: what happened, by whom, in whose name, and what it changed.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::act::Act;
use crate::model::{CaseId, StepId};

/// The most steps a page shows of one case; a case that has more is a case for its own archive.
const STEPS_MAX: i64 = 500;

/// One entry.
#[derive(Clone, Debug, FromRow)]
pub struct Step {
    pub step_id: StepId,
    pub at: OffsetDateTime,
    pub act: Act,
    pub stage_before: String,
    pub stage_after: String,
    pub account_id: Option<AccountId>,
    pub actor_name: String,
    pub organisation_id: Option<OrganisationId>,
    pub organisation_name: String,
    pub target_id: Option<Uuid>,
    pub target_name: String,
    pub note: String,
    pub shown: bool,
    pub due_before_at: Option<OffsetDateTime>,
    pub due_after_at: Option<OffsetDateTime>,
}

/// The timeline of a case, oldest first.
pub async fn of_case(conn: &mut PgConnection, id: CaseId) -> Result<Vec<Step>, DbError> {
    Ok(sqlx::query_as(
        "SELECT step_id, at, act, stage_before, stage_after, account_id, actor_name, organisation_id, organisation_name,
                target_id, target_name, note, shown, due_before_at, due_after_at
         FROM casework.step WHERE case_id = $1 ORDER BY step_id LIMIT $2",
    )
    .bind(id)
    .bind(STEPS_MAX)
    .fetch_all(conn)
    .await?)
}

/// Writes an entry that comes of no change of the case's row.
pub async fn insert(conn: &mut PgConnection, id: CaseId, step: &Step) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.step (case_id, step_id, at, act, stage_before, stage_after, account_id, actor_name,
             organisation_id, organisation_name, target_id, target_name, note, shown)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id)
    .bind(step.step_id)
    .bind(step.at)
    .bind(step.act)
    .bind(&step.stage_before)
    .bind(&step.stage_after)
    .bind(step.account_id)
    .bind(&step.actor_name)
    .bind(step.organisation_id)
    .bind(&step.organisation_name)
    .bind(step.target_id)
    .bind(&step.target_name)
    .bind(&step.note)
    .bind(step.shown)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who opened a case, if that was after a moment.
pub async fn opened_by(
    conn: &mut PgConnection,
    id: CaseId,
    after: OffsetDateTime,
) -> Result<Option<AccountId>, DbError> {
    let by: Option<Option<AccountId>> = sqlx::query_scalar(
        "SELECT account_id FROM casework.step WHERE case_id = $1 AND act = 'opening' AND at >= $2 ORDER BY step_id LIMIT 1",
    )
    .bind(id)
    .bind(after)
    .fetch_optional(conn)
    .await?;
    Ok(by.flatten())
}

/// Whether a case was rated since it was closed last.
pub async fn rated(conn: &mut PgConnection, id: CaseId, closed_at: Option<OffsetDateTime>) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM casework.step WHERE case_id = $1 AND act = 'rating' AND at >= $2)",
    )
    .bind(id)
    .bind(closed_at)
    .fetch_one(conn)
    .await?)
}
