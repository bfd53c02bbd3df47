//! The dispatch suggestion: given what a citizen says, which department has handled such things, how sure that is, and why.
//!
//! It learns from the city's own past cases (`learn` is the pure library, `table` reads files of them). It suggests and
//! never decides: who dispatches chooses, and an unsure answer says so. It must not know where cases are kept or who asks.
mod advice;
mod duties;
mod holder;
mod imports;
pub mod learn;
mod pages;
mod rest;
mod store;
pub mod table;
mod training;

use std::sync::Arc;

use jh_core::define_id;
use jh_db::Services;
use jh_db::files::FileKeeper;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};
use serde_json::Value;
use utoipa::OpenApi;

/// For the rooms and pages above: asking, remembering, and what the command line does.
pub use advice::{Asked, Named, advise};
pub use imports::{Brought, Read, bring, outcome, read_waiting, remember};
pub use training::{Trained, Untrained, train};

define_id!(
    /// A file of past cases.
    ImportId
);
define_id!(
    /// A duty.
    DutyId
);
define_id!(
    /// What was learned at one time.
    ModelId
);

/// Asking which department.
pub const USE: &str = "hotline.suggestion.use";
/// Bringing past cases and duties, and learning from them.
pub const MANAGE: &str = "hotline.suggestion.manage";

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/hotline/suggestion", Permission(USE), pages::overview::show)
        .post("/hotline/suggestion/trial", Permission(USE), pages::overview::attempt)
        .post("/hotline/suggestion/learning", Permission(MANAGE), pages::overview::learn)
        .post("/hotline/suggestion/models/{id}/use", Permission(MANAGE), pages::overview::put_to_use)
        .get("/hotline/suggestion/history", Permission(MANAGE), pages::history::list)
        .post_limit("/hotline/suggestion/history", Permission(MANAGE), pages::history::submit, table::BYTES_MAX)
        .get("/hotline/suggestion/history/{id}", Permission(MANAGE), pages::history::show)
        .get("/hotline/suggestion/names", Permission(MANAGE), pages::names::show)
        .post("/hotline/suggestion/names", Permission(MANAGE), pages::names::explain)
        .get("/hotline/suggestion/duties", Permission(USE), pages::duties::show)
        .post("/hotline/suggestion/duties", Permission(MANAGE), pages::duties::create)
        .post("/hotline/suggestion/duties/{id}/ending", Permission(MANAGE), pages::duties::end)
        .post("/api/hotline/suggestions", Permission(USE), rest::suggest)
}

/// The part's background jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new(training::JOB, |context: JobContext, asked: Value| async move {
            training::run(&context, asked.get("asked").is_some()).await
        })
        .daily_at(2, 40)
        .at_most(1),
        JobDef::new(imports::JOB, |context: JobContext, told: Value| async move {
            imports::run(&context, &told).await?;
            Ok::<(), JobError>(())
        })
        .at_most(1),
    ]
}

/// The part's entry in the menu.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        label: "hotline-menu-suggestion",
        path: "/hotline/suggestion",
        permission: Some(USE),
        group: Group::Cases,
        icon: "route",
    }]
}

/// What the part keeps for itself and implements for others.
pub fn register(services: &Services) {
    services.register::<holder::Holder>(Arc::default());
    services.register::<dyn FileKeeper>(Arc::new(holder::LearnedFiles));
}

/// The description of the part's `/api/` routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    rest::Described::openapi()
}
