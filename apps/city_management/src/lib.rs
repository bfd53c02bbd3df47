//! Grid city management: codes of components and events, unit grids, officers' grids, the component register; see README.md.
//!
//! This file only puts the parts together. Each part has its own routes, permissions, texts and migration, so that a new
//! part (cases, patrols, appraisal) is a line in each list below. It must not know any other application.
use jh_db::migrate::Migrations;
use jh_web::{Lang, Module, Routes};

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("city_management");
    module.routes = Routes::new();
    module.migrations = Some(Migrations { schema: "city_management", files: &[] });
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module
}
