//! The dispatch suggestion: given what a citizen says, which department has handled such things, how sure that is, and why.
//!
//! It learns from the city's own past cases (`learn` is the pure library, `table` reads files of them). It suggests and
//! never decides: who dispatches chooses, and an unsure answer says so. It must not know where cases are kept or who asks.
pub mod learn;
pub mod table;
