//! All the SQL of the catalogue, by what it is about. Every function takes a connection and knows no permission but
//! the scope it is given to bind.
pub mod described;
pub mod list;
pub mod resource;
pub mod search;
pub mod standard;
pub mod step;
