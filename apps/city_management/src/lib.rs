//! Grid city management: codes of components and events, unit grids, officers' grids, the component register, and
//! cases in the field; see README.md.
//!
//! This file only puts the parts together. Each part has its own routes, permissions, texts and migration, so that a new
//! part is a line in each list below. It must not know any other application.
pub mod api;
mod case;
mod category;
mod code;
mod component;
mod fault;
mod gcj02;
mod geojson;
mod grid;
mod ground;

use std::sync::Arc;

use jh_db::files::FileKeeper;
use jh_db::migrate::Migrations;
use jh_web::{Lang, Module, Routes};
use utoipa::OpenApi;

/// Every permission the room checks, a line for each part.
const PERMISSIONS: &[&str] = &[
    grid::READ,
    grid::MANAGE,
    component::READ,
    component::IMPORT,
    category::MANAGE,
    case::PATROL,
    case::SUBMIT,
    case::CHECK,
    case::APPRAISE,
];

/// The schema's files; README.md says which part has which.
const MIGRATIONS: Migrations = Migrations {
    schema: "city_management",
    files: &[
        ("0001_category", include_str!("../migrations/0001_category.sql")),
        ("0002_grid", include_str!("../migrations/0002_grid.sql")),
        ("0003_component", include_str!("../migrations/0003_component.sql")),
        ("0004_case", include_str!("../migrations/0004_case.sql")),
        ("0005_proof", include_str!("../migrations/0005_proof.sql")),
        ("0006_check", include_str!("../migrations/0006_check.sql")),
    ],
};

/// Every text, a pair of files for each part.
const MESSAGES: &[(Lang, &str)] = &[
    (Lang::Zh, include_str!("../i18n/zh.ftl")),
    (Lang::En, include_str!("../i18n/en.ftl")),
    (Lang::Zh, include_str!("../i18n/category.zh.ftl")),
    (Lang::En, include_str!("../i18n/category.en.ftl")),
    (Lang::Zh, include_str!("../i18n/grid.zh.ftl")),
    (Lang::En, include_str!("../i18n/grid.en.ftl")),
    (Lang::Zh, include_str!("../i18n/component.zh.ftl")),
    (Lang::En, include_str!("../i18n/component.en.ftl")),
    (Lang::Zh, include_str!("../i18n/case.zh.ftl")),
    (Lang::En, include_str!("../i18n/case.en.ftl")),
];

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("city_management");
    module.permissions = PERMISSIONS;
    module.routes = [grid::routes, component::routes, category::routes, case::routes]
        .into_iter()
        .fold(Routes::new(), |all, part| part(all));
    module.jobs = [grid::jobs::all(), component::jobs::all()].into_iter().flatten().collect();
    module.migrations = Some(MIGRATIONS);
    module.menu = grid::menu().into_iter().chain([component::menu(), category::menu()]).chain(case::menu()).collect();
    module.messages = MESSAGES;
    module.openapi = Some(component::rest::Described::openapi());
    module.register = |services| {
        services.register::<dyn FileKeeper>(Arc::new(component::store::import::SurveyFiles));
        case::register(services);
    };
    module
}
