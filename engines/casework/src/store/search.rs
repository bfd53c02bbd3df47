//! Cases in scope, newest first, by words, by number, or all.
//!
//! Words that many cases have would have to be read through all the years to be put in order. So the newest weeks are searched
//! first; only if they do not fill the page, and then there are few, is everything searched.
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::list::ListRow;

/// What a search is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Search<'a> {
    /// The scopes of `casework.case.read`.
    pub scopes: &'a [Uuid],
    /// The text form of a `tsquery`.
    pub words: Option<&'a str>,
    /// A number, or its beginning.
    pub number: Option<&'a str>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only open ones, or only closed ones.
    pub closed: Option<bool>,
    /// Reported from here on.
    pub from_at: Option<OffsetDateTime>,
    /// Reported before.
    pub before_at: Option<OffsetDateTime>,
    /// Which page.
    pub page: PageRequest,
}

/// Cases in scope, newest first. With words, a number is not looked at.
pub async fn search(conn: &mut PgConnection, ask: &Search<'_>) -> Result<Vec<ListRow>, DbError> {
    let Some(words) = ask.words else { return listed(conn, ask).await };
    if ask.before_at.is_none() {
        let found = lately(conn, ask, words).await?;
        if found.len() as i64 == ask.page.limit() {
            return Ok(found);
        }
    }
    worded(conn, ask, words).await
}

/// Those of the newest week that has any, and the one before it.
async fn lately(conn: &mut PgConnection, ask: &Search<'_>, words: &str) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS MATERIALIZED (
             SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)
         ), newest AS (
             SELECT week FROM casework.words ORDER BY case_id DESC LIMIT 1
         ), hits AS MATERIALIZED (
             SELECT w.case_id FROM casework.words w
             WHERE w.search @@ (
                 SELECT format('(%s) & (''@%s'' | ''@%s'')', $2::text, week, week - 1)::tsquery FROM newest)
         ), found AS (
             SELECT f.case_id FROM hits JOIN casework.file f USING (case_id)
             WHERE ($3::text IS NULL OR f.kind = $3)
               AND ($4::boolean IS NULL OR f.closed = $4)
               AND ($5::timestamptz IS NULL OR f.reported_at >= $5)
               AND ($6::timestamptz IS NULL OR f.reported_at < $6)
               AND (f.centre_id IN (SELECT descendant_id FROM mine) OR f.owner_id IN (SELECT descendant_id FROM mine)
                 OR f.holder_id IN (SELECT descendant_id FROM mine)
                 OR EXISTS (SELECT 1 FROM casework.involved i
                       WHERE i.case_id = f.case_id AND i.organisation_id IN (SELECT descendant_id FROM mine)))
             ORDER BY f.case_id DESC LIMIT $7 OFFSET $8
         )
         SELECT f.case_id, f.number, f.kind, f.version, f.stage, f.closed, f.title, f.category_name, f.priority, f.channel,
                f.owner_id, o.name AS owner_name, f.assignee_name, f.address, f.reported_at, f.due_at, f.overdue, f.paused,
                f.outcome
         FROM found JOIN casework.file f USING (case_id)
         LEFT JOIN identity.v_organisation o ON o.organisation_id = f.owner_id
         ORDER BY f.case_id DESC",
    )
    .bind(ask.scopes)
    .bind(words)
    .bind(ask.kind)
    .bind(ask.closed)
    .bind(ask.from_at)
    .bind(ask.before_at)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// Of all weeks.
async fn worded(conn: &mut PgConnection, ask: &Search<'_>, words: &str) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS MATERIALIZED (
             SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)
         ), hits AS MATERIALIZED (
             SELECT w.case_id FROM casework.words w WHERE w.search @@ $2::text::tsquery
         ), found AS (
             SELECT f.case_id FROM hits JOIN casework.file f USING (case_id)
             WHERE ($3::text IS NULL OR f.kind = $3)
               AND ($4::boolean IS NULL OR f.closed = $4)
               AND ($5::timestamptz IS NULL OR f.reported_at >= $5)
               AND ($6::timestamptz IS NULL OR f.reported_at < $6)
               AND (f.centre_id IN (SELECT descendant_id FROM mine) OR f.owner_id IN (SELECT descendant_id FROM mine)
                 OR f.holder_id IN (SELECT descendant_id FROM mine)
                 OR EXISTS (SELECT 1 FROM casework.involved i
                       WHERE i.case_id = f.case_id AND i.organisation_id IN (SELECT descendant_id FROM mine)))
             ORDER BY f.case_id DESC LIMIT $7 OFFSET $8
         )
         SELECT f.case_id, f.number, f.kind, f.version, f.stage, f.closed, f.title, f.category_name, f.priority, f.channel,
                f.owner_id, o.name AS owner_name, f.assignee_name, f.address, f.reported_at, f.due_at, f.overdue, f.paused,
                f.outcome
         FROM found JOIN casework.file f USING (case_id)
         LEFT JOIN identity.v_organisation o ON o.organisation_id = f.owner_id
         ORDER BY f.case_id DESC",
    )
    .bind(ask.scopes)
    .bind(words)
    .bind(ask.kind)
    .bind(ask.closed)
    .bind(ask.from_at)
    .bind(ask.before_at)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// By number, or whatever there is.
async fn listed(conn: &mut PgConnection, ask: &Search<'_>) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS MATERIALIZED (
             SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)
         ), found AS (
             SELECT f.case_id FROM casework.file f
             WHERE ($2::text IS NULL OR f.number LIKE $2)
               AND ($3::text IS NULL OR f.kind = $3)
               AND ($4::boolean IS NULL OR f.closed = $4)
               AND ($5::timestamptz IS NULL OR f.reported_at >= $5)
               AND ($6::timestamptz IS NULL OR f.reported_at < $6)
               AND (f.centre_id IN (SELECT descendant_id FROM mine) OR f.owner_id IN (SELECT descendant_id FROM mine)
                 OR f.holder_id IN (SELECT descendant_id FROM mine)
                 OR EXISTS (SELECT 1 FROM casework.involved i
                       WHERE i.case_id = f.case_id AND i.organisation_id IN (SELECT descendant_id FROM mine)))
             ORDER BY f.case_id DESC LIMIT $7 OFFSET $8
         )
         SELECT f.case_id, f.number, f.kind, f.version, f.stage, f.closed, f.title, f.category_name, f.priority, f.channel,
                f.owner_id, o.name AS owner_name, f.assignee_name, f.address, f.reported_at, f.due_at, f.overdue, f.paused,
                f.outcome
         FROM found JOIN casework.file f USING (case_id)
         LEFT JOIN identity.v_organisation o ON o.organisation_id = f.owner_id
         ORDER BY f.case_id DESC",
    )
    .bind(ask.scopes)
    .bind(ask.number)
    .bind(ask.kind)
    .bind(ask.closed)
    .bind(ask.from_at)
    .bind(ask.before_at)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}
