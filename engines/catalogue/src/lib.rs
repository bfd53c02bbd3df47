//! The city's directory of data: standards, resources and their publication; see README.md.
//!
//! It describes rows and serves them on, but holds none. It must not know who delivers or who uses them.
mod actions;
pub mod api;
mod ckan;
mod dcat;
mod diff;
mod downloads;
mod draft;
mod fault;
mod feeds;
mod field;
mod filter;
mod ground;
mod model;
mod pages;
mod permission;
mod reading;
mod rest;
mod rows;
#[cfg(test)]
mod sample;
mod search;
mod standard;
mod store;
mod table;
#[cfg(test)]
mod testing;
mod vocabulary;
mod words;

use std::sync::Arc;

use jh_db::Services;
use jh_db::migrate::Migrations;
use jh_web::{Access, Finder, Group, Lang, MenuItem, Module, Routes, Todo};
use utoipa::OpenApi;

use crate::pages::{editor, open, queue, resource, resources, standards, steps};
use crate::permission::{DRAFT, PUBLISH, READ, REVIEW, STANDARD};

/// The catalogue's schema.
pub const MIGRATIONS: Migrations =
    Migrations { schema: "catalogue", files: &[("0001_base", include_str!("../migrations/0001_base.sql"))] };

/// The catalogue, as the binary mounts it.
pub fn module() -> Module {
    let mut module = Module::new("catalogue");
    module.permissions = permission::ALL;
    module.routes = interfaces(workbench(public(Routes::new())));
    module.migrations = Some(MIGRATIONS);
    module.menu = menu();
    module.messages = &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))];
    module.openapi = Some(rest::Description::openapi());
    module.register = register;
    module.background = vec![|_, _| Box::pin(async { words::warm() })];
    module
}

fn register(services: &Services) {
    services.register(Arc::new(ground::Ground::default()));
    services.register::<dyn Todo>(Arc::new(feeds::CatalogueTodo));
    services.register::<dyn Finder>(Arc::new(feeds::OpenDataFinder));
    services.register::<dyn Finder>(Arc::new(feeds::DirectoryFinder));
}

fn public(routes: Routes) -> Routes {
    routes
        .get("/data", Access::Public, open::search)
        .get("/data/{code}", Access::Public, open::dataset)
        .get("/data/{code}/interface", Access::Public, open::interface)
        .get("/data/{code}/rows.csv", Access::Public, downloads::csv)
        .get("/data/{code}/rows.json", Access::Public, downloads::json)
        .get("/data/{code}/places.geojson", Access::Public, downloads::places)
        .get("/catalogue.ttl", Access::Public, dcat::catalogue)
}

fn workbench(routes: Routes) -> Routes {
    routes
        .get("/catalogue/resources", Access::Permission(READ), resources::list)
        .post("/catalogue/resources", Access::Permission(DRAFT), editor::create)
        .get("/catalogue/resources/new", Access::Permission(DRAFT), editor::new)
        .get("/catalogue/resources/{code}", Access::Permission(READ), resource::detail)
        .get("/catalogue/resources/{code}/changes", Access::Permission(READ), resource::changes)
        .get("/catalogue/resources/{code}/draft", Access::Permission(DRAFT), editor::edit)
        .post("/catalogue/resources/{code}/draft", Access::Permission(DRAFT), editor::save)
        .post("/catalogue/resources/{code}/submission", Access::Permission(DRAFT), steps::submission)
        .post("/catalogue/resources/{code}/return", Access::Permission(REVIEW), steps::give_back)
        .post("/catalogue/resources/{code}/publication", Access::Permission(PUBLISH), steps::publication)
        .post("/catalogue/resources/{code}/withdrawal", Access::Permission(PUBLISH), steps::withdrawal)
        .get("/catalogue/reviews", Access::Permission(REVIEW), queue::reviews)
        .get("/catalogue/elements", Access::SignedIn, standards::elements)
        .get("/catalogue/elements/{identifier}", Access::SignedIn, standards::element)
        .get("/catalogue/code-sets", Access::SignedIn, standards::code_sets)
        .get("/catalogue/code-sets/{identifier}", Access::SignedIn, standards::code_set)
        .get("/catalogue/standards/import", Access::Permission(STANDARD), standards::import_form)
        .post_limit(
            "/catalogue/standards/import",
            Access::Permission(STANDARD),
            standards::import_file,
            standards::FILE_BYTES_MAX,
        )
}

fn interfaces(routes: Routes) -> Routes {
    routes
        .get("/api/catalogue/resources", Access::Public, rest::open_list)
        .get("/api/catalogue/resources/{code}", Access::Public, rest::open_one)
        .get("/api/catalogue/resources/{code}/rows", Access::Public, rest::open_rows)
        .get("/api/catalogue/elements", Access::Public, rest::elements)
        .get("/api/catalogue/code-sets/{identifier}", Access::Public, rest::code_set)
        .get("/api/catalogue/entries", Access::Permission(READ), rest::entries)
        .post("/api/catalogue/entries", Access::Permission(DRAFT), rest::create)
        .get("/api/catalogue/entries/{code}", Access::Permission(READ), rest::entry)
        .put("/api/catalogue/entries/{code}/draft", Access::Permission(DRAFT), rest::save)
        .post("/api/catalogue/entries/{code}/submission", Access::Permission(DRAFT), rest::submission)
        .post("/api/catalogue/entries/{code}/return", Access::Permission(REVIEW), rest::give_back)
        .post("/api/catalogue/entries/{code}/publication", Access::Permission(PUBLISH), rest::publication)
        .post("/api/catalogue/entries/{code}/withdrawal", Access::Permission(PUBLISH), rest::withdrawal)
        .get("/api/3/action/{action}", Access::Public, ckan::get)
        .post("/api/3/action/{action}", Access::Public, ckan::post)
        .get("/api/action/{action}", Access::Public, ckan::get)
        .post("/api/action/{action}", Access::Public, ckan::post)
}

fn menu() -> Vec<MenuItem> {
    let item = |label, path, permission, group, icon| MenuItem { label, path, permission, group, icon };
    vec![
        item("catalogue-menu-open", "/data", None, Group::Portal, "database"),
        item("catalogue-menu-resources", "/catalogue/resources", Some(READ), Group::Data, "folders"),
        item("catalogue-menu-reviews", "/catalogue/reviews", Some(REVIEW), Group::Todo, "clipboard-check"),
        item("catalogue-menu-elements", "/catalogue/elements", Some(READ), Group::Data, "book"),
        item("catalogue-menu-code-sets", "/catalogue/code-sets", Some(READ), Group::Data, "list-details"),
    ]
}
