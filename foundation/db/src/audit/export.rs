//! (being written)
use std::path::{Path, PathBuf};
use time::Date;
use crate::{Base, DbError};

/// What was written, and how anyone checks it.
#[derive(Clone, Debug)]
pub struct Export {
    /// `audit-YYYY-MM-DD.jsonl`.
    pub lines: PathBuf,
    /// How many lines it has.
    pub rows: u64,
    /// Shell commands, in order, that check it with nothing of ours.
    pub commands: Vec<String>,
}

pub(super) async fn seal(_base: &Base, day: Date) -> Result<(), DbError> {
    Err(DbError::DayOpen { day, why: "being written" })
}

/// Writes a sealed day's files into `dir`.
pub async fn export_day(_base: &Base, day: Date, _dir: &Path) -> Result<Export, DbError> {
    Err(DbError::DayOpen { day, why: "being written" })
}
