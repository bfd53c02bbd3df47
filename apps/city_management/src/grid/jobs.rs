//! The job that cuts an area into grids. Each strip is a transaction of its own, so that a run shows how far it is, can be
//! stopped, and goes on after a restart; the grids themselves come into being in one.
use std::time::Duration;

use jh_core::clock::china_day;
use jh_core::id::uuid_at;
use jh_db::audit::Entry;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::{Base, Work};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::actions::lay::{JOB, SLIVER};
use super::store::lay::Run;
use super::store::{change, cut, lay};
use crate::code::{GenerationId, SERIAL_MAX};
use crate::fault::CityError;

/// Joining and landing the most a run may have takes a minute; this is for a slow machine.
const LANDING: Duration = Duration::from_secs(1_200);
const RESUME_EVERY: Duration = Duration::from_secs(300);

/// The part's jobs.
pub fn all() -> Vec<JobDef> {
    vec![
        JobDef::new(JOB, |context: JobContext, payload: Value| async move {
            let id: Option<GenerationId> = payload["generation_id"].as_str().and_then(|text| text.parse().ok());
            let Some(id) = id else { return Err(JobError::give_up("the payload names no run")) };
            if run(&context.base, id, &context.stop).await? { Ok(()) } else { Err(JobError::stopped()) }
        })
        .at_most(1),
        JobDef::new("city_management.lay_resume", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            for id in lay::unfinished(work.conn()).await? {
                work.enqueue(JOB, Some(&id.to_string()), json!({ "generation_id": id })).await?;
            }
            work.commit().await?;
            Ok(())
        })
        .every(RESUME_EVERY),
    ]
}

/// Takes a run to its end; false when told to stop before. Safe to call again at any time.
pub async fn run(base: &Base, id: GenerationId, stop: &CancellationToken) -> Result<bool, CityError> {
    loop {
        if stop.is_cancelled() {
            return Ok(false);
        }
        let mut work = begin(base).await?;
        match cut::claim_strip(work.conn(), id).await? {
            Some(strip) => {
                cut::cut(work.conn(), id, strip).await?;
                work.commit().await?;
            }
            None => break,
        }
    }
    let mut work = begin(base).await?;
    match lay::lock(work.conn(), id).await? {
        None => Ok(true),
        Some(true) => {
            lay::end(work.conn(), id, ("cancelled", None), (0, None, None), base.clock.now()).await?;
            work.commit().await?;
            Ok(true)
        }
        Some(false) => {
            lay::begin_merging(work.conn(), id).await?;
            work.commit().await?;
            land(base, id).await.map(|()| true)
        }
    }
}

async fn begin(base: &Base) -> Result<Work, CityError> {
    let command = jh_core::actor::Command::system(JOB, base.clock.now());
    let mut work = Work::begin(base, &command).await?;
    work.allow(LANDING).await?;
    Ok(work)
}

/// Joins the slivers, gives every piece its code, and makes grids of them: all or nothing.
async fn land(base: &Base, id: GenerationId) -> Result<(), CityError> {
    let mut work = begin(base).await?;
    // In this order everywhere: the ground, then the run.
    change::lock_ground(work.conn()).await?;
    if lay::lock(work.conn(), id).await? != Some(false) {
        return Ok(());
    }
    let Some(it) = lay::whole(work.conn(), id).await? else { return Ok(()) };
    if let Some(why) = fill(&mut work, &it).await? {
        // What was counted and joined goes with the transaction; that it failed is written in another.
        work.rollback().await?;
        let mut work = begin(base).await?;
        lay::end(work.conn(), id, ("failed", Some(why)), (0, None, None), base.clock.now()).await?;
        work.commit().await?;
        return Ok(());
    }
    work.commit().await?;
    Ok(())
}

/// Does the landing inside the transaction, or says why it cannot be.
async fn fill(work: &mut Work, it: &Run) -> Result<Option<&'static str>, CityError> {
    let (id, now) = (it.generation_id, work.now());
    let least_m2 = f64::from(it.edge_m).powi(2) * SLIVER;
    if cut::is_taken(work.conn(), id).await? {
        return Ok(Some("taken"));
    }
    loop {
        while cut::join_slivers(work.conn(), id, least_m2).await? > 0 {}
        if !cut::join_pair(work.conn(), id, least_m2).await? {
            break;
        }
    }
    let pieces = usize::try_from(cut::pieces(work.conn(), id).await?).unwrap_or(0);
    let serials = cut::take_serials(work.conn(), id).await?;
    if serials.iter().any(|(prefix, last)| prefix.len() == 12 && *last > SERIAL_MAX) {
        return Ok(Some("serials"));
    }
    let ids: Vec<_> = (0..pieces).map(|_| uuid_at(now)).collect();
    let (first, last) = cut::land(work.conn(), id, &ids, (china_day(now), now, &it.requested_by_name)).await?;
    cut::settle_components(work.conn(), id).await?;
    let grids = i32::try_from(pieces).unwrap_or(i32::MAX);
    lay::end(work.conn(), id, ("done", None), (grids, first.as_deref(), last.as_deref()), now).await?;
    let detail = json!({ "county": it.county_code, "name": it.name, "grids": grids, "first": first, "last": last });
    work.audit(Entry::new("city_management.grid.generated", id).detail(detail.clone()));
    work.emit("city_management.grid.generated", id.into(), detail);
    Ok(None)
}
