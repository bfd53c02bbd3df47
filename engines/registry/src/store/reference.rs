//! Small tables that landing consults: providers, other schemes' codes, choices.
use std::collections::HashMap;

use catalogue::api::ResourceId;
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::mapping::Choice;
use crate::model::Target;

/// The number of a provider, given at its first delivery.
pub async fn provider_no(
    connection: &mut PgConnection,
    provider: OrganisationId,
    now: OffsetDateTime,
) -> Result<i16, DbError> {
    if let Some(number) = find_provider_no(connection, provider).await? {
        return Ok(number);
    }
    // DO NOTHING answers no row when another was faster, and an upsert would use up a number every time.
    sqlx::query("INSERT INTO registry.provider (organisation_id, added_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(provider)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    find_provider_no(connection, provider).await?.ok_or(DbError::Sqlx(sqlx::Error::RowNotFound))
}

/// The number of a provider that has delivered.
pub async fn find_provider_no(connection: &mut PgConnection, provider: OrganisationId) -> Result<Option<i16>, DbError> {
    Ok(sqlx::query_scalar("SELECT provider_no FROM registry.provider WHERE organisation_id = $1")
        .bind(provider)
        .fetch_optional(connection)
        .await?)
}

/// Division codes of other schemes.
pub async fn division_aliases(connection: &mut PgConnection) -> Result<HashMap<String, String>, DbError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT alias, division_code FROM registry.division_alias").fetch_all(connection).await?;
    Ok(rows.into_iter().collect())
}

/// Sets what codes of another scheme are in GB/T 2260.
pub async fn set_division_aliases(connection: &mut PgConnection, aliases: &[(String, String)]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.division_alias (alias, division_code) SELECT * FROM unnest($1::text[], $2::text[])
         ON CONFLICT (alias) DO UPDATE SET division_code = EXCLUDED.division_code",
    )
    .bind(aliases.iter().map(|(alias, _)| alias.as_str()).collect::<Vec<_>>())
    .bind(aliases.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// What a provider has said its headers mean.
pub async fn choices(connection: &mut PgConnection, target: Target) -> Result<Vec<Choice>, DbError> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT column_name, attribute FROM registry.column_choice
         WHERE provider_id = $1 AND kind = $2 AND resource_id = $3 ORDER BY column_name LIMIT 2000",
    )
    .bind(target.provider_id)
    .bind(target.kind.word())
    .bind(target.resource_id.map_or(Uuid::nil(), |resource| resource.0))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(column, attribute)| Choice { column, attribute }).collect())
}

/// Keeps what a provider says.
pub async fn set_choices(
    connection: &mut PgConnection,
    target: Target,
    choices: &[Choice],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.column_choice (provider_id, kind, resource_id, column_name, attribute, chosen_at)
         SELECT $1, $2, $3, c.column_name, c.attribute, $6 FROM unnest($4::text[], $5::text[]) AS c (column_name, attribute)
         ON CONFLICT (provider_id, kind, resource_id, column_name)
             DO UPDATE SET attribute = EXCLUDED.attribute, chosen_at = EXCLUDED.chosen_at",
    )
    .bind(target.provider_id)
    .bind(target.kind.word())
    .bind(target.resource_id.map_or(Uuid::nil(), |resource| resource.0))
    .bind(choices.iter().map(|choice| choice.column.as_str()).collect::<Vec<_>>())
    .bind(choices.iter().map(|choice| choice.attribute.as_deref()).collect::<Vec<_>>())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// The names of a dataset's fields by position; fields that are new get the next positions.
pub async fn dataset_fields(
    connection: &mut PgConnection,
    resource: ResourceId,
    names: &[&str],
) -> Result<Vec<String>, DbError> {
    sqlx::query(
        "INSERT INTO registry.dataset_field (resource_id, position, field_name)
         SELECT $1, (SELECT COALESCE(max(position) + 1, 0) FROM registry.dataset_field WHERE resource_id = $1)
                    + row_number() OVER (ORDER BY n.place) - 1, n.name
         FROM unnest($2::text[]) WITH ORDINALITY AS n (name, place)
         WHERE NOT EXISTS (SELECT 1 FROM registry.dataset_field f WHERE f.resource_id = $1 AND f.field_name = n.name)
         ON CONFLICT DO NOTHING",
    )
    .bind(resource)
    .bind(names)
    .execute(&mut *connection)
    .await?;
    known_dataset_fields(connection, resource).await
}

/// The names of a dataset's fields by position.
pub async fn known_dataset_fields(connection: &mut PgConnection, resource: ResourceId) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar("SELECT field_name FROM registry.dataset_field WHERE resource_id = $1 ORDER BY position")
        .bind(resource)
        .fetch_all(connection)
        .await?)
}
