//! The store's promises, each test a sentence.
mod cluster;
mod work;
