//! Strangers are told of every stage (README.md, Webhooks): what happened is noted for each who wants to hear of it, and a job tells it,
//! in order for each case, at least once. It must not know what any of them does with it.
mod deliver;
mod post;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::outbox::{Event, Handler};
use jh_db::{Base, DbError, Work};
use jh_web::{Message, Todo, TodoItem};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::actions::webhook::{scopes, written};
use crate::model::CaseId;
use crate::model::act::Act;
use crate::model::webhook::DeliveryId;
use crate::store::webhook::{self as store, NewDelivery};

/// The job that tells.
pub const JOB: &str = "casework.webhook";
/// How often it looks for what is due.
const EVERY: Duration = Duration::from_secs(5);
/// How often a process asks whether anybody listens.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How long what was told stays to be seen, and what could not be told waits.
const KEPT: time::Duration = time::Duration::days(7);

/// Everything that can be heard of.
static EVENTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| Act::ALL.iter().map(|act| act.event()).collect());

/// Whether anybody listens, as far as this process knows. While nobody does, the events of a thousand cases a minute are not handed
/// to a handler that has nothing to do with them. Until it is known, somebody may.
#[derive(Default)]
pub struct Hearing(AtomicBool);

impl Hearing {
    /// That of a base.
    pub fn of(base: &Base) -> Arc<Self> {
        base.services.get::<Self>().unwrap_or_default()
    }

    /// Notes whether anybody does.
    pub fn set(&self, anybody: bool) {
        self.0.store(!anybody, Ordering::Relaxed);
    }

    fn anybody(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// Asks now and then whether anybody listens: a webhook may have been set up by another process.
pub async fn watch(base: Base, stop: CancellationToken) {
    let hearing = Hearing::of(&base);
    loop {
        let asked = async { store::any(&mut *base.db.read().await?).await };
        match asked.await {
            Ok(anybody) => hearing.set(anybody),
            Err(error) => tracing::debug!(%error, "whether anybody listens is not known just now"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}

/// Notes what is to be told.
pub struct Telling(pub Arc<Hearing>);

#[async_trait]
impl Handler for Telling {
    fn name(&self) -> &'static str {
        "casework.telling"
    }

    fn events(&self) -> &'static [&'static str] {
        if self.0.anybody() { EVENTS.as_slice() } else { &[] }
    }

    async fn handle(&self, _base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError> {
        let text = |name: &str| event.payload.get(name).and_then(Value::as_str).unwrap_or("");
        let concerned: Vec<Uuid> =
            ["centre_id", "owner_id", "holder_id"].iter().filter_map(|name| text(name).parse().ok()).collect();
        let hearers = store::hearing(work.conn(), &event.event, text("kind"), &concerned).await?;
        if hearers.is_empty() {
            return Ok(());
        }
        let known = store::organisations(work.conn(), &concerned).await?;
        let organisation = |name: &str| {
            let id = text(name).parse::<Uuid>().ok()?;
            let (_, code, name) = known.iter().find(|(known, _, _)| *known == id)?;
            Some(json!({ "code": code, "name": name }))
        };
        for webhook_id in hearers {
            let delivery_id = DeliveryId::at(work.now());
            let body = json!({
                "id": delivery_id, "event": event.event, "number": text("number"), "kind": text("kind"), "category": text("category"),
                "from": text("from"), "to": text("to"),
                "centre": organisation("centre_id"), "owner": organisation("owner_id"), "holder": organisation("holder_id"),
                "occurred_at": written(event.happened_at),
            });
            let new = NewDelivery {
                delivery_id,
                webhook_id,
                case_id: CaseId(event.subject_id),
                seq: event.seq,
                event: &event.event,
                body: &body.to_string(),
                due_at: work.now(),
            };
            store::leave(work.conn(), &new).await?;
        }
        Ok(())
    }
}

/// The jobs: telling, and forgetting.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new(JOB, |context: JobContext, _: Value| async move {
            while deliver::some(&context.base, &context.command()).await? > 0 {
                if context.stop.is_cancelled() {
                    return Err(JobError::stopped());
                }
            }
            Ok::<(), JobError>(())
        })
        .every(EVERY)
        .at_most(1),
        JobDef::new("casework.webhook_sweep", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            let cutoff = work.now() - KEPT;
            store::sweep(work.conn(), cutoff).await?;
            work.commit().await?;
            Ok::<(), JobError>(())
        })
        .every(Duration::from_secs(24 * 3600))
        .at_most(1),
    ]
}

/// Webhooks that the program switched off by itself wait for whoever looks after them.
pub struct GivenUp;

#[async_trait]
impl Todo for GivenUp {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let scopes = scopes(actor);
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let rows = store::given_up(&mut *base.db.read().await?, &scopes).await?;
        let item = |(id, name, since_at)| TodoItem {
            title: Message::new("casework-todo-webhook").arg("name", name),
            path: format!("/casework/webhooks/{id}"),
            due_at: None,
            since_at,
            near: None,
        };
        Ok(rows.into_iter().map(item).collect())
    }
}
