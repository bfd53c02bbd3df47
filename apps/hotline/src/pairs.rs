//! Names and values of an address or a form: the frame's.
pub use jh_web::Pairs;
