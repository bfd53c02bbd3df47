//! One case for every voice: stages as data, clocks that fire, dispatch, return, arbitration, callback; see README.md.
//!
//! It must not know which applications exist, what a category means, or how a notice reaches a person.
mod actions;
mod advice;
pub mod api;
mod fault;
mod following;
mod jobs;
mod kind;
mod memory;
mod model;
mod pages;
mod photo;
mod rest;
mod screening;
mod store;
mod todo;
mod view;
mod webhook;

use std::sync::Arc;

use jh_db::files::FileKeeper;
use jh_db::migrate::Migrations;
use jh_db::outbox::Handler;
use jh_web::Access::Permission;
use jh_web::{Finder, Group, Lang, MenuItem, Module, Routes, Todo};
use utoipa::OpenApi;

use actions::{CONFIGURE, CREATE, HANDLE, INSPECT, MANAGE, READ, REVEAL, SUPERVISE};
use pages::{act, case, handover, list, party, photo as photos, setup, webhook as hooks};

/// A form with one photo.
const PHOTO_FORM_BYTES_MAX: usize = photo::FILE_BYTES_MAX + 64 * 1024;

/// Every text.
const MESSAGES: &[(Lang, &str)] = &[
    (Lang::Zh, include_str!("../i18n/zh.ftl")),
    (Lang::En, include_str!("../i18n/en.ftl")),
    (Lang::Zh, include_str!("../i18n/attribute.zh.ftl")),
    (Lang::En, include_str!("../i18n/attribute.en.ftl")),
    (Lang::Zh, include_str!("../i18n/photo.zh.ftl")),
    (Lang::En, include_str!("../i18n/photo.en.ftl")),
    (Lang::Zh, include_str!("../i18n/webhook.zh.ftl")),
    (Lang::En, include_str!("../i18n/webhook.en.ftl")),
    (Lang::Zh, include_str!("../i18n/waiting.zh.ftl")),
    (Lang::En, include_str!("../i18n/waiting.en.ftl")),
    (Lang::Zh, include_str!("../i18n/happened.zh.ftl")),
    (Lang::En, include_str!("../i18n/happened.en.ftl")),
];

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("casework");
    module.permissions = &[CREATE, READ, MANAGE, HANDLE, INSPECT, SUPERVISE, REVEAL, CONFIGURE];
    module.routes = interface(webhooks(forms(Routes::new())));
    module.jobs = jobs::all().into_iter().chain(webhook::jobs()).collect();
    module.background = vec![|base, stop| Box::pin(webhook::watch(base, stop))];
    module.migrations = Some(migrations());
    let item = |label, path, permission, icon| MenuItem {
        label,
        path,
        permission: Some(permission),
        group: Group::Cases,
        icon,
    };
    module.menu = vec![
        item("menu-casework-inbox", "/casework/inbox", READ, "inbox"),
        item("menu-casework-cases", "/casework/cases", READ, "folders"),
        item("casework-handover-title", "/casework/handover", SUPERVISE, "transform"),
        item("menu-casework-setup", "/casework/setup", CONFIGURE, "calendar-event"),
        item("menu-casework-webhooks", "/casework/webhooks", CONFIGURE, "api"),
    ];
    module.messages = MESSAGES;
    module.openapi = Some(rest::Described::openapi());
    module.register = |services| {
        services.register(Arc::new(memory::Memory::default()));
        services.register::<dyn FileKeeper>(Arc::new(jobs::Photos));
        services.register::<dyn Handler>(Arc::new(jobs::Leaving));
        services.register::<dyn Todo>(Arc::new(todo::Waiting));
        services.register::<dyn Finder>(Arc::new(todo::Cases));
        let hearing = Arc::new(webhook::Hearing::default());
        services.register(hearing.clone());
        services.register::<dyn Handler>(Arc::new(webhook::Telling(hearing)));
        services.register::<dyn Todo>(Arc::new(webhook::GivenUp));
    };
    module
}

fn migrations() -> Migrations {
    Migrations {
        schema: "casework",
        files: &[
            ("0001_casework", include_str!("../migrations/0001_casework.sql")),
            ("0002_words", include_str!("../migrations/0002_words.sql")),
            ("0003_weeks", include_str!("../migrations/0003_weeks.sql")),
            ("0004_public", include_str!("../migrations/0004_public.sql")),
            ("0005_number", include_str!("../migrations/0005_number.sql")),
            ("0006_turns", include_str!("../migrations/0006_turns.sql")),
            ("0007_found", include_str!("../migrations/0007_found.sql")),
        ],
    }
}

fn forms(routes: Routes) -> Routes {
    routes
        .get("/casework", Permission(READ), list::front)
        .get("/casework/inbox", Permission(READ), list::inbox)
        .get("/casework/cases", Permission(READ), list::search)
        .get("/casework/cases.csv", Permission(READ), list::export)
        .get("/casework/organisations", Permission(READ), case::suggest)
        .get("/casework/cases/{id}", Permission(READ), case::show)
        .get("/casework/cases/{id}/place.geojson", Permission(READ), case::place)
        .get("/casework/cases/{id}/{act}", Permission(READ), act::show)
        .post("/casework/cases/{id}/{act}", Permission(READ), act::submit)
        .post_limit("/casework/cases/{id}/{act}/photo", Permission(READ), act::submit_with_photo, PHOTO_FORM_BYTES_MAX)
        .get("/casework/cases/{id}/photos/{photo}/{size}", Permission(READ), photos::show)
        .post("/casework/cases/{id}/parties/{party}/reveal", Permission(REVEAL), party::reveal)
        .get("/casework/handover", Permission(SUPERVISE), handover::show)
        .post("/casework/handover", Permission(SUPERVISE), handover::submit)
        .get("/casework/setup", Permission(CONFIGURE), setup::show)
        .post("/casework/calendar", Permission(CONFIGURE), setup::set_calendar)
        .get("/casework/kinds/{kind}", Permission(CONFIGURE), setup::kind)
        .post("/casework/kinds/{kind}", Permission(CONFIGURE), setup::set_limits)
}

fn webhooks(routes: Routes) -> Routes {
    routes
        .get("/casework/webhooks", Permission(CONFIGURE), hooks::list)
        .post("/casework/webhooks", Permission(CONFIGURE), hooks::create)
        .post("/casework/webhooks/networks", Permission(CONFIGURE), hooks::network)
        .get("/casework/webhooks/{id}", Permission(CONFIGURE), hooks::show)
        .post("/casework/webhooks/{id}/test", Permission(CONFIGURE), hooks::test)
        .post("/casework/webhooks/{id}/activation", Permission(CONFIGURE), hooks::activate)
        .post("/casework/webhooks/{id}/deactivation", Permission(CONFIGURE), hooks::deactivate)
        .post("/casework/webhooks/{id}/removal", Permission(CONFIGURE), hooks::remove)
}

fn interface(routes: Routes) -> Routes {
    routes
        .get("/api/casework/cases", Permission(READ), rest::list)
        .post("/api/casework/cases", Permission(CREATE), rest::report)
        .get("/api/casework/inbox", Permission(READ), rest::inbox)
        .get("/api/casework/cases/{id}", Permission(READ), rest::show)
        .post("/api/casework/cases/{id}/acts/{act}", Permission(READ), rest::act)
        .post("/api/casework/cases/{id}/merger", Permission(MANAGE), rest::merger)
}
