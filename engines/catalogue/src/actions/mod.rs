//! What people do to the catalogue: permission, rule, store, audit and event, each in one transaction.
pub mod draft;
pub mod load;
pub mod open;
pub mod standard;
pub mod step;

use jh_core::actor::{Actor, ActorKind, OrganisationId};
use sqlx::PgConnection;

use crate::fault::CatalogueError;
use crate::store::resource::{self, Resource};

/// The resource with this code, locked, if the permission covers its provider. A code outside the scope is answered
/// like one that does not exist: whether it does is none of the asker's business.
async fn locked(
    conn: &mut PgConnection,
    actor: &Actor,
    permission: &'static str,
    code: &str,
) -> Result<Resource, CatalogueError> {
    let scopes = actor.scopes(permission);
    resource::lock_within(conn, code, &scopes).await?.ok_or(CatalogueError::NotFound("resource"))
}

/// Refuses an organisation that the permission does not cover, such as a forged id in a form.
async fn covered(
    conn: &mut PgConnection,
    actor: &Actor,
    permission: &'static str,
    organisation: OrganisationId,
) -> Result<(), CatalogueError> {
    let scopes = actor.scopes(permission);
    let covered = actor.kind != ActorKind::System && resource::covers(conn, &scopes, organisation).await?;
    if covered { Ok(()) } else { Err(CatalogueError::Forbidden(permission)) }
}
