//! Sessions in SQL: the one query behind every request of a browser, and their beginning, rotation and end.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::model::account::AccountKind;
use crate::model::session::{Life, Limits, SessionId, SessionRow};

/// What the store knows of whoever presents a token.
#[derive(Debug, sqlx::FromRow)]
pub struct Found {
    /// The session, or the credential.
    pub holder_id: uuid::Uuid,
    /// Staff, resident or service.
    pub kind: AccountKind,
    /// The account's name to show.
    pub name: String,
    /// Where it belongs.
    pub organisation_id: Option<OrganisationId>,
    /// That organisation's name, or empty.
    pub organisation_name: String,
    /// Whether it must first choose a password.
    pub must_change_password: bool,
    /// The permissions it holds, one by one with `scopes`.
    pub permissions: Vec<String>,
    /// Where it holds them.
    pub scopes: Vec<uuid::Uuid>,
    /// The last use noted.
    pub seen_at: OffsetDateTime,
    /// When the token was made.
    pub rotated_at: OffsetDateTime,
    /// When the account's rights last changed.
    pub rights_changed_at: OffsetDateTime,
    /// The longest silence, in seconds; none for credentials.
    pub idle_s_max: i32,
    /// The end whatever happens.
    pub ends_at: OffsetDateTime,
    /// Whether the token is the present one, not the one before the last rotation.
    pub current: bool,
}

impl Found {
    /// What decides about the session's life.
    pub fn life(&self) -> Life {
        Life {
            seen_at: self.seen_at,
            rotated_at: self.rotated_at,
            rights_changed_at: self.rights_changed_at,
            idle: Duration::seconds(i64::from(self.idle_s_max)),
            ends_at: self.ends_at,
        }
    }
}

/// Everything a request needs to know of a session, in one round trip to one shard.
pub async fn authenticate(
    conn: &mut PgConnection,
    account: AccountId,
    hash: &[u8; 32],
    now: OffsetDateTime,
) -> Result<Option<Found>, DbError> {
    Ok(sqlx::query_as(
        "SELECT s.session_id AS holder_id, a.kind, a.name, a.organisation_id, coalesce(o.name, '') AS organisation_name,
                a.must_change_password, coalesce(g.permissions, '{}') AS permissions, coalesce(g.scopes, '{}') AS scopes,
                s.seen_at, s.rotated_at, a.rights_changed_at, s.idle_s_max, s.ends_at, s.token_hash = $2 AS current
         FROM identity.session s
         JOIN identity.account a ON a.account_id = s.account_id
         LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         LEFT JOIN LATERAL (
             SELECT array_agg(p.permission) AS permissions, array_agg(x.organisation_id) AS scopes
             FROM identity.assignment x JOIN identity.role_permission p ON p.role_id = x.role_id
             WHERE x.account_id = $1 AND x.withdrawn_at IS NULL
               AND x.begins_at <= $3 AND (x.ends_at IS NULL OR x.ends_at > $3)) g ON true
         WHERE s.account_id = $1 AND s.ends_at > $3 AND a.suspended_at IS NULL
           AND (s.token_hash = $2 OR (s.previous_hash = $2 AND s.previous_ends_at > $3))",
    )
    .bind(account)
    .bind(hash.as_slice())
    .bind(now)
    .fetch_optional(conn)
    .await?)
}

/// Where and with what a session begins.
#[derive(Clone, Debug)]
pub struct Begin<'a> {
    /// Whose.
    pub account: AccountId,
    /// The token's SM3.
    pub hash: [u8; 32],
    /// How long it may live.
    pub limits: Limits,
    /// The network address it began from.
    pub address: &'a str,
    /// What the browser calls itself, cut short.
    pub agent: &'a str,
    /// Now.
    pub now: OffsetDateTime,
}

