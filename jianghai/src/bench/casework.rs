//! Lives of cases a second on an empty database and on a full one, the inbox of a department that has too much to do, duplicates
//! of a report, and reports that come in bursts: against the real server over HTTP, with its jobs running, on a cluster of its own.
mod city;
mod fill;
mod load;
mod rows;
mod words;

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use jh_db::jobs::Runner;
use jh_db::outbox::Handler;
use jh_web::app::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::boot;
use crate::cli::Place;
use crate::listen::{Limits, listen};

/// Not counted: statements are prepared, caches fill, and the first case installs its procedure.
const WARM_UP_S: u32 = 3;

/// Measures and prints.
pub async fn measure(cases: u32, seconds: u32, as_json: bool) -> Result<()> {
    ensure!(cases >= 1_000 && seconds > 0, "there must be at least 1,000 cases and a second");
    let folder = std::env::temp_dir().join(format!("jianghai-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    // The database's own user must reach its folder inside.
    let place = Place { data: Some(folder.join("data")), database_url: None };
    let outcome = run(&place, cases, seconds).await;
    let _ = std::fs::remove_dir_all(&folder);
    let figures = outcome?;
    if as_json {
        println!("{figures}");
    } else {
        for (name, value) in figures.as_object().into_iter().flatten() {
            println!("{name}: {value:.1}");
        }
    }
    Ok(())
}

async fn run(place: &Place, cases: u32, seconds: u32) -> Result<Value> {
    let booted = boot::boot(place).await?;
    let composed = boot::compose(booted.base.clone(), Settings::default())?;
    let base = booted.base.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    // As behind a proxy: all that is asked here comes from one address.
    let server = tokio::spawn(listen(listener, composed.router, Limits::new(true), stop.clone()));
    let runner = Runner::new(base.clone()).jobs(composed.jobs).handlers(base.services.all::<dyn Handler>());
    let jobs = tokio::spawn(runner.run(stop.clone()));
    for task in composed.background {
        tokio::spawn(task(base.clone(), stop.clone()));
    }
    let outcome = figures(&base, address, cases, seconds).await;
    stop.cancel();
    let _ = server.await;
    let _ = jobs.await;
    booted.stop().await?;
    outcome
}

async fn figures(base: &jh_db::Base, address: std::net::SocketAddr, cases: u32, seconds: u32) -> Result<Value> {
    let started = Instant::now();
    let city = Arc::new(city::found(base, address).await?);
    load::lives(&city, WARM_UP_S).await?;
    let empty = load::lives(&city, seconds).await?;
    tracing::info!(lifecycles_per_s = empty, "the empty database is measured");
    let filling = Instant::now();
    fill::fill(base, city.clone(), cases).await?;
    let fill_s = filling.elapsed().as_secs_f64();
    tracing::info!(seconds = fill_s, "the database is full");
    load::lives(&city, WARM_UP_S).await?;
    let full = load::lives(&city, seconds).await?;
    let inbox_ms = load::inbox(&city).await?;
    let nearby_ms = load::nearby(base, &city).await?;
    let burst = load::burst(&city).await?;
    Ok(json!({
        "lifecycles_per_s": full, "lifecycles_per_s_empty": empty, "inbox_p95_ms": inbox_ms, "nearby_p95_ms": nearby_ms,
        "burst_errors": burst.errors, "burst_reports": burst.sent, "burst_p95_ms": burst.p95_ms, "cases": cases,
        "fill_s": fill_s, "seconds": started.elapsed().as_secs_f64(),
    }))
}
