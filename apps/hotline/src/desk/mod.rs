//! The call desk: a voice on the line becomes a case within a minute, with what is known beside it.
mod asked;
mod kind;

pub use kind::HotlineRequest;
