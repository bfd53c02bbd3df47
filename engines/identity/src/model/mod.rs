//! What identity's things are and which changes of them are allowed, as pure functions: no database, no clock, no web.
pub mod account;
pub mod back_off;
pub mod fields;
pub mod organisation;
pub mod password;
pub mod role;
pub mod session;
