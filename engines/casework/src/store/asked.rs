//! What waits for an answer besides the case itself: supervisions, requests for help, requests for time.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use super::file::Scopes;
use super::list::ListRow;
use crate::model::CaseId;

/// What can wait, as its sign in a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Asked {
    /// The holder has to answer a supervision.
    Supervision,
    /// A helper has to say what it did.
    Assistance,
    /// The centre has to decide on more time.
    Extension,
}

impl Asked {
    /// The Fluent key of its sign.
    pub fn key(self) -> &'static str {
        match self {
            Self::Supervision => "casework-asked-supervision",
            Self::Assistance => "casework-asked-assistance",
            Self::Extension => "casework-asked-extension",
        }
    }

    /// The Fluent key of its entry among what waits for somebody.
    pub fn todo_key(self) -> &'static str {
        match self {
            Self::Supervision => "casework-todo-supervision",
            Self::Assistance => "casework-todo-assistance",
            Self::Extension => "casework-todo-extension",
        }
    }
}

/// An answer that somebody waits for.
#[derive(Clone, Debug, FromRow)]
pub struct AskedRow {
    pub case_id: CaseId,
    pub number: String,
    pub title: String,
    pub since_at: OffsetDateTime,
    pub what: Asked,
}

/// What waits for an answer of whoever has these scopes and works here, oldest first; nobody decides on what he asked himself.
pub async fn asked(
    conn: &mut PgConnection,
    scopes: &Scopes,
    (home, account): (Option<OrganisationId>, Option<AccountId>),
    page: PageRequest,
) -> Result<Vec<AskedRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH near AS (
             SELECT descendant_id AS organisation_id FROM identity.v_organisation_closure WHERE ancestor_id = $4
             UNION SELECT ancestor_id FROM identity.v_organisation_closure WHERE descendant_id = $4
         ), part AS (
             SELECT DISTINCT r.role, c.descendant_id AS organisation_id
             FROM (SELECT 'centre' AS role, unnest($1::uuid[]) AS scope UNION ALL SELECT 'holder', unnest($2::uuid[])
                   UNION ALL SELECT 'supervisor', unnest($3::uuid[])) AS r
             JOIN identity.v_organisation_closure c ON c.ancestor_id = r.scope
             WHERE c.descendant_id = r.scope OR $4::uuid IS NULL OR c.descendant_id IN (SELECT organisation_id FROM near)
         ), waiting AS (
             (SELECT s.case_id, s.asked_at AS since_at, 'supervision' AS what
              FROM (SELECT DISTINCT organisation_id FROM part WHERE role IN ('centre', 'holder')) AS mine CROSS JOIN LATERAL (
                  SELECT case_id, asked_at FROM casework.supervision
                  WHERE organisation_id = mine.organisation_id AND answered_at IS NULL
                  ORDER BY asked_at LIMIT $6::bigint + $7::bigint) s
              ORDER BY 2 LIMIT $6 + $7)
             UNION ALL
             (SELECT i.case_id, i.since_at, 'assistance'
              FROM part AS mine CROSS JOIN LATERAL (
                  SELECT case_id, since_at FROM casework.involved
                  WHERE organisation_id = mine.organisation_id AND role = 'assistant' AND done_at IS NULL
                  ORDER BY since_at LIMIT $6 + $7) i
              WHERE mine.role = 'holder' ORDER BY 2 LIMIT $6 + $7)
             UNION ALL
             (SELECT e.case_id, e.asked_at, 'extension'
              FROM casework.extension e JOIN casework.file f USING (case_id)
              WHERE e.decided_at IS NULL AND e.asked_by_id IS DISTINCT FROM $5
                AND f.centre_id IN (SELECT organisation_id FROM part WHERE role IN ('centre', 'supervisor'))
                AND EXISTS (SELECT 1 FROM casework.transition t
                            WHERE t.kind = f.kind AND t.version = f.version AND t.stage IN (f.stage, '*')
                              AND t.act = 'extension_granted')
              ORDER BY 2 LIMIT $6 + $7)
         )
         SELECT w.case_id, f.number, f.title, w.since_at, w.what
         FROM waiting w JOIN casework.file f USING (case_id) WHERE NOT f.closed
         ORDER BY w.since_at, w.case_id, w.what LIMIT $6 OFFSET $7",
    )
    .bind(&scopes.manage)
    .bind(&scopes.handle)
    .bind(&scopes.supervise)
    .bind(home)
    .bind(account)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// These cases as lines of a list, in no order.
pub async fn lines(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as("SELECT l.* FROM casework.line l WHERE l.case_id = ANY($1)").bind(cases).fetch_all(conn).await?)
}

/// Of these cases, those of which an answer is waited for, and which.
pub async fn signs(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<(CaseId, Asked)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT case_id, 'extension' FROM casework.extension WHERE case_id = ANY($1) AND decided_at IS NULL
         UNION SELECT case_id, 'supervision' FROM casework.supervision WHERE case_id = ANY($1) AND answered_at IS NULL
         UNION SELECT case_id, 'assistance' FROM casework.involved
               WHERE case_id = ANY($1) AND role = 'assistant' AND done_at IS NULL",
    )
    .bind(cases)
    .fetch_all(conn)
    .await?)
}

/// Of these cases, those of which the nearest clock has run so far that its limit would warn.
pub async fn warned(conn: &mut PgConnection, cases: &[CaseId], now: OffsetDateTime) -> Result<Vec<CaseId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT d.case_id
         FROM casework.deadline d JOIN casework.file f USING (case_id)
         JOIN casework.limit_rule r ON r.kind = f.kind AND r.version = f.version AND r.code = d.code
         WHERE d.case_id = ANY($1) AND d.state = 'running' AND d.due_at = f.due_at AND r.warn_percent > 0
           AND $2 >= d.base_at + (d.due_at - d.base_at) * (r.warn_percent / 100.0)",
    )
    .bind(cases)
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// Whether a helper within scopes has still to say what it did.
pub async fn helps(conn: &mut PgConnection, id: CaseId, scopes: &Scopes) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM casework.involved
         WHERE case_id = $1 AND role = 'assistant' AND done_at IS NULL AND organisation_id IN (
             SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2)))",
    )
    .bind(id)
    .bind(&scopes.handle)
    .fetch_one(conn)
    .await?)
}
