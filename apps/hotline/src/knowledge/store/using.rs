//! What agents leave behind: how often an answer helped, what is wrong with it, and what they found nothing for.
use jh_core::actor::AccountId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};

use super::super::model::{EntryId, RemarkId};

/// One thing said of an answer.
#[derive(Clone, Debug, FromRow)]
pub struct RemarkRow {
    pub remark_id: RemarkId,
    pub version: i32,
    pub said: String,
    pub said_by_name: String,
    pub said_at: OffsetDateTime,
    pub closed_at: Option<OffsetDateTime>,
    pub closed_by_name: Option<String>,
    pub reply: Option<String>,
}

/// A text that nothing was found for.
#[derive(Clone, Debug, FromRow)]
pub struct GapRow {
    pub text: String,
    pub searches: i64,
    pub days: i64,
    pub last_at: OffsetDateTime,
}

/// Counts one use in a shard of the day.
pub async fn count_use(conn: &mut PgConnection, id: EntryId, today: Date, shard: i16) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_use AS u (entry_id, used_on, shard, uses) VALUES ($1, $2, $3, 1)
         ON CONFLICT (entry_id, used_on, shard) DO UPDATE SET uses = u.uses + 1",
    )
    .bind(id)
    .bind(today)
    .bind(shard)
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses since a day.
pub async fn uses(conn: &mut PgConnection, id: EntryId, since: Date) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT coalesce(sum(uses), 0)::bigint FROM hotline.knowledge_use WHERE entry_id = $1 AND used_on >= $2",
    )
    .bind(id)
    .bind(since)
    .fetch_one(conn)
    .await?)
}

/// Writes down what is wrong with an answer.
pub async fn insert_remark(
    conn: &mut PgConnection,
    (id, remark): (EntryId, RemarkId),
    version: i32,
    said: &str,
    (by, by_name): (AccountId, &str),
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_remark (entry_id, remark_id, version, said, said_by, said_by_name, said_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(remark)
    .bind(version)
    .bind(said)
    .bind(by)
    .bind(by_name)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes an open remark; answers whether there was one.
pub async fn close_remark(
    conn: &mut PgConnection,
    (id, remark): (EntryId, RemarkId),
    by_name: &str,
    reply: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let closed = sqlx::query(
        "UPDATE hotline.knowledge_remark SET closed_at = $3, closed_by_name = $4, reply = $5
         WHERE entry_id = $1 AND remark_id = $2 AND closed_at IS NULL",
    )
    .bind(id)
    .bind(remark)
    .bind(now)
    .bind(by_name)
    .bind(reply)
    .execute(conn)
    .await?;
    Ok(closed.rows_affected() > 0)
}

/// Closes every remark on versions before a new one: it was written with them in view. Withdrawal closes all.
pub async fn close_remarks(
    conn: &mut PgConnection,
    id: EntryId,
    before_version: i32,
    by_name: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE hotline.knowledge_remark SET closed_at = $3, closed_by_name = $4
         WHERE entry_id = $1 AND closed_at IS NULL AND version < $2",
    )
    .bind(id)
    .bind(before_version)
    .bind(now)
    .bind(by_name)
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest remarks on an entry, open ones first.
pub async fn remarks(conn: &mut PgConnection, id: EntryId) -> Result<Vec<RemarkRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT remark_id, version, said, said_by_name, said_at, closed_at, closed_by_name, reply
         FROM hotline.knowledge_remark WHERE entry_id = $1 ORDER BY (closed_at IS NOT NULL), remark_id DESC LIMIT 20",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// Counts a search that found nothing.
pub async fn count_gap(conn: &mut PgConnection, text: &str, today: Date, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_gap AS g (text, searched_on, searches, last_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (text, searched_on) DO UPDATE SET searches = g.searches + 1, last_at = $3, closed_at = NULL",
    )
    .bind(text)
    .bind(today)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Open gaps, those searched most first.
pub async fn gaps(conn: &mut PgConnection, since: Date, page: PageRequest) -> Result<Vec<GapRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT text, sum(searches)::bigint AS searches, count(*) AS days, max(last_at) AS last_at
         FROM hotline.knowledge_gap WHERE closed_at IS NULL AND searched_on >= $1
         GROUP BY text ORDER BY searches DESC, text LIMIT $2 OFFSET $3",
    )
    .bind(since)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Closes a gap until it is searched for again; answers whether it was open.
pub async fn close_gap(conn: &mut PgConnection, text: &str, now: OffsetDateTime) -> Result<bool, DbError> {
    let closed = sqlx::query("UPDATE hotline.knowledge_gap SET closed_at = $2 WHERE text = $1 AND closed_at IS NULL")
        .bind(text)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(closed.rows_affected() > 0)
}

/// Forgets gaps older than a day, so many at a time.
pub async fn forget_gaps(conn: &mut PgConnection, before: Date) -> Result<(), DbError> {
    sqlx::query("DELETE FROM hotline.knowledge_gap WHERE searched_on < $1").bind(before).execute(conn).await?;
    Ok(())
}
