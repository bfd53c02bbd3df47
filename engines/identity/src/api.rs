//! What the rooms above may use of identity. Everything else is private to it.
//!
//! In SQL they use `identity.v_organisation`, `identity.v_organisation_closure` and `identity.v_account` besides.
use std::collections::HashMap;
use std::sync::Arc;

use jh_core::actor::{AccountId, OrganisationId};
use jh_db::{Base, Work};
use jh_web::Authenticator;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::actions::{self, credential};
use crate::store;

pub use crate::actions::credential::Issued;
pub use crate::actions::ensure::{RoleSeed, StaffSeed};
pub use crate::authenticator::SessionAuthenticator;
pub use crate::fault::IdentityError;
pub use crate::model::organisation::{NewOrganisation, OrganisationKind};
pub use crate::model::role::{Audience, RoleId};
pub use crate::store::credential::CredentialId;
pub use crate::store::organisation::Organisation;

/// The schema's files, for tests of rooms above.
pub use crate::MIGRATIONS;

/// What the frame asks who is behind a cookie or a credential.
pub fn authenticator() -> Arc<dyn Authenticator> {
    Arc::new(SessionAuthenticator)
}

/// An organisation by its stable code, open or closed; small letters are forgiven.
pub async fn organisation_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Organisation>, IdentityError> {
    Ok(store::organisation::find_by_code(conn, code).await?)
}

/// An organisation by its id, open or closed.
pub async fn organisation(conn: &mut PgConnection, id: OrganisationId) -> Result<Option<Organisation>, IdentityError> {
    Ok(store::organisation::find(conn, id).await?)
}

/// The root of the tree, once there is one.
pub async fn root(conn: &mut PgConnection) -> Result<Option<OrganisationId>, IdentityError> {
    Ok(store::organisation::root(conn).await?)
}

/// The whole open tree, parents before children; some thousands.
pub async fn tree(conn: &mut PgConnection) -> Result<Vec<Organisation>, IdentityError> {
    Ok(store::organisation::tree(conn).await?)
}

/// Whether an organisation stands at or below one of `scopes` (what `Actor::scopes` gives).
pub async fn in_scope(
    conn: &mut PgConnection,
    scopes: &[uuid::Uuid],
    id: OrganisationId,
) -> Result<bool, IdentityError> {
    Ok(store::organisation::standing(conn, Some(scopes), id).await?.is_some())
}

/// Adds the organisations whose codes are not there yet; answers code to id for all of them and their parents.
pub async fn ensure_organisations(
    work: &mut Work,
    rows: &[NewOrganisation],
) -> Result<HashMap<String, OrganisationId>, IdentityError> {
    actions::ensure::organisations(work, rows).await
}

/// Adds one organisation if its code is not there yet.
pub async fn ensure_organisation(work: &mut Work, row: NewOrganisation) -> Result<OrganisationId, IdentityError> {
    let code = row.code.clone();
    let ids = actions::ensure::organisations(work, &[row]).await?;
    ids.get(&code).copied().ok_or(IdentityError::OrganisationNotFound)
}

/// Makes a role if there is none of its code. An existing one stays as it is.
pub async fn ensure_role(work: &mut Work, seed: &RoleSeed) -> Result<RoleId, IdentityError> {
    actions::ensure::role(work, seed).await
}

/// Makes a member of staff if there is none of that username. An existing one stays as he is.
pub async fn ensure_account(base: &Base, work: &mut Work, seed: &StaffSeed<'_>) -> Result<AccountId, IdentityError> {
    actions::ensure::staff(base, work, seed).await
}

/// Gives a role, by code, in a part of the tree until withdrawn; held already is well.
pub async fn assign(
    work: &mut Work,
    account: AccountId,
    role_code: &str,
    scope: OrganisationId,
) -> Result<(), IdentityError> {
    actions::ensure::assignment(work, account, role_code, scope).await
}

/// Issues a bearer token (`jhc_…`) to a system of an organisation, holding roles (by code, for systems) there. The token
/// is answered once and stored nowhere.
pub async fn issue_credential(
    work: &mut Work,
    organisation: OrganisationId,
    name: &str,
    expires_at: OffsetDateTime,
    role_codes: &[&str],
) -> Result<Issued, IdentityError> {
    let mut roles = Vec::with_capacity(role_codes.len());
    for code in role_codes {
        let role = store::role::find(work.conn(), None, Some(code)).await?;
        roles.push(role.ok_or(IdentityError::RoleNotFound)?);
    }
    credential::issue_in(work, organisation, name, &roles, expires_at).await
}
