//! Telling what is due: some at a time, each to its end, and what came of it noted.
use jh_core::actor::Command;
use jh_db::audit::Entry;
use jh_db::jobs::JobError;
use jh_db::{Base, Work};
use serde_json::json;
use time::Duration;
use tokio::task::JoinSet;

use super::post::{Outcome, post};
use crate::model::webhook::{PATIENCE, pause};
use crate::store::webhook::{self as store, DueRow};

/// How many are told at the same time.
const AT_ONCE: i64 = 8;
/// How long one is ours: longer than the longest post.
const LEASE: Duration = Duration::seconds(60);

/// Tells some of what is due, and answers how many that were.
pub async fn some(base: &Base, command: &Command) -> Result<usize, JobError> {
    let mut work = Work::begin(base, command).await?;
    let due = store::take(work.conn(), command.now, LEASE, AT_ONCE).await?;
    work.commit().await?;
    let many = due.len();
    let mut under_way = JoinSet::new();
    for row in due {
        let base = base.clone();
        under_way.spawn(async move {
            let outcome = post(&base, &row).await;
            (row, outcome)
        });
    }
    while let Some(done) = under_way.join_next().await {
        let (row, outcome) = done?;
        settle(base, command, &row, outcome).await?;
    }
    Ok(many)
}

async fn settle(base: &Base, command: &Command, row: &DueRow, outcome: Outcome) -> Result<(), JobError> {
    let now = base.clock.now();
    let mut work = Work::begin(base, command).await?;
    match outcome {
        Outcome::Told(status) => store::told(work.conn(), row, status, now).await?,
        Outcome::Failed(status, why) => {
            // What has been tried for a day is given up, so that what came after it on the same case is told at last.
            let again = (now - row.first_at < PATIENCE).then(|| now + pause(row.attempts));
            let since = store::failed(work.conn(), row, (status, why), again, now).await?;
            if now - since >= PATIENCE {
                switch_off(&mut work, row).await?;
            }
        }
    }
    Ok(work.commit().await?)
}

async fn switch_off(work: &mut Work, row: &DueRow) -> Result<(), JobError> {
    let now = work.now();
    if let Some((name, organisation)) = store::give_up(work.conn(), row.webhook_id, now).await? {
        tracing::warn!(webhook = name, "nothing could be told for a day; it is switched off");
        let entry = Entry::new("casework.webhook.given_up", row.webhook_id).organisation(organisation);
        work.audit(entry.detail(json!({ "name": name })));
    }
    Ok(())
}
