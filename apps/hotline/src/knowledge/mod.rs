//! The knowledge base: what an agent answers from while the citizen is on the line, and what the public reads.
//!
//! It must not know how a call is taken or dispatched; the call desk asks it through [`answers`].
mod actions;
mod difference;
mod finder;
mod import;
mod model;
mod pages;
mod rest;
mod search;
mod store;
mod todo;

use std::sync::Arc;

use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::{Base, Services};
use jh_web::Access::{Permission, Public};
use jh_web::{Finder, Group, MenuItem, Routes, Todo};
use serde_json::Value;
use utoipa::OpenApi;

use crate::fault::HotlineError;
use pages::{acts, entry, form, gaps, list, public};

/// For the demonstration city and for tests of the binary.
pub use actions::{publish, submit};
pub use import::{Imported, RowFault, import};
pub use model::EntryId;
/// For the call desk: what fits the text of a call, and what to keep when nothing did.
#[allow(unused_imports, reason = "the call desk is written after the knowledge base")]
pub use {
    actions::using::{missed, used},
    search::{Found, answers},
};

/// Seeing the knowledge base, and saying of an answer that it helped or is wrong.
pub const READ: &str = "hotline.knowledge.read";
/// Writing, renewing and withdrawing answers, for organisations in scope.
pub const WRITE: &str = "hotline.knowledge.write";
/// Publishing what somebody else wrote, for organisations in scope.
pub const PUBLISH: &str = "hotline.knowledge.publish";

/// Whether there is any entry.
pub async fn any(base: &Base) -> Result<bool, HotlineError> {
    Ok(store::list::any(&mut *base.db.read().await?).await?)
}

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/answers", Public, public::list)
        .get("/answers/{id}", Public, public::show)
        .get("/hotline/knowledge", Permission(READ), pages::search::show)
        .get("/api/hotline/knowledge", Permission(READ), rest::answers)
        .get("/hotline/knowledge/entries", Permission(READ), list::show)
        .post("/hotline/knowledge/entries", Permission(WRITE), form::create)
        .get("/hotline/knowledge/entries/new", Permission(WRITE), form::new)
        .get("/hotline/knowledge/entries/{id}", Permission(READ), entry::show)
        .get("/hotline/knowledge/entries/{id}/versions/{version}", Permission(READ), entry::version)
        .get("/hotline/knowledge/entries/{id}/revision", Permission(WRITE), form::edit)
        .post("/hotline/knowledge/entries/{id}/revision", Permission(WRITE), form::revise)
        .post("/hotline/knowledge/entries/{id}/revision/discard", Permission(WRITE), acts::discard)
        .post("/hotline/knowledge/entries/{id}/submission", Permission(WRITE), acts::submit)
        .post("/hotline/knowledge/entries/{id}/submission/withdrawal", Permission(WRITE), acts::take_back)
        .post("/hotline/knowledge/entries/{id}/publication", Permission(PUBLISH), acts::publish)
        .post("/hotline/knowledge/entries/{id}/return", Permission(PUBLISH), acts::send_back)
        .get("/hotline/knowledge/entries/{id}/renewal", Permission(WRITE), form::renewal)
        .post("/hotline/knowledge/entries/{id}/renewal", Permission(WRITE), form::renew)
        .post("/hotline/knowledge/entries/{id}/withdrawal", Permission(WRITE), acts::withdraw)
        .post("/hotline/knowledge/entries/{id}/owner", Permission(WRITE), acts::hand_over)
        .post("/hotline/knowledge/entries/{id}/use", Permission(READ), acts::used)
        .post("/hotline/knowledge/entries/{id}/remarks", Permission(READ), acts::remark)
        .post("/hotline/knowledge/entries/{id}/remarks/{remark}/settlement", Permission(WRITE), acts::settle)
        .get("/hotline/knowledge/gaps", Permission(READ), gaps::show)
        .post("/hotline/knowledge/gaps/closure", Permission(WRITE), gaps::close)
        .get("/hotline/knowledge/import", Permission(WRITE), pages::import::show)
        .get("/hotline/knowledge/import/template.csv", Permission(WRITE), pages::import::template)
        .post_limit("/hotline/knowledge/import", Permission(WRITE), pages::import::submit, import::BYTES_MAX)
}

/// The part's background jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new("hotline.knowledge_expire", |context: JobContext, _: Value| async move {
            let expired = actions::keeping::expire(&context.base, &context.command()).await?;
            if expired > 0 {
                tracing::info!(expired, "answers of the knowledge base have expired");
            }
            Ok::<(), JobError>(())
        })
        .daily_at(0, 5),
    ]
}

/// The part's entries in the menu.
pub fn menu() -> Vec<MenuItem> {
    let answers = MenuItem {
        label: "hotline-menu-answers",
        path: "/answers",
        permission: None,
        group: Group::Portal,
        icon: "help-circle",
    };
    let knowledge = MenuItem {
        label: "hotline-menu-knowledge",
        path: "/hotline/knowledge",
        permission: Some(READ),
        group: Group::Cases,
        icon: "books",
    };
    vec![answers, knowledge]
}

/// What the part implements for others.
pub fn register(services: &Services) {
    services.register::<dyn Todo>(Arc::new(todo::Waiting));
    services.register::<dyn Finder>(Arc::new(finder::Answers));
}

/// The description of the part's `/api/` routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    rest::Described::openapi()
}
