//! Cases in the field: what officers and sensors see becomes a case, officers verify and inspect, and everybody's work is appraised.
//! How a case moves is casework's; this part knows classes, grids and officers.
pub mod appraisal;
pub mod centre;
pub mod check;
pub mod course;
pub mod duty;
pub mod kind;
pub mod pages;
pub mod proof;
pub mod report;
pub mod rest;
pub mod store;
pub mod task;

use std::sync::Arc;

use casework::api::{Adviser, CaseKind};
use jh_db::Services;
use jh_db::outbox::Handler;
use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes, Todo};

use crate::category;

/// Reporting on patrol, and the officer's page.
pub const PATROL: &str = "city_management.patrol.report";
/// Reporting by sensors and other programs.
pub const SUBMIT: &str = "city_management.report.submit";
/// Sending officers to what lies where none walks.
pub const CHECK: &str = "city_management.check.manage";
/// Seeing how organisations, officers and grids do.
pub const APPRAISE: &str = "city_management.appraisal.read";
/// A photo of a phone and the fields beside it.
const BODY_BYTES_MAX: usize = 21 * 1024 * 1024;

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    let (patrol, appraise, check) = (Permission(PATROL), Permission(APPRAISE), Permission(CHECK));
    routes
        .get("/city_management/patrol", patrol, pages::patrol::show)
        .get("/city_management/worker.js", patrol, pages::patrol::worker)
        .post_limit("/city_management/patrol", patrol, pages::patrol::submit, BODY_BYTES_MAX)
        .post_limit("/city_management/patrol/tasks/{id}", patrol, pages::patrol::task, BODY_BYTES_MAX)
        .get("/city_management/checks", check, pages::check::show)
        .post("/city_management/checks", check, pages::check::send)
        .get("/city_management/appraisal", appraise, pages::appraisal::show)
        .get("/city_management/appraisal.csv", appraise, pages::appraisal::export)
        .get("/city_management/centre", Permission(category::MANAGE), pages::centre::show)
        .post("/city_management/centre", Permission(category::MANAGE), pages::centre::set)
        .post("/api/city_management/reports", Permission(SUBMIT), rest::submit)
        .get("/api/city_management/patrol/near", patrol, rest::near)
        .post_limit("/api/city_management/patrol/reports", patrol, rest::patrol, BODY_BYTES_MAX)
        .post_limit("/api/city_management/patrol/tasks/{id}", patrol, rest::task, BODY_BYTES_MAX)
}

/// The part's entries of the menu.
pub fn menu() -> [MenuItem; 4] {
    let item = |label, path, permission, icon| MenuItem {
        label,
        path,
        permission: Some(permission),
        group: Group::Cases,
        icon,
    };
    [
        item("city-management-menu-patrol", "/city_management/patrol", PATROL, "device-mobile"),
        item("city-management-menu-checks", check::PATH, CHECK, "clipboard-check"),
        item("city-management-menu-appraisal", "/city_management/appraisal", APPRAISE, "chart-bar"),
        item("city-management-menu-centre", "/city_management/centre", category::MANAGE, "building-community"),
    ]
}

/// What the part implements for others.
pub fn register(services: &Services) {
    services.register::<dyn CaseKind>(Arc::new(kind::CityManagementCase));
    services.register::<dyn Adviser>(Arc::new(kind::Responsible));
    services.register::<dyn Handler>(Arc::new(course::Course));
    services.register::<dyn Todo>(Arc::new(check::Unwalked));
}
