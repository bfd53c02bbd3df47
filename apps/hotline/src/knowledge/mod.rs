//! The knowledge base: what an agent answers from while the citizen is on the line, and what the public reads.
//!
//! It must not know how a call is taken or dispatched; the call desk asks it through `answers`.
use jh_db::Services;
use jh_db::jobs::JobDef;
use jh_web::{MenuItem, Routes};

/// Seeing the knowledge base, and saying of an answer that it helped or is wrong.
pub const READ: &str = "hotline.knowledge.read";
/// Writing, renewing and withdrawing answers, for organisations in scope.
pub const WRITE: &str = "hotline.knowledge.write";
/// Publishing what somebody else wrote, for organisations in scope.
pub const PUBLISH: &str = "hotline.knowledge.publish";

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    routes
}

/// The part's background jobs.
pub fn jobs() -> Vec<JobDef> {
    Vec::new()
}

/// The part's entries in the menu.
pub fn menu() -> Vec<MenuItem> {
    Vec::new()
}

/// What the part implements for others.
pub fn register(_services: &Services) {}

/// The description of the part's `/api/` routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    utoipa::openapi::OpenApi::default()
}
