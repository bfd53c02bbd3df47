//! The hotline's centre, and its knowledge base: our own illustrative answers, imported and published by two people, as a city does it.
use anyhow::{Context, Result};
use jh_core::actor::Command;
use jh_db::{Base, Work};

const KNOWLEDGE: &[u8] = include_bytes!("../../../data/hotline/knowledge.csv");

/// The organisation that keeps what residents report, and how many reports one sender may make in an hour.
pub async fn set_centre(base: &Base, command: &Command) -> Result<()> {
    let mut work = Work::begin(base, command).await?;
    let centre = identity::api::organisation_by_code(work.conn(), "NT-ZWZX").await?.context("no NT-ZWZX")?;
    hotline::api::set_setting(&mut work, centre.id, 60).await?;
    Ok(work.commit().await?)
}

/// Loads the answers unless the knowledge base has any. Who writes is not who publishes.
pub async fn load_knowledge(base: &Base, writer: &Command, publisher: &Command) -> Result<()> {
    if hotline::api::any(base).await? {
        return Ok(());
    }
    let imported = hotline::api::import(base, writer, KNOWLEDGE).await.context("data/hotline/knowledge.csv")?;
    if let Some(row) = imported.refused.first() {
        let faults: Vec<_> = row.faults.iter().map(|fault| format!("{}: {}", fault.field, fault.code)).collect();
        anyhow::bail!("data/hotline/knowledge.csv, row {}: {}", row.row, faults.join(", "));
    }
    for id in &imported.written {
        hotline::api::submit(base, writer, *id).await?;
        hotline::api::publish(base, publisher, *id).await?;
    }
    println!("  {} answers of the hotline's knowledge base", imported.written.len());
    Ok(())
}
