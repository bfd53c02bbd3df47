//! What rooms tell one another: an event is written in the transaction of the change it tells of, and handed to
//! every registered handler at least once, the events of one subject in their order.
//!
//! A handler's own changes are made in the transaction that takes the event off its queue, so in the database each
//! event takes effect once; only what a handler does elsewhere (a letter, a call) can happen twice.
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use jh_core::actor::Command;
use sqlx::PgConnection;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::jobs::{self, JobError};
use crate::{Base, DbError, Work};

/// Events handed to a handler in one transaction. Each has a savepoint, and PostgreSQL keeps 64 of those in memory.
const BATCH: i64 = 50;
/// How long events gather after the first of them, so that a busy city's are taken by the batch.
const GATHER: Duration = Duration::from_millis(100);

/// Something that happened.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    /// Its place among all events.
    pub seq: i64,
    /// Stable over repeated deliveries.
    pub event_id: Uuid,
    /// For example `registry.delivery.landed`.
    pub event: String,
    /// The record it happened to.
    pub subject_id: Uuid,
    /// The facts.
    pub payload: serde_json::Value,
    /// When.
    pub happened_at: OffsetDateTime,
    /// The request it came of.
    pub request_id: String,
}

/// One who wants to know. Registered by the binary.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Stable, unique, and prefixed by its room, for example `catalogue.count_rows`.
    fn name(&self) -> &'static str;
    /// The events it wants.
    fn events(&self) -> &'static [&'static str];
    /// Only those whose payload has this text in this field, for example one kind of case. What is left out here costs nothing.
    fn only(&self) -> Option<(&'static str, &'static str)> {
        None
    }
    /// Takes one event. What it writes through `work` is committed together with the event's removal from the queue.
    async fn handle(&self, base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError>;
}

/// Gives every waiting event its row for each handler that wants it. One process at a time does this, in the order of
/// the events, so that no handler can see a later event of a subject while an earlier one is not yet in its queue.
async fn fan_out(base: &Base, handlers: &[Arc<dyn Handler>]) -> Result<u64, DbError> {
    let wanted = || handlers.iter().flat_map(|handler| handler.events().iter().map(move |event| (handler, *event)));
    let names: Vec<&str> = wanted().map(|(handler, _)| handler.name()).collect();
    let events: Vec<&str> = wanted().map(|(_, event)| event).collect();
    let fields: Vec<Option<&str>> = wanted().map(|(handler, _)| handler.only().map(|(field, _)| field)).collect();
    let values: Vec<Option<&str>> = wanted().map(|(handler, _)| handler.only().map(|(_, value)| value)).collect();
    let mut transaction = base.db.pool().begin().await?;
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtext('db.outbox'))")
        .fetch_one(&mut *transaction)
        .await?;
    if !alone {
        return Ok(0);
    }
    let taken: i64 = sqlx::query_scalar(
        "WITH taken AS (
             DELETE FROM db.outbox WHERE seq = ANY(ARRAY(SELECT seq FROM db.outbox ORDER BY seq LIMIT 1000))
             RETURNING seq, event_id, event, subject_id, payload, happened_at, request_id
         ), given AS (
             INSERT INTO db.outbox_delivery
                 (handler, seq, event_id, event, subject_id, payload, happened_at, request_id, due_at)
             SELECT wanted.handler, taken.seq, taken.event_id, taken.event, taken.subject_id, taken.payload,
                    taken.happened_at, taken.request_id, $3
             FROM taken JOIN unnest($1::text[], $2::text[], $4::text[], $5::text[]) AS wanted (handler, event, field, value)
                 ON wanted.event = taken.event AND (wanted.field IS NULL OR taken.payload ->> wanted.field = wanted.value)
         )
         SELECT count(*) FROM taken",
    )
    .bind(names)
    .bind(events)
    .bind(base.clock.now())
    .bind(fields)
    .bind(values)
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(taken.unsigned_abs())
}

/// An event in a handler's queue.
#[derive(sqlx::FromRow)]
struct Waiting {
    #[sqlx(flatten)]
    event: Event,
    attempts: i32,
    due_at: OffsetDateTime,
}

/// Hands a handler all that is due; how many it took. A failure holds up its own subject only.
async fn deliver_to(base: &Base, handler: &dyn Handler) -> Result<u64, DbError> {
    let (mut delivered, mut after, mut held) = (0, 0, HashSet::new());
    while let Some((taken, last)) = deliver_batch(base, handler, after, &mut held).await? {
        delivered += taken;
        after = last;
    }
    Ok(delivered)
}

