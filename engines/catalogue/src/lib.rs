//! The city's directory of data: standards, resources and their publication; see README.md.
//!
//! It describes rows and serves them on, but holds none. It must not know who delivers or who uses them.
mod actions;
pub mod api;
mod draft;
mod fault;
mod field;
mod filter;
mod model;
mod permission;
mod reading;
mod rows;
#[cfg(test)]
mod sample;
mod standard;
mod store;
mod table;
mod words;
