//! The catalogue's only door for other engines: what exists, on what terms, and the rows behind it.
//!
//! Registry asks what a delivered column means and implements [`RowSource`]; exchange asks for the published
//! version of a resource and reads its rows within an agreement. Neither may look behind this module.
use jh_core::actor::{Actor, Command};
use jh_db::Base;
use sqlx::PgConnection;

use crate::{actions, store};

pub use crate::actions::standard::{Files as StandardFiles, Imported};
pub use crate::fault::CatalogueError;
pub use crate::feeds::{CatalogueTodo, DirectoryFinder, OpenDataFinder};
pub use crate::field::{Field, FieldType};
pub use crate::filter::{Condition, FilterRefusal, Resolved, RowFilter, Test, compare};
pub use crate::ground::Ground;
pub use crate::model::{
    Classification, Content, Format, ResourceId, RowKind, Sharing, SharingKind, State, Theme, UpdateCycle, Version,
};
pub use crate::reading::{Ask, claimed_twice, freshness, open_fields, rows};
pub use crate::rows::{
    Binding, Column, Exposure, Freshness, ROWS_MAX, Row, RowCursor, RowPage, RowQuery, RowSource, Sort, Update,
};
pub use crate::standard::{Code, CodeSet, Element, Rule};
pub use crate::words::warm;

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

/// An engine that knows the outlines of divisions. The registry implements it.
pub trait Outlines: Send + Sync {
    /// The outline that the division with this code had when it was drawn, as a GeoJSON geometry.
    fn outline(&self, code: &str) -> Option<serde_json::Value>;
}

/// The current version of a data element.
pub async fn element(conn: &mut PgConnection, identifier: &str) -> Result<Option<Element>, CatalogueError> {
    Ok(store::standard::element_versions(conn, identifier).await?.into_iter().next())
}

/// The current versions of all data elements.
pub async fn elements(conn: &mut PgConnection) -> Result<Vec<Element>, CatalogueError> {
    store::standard::elements(conn).await
}

/// The current version of a code set, with its codes.
pub async fn code_set(conn: &mut PgConnection, identifier: &str) -> Result<Option<CodeSet>, CatalogueError> {
    store::standard::code_set(conn, identifier).await
}

/// The resource with a catalogue code, in any state.
pub async fn resource_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<ResourceId>, CatalogueError> {
    Ok(store::resource::by_code(conn, code).await?.map(|found| found.resource_id))
}

/// The published version of a resource with its fields, or none when nothing is published now.
pub async fn published(conn: &mut PgConnection, resource: ResourceId) -> Result<Option<Version>, CatalogueError> {
    match store::resource::by_id(conn, resource).await?.and_then(|found| found.published_version) {
        Some(version) => store::resource::version(conn, resource, version).await,
        None => Ok(None),
    }
}

/// The newest version of a resource, whatever its state: rows may be delivered before it is published.
pub async fn newest(conn: &mut PgConnection, resource: ResourceId) -> Result<Option<Version>, CatalogueError> {
    match store::resource::by_id(conn, resource).await? {
        Some(found) => store::resource::version(conn, resource, found.newest_version).await,
        None => Ok(None),
    }
}

/// One version of a resource.
pub async fn version(
    conn: &mut PgConnection,
    resource: ResourceId,
    version: i32,
) -> Result<Option<Version>, CatalogueError> {
    store::resource::version(conn, resource, version).await
}

/// Imports data standards; see data/standards/README.md for the columns of the files.
pub async fn import_standards(
    base: &Base,
    command: &Command,
    files: &StandardFiles<'_>,
) -> Result<Imported, CatalogueError> {
    actions::standard::import(base, command, files).await
}

/// Imports resources and publishes them: `drafter` writes, `publisher` (another account) publishes. Commands carry no key.
pub async fn import_resources(
    base: &Base,
    drafter: &Command,
    publisher: &Command,
    resources_csv: &[u8],
    fields_csv: &[u8],
) -> Result<Imported, CatalogueError> {
    actions::load::import(base, drafter, publisher, resources_csv, fields_csv).await
}
