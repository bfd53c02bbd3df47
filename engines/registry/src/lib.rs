//! (being written)
#![allow(dead_code)]
mod check;
mod kind;
mod mapping;
mod reader;
mod schema;
