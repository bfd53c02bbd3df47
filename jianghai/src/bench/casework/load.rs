//! What is done to the full and the empty city: lives of cases, pages, duplicates, bursts. Clients are in this process and come
//! over HTTP with sessions, as browsers do.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use casework::api::{Point, Whose};
use jh_db::Base;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout};

use super::city::{City, Worker};
use super::words::{Words, words};
use crate::bench::quantile;

/// Lives lived at the same time: enough that two cores never wait for one disk.
const LIVES_AT_ONCE: u64 = 16;
/// How often a page or a question is asked.
const ASKED: usize = 300;
/// Reports a second, each for [`STEP`]: ten times a quiet day's line with a storm in it.
const BURST: [u32; 7] = [10, 150, 10, 250, 20, 350, 100];
const STEP: Duration = Duration::from_secs(5);
/// An answer later than this is none.
const PATIENCE: Duration = Duration::from_secs(30);

fn report(words: &Words, phone: u64) -> Value {
    json!({
        "kind": "hotline.request", "category": words.category, "channel": "phone", "description": words.description,
        "address": words.address, "place": { "lon": words.place.0, "lat": words.place.1 },
        "name": "王先生", "phone": format!("139{:08}", phone % 100_000_000),
    })
}

/// Reported, dispatched, signed for by a person, solved, and looked for.
async fn live(city: &City, holder: &Worker, rng: &mut ChaCha8Rng) -> Result<()> {
    let words = words(rng);
    let agent = &city.agent.session;
    let (status, opened) = agent.post("/api/casework/cases", &report(&words, rng.random())).await?;
    ensure!(status == StatusCode::CREATED, "a report is answered by {status}: {opened}");
    let id = opened["case_id"].as_str().context("a case without an id")?;
    let answer = "已派员到现场核实，问题属实，已责成责任单位当日整改完毕，并将结果告知来电人。";
    let acts = [
        (agent, "dispatch", json!({ "organisation": holder.organisation, "note": "请按职责办理并答复来电人" })),
        (&holder.session, "signing", json!({ "person": holder.account })),
        (&holder.session, "result", json!({ "answer": answer, "outcome": "solved" })),
    ];
    for (by, act, doing) in acts {
        let (status, done) = by.post(&format!("/api/casework/cases/{id}/acts/{act}"), &doing).await?;
        ensure!(status == StatusCode::OK, "{act} is answered by {status}: {done}");
    }
    let path = format!("/api/casework/cases?q={}", words.sought.replace(' ', "%20"));
    let (status, found) = agent.get(&path).await?;
    ensure!(status == StatusCode::OK && found.contains(id), "the case is not found by {}: {status}", words.sought);
    Ok(())
}

/// Lives a second, with so many at the same time for so long.
pub async fn lives(city: &Arc<City>, seconds: u32) -> Result<f64> {
    let started = Instant::now();
    let end = started + Duration::from_secs(u64::from(seconds));
    let next = Arc::new(AtomicU64::new(0));
    let mut workers = Vec::new();
    for _ in 0..LIVES_AT_ONCE {
        let (city, next) = (city.clone(), next.clone());
        workers.push(tokio::spawn(async move {
            let mut lived = 0_u64;
            while Instant::now() < end {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let mut rng = ChaCha8Rng::from_os_rng();
                let holder = &city.departments[number as usize % city.departments.len()];
                live(&city, holder, &mut rng).await?;
                lived += 1;
            }
            anyhow::Ok(lived)
        }));
    }
    let mut lived = 0;
    for worker in workers {
        lived += worker.await??;
    }
    Ok(lived as f64 / started.elapsed().as_secs_f64())
}

/// The 95th percentile of asking for the inbox of the department with the long list, in ms: page and JSON, each tab, pages 1 to 3.
pub async fn inbox(city: &City) -> Result<f64> {
    let session = &city.departments[0].session;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut times = Vec::with_capacity(ASKED);
    for number in 0..ASKED {
        let page = rng.random_range(1..=3);
        let path = match number % 5 {
            0 => format!("/casework/inbox?tab=mine&page={page}"),
            1 => format!("/casework/inbox?tab=overdue&page={page}"),
            2 => format!("/api/casework/inbox?page={page}"),
            3 => format!("/api/casework/inbox?overdue=true&stage=handling&page={page}"),
            _ => format!("/casework/inbox?page={page}"),
        };
        let started = Instant::now();
        let (status, text) = session.get(&path).await?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        ensure!(status == StatusCode::OK && !text.is_empty(), "{path} is answered by {status}");
    }
    Ok(p95(times))
}

/// The 95th percentile of asking which open cases may be the same as a report at a place, in ms.
pub async fn nearby(base: &Base, city: &City) -> Result<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let scopes = [city.agent.organisation.0];
    let mut times = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let words = words(&mut rng);
        let point = Point::new(words.place.0, words.place.1);
        let started = Instant::now();
        let mut conn = base.db.read().await?;
        casework::api::duplicates(&mut conn, point, words.category, &words.description, Whose::Of(&scopes)).await?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(p95(times))
}

fn p95(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    quantile(&times, 0.95)
}

/// How a burst went.
pub struct Burst {
    /// Reports sent.
    pub sent: u64,
    /// Those not taken in, or too late.
    pub errors: u64,
    /// The 95th percentile of the time from when a report was due to its answer, in ms.
    pub p95_ms: f64,
}

/// Reports that come when they come, whether or not earlier ones have been answered.
pub async fn burst(city: &Arc<City>) -> Result<Burst> {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut sending = Vec::new();
    let mut from = Instant::now() + Duration::from_millis(50);
    for rate in BURST {
        let each = Duration::from_secs(1) / rate;
        for number in 0..rate * STEP.as_secs() as u32 {
            let (due, city) = (from + each * number, city.clone());
            let body = report(&words(&mut rng), rng.random());
            sending.push(tokio::spawn(async move {
                sleep_until(due).await;
                let answer = timeout(PATIENCE, city.agent.session.post("/api/casework/cases", &body)).await;
                let right = matches!(&answer, Ok(Ok((status, opened)))
                    if *status == StatusCode::CREATED && opened["number"].is_string());
                (right, due.elapsed().as_secs_f64() * 1e3)
            }));
        }
        from += STEP;
    }
    let (mut errors, mut times) = (0, Vec::new());
    let sent = sending.len() as u64;
    for report in sending {
        let (right, ms) = report.await?;
        errors += u64::from(!right);
        times.push(ms);
    }
    Ok(Burst { sent, errors, p95_ms: p95(times) })
}
