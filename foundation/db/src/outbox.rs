//! What rooms tell one another: an event is written in the transaction of the change it tells of, and handed to
//! every registered handler at least once, the events of one subject in their order.
//!
//! A handler's own changes are made in the transaction that takes the event off its queue, so in the database each
//! event takes effect once; only what a handler does elsewhere (a letter, a call) can happen twice.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use jh_core::actor::Command;
use jh_core::id::uuid_at;
use sqlx::PgConnection;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::jobs::{self, JobError};
use crate::{Base, DbError, Work};

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
    /// Takes one event. What it writes through `work` is committed together with the event's removal from the queue.
    async fn handle(&self, base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError>;
}

/// Writes the event in the change's transaction.
pub(crate) async fn append(
    connection: &mut PgConnection,
    command: &Command,
    event: &'static str,
    subject: Uuid,
    payload: serde_json::Value,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO db.outbox (event_id, event, subject_id, payload, happened_at, request_id)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(uuid_at(command.now))
    .bind(event)
    .bind(subject)
    .bind(payload)
    .bind(command.now)
    .bind(&*command.request_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives every waiting event its row for each handler that wants it. One process at a time does this, in the order of
/// the events, so that no handler can see a later event of a subject while an earlier one is not yet in its queue.
async fn fan_out(base: &Base, handlers: &[Arc<dyn Handler>]) -> Result<u64, DbError> {
    let names: Vec<&str> =
        handlers.iter().flat_map(|handler| handler.events().iter().map(|_| handler.name())).collect();
    let events: Vec<&str> = handlers.iter().flat_map(|handler| handler.events().iter().copied()).collect();
    let mut transaction = base.db.pool().begin().await?;
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtext('db.outbox'))")
        .fetch_one(&mut *transaction)
        .await?;
    if !alone {
        return Ok(0);
    }
    let taken: i64 = sqlx::query_scalar(
        "WITH taken AS (
             DELETE FROM db.outbox WHERE seq IN (SELECT seq FROM db.outbox ORDER BY seq LIMIT 1000)
             RETURNING seq, event_id, event, subject_id, payload, happened_at, request_id
         ), given AS (
             INSERT INTO db.outbox_delivery
                 (handler, seq, event_id, event, subject_id, payload, happened_at, request_id, due_at)
             SELECT wanted.handler, taken.seq, taken.event_id, taken.event, taken.subject_id, taken.payload,
                    taken.happened_at, taken.request_id, $3
             FROM taken JOIN unnest($1::text[], $2::text[]) AS wanted (handler, event) ON wanted.event = taken.event
         )
         SELECT count(*) FROM taken",
    )
    .bind(names)
    .bind(events)
    .bind(base.clock.now())
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(taken.unsigned_abs())
}

/// What became of looking for one delivery.
enum Step {
    Nothing,
    Delivered,
    Failed,
}

/// Hands the handler the first event that is due and first of its subject.
async fn deliver_one(base: &Base, handler: &dyn Handler) -> Result<Step, DbError> {
    let now = base.clock.now();
    let mut work = Work::begin(base, &Command::system(handler.name(), now)).await?;
    let head: Option<Event> = sqlx::query_as(
        "SELECT seq, event_id, event, subject_id, payload, happened_at, request_id FROM db.outbox_delivery d
         WHERE handler = $1 AND due_at <= $2 AND NOT EXISTS (
             SELECT 1 FROM db.outbox_delivery e
             WHERE e.handler = d.handler AND e.subject_id = d.subject_id AND e.seq < d.seq)
         ORDER BY seq LIMIT 1 FOR UPDATE OF d SKIP LOCKED",
    )
    .bind(handler.name())
    .bind(now)
    .fetch_optional(work.conn())
    .await?;
    let Some(event) = head else { return Ok(Step::Nothing) };
    let outcome = match handled(base, handler, &mut work, &event).await {
        Ok(()) => take_off(work, handler.name(), event.seq).await.map_err(JobError::from),
        Err(error) => {
            // What it wrote is undone, and its row let go, before the failure is noted on that row.
            work.rollback().await?;
            Err(error)
        }
    };
    let Err(error) = outcome else { return Ok(Step::Delivered) };
    tracing::warn!(handler = handler.name(), event = event.event, subject = %event.subject_id, %error, "event not taken, will be tried again");
    put_off(base, handler.name(), &event, &error).await?;
    Ok(Step::Failed)
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

async fn take_off(mut work: Work, handler: &str, seq: i64) -> Result<(), DbError> {
    sqlx::query("DELETE FROM db.outbox_delivery WHERE handler = $1 AND seq = $2")
        .bind(handler)
        .bind(seq)
        .execute(work.conn())
        .await?;
    work.commit().await
}

/// An event is never given up: to pass over one would hand on the next out of order. It stands in the operations
/// page with its failure until the handler takes it.
async fn put_off(base: &Base, handler: &str, event: &Event, error: &JobError) -> Result<(), DbError> {
    let attempts: i32 = sqlx::query_scalar("SELECT attempts FROM db.outbox_delivery WHERE handler = $1 AND seq = $2")
        .bind(handler)
        .bind(event.seq)
        .fetch_optional(base.db.pool())
        .await?
        .unwrap_or(0);
    sqlx::query(
        "UPDATE db.outbox_delivery SET attempts = attempts + 1, due_at = $3, failure = $4 WHERE handler = $1 AND seq = $2",
    )
    .bind(handler)
    .bind(event.seq)
    .bind(base.clock.now() + jobs::back_off(attempts + 1))
    .bind(error.to_string())
    .execute(base.db.pool())
    .await?;
    Ok(())
}

/// Delivers all that is due now and returns how many were taken; a test's way to let events arrive.
pub async fn deliver_due(base: &Base, handlers: &[Arc<dyn Handler>]) -> Result<u64, DbError> {
    let mut delivered = 0;
    loop {
        let moved = fan_out(base, handlers).await?;
        let mut progress = moved > 0;
        for handler in handlers {
            // A failure holds up its own subject only: that event is due later now, and the next one is another's.
            loop {
                match deliver_one(base, handler.as_ref()).await? {
                    Step::Nothing => break,
                    Step::Failed => {}
                    Step::Delivered => {
                        delivered += 1;
                        progress = true;
                    }
                }
            }
        }
        if !progress {
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
            () = base.db.bells().outbox.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
