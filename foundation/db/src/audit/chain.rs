//! Linking audit rows into the chain, and signing each day's end of it.
use jh_core::clock::china_day;
use jh_crypto::chain::link;
use jh_crypto::sm3;
use std::time::Duration;
use time::Date;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::line::Row;
use crate::{Base, DbError};

/// Rows linked in one transaction.
const BATCH: i64 = 1_000;
/// How long rows gather after the first of them: a link costs the same for one row as for twenty.
const GATHER: Duration = Duration::from_millis(200);

#[derive(sqlx::FromRow)]
struct Head {
    seq: i64,
    link: Vec<u8>,
    day_on: Date,
}

/// Links the rows that wait, up to a thousand of them, and returns how many. Any number of processes may call it:
/// the lock on the chain's head lets one link at a time, so the sequence has neither gaps nor forks.
pub async fn chain(base: &Base) -> Result<u64, DbError> {
    let mut transaction = base.db.pool().begin().await?;
    let head: Head = sqlx::query_as("SELECT seq, link, day_on FROM db.audit_head WHERE only_row FOR UPDATE")
        .fetch_one(&mut *transaction)
        .await?;
    // A UUIDv7 begins with its time, so this is their order of time, and by the primary key. As an array, since a queue's
    // statistics are of when it was empty or full, and a join planned by them reads all of it.
    let rows: Vec<Row> = sqlx::query_as(
        "WITH taken AS (
             DELETE FROM db.audit_pending WHERE audit_id = ANY(ARRAY(
                 SELECT audit_id FROM db.audit_pending ORDER BY audit_id LIMIT $1
             )) RETURNING audit_id
         )
         SELECT a.audit_id, a.happened_at, a.action, a.subject_id, a.account_id, a.actor_kind, a.actor_name,
                a.actor_organisation_id, a.organisation_id, a.purpose, a.request_id, a.detail::text AS detail
         FROM db.audit a JOIN taken ON taken.audit_id = a.audit_id
         ORDER BY a.audit_id",
    )
    .bind(BATCH)
    .fetch_all(&mut *transaction)
    .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut links = Links::after(&head)?;
    for row in &rows {
        links.add(row);
    }
    links.store(&mut transaction).await?;
    transaction.commit().await?;
    Ok(rows.len() as u64)
}

/// Links all rows that wait now.
pub async fn chain_all(base: &Base) -> Result<u64, DbError> {
    let mut linked = 0;
    loop {
        match chain(base).await? {
            0 => return Ok(linked),
            more => linked += more,
        }
    }
}

/// The links of one batch, as columns for one insert.
struct Links {
    seq: i64,
    last: [u8; 32],
    day_on: Date,
    ids: Vec<Uuid>,
    seqs: Vec<i64>,
    days: Vec<Date>,
    digests: Vec<Vec<u8>>,
    links: Vec<Vec<u8>>,
}

impl Links {
    fn after(head: &Head) -> Result<Self, DbError> {
        let last = digest_of(&head.link)?;
        let (ids, seqs, days, digests, links) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(Self { seq: head.seq, last, day_on: head.day_on, ids, seqs, days, digests, links })
    }

    fn add(&mut self, row: &Row) {
        let digest = sm3::digest(row.canonical().as_bytes());
        self.seq += 1;
        self.last = link(&self.last, &digest);
        // Days never go back along the chain, so that each is one unbroken run of it; a row committed after its day
        // was closed for sealing goes to the first day still open.
        self.day_on = self.day_on.max(china_day(row.happened_at));
        self.ids.push(row.audit_id);
        self.seqs.push(self.seq);
        self.days.push(self.day_on);
        self.digests.push(digest.to_vec());
        self.links.push(self.last.to_vec());
    }

    async fn store(&self, connection: &mut sqlx::PgConnection) -> Result<(), DbError> {
        sqlx::query(
            "INSERT INTO db.audit_link (audit_id, seq, day_on, digest, link)
             SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::bytea[], $5::bytea[])",
        )
        .bind(&self.ids)
        .bind(&self.seqs)
        .bind(&self.days)
        .bind(&self.digests)
        .bind(&self.links)
        .execute(&mut *connection)
        .await?;
        sqlx::query("UPDATE db.audit_head SET seq = $1, link = $2, day_on = $3 WHERE only_row")
            .bind(self.seq)
            .bind(&self.last[..])
            .bind(self.day_on)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Thirty-two bytes out of a column that the schema says has them.
pub(super) fn digest_of(bytes: &[u8]) -> Result<[u8; 32], DbError> {
    bytes.try_into().map_err(|_| DbError::Sqlx(sqlx::Error::Decode("a digest is not 32 bytes long".into())))
}

/// Links rows as they come, until told to stop.
pub(crate) async fn run(base: Base, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match chain(&base).await {
            Ok(linked) if linked == BATCH.unsigned_abs() => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "audit rows cannot be linked just now"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = base.db.bells().audit.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
