//! Operations: health, jobs, traffic, storage and slow queries on one page; see README.md.
mod model;
mod pages;
mod store;

/// What the binary's `doctor` uses.
pub mod api {
    pub use crate::model::disk;
}

use std::time::Duration;

use jh_db::Base;
use jh_db::jobs::JobDef;
use jh_db::migrate::Migrations;
use jh_web::traffic::Traffic;
use jh_web::{Access, Group, Lang, MenuItem, Module, Routes};
use tokio_util::sync::CancellationToken;

/// How often a process adds its counts to the table.
const FLUSH_EVERY: Duration = Duration::from_secs(15);

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("operations");
    module.permissions = &["operations.read", "operations.job.retry"];
    module.routes = Routes::new()
        .get("/operations", Access::Permission("operations.read"), pages::overview)
        .get("/operations/jobs", Access::Permission("operations.read"), pages::jobs)
        .post("/operations/jobs/{id}/retry", Access::Permission("operations.job.retry"), pages::retry);
    module.menu = vec![MenuItem {
        label: "operations-menu",
        path: "/operations",
        permission: Some("operations.read"),
        group: Group::Admin,
        icon: "activity",
    }];
    module.migrations = Some(Migrations {
        schema: "operations",
        files: &[("0001_traffic", include_str!("../migrations/0001_traffic.sql"))],
    });
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.jobs = vec![
        JobDef::new("operations.sweep", |context, _| async move {
            store::sweep(&context.base).await?;
            Ok(())
        })
        .every(Duration::from_secs(24 * 3600)),
    ];
    module.background = vec![|base, stop| Box::pin(flush(base, stop))];
    module
}

/// Adds this process's counts to the table every few seconds, and once more when it stops.
async fn flush(base: Base, stop: CancellationToken) {
    let Some(traffic) = base.services.get::<Traffic>() else { return };
    loop {
        let stopped = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(FLUSH_EVERY) => false,
        };
        let taken = traffic.take();
        if let Err(error) = store::add_traffic(&base, &taken).await {
            tracing::warn!(%error, "a quarter minute of traffic counts was not kept");
        }
        if stopped {
            return;
        }
    }
}
