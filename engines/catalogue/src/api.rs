//! The catalogue's only door for other engines: what exists, on what terms, and the rows behind it.
//!
//! Registry asks what a delivered column means and implements [`RowSource`]; exchange asks for the published
//! version of a resource and reads its rows within an agreement. Neither may look behind this module.
use jh_core::actor::Actor;

pub use crate::fault::CatalogueError;
pub use crate::field::{Field, FieldType};
pub use crate::model::{
    Classification, Content, Format, ResourceId, RowKind, Sharing, SharingKind, State, Theme, UpdateCycle, Version,
};
pub use crate::rows::{
    Binding, Column, Condition, Exposure, FilterRefusal, Freshness, ROWS_MAX, Resolved, Row, RowCursor, RowFilter,
    RowPage, RowQuery, RowSource, Sort, Test, Update,
};
pub use crate::standard::{Code, CodeSet, Element, Rule};

/// A link that a higher engine puts on a resource's page, for example "ask for its data".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offered {
    /// The Fluent key of the label.
    pub label: &'static str,
    /// Where it leads.
    pub path: String,
}

/// A higher engine's answer to "what can I do with this resource?". Exchange implements it.
pub trait Offer: Send + Sync {
    /// The links for this actor; empty when there is nothing to do.
    fn offers(&self, resource: &Version, actor: &Actor) -> Vec<Offered>;
}

// Functions (being filled in; these are the signatures to build on):
//   element(conn, identifier) -> Option<Element>                  current version
//   elements(conn) -> Vec<Element>                                 all current versions
//   code_set(conn, identifier) -> Option<CodeSet>                  current version with codes
//   resource_by_code(conn, code) -> Option<ResourceId>
//   published(conn, ResourceId) -> Option<Version>                 fields, provider, sharing: all in Version
//   newest(conn, ResourceId) -> Option<Version>                    for deliveries before publication
//   rows(base, &Version, columns: &[String], RowFilter, Option<Sort>, Option<RowCursor>, limit, Exposure) -> RowPage
//   freshness(base, &Version, updates_max) -> Freshness
//   import_standards(base, &Command, elements_csv, code_sets_csv) -> Imported
//   import_resources(base, drafter: &Command, publisher: &Command, resources_csv, fields_csv) -> Imported