/// Begins a session.
pub async fn begin(conn: &mut PgConnection, begin: &Begin<'_>) -> Result<SessionId, DbError> {
    let id = SessionId::at(begin.now);
    sqlx::query(
        "INSERT INTO identity.session
             (account_id, session_id, token_hash, begun_at, seen_at, rotated_at, idle_s_max, ends_at, address, agent)
         VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8)",
    )
    .bind(begin.account)
    .bind(id)
    .bind(begin.hash.as_slice())
    .bind(begin.now)
    .bind(i32::try_from(begin.limits.idle.whole_seconds()).unwrap_or(i32::MAX))
    .bind(begin.now + begin.limits.absolute)
    .bind(begin.address)
    .bind(begin.agent)
    .execute(conn)
    .await?;
    Ok(id)
}

/// Notes that a session was used.
pub async fn note_seen(
    conn: &mut PgConnection,
    account: AccountId,
    id: uuid::Uuid,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.session SET seen_at = $3 WHERE account_id = $1 AND session_id = $2 AND seen_at < $3")
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces a session's token if it still is `old`; the old one is honoured until `overlap_ends_at`. False: another
/// request was faster.
pub async fn rotate(
    conn: &mut PgConnection,
    account: AccountId,
    old: &[u8; 32],
    new: &[u8; 32],
    now: OffsetDateTime,
    overlap_ends_at: OffsetDateTime,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "UPDATE identity.session SET token_hash = $3, previous_hash = $2, previous_ends_at = $5, rotated_at = $4,
                seen_at = $4
         WHERE account_id = $1 AND token_hash = $2",
    )
    .bind(account)
    .bind(old.as_slice())
    .bind(new.as_slice())
    .bind(now)
    .bind(overlap_ends_at)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the session of a token; its id if there was one.
pub async fn end_by_token(
    conn: &mut PgConnection,
    account: AccountId,
    hash: &[u8; 32],
) -> Result<Option<SessionId>, DbError> {
    Ok(sqlx::query_scalar(
        "DELETE FROM identity.session WHERE account_id = $1 AND (token_hash = $2 OR previous_hash = $2)
         RETURNING session_id",
    )
    .bind(account)
    .bind(hash.as_slice())
    .fetch_optional(conn)
    .await?)
}

/// Ends one session of an account.
pub async fn end(conn: &mut PgConnection, account: AccountId, id: SessionId) -> Result<bool, DbError> {
    let ended = sqlx::query("DELETE FROM identity.session WHERE account_id = $1 AND session_id = $2")
        .bind(account)
        .bind(id)
        .execute(conn)
        .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sessions of an account but the one with the token `kept`; how many.
pub async fn end_all(conn: &mut PgConnection, account: AccountId, kept: Option<&[u8; 32]>) -> Result<u64, DbError> {
    let ended =
        sqlx::query("DELETE FROM identity.session WHERE account_id = $1 AND ($2::bytea IS NULL OR token_hash <> $2)")
            .bind(account)
            .bind(kept.map(<[u8; 32]>::as_slice))
            .execute(conn)
            .await?;
    Ok(ended.rows_affected())
}

/// The live sessions of an account, the latest used first. Forty is more browsers than anybody has.
pub async fn list(
    conn: &mut PgConnection,
    account: AccountId,
    current: Option<&[u8; 32]>,
    now: OffsetDateTime,
) -> Result<Vec<SessionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT session_id AS id, begun_at, seen_at, address, agent, coalesce(token_hash = $2, false) AS current
         FROM identity.session
         WHERE account_id = $1 AND ends_at > $3 AND seen_at + idle_s_max * interval '1 second' > $3
         ORDER BY seen_at DESC LIMIT 40",
    )
    .bind(account)
    .bind(current.map(<[u8; 32]>::as_slice))
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// Clears away sessions that are over; how many.
pub async fn sweep(conn: &mut PgConnection, now: OffsetDateTime) -> Result<u64, DbError> {
    let swept = sqlx::query(
        "DELETE FROM identity.session
         WHERE ends_at <= $1 OR seen_at + idle_s_max * interval '1 second' <= $1",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
