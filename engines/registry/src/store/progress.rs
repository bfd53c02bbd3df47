//! Deliveries as lists and pages show them. Scope is enforced here: what is outside it is not found.
use catalogue::api::{ResourceId, RowKind};
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use serde::Serialize;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{Counts, DeliveryId, State};

/// A delivery as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema, FromRow)]
pub struct Progress {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// Its number, for people.
    pub delivery_no: i32,
    /// Who delivered.
    pub provider_id: OrganisationId,
    /// By name.
    pub provider_name: String,
    /// What its rows are.
    pub kind: RowKind,
    /// Of which resource, for a dataset.
    pub resource_id: Option<ResourceId>,
    /// The file.
    pub file_name: String,
    /// Its size.
    pub file_bytes: i64,
    /// `csv` or `xlsx`, once looked at.
    pub format: Option<String>,
    /// The encoding so far.
    pub encoding: String,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// The header as it stands in the file.
    pub columns: Option<Vec<String>>,
    /// The attribute of each column; in state `mapping` what is suggested.
    pub attributes: Option<Vec<Option<String>>>,
    /// Where it stands.
    pub state: State,
    /// Why it failed: the text is `registry-failure-<code>`.
    pub failure: Option<String>,
    /// What that text names.
    pub failure_detail: String,
    /// The earlier delivery of the same file.
    pub same_as: Option<DeliveryId>,
    /// The delivery it corrects.
    pub corrects: Option<DeliveryId>,
    /// Who submitted it.
    pub submitted_by_name: String,
    /// When it was acknowledged.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
    /// When a worker first opened it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When something last happened.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// When its rejected rows were corrected or let go.
    #[serde(with = "time::serde::rfc3339::option")]
    pub settled_at: Option<OffsetDateTime>,
    /// Why it waits at this moment: `disk-full`, `database-away`, `busy`.
    pub paused: Option<String>,
    /// Whether it will stop at the next chunk.
    pub cancelling: bool,
    /// How far it is, in thousandths.
    pub permille: i32,
    /// What became of the rows so far.
    #[sqlx(flatten)]
    pub counts: Counts,
}

/// Which deliveries.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// One provider's.
    pub provider_id: Option<OrganisationId>,
    /// Those in a state.
    pub state: Option<State>,
    /// Those of a kind.
    pub kind: Option<RowKind>,
}

/// Deliveries of the scope, the latest first. No scope is every scope: only for the program itself.
pub async fn list(
    connection: &mut PgConnection,
    scopes: Option<&[Uuid]>,
    narrow: &Narrow,
    (offset, limit): (i64, i64),
) -> Result<Vec<Progress>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.*, o.name AS provider_name, d.cancel_asked_at IS NOT NULL AS cancelling,
                CASE WHEN d.ended_at IS NOT NULL THEN 1000
                     WHEN d.format = 'xlsx' THEN LEAST(999, d.next_row * 1000 / GREATEST(d.rows_declared, d.next_row, 1))
                     ELSE LEAST(999, d.next_offset * 1000 / GREATEST(d.file_bytes, 1)) END::integer AS permille
         FROM registry.delivery d JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         WHERE ($1::uuid[] IS NULL OR d.provider_id IN (
                   SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)))
           AND ($2::uuid IS NULL OR d.provider_id = $2)
           AND ($3::text IS NULL OR d.state = $3)
           AND ($4::text IS NULL OR d.kind = $4)
         ORDER BY d.delivery_no DESC OFFSET $5 LIMIT $6",
    )
    .bind(scopes)
    .bind(narrow.provider_id)
    .bind(narrow.state.map(State::word))
    .bind(narrow.kind.map(RowKind::word))
    .bind(offset)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// One delivery of the scope.
pub async fn find(
    connection: &mut PgConnection,
    scopes: Option<&[Uuid]>,
    delivery: DeliveryId,
) -> Result<Option<Progress>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.*, o.name AS provider_name, d.cancel_asked_at IS NOT NULL AS cancelling,
                CASE WHEN d.ended_at IS NOT NULL THEN 1000
                     WHEN d.format = 'xlsx' THEN LEAST(999, d.next_row * 1000 / GREATEST(d.rows_declared, d.next_row, 1))
                     ELSE LEAST(999, d.next_offset * 1000 / GREATEST(d.file_bytes, 1)) END::integer AS permille
         FROM registry.delivery d JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         WHERE d.delivery_id = $2 AND ($1::uuid[] IS NULL OR d.provider_id IN (
                   SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)))",
    )
    .bind(scopes)
    .bind(delivery)
    .fetch_optional(connection)
    .await?)
}
