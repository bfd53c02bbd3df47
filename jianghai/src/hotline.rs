//! `jianghai hotline learn`: brings a file of past cases from the command line and learns from all there are.
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, ensure};
use hotline::suggestion::learn::measure::Report;
use hotline::suggestion::{self, MANAGE, Read, Trained};
use jh_core::actor::{Actor, ActorKind, Command, Grant};
use jh_db::Base;
use serde_json::json;

use crate::bench::dispatch;
use crate::boot;
use crate::cli::{Hotline, Place};

/// Does what is asked.
pub async fn hotline(place: &Place, what: &Hotline) -> Result<ExitCode> {
    let Hotline::Learn { file, labels_as_is, json } = what;
    if *labels_as_is {
        let (report, learn_s) = dispatch::rehearse(file)?;
        tell_rehearsal(&report, learn_s, *json);
        return Ok(ExitCode::SUCCESS);
    }
    let booted = boot::boot(place).await?;
    // Composed, so that what rooms put into the base is there as when it serves.
    let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default());
    let outcome = match composed {
        Ok(_) => learn(&booted.base, file).await,
        Err(error) => Err(error),
    };
    booted.stop().await?;
    let (read, trained) = outcome?;
    tell(&read, &trained, *json);
    Ok(ExitCode::SUCCESS)
}

/// The operator at the command line, who may bring cases of any organisation.
async fn operator(base: &Base) -> Result<Command> {
    let root = identity::api::root(&mut *base.db.read().await?).await?.context("this city has no organisations yet")?;
    let actor = Actor {
        account: None,
        kind: ActorKind::System,
        name: "jianghai.hotline".into(),
        organisation: Some(root),
        organisation_name: String::new().into(),
        grants: [Grant { permission: MANAGE.into(), scope: root }].into(),
    };
    Ok(Command { actor, now: base.clock.now(), key: None, request_id: "jianghai.hotline".into() })
}

async fn learn(base: &Base, file: &Path) -> Result<(Read, Trained)> {
    let command = operator(base).await?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let reader = tokio::fs::File::open(file).await.with_context(|| format!("cannot open {}", file.display()))?;
    let stored = base.files.put_stream(reader, suggestion::table::BYTES_MAX as u64).await?;
    let brought = suggestion::bring(base, &command, &name, stored).await?;
    suggestion::read_waiting(base, &command, brought.import_id, &|| false).await?;
    let read = suggestion::outcome(base, brought.import_id).await?;
    ensure!(read.refusal.is_none(), "{} cannot be read: {}", file.display(), read.refusal.unwrap_or_default());
    let later = Command { now: base.clock.now(), ..command };
    let trained = suggestion::train(base, &later, Arc::new(AtomicBool::new(false))).await?;
    Ok((read, trained))
}

fn tell(read: &Read, trained: &Trained, as_json: bool) {
    let row = &trained.row;
    if as_json {
        let flat = json!({
            "rows": read.rows, "kept": read.kept, "twice": read.twice, "refused": read.refused,
            "unknown": read.unknown, "model_id": row.model_id, "learned_rows": row.rows,
            "departments": row.departments, "top1": row.top1, "top3": row.top3, "ece": row.ece,
            "in_use": trained.in_use,
        });
        println!("{flat}");
        return;
    }
    println!("{} rows read: {} new, {} known before, {} with faults", read.rows, read.kept, read.twice, read.refused);
    for (name, count) in &read.unknown {
        println!("  {count} rows wait: which organisation is {name}? Say so at /hotline/suggestion/names");
    }
    println!("learned from {} past cases of {} departments", row.rows, row.departments);
    println!(
        "on cases held out the first is right in {:.1} %, one of three in {:.1} %",
        row.top1 * 100.0,
        row.top3 * 100.0
    );
    println!("certainty and truth are {:.1} % apart", row.ece * 100.0);
    if !trained.in_use {
        println!("it is clearly worse than the model in use and was set aside; see /hotline/suggestion");
    }
}

fn tell_rehearsal(report: &Report, learn_s: f64, as_json: bool) {
    if as_json {
        let flat = json!({
            "texts": report.texts, "top1": report.top1, "top3": report.top3, "macro_f1": report.macro_f1,
            "ece": report.ece, "train_s": learn_s,
        });
        println!("{flat}");
        return;
    }
    println!(
        "on {} cases held out the first is right in {:.1} %, one of three in {:.1} %",
        report.texts,
        report.top1 * 100.0,
        report.top3 * 100.0
    );
    println!("certainty and truth are {:.1} % apart; learned in {learn_s:.1} s; nothing was kept", report.ece * 100.0);
}
