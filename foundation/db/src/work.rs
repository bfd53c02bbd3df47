//! One change: a transaction together with its audit rows, its events, its jobs and its idempotency key.
//! Either all of it happens or none.
use std::time::Duration;

use jh_core::actor::{Actor, Command};
use jh_core::id::uuid_at;
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::pool::{Base, Db};
use crate::{DbError, audit, idempotency, jobs};

/// A unit of work. Dropped without [`Work::commit`], it leaves no trace.
pub struct Work {
    transaction: Transaction<'static, Postgres>,
    command: Command,
    db: Db,
    told: Told,
    enqueued: bool,
}

/// What the change tells: written with one statement at its end, as every change has some of it.
#[derive(Default)]
struct Told {
    audit: Vec<audit::Row>,
    events: Vec<NewEvent>,
}

/// An event that the change will leave.
struct NewEvent {
    event_id: Uuid,
    event: &'static str,
    subject_id: Uuid,
    payload: serde_json::Value,
}

impl Work {
    /// Opens the transaction and claims the command's key. A key used before, or by a request that is being answered
    /// at this moment and then succeeds, is [`DbError::Replayed`]. One key is one `Work`: a handler that commits twice
    /// gives its later commands no key.
    pub async fn begin(base: &Base, command: &Command) -> Result<Self, DbError> {
        let mut transaction = base.db.pool().begin().await?;
        if let Some(key) = command.key {
            idempotency::claim(&mut transaction, key, command.now).await?;
        }
        Ok(Self { transaction, command: command.clone(), db: base.db.clone(), told: Told::default(), enqueued: false })
    }

    /// The connection inside the transaction.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The instant of the change.
    pub fn now(&self) -> OffsetDateTime {
        self.command.now
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.command.actor
    }

    /// The circumstances of the change.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Allows each statement of this transaction more than the usual 30 s, for bulk work in a job.
    pub async fn allow(&mut self, limit: Duration) -> Result<(), DbError> {
        let millis = limit.as_millis().to_string();
        sqlx::query("SELECT set_config('statement_timeout', $1, true)").bind(millis).execute(self.conn()).await?;
        Ok(())
    }

    /// Leaves an audit row that is there exactly if the change is. It is written by the commit.
    pub fn audit(&mut self, entry: audit::Entry<'_>) {
        self.told.audit.push(audit::row(&self.command, entry));
    }

    /// Tells other rooms what happened, for example `registry.delivery.landed`. Handlers receive it at least once,
    /// and the events of one subject in their order. It is written by the commit.
    pub fn emit(&mut self, event: &'static str, subject: Uuid, payload: serde_json::Value) {
        self.told.events.push(NewEvent { event_id: uuid_at(self.command.now), event, subject_id: subject, payload });
    }

    /// How much has been told so far, for [`Work::forget_since`].
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.told.audit.len(), self.told.events.len())
    }

    /// Forgets what was told since: it was of something undone.
    pub(crate) fn forget_since(&mut self, (audit, events): (usize, usize)) {
        self.told.audit.truncate(audit);
        self.told.events.truncate(events);
    }

    /// Leaves work for later. The key names the work: while a job of the same name and key still waits, no second one is
    /// added, and two of the same name and key never run at the same time. So let the payload follow from the key.
    pub async fn enqueue(
        &mut self,
        job: &'static str,
        key: Option<&str>,
        payload: serde_json::Value,
    ) -> Result<(), DbError> {
        let due_at = self.command.now;
        self.enqueue_at(due_at, job, key, payload).await
    }

    /// As [`Work::enqueue`], not to be started before `due_at`.
    pub async fn enqueue_at(
        &mut self,
        due_at: OffsetDateTime,
        job: &'static str,
        key: Option<&str>,
        payload: serde_json::Value,
    ) -> Result<(), DbError> {
        self.enqueued = true;
        let now = self.command.now;
        jobs::queue::insert(&mut self.transaction, jobs::queue::NewJob { job, key, payload, due_at, now }).await
    }

    /// Makes the change last. After an error it is unknown whether it did, unless the key is tried again.
    pub async fn commit(mut self) -> Result<(), DbError> {
        let (audit, events) = self.mark();
        if audit + events > 0 {
            tell(&mut self.transaction, &self.command, &self.told).await?;
        }
        self.transaction.commit().await?;
        // notify_one keeps the ring for a listener that is busy just now.
        if self.enqueued {
            self.db.bells().jobs.notify_one();
        }
        if events > 0 {
            self.db.bells().outbox.notify_one();
        }
        if audit > 0 {
            self.db.bells().audit.notify_one();
        }
        Ok(())
    }

    /// Undoes everything now instead of when dropped.
    pub async fn rollback(self) -> Result<(), DbError> {
        Ok(self.transaction.rollback().await?)
    }
}

/// Writes audit rows, their places in the queue for the chain, and events. One statement and so one round trip: this is on
/// the path of every change.
async fn tell(connection: &mut PgConnection, command: &Command, told: &Told) -> Result<(), DbError> {
    let (audit, events) = (&told.audit, &told.events);
    // The same for every row, and there is one where it is used.
    let first = audit.first();
    sqlx::query(
        "WITH audited AS (
             INSERT INTO db.audit (audit_id, happened_at, action, subject_id, account_id, actor_kind, actor_name,
                                   actor_organisation_id, organisation_id, purpose, request_id, detail)
             SELECT id, $1, action, subject, $2, $3, $4, $5, organisation, purpose, $6, detail::json
             FROM unnest($7::uuid[], $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::text[])
                 AS row (id, action, subject, organisation, purpose, detail)
         ), waiting AS (
             INSERT INTO db.audit_pending (audit_id, happened_at) SELECT id, $1 FROM unnest($7::uuid[]) AS row (id)
         )
         INSERT INTO db.outbox (event_id, event, subject_id, payload, happened_at, request_id)
         SELECT id, event, subject, payload, $1, $13
         FROM unnest($14::uuid[], $15::text[], $16::uuid[], $17::jsonb[]) WITH ORDINALITY AS row (id, event, subject, payload, n)
         ORDER BY n",
    )
    .bind(command.now)
    .bind(first.and_then(|row| row.account_id))
    .bind(first.map(|row| &row.actor_kind))
    .bind(first.map(|row| &row.actor_name))
    .bind(first.and_then(|row| row.actor_organisation_id))
    .bind(first.map(|row| &row.request_id))
    .bind(audit.iter().map(|row| row.audit_id).collect::<Vec<_>>())
    .bind(audit.iter().map(|row| row.action.as_str()).collect::<Vec<_>>())
    .bind(audit.iter().map(|row| row.subject_id).collect::<Vec<_>>())
    .bind(audit.iter().map(|row| row.organisation_id).collect::<Vec<_>>())
    .bind(audit.iter().map(|row| row.purpose.as_deref()).collect::<Vec<_>>())
    .bind(audit.iter().map(|row| row.detail.as_str()).collect::<Vec<_>>())
    .bind(&*command.request_id)
    .bind(events.iter().map(|event| event.event_id).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.event).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.subject_id).collect::<Vec<_>>())
    .bind(events.iter().map(|event| &event.payload).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
