//! `jianghai audit`: recompute the chain, or hand a day's rows with the commands that check them without us.
use std::process::ExitCode;

use anyhow::{Context, Result};
use time::Date;
use time::macros::format_description;

use crate::boot;
use crate::cli::{Audit, Place};

/// Does what was asked of the audit trail.
pub async fn audit(place: &Place, command: &Audit) -> Result<ExitCode> {
    let booted = boot::open(place).await?;
    let done = match command {
        Audit::Verify => verify(&booted).await,
        Audit::Export { day, to } => export(&booted, day, to).await,
    };
    booted.stop().await?;
    done
}

async fn verify(booted: &boot::Booted) -> Result<ExitCode> {
    jh_db::audit::chain_all(&booted.base).await?;
    let report = jh_db::audit::verify(&booted.base).await?;
    println!("{report}");
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn export(booted: &boot::Booted, day: &str, to: &std::path::Path) -> Result<ExitCode> {
    let day = Date::parse(day, format_description!("[year]-[month]-[day]"))
        .with_context(|| format!("{day} is not a date; write it as 2026-11-22"))?;
    std::fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let export = jh_db::audit::export_day(&booted.base, day, to).await?;
    println!("{} rows of {day} written to {}", export.rows, to.display());
    println!("check them in that folder with:");
    for command in &export.commands {
        println!("  {command}");
    }
    Ok(ExitCode::SUCCESS)
}
