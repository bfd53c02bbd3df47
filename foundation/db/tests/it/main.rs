//! The store's promises, each test a sentence.
#![allow(clippy::unwrap_used)]
mod audit;
mod child;
mod cluster;
mod failures;
mod files;
mod jobs;
mod keepers;
mod migrate;
mod outbox;
mod work;
