//! Rows as the catalogue asks for them: columns, filter, order, and the trait that brings them.
//!
//! The catalogue holds no rows and does not know where they are. A cell is its canonical text (`2026-11-22`, `12.5`,
//! `true`); the field's type says how to read it.
use async_trait::async_trait;
use jh_core::actor::OrganisationId;
use jh_db::{Base, DbError};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::field::{Field, FieldType};
use crate::filter::Resolved;
use crate::model::{ResourceId, RowKind};

/// The most rows one call brings.
pub const ROWS_MAX: u32 = 1_000;

/// Which rows a resource has: what sort they are, for which resource, and who answers for them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// What sort.
    pub kind: RowKind,
    /// The resource whose rows are meant; a dataset's rows belong to it alone.
    pub resource_id: ResourceId,
    /// The provider.
    pub provider_id: OrganisationId,
}

/// How much of a sensitive cell is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Exposure {
    /// As lists show it: `320***********1234`.
    #[default]
    Masked,
    /// In full. Only for a caller who has shown the right to it and writes the audit.
    Clear,
}

/// Order of the rows; none is the source's own, which pages cheapest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sort {
    /// By which field.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

/// What is asked of a source.
#[derive(Clone, Debug)]
pub struct RowQuery {
    /// The columns in the order wanted. Never more than the caller may see.
    pub columns: Vec<Column>,
    /// Which rows: every condition holds.
    pub filter: Vec<Resolved>,
    /// In what order.
    pub sort: Option<Sort>,
    /// Where the previous page ended; the source alone knows how to read it.
    pub after: Option<RowCursor>,
    /// At most [`ROWS_MAX`].
    pub limit: u32,
    /// Whether sensitive cells come masked.
    pub exposure: Exposure,
}

/// A wanted column, with what a source needs to know to read, compare and mask it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// The field's name.
    pub name: String,
    /// Its data element, where it has one: what a base record is asked for.
    pub element: Option<String>,
    /// How its cells read and sort.
    pub field_type: FieldType,
    /// Whether it is masked unless asked for in clear.
    pub sensitive: bool,
}

impl From<&Field> for Column {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            element: field.element.clone(),
            field_type: field.field_type,
            sensitive: field.sensitive(),
        }
    }
}

/// An opaque place in a source's order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RowCursor(pub String);

/// One row: its cells in the order of the wanted columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Canonical text, or none where the row has no value.
    pub cells: Vec<Option<String>>,
}

/// Some rows, and where to go on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowPage {
    /// At most the limit.
    pub rows: Vec<Row>,
    /// None when there are no more.
    pub next: Option<RowCursor>,
}

/// One time that rows arrived, for a resource's update record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Update {
    /// When.
    pub at: OffsetDateTime,
    /// How many rows were new or changed.
    pub rows: i64,
}

/// How fresh and how many, from counters the source keeps (nobody counts live rows for a badge).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct Freshness {
    /// Rows now.
    pub rows: i64,
    /// The latest arrivals, newest first.
    pub updates: Vec<Update>,
}

/// Where rows come from. The registry implements it; the binary registers it.
#[async_trait]
pub trait RowSource: Send + Sync {
    /// The kinds it serves; boot refuses two sources for one kind.
    fn kinds(&self) -> &'static [RowKind];
    /// The rows asked for. A filter may name fields that are not among the columns.
    async fn rows(&self, base: &Base, binding: &Binding, query: &RowQuery) -> Result<RowPage, DbError>;
    /// How fresh; at most `updates_max` arrivals.
    async fn freshness(&self, base: &Base, binding: &Binding, updates_max: u32) -> Result<Freshness, DbError>;
}
