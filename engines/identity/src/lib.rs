//! Who there is in the city's offices, and who may do what where: one organisation tree, accounts, roles, sign-in,
//! sessions and credentials of departments' systems.
//!
//! Identity knows no other engine and no app. A permission is to it a text that some module declared.
pub mod api;

mod actions;
mod authenticator;
mod fault;
mod hashing;
mod jobs;
mod model;
mod pages;
mod rest;
mod store;
mod token;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jh_db::migrate::Migrations;
use jh_web::{Access, Finder, Group, Lang, MenuItem, Module, Routes};

use actions::permission::{ACCOUNT, AUDIT, CREDENTIAL, ORGANISATION};

/// The schema's files.
pub const MIGRATIONS: Migrations = Migrations {
    schema: "identity",
    files: &[
        ("0001_organisation", include_str!("../migrations/0001_organisation.sql")),
        ("0002_account", include_str!("../migrations/0002_account.sql")),
        ("0003_account_working", include_str!("../migrations/0003_account_working.sql")),
        ("0004_permission_names", include_str!("../migrations/0004_permission_names.sql")),
        ("0005_mandate", include_str!("../migrations/0005_mandate.sql")),
    ],
};

/// The room, for the binary.
pub fn module() -> Module {
    Module {
        permissions: &[ORGANISATION, ACCOUNT, CREDENTIAL, AUDIT],
        routes: api_routes(administration(own(Routes::new()))),
        jobs: jobs::jobs(),
        migrations: Some(MIGRATIONS),
        menu: menu(),
        messages: &[(Lang::Zh, include_str!("../i18n/zh.ftl")), (Lang::En, include_str!("../i18n/en.ftl"))],
        openapi: Some(rest::openapi()),
        register: |services| services.register::<dyn Finder>(Arc::new(pages::finder::OrganisationFinder)),
        ..Module::new("identity")
    }
}

fn menu() -> Vec<MenuItem> {
    let item = |label, path, permission, icon| MenuItem { label, path, permission, group: Group::Admin, icon };
    vec![
        item("identity-menu-organisations", "/identity/organisations", Some(ORGANISATION), "hierarchy-2"),
        item("identity-menu-accounts", "/identity/accounts", Some(ACCOUNT), "users"),
        item("identity-menu-roles", "/identity/roles", Some(ACCOUNT), "shield-check"),
        item("identity-menu-credentials", "/identity/credentials", Some(CREDENTIAL), "key"),
        item("identity-menu-audit", "/identity/audit", Some(AUDIT), "history"),
    ]
}

/// What everybody does with his own account.
fn own(routes: Routes) -> Routes {
    use Access::{Public, SignedIn};
    use pages::{account, registration, session};
    routes
        .get("/identity/session", Public, session::show)
        .post("/identity/session", Public, session::begin)
        .post("/identity/session/deletion", Public, session::end)
        // What the shells' sign-out button says; the same thing.
        .post("/identity/session/closure", Public, session::end)
        .get("/identity/registration", Public, registration::show)
        .post("/identity/registration", Public, registration::submit)
        .get("/identity/account", SignedIn, account::show)
        .get("/identity/password", SignedIn, account::password)
        .post("/identity/password", SignedIn, account::submit_password)
        .post("/identity/sessions/deletion", SignedIn, session::end_all)
        .post("/identity/sessions/{id}/deletion", SignedIn, session::end_other)
}

/// What administrators do. Permissions are held somewhere; SQL narrows them to where.
fn administration(routes: Routes) -> Routes {
    use Access::{Permission, SignedIn};
    use pages::{
        audit, audit_export, credentials, organisation_changes as changes, organisations, people, person, roles,
    };
    routes
        .get("/identity/organisations", SignedIn, organisations::list)
        .get("/identity/organisations/new", Permission(ORGANISATION), changes::new)
        .post("/identity/organisations", Permission(ORGANISATION), changes::submit_new)
        .get("/identity/organisations/{id}", SignedIn, organisations::show)
        .get("/identity/organisations/{id}/name", Permission(ORGANISATION), changes::name)
        .post("/identity/organisations/{id}/name", Permission(ORGANISATION), changes::submit_name)
        .get("/identity/organisations/{id}/parent", Permission(ORGANISATION), changes::parent)
        .post("/identity/organisations/{id}/parent", Permission(ORGANISATION), changes::submit_parent)
        .get("/identity/organisations/{id}/closure", Permission(ORGANISATION), changes::closure)
        .post("/identity/organisations/{id}/closure", Permission(ORGANISATION), changes::submit_closure)
        .get("/identity/accounts", Permission(ACCOUNT), people::list)
        .get("/identity/accounts/new", Permission(ACCOUNT), people::new)
        .post("/identity/accounts", Permission(ACCOUNT), people::submit_new)
        .get("/identity/accounts/{id}", Permission(ACCOUNT), person::show)
        .post("/identity/accounts/{id}/assignments", Permission(ACCOUNT), person::submit_assignment)
        .post(
            "/identity/accounts/{id}/assignments/{assignment}/withdrawal",
            Permission(ACCOUNT),
            person::submit_withdrawal,
        )
        .post("/identity/accounts/{id}/suspension", Permission(ACCOUNT), person::submit_suspension)
        .post("/identity/accounts/{id}/restoration", Permission(ACCOUNT), person::submit_restoration)
        .post("/identity/accounts/{id}/password", Permission(ACCOUNT), person::submit_password)
        .get("/identity/roles", Permission(ACCOUNT), roles::list)
        .get("/identity/roles/new", Permission(ACCOUNT), roles::new)
        .post("/identity/roles", Permission(ACCOUNT), roles::submit_new)
        .get("/identity/credentials", Permission(CREDENTIAL), credentials::list)
        .get("/identity/credentials/new", Permission(CREDENTIAL), credentials::new)
        .post("/identity/credentials", Permission(CREDENTIAL), credentials::submit_new)
        .get("/identity/credentials/{id}/rotation", Permission(CREDENTIAL), credentials::rotation)
        .post("/identity/credentials/{id}/rotation", Permission(CREDENTIAL), credentials::submit_rotation)
        .post("/identity/credentials/{id}/revocation", Permission(CREDENTIAL), credentials::submit_revocation)
        .get("/identity/audit", Permission(AUDIT), audit::list)
        .get("/identity/audit/days/{day}", Permission(AUDIT), audit::day)
        .get("/identity/audit/days/{day}/export", Permission(AUDIT), audit_export::download)
}

fn api_routes(routes: Routes) -> Routes {
    use Access::{Permission, SignedIn};
    routes
        .get("/api/identity/me", SignedIn, rest::me)
        .get("/api/identity/organisations", SignedIn, rest::organisations)
        .post("/api/identity/organisations", Permission(ORGANISATION), rest::create)
        .get("/api/identity/organisations/{id}", SignedIn, rest::organisation)
        .post("/api/identity/organisations/{id}/name", Permission(ORGANISATION), rest::name)
        .post("/api/identity/organisations/{id}/parent", Permission(ORGANISATION), rest::parent)
        .post("/api/identity/organisations/{id}/closure", Permission(ORGANISATION), rest::closure)
}
