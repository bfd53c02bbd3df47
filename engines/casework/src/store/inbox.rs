//! The inbox: open cases at which somebody has an act now, nearest deadline first.
//!
//! Each way of narrowing it that has an index has a statement of its own: a prepared statement that serves all of them is
//! planned for none of them.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::file::Scopes;
use super::list::ListRow;

/// The most that are counted: whoever has more does not need to know how many.
pub const COUNTED_MAX: i64 = 1_000;

/// What the inbox is narrowed to.
#[derive(Clone, Debug)]
pub struct Inbox<'a> {
    /// The scopes of the permissions with which the reader works on cases.
    pub scopes: &'a Scopes,
    /// Where the reader works: a permission that reaches further lets him step in elsewhere, but what is there does not wait for him.
    pub home: Option<OrganisationId>,
    /// Only what this person has.
    pub mine: Option<AccountId>,
    /// Everything in scope that is overdue, whoever's turn it is.
    pub overdue: bool,
    /// Only this stage.
    pub stage: Option<&'a str>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Which page.
    pub page: PageRequest,
}

impl<'a> Inbox<'a> {
    /// What waits for whoever has these scopes and works here.
    pub fn of(scopes: &'a Scopes, home: Option<OrganisationId>, page: PageRequest) -> Self {
        Self { scopes, home, mine: None, overdue: false, stage: None, kind: None, page }
    }
}

impl Scopes {
    /// Those of every permission with which somebody works on cases.
    pub fn working(&self) -> Vec<Uuid> {
        let mut all = [&self.manage[..], &self.handle, &self.inspect].concat();
        all.sort();
        all.dedup();
        all
    }
}

/// Open cases that wait for the reader, or that he has, or that are overdue in his scope.
pub async fn inbox(conn: &mut PgConnection, ask: &Inbox<'_>) -> Result<Vec<ListRow>, DbError> {
    match (ask.mine, ask.overdue) {
        (Some(account), _) => of_person(conn, ask, account).await,
        (None, true) => overdue(conn, ask).await,
        (None, false) => waiting(conn, ask).await,
    }
}

/// A case waits for somebody if its stage has a way for what he is to it; `casework.turns` says which. Each organisation's are one
/// range of an index, of which no more than the page can need is read; so 50,000 open cases cost what 50 do.
async fn waiting(conn: &mut PgConnection, ask: &Inbox<'_>) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH first AS (
             SELECT x.* FROM casework.turns($1, $2, $3, $4, $5) AS mine CROSS JOIN LATERAL (
                 SELECT f.case_id, f.due_at FROM casework.file f
                 WHERE f.owner_id = mine.organisation_id AND NOT f.closed
                   AND f.kind || ' ' || f.version || ' ' || f.stage = ANY(mine.stages)
                   AND ($6::text IS NULL OR f.stage = $6)
                   AND ($7::text IS NULL OR f.kind = $7)
                 ORDER BY f.due_at, f.case_id LIMIT $8::bigint + $9::bigint
             ) x ORDER BY x.due_at, x.case_id LIMIT $8 OFFSET $9
         )
         SELECT l.* FROM first JOIN casework.line l USING (case_id) ORDER BY l.due_at, l.case_id",
    )
    .bind(&ask.scopes.manage)
    .bind(&ask.scopes.handle)
    .bind(&ask.scopes.inspect)
    .bind(&ask.scopes.supervise)
    .bind(ask.home)
    .bind(ask.stage)
    .bind(ask.kind)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// How many there are in [`waiting`], up to [`COUNTED_MAX`].
pub async fn waiting_count(
    conn: &mut PgConnection,
    scopes: &Scopes,
    home: Option<OrganisationId>,
) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM (
             SELECT 1 FROM casework.turns($1, $2, $3, $4, $5) AS mine CROSS JOIN LATERAL (
                 SELECT 1 FROM casework.file f
                 WHERE f.owner_id = mine.organisation_id AND NOT f.closed
                   AND f.kind || ' ' || f.version || ' ' || f.stage = ANY(mine.stages) LIMIT $6::bigint
             ) x LIMIT $6
         ) AS counted",
    )
    .bind(&scopes.manage)
    .bind(&scopes.handle)
    .bind(&scopes.inspect)
    .bind(&scopes.supervise)
    .bind(home)
    .bind(COUNTED_MAX)
    .fetch_one(conn)
    .await?)
}

/// Each organisation's by an index that has nothing but what is overdue.
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
    .bind(ask.scopes.working())
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
    .bind(ask.scopes.working())
    .bind(account)
    .bind(ask.overdue)
    .bind(ask.stage)
    .bind(ask.kind)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}
