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
        Sought::Words { few, all } => worded(conn, ask, few, all).await,
        Sought::Number(number) => listed(conn, ask, Some(format!("{number}%"))).await,
        Sought::Nothing => listed(conn, ask, None).await,
    }
}

/// By words, from the newest week on; the walk stands in `casework.found`.
async fn worded(conn: &mut PgConnection, ask: &Search<'_>, few: &str, all: &str) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as("SELECT * FROM casework.found($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(ask.scopes)
        .bind(few)
        .bind(all)
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
