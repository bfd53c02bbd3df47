//! The store: the connection pool, a private PostgreSQL cluster, migrations, and what every change needs to be
//! complete, namely one transaction with its audit row, its events, its jobs and its idempotency key.
//!
//! `db` knows no web, no engine and no table but its own: it hands a connection to the rooms above, and they bring
//! their SQL. Everything here that other rooms may read in SQL is a view `db.v_*`.
pub mod audit;
pub mod cluster;
mod error;
pub mod files;
pub mod idempotency;
pub mod jobs;
pub mod migrate;
pub mod outbox;
mod pool;
pub mod services;
#[cfg(feature = "testing")]
pub mod testing;
mod work;

pub use error::DbError;
pub use pool::{Base, Db};
pub use services::Services;
pub use work::Work;
