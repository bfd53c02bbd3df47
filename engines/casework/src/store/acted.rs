//! What was done between two moments, act by act: the rows behind a board's figure.
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::CaseId;

/// One act on a case.
#[derive(Clone, Debug, FromRow)]
pub struct ActedRow {
    pub case_id: CaseId,
    pub number: String,
    pub title: String,
    pub category_name: String,
    pub address: String,
    pub at: OffsetDateTime,
    pub actor_name: String,
    /// Whom or what the act names: to which organisation it went, which limit was missed.
    pub target_name: String,
    pub holder_name: Option<String>,
}

/// Acts of one name in cases of one kind that a centre in scope keeps, newest first.
pub async fn between(
    conn: &mut PgConnection,
    (kind, act): (&str, &str),
    scopes: &[Uuid],
    (from_at, before_at): (OffsetDateTime, OffsetDateTime),
    page: PageRequest,
) -> Result<Vec<ActedRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.case_id, f.number, f.title, f.category_name, f.address, s.at, s.actor_name, s.target_name, o.name AS holder_name
         FROM casework.file f JOIN casework.step s USING (case_id)
              LEFT JOIN identity.v_organisation o ON o.organisation_id = f.holder_id
         WHERE s.act = $2 AND s.at >= $4 AND s.at < $5 AND f.kind = $1 AND EXISTS (
               SELECT 1 FROM identity.v_organisation_closure c
               WHERE c.ancestor_id = ANY($3) AND c.descendant_id IN (f.centre_id, f.holder_id))
         ORDER BY s.at DESC, s.step_id DESC LIMIT $6 OFFSET $7",
    )
    .bind(kind)
    .bind(act)
    .bind(scopes)
    .bind(from_at)
    .bind(before_at)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}
