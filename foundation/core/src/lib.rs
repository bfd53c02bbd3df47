//! The words every room shares: ids, time, money, errors, paging, who acts, and the national codes.
//!
//! Core knows no database connection, no web and no engine. It is the only place that asks the clock.
pub mod actor;
pub mod clock;
pub mod code;
pub mod csv_cell;
pub mod fault;
pub mod gram;
pub mod id;
pub mod mask;
pub mod money;
pub mod paging;

// So that `define_id!` inside this crate and outside it expands to the same paths.
extern crate self as jh_core;

#[doc(hidden)]
pub mod reexport {
    //! What the `define_id!` macro needs in the crate that calls it.
    pub use serde::{self, Deserialize, Serialize};
    pub use sqlx::Type as SqlxType;
    pub use time::OffsetDateTime;
    pub use utoipa::ToSchema;
    pub use uuid::{Error as UuidError, Uuid};
}
