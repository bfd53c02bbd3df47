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
mod store;
mod token;

#[cfg(test)]
mod tests;

use jh_db::migrate::Migrations;

/// The schema's files.
pub const MIGRATIONS: Migrations = Migrations {
    schema: "identity",
    files: &[
        ("0001_organisation", include_str!("../migrations/0001_organisation.sql")),
        ("0002_account", include_str!("../migrations/0002_account.sql")),
    ],
};
