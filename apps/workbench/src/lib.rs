//! The workbench's first page and its search; see README.md.
mod home;
mod search;
mod store;

use jh_web::{Access, Group, Lang, MenuItem, Module, Routes};

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("workbench");
    module.routes = Routes::new().get("/workbench", Access::SignedIn, home::home).get(
        "/workbench/search",
        Access::SignedIn,
        search::search,
    );
    module.menu = vec![MenuItem {
        label: "workbench-menu",
        path: "/workbench",
        permission: None,
        group: Group::Todo,
        icon: "inbox",
    }];
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module
}
