//! Each day's end of the chain, signed with the city's key: after this even we cannot change the day unseen.
use std::fmt;

use jh_core::clock::china_day;
use jh_crypto::sm3::{self, Hasher};
use sqlx::PgConnection;
use time::Date;

use super::chain::{chain_all, digest_of};
use super::line;
use crate::{Base, DbError};

/// The city's name in signed roots. The binary registers it: `services.register(Arc::new(City("南通市".into())))`.
#[derive(Clone, Debug)]
pub struct City(pub String);

/// What is signed of a day. `Display` gives the exact text of `root.txt`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Root {
    /// Whose audit.
    pub city: String,
    /// The day in China.
    pub day: Date,
    /// The day's first place in the chain.
    pub first_seq: i64,
    /// Its last.
    pub last_seq: i64,
    /// The link before its first: the end of the last day that had rows.
    pub previous_link: [u8; 32],
    /// Its last link.
    pub final_link: [u8; 32],
    /// The SM3 of the day's lines, each with its line feed.
    pub sm3: [u8; 32],
    /// Whether the day was not over, so that more lines may follow these.
    pub so_far: bool,
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "jianghai audit root 1")?;
        writeln!(f, "city: {}", self.city)?;
        writeln!(f, "day: {}", self.day)?;
        writeln!(f, "first_seq: {}", self.first_seq)?;
        writeln!(f, "last_seq: {}", self.last_seq)?;
        writeln!(f, "previous_link: {}", sm3::hex(&self.previous_link))?;
        writeln!(f, "final_link: {}", sm3::hex(&self.final_link))?;
        writeln!(f, "sm3: {}", sm3::hex(&self.sm3))?;
        if self.so_far { writeln!(f, "so_far: the day was not over") } else { Ok(()) }
    }
}

/// A row of `db.audit_root`.
#[derive(sqlx::FromRow, Clone, Debug)]
pub struct SealedDay {
    /// The day.
    pub day_on: Date,
    /// Its first place in the chain.
    pub first_seq: i64,
    /// Its last.
    pub last_seq: i64,
    /// The signed text.
    pub root: String,
    /// The DER signature.
    pub signature: Vec<u8>,
    /// The key it verifies with.
    pub public_key_pem: String,
}

/// The day's signed root, if it has one.
pub async fn sealed_day(base: &Base, day: Date) -> Result<Option<SealedDay>, DbError> {
    Ok(sqlx::query_as(
        "SELECT day_on, first_seq, last_seq, root, signature, public_key_pem FROM db.audit_root WHERE day_on = $1",
    )
    .bind(day)
    .fetch_optional(base.db.pool())
    .await?)
}

/// The days that are over and have audit rows but no signed root, oldest first.
pub async fn unsealed_days(base: &Base) -> Result<Vec<Date>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT l.day_on FROM db.audit_link l
         WHERE l.day_on < $1 AND l.day_on > COALESCE((SELECT max(r.day_on) FROM db.audit_root r), '0001-01-01'::date)
         ORDER BY l.day_on",
    )
    .bind(china_day(base.clock.now()))
    .fetch_all(base.db.pool())
    .await?)
}

/// Seals every day that is over; the daily job. Returns the days sealed.
pub async fn seal_finished_days(base: &Base) -> Result<Vec<Date>, DbError> {
    chain_all(base).await?;
    let days = unsealed_days(base).await?;
    for day in &days {
        seal_day(base, *day).await?;
    }
    Ok(days)
}

