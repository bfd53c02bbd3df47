//! The call desk: a voice on the line becomes a case within a minute, with what is known beside it; the supervisor's board; the
//! bulletin of a week or a month.
//!
//! It must not know how cases move (casework does), nor what other applications do with them.
mod addition;
mod adviser;
mod asked;
mod beside;
mod board;
mod bulletin;
mod call;
mod dismissal;
mod figures;
mod kind;
mod learning;
mod pages;
mod place;
mod rows;
mod store;
mod told;

use std::sync::Arc;
use std::time::Duration;

use casework::api::{Adviser, CaseKind};
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::outbox::Handler;
use jh_db::{Services, Work};
use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};
use serde_json::Value;

pub use call::{Call, Taken, Way, take};
pub use kind::{HotlineRequest, KIND};

/// Taking calls.
pub const DESK: &str = "hotline.desk.use";
/// Seeing the board and the bulletins.
pub const BOARD: &str = "hotline.board.read";

/// The addresses of this part.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/hotline", Permission(DESK), pages::front)
        .get("/hotline/desk", Permission(DESK), pages::show)
        .post("/hotline/desk", Permission(DESK), pages::submit)
        .post("/hotline/desk/lookup", Permission(DESK), pages::lookup)
        .post("/hotline/desk/beside", Permission(DESK), pages::beside)
        .get("/hotline/board", Permission(BOARD), board::show)
        .get("/hotline/board/acts/{act}", Permission(BOARD), rows::acts)
        .get("/hotline/board/dismissed", Permission(BOARD), rows::dismissed)
        .get("/hotline/bulletin", Permission(BOARD), bulletin::show)
        .get("/hotline/bulletin.csv", Permission(BOARD), bulletin::export)
}

/// Its background jobs.
pub fn jobs() -> Vec<JobDef> {
    vec![
        JobDef::new("hotline.dismissed_sweep", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            let before = work.now() - dismissal::KEPT;
            store::sweep_dismissed(work.conn(), before).await?;
            work.commit().await?;
            Ok::<(), JobError>(())
        })
        .every(Duration::from_secs(24 * 3600)),
    ]
}

/// Its entries in the menu.
pub fn menu() -> Vec<MenuItem> {
    let item = |label, path, permission, icon| MenuItem {
        label,
        path,
        permission: Some(permission),
        group: Group::Cases,
        icon,
    };
    vec![
        item("menu-hotline-desk", "/hotline/desk", DESK, "phone"),
        item("menu-hotline-board", "/hotline/board", BOARD, "layout-dashboard"),
        item("menu-hotline-bulletin", "/hotline/bulletin", BOARD, "report-analytics"),
    ]
}

/// What it implements for others.
pub fn register(services: &Services) {
    services.register::<dyn CaseKind>(Arc::new(HotlineRequest));
    services.register::<dyn Adviser>(Arc::new(adviser::Learned));
    services.register::<dyn Handler>(Arc::new(learning::Closed));
}
