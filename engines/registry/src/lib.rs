//! The city's base records of persons, organisations and places, and rows of data sets: how they are delivered,
//! checked, landed, found and shown; see README.md.
//!
//! It must not know who uses the rows (the exchange asks the catalogue, the catalogue asks the row source registered
//! here) nor any app.
pub mod api;

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
mod reading;
mod report;
mod rest;
mod revision;
mod rows;
mod schema;
mod standards;
mod store;
mod survivorship;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use catalogue::api::{Outlines, RowSource};
use jh_db::Services;
use jh_db::files::FileKeeper;
use jh_db::migrate::Migrations;
use jh_web::{Finder, Glance, Lang, Module, Routes, Todo};
use utoipa::OpenApi;

/// The schema's files.
pub const MIGRATIONS: Migrations = Migrations {
    schema: "registry",
    files: &[
        ("0001_delivery", include_str!("../migrations/0001_delivery.sql")),
        ("0002_record", include_str!("../migrations/0002_record.sql")),
        ("0003_revision", include_str!("../migrations/0003_revision.sql")),
    ],
};

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("registry");
    module.permissions = permission::ALL;
    module.routes = pages::routes(rest::routes(Routes::new()));
    module.jobs = jobs::jobs();
    module.migrations = Some(MIGRATIONS);
    module.menu = pages::menu();
    module.messages = &[
        (Lang::Zh, include_str!("../i18n/zh.ftl")),
        (Lang::Zh, include_str!("../i18n/pages.zh.ftl")),
        (Lang::En, include_str!("../i18n/en.ftl")),
        (Lang::En, include_str!("../i18n/pages.en.ftl")),
    ];
    module.openapi = Some(rest::Description::openapi());
    module.register = register;
    module
}

fn register(services: &Services) {
    services.register::<dyn RowSource>(Arc::new(rows::RegistryRows));
    services.register::<dyn FileKeeper>(Arc::new(store::kept::DeliveredFiles));
    services.register::<dyn Outlines>(Arc::new(pages::CountyOutlines));
    services.register::<dyn Todo>(Arc::new(pages::WaitingDeliveries));
    services.register::<dyn Finder>(Arc::new(pages::DeliveryFinder));
    services.register::<dyn Glance>(Arc::new(pages::CityFigures::default()));
}
