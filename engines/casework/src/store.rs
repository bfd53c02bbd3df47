//! All SQL of casework. Every read for a person takes scopes and enforces them in the statement; what is outside does not exist.
pub mod attachment;
pub mod attribute;
pub mod calendar;
pub mod clock;
pub mod count;
pub mod file;
pub mod handover;
pub mod inbox;
pub mod list;
pub mod organisation;
pub mod party;
pub mod procedure;
pub mod search;
pub mod side;
pub mod step;
pub mod webhook;
