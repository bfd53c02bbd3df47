//! Background work: taking deliveries to their end, and finding those whose job was lost.
use std::time::Duration;

use catalogue::api::RowKind;
use jh_db::Work;
use jh_db::jobs::{JobContext, JobDef, JobError};
use serde_json::{Value, json};

use crate::ingest::{JOB, ingest};
use crate::model::DeliveryId;
use crate::revision;
use crate::store::delivery;

/// Deliveries that one process lands at a time. More would only queue for the same tables.
const AT_MOST: usize = 2;
/// A delivery is given up only by a person.
const ATTEMPTS: i32 = 1_000_000;
const RESUME_EVERY: Duration = Duration::from_secs(60);

/// The registry's jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new(JOB, |context: JobContext, payload: Value| async move { run(context, &payload).await })
            .at_most(AT_MOST)
            .attempts(ATTEMPTS),
        JobDef::new("registry.resume", |context: JobContext, _: Value| async move { resume(context).await })
            .every(RESUME_EVERY),
        JobDef::new(
            revision::JOB,
            |context: JobContext, payload: Value| async move { revise(context, &payload).await },
        )
        .attempts(ATTEMPTS),
    ]
}

async fn run(context: JobContext, payload: &Value) -> Result<(), JobError> {
    let id: Option<DeliveryId> = payload.get("delivery_id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let Some(id) = id else { return Err(JobError::give_up("the payload names no delivery")) };
    if ingest(&context.base, id, &context.stop).await? { Ok(()) } else { Err(JobError::stopped()) }
}

async fn revise(context: JobContext, payload: &Value) -> Result<(), JobError> {
    let kind: Option<RowKind> = payload.get("kind").and_then(|kind| serde_json::from_value(kind.clone()).ok());
    let Some(kind) = kind else { return Err(JobError::give_up("the payload names no base")) };
    if revision::revise(&context.base, kind, &context.stop).await? { Ok(()) } else { Err(JobError::stopped()) }
}

/// Every unfinished delivery has a job. The key keeps out a second one while the first waits, and a second that
/// starts while the first runs finds the delivery taken.
async fn resume(context: JobContext) -> Result<(), JobError> {
    let unfinished = delivery::unfinished(&mut *context.base.db.read().await?).await?;
    if unfinished.is_empty() {
        return Ok(());
    }
    let mut work = Work::begin(&context.base, &context.command()).await?;
    for id in unfinished {
        work.enqueue(JOB, Some(&id.to_string()), json!({ "delivery_id": id })).await?;
    }
    work.commit().await?;
    Ok(())
}
