//! What runs by itself: clearing away sessions that are over and failures that are forgotten.
use std::time::Duration;

use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::{Base, DbError};

use crate::model::back_off::FORGET_AFTER;
use crate::store;

/// This room's jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new("identity.sweep", |context: JobContext, _payload: serde_json::Value| async move {
            sweep(&context.base).await.map_err(JobError::again)
        })
        .every(Duration::from_secs(3_600)),
    ]
}

pub(crate) async fn sweep(base: &Base) -> Result<(), DbError> {
    let now = base.clock.now();
    let mut conn = base.db.read().await?;
    let sessions = store::session::sweep(&mut conn, now).await?;
    let failures = store::back_off::sweep(&mut conn, now - FORGET_AFTER).await?;
    tracing::debug!(sessions, failures, "swept");
    Ok(())
}
