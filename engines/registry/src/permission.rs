//! What people may be allowed to do here, and where.
use jh_core::actor::{Actor, ActorKind, OrganisationId};
use sqlx::PgConnection;

use crate::fault::RegistryError;

/// Deliver files for an organisation of the scope, and decide on what became of them.
pub const SUBMIT: &str = "registry.delivery.submit";
/// See the deliveries of the scope.
pub const READ: &str = "registry.delivery.read";
/// Find persons, organisations and places of which a provider of the scope has spoken.
pub const SEARCH: &str = "registry.record.search";
/// Read a sealed value in clear, for a stated purpose.
pub const REVEAL: &str = "registry.record.reveal";
/// See the numbers of the whole registry.
pub const STATISTICS: &str = "registry.statistics.read";
/// Decide whose value stands, for the whole city.
pub const RULE: &str = "registry.rule.manage";

/// All of them.
pub const ALL: &[&str] = &[SUBMIT, READ, SEARCH, REVEAL, STATISTICS, RULE];

/// Refuses an organisation outside the actor's scope. One that does not exist is outside every scope.
pub async fn require(
    connection: &mut PgConnection,
    actor: &Actor,
    permission: &str,
    organisation: OrganisationId,
) -> Result<(), RegistryError> {
    if actor.kind == ActorKind::System
        || identity::api::in_scope(connection, &actor.scopes(permission), organisation).await?
    {
        return Ok(());
    }
    Err(RegistryError::OutsideScope)
}
