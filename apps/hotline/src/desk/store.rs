//! SQL of the desk: calls that report nothing.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// A call that reports nothing.
#[derive(Clone, Debug)]
pub struct NewDismissed<'a> {
    pub call_id: Uuid,
    pub centre_id: OrganisationId,
    pub called_at: OffsetDateTime,
    pub phone_blind: Option<&'a [u8]>,
    pub reason: &'a str,
    pub note: &'a str,
    pub agent_name: &'a str,
}

/// One in a list.
#[derive(Clone, Debug, FromRow)]
pub struct DismissedRow {
    pub called_at: OffsetDateTime,
    pub reason: String,
    pub note: String,
    pub agent_name: String,
}

/// Keeps one.
pub async fn dismiss(conn: &mut PgConnection, call: &NewDismissed<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.dismissed (call_id, centre_id, called_at, phone_blind, reason, note, agent_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(call.call_id)
    .bind(call.centre_id)
    .bind(call.called_at)
    .bind(call.phone_blind)
    .bind(call.reason)
    .bind(call.note)
    .bind(call.agent_name)
    .execute(conn)
    .await?;
    Ok(())
}

/// How often a telephone reported nothing since a moment, at centres in scope.
pub async fn dismissed_of(
    conn: &mut PgConnection,
    phone_blind: &[u8],
    since_at: OffsetDateTime,
    scopes: &[Uuid],
) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM hotline.dismissed d WHERE d.phone_blind = $1 AND d.called_at >= $2 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c WHERE c.ancestor_id = ANY($3) AND c.descendant_id = d.centre_id)",
    )
    .bind(phone_blind)
    .bind(since_at)
    .bind(scopes)
    .fetch_one(conn)
    .await?)
}

/// How many there were between two moments, at centres in scope.
pub async fn dismissed_count(
    conn: &mut PgConnection,
    (from_at, before_at): (OffsetDateTime, OffsetDateTime),
    scopes: &[Uuid],
) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM hotline.dismissed d WHERE d.called_at >= $1 AND d.called_at < $2 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c WHERE c.ancestor_id = ANY($3) AND c.descendant_id = d.centre_id)",
    )
    .bind(from_at)
    .bind(before_at)
    .bind(scopes)
    .fetch_one(conn)
    .await?)
}

/// The same as rows, newest first.
pub async fn dismissed(
    conn: &mut PgConnection,
    (from_at, before_at): (OffsetDateTime, OffsetDateTime),
    scopes: &[Uuid],
    page: PageRequest,
) -> Result<Vec<DismissedRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.called_at, d.reason, d.note, d.agent_name FROM hotline.dismissed d
         WHERE d.called_at >= $1 AND d.called_at < $2 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c WHERE c.ancestor_id = ANY($3) AND c.descendant_id = d.centre_id)
         ORDER BY d.called_at DESC, d.call_id LIMIT $4 OFFSET $5",
    )
    .bind(from_at)
    .bind(before_at)
    .bind(scopes)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Forgets those before a moment.
pub async fn sweep_dismissed(conn: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DbError> {
    let swept = sqlx::query("DELETE FROM hotline.dismissed WHERE called_at < $1").bind(before).execute(conn).await?;
    Ok(swept.rows_affected())
}
