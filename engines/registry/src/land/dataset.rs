//! Rows of a catalogue resource: one provider, no golden record; a row with a known key takes the place of the old one.
use std::collections::HashMap;

use jh_db::{DbError, Work};
use uuid::Uuid;

use super::batch::{Batch, COPY_DATASET_ROW, Scratch};
use super::copy::Rows;
use super::plan::Plan;
use crate::model::Counts;
use crate::store::subject;

/// Lands one chunk.
pub async fn land(work: &mut Work, plan: &Plan, batch: &Batch) -> Result<Counts, DbError> {
    let known = subject::dataset_rows(work.conn(), plan.resource_id, &batch.keys).await?;
    let mut counts = Counts::default();
    if known.is_empty() && !batch.repeats.contains(&true) {
        batch.records.copy_all(work.conn(), COPY_DATASET_ROW).await?;
        counts.rows_new = i64::try_from(batch.records.len()).unwrap_or(i64::MAX);
        return Ok(counts);
    }
    // What stands at each key after the rows so far: its digest, its place in the order, and the row that is to be written.
    let mut standing: HashMap<Uuid, (Uuid, i64, Option<usize>)> = HashMap::with_capacity(batch.keys.len());
    let mut replaced = Vec::new();
    for (at, good) in batch.checked.rows().enumerate() {
        let (key, digest) = (batch.keys[at], batch.digests[at]);
        let earlier = standing.get(&key).copied();
        let stored = known.get(&key);
        let (digest_before, row_no, newer) = match (earlier, stored) {
            (Some((digest, row_no, _)), _) => (Some(digest), row_no, false),
            (None, Some(stored)) => (Some(stored.digest), stored.row_no, stored.delivery_no > plan.delivery_no),
            (None, None) => (None, plan.row_no(good.row), false),
        };
        match digest_before {
            Some(before) if before == digest || newer => counts.rows_unchanged += 1,
            Some(_) => {
                counts.rows_changed += 1;
                if earlier.is_none() {
                    replaced.push(key);
                }
                standing.insert(key, (digest, row_no, Some(at)));
            }
            None => {
                counts.rows_new += 1;
                standing.insert(key, (digest, row_no, Some(at)));
            }
        }
    }
    subject::remove_dataset_rows(work.conn(), plan.resource_id, &replaced).await?;
    let mut rows = Rows::default();
    let mut scratch = Scratch::default();
    let mut values: Vec<Option<&str>> = vec![None; plan.width()];
    for (at, good) in batch.checked.rows().enumerate() {
        let Some((digest, row_no, Some(last))) = standing.get(&batch.keys[at]) else { continue };
        if *last != at {
            continue;
        }
        values.fill(None);
        for (position, text) in good.values() {
            values[position] = Some(text);
        }
        plan.encode_dataset_row(batch.keys[at], *row_no, *digest, &values, &mut scratch, &mut rows);
    }
    rows.copy_all(work.conn(), COPY_DATASET_ROW).await?;
    Ok(counts)
}
