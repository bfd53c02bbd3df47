//! The one transaction that lands a chunk: rows, rejects, counters, event and the place to go on from, or none of it.
//! It is started while the chunk before is being finished: the bulk of the work needs to wait for nobody.
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jh_core::actor::Command;
use jh_db::{Base, DbError, Work};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::batch::{Batch, COPY_IDENTIFIER, COPY_RECORD};
use super::census::Tally;
use super::plan::Plan;
use super::seen::Seen;
use super::{dataset, merge};
use crate::model::Counts;
use crate::reader::Position;
use crate::store;

/// Bulk statements of one chunk may wait for a slow disk.
const STATEMENT_LIMIT: Duration = Duration::from_secs(300);

/// How often a chunk yields to others that bring the same new subjects before it waits for longer.
const TRIES_MAX: usize = 20;

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

/// A chunk of which the new subjects are in the database, and nothing is committed.
pub struct Started {
    work: Work,
    rows_new: i64,
    tally: Tally,
    /// Rows of subjects that somebody has spoken of.
    met: Vec<usize>,
}

/// What must be asked before a chunk's rows may count as new.
pub struct Doubts {
    /// Keys to look up.
    keys: Vec<Uuid>,
    /// Rows with a key of a chunk that is not committed yet: left for [`finish`].
    left: Vec<bool>,
    /// Where to say that other keys turned out to be known as well; none when all were asked for.
    guess: Option<Arc<AtomicBool>>,
}

impl Doubts {
    /// Of a chunk behind some that are `open`, after what this run has seen.
    pub fn of<'a>(batch: &Batch, seen: &mut Seen, open: impl Iterator<Item = &'a Arc<Batch>>) -> Self {
        let mut left = vec![false; batch.keys.len()];
        for before in open {
            for (at, key) in batch.keys.iter().enumerate() {
                left[at] |= before.key_set.contains(key);
            }
        }
        let keys = batch.keys.iter().filter(|key| seen.may_be_known(key)).copied().collect();
        seen.add(&batch.keys);
        Self { keys, left, guess: Some(seen.wrong()) }
    }

    fn guess_was_wrong(&self) {
        if let Some(wrong) = &self.guess {
            wrong.store(true, Ordering::Relaxed);
        }
    }

    /// Of a chunk before which all is committed.
    pub fn all(batch: &Batch) -> Self {
        Self { keys: batch.keys.clone(), left: vec![false; batch.keys.len()], guess: None }
    }
}

/// Copies the subjects nobody has spoken of yet. Needs no turn and holds none, so that it goes on while the chunks before
/// are being finished. Two deliveries that bring the same new subject meet at the key, in whose order it is written: the
/// later one collides and starts again.
pub async fn start(base: &Base, plan: &Plan, batch: &Batch, doubts: Doubts) -> Result<Started, DbError> {
    let mut work = Work::begin(base, &Command::system("registry.ingest", base.clock.now())).await?;
    work.allow(STATEMENT_LIMIT).await?;
    let mut started = Started { work, rows_new: 0, tally: Tally::default(), met: Vec::new() };
    let Some(golden) = plan.golden else { return Ok(started) };
    let connection = started.work.conn();
    let is_new = insert_identifiers(connection, batch, &doubts).await?;
    let by_name = chosen(&batch.golden_rows, &is_new);
    batch.golden.copy_some(connection, golden.copy_statement(), &by_name).await?;
    batch.records.copy_some(connection, COPY_RECORD, &by_name).await?;
    for (at, is_new) in is_new.iter().enumerate() {
        if *is_new {
            started.tally.add(batch.census[at], 1);
            started.rows_new += 1;
        } else {
            started.met.push(at);
        }
    }
    Ok(started)
}

