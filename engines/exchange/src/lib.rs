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
