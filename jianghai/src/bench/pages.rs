//! Portal home, catalogue search, a data set and a signed-in workbench page, asked for at a steady rate.
//!
//! Requests are sent when they are due, whether or not earlier ones have been answered, and their time counts from
//! when they were due: a server that stalls cannot hide behind a client that waits for it.
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::quantile;
use crate::cli::Place;
use crate::listen::{Limits, listen};
use crate::{boot, demo};

/// Requests under way at the same time at the most.
const WORKERS: u64 = 64;
/// Not counted: caches fill and connections open.
const WARM_UP: Duration = Duration::from_secs(3);

/// The four pages: path, and whether the session goes with it.
const PAGES: [(&str, bool); 4] =
    [("/", false), ("/data?q=企业", false), ("/data/NT-GS-001", false), ("/workbench", true)];

#[derive(Default)]
struct Tally {
    times_ms: Vec<f64>,
    errors: u64,
}

/// Serves the demonstration city in this process and asks it.
pub async fn measure(place: &Place, rate: u32, seconds: u32, json: bool) -> Result<()> {
    ensure!(rate > 0 && seconds > 0, "rate and seconds must be above zero");
    let booted = boot::boot(place).await?;
    let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default())?;
    demo::load_if_empty(&composed).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    // As behind a proxy: all that is asked here comes from one address.
    let server = tokio::spawn(listen(listener, composed.router, Limits::new(true), stop.clone()));
    let outcome = ask(address, rate, seconds).await;
    stop.cancel();
    let _ = server.await;
    booted.stop().await?;
    let (tally, wall_s) = outcome?;
    report(tally, wall_s, json);
    Ok(())
}

fn report(mut tally: Tally, wall_s: f64, json: bool) {
    tally.times_ms.sort_by(f64::total_cmp);
    let per_s = tally.times_ms.len() as f64 / wall_s;
    let (p50, p95) = (quantile(&tally.times_ms, 0.5), quantile(&tally.times_ms, 0.95));
    let p99 = quantile(&tally.times_ms, 0.99);
    if json {
        println!(
            "{}",
            json!({ "requests_per_s": per_s, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "errors": tally.errors })
        );
    } else {
        println!("{per_s:.0} requests/s, p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms, {} errors", tally.errors);
    }
}

async fn ask(address: SocketAddr, rate: u32, seconds: u32) -> Result<(Tally, f64)> {
    let stranger = client()?;
    let staff = client()?;
    sign_in(&staff, address, "police").await?;
    let total = u64::from(rate) * u64::from(seconds);
    let warm = u64::from(rate) * WARM_UP.as_secs();
    let next = Arc::new(AtomicU64::new(0));
    let start = Instant::now() + Duration::from_millis(50);
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        let (stranger, staff, next) = (stranger.clone(), staff.clone(), next.clone());
        workers.push(tokio::spawn(async move {
            let mut tally = Tally::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= total + warm {
                    return tally;
                }
                let due = start + Duration::from_secs_f64(number as f64 / f64::from(rate));
                sleep_until(due).await;
                let (path, signed_in) = PAGES[(number % PAGES.len() as u64) as usize];
                let from = if signed_in { &staff } else { &stranger };
                let right = fetch(from, address, path).await;
                if number >= warm {
                    tally.times_ms.push(due.elapsed().as_secs_f64() * 1e3);
                    tally.errors += u64::from(!right);
                }
            }
        }));
    }
    let mut all = Tally::default();
    for worker in workers {
        let tally = worker.await?;
        all.times_ms.extend(tally.times_ms);
        all.errors += tally.errors;
    }
    let wall_s = start.elapsed().as_secs_f64() - WARM_UP.as_secs_f64();
    Ok((all, wall_s))
}

/// Whether the page came whole with status 200 and is the page asked for.
async fn fetch(client: &Client, address: SocketAddr, path: &str) -> bool {
    let Ok(answer) = client.get(format!("http://{address}{path}")).send().await else { return false };
    let found = answer.status() == 200;
    let body = answer.text().await.unwrap_or_default();
    found && body.ends_with("</html>\n") | body.trim_end().ends_with("</html>")
}

/// A browser as far as the server sees: it keeps cookies and follows nothing by itself.
pub(super) fn client() -> Result<Client> {
    Ok(Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Signs a demonstration account in.
pub(super) async fn sign_in(client: &Client, address: SocketAddr, username: &str) -> Result<()> {
    let url = format!("http://{address}/identity/session");
    let form = client.get(&url).send().await?.text().await?;
    let hidden = |name: &str| {
        let opening = format!("name=\"{name}\" value=\"");
        let rest = form.split_once(&opening)?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let token = hidden("_csrf").context("the sign-in page has no form token")?;
    let key = hidden("_key").context("the sign-in page has no key")?;
    let fields = [("_csrf", token.as_str()), ("_key", &key), ("name", username), ("password", demo::people::PASSWORD)];
    let answer = client.post(&url).form(&fields).send().await?;
    ensure!(answer.status().is_redirection(), "the demonstration account cannot sign in ({})", answer.status());
    Ok(())
}