/// The next events after a place in the queue, in one transaction: how many were taken, and where the next ones begin. One
/// process at a time hands to a handler, so that no other takes a later event of a subject meanwhile.
async fn deliver_batch(
    base: &Base,
    handler: &dyn Handler,
    after: i64,
    held: &mut HashSet<Uuid>,
) -> Result<Option<(u64, i64)>, DbError> {
    let now = base.clock.now();
    let mut work = Work::begin(base, &Command::system(handler.name(), now)).await?;
    let alone = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtext('db.outbox_delivery'), hashtext($1))");
    if !alone.bind(handler.name()).fetch_one(work.conn()).await? {
        return Ok(None);
    }
    let waiting: Vec<Waiting> = sqlx::query_as(
        "SELECT seq, event_id, event, subject_id, payload, happened_at, request_id, attempts, due_at
         FROM db.outbox_delivery WHERE handler = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    )
    .bind(handler.name())
    .bind(after)
    .bind(BATCH)
    .fetch_all(work.conn())
    .await?;
    let Some(last) = waiting.last().map(|one| one.event.seq) else { return Ok(None) };
    let mut taken = Vec::new();
    for one in &waiting {
        let subject = one.event.subject_id;
        if one.due_at > now || held.contains(&subject) {
            held.insert(subject);
        } else if take(base, handler, &mut work, one).await? {
            taken.push(one.event.seq);
        } else {
            held.insert(subject);
        }
    }
    sqlx::query("DELETE FROM db.outbox_delivery WHERE handler = $1 AND seq = ANY($2)")
        .bind(handler.name())
        .bind(&taken)
        .execute(work.conn())
        .await?;
    work.commit().await?;
    Ok(Some((taken.len() as u64, last)))
}

/// Lets the handler take one event; if it does not, what it wrote is undone and the failure is noted.
async fn take(base: &Base, handler: &dyn Handler, work: &mut Work, one: &Waiting) -> Result<bool, DbError> {
    let mark = work.mark();
    sqlx::query("SAVEPOINT event").execute(work.conn()).await?;
    let Err(error) = handled(base, handler, work, &one.event).await else {
        sqlx::query("RELEASE SAVEPOINT event").execute(work.conn()).await?;
        return Ok(true);
    };
    let (event, subject) = (&one.event.event, one.event.subject_id);
    tracing::warn!(handler = handler.name(), event, %subject, %error, "event not taken, will be tried again");
    if let Err(gone) = sqlx::query("ROLLBACK TO SAVEPOINT event").execute(work.conn()).await {
        // It took the connection with it: the others of the batch come again, this one after its pause.
        put_off(&mut *base.db.read().await?, handler, one, base.clock.now(), &error).await?;
        return Err(gone.into());
    }
    work.forget_since(mark);
    let now = work.now();
    put_off(work.conn(), handler, one, now, &error).await?;
    Ok(false)
}

/// A handler that panics has refused the event; it must not end the delivery to all others.
async fn handled(base: &Base, handler: &dyn Handler, work: &mut Work, event: &Event) -> Result<(), JobError> {
    let mut handling = handler.handle(base, work, event);
    std::future::poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| handling.as_mut().poll(context)))
            .unwrap_or_else(|_| Poll::Ready(Err(JobError::again("the handler panicked; the log says where"))))
    })
    .await
}

/// An event is never given up: to pass over one would hand on the next out of order. It stands in the operations
/// page with its failure until the handler takes it.
async fn put_off(
    connection: &mut PgConnection,
    handler: &dyn Handler,
    one: &Waiting,
    now: OffsetDateTime,
    error: &JobError,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE db.outbox_delivery SET attempts = attempts + 1, due_at = $3, failure = $4 WHERE handler = $1 AND seq = $2",
    )
    .bind(handler.name())
    .bind(one.event.seq)
    .bind(now + jobs::back_off(one.attempts + 1))
    .bind(error.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Delivers all that is due now and returns how many were taken; a test's way to let events arrive.
pub async fn deliver_due(base: &Base, handlers: &[Arc<dyn Handler>]) -> Result<u64, DbError> {
    let mut delivered = 0;
    loop {
        let moved = fan_out(base, handlers).await?;
        let mut taken = 0;
        for handler in handlers {
            taken += deliver_to(base, handler.as_ref()).await?;
        }
        delivered += taken;
        if moved == 0 && taken == 0 {
            return Ok(delivered);
        }
    }
}

/// Delivers events until told to stop.
pub(crate) async fn run(base: Base, handlers: Vec<Arc<dyn Handler>>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = deliver_due(&base, &handlers).await {
            tracing::warn!(%error, "events cannot be delivered just now");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = base.db.bells().outbox.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
