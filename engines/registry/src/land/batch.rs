//! A checked chunk made ready for the database on the checking thread: keys, digests, sealed and encoded rows, all as
//! if every subject were new. The transaction then only leaves out those that are not.
use std::collections::HashSet;

use jh_core::id::uuid_at;
use time::OffsetDateTime;
use uuid::Uuid;

use super::census::Census;
use super::copy::Rows;
use super::golden::Sources;
use super::plan::Plan;
use super::secrets::push_value;
use crate::check::{Checked, Good, Reject};
use crate::reader::Position;

/// One chunk, ready to land.
pub struct Batch {
    /// The rows' keys.
    pub keys: Vec<Uuid>,
    /// The same as a set.
    pub key_set: HashSet<Uuid>,
    /// By which unchanged rows are known.
    pub digests: Vec<Uuid>,
    /// The id that each subject gets if it is new.
    pub subjects: Vec<Uuid>,
    /// Rows whose key stands earlier in this chunk.
    pub repeats: Vec<bool>,
    /// Where each golden record counts.
    pub census: Vec<Census>,
    /// Identifiers in the order of their keys, which is the order of the index, with the row of each.
    pub identifiers: Rows,
    /// The row of each identifier.
    pub identifier_rows: Vec<u32>,
    /// Golden records in the order of their names, or nothing for a dataset. Subjects that are new get ids in the same
    /// order, so that all the indexes but those of blind keys are added to in theirs.
    pub golden: Rows,
    /// The provider's records in the order of `golden`, or the dataset's rows in that of the file.
    pub records: Rows,
    /// The row of each of `golden`, or of `records` for a dataset.
    pub golden_rows: Vec<u32>,
    /// The good rows themselves, for subjects that exist already.
    pub checked: Checked,
    /// Rejected rows with their cells sealed.
    pub rejects: Vec<(Reject, Vec<u8>)>,
    /// When it was made ready.
    pub at: OffsetDateTime,
    /// Where the next chunk begins.
    pub next: Position,
}

/// The statement for [`Batch::records`] of base kinds.
pub const COPY_RECORD: &str = "COPY registry.record (kind, subject_id, provider_no, delivery_no, digest, clear_values,
    sealed, delivery_nos) FROM STDIN (FORMAT binary)";
/// The statement for [`Batch::records`] of datasets.
pub const COPY_DATASET_ROW: &str = "COPY registry.dataset_row (resource_id, row_key, row_no, delivery_no, digest,
    clear_values, sealed) FROM STDIN (FORMAT binary)";
/// The statement for [`Batch::identifiers`].
pub const COPY_IDENTIFIER: &str = "COPY registry.identifier (scheme_key, subject_id) FROM STDIN (FORMAT binary)";

/// Buffers used again for every row.
#[derive(Default)]
pub struct Scratch {
    key: Vec<u8>,
    digest: Vec<u8>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
}

impl Plan {
    /// Makes a checked chunk ready.
    pub fn prepare(&self, mut checked: Checked, next: Position, at: OffsetDateTime) -> Batch {
        let rejects = std::mem::take(&mut checked.rejects);
        let count = checked.len();
        let rows: Vec<Good<'_>> = checked.rows().collect();
        let order = self.order(&rows);
        let mut batch = Batch {
            keys: vec![Uuid::nil(); count],
            key_set: HashSet::with_capacity(count),
            digests: vec![Uuid::nil(); count],
            subjects: vec![Uuid::nil(); count],
            repeats: Vec::new(),
            census: vec![Census::of_division(None); count],
            identifiers: Rows::default(),
            identifier_rows: Vec::new(),
            golden_rows: Vec::new(),
            golden: Rows::with_capacity(count, 160),
            records: Rows::with_capacity(count, 420),
            checked: Checked::default(),
            rejects: rejects.into_iter().map(|reject| self.sealed(reject)).collect(),
            at,
            next,
        };
        let mut scratch = Scratch::default();
        let mut values: Vec<Option<&str>> = vec![None; self.width()];
        for nth in order.iter().map(|nth| *nth as usize) {
            values.fill(None);
            for (position, text) in rows[nth].values() {
                values[position] = Some(text);
            }
            batch.keys[nth] = self.key_of(&values, &mut scratch.key);
            let digest = self.digest_of(&values, &mut scratch.digest);
            batch.digests[nth] = digest;
            if let Some(golden) = self.golden {
                let subject = uuid_at(at);
                batch.subjects[nth] = subject;
                let sources = Sources { provider_no: self.provider_no, provider_nos: None, revised_at: at };
                batch.census[nth] = golden.encode(subject, &values, sources, &self.secrets, &mut batch.golden);
                self.encode_record(subject, digest, &values, None, &mut scratch, &mut batch.records);
            } else {
                let row_no = self.row_no(rows[nth].row);
                self.encode_dataset_row(batch.keys[nth], row_no, digest, &values, &mut scratch, &mut batch.records);
            }
        }
        batch.repeats = batch.keys.iter().map(|key| !batch.key_set.insert(*key)).collect();
        batch.golden_rows = order;
        self.encode_identifiers(&mut batch);
        batch.checked = checked;
        batch
    }

