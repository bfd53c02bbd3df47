//! What an extract truly holds, for tests and benchmarks to hold an ingest to.
use std::collections::BTreeMap;

use super::faults::{Fault, Mend};

/// What one row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// To be accepted as it is.
    Clean,
    /// To be accepted after mending.
    Mended(Mend),
    /// To be reported.
    Faulty(Fault),
    /// The very bytes of an earlier accepted row of the file: changes nothing.
    Repeated,
}

/// One row of an extract, as it is told to whoever watches the writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Truth {
    /// The row as a spreadsheet numbers it: the header is 1, the first row 2.
    pub row: u64,
    /// Which person or enterprise of the plan.
    pub subject: u64,
    /// What it is.
    pub outcome: Outcome,
    /// The header of the cell at fault, for faulty and mended rows.
    pub column: Option<&'static str>,
}

/// True counts of an extract, without the header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Accepted as they are.
    pub clean: u64,
    /// Accepted after mending.
    pub mended: u64,
    /// Reported.
    pub faulty: u64,
    /// Repeated rows.
    pub repeated: u64,
    /// Rows by [`Fault::name`].
    pub by_fault: BTreeMap<&'static str, u64>,
    /// Rows by [`Mend::name`].
    pub by_mend: BTreeMap<&'static str, u64>,
    /// Clean rows with liberties that are no fault: `old-number`, `small-x`, `other-notation`.
    pub by_liberty: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// Rows that become records: every subject stands in a file at most once but for repeated rows.
    pub fn accepted(&self) -> u64 {
        self.clean + self.mended
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        self.rows += 1;
        match outcome {
            Outcome::Clean => self.clean += 1,
            Outcome::Repeated => self.repeated += 1,
            Outcome::Mended(mend) => {
                self.mended += 1;
                *self.by_mend.entry(mend.name()).or_default() += 1;
            }
            Outcome::Faulty(fault) => {
                self.faulty += 1;
                *self.by_fault.entry(fault.name()).or_default() += 1;
            }
        }
    }
}
