//! Open311 GeoReport v2: strangers' programs report to the city and follow what became of it; see README.md.
//!
//! It must not know any other application, what a category means, or how a case is worked on: all of that is `casework::api`.
mod actions;
mod asked;
mod document;
mod edge;
mod fault;
mod form;
mod intake;
mod moment;
mod pages;
mod shown;
mod store;

/// For the binary's demonstration, and for tests.
pub mod api {
    pub use crate::actions::{Issued, NewSetting, issue_in, set_centre, set_in};
    pub use crate::fault::Open311Error;

    /// Whether the city has said who keeps what is reported.
    pub async fn takes_reports(conn: &mut sqlx::PgConnection) -> Result<bool, Open311Error> {
        Ok(crate::store::setting(conn).await?.centre_id.is_some())
    }
}

use std::time::Duration;

use jh_db::Work;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::migrate::Migrations;
use jh_web::{Access, Group, Lang, MenuItem, Module, Routes};
use serde_json::Value;
use utoipa::openapi::external_docs::ExternalDocsBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{OpenApi, OpenApiBuilder};

use actions::MANAGE;

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("open311");
    module.permissions = &[MANAGE];
    module.routes = edge::routes(forms(Routes::new()));
    module.jobs = vec![
        JobDef::new("open311.sweep", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            let now = work.now();
            store::sweep(work.conn(), now, intake::KEY_KEPT).await?;
            work.commit().await?;
            Ok::<(), JobError>(())
        })
        .every(Duration::from_secs(24 * 3600)),
    ];
    module.migrations = Some(Migrations {
        schema: "open311",
        files: &[("0001_open311", include_str!("../migrations/0001_open311.sql"))],
    });
    module.menu = vec![MenuItem {
        label: "menu-open311-keys",
        path: "/open311/keys",
        permission: Some(MANAGE),
        group: Group::Admin,
        icon: "api",
    }];
    module.openapi = Some(described());
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module
}

/// Open311 has a description of its own, beside that of the house.
fn described() -> OpenApi {
    let more = ExternalDocsBuilder::new().url("/open311/v2/openapi.json").build();
    let tag = TagBuilder::new().name("open311").external_docs(Some(more)).build();
    OpenApiBuilder::new().tags(Some([tag])).build()
}

fn forms(routes: Routes) -> Routes {
    routes
        .get("/open311/keys", Access::Permission(MANAGE), pages::list)
        .post("/open311/keys", Access::Permission(MANAGE), pages::issue)
        .post("/open311/keys/{id}/revocation", Access::Permission(MANAGE), pages::revoke)
        .get("/open311/setting", Access::Permission(MANAGE), pages::setting)
        .post("/open311/setting", Access::Permission(MANAGE), pages::set)
}
