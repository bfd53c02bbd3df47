//! The portal: home, search and the list of services; see README.md.
mod home;
mod search;
mod services;
mod store;

use std::sync::Arc;

use jh_db::migrate::Migrations;
use jh_web::{Access, Finder, Group, Lang, MenuItem, Module, Routes};

/// What the binary's demonstration sets up.
pub mod api {
    pub use crate::store::{set_notice, set_services_resource};
}

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("portal");
    module.routes = Routes::new()
        .get("/", Access::Public, home::home)
        .get("/search", Access::Public, search::search)
        .get("/services", Access::Public, services::list)
        .get("/services/{code}", Access::Public, services::show);
    let entry = |label, path| MenuItem { label, path, permission: None, group: Group::Portal, icon: "home" };
    module.menu = vec![entry("portal-menu-services", "/services")];
    module.migrations =
        Some(Migrations { schema: "portal", files: &[("0001_portal", include_str!("../migrations/0001_portal.sql"))] });
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.register = |services| services.register::<dyn Finder>(Arc::new(services::ServiceFinder::default()));
    module
}