    /// A rejected row with its cells sealed.
    fn sealed(&self, reject: Reject) -> (Reject, Vec<u8>) {
        let cells = self.secrets.seal_cells(&reject.cells);
        (Reject { cells: Vec::new(), ..reject }, cells)
    }

    /// The rows in the order in which they are written: that of their names, and for a dataset that of the file.
    fn order(&self, rows: &[Good<'_>]) -> Vec<u32> {
        let mut order: Vec<u32> = (0..rows.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        if let Some(golden) = self.golden {
            let names: Vec<&str> = rows.iter().map(|row| row.value(golden.name()).unwrap_or_default()).collect();
            order.sort_unstable_by_key(|at| (names[*at as usize], *at));
        }
        order
    }

    fn encode_identifiers(&self, batch: &mut Batch) {
        if self.golden.is_none() {
            return;
        }
        let mut order: Vec<u32> = (0..batch.keys.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        order.sort_unstable_by_key(|at| batch.keys[*at as usize]);
        batch.identifiers = Rows::with_capacity(order.len(), 42);
        for at in &order {
            batch.identifiers.start(2);
            batch.identifiers.uuid(batch.keys[*at as usize]);
            batch.identifiers.uuid(batch.subjects[*at as usize]);
            batch.identifiers.end();
        }
        batch.identifier_rows = order;
    }

    /// The row's place in the dataset's order: deliveries one behind the other.
    pub fn row_no(&self, row: u64) -> i64 {
        (i64::from(self.delivery_no) << 32) | i64::try_from(row).unwrap_or(i64::from(u32::MAX))
    }

    /// Over what the file says of each of its columns, so that "nothing" and "not asked" differ.
    pub fn digest_of(&self, values: &[Option<&str>], scratch: &mut Vec<u8>) -> Uuid {
        scratch.clear();
        for &position in &self.columns {
            match values[position] {
                Some(value) => push_value(position, value, scratch),
                None => scratch.push(u8::try_from(position).unwrap_or(u8::MAX)),
            }
        }
        self.secrets.digest(scratch)
    }

    /// Appends one record of a base kind.
    pub fn encode_record(
        &self,
        subject: Uuid,
        digest: Uuid,
        values: &[Option<&str>],
        delivery_nos: Option<&[i32]>,
        scratch: &mut Scratch,
        out: &mut Rows,
    ) {
        out.start(8);
        out.int2(self.kind_no());
        out.uuid(subject);
        out.int2(self.provider_no);
        out.int4(self.delivery_no);
        out.uuid(digest);
        self.encode_values(values, scratch, out);
        out.option(delivery_nos, Rows::int4s);
        out.end();
    }

    /// Appends one row of a dataset.
    pub fn encode_dataset_row(
        &self,
        key: Uuid,
        row_no: i64,
        digest: Uuid,
        values: &[Option<&str>],
        scratch: &mut Scratch,
        out: &mut Rows,
    ) {
        out.start(7);
        out.uuid(self.resource_id);
        out.uuid(key);
        out.int8(row_no);
        out.int4(self.delivery_no);
        out.uuid(digest);
        self.encode_values(values, scratch, out);
        out.end();
    }

    /// The clear values as an array up to the last of them, then the sensitive ones sealed.
    fn encode_values(&self, values: &[Option<&str>], scratch: &mut Scratch, out: &mut Rows) {
        scratch.plain.clear();
        let mut clear = [None; 256];
        let mut count = 0;
        for (position, value) in values.iter().enumerate() {
            let Some(text) = value else { continue };
            if self.schema.attributes[position].sensitive {
                push_value(position, text, &mut scratch.plain);
            } else {
                clear[position] = Some(*text);
                count = position + 1;
            }
        }
        out.texts(&clear[..count]);
        self.secrets.seal_values(&scratch.plain, &mut scratch.sealed, out);
    }
}
