//! The schema of a delivery from the catalogue's standards as they are now.
use catalogue::api::{CodeSet, Element, Field, ResourceId, RowKind, Version};
use sqlx::PgConnection;

use crate::fault::RegistryError;
use crate::kind::shape_of;
use crate::schema::Schema;
use crate::store::reference;

/// The schema of a base kind, or of a resource's rows.
pub async fn schema(
    connection: &mut PgConnection,
    kind: RowKind,
    resource: Option<ResourceId>,
) -> Result<Schema, RegistryError> {
    let elements = catalogue::api::elements(&mut *connection).await?;
    if let Some(shape) = shape_of(kind) {
        let named = elements.iter().filter(|element| shape.elements.contains(&element.identifier.as_str()));
        let sets = code_sets(connection, named).await?;
        return Ok(Schema::of_kind(shape, &elements, &sets)?);
    }
    let resource = resource.ok_or(RegistryError::ResourceTakesNone)?;
    let version = catalogue::api::newest(&mut *connection, resource).await?;
    let version = version.filter(|version| version.content.rows == Some(RowKind::Dataset));
    let version = version.ok_or(RegistryError::ResourceTakesNone)?;
    of_version(connection, &version, &elements).await
}

async fn of_version(
    connection: &mut PgConnection,
    version: &Version,
    elements: &[Element],
) -> Result<Schema, RegistryError> {
    let fields = &version.content.fields;
    let named = elements
        .iter()
        .filter(|element| fields.iter().any(|field| field.element.as_deref() == Some(element.identifier.as_str())));
    let sets = code_sets(connection, named).await?;
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let places = reference::dataset_fields(connection, version.resource_id, &names).await?;
    let placed: Vec<Option<&Field>> =
        places.iter().map(|name| fields.iter().find(|field| field.name == *name)).collect();
    Ok(Schema::of_fields(&placed, elements, &sets))
}

async fn code_sets(
    connection: &mut PgConnection,
    elements: impl Iterator<Item = &Element>,
) -> Result<Vec<CodeSet>, RegistryError> {
    let mut names: Vec<&str> = elements.filter_map(|element| element.code_set.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let mut sets = Vec::with_capacity(names.len());
    for name in names {
        sets.extend(catalogue::api::code_set(&mut *connection, name).await?);
    }
    Ok(sets)
}
