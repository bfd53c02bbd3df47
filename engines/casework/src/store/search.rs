//! Cases in scope, newest first, by words, by number, or all.
//!
//! Words are looked for week by week, see [`crate::model::words`].
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::list::ListRow;
use crate::model::words::Sought;

/// What a search is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Search<'a> {
    /// The scopes of `casework.case.read`.
    pub scopes: &'a [Uuid],
    /// By what.
    pub sought: Sought,
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

/// Cases in scope, newest first.
pub async fn search(conn: &mut PgConnection, ask: &Search<'_>) -> Result<Vec<ListRow>, DbError> {
    match &ask.sought {
        Sought::Words(words) => worded(conn, ask, words).await,
        Sought::Number(number) => listed(conn, ask, Some(format!("{number}%"))).await,
        Sought::Nothing => listed(conn, ask, None).await,
    }
}

/// From the newest week on, each no further than the page needs: the order of the weeks is the order of the answer, so the
/// limit ends the walk. The fences (`OFFSET 0`) keep it a walk. What is asked stands in queries of its own, so that no plan can be
/// better for knowing it: it is made once, where making it anew each time takes as long as the search.
async fn worded(conn: &mut PgConnection, ask: &Search<'_>, words: &str) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.* FROM (
             SELECT week FROM generate_series(
                 (SELECT week FROM casework.words ORDER BY case_id DESC LIMIT 1),
                 (SELECT week FROM casework.words ORDER BY case_id LIMIT 1), -1) AS week
             ORDER BY week DESC
         ) AS weeks
         CROSS JOIN LATERAL (
             SELECT w.case_id FROM casework.words w
             WHERE w.search @@ replace((SELECT $2), '''@', '''' || weeks.week || '@')::tsquery
             ORDER BY w.case_id DESC OFFSET 0
         ) AS hit
         CROSS JOIN LATERAL (SELECT * FROM casework.line l WHERE l.case_id = hit.case_id OFFSET 0) AS l
         WHERE COALESCE(l.kind = (SELECT $3::text), true)
           AND COALESCE(l.closed = (SELECT $4::boolean), true)
           AND COALESCE(l.reported_at >= (SELECT $5::timestamptz), true)
           AND COALESCE(l.reported_at < (SELECT $6::timestamptz), true)
           AND EXISTS (
               SELECT 1 FROM unnest(ARRAY[l.centre_id, l.owner_id, l.holder_id]
                   || ARRAY(SELECT i.organisation_id FROM casework.involved i WHERE i.case_id = l.case_id)) AS has (id)
               WHERE EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                             WHERE c.ancestor_id = ANY((SELECT $1::uuid[])::uuid[]) AND c.descendant_id = has.id OFFSET 0))
         ORDER BY weeks.week DESC, hit.case_id DESC LIMIT (SELECT $7::bigint) OFFSET (SELECT $8::bigint)",
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
async fn listed(conn: &mut PgConnection, ask: &Search<'_>, number: Option<String>) -> Result<Vec<ListRow>, DbError> {
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
         SELECT l.* FROM found JOIN casework.line l USING (case_id) ORDER BY l.case_id DESC",
    )
    .bind(ask.scopes)
    .bind(number)
    .bind(ask.kind)
    .bind(ask.closed)
    .bind(ask.from_at)
    .bind(ask.before_at)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}
