//! Rows a second from a file to durable base records, by the same way as any delivery, into an empty registry.
use std::fs::File;
use std::io::BufWriter;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use catalogue::api::RowKind;
use jh_db::jobs;
use registry::api::{self, State, Submitted, Target};
use serde_json::json;

use super::peak_rss_mb;
use crate::cli::Place;
use crate::demo::extracts::{self, PersonExtract, Plan};
use crate::{boot, demo, ingest};

/// Delivers `rows` generated rows of the police's extract and prints what it took.
pub async fn measure(rows: u32, as_json: bool) -> Result<()> {
    ensure!(rows > 0, "rows must be above zero");
    let folder = std::env::temp_dir().join(format!("jianghai-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    // The database's own user must reach its folder inside.
    let place = Place { data: Some(folder.join("data")), database_url: None };
    let outcome = run(&place, &folder.join("rows.csv"), rows).await;
    let _ = std::fs::remove_dir_all(&folder);
    let (seconds, counts) = outcome?;
    let per_s = counts.rows_read as f64 / seconds;
    let rss = peak_rss_mb();
    if as_json {
        println!(
            "{}",
            json!({
                "rows_per_s": per_s, "peak_rss_mb": rss, "rows": counts.rows_read, "seconds": seconds,
                "landed": counts.rows_new, "rejected": counts.rows_rejected,
            })
        );
    } else {
        println!("{} rows in {seconds:.1} s: {per_s:.0} rows/s, peak memory {rss:.0} MB", counts.rows_read);
    }
    Ok(())
}

async fn run(place: &Place, file: &std::path::Path, rows: u32) -> Result<(f64, api::Counts)> {
    let booted = boot::boot(place).await?;
    let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default())?;
    let outcome = deliver(&composed, file, rows).await;
    booted.stop().await?;
    outcome
}

async fn deliver(composed: &jh_web::app::Composed, file: &std::path::Path, rows: u32) -> Result<(f64, api::Counts)> {
    let base: &jh_db::Base = &composed.app;
    let people = demo::found(base).await?;
    let root = people.first().context("no accounts")?.root;
    let provider = people.iter().find(|founded| founded.person.username == "police").context("no police")?;
    let plan = Plan { people: u64::from(rows), enterprises: 1, ..Plan::default() };
    extracts::write_person_extract(PersonExtract::Police, &plan, BufWriter::new(File::create(file)?))?;
    let stored = base.files.put_stream(tokio::fs::File::open(file).await?, u64::MAX).await?;
    let command = ingest::sender(base, root, provider.organisation, "公安局");
    let target = Target { kind: RowKind::Person, resource_id: None, provider_id: provider.organisation };
    let submitted =
        Submitted { target, file_name: "rows.csv".into(), file: stored, choices: Vec::new(), corrects: None };
    let started = Instant::now();
    let id = api::submit(base, &command, submitted).await?;
    loop {
        jobs::run_due(base, &composed.jobs).await?;
        let progress = api::progress(base, id).await?.context("the delivery was not found again")?;
        if progress.state.is_final() {
            let seconds = started.elapsed().as_secs_f64();
            ensure!(progress.state == State::Done, "the delivery ended as {:?}", progress.state);
            ensure!(progress.counts.rows_rejected * 10 < progress.counts.rows_read, "too many rows were rejected");
            return Ok((seconds, progress.counts));
        }
        ensure!(progress.state != State::Mapping, "the generated columns are not known");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
