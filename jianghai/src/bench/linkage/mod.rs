//! Linking millions of records end to end: seconds, memory, and how right it is.
//!
//! The truth is read after everything is linked, by a part that the matcher never sees.
mod figures;
mod people;
mod truth;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use crate::cli::Linkage;
use crate::demo::extracts;

/// The most records that are made.
const RECORDS_MAX: u64 = 16_000_000;

/// Measures and prints.
pub fn measure(options: &Linkage) -> Result<()> {
    let people = options.people;
    let figures = match &options.file {
        Some(file) => of_file(file)?,
        None => {
            ensure!((1_000..=RECORDS_MAX).contains(&people), "there must be from 1,000 to {RECORDS_MAX} records");
            if let Some(path) = &options.write {
                return write(path, options.seed, people);
            }
            let folder = std::env::temp_dir().join(format!("jianghai-bench-{}", std::process::id()));
            std::fs::create_dir_all(&folder)?;
            let path = folder.join("people.csv");
            let outcome = write(&path, options.seed, options.people).and_then(|()| of_file(&path));
            let _ = std::fs::remove_dir_all(&folder);
            outcome?
        }
    };
    if options.json {
        println!("{figures}");
    } else {
        for (name, value) in figures.as_object().into_iter().flatten() {
            println!("{name}: {value}");
        }
    }
    Ok(())
}

fn of_file(path: &Path) -> Result<Value> {
    let headers = csv::Reader::from_path(path)?.headers()?.clone();
    if headers.iter().eq(extracts::HARD_HEADERS) {
        people::measure(path)
    } else if headers.iter().any(|header| header == "cluster") {
        figures::measure(path)
    } else {
        bail!(
            "{} has neither the columns that `--write` writes nor those of the historical figures (unique_id, cluster, first_name, …)",
            path.display()
        )
    }
}

/// Where the truth about a file stands.
fn truth_of(path: &Path) -> PathBuf {
    path.with_extension("truth.csv")
}

fn write(path: &Path, seed: u64, records: u64) -> Result<()> {
    extracts::write_hard(seed, records, std::fs::File::create(path)?, std::fs::File::create(truth_of(path))?)?;
    Ok(())
}
