//! Whose value of an attribute stands before others', and who keeps a base database as a whole.
use catalogue::api::RowKind;
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};

use crate::kind::Shape;
use crate::model::kind_no;
use crate::survivorship::Rules;

/// The rules of a kind by position.
pub async fn rules(connection: &mut PgConnection, shape: &Shape) -> Result<Rules, DbError> {
    let ranked = ranked(connection, kind_no(shape.kind)).await?;
    let position = |name: &str| shape.elements.iter().position(|element| *element == name);
    let by_position =
        ranked.into_iter().filter_map(|rule| Some((position(&rule.attribute)?, rule.provider_no, rule.rank)));
    Ok(Rules::new(by_position))
}

/// A rule that ranks a provider's value of an attribute.
#[derive(FromRow, Clone, PartialEq, Eq, Debug)]
pub struct Ranked {
    /// The attribute.
    pub attribute: String,
    /// Whose value.
    pub provider_no: i16,
    /// Lower stands.
    pub rank: i16,
    /// Why, for example 户口登记机关.
    pub basis: String,
}

/// The rules of a kind, of each attribute the best first.
pub async fn ranked(connection: &mut PgConnection, kind: i16) -> Result<Vec<Ranked>, DbError> {
    Ok(sqlx::query_as(
        "SELECT attribute, provider_no, rank, basis FROM registry.attribute_rule WHERE kind = $1
         ORDER BY attribute, rank, provider_no",
    )
    .bind(kind)
    .fetch_all(connection)
    .await?)
}

/// Puts providers in order for one attribute, the best first, each with its basis; what was there before goes.
pub async fn set_order(
    connection: &mut PgConnection,
    kind: RowKind,
    attribute: &str,
    order: &[(i16, &str)],
) -> Result<(), DbError> {
    sqlx::query("DELETE FROM registry.attribute_rule WHERE kind = $1 AND attribute = $2")
        .bind(kind_no(kind))
        .bind(attribute)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO registry.attribute_rule (kind, attribute, provider_no, rank, basis)
         SELECT $1, $2, o.provider_no, o.place, o.basis
         FROM unnest($3::smallint[], $4::text[]) WITH ORDINALITY AS o (provider_no, basis, place)",
    )
    .bind(kind_no(kind))
    .bind(attribute)
    .bind(order.iter().map(|(provider, _)| *provider).collect::<Vec<_>>())
    .bind(order.iter().map(|(_, basis)| *basis).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Who keeps a base database as a whole.
pub async fn keeper(connection: &mut PgConnection, kind: RowKind) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar("SELECT organisation_id FROM registry.keeper WHERE kind = $1")
        .bind(kind_no(kind))
        .fetch_optional(connection)
        .await?)
}

/// Sets the keeper, or leaves the base without one.
pub async fn set_keeper(
    connection: &mut PgConnection,
    kind: RowKind,
    organisation: Option<OrganisationId>,
) -> Result<(), DbError> {
    sqlx::query("DELETE FROM registry.keeper WHERE kind = $1").bind(kind_no(kind)).execute(&mut *connection).await?;
    if let Some(organisation) = organisation {
        sqlx::query("INSERT INTO registry.keeper (kind, organisation_id) VALUES ($1, $2)")
            .bind(kind_no(kind))
            .bind(organisation)
            .execute(connection)
            .await?;
    }
    Ok(())
}
