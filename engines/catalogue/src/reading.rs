//! Reading rows through whichever source the binary registered, with no more columns than were asked for.
use jh_db::Base;
use std::sync::Arc;

use crate::fault::CatalogueError;
use crate::field::Field;
use crate::filter::{FilterRefusal, RowFilter};
use crate::model::{Classification, RowKind, Version};
use crate::rows::{Binding, Column, Exposure, Freshness, ROWS_MAX, RowCursor, RowPage, RowQuery, RowSource, Sort};

/// What somebody asks of a resource's rows, in the names of its fields.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The fields wanted, in order.
    pub columns: Vec<String>,
    /// Which rows.
    pub filter: RowFilter,
    /// By which field, and whether largest first.
    pub sort: Option<(String, bool)>,
    /// Where the previous page ended.
    pub after: Option<RowCursor>,
    /// At most [`ROWS_MAX`].
    pub limit: u32,
    /// Whether sensitive cells come masked.
    pub exposure: Exposure,
}

/// The rows asked for. Every named field must be one of the version's.
pub async fn rows(base: &Base, version: &Version, ask: &Ask) -> Result<RowPage, CatalogueError> {
    let fields = &version.content.fields;
    let columns: Vec<_> = ask.columns.iter().map(|name| column(fields, name)).collect::<Result<_, _>>()?;
    let sort = match &ask.sort {
        Some((name, descending)) => Some(Sort { column: column(fields, name)?, descending: *descending }),
        None => None,
    };
    let query = RowQuery {
        columns,
        filter: ask.filter.resolve(fields).map_err(CatalogueError::Filter)?,
        sort,
        after: ask.after.clone(),
        limit: ask.limit.clamp(1, ROWS_MAX),
        exposure: ask.exposure,
    };
    let (source, binding) = source(base, version)?;
    Ok(source.rows(base, &binding, &query).await?)
}

/// How fresh the rows are and when they last arrived.
pub async fn freshness(base: &Base, version: &Version, updates_max: u32) -> Result<Freshness, CatalogueError> {
    let (source, binding) = source(base, version)?;
    Ok(source.freshness(base, &binding, updates_max).await?)
}

fn column(fields: &[Field], name: &str) -> Result<Column, CatalogueError> {
    let field = fields.iter().find(|field| field.name == name);
    field.map(Column::from).ok_or_else(|| CatalogueError::Filter(FilterRefusal::UnknownField(name.to_owned())))
}

fn source(base: &Base, version: &Version) -> Result<(Arc<dyn RowSource>, Binding), CatalogueError> {
    let kind = version.content.rows.ok_or(CatalogueError::NoRows)?;
    let serves = |source: &Arc<dyn RowSource>| source.kinds().contains(&kind);
    let source = base.services.all::<dyn RowSource>().into_iter().find(serves).ok_or(CatalogueError::NoRows)?;
    Ok((source, Binding { kind, resource_id: version.resource_id, provider_id: version.provider_id }))
}

/// What the binary calls at boot: the kinds that two sources both claim.
pub fn claimed_twice(base: &Base) -> Vec<RowKind> {
    let sources = base.services.all::<dyn RowSource>();
    let claims = |kind: &RowKind| sources.iter().filter(|source| source.kinds().contains(kind)).count();
    RowKind::ALL.iter().copied().filter(|kind| claims(kind) > 1).collect()
}

/// The fields that may leave through the open data pages: the public ones of an open resource, no others.
pub fn open_fields(version: &Version) -> Vec<&Field> {
    let public = |field: &&Field| field.classification == Classification::Public;
    if version.content.open { version.content.fields.iter().filter(public).collect() } else { Vec::new() }
}
