//! All SQL of this app.
use jh_core::define_id;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

define_id!(
    /// An API key of somebody else's program.
    KeyId
);

/// How this city takes part.
#[derive(Clone, Debug, FromRow)]
pub struct Setting {
    pub centre_id: Option<Uuid>,
    pub jurisdiction: String,
    pub anonymous: bool,
    pub held: bool,
    pub posts_a_minute: i32,
    pub contact: String,
    pub changed_at: OffsetDateTime,
}

/// The setting; as the columns' defaults are where nobody has set anything.
pub async fn setting(conn: &mut PgConnection) -> Result<Setting, DbError> {
    let found = sqlx::query_as(
        "SELECT centre_id, jurisdiction, anonymous, held, posts_a_minute, contact, changed_at FROM open311.setting",
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.unwrap_or(Setting {
        centre_id: None,
        jurisdiction: String::new(),
        anonymous: false,
        held: false,
        posts_a_minute: 60,
        contact: String::new(),
        changed_at: OffsetDateTime::UNIX_EPOCH,
    }))
}

/// Writes the setting.
pub async fn set(conn: &mut PgConnection, setting: &Setting, by: &str) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO open311.setting (centre_id, jurisdiction, anonymous, held, posts_a_minute, contact, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (one) DO UPDATE SET centre_id = $1, jurisdiction = $2, anonymous = $3, held = $4, posts_a_minute = $5,
             contact = $6, changed_at = $7, changed_by = $8",
    )
    .bind(setting.centre_id)
    .bind(&setting.jurisdiction)
    .bind(setting.anonymous)
    .bind(setting.held)
    .bind(setting.posts_a_minute)
    .bind(&setting.contact)
    .bind(setting.changed_at)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}

/// A key as its list shows it.
#[derive(Clone, Debug, FromRow)]
pub struct KeyRow {
    pub key_id: KeyId,
    pub name: String,
    pub contact: String,
    pub hint: String,
    pub created_at: OffsetDateTime,
    pub created_by: String,
    pub used_on: Option<Date>,
    pub revoked_at: Option<OffsetDateTime>,
    pub revoked_by: Option<String>,
}

/// Keys, those in force first, newest first.
pub async fn keys(conn: &mut PgConnection, page: PageRequest) -> Result<Vec<KeyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT key_id, name, contact, hint, created_at, created_by, used_on, revoked_at, revoked_by FROM open311.api_key
         ORDER BY revoked_at IS NOT NULL, created_at DESC, key_id DESC LIMIT $1 OFFSET $2",
    )
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Writes a key.
pub async fn insert_key(conn: &mut PgConnection, key: &KeyRow, key_sm3: &[u8]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO open311.api_key (key_id, name, contact, key_sm3, hint, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key.key_id)
    .bind(&key.name)
    .bind(&key.contact)
    .bind(key_sm3)
    .bind(&key.hint)
    .bind(key.created_at)
    .bind(&key.created_by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Revokes a key; answers its name, or none when there is none in force.
pub async fn revoke_key(
    conn: &mut PgConnection,
    id: KeyId,
    now: OffsetDateTime,
    by: &str,
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "UPDATE open311.api_key SET revoked_at = $2, revoked_by = $3 WHERE key_id = $1 AND revoked_at IS NULL RETURNING name",
    )
    .bind(id)
    .bind(now)
    .bind(by)
    .fetch_optional(conn)
    .await?)
}

/// The key in force of a digest, with its name.
pub async fn key_of(conn: &mut PgConnection, key_sm3: &[u8]) -> Result<Option<(KeyId, String)>, DbError> {
    Ok(sqlx::query_as("SELECT key_id, name FROM open311.api_key WHERE key_sm3 = $1 AND revoked_at IS NULL")
        .bind(key_sm3)
        .fetch_optional(conn)
        .await?)
}

/// Notes that a key was used on a day; one write a day.
pub async fn note_use(conn: &mut PgConnection, id: KeyId, day: Date) -> Result<(), DbError> {
    sqlx::query("UPDATE open311.api_key SET used_on = $2 WHERE key_id = $1 AND used_on IS DISTINCT FROM $2")
        .bind(id)
        .bind(day)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts one more post of this minute, and says which it is.
pub async fn count_post(conn: &mut PgConnection, who: &[u8], minute_at: OffsetDateTime) -> Result<i32, DbError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO open311.rate AS r (who, minute_at, n) VALUES ($1, $2, 1)
         ON CONFLICT (who, minute_at) DO UPDATE SET n = r.n + 1 RETURNING n",
    )
    .bind(who)
    .bind(minute_at)
    .fetch_one(conn)
    .await?)
}

/// What was sent before under the same digest.
#[derive(Clone, Debug, FromRow)]
pub struct Before {
    pub content_sm3: Vec<u8>,
    pub case_id: Option<Uuid>,
    pub held: bool,
}

/// Claims a digest within the transaction of its report: none when nobody did since `cutoff`, else what came of it. Whoever comes
/// second waits here until the first has committed.
pub async fn claim(
    conn: &mut PgConnection,
    digest: &[u8],
    content_sm3: &[u8],
    now: OffsetDateTime,
    kept: Duration,
) -> Result<Option<Before>, DbError> {
    let claimed: Option<bool> = sqlx::query_scalar(
        "INSERT INTO open311.submission AS s (digest, content_sm3, sent_at) VALUES ($1, $2, $3)
         ON CONFLICT (digest) DO UPDATE SET content_sm3 = $2, sent_at = $3, case_id = NULL, held = false WHERE s.sent_at < $4
         RETURNING true",
    )
    .bind(digest)
    .bind(content_sm3)
    .bind(now)
    .bind(now - kept)
    .fetch_optional(&mut *conn)
    .await?;
    if claimed.is_some() {
        return Ok(None);
    }
    Ok(sqlx::query_as("SELECT content_sm3, case_id, held FROM open311.submission WHERE digest = $1")
        .bind(digest)
        .fetch_optional(conn)
        .await?)
}

/// Notes what came of a digest.
pub async fn settle(conn: &mut PgConnection, digest: &[u8], case_id: Uuid, held: bool) -> Result<(), DbError> {
    sqlx::query("UPDATE open311.submission SET case_id = $2, held = $3 WHERE digest = $1")
        .bind(digest)
        .bind(case_id)
        .bind(held)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps the token of a report that is held.
pub async fn keep_token(
    conn: &mut PgConnection,
    token_sm3: &[u8],
    case_id: Uuid,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("INSERT INTO open311.token (token_sm3, case_id, since_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(token_sm3)
        .bind(case_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The case of a token.
pub async fn case_of_token(conn: &mut PgConnection, token_sm3: &[u8]) -> Result<Option<Uuid>, DbError> {
    Ok(sqlx::query_scalar("SELECT case_id FROM open311.token WHERE token_sm3 = $1")
        .bind(token_sm3)
        .fetch_optional(conn)
        .await?)
}

/// Removes what has outlived its use: counts of past minutes, and digests that no repeat will be compared with.
pub async fn sweep(conn: &mut PgConnection, now: OffsetDateTime, kept: Duration) -> Result<(), DbError> {
    sqlx::query("DELETE FROM open311.rate WHERE minute_at < $1")
        .bind(now - Duration::hours(1))
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM open311.submission WHERE sent_at < $1").bind(now - kept).execute(conn).await?;
    Ok(())
}
