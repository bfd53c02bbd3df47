//! Deciding golden records anew after the order of sources has changed.
//!
//! It goes through the subjects of which several providers have spoken, some thousands in one transaction, and takes
//! turns with deliveries. What lands meanwhile is decided by the new order already, so nothing is missed.
use catalogue::api::RowKind;
use jh_core::actor::Command;
use jh_db::{Base, Work};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::kind::shape_of;
use crate::land::{GoldenPlan, Revised, Secrets, Tally, standing};
use crate::model::kind_no;
use crate::schema::Schema;
use crate::store::{revision, rule, subject, turn};
use crate::survivorship::{Record, survivors};

/// The job's name.
pub const JOB: &str = "registry.revise";
/// Subjects of one transaction.
const SUBJECTS: i64 = 2_000;
/// Finding them may mean passing over millions of which one provider alone has spoken.
const STATEMENT_LIMIT: Duration = Duration::from_secs(300);

/// Takes a kind's revision to its end. True unless it was told to stop before.
pub async fn revise(base: &Base, kind: RowKind, stop: &CancellationToken) -> Result<bool, RegistryError> {
    let schema = crate::standards::schema(&mut *base.db.read().await?, kind, None).await?;
    let Some(golden) = GoldenPlan::of(&schema) else { return Ok(true) };
    let secrets = Secrets::new(&base.keys);
    while step(base, &schema, golden, &secrets).await? {
        if stop.is_cancelled() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One transaction's worth. False when there is no more.
async fn step(base: &Base, schema: &Schema, golden: GoldenPlan, secrets: &Secrets) -> Result<bool, RegistryError> {
    let kind = schema.kind;
    let Some(shape) = shape_of(kind) else { return Ok(false) };
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    work.allow(STATEMENT_LIMIT).await?;
    let now = work.now();
    turn::take_turn(work.conn(), kind_no(kind), Uuid::nil()).await?;
    let Some(done_to) = revision::lock(work.conn(), kind).await? else { return Ok(false) };
    let subjects = revision::shared_subjects(work.conn(), kind, done_to, SUBJECTS).await?;
    let Some(last) = subjects.last() else {
        let changed = revision::finish(work.conn(), kind, now).await?;
        work.emit("registry.revision.done", Uuid::nil(), json!({ "kind": kind, "subjects_changed": changed }));
        work.commit().await?;
        return Ok(false);
    };
    let mut revised = Revised::new(golden, secrets, now);
    let rules = rule::rules(work.conn(), shape).await?;
    let stands = revision::standing(work.conn(), kind, &subjects).await?;
    let mut stored = subject::records(work.conn(), kind_no(kind), &subjects).await?;
    let width = schema.attributes.len();
    for id in &subjects {
        let stored = stored.remove(id).unwrap_or_default().into_iter();
        let records: Vec<Record> =
            stored.map(|record| record.open(&secrets.opener, width)).collect::<Result<_, _>>()?;
        let after = survivors(&rules, &records, width);
        if stands.get(id) != Some(&standing(&after)) {
            revised.push(*id, &records, &after);
        }
    }
    let counts = (subjects.len() as i64, revised.len() as i64);
    let mut tally = Tally::default();
    revised.write(work.conn(), &mut tally).await?;
    tally.write(work.conn(), kind_no(kind)).await?;
    revision::advance(work.conn(), kind, *last, counts).await?;
    work.commit().await?;
    Ok(true)
}
