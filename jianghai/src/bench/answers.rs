//! `jianghai bench answers`: how long an agent waits for answers while typing, with a full knowledge base.
//!
//! The entries are the demonstration's answers, each for many places, so that every pair of characters stands in hundreds of
//! them: that is harder than a real knowledge base, whose questions differ.
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use hotline::api;
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_db::Base;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::{peak_rss_mb, quantile};
use crate::cli::Place;
use crate::{boot, demo};

const KNOWLEDGE: &[u8] = include_bytes!("../../../data/hotline/knowledge.csv");
const DIVISIONS: &[u8] = include_bytes!("../../../data/nantong/divisions.csv");
/// Entries published at the same time.
const AT_A_TIME: usize = 4;
/// Searches of each kind.
const SEARCHES: usize = 500;
/// Answers asked for, as the agents' page does.
const SHOWN: usize = 10;

/// Fills an empty knowledge base with so many entries and searches it.
pub async fn measure(entries: usize, as_json: bool) -> Result<()> {
    ensure!((1..=100_000).contains(&entries), "entries must be between 1 and 100,000");
    let folder = std::env::temp_dir().join(format!("jianghai-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let place = Place { data: Some(folder.join("data")), database_url: None };
    let outcome = run(&place, entries).await;
    let _ = std::fs::remove_dir_all(&folder);
    let (fill_s, kinds) = outcome?;
    let all: Vec<f64> = kinds.iter().flat_map(|(_, times)| times.iter().copied()).collect();
    let mut told = Map::new();
    for (kind, times) in kinds.into_iter().chain([("all", all)]) {
        told.insert(kind.to_owned(), figures(times));
    }
    if as_json {
        let rate = entries as f64 / fill_s;
        println!(
            "{}",
            json!({ "entries": entries, "published_per_s": rate, "search": told, "peak_rss_mb": peak_rss_mb() })
        );
    } else {
        println!("{entries} entries, imported, submitted and published in {fill_s:.0} s");
        for (kind, figures) in told {
            println!(
                "  {kind:<9} p50 {} ms, p95 {} ms, p99 {} ms, longest {} ms",
                figures["p50_ms"], figures["p95_ms"], figures["p99_ms"], figures["max_ms"]
            );
        }
    }
    Ok(())
}

fn figures(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share| (quantile(&times, share) * 100.0).round() / 100.0;
    json!({ "searches": times.len(), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1.0) })
}

/// One answer of the file, and the names of places.
struct Source {
    rows: Vec<csv::StringRecord>,
    places: Vec<String>,
}

impl Source {
    fn read() -> Result<Self> {
        let rows = csv::Reader::from_reader(KNOWLEDGE).into_records().collect::<Result<Vec<_>, _>>()?;
        let mut divisions = csv::Reader::from_reader(DIVISIONS);
        let at = divisions.headers()?.iter().position(|name| name == "name").context("divisions.csv has no names")?;
        let names = divisions.into_records().map(|row| Ok(row?.get(at).unwrap_or_default().to_owned()));
        Ok(Self { rows, places: names.collect::<Result<_>>()? })
    }

    fn question(&self, number: usize) -> (&str, &csv::StringRecord) {
        (&self.places[(number / self.rows.len()) % self.places.len()], &self.rows[number % self.rows.len()])
    }

    /// The entries of these numbers as a file that can be imported.
    fn file(&self, numbers: std::ops::Range<usize>) -> Result<Vec<u8>> {
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(["question", "aliases", "short_answer", "answer", "organisation", "keywords"])?;
        for number in numbers {
            let (place, row) = self.question(number);
            let question = format!("{place}{}", &row[0]);
            file.write_record([question.as_str(), &row[1], &row[2], &row[3], "NT-ZWZX", &row[6]])?;
        }
        Ok(file.into_inner()?)
    }
}

async fn run(place: &Place, entries: usize) -> Result<(f64, Vec<(&'static str, Vec<f64>)>)> {
    let booted = boot::boot(place).await?;
    let outcome = fill_and_search(&booted.base, entries).await;
    booted.stop().await?;
    outcome
}

async fn fill_and_search(base: &Base, entries: usize) -> Result<(f64, Vec<(&'static str, Vec<f64>)>)> {
    let people = demo::found(base).await?;
    let (writer, publisher) = (demo::author(base, &people, "supervisor")?, demo::author(base, &people, "admin")?);
    let source = Source::read()?;
    let started = Instant::now();
    for first in (0..entries).step_by(1_000) {
        let file = source.file(first..entries.min(first + 1_000))?;
        let written = api::import(base, &writer, &file).await?.written;
        publish(base, &writer, &publisher, written).await?;
    }
    sqlx::query("ANALYZE").execute(base.db.pool()).await?;
    let fill_s = started.elapsed().as_secs_f64();
    let mut random = ChaCha8Rng::seed_from_u64(12_345);
    let mut kinds = Vec::new();
    for kind in ["word", "typing", "question", "call"] {
        let texts: Vec<String> = (0..SEARCHES).map(|_| text(kind, &source, entries, &mut random)).collect();
        kinds.push((kind, search(base, &texts).await?));
    }
    Ok((fill_s, kinds))
}

async fn publish(base: &Base, writer: &Command, publisher: &Command, written: Vec<api::EntryId>) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for part in written.chunks(written.len().div_ceil(AT_A_TIME).max(1)) {
        let (base, writer, publisher, part) = (base.clone(), writer.clone(), publisher.clone(), part.to_vec());
        tasks.spawn(async move {
            for id in part {
                api::submit(&base, &writer, id).await?;
                api::publish(&base, &publisher, id).await?;
            }
            Ok::<(), api::HotlineError>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// What somebody types: a word, the beginning of a question, a whole one, or all that is said in a call.
fn text(kind: &str, source: &Source, entries: usize, random: &mut ChaCha8Rng) -> String {
    let (place, row) = source.question(random.random_range(0..entries));
    let mut one_of = |text: &str, between: char| {
        let parts: Vec<&str> = text.split(between).collect();
        parts[random.random_range(0..parts.len())].to_owned()
    };
    match kind {
        "word" => one_of(&row[6], ' '),
        "question" => one_of(&row[1], '|'),
        "call" => {
            let asked = one_of(&row[1], '|');
            format!(
                "你好，我住在{place}，想问一下，{asked}，之前也打过电话，一直没有人告诉我应该怎么做，{}，麻烦你帮我查一下，谢谢",
                &row[0]
            )
        }
        _ => {
            let asked = one_of(&row[1], '|');
            let typed = random.random_range(2..=asked.chars().count().max(2));
            asked.chars().take(typed).collect()
        }
    }
}

/// Milliseconds that each search takes, one after the other; the first ones warm the store and are not counted.
async fn search(base: &Base, texts: &[String]) -> Result<Vec<f64>> {
    const WARMING: usize = 20;
    let today = china_day(base.clock.now());
    let mut conn = base.db.read().await?;
    let mut times = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().take(WARMING).chain(texts).enumerate() {
        let started = Instant::now();
        api::answers(&mut conn, today, text, SHOWN, false).await?;
        if at >= WARMING {
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(times)
}
