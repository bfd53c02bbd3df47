//! (being written)
#![allow(dead_code)]
mod actions;
mod check;
mod fault;
mod ingest;
mod jobs;
mod kind;
mod land;
mod mapping;
mod model;
mod pages;
mod permission;
mod reader;
mod schema;
mod standards;
mod store;
mod survivorship;
#[cfg(test)]
mod tests;

use jh_db::migrate::Migrations;

/// The schema's files.
pub const MIGRATIONS: Migrations = Migrations {
    schema: "registry",
    files: &[
        ("0001_delivery", include_str!("../migrations/0001_delivery.sql")),
        ("0002_record", include_str!("../migrations/0002_record.sql")),
    ],
};
