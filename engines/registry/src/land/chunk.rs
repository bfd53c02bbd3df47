//! The one transaction that lands a chunk: rows, rejects, counters, event and the place to go on from, or none of it.
use std::collections::HashMap;
use std::time::Duration;

use jh_core::actor::Command;
use jh_db::{Base, DbError, Work};
use serde_json::json;
use uuid::Uuid;

use super::batch::{Batch, COPY_IDENTIFIER, COPY_RECORD};
use super::census::Tally;
use super::plan::Plan;
use super::{dataset, merge};
use crate::model::Counts;
use crate::reader::Position;
use crate::store;

/// Bulk statements of one chunk may wait for a slow disk.
const STATEMENT_LIMIT: Duration = Duration::from_secs(300);

/// What became of an attempt to land a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Landed {
    /// It lasts; these are its counts.
    Now(Counts),
    /// It lasted already: the answer to an earlier commit was lost on the way.
    Before,
    /// Somebody asked for the delivery to be cancelled; nothing was landed.
    Cancelled,
    /// Another worker has moved on, or the delivery has ended; this one must stop.
    Taken,
}

/// Lands one chunk that starts at `from`.
pub async fn land(base: &Base, plan: &Plan, batch: &Batch, from: Position, report_rows_left: u64) -> Result<Landed, DbError> {
    let mut work = Work::begin(base, &Command::system("registry.ingest", base.clock.now())).await?;
    work.allow(STATEMENT_LIMIT).await?;
    // The row lock keeps a second worker and a cancellation out until this chunk is decided.
    let Some(standing) = store::delivery::lock(work.conn(), plan.delivery_id).await? else { return Ok(Landed::Taken) };
    if standing.next == batch.next && standing.next != from {
        return Ok(Landed::Before);
    }
    if !standing.is_landing || standing.next != from {
        return Ok(Landed::Taken);
    }
    if standing.cancel_asked {
        return Ok(Landed::Cancelled);
    }
    store::delivery::take_turn(work.conn(), plan.kind_no(), plan.resource_id).await?;
    let mut counts = if plan.golden.is_some() {
        land_subjects(&mut work, plan, batch).await?
    } else {
        dataset::land(&mut work, plan, batch).await?
    };
    counts.rows_rejected = i64::try_from(batch.rejects.len()).unwrap_or(i64::MAX);
    counts.rows_read = counts.rows_new + counts.rows_changed + counts.rows_unchanged + counts.rows_rejected;
    counts.rows_mended = i64::try_from(batch.checked.rows_mended).unwrap_or(0);
    store::reject::write(work.conn(), plan.delivery_id, &batch.rejects, report_rows_left).await?;
    store::tally::add(work.conn(), plan, &counts).await?;
    store::delivery::advance(work.conn(), plan.delivery_id, batch.next, &counts, batch.at).await?;
    if counts.rows_new + counts.rows_changed > 0 {
        let event = changed_event(plan);
        let payload = json!({
            "delivery_id": plan.delivery_id, "rows_new": counts.rows_new, "rows_changed": counts.rows_changed,
        });
        work.emit(event, plan.delivery_id.0, payload).await?;
    }
    work.commit().await?;
    Ok(Landed::Now(counts))
}

fn changed_event(plan: &Plan) -> &'static str {
    use catalogue::api::RowKind;
    match plan.schema.kind {
        RowKind::Person => "registry.person.changed",
        RowKind::Organisation => "registry.organisation.changed",
        RowKind::Place => "registry.place.changed",
        RowKind::Dataset => "registry.dataset.changed",
    }
}

async fn land_subjects(work: &mut Work, plan: &Plan, batch: &Batch) -> Result<Counts, DbError> {
    let known: HashMap<Uuid, Uuid> = store::subject::of_keys(work.conn(), &batch.keys).await?;
    let is_new = |at: usize| !batch.repeats[at] && !known.contains_key(&batch.keys[at]);
    let mut tally = Tally::default();
    let rows_new = insert_new(work, plan, batch, &is_new, known.is_empty(), &mut tally).await?;
    let mut counts = Counts { rows_new, ..Counts::default() };
    let met: Vec<usize> = (0..batch.keys.len()).filter(|at| !is_new(*at)).collect();
    if !met.is_empty() {
        let subjects = merge::subjects_of(batch, &known, &met);
        counts.add(merge::land(work, plan, batch, &met, &subjects, &mut tally).await?);
    }
    tally.write(work.conn(), plan.kind_no()).await?;
    Ok(counts)
}

/// Copies the subjects nobody has spoken of yet.
async fn insert_new(
    work: &mut Work,
    plan: &Plan,
    batch: &Batch,
    is_new: &impl Fn(usize) -> bool,
    none_known: bool,
    tally: &mut Tally,
) -> Result<i64, DbError> {
    let Some(golden) = plan.golden else { return Ok(0) };
    let new: Vec<usize> = (0..batch.keys.len()).filter(|at| is_new(*at)).collect();
    for at in &new {
        tally.add(batch.census[*at], 1);
    }
    let connection = work.conn();
    if none_known && new.len() == batch.keys.len() {
        // The buffers go as they are.
        batch.identifiers.copy_all(connection, COPY_IDENTIFIER).await?;
        batch.golden.copy_all(connection, golden.copy_statement()).await?;
        batch.records.copy_all(connection, COPY_RECORD).await?;
    } else {
        let by_key = batch.identifier_rows.iter().enumerate().filter(|(_, row)| is_new(**row as usize));
        batch.identifiers.copy_some(connection, COPY_IDENTIFIER, by_key.map(|(at, _)| at)).await?;
        batch.golden.copy_some(connection, golden.copy_statement(), new.iter().copied()).await?;
        batch.records.copy_some(connection, COPY_RECORD, new.iter().copied()).await?;
    }
    Ok(i64::try_from(new.len()).unwrap_or(i64::MAX))
}
