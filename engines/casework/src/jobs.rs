//! What runs by itself: deadlines that fire, counters that are added up, deadlines counted anew, and what other rooms' events mean here.
use std::time::Duration;

use async_trait::async_trait;
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::files::FileKeeper;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::outbox::{Event, Handler};
use jh_db::{Base, DbError, Work};
use serde_json::Value;
use time::Date;
use uuid::Uuid;

use crate::actions::{calendar, fire, handover};
use crate::store;

/// How often deadlines are looked at.
const FIRE_EVERY: Duration = Duration::from_secs(15);
/// How often counters are added up.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// All of them.
pub fn all() -> Vec<JobDef> {
    vec![
        JobDef::new("casework.fire", |context: JobContext, _: Value| async move {
            while fire::fire_due(&context.base, &context.command()).await? > 0 {
                if context.stop.is_cancelled() {
                    return Err(JobError::stopped());
                }
            }
            Ok(())
        })
        .every(FIRE_EVERY)
        .at_most(1),
        JobDef::new("casework.count", |context: JobContext, _: Value| async move {
            loop {
                let mut work = Work::begin(&context.base, &context.command()).await?;
                let added = store::count::add_up(work.conn()).await?;
                work.commit().await?;
                if added == 0 {
                    return Ok::<(), JobError>(());
                }
            }
        })
        .every(COUNT_EVERY)
        .at_most(1),
        JobDef::new(calendar::RECOMPUTE, |context: JobContext, payload: Value| async move {
            let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
            let format = time::macros::format_description!("[year]-[month]-[day]");
            let day = Date::parse(&text("day"), format).map_err(JobError::give_up)?;
            calendar::recompute(&context.base, &context.command(), day, &text("why")).await?;
            Ok::<(), JobError>(())
        })
        .at_most(1),
    ]
}

/// Nobody's cases are left with one who is gone.
pub struct Leaving;

#[async_trait]
impl Handler for Leaving {
    fn name(&self) -> &'static str {
        "casework.leaving"
    }

    fn events(&self) -> &'static [&'static str] {
        &["identity.account.suspended", "identity.organisation.closed"]
    }

    async fn handle(&self, _base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError> {
        if event.event == "identity.account.suspended" {
            handover::left(work, AccountId(event.subject_id)).await?;
            return Ok(());
        }
        let closed = OrganisationId(event.subject_id);
        let found = identity::api::organisation(work.conn(), closed).await?;
        // Without a successor the organisation above answers for what is left.
        let heir = match found.as_ref().and_then(|found| found.successor_id) {
            Some(heir) => Some(heir),
            None => parent(work, closed).await?,
        };
        if let Some(heir) = heir {
            handover::organisation_closed(work, closed, heir).await?;
        }
        Ok(())
    }
}

async fn parent(work: &mut Work, id: OrganisationId) -> Result<Option<OrganisationId>, JobError> {
    let above: Uuid = store::organisation::above(work.conn(), id, 1).await?.organisation_id.0;
    Ok((above != id.0).then_some(OrganisationId(above)))
}

/// The stored files that cases refer to.
pub struct Photos;

#[async_trait]
impl FileKeeper for Photos {
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
        let asked: Vec<Vec<u8>> = among.iter().map(|name| name.to_vec()).collect();
        let needed = store::attachment::files_needed(&mut *base.db.read().await?, &asked).await?;
        Ok(needed.into_iter().filter_map(|name| name.try_into().ok()).collect())
    }
}
