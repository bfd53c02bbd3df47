//! What can be done: permission, rule, store, audit and event in one transaction each.
//!
//! Every function takes the raw input of a form or a JSON document and checks all of it. What an actor may not see is
//! not found, so that a forged id learns nothing.
pub mod account;
pub mod assignment;
pub mod back_off;
pub mod credential;
pub mod ensure;
pub mod organisation;
pub mod registration;
pub mod role;
pub mod session;

use jh_core::actor::OrganisationId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::fault::IdentityError;
use crate::model::fields::Fields;
use crate::store;

/// The permissions this room checks.
pub mod permission {
    /// Create, rename, move, close organisations.
    pub const ORGANISATION: &str = "identity.organisation.manage";
    /// Create and suspend staff accounts, give and withdraw roles.
    pub const ACCOUNT: &str = "identity.account.manage";
    /// Issue, rotate, revoke credentials of departments' systems.
    pub const CREDENTIAL: &str = "identity.credential.manage";
    /// Search the audit trail.
    pub const AUDIT: &str = "audit.read";
}

/// The organisation a person named by code or name in a form field, within the scope. A name that two organisations
/// bear must be told apart by code.
pub(crate) async fn named(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    fields: &mut Fields,
    field: &'static str,
    text: &str,
) -> Result<Option<OrganisationId>, IdentityError> {
    let text = text.trim();
    if text.is_empty() {
        fields.wrong(field, "required");
        return Ok(None);
    }
    // PostgreSQL's text cannot hold U+0000; no organisation is called that.
    let found = match text.contains('\0') {
        true => Vec::new(),
        false => store::organisation::named(conn, scope, text).await?,
    };
    match found.as_slice() {
        [] => fields.wrong(field, "organisation-unknown"),
        [(_, false), _] => {
            fields.wrong(field, "organisation-ambiguous");
            return Ok(None);
        }
        _ => {}
    }
    Ok(found.first().map(|(id, _)| *id))
}
