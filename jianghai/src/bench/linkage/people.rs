//! Residents of the file that [`crate::demo::extracts::write_hard`] writes: all of them linked, and how long each part took.
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use linkage::block::Keys;
use linkage::person::{Person, PersonTexts, Resident};
use linkage::{Limits, Scorer, Training};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::truth::rightness;
use crate::bench::peak_rss_mb;

/// Rows read at a time, before they are understood in parallel.
const BATCH: usize = 16_384;

/// Links and measures.
pub fn measure(path: &Path) -> Result<Value> {
    let started = Instant::now();
    let records = read(path)?;
    let load_s = started.elapsed().as_secs_f64();
    let training = Instant::now();
    let mut keys = Keys::of::<Person>(&records);
    let model = linkage::train::<Person>(&records, &mut keys, &Training::default());
    let train_s = training.elapsed().as_secs_f64();
    let predicting = Instant::now();
    let scorer = Scorer::<Person>::new(&model);
    let (edges, pairs) = linkage::predict(&records, &mut keys, &scorer, model.review_bits);
    let predict_s = predicting.elapsed().as_secs_f64();
    let clustering = Instant::now();
    let limits = Limits { same_bits: model.same_bits, ..Limits::default() };
    let weigh = |one: u32, other: u32| scorer.bits(&records[one as usize], &records[other as usize]);
    let clusters = linkage::cluster(records.len(), &edges, &limits, weigh);
    let refused = clusters.refused.len();
    let groups = clusters.into_roots();
    let cluster_s = clustering.elapsed().as_secs_f64();
    let (total_s, peak_rss_mb) = (started.elapsed().as_secs_f64(), peak_rss_mb());
    let review = edges.iter().filter(|edge| edge.bits < model.same_bits).count();
    let threshold = linkage::probability(model.same_bits);
    let records = records.len();
    drop((keys, edges));
    let right = rightness(&groups, &truth(path, records)?, |_| true);
    Ok(json!({
        "load_s": load_s, "train_s": train_s, "predict_s": predict_s, "cluster_s": cluster_s, "total_s": total_s,
        "peak_rss_mb": peak_rss_mb, "records": records, "pairs": pairs, "review_pairs": review, "refused_pairs": refused,
        "precision": right.precision, "recall": right.recall, "f1": right.f1, "threshold": threshold,
    }))
}

/// Reads a file of records.
pub fn read(path: &Path) -> Result<Vec<Resident>> {
    let mut reader = csv::Reader::from_path(path)?;
    let mut rows = vec![csv::ByteRecord::new(); BATCH];
    let mut out = Vec::new();
    loop {
        let mut n = 0;
        while n < BATCH && reader.read_byte_record(&mut rows[n])? {
            n += 1;
        }
        if n == 0 {
            return Ok(out);
        }
        if out.is_empty() {
            // The rest is about as long as the beginning: growing by doubling would take half as much memory again.
            let bytes: usize = rows[..n].iter().map(|row| row.as_slice().len() + row.len()).sum();
            out.reserve_exact((std::fs::metadata(path)?.len() as usize / (bytes / n).max(1)) * 21 / 20 + BATCH);
        }
        out.par_extend(rows[..n].par_iter().map(resident));
    }
}

fn resident(row: &csv::ByteRecord) -> Resident {
    let text = |at: usize| row.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    Resident::read(&PersonTexts {
        name: text(2),
        former_name: text(3),
        citizen_id: text(4),
        born: text(5),
        sex: text(6),
        phone: text(7),
        address: text(8),
        division: text(9),
    })
}

/// Who each record is of.
fn truth(path: &Path, records: usize) -> Result<Vec<u64>> {
    let mut out = Vec::with_capacity(records);
    let path = super::truth_of(path);
    for row in csv::Reader::from_path(&path)
        .with_context(|| format!("{} says who is who", path.display()))?
        .into_byte_records()
    {
        let row = row?;
        out.push(
            row.get(1)
                .and_then(|cell| std::str::from_utf8(cell).ok()?.parse().ok())
                .context("a person is no number")?,
        );
    }
    ensure!(out.len() == records, "{} has {} rows for {records} records", path.display(), out.len());
    Ok(out)
}
