//! What waits for people, for the to-do list.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::super::model::EntryId;

/// One entry that waits.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingRow {
    pub entry_id: EntryId,
    pub question: String,
    /// `review`, `returned`, `remark`, `expiring` or `expired`.
    pub kind: String,
    /// When it expires, or did.
    pub expires_on: Option<Date>,
    pub since_at: OffsetDateTime,
}

/// Entries that wait for somebody who may publish and has not written them, oldest first.
pub async fn reviews(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    account: Option<AccountId>,
    limit: i64,
) -> Result<Vec<WaitingRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.question, 'review' AS kind, NULL::date AS expires_on, e.changed_at AS since_at
         FROM hotline.knowledge_entry e
         WHERE e.revision = 'in_review' AND e.organisation_id IN (
                 SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND NOT EXISTS (SELECT 1 FROM hotline.knowledge_version v
               WHERE v.entry_id = e.entry_id AND v.version > coalesce(e.published_version, 0) AND v.written_by = $2)
         ORDER BY e.changed_at, e.entry_id LIMIT $3",
    )
    .bind(scopes)
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Drafts that a reviewer returned to whoever wrote them last.
pub async fn returned(conn: &mut PgConnection, account: AccountId, limit: i64) -> Result<Vec<WaitingRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.question, 'returned' AS kind, NULL::date AS expires_on, s.at AS since_at
         FROM hotline.knowledge_version v
         JOIN hotline.knowledge_entry e ON e.entry_id = v.entry_id AND e.draft_version = v.version
         JOIN hotline.knowledge_step s ON s.entry_id = e.entry_id AND s.kind = 'returned' AND s.version = v.version
         WHERE v.written_by = $1 AND e.revision = 'draft'
         ORDER BY s.at, e.entry_id LIMIT $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Whose an entry's care is: its owner's, or, when the owner no longer works for its organisation, everybody's who may
/// write for that. Of an expired entry it is also every writer's who works there: the organisation has to see to it.
#[derive(Clone, Copy, Debug)]
pub struct Keeper<'a> {
    pub account: AccountId,
    pub organisation: Option<OrganisationId>,
    /// The scopes of `hotline.knowledge.write`.
    pub scopes: &'a [Uuid],
}

/// Entries in somebody's care that expire before a day or have expired, and are not under review; the earliest first.
pub async fn expiring(
    conn: &mut PgConnection,
    keeper: Keeper<'_>,
    before: Date,
    limit: i64,
) -> Result<Vec<WaitingRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.question, CASE e.standing WHEN 'expired' THEN 'expired' ELSE 'expiring' END AS kind,
             e.expires_on, e.changed_at AS since_at
         FROM hotline.knowledge_entry e
         WHERE e.standing IN ('published', 'expired') AND e.expires_on < $4 AND e.revision <> 'in_review'
           AND (CASE WHEN EXISTS (SELECT 1 FROM identity.v_account a
                        JOIN identity.v_organisation_closure c
                          ON c.descendant_id = a.organisation_id AND c.ancestor_id = e.organisation_id
                        WHERE a.account_id = e.owner_id AND a.working)
                THEN e.owner_id = $1 OR (e.standing = 'expired' AND e.organisation_id = $2 AND e.organisation_id IN (
                    SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($3)))
                ELSE e.organisation_id IN (
                    SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($3)) END)
         ORDER BY e.expires_on, e.entry_id LIMIT $5",
    )
    .bind(keeper.account)
    .bind(keeper.organisation)
    .bind(keeper.scopes)
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Entries in somebody's care of which agents say that they are wrong, the oldest remark first.
pub async fn remarked(conn: &mut PgConnection, keeper: Keeper<'_>, limit: i64) -> Result<Vec<WaitingRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.question, 'remark' AS kind, NULL::date AS expires_on, min(r.said_at) AS since_at
         FROM hotline.knowledge_remark r JOIN hotline.knowledge_entry e ON e.entry_id = r.entry_id
         WHERE r.closed_at IS NULL AND e.standing <> 'withdrawn'
           AND (CASE WHEN EXISTS (SELECT 1 FROM identity.v_account a
                        JOIN identity.v_organisation_closure c
                          ON c.descendant_id = a.organisation_id AND c.ancestor_id = e.organisation_id
                        WHERE a.account_id = e.owner_id AND a.working)
                THEN e.owner_id = $1
                ELSE e.organisation_id IN (
                    SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2)) END)
         GROUP BY e.entry_id, e.question ORDER BY since_at, e.entry_id LIMIT $3",
    )
    .bind(keeper.account)
    .bind(keeper.scopes)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
