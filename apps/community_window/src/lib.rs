//! The community's window: a clerk takes a matter for whichever department decides it; see README.md.
mod fault;
mod kind;
mod matter;
mod pages;
mod store;
mod take;

use std::sync::Arc;

use casework::api::{Adviser, CaseKind};
use jh_db::migrate::Migrations;
use jh_web::Access::Permission;
use jh_web::{Group, Lang, MenuItem, Module, Routes};

/// For the binary's demonstration, and for tests.
pub mod api {
    pub use crate::fault::WindowError;
    pub use crate::kind::KIND;
    pub use crate::matter::{Matter, any, write};
    pub use crate::take::{Application, Taken, take};
}

/// Taking matters for the own organisation.
const WINDOW: &str = "community_window.window.use";
/// Setting which matters are taken, for departments in scope.
const MANAGE: &str = "community_window.matter.manage";

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("community_window");
    module.permissions = &[WINDOW, MANAGE];
    module.routes = Routes::new()
        .get("/community_window/window", Permission(WINDOW), pages::window::choose)
        .get("/community_window/window/{code}", Permission(WINDOW), pages::window::show)
        .post("/community_window/window/{code}", Permission(WINDOW), pages::window::submit)
        .get("/community_window/matters", Permission(MANAGE), pages::matters::list)
        .post("/community_window/matters", Permission(MANAGE), pages::matters::add)
        .get("/community_window/matters/{code}", Permission(MANAGE), pages::matters::show)
        .post("/community_window/matters/{code}", Permission(MANAGE), pages::matters::change);
    let item =
        |label, path, permission, group, icon| MenuItem { label, path, permission: Some(permission), group, icon };
    module.menu = vec![
        item("menu-community-window", "/community_window/window", WINDOW, Group::Cases, "home"),
        item("menu-community-window-matters", "/community_window/matters", MANAGE, Group::Admin, "settings"),
    ];
    module.migrations = Some(Migrations {
        schema: "community_window",
        files: &[("0001_community_window", include_str!("../migrations/0001_community_window.sql"))],
    });
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.register = |services| {
        services.register::<dyn CaseKind>(Arc::new(kind::CommunityMatter));
        services.register::<dyn Adviser>(Arc::new(kind::Decider));
    };
    module
}
