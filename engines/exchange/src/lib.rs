//! Sharing between departments: requests, decisions, agreements, and calls that give what was agreed; see README.md.
//!
//! It must not know which applications exist, where rows are stored, or how a credential is checked.
mod actions;
pub mod api;
mod call;
mod clauses;
mod day;
mod denial;
mod fault;
mod finder;
mod jobs;
mod model;
mod pages;
mod question;
mod record;
mod rest;
mod rows;
mod store;
mod todo;

use std::sync::Arc;

use catalogue::api::Offer;
use jh_db::migrate::Migrations;
use jh_web::Access::Permission;
use jh_web::{Finder, Group, Lang, MenuItem, Module, Routes, Todo};
use utoipa::OpenApi;

use actions::{CALL, CREATE, DECIDE, READ};
use pages::{agreement, ask, calls, decision, list, request};

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("exchange");
    module.permissions = &[CREATE, DECIDE, READ, CALL];
    module.routes = interface(forms(Routes::new()));
    module.jobs = jobs::all();
    module.migrations = Some(migrations());
    let item = |label, path, icon| MenuItem { label, path, permission: Some(READ), group: Group::Data, icon };
    module.menu = vec![
        item("menu-exchange-requests", "/exchange/requests", "arrows-exchange"),
        item("menu-exchange-agreements", "/exchange/agreements", "file-certificate"),
    ];
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.openapi = Some(rest::Described::openapi());
    module.register = |services| {
        services.register::<dyn Todo>(Arc::new(todo::Waiting));
        services.register::<dyn Finder>(Arc::new(finder::Papers::Agreements));
        services.register::<dyn Finder>(Arc::new(finder::Papers::Requests));
        services.register::<dyn Offer>(Arc::new(todo::AskForIt));
    };
    module
}

fn migrations() -> Migrations {
    Migrations {
        schema: "exchange",
        files: &[
            ("0001_agreement", include_str!("../migrations/0001_agreement.sql")),
            ("0002_call", include_str!("../migrations/0002_call.sql")),
        ],
    }
}

fn forms(routes: Routes) -> Routes {
    routes
        .get("/exchange", Permission(READ), list::front)
        .get("/exchange/requests", Permission(READ), list::requests)
        .post("/exchange/requests", Permission(CREATE), ask::submit)
        .get("/exchange/requests/new", Permission(CREATE), ask::show)
        .get("/exchange/requests/{id}", Permission(READ), request::show)
        .get("/exchange/requests/{id}/decision", Permission(DECIDE), decision::show)
        .post("/exchange/requests/{id}/decision", Permission(DECIDE), decision::submit)
        .post("/exchange/requests/{id}/acceptance", Permission(CREATE), request::accept)
        .post("/exchange/requests/{id}/withdrawal", Permission(CREATE), request::withdraw)
        .get("/exchange/agreements", Permission(READ), list::agreements)
        .get("/exchange/agreements/{id}", Permission(READ), agreement::show)
        .get("/exchange/agreements/{id}/revocation", Permission(DECIDE), agreement::show_revocation)
        .post("/exchange/agreements/{id}/revocation", Permission(DECIDE), agreement::revoke)
        .get("/exchange/agreements/{id}/ending", Permission(CREATE), agreement::show_ending)
        .post("/exchange/agreements/{id}/ending", Permission(CREATE), agreement::end)
        .get("/exchange/agreements/{id}/calls", Permission(READ), calls::show)
        .get("/exchange/agreements/{id}/calls.csv", Permission(READ), calls::export)
}

fn interface(routes: Routes) -> Routes {
    routes
        .get("/api/exchange/requests", Permission(READ), rest::list_requests)
        .post("/api/exchange/requests", Permission(CREATE), rest::make_request)
        .get("/api/exchange/requests/{id}", Permission(READ), rest::show_request)
        .post("/api/exchange/requests/{id}/decision", Permission(DECIDE), rest::decide_request)
        .post("/api/exchange/requests/{id}/acceptance", Permission(CREATE), rest::accept_offer)
        .post("/api/exchange/requests/{id}/withdrawal", Permission(CREATE), rest::withdraw_request)
        .get("/api/exchange/agreements", Permission(READ), rest::list_agreements)
        .get("/api/exchange/agreements/{id}", Permission(READ), rest::show_agreement)
        .post("/api/exchange/agreements/{id}/revocation", Permission(DECIDE), rest::revoke_agreement)
        .post("/api/exchange/agreements/{id}/ending", Permission(CREATE), rest::end_agreement)
        .get("/api/exchange/agreements/{id}/rows", Permission(CALL), rest::rows)
        .get("/api/exchange/agreements/{id}/calls", Permission(READ), rest::calls)
}
