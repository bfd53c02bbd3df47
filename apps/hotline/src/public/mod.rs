//! What residents use: reporting from a telephone without an account, following what became of it, and what others reported.
//!
//! It must not know how a case is dispatched or handled (casework does), nor how the call desk works; both are told the same centre by
//! `setting`.
mod allowance;
mod choice;
mod deed;
mod draft;
mod follow;
mod ground;
pub mod letter;
mod lookup;
mod map;
mod mine;
mod photo;
mod progress;
mod report;
mod store;
mod submission;

use std::time::Duration;

use jh_db::Work;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_web::Access::{Permission, Public, SignedIn};
use jh_web::{Group, MenuItem, Routes};
use serde_json::Value;
use utoipa::OpenApi;

pub use ground::begin;
use report::FORM_BYTES_MAX;

/// The page that a private link leads to, for every app that hands one out.
struct Following;

impl casework::api::FollowPage for Following {
    fn path(&self, token: &str) -> String {
        format!("/reports/follow/{}", jh_web::encoded(token))
    }

    fn public_path(&self, number: &str) -> Option<String> {
        Some(format!("/reports/{}", jh_web::encoded(number)))
    }
}

/// What it implements for others.
pub fn register(services: &jh_db::Services) {
    services.register::<dyn casework::api::FollowPage>(std::sync::Arc::new(Following));
}

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    mine(report_and_link(routes))
        .get("/reports", Public, map::list)
        .get("/reports/places.geojson", Public, map::places)
        .get("/reports/city.geojson", Public, ground::city)
        .get("/reports/names.geojson", Public, ground::names)
        .get("/reports/{number}", Public, map::one)
        .get("/reports/{number}/place.geojson", Public, map::place)
        .get("/reports/{number}/photos/{photo}/{size}", Public, map::picture)
        .post("/reports/{number}/followers", SignedIn, mine::follow)
        .post_limit("/api/hotline/letters", Permission(letter::SUBMIT), letter::rest::take, letter::BYTES_MAX)
}

fn report_and_link(routes: Routes) -> Routes {
    routes
        .get("/report", Public, report::start)
        .post_limit("/report/draft", Public, report::step, FORM_BYTES_MAX)
        .post("/reports", Public, report::submit)
        .get("/reports/lookup", Public, lookup::form)
        .post("/reports/lookup", Public, lookup::find)
        .get("/reports/follow/{token}", Public, follow::by_link)
        .post("/reports/follow/{token}/acts/{act}", Public, follow::act_by_link)
        .post_limit("/reports/follow/{token}/photos", Public, follow::photo_by_link, FORM_BYTES_MAX)
        .get("/reports/follow/{token}/photos/{photo}/{size}", Public, follow::picture_by_link)
}

fn mine(routes: Routes) -> Routes {
    routes
        .get("/my/reports", SignedIn, mine::list)
        .get("/my/reports/{id}", SignedIn, follow::mine)
        .post("/my/reports/{id}/acts/{act}", SignedIn, follow::act_on_mine)
        .post_limit("/my/reports/{id}/photos", SignedIn, follow::photo_on_mine, FORM_BYTES_MAX)
        .get("/my/reports/{id}/photos/{photo}/{size}", SignedIn, follow::picture_of_mine)
}

/// The part's background jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new("hotline.allowance_sweep", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            let before = work.now() - allowance::KEPT;
            store::sweep(work.conn(), before).await?;
            work.commit().await?;
            Ok::<(), JobError>(())
        })
        .every(Duration::from_secs(24 * 3600)),
    ]
}

/// The part's entries in the menu.
pub fn menu() -> Vec<MenuItem> {
    let item = |label, path, icon| MenuItem { label, path, permission: None, group: Group::Portal, icon };
    vec![item("menu-hotline-report", "/report", "message-circle"), item("menu-hotline-reports", "/reports", "map-pin")]
}

/// The description of the part's `/api/` routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    letter::rest::Described::openapi()
}
