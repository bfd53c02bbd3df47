//! From checked rows to stored ones: sealing, encoding, and the one transaction that makes a chunk last.
//!
//! Reading, checking and sealing run on threads ahead of the database; [`run`] keeps the order and the memory bounded.
mod batch;
mod census;
mod chunk;
mod copy;
mod dataset;
mod golden;
mod merge;
mod plan;
mod revise;
mod run;
mod secrets;
mod seen;

pub(crate) use census::{Census, Tally};
pub(crate) use copy::Rows;
pub(crate) use golden::GoldenPlan;
pub(crate) use plan::{Plan, SettingOwned};
pub(crate) use revise::{Revised, standing};
pub(crate) use run::{Outcome, RunFault, run};
pub(crate) use secrets::{Secrets, identifier_key, open_cells, open_values, phone_search_key, record_opener};