/// Signs the day's end of the chain into `db.audit_root` and returns it; none if the day has no rows. A day sealed
/// before stays as it is. A day that is not over is [`DbError::DayOpen`].
pub async fn seal_day(base: &Base, day: Date) -> Result<Option<SealedDay>, DbError> {
    if day >= china_day(base.clock.now()) {
        return Err(DbError::DayOpen { day, why: "the day is not over" });
    }
    if let Some(sealed) = sealed_day(base, day).await? {
        return Ok(Some(sealed));
    }
    chain_all(base).await?;
    close(base, day).await?;
    let Some(root) = root_of(base, day).await? else { return Ok(None) };
    let text = root.to_string();
    sqlx::query(
        "INSERT INTO db.audit_root (day_on, first_seq, last_seq, root, signature, public_key_pem, sealed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(day)
    .bind(root.first_seq)
    .bind(root.last_seq)
    .bind(&text)
    .bind(base.keys.sign(text.as_bytes()))
    .bind(base.keys.public_key_pem())
    .bind(base.clock.now())
    .execute(base.db.pool())
    .await?;
    sealed_day(base, day).await
}

/// The day so far, signed now and kept nowhere: what an auditor checks before the day is over. None if it has no rows.
pub async fn day_so_far(base: &Base, day: Date) -> Result<Option<SealedDay>, DbError> {
    chain_all(base).await?;
    let Some(root) = root_of(base, day).await? else { return Ok(None) };
    let root = Root { so_far: true, ..root };
    let text = root.to_string();
    Ok(Some(SealedDay {
        day_on: day,
        first_seq: root.first_seq,
        last_seq: root.last_seq,
        signature: base.keys.sign(text.as_bytes()),
        root: text,
        public_key_pem: base.keys.public_key_pem(),
    }))
}

/// The day as it is signed: for good if it is over, else so far. None if it has no rows.
pub async fn signed_day(base: &Base, day: Date) -> Result<Option<SealedDay>, DbError> {
    if day < china_day(base.clock.now()) { seal_day(base, day).await } else { day_so_far(base, day).await }
}

/// From here on no row is linked into the day or one before it, so what is read of it next is all there will be.
async fn close(base: &Base, day: Date) -> Result<(), DbError> {
    let next = day.next_day().unwrap_or(day);
    sqlx::query("UPDATE db.audit_head SET day_on = $1 WHERE only_row AND day_on < $1")
        .bind(next)
        .execute(base.db.pool())
        .await?;
    Ok(())
}

/// Goes through the day's rows. One that no longer is what was linked is not signed.
async fn root_of(base: &Base, day: Date) -> Result<Option<Root>, DbError> {
    let mut connection = base.db.read().await?;
    let (first, last): (Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT min(seq), max(seq) FROM db.audit_link WHERE day_on = $1")
            .bind(day)
            .fetch_one(&mut *connection)
            .await?;
    let (Some(first_seq), Some(last_seq)) = (first, last) else { return Ok(None) };
    let mut hasher = Hasher::new();
    let mut add = |line: &str| {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
        Ok(())
    };
    through(&mut connection, day, (first_seq, last_seq), &mut add).await?;
    let sm3 = hasher.finalize();
    let city = base.services.get::<City>().map(|city| city.0.clone()).unwrap_or_default();
    let previous_link = link_at(&mut connection, first_seq - 1).await?;
    let final_link = link_at(&mut connection, last_seq).await?;
    Ok(Some(Root { city, day, first_seq, last_seq, previous_link, final_link, sm3, so_far: false }))
}

/// Gives each of the day's lines to `each`, in order. A missing or changed row is [`DbError::AuditBroken`].
pub(super) async fn through(
    connection: &mut PgConnection,
    day: Date,
    (first, last): (i64, i64),
    each: &mut (dyn FnMut(&str) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let mut after = first - 1;
    while after < last {
        let rows = line::linked(connection, after, last).await?;
        if rows.is_empty() {
            return Err(DbError::AuditBroken { day, seq: after + 1 });
        }
        for linked in rows {
            let line = linked.row.canonical();
            if linked.seq != after + 1 || sm3::digest(line.as_bytes())[..] != linked.digest {
                return Err(DbError::AuditBroken { day, seq: after + 1 });
            }
            each(&line)?;
            after = linked.seq;
        }
    }
    Ok(())
}

async fn link_at(connection: &mut PgConnection, seq: i64) -> Result<[u8; 32], DbError> {
    let link: Option<Vec<u8>> = sqlx::query_scalar("SELECT link FROM db.audit_link WHERE seq = $1")
        .bind(seq)
        .fetch_optional(connection)
        .await?;
    link.map_or(Ok(jh_crypto::chain::GENESIS), |link| digest_of(&link))
}
