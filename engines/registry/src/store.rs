//! All SQL of the registry. Functions take a connection and know no permissions.
pub mod delivery;
pub mod kept;
pub mod progress;
pub mod reference;
pub mod reject;
pub mod revision;
pub mod rows;
pub mod rule;
pub mod settlement;
pub mod statistics;
pub mod subject;
pub mod tally;
pub mod turn;
pub mod views;
