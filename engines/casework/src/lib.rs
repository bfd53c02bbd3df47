//! One case for every voice: stages as data, clocks that fire, dispatch, return, arbitration, callback; see README.md.
//!
//! It must not know which applications exist, what a category means, or how a notice reaches a person.
mod actions;
pub mod api;
mod fault;
mod jobs;
mod kind;
mod memory;
mod model;
mod store;
mod view;

use std::sync::Arc;

use jh_db::migrate::Migrations;
use jh_db::outbox::Handler;
use jh_web::{Lang, Module};

use actions::{CONFIGURE, CREATE, HANDLE, INSPECT, MANAGE, READ, REVEAL, SUPERVISE};

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("casework");
    module.permissions = &[CREATE, READ, MANAGE, HANDLE, INSPECT, SUPERVISE, REVEAL, CONFIGURE];
    module.jobs = jobs::all();
    module.migrations = Some(migrations());
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.register = |services| {
        services.register(Arc::new(memory::Memory::default()));
        services.register::<dyn Handler>(Arc::new(jobs::Leaving));
    };
    module
}

fn migrations() -> Migrations {
    Migrations { schema: "casework", files: &[("0001_casework", include_str!("../migrations/0001_casework.sql"))] }
}
