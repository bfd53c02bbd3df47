//! Sharing between departments: requests, decisions, agreements, and calls that give what was agreed; see README.md.
//!
//! It must not know which applications exist, where rows are stored, or how a credential is checked.
pub mod api;
mod actions;
mod call;
mod clauses;
mod day;
mod denial;
mod fault;
mod model;
mod question;
mod record;
mod rows;
mod store;

/// The schema.
fn migrations() -> jh_db::migrate::Migrations {
    jh_db::migrate::Migrations {
        schema: "exchange",
        files: &[
            ("0001_agreement", include_str!("../migrations/0001_agreement.sql")),
            ("0002_call", include_str!("../migrations/0002_call.sql")),
        ],
    }
}
