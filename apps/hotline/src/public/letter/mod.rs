//! Letters by e-mail become cases, or notes of cases: what a mail server hands over, or an MTA's pipe.
//!
//! It must not know how mail travels. The city's mail server has looked at who may send in whose name (SPF, DKIM); what arrives here is
//! a message, and nobody's word is taken for more than a report.
mod intake;
mod read;
pub mod rest;

pub use intake::{Outcome, Taken, take};

/// Handing letters over, for the organisation that keeps the hotline.
pub const SUBMIT: &str = "hotline.letter.submit";
/// The largest letter.
pub const BYTES_MAX: usize = 10 * 1024 * 1024;
