//! Twice is once: the keys of changes already made, and the answers they got.
//!
//! The key is claimed inside the change's own transaction, so that it is used exactly if the change was made. The
//! answer is kept right after; a program killed between the two leaves a key without an answer, and the caller is
//! told truthfully that the change is done. Keys belong to an account: knowing another's key shows nothing. Where an answer
//! led and what it said are sealed: a receipt's address is a private link, and whoever reads the table or a backup of it
//! must not be able to follow one.
use std::time::Duration;

use jh_core::actor::IdempotencyKey;
use jh_core::clock::Clock;
use jh_crypto::keyring::Keyring;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Base, Db, DbError};

/// The largest body kept with an answer; a longer one is answered again by its page, not from here.
pub const BODY_MAX_BYTES: usize = 64 * 1024;
/// How the address an answer led to is sealed.
const LOCATION: &str = "db.idempotency.location";
/// How an answer's body is sealed.
const BODY: &str = "db.idempotency.body";
/// How long a key is remembered.
pub const RETENTION: time::Duration = time::Duration::hours(48);
/// How often, and how many times, to look for the answer of a request that is being finished at this moment.
const ANSWER_POLL: Duration = Duration::from_millis(50);
const ANSWER_POLLS: u32 = 40;

/// What the first request was answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where it redirected.
    pub location: Option<String>,
    /// The body's type.
    pub content_type: Option<String>,
    /// The body, or none if it was over [`BODY_MAX_BYTES`].
    pub body: Option<Vec<u8>>,
}

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// Never used: go on.
    Never,
    /// Used, and this was the answer: give it again.
    Answered(Answer),
    /// Used, but the answer is not known: say that it is done.
    Done,
}

/// Claims the key in the change's transaction. Waits for another claim that is not yet committed.
pub(crate) async fn claim(
    connection: &mut PgConnection,
    key: IdempotencyKey,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let claimed = sqlx::query(
        "INSERT INTO db.idempotency (owner_id, key, claimed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(key.owner)
    .bind(key.key)
    .bind(now)
    .execute(connection)
    .await?;
    if claimed.rows_affected() == 0 { Err(DbError::Replayed) } else { Ok(()) }
}

#[derive(sqlx::FromRow)]
struct Row {
    request_digest: Option<Vec<u8>>,
    status: Option<i16>,
    location_sealed: Option<Vec<u8>>,
    content_type: Option<String>,
    body_sealed: Option<Vec<u8>>,
}

impl Row {
    /// The answer, if there is one that these keys open.
    fn answer(self, keys: &Keyring) -> Option<Answer> {
        let status = u16::try_from(self.status?).ok()?;
        let open =
            |context: &str, sealed: Option<Vec<u8>>| sealed.map(|sealed| keys.open(context, &sealed)).transpose();
        let location = open(LOCATION, self.location_sealed).ok()?.map(String::from_utf8).transpose().ok()?;
        let body = open(BODY, self.body_sealed).ok()?;
        Some(Answer { status, location, content_type: self.content_type, body })
    }
}

/// Looks a key up before the handler runs. `request` is the SM3 of what was asked (method, path and body without the
/// key); the same key with other contents is [`DbError::KeyReused`]. An answer sealed with keys that are no longer the city's
/// is one that is not known.
pub async fn look(base: &Base, key: IdempotencyKey, request: &[u8; 32]) -> Result<Seen, DbError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT request_digest, status, location_sealed, content_type, body_sealed FROM db.idempotency
         WHERE owner_id = $1 AND key = $2",
    )
    .bind(key.owner)
    .bind(key.key)
    .fetch_optional(base.db.pool())
    .await?;
    let Some(row) = row else { return Ok(Seen::Never) };
    if row.request_digest.as_deref().is_some_and(|digest| digest != request) {
        return Err(DbError::KeyReused);
    }
    Ok(row.answer(&base.keys).map_or(Seen::Done, Seen::Answered))
}

/// After [`DbError::Replayed`]: as [`look`], but gives the first request up to two seconds to keep its answer.
pub async fn look_again(base: &Base, key: IdempotencyKey, request: &[u8; 32]) -> Result<Seen, DbError> {
    for _ in 0..ANSWER_POLLS {
        let seen = look(base, key, request).await?;
        if seen != Seen::Done {
            return Ok(seen);
        }
        tokio::time::sleep(ANSWER_POLL).await;
    }
    Ok(Seen::Done)
}

/// Keeps the answer of a request whose change claimed the key. Where nothing was claimed (the form was refused, and
/// the person will mend it and send it again under the same key), nothing is kept.
pub async fn keep(base: &Base, key: IdempotencyKey, request: &[u8; 32], answer: &Answer) -> Result<(), DbError> {
    let status = i16::try_from(answer.status).unwrap_or(500);
    let body = answer.body.as_deref().filter(|body| body.len() <= BODY_MAX_BYTES);
    let location = answer.location.as_deref().map(|location| base.keys.seal(LOCATION, location.as_bytes()));
    sqlx::query(
        "UPDATE db.idempotency
         SET request_digest = $3, status = $4, location_sealed = $5, content_type = $6, body_sealed = $7
         WHERE owner_id = $1 AND key = $2 AND status IS NULL",
    )
    .bind(key.owner)
    .bind(key.key)
    .bind(&request[..])
    .bind(status)
    .bind(location)
    .bind(answer.content_type.as_deref())
    .bind(body.map(|body| base.keys.seal(BODY, body)))
    .execute(base.db.pool())
    .await?;
    Ok(())
}

/// Forgets keys older than [`RETENTION`]; a daily job calls it.
pub async fn sweep(db: &Db, clock: &Clock) -> Result<u64, DbError> {
    let swept = sqlx::query("DELETE FROM db.idempotency WHERE claimed_at < $1")
        .bind(clock.now() - RETENTION)
        .execute(db.pool())
        .await?;
    Ok(swept.rows_affected())
}
