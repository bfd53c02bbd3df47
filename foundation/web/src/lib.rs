//! The web frame: shells, extractors, forms, routes with permissions, language, errors and assets, once for all rooms.
//!
//! Web knows no engine and no app. It declares what it needs of them as traits (`Authenticator`, `Todo`, `Finder`);
//! the engines implement those and the binary registers them.
pub mod access;
pub mod address;
pub mod app;
pub mod assets;
pub mod cookie;
pub mod failure;
pub(crate) mod frame;
pub(crate) mod guard;
pub(crate) mod health;
pub mod lang;
pub mod module;
pub mod page;
pub mod pairs;
pub mod provide;
pub(crate) mod reference;
pub(crate) mod replay;
pub mod submission;
pub mod traffic;
pub mod upload;
pub(crate) mod visit;

pub use access::Access;
pub use address::{encoded, local_path, redirect};
pub use app::App;
pub use failure::{Failure, FieldErrors};
pub use health::Measured;
pub use lang::{Lang, Message};
pub use module::{Group, MenuItem, Module, RouteSpec, Routes};
pub use page::{Page, render, render_with};
pub use pairs::Pairs;
pub use provide::{Authenticator, Entered, Figure, Finder, Glance, Hit, Todo, TodoItem, TodoMore};
pub use submission::{ApiCommand, Body, Caller, Peer, SessionToken, Submission};
pub use upload::{FileBody, Upload, UploadedFile};
