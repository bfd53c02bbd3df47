//! Rows of subjects that exist: unchanged ones are known by their digest, the others are merged into the provider's
//! record, and the golden record follows where another value stands now.
use std::collections::BTreeMap;

use jh_db::{DbError, Work};
use uuid::Uuid;

use super::batch::{Batch, COPY_RECORD, Scratch};
use super::census::Tally;
use super::copy::Rows;
use super::plan::Plan;
use super::revise::{Revised, standing_values};
use crate::check::Good;
use crate::kind::shape_of;
use crate::model::Counts;
use crate::store::rule;
use crate::store::subject::{self, StoredRecord};
use crate::survivorship::{Record, Rules, survivors};

/// Lands the rows `met`, all of whose keys are known by now.
pub async fn land(
    work: &mut Work,
    plan: &Plan,
    batch: &Batch,
    met: &[usize],
    tally: &mut Tally,
) -> Result<Counts, DbError> {
    if met.is_empty() {
        return Ok(Counts::default());
    }
    let keys: Vec<Uuid> = met.iter().map(|at| batch.keys[*at]).collect();
    let known = subject::of_keys(work.conn(), &keys).await?;
    let subjects: Vec<Uuid> = keys.iter().filter_map(|key| known.get(key).copied()).collect();
    if subjects.len() < met.len() {
        // The chunk before was undone after this one had left some of its rows to it.
        return Err(DbError::Collided(sqlx::Error::RowNotFound));
    }
    let mut counts = Counts::default();
    let standing = subject::digests(work.conn(), plan.kind_no(), plan.provider_no, &subjects).await?;
    // Rows of one subject in the order of the file; a subject that needs no look needs none for any of its rows.
    let mut open: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (at, subject) in met.iter().zip(&subjects) {
        match standing.get(subject) {
            Some((digest, number))
                if (*digest == batch.digests[*at] || *number > plan.delivery_no) && !open.contains_key(subject) =>
            {
                counts.rows_unchanged += 1;
            }
            _ => open.entry(*subject).or_default().push(*at),
        }
    }
    if open.is_empty() {
        return Ok(counts);
    }
    let rows: Vec<Good<'_>> = batch.checked.rows().collect();
    let ids: Vec<Uuid> = open.keys().copied().collect();
    let mut stored = subject::records(work.conn(), plan.kind_no(), &ids).await?;
    let (Some(golden), Some(shape)) = (plan.golden, shape_of(plan.schema.kind)) else { return Ok(counts) };
    let mut change = Change {
        plan,
        batch,
        // Of this moment: the order may have changed since the delivery began.
        rules: rule::rules(work.conn(), shape).await?,
        scratch: Scratch::default(),
        replaced: Vec::new(),
        records: Rows::default(),
        revised: Revised::new(golden, &plan.secrets, batch.at),
    };
    for (subject, at) in &open {
        let records = stored.remove(subject).unwrap_or_default();
        counts.add(change.merge(*subject, at, &rows, records)?);
    }
    change.write(work, tally).await?;
    Ok(counts)
}

/// What merging makes necessary, gathered for a few statements.
struct Change<'a> {
    plan: &'a Plan,
    batch: &'a Batch,
    rules: Rules,
    scratch: Scratch,
    /// Subjects of which this provider's record is replaced.
    replaced: Vec<Uuid>,
    records: Rows,
    revised: Revised<'a>,
}

impl Change<'_> {
    /// The rows of one subject, one after another, into this provider's record.
    fn merge(
        &mut self,
        subject: Uuid,
        at: &[usize],
        rows: &[Good<'_>],
        stored: Vec<StoredRecord>,
    ) -> Result<Counts, DbError> {
        let (plan, width) = (self.plan, self.plan.width());
        let mut counts = Counts::default();
        let mut records = Vec::with_capacity(stored.len() + 1);
        for record in stored {
            records.push(record.open(&plan.secrets.opener, width).map_err(subject::broken)?);
        }
        let own = records.iter().position(|record| record.provider_no == plan.provider_no);
        let before = survivors(&self.rules, &records, width);
        let stood: Vec<Option<String>> = standing_values(&records, &before).map(|v| v.map(str::to_owned)).collect();
        let was_there = own.is_some();
        let own = own.unwrap_or_else(|| {
            records.push(Record { provider_no: plan.provider_no, delivery_no: plan.delivery_no, ..Record::default() });
            records.len() - 1
        });
        let (mut differs, mut is_new) = (false, !was_there);
        for &row in at {
            let value = |position: usize| rows[row].value(position).map(str::to_owned);
            let row_differs = records[own].take(plan.delivery_no, &plan.columns, value, width);
            match (is_new, row_differs) {
                (true, _) => counts.rows_new += 1,
                (false, true) => counts.rows_changed += 1,
                (false, false) => counts.rows_unchanged += 1,
            }
            differs |= row_differs || is_new;
            is_new = false;
        }
        if !differs {
            return Ok(counts);
        }
        if was_there {
            self.replaced.push(subject);
        }
        let digest = self.batch.digests[at[at.len() - 1]];
        let values: Vec<Option<&str>> = records[own].values.iter().map(Option::as_deref).collect();
        let numbers = records[own].delivery_nos.as_deref();
        plan.encode_record(subject, digest, &values, numbers, &mut self.scratch, &mut self.records);
        // The golden record, if another value stands now, or the same value of somebody else.
        let after = survivors(&self.rules, &records, width);
        let stands = standing_values(&records, &after);
        if after != before || !stands.eq(stood.iter().map(Option::as_deref)) {
            self.revised.push(subject, &records, &after);
        }
        Ok(counts)
    }

    async fn write(self, work: &mut Work, tally: &mut Tally) -> Result<(), DbError> {
        let (plan, at) = (self.plan, self.batch.at);
        let connection = work.conn();
        subject::retire_records(connection, plan.kind_no(), plan.provider_no, &self.replaced, plan.delivery_no, at)
            .await?;
        self.records.copy_all(connection, COPY_RECORD).await?;
        self.revised.write(connection, tally).await
    }
}
