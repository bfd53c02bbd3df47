//! One change: a transaction together with its audit rows, its events, its jobs and its idempotency key.
//! Either all of it happens or none.
use std::time::Duration;

use jh_core::actor::{Actor, Command};
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::pool::{Base, Db};
use crate::{DbError, audit, idempotency, jobs, outbox};

/// A unit of work. Dropped without [`Work::commit`], it leaves no trace.
pub struct Work {
    transaction: Transaction<'static, Postgres>,
    command: Command,
    db: Db,
    wrote: Wrote,
}

/// Which queues the transaction adds to, so that the commit can ring for them.
#[derive(Clone, Copy, Default)]
struct Wrote {
    audit: bool,
    events: bool,
    jobs: bool,
}

impl Work {
    /// Opens the transaction and claims the command's key. A key used before, or by a request that is being answered
    /// at this moment and then succeeds, is [`DbError::Replayed`]. One key is one `Work`: a handler that commits twice
    /// gives its later commands no key.
    pub async fn begin(base: &Base, command: &Command) -> Result<Self, DbError> {
        let mut transaction = base.db.pool().begin().await?;
        if let Some(key) = command.key {
            idempotency::claim(&mut transaction, &command.actor, key, command.now).await?;
        }
        Ok(Self { transaction, command: command.clone(), db: base.db.clone(), wrote: Wrote::default() })
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

    /// Writes an audit row that is there exactly if the change is.
    pub async fn audit(&mut self, entry: audit::Entry<'_>) -> Result<(), DbError> {
        self.wrote.audit = true;
        audit::append(&mut self.transaction, &self.command, entry).await
    }

    /// Tells other rooms what happened, for example `registry.delivery.landed`. Handlers receive it at least once,
    /// and the events of one subject in their order.
    pub async fn emit(
        &mut self,
        event: &'static str,
        subject: Uuid,
        payload: serde_json::Value,
    ) -> Result<(), DbError> {
        self.wrote.events = true;
        outbox::append(&mut self.transaction, &self.command, event, subject, payload).await
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
        self.wrote.jobs = true;
        let now = self.command.now;
        jobs::queue::insert(&mut self.transaction, jobs::queue::NewJob { job, key, payload, due_at, now }).await
    }

    /// Makes the change last. After an error it is unknown whether it did, unless the key is tried again.
    pub async fn commit(self) -> Result<(), DbError> {
        self.transaction.commit().await?;
        // notify_one keeps the ring for a listener that is busy just now.
        if self.wrote.jobs {
            self.db.bells().jobs.notify_one();
        }
        if self.wrote.events {
            self.db.bells().outbox.notify_one();
        }
        if self.wrote.audit {
            self.db.bells().audit.notify_one();
        }
        Ok(())
    }

    /// Undoes everything now instead of when dropped.
    pub async fn rollback(self) -> Result<(), DbError> {
        Ok(self.transaction.rollback().await?)
    }
}
