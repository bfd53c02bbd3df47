//! Record linkage: which of millions of records are one person or one place.
//!
//! A pure library. It knows no database, no page and no clock. `README.md` says how it works and what it must not know.
pub mod address;
pub mod block;
pub mod cluster;
pub mod digits;
pub mod hanzi;
pub mod hash;
pub mod kind;
pub mod latin;
pub mod latin_person;
pub mod model;
pub mod name;
pub mod person;
pub mod predict;
pub mod short;
pub mod train;

pub use cluster::{Clusters, Limits, cluster};
pub use kind::Kind;
pub use model::{Model, Score, Scorer, probability};
pub use predict::{Edge, predict};
pub use train::{Training, train};
