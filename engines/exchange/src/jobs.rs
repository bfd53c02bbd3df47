//! Background work: writing down that terms are over.
use std::time::Duration;

use jh_db::jobs::{JobContext, JobDef, JobError};
use serde_json::Value;

use crate::actions::agree;

/// Calls look at the term themselves; this is for lists and timelines, and an hour late is early enough.
const PERIOD: Duration = Duration::from_secs(3_600);

/// All jobs of the exchange.
pub fn all() -> Vec<JobDef> {
    vec![
        JobDef::new("exchange.expire", |context: JobContext, _: Value| async move {
            agree::expire(&context.base, &context.command()).await?;
            Ok::<(), JobError>(())
        })
        .every(PERIOD),
    ]
}
