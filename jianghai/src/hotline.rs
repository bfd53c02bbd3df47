//! `jianghai hotline learn` brings a file of past cases from the command line and learns from all there are; `jianghai hotline letter`
//! takes in a letter that a mail server pipes to it.
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, ensure};
use hotline::api::{HotlineError, LETTER_BYTES_MAX, LETTER_SUBMIT, TakenLetter};
use hotline::suggestion::learn::measure::Report;
use hotline::suggestion::{self, MANAGE, Read, Trained};
use jh_core::actor::{Actor, ActorKind, Command, Grant};
use jh_core::fault::Fault;
use jh_db::Base;
use serde_json::json;

use crate::bench::dispatch;
use crate::boot;
use crate::cli::{Hotline, Place};

/// Does what is asked.
pub async fn hotline(place: &Place, what: &Hotline) -> Result<ExitCode> {
    match what {
        Hotline::Letter => letter(place).await,
        Hotline::Learn { file, labels_as_is, json } => teach(place, file, *labels_as_is, *json).await,
    }
}

/// What mail programs understand (sysexits.h): the letter is at fault, and it is sent back.
const EX_DATAERR: u8 = 65;
/// Something else is, and the mail program tries again later.
const EX_TEMPFAIL: u8 = 75;

/// Takes in a letter from standard input.
async fn letter(place: &Place) -> Result<ExitCode> {
    // Nothing else runs yet, so that waiting for the pipe keeps nobody waiting. One byte more than is taken is read, so that too
    // large a letter is refused and not cut.
    let mut raw = Vec::new();
    let read = std::io::stdin().take(LETTER_BYTES_MAX as u64 + 1).read_to_end(&mut raw);
    read.context("the letter on standard input cannot be read")?;
    let taken = match handed_over(place, &raw).await {
        Ok(taken) => taken,
        Err(error) => {
            eprintln!("{error:#}");
            return Ok(ExitCode::from(EX_TEMPFAIL));
        }
    };
    match taken {
        Ok(taken) => {
            println!("{}", serde_json::to_string(&taken)?);
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ (HotlineError::Invalid(_) | HotlineError::OutOfScope(_))) => {
            eprintln!(
                "the letter is not taken in: {}",
                error.refusal().fields.first().map_or("refused", |field| field.code)
            );
            Ok(ExitCode::from(EX_DATAERR))
        }
        Err(error) => {
            eprintln!("{error}");
            Ok(ExitCode::from(EX_TEMPFAIL))
        }
    }
}

async fn handed_over(place: &Place, raw: &[u8]) -> Result<Result<TakenLetter, HotlineError>> {
    let booted = boot::boot(place).await?;
    let outcome = match boot::compose(booted.base.clone(), jh_web::app::Settings::default()) {
        Ok(_) => match operator(&booted.base, LETTER_SUBMIT).await {
            Ok(command) => Ok(hotline::api::take_letter(&booted.base, &command, raw).await),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    booted.stop().await?;
    outcome
}

async fn teach(place: &Place, file: &Path, labels_as_is: bool, json: bool) -> Result<ExitCode> {
    if labels_as_is {
        let (report, learn_s) = dispatch::rehearse(file)?;
        tell_rehearsal(&report, learn_s, json);
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
    tell(&read, &trained, json);
    Ok(ExitCode::SUCCESS)
}

/// The operator at the command line, who may do what he asks for any organisation.
async fn operator(base: &Base, permission: &str) -> Result<Command> {
    let root = identity::api::root(&mut *base.db.read().await?).await?.context("this city has no organisations yet")?;
    let actor = Actor {
        account: None,
        kind: ActorKind::System,
        name: "jianghai.hotline".into(),
        organisation: Some(root),
        organisation_name: String::new().into(),
        grants: [Grant { permission: permission.into(), scope: root }].into(),
    };
    Ok(Command { actor, now: base.clock.now(), key: None, request_id: "jianghai.hotline".into() })
}

async fn learn(base: &Base, file: &Path) -> Result<(Read, Trained)> {
    let command = operator(base, MANAGE).await?;
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
