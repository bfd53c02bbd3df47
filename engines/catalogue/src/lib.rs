//! The city's directory of data: standards, resources and their publication; see README.md.
//!
//! It describes rows and serves them on, but holds none. It must not know who delivers or who uses them.
pub mod api;
mod fault;
mod field;
mod model;
mod rows;
mod standard;
