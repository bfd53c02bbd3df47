//! `jianghai ingest`: deliver a file on behalf of a department from the command line, and wait for its report.
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use catalogue::api::RowKind;
use indicatif::{ProgressBar, ProgressStyle};
use jh_core::actor::{Actor, ActorKind, Command, Grant, OrganisationId};
use jh_db::Base;
use jh_db::jobs::Runner;
use registry::api::{self, DeliveryId, Progress, State, Submitted, Target};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::boot;
use crate::cli::{Ingest, Place};

/// The largest file taken from the command line.
const FILE_BYTES_MAX: u64 = 4 << 30;

/// The operator at the command line, who may do for any organisation of the tree what its own officers may.
pub fn sender(base: &Base, root: OrganisationId, organisation: OrganisationId, name: &str) -> Command {
    let grant = |permission: &str| Grant { permission: permission.into(), scope: root };
    let actor = Actor {
        account: None,
        kind: ActorKind::System,
        name: "jianghai.ingest".into(),
        organisation: Some(organisation),
        organisation_name: name.into(),
        grants: [grant("registry.delivery.submit"), grant("registry.delivery.read")].into(),
    };
    Command { actor, now: base.clock.now(), key: None, request_id: "jianghai.ingest".into() }
}

/// Delivers, waits, reports. Interrupted, the delivery resumes when the server or this command next runs.
pub async fn ingest(place: &Place, options: &Ingest) -> Result<ExitCode> {
    let booted = boot::boot(place).await?;
    let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default())?;
    let stop = CancellationToken::new();
    let runner = tokio::spawn(Runner::new(booted.base.clone()).jobs(composed.jobs).run(stop.clone()));
    let outcome = deliver(&booted.base, options).await;
    stop.cancel();
    let _ = runner.await;
    booted.stop().await?;
    outcome
}

async fn deliver(base: &Base, options: &Ingest) -> Result<ExitCode> {
    let id = submit(base, options).await?;
    let progress = wait(base, id, options.json).await?;
    if let Some(path) = &options.report {
        let report = api::reject_report(base, id).await?;
        std::fs::write(path, report).with_context(|| format!("cannot write {}", path.display()))?;
    }
    tell(id, &progress, options.json);
    Ok(if progress.state == State::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn submit(base: &Base, options: &Ingest) -> Result<DeliveryId> {
    let reader = tokio::fs::File::open(&options.file)
        .await
        .with_context(|| format!("cannot open {}", options.file.display()))?;
    let file = base.files.put_stream(reader, FILE_BYTES_MAX).await?;
    let mut connection = base.db.read().await?;
    let provider = identity::api::organisation_by_code(&mut connection, &options.provider).await?;
    let provider = provider.with_context(|| format!("there is no organisation {}", options.provider))?;
    let root = identity::api::root(&mut connection).await?.context("this city has no organisations yet")?;
    let (kind, resource_id) = match RowKind::from_word(&options.kind) {
        Some(RowKind::Dataset) => bail!("for a data set, give its catalogue code as --kind"),
        Some(kind) => (kind, None),
        None => {
            let resource = catalogue::api::resource_by_code(&mut connection, &options.kind).await?;
            let resource = resource.with_context(|| format!("{} is no kind and no catalogue code", options.kind))?;
            (RowKind::Dataset, Some(resource))
        }
    };
    drop(connection);
    let command = sender(base, root, provider.id, &provider.name);
    let file_name = options.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let target = Target { kind, resource_id, provider_id: provider.id };
    let submitted = Submitted { target, file_name, file, choices: Vec::new(), corrects: None };
    Ok(api::submit(base, &command, submitted).await?)
}

async fn wait(base: &Base, id: DeliveryId, quiet: bool) -> Result<Progress> {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}").unwrap_or(ProgressStyle::default_spinner()));
    loop {
        let progress = match api::progress(base, id).await {
            Ok(found) => found.context("the delivery was not found again")?,
            // The landing itself waits for the database, and so does whoever watches it.
            Err(api::RegistryError::Db(fault)) if fault.is_passing() => {
                bar.set_message(format!("waiting: {fault}"));
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            Err(fault) => return Err(fault.into()),
        };
        let counts = progress.counts;
        bar.set_message(format!("{} rows read, {} rejected", counts.rows_read, counts.rows_rejected));
        bar.tick();
        if progress.state.is_final() {
            bar.finish_and_clear();
            return Ok(progress);
        }
        if progress.state == State::Mapping {
            bar.finish_and_clear();
            bail!("some columns are not known; say what they mean at /registry/deliveries/{id} and it goes on");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn tell(id: DeliveryId, progress: &Progress, as_json: bool) {
    let counts = progress.counts;
    if as_json {
        println!("{}", json!({ "delivery_id": id, "state": progress.state, "counts": counts }));
        return;
    }
    println!("{:?}: {counts} (delivery {id})", progress.state);
}
