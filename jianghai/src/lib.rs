//! The composition root: the only room that sees every app. It puts the modules together, and runs them.
pub mod audit;
pub mod bench;
pub mod boot;
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod hotline;
pub mod ingest;
pub mod listen;
pub mod modules;
pub mod serve;