/// Adds the identifiers that nobody has, and answers which rows' those are.
async fn insert_identifiers(
    connection: &mut PgConnection,
    batch: &Batch,
    doubts: &Doubts,
) -> Result<Vec<bool>, DbError> {
    let mut asked = &doubts.keys;
    for _ in 0..TRIES_MAX {
        let known = store::subject::of_keys(connection, asked).await?;
        let is_new = rows_new(batch, doubts, &known);
        let by_key = chosen(&batch.identifier_rows, &is_new);
        let mut attempt = connection.begin().await?;
        match batch.identifiers.copy_some(&mut attempt, COPY_IDENTIFIER, &by_key).await {
            Ok(()) => {
                attempt.commit().await?;
                return Ok(is_new);
            }
            Err(error) if is_taken(&error) => {
                attempt.rollback().await?;
                doubts.guess_was_wrong();
                asked = &batch.keys;
            }
            Err(error) => return Err(error),
        }
    }
    Err(DbError::Collided(sqlx::Error::RowNotFound))
}

/// Another delivery has just brought one of the same subjects.
fn is_taken(error: &DbError) -> bool {
    matches!(error, DbError::Sqlx(sqlx::Error::Database(database)) if database.is_unique_violation())
}

fn rows_new(batch: &Batch, doubts: &Doubts, known: &HashMap<Uuid, Uuid>) -> Vec<bool> {
    let is_new = |at: usize| !batch.repeats[at] && !doubts.left[at] && !known.contains_key(&batch.keys[at]);
    (0..batch.keys.len()).map(is_new).collect()
}

/// The places in a buffer of the rows that are new.
fn chosen(rows: &[u32], is_new: &[bool]) -> Vec<usize> {
    rows.iter().enumerate().filter(|(_, row)| is_new[**row as usize]).map(|(at, _)| at).collect()
}

/// Lands the rest of a chunk that starts at `from`, once the chunk before it is committed, and commits.
pub async fn finish(
    mut started: Started,
    plan: &Plan,
    batch: &Batch,
    from: Position,
    report_rows_left: u64,
) -> Result<Landed, DbError> {
    let work = &mut started.work;
    // The row lock keeps a second worker and a cancellation out until this chunk is decided.
    let Some(standing) = store::turn::lock(work.conn(), plan.delivery_id).await? else { return Ok(Landed::Taken) };
    if standing.next == batch.next && standing.next != from {
        return Ok(Landed::Before);
    }
    if !standing.is_landing || standing.next != from {
        return Ok(Landed::Taken);
    }
    if standing.cancel_asked {
        return Ok(Landed::Cancelled);
    }
    store::turn::take_turn(work.conn(), plan.kind_no(), plan.resource_id).await?;
    let mut counts = if plan.golden.is_some() {
        let mut counts = Counts { rows_new: started.rows_new, ..Counts::default() };
        counts.add(merge::land(work, plan, batch, &started.met, &mut started.tally).await?);
        started.tally.write(work.conn(), plan.kind_no()).await?;
        counts
    } else {
        dataset::land(work, plan, batch).await?
    };
    counts.rows_rejected = i64::try_from(batch.rejects.len()).unwrap_or(i64::MAX);
    counts.rows_read = counts.rows_new + counts.rows_changed + counts.rows_unchanged + counts.rows_rejected;
    counts.rows_mended = i64::try_from(batch.checked.rows_mended).unwrap_or(0);
    store::reject::write(work.conn(), plan.delivery_id, &batch.rejects, report_rows_left).await?;
    store::tally::add(work.conn(), plan, &counts).await?;
    store::turn::advance(work.conn(), plan.delivery_id, batch.next, &counts, batch.at).await?;
    if counts.rows_new + counts.rows_changed > 0 {
        let event = changed_event(plan);
        let payload = json!({
            "delivery_id": plan.delivery_id, "rows_new": counts.rows_new, "rows_changed": counts.rows_changed,
        });
        work.emit(event, plan.delivery_id.0, payload);
    }
    started.work.commit().await?;
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
