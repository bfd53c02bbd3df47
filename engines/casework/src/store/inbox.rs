//! The inbox: open cases that wait for organisations or for a person, nearest deadline first.
//!
//! Each way of narrowing it that has an index has a statement of its own: a prepared statement that serves all of them is
//! planned for none of them.
use jh_core::actor::AccountId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::list::ListRow;

/// What the inbox is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Inbox<'a> {
    /// The scopes of the permissions with which the reader works on cases.
    pub scopes: &'a [Uuid],
    /// Only what this person has.
    pub mine: Option<AccountId>,
    /// Only what is overdue.
    pub overdue: bool,
    /// Only this stage.
    pub stage: Option<&'a str>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Which page.
    pub page: PageRequest,
}

/// Open cases in the inboxes of organisations in scope, or of one person there.
pub async fn inbox(conn: &mut PgConnection, ask: &Inbox<'_>) -> Result<Vec<ListRow>, DbError> {
    match (ask.mine, ask.overdue) {
        (Some(account), _) => of_person(conn, ask, account).await,
        (None, true) => overdue(conn, ask).await,
        (None, false) => all(conn, ask).await,
    }
}

/// Each organisation's are one range of an index, of which no more than the page can need is read; so 50,000 open cases cost
/// what 50 do.
async fn all(conn: &mut PgConnection, ask: &Inbox<'_>) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS (
             SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)
         ), first AS (
             SELECT x.* FROM mine CROSS JOIN LATERAL (
                 SELECT f.case_id, f.due_at FROM casework.file f
                 WHERE f.owner_id = mine.descendant_id AND NOT f.closed
                   AND ($2::text IS NULL OR f.stage = $2)
                   AND ($3::text IS NULL OR f.kind = $3)
                 ORDER BY f.due_at, f.case_id LIMIT $4::bigint + $5::bigint
             ) x ORDER BY x.due_at, x.case_id LIMIT $4 OFFSET $5
         )
         SELECT l.* FROM first JOIN casework.line l USING (case_id) ORDER BY l.due_at, l.case_id",
    )
    .bind(ask.scopes)
    .bind(ask.stage)
    .bind(ask.kind)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// As [`all`], by an index that has nothing but these.
async fn overdue(conn: &mut PgConnection, ask: &Inbox<'_>) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS (
             SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)
         ), first AS (
             SELECT x.* FROM mine CROSS JOIN LATERAL (
                 SELECT f.case_id, f.due_at FROM casework.file f
                 WHERE f.owner_id = mine.descendant_id AND NOT f.closed AND f.overdue
                   AND ($2::text IS NULL OR f.stage = $2)
                   AND ($3::text IS NULL OR f.kind = $3)
                 ORDER BY f.due_at, f.case_id LIMIT $4::bigint + $5::bigint
             ) x ORDER BY x.due_at, x.case_id LIMIT $4 OFFSET $5
         )
         SELECT l.* FROM first JOIN casework.line l USING (case_id) ORDER BY l.due_at, l.case_id",
    )
    .bind(ask.scopes)
    .bind(ask.stage)
    .bind(ask.kind)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// What one person has is some dozens of cases.
async fn of_person(conn: &mut PgConnection, ask: &Inbox<'_>, account: AccountId) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.* FROM casework.line l
         WHERE l.assignee_id = $2 AND NOT l.closed
           AND l.owner_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND (NOT $3 OR l.overdue)
           AND ($4::text IS NULL OR l.stage = $4)
           AND ($5::text IS NULL OR l.kind = $5)
         ORDER BY l.due_at, l.case_id LIMIT $6 OFFSET $7",
    )
    .bind(ask.scopes)
    .bind(account)
    .bind(ask.overdue)
    .bind(ask.stage)
    .bind(ask.kind)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}
