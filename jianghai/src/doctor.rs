//! `jianghai doctor`: check everything an installation needs, and say what to do about what is wrong.
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use jh_crypto::keyring::Keyring;
use jh_db::cluster::{PrivateCluster, find_installation};
use jh_db::{Db, audit};

use crate::boot::data_dir;
use crate::cli::Place;
use crate::modules::migrations;

/// Below this a city fills its disk within days.
const FREE_BYTES_MIN: u64 = 2_000_000_000;

/// The findings so far.
#[derive(Default)]
struct Findings {
    wrong: u32,
}

impl Findings {
    fn good(&self, what: &str) {
        println!("  ok     {what}");
    }

    fn wrong(&mut self, what: &str, advice: &str) {
        self.wrong += 1;
        println!("  WRONG  {what}\n         -> {advice}");
    }

    /// Says either, from a result whose error tells what is wrong.
    fn tell<T, E: std::fmt::Display>(&mut self, what: &str, result: Result<T, E>, advice: &str) -> Option<T> {
        match result {
            Ok(value) => {
                self.good(what);
                Some(value)
            }
            Err(error) => {
                self.wrong(&format!("{what}: {error}"), advice);
                None
            }
        }
    }
}

/// Examines the installation; exits 1 if anything is wrong.
pub async fn examine(place: &Place) -> Result<ExitCode> {
    let mut findings = Findings::default();
    let folder = data_dir(place)?;
    println!("Jianghai {} with its data in {}", env!("CARGO_PKG_VERSION"), folder.display());
    folders(&mut findings, &folder);
    match &place.database_url {
        Some(url) => {
            let advice = "check DATABASE_URL, that the server runs, and that this machine may connect";
            let db = findings.tell("the database of DATABASE_URL answers", Db::connect(url, 2).await, advice);
            if let Some(db) = db {
                database(&mut findings, &folder, &db).await;
            }
        }
        None => private(&mut findings, &folder).await,
    }
    if findings.wrong == 0 {
        println!("all is well");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} found wrong; begin with the first", findings.wrong);
    Ok(ExitCode::FAILURE)
}

fn folders(findings: &mut Findings, folder: &Path) {
    let made = std::fs::create_dir_all(folder);
    let advice = "choose another folder with --data, or give this user the right to write there";
    if findings.tell("the data folder can be written to", made, advice).is_none() {
        return;
    }
    let keys = Keyring::open_or_create(&folder.join("keys"));
    findings.tell(
        "the keys can be read by this user and by nobody else",
        keys,
        "restore the folder `keys` from its backup: without it sealed values cannot be read",
    );
    match operations::api::disk(folder) {
        Some((free, _)) if free < FREE_BYTES_MIN => findings.wrong(
            &format!("only {} MB are free on the disk of the data folder", free / 1_000_000),
            "make room or move the data folder; PostgreSQL stops when its disk is full",
        ),
        Some((free, _)) => findings.good(&format!("{} GB are free on the disk", free / 1_000_000_000)),
        None => findings.wrong("the disk's free space cannot be read", "is the data folder on a mounted disk?"),
    }
}

async fn private(findings: &mut Findings, folder: &Path) {
    let advice = "on Debian: apt-get install postgresql postgresql-contrib postgis postgresql-postgis";
    let found = find_installation(None);
    if findings.tell("PostgreSQL 15 or later with PostGIS is installed", found, advice).is_none() {
        return;
    }
    let started = PrivateCluster::start(folder.join("postgres")).await;
    let advice = "read the newest file in postgres/log below the data folder";
    let Some(cluster) = findings.tell("the private database starts", started, advice) else { return };
    if let Some(db) = findings.tell("the private database answers", Db::connect(cluster.url(), 2).await, advice) {
        database(findings, folder, &db).await;
        db.close().await;
    }
    let stopped = cluster.stop().await;
    findings.tell("the private database stops, unless a server of ours uses it", stopped, advice);
}

async fn database(findings: &mut Findings, folder: &Path, db: &Db) {
    let postgis: Result<Option<String>, _> =
        sqlx::query_scalar("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            .fetch_optional(db.pool())
            .await;
    match postgis {
        Ok(Some(version)) => findings.good(&format!("PostGIS {version} is available")),
        Ok(None) => findings.wrong("PostGIS is not available", "install it beside the PostgreSQL server"),
        Err(error) => findings.wrong(&error.to_string(), "does this account have the right to read pg_catalog?"),
    }
    let advice = "run `jianghai migrate`; if it refuses, this program is older than the data";
    match jh_db::migrate::waiting(db, &migrations()).await {
        Ok(0) => findings.good("the schema is up to date"),
        Ok(count) => findings.wrong(&format!("{count} steps of the schema have not been applied"), advice),
        Err(error) => findings.wrong(&error.to_string(), advice),
    }
    // Checked against the key of this folder: whoever can write the database could write another key into it.
    let Ok(keys) = Keyring::open_or_create(&folder.join("keys")) else { return };
    match audit::verify_with(db, &keys.public_key_pem(), |_| {}).await {
        Ok(report) if report.is_intact() => findings.good(&format!("the audit chain is intact: {} rows", report.rows)),
        Ok(report) => findings
            .wrong(&report.to_string(), "keep the database as it is and call whoever is responsible for security"),
        Err(error) => findings.wrong(&format!("the audit chain cannot be read: {error}"), "apply the schema first"),
    }
}
