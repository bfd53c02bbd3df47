//! `jianghai serve`: listen, run the jobs, and stop gracefully.
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use jh_db::jobs::Runner;
use jh_db::outbox::Handler;
use jh_web::Measured;
use jh_web::app::{GRACE, Settings};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::cli::{Command, Place, Serve};
use crate::listen::{Limits, listen};
use crate::{boot, demo};

/// Latencies worth telling apart, in seconds.
const BUCKETS_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0];
/// How often histograms are folded, so that they take no memory while nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(10);

/// Starts the log: to standard error, as text for people or as JSON lines for collectors.
pub fn start_log(command: &Command) {
    let filter = EnvFilter::try_from_env("JIANGHAI_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match command {
        Command::Serve(options) if options.log_json => log.json().init(),
        _ => log.init(),
    }
}

struct Prometheus(PrometheusHandle);

impl Measured for Prometheus {
    fn text(&self) -> String {
        self.0.render()
    }
}

/// Installs the recorder of metrics. One a process; a second one is refused and the first goes on.
fn measure() -> Option<Arc<dyn Measured>> {
    let matcher = Matcher::Suffix("_seconds".into());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(matcher, &BUCKETS_S).ok()?;
    let handle = builder.install_recorder().ok()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Some(Arc::new(Prometheus(handle)))
}

/// Serves until asked to stop.
pub async fn serve(place: &Place, options: &Serve) -> Result<()> {
    // The address is taken first: nothing is started for a port that somebody else has.
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}: is another program using it?", options.listen))?;
    let booted = boot::boot(place).await?;
    let outcome = run(&booted, listener, options).await;
    booted.stop().await?;
    outcome
}

async fn run(booted: &boot::Booted, listener: TcpListener, options: &Serve) -> Result<()> {
    let address = listener.local_addr()?;
    let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings {
        https: public_url.starts_with("https://"),
        behind_proxy: options.behind_proxy,
        public_url: public_url.trim_end_matches('/').to_owned(),
        ..Settings::default()
    };
    let composed = boot::compose(booted.base.clone(), settings)?;
    if let Some(recorder) = measure() {
        booted.base.services.register::<dyn Measured>(recorder);
    }
    if options.demo {
        demo::load_if_empty(&composed).await?;
    }
    let stop = CancellationToken::new();
    let runner =
        Runner::new(booted.base.clone()).jobs(composed.jobs).handlers(booted.base.services.all::<dyn Handler>());
    let jobs = tokio::spawn(runner.run(stop.clone()));
    for task in composed.background {
        tokio::spawn(task(booted.base.clone(), stop.clone()));
    }
    println!("Jianghai 江海 serves at {public_url}");
    if options.demo {
        demo::print_accounts();
    }
    let asked = stop.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: finishing the requests under way");
        asked.cancel();
    });
    let server = listen(listener, composed.router, Limits::new(options.behind_proxy), stop.clone());
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = server => {}
        () = late => tracing::warn!("some requests did not finish in time"),
    }
    stop.cancel();
    if tokio::time::timeout(GRACE, jobs).await.is_err() {
        tracing::warn!("a job did not reach a safe point in time; it resumes at the next start");
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// Prints the description of the API; needs no database.
pub fn print_openapi() -> Result<ExitCode> {
    let document = jh_web::app::describe(crate::modules::modules());
    let text = serde_json::to_string_pretty(&document)?;
    match writeln!(std::io::stdout().lock(), "{text}") {
        // Whoever reads may have read enough: `jianghai openapi | head`.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
