//! Making roles. A role is never changed once made: a wider one is a new one, given anew.
use jh_core::actor::{ActorKind, Command};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::assignment::check_held;
use super::permission;
use crate::fault::IdentityError;
use crate::model::fields::Fields;
use crate::model::role::{Audience, Role, RoleId, parse_role_code};
use crate::store;

/// A new role as a form says it.
#[derive(Clone, Debug, Default)]
pub struct NewRole<'a> {
    /// Its stable code.
    pub code: &'a str,
    /// `staff` or `system`.
    pub audience: &'a str,
    /// Its Chinese name.
    pub name: &'a str,
    /// Its English name, or empty.
    pub name_en: &'a str,
    /// What it is for, in Chinese.
    pub summary: &'a str,
    /// What it is for, in English, or empty.
    pub summary_en: &'a str,
    /// What it grants.
    pub permissions: Vec<String>,
}

/// Makes a role. Roles are the city's, so it takes the right at the root of the tree, and every permission that goes in.
/// `known` are the permissions that modules declare.
pub async fn create(
    base: &Base,
    command: &Command,
    input: &NewRole<'_>,
    known: &[&str],
) -> Result<RoleId, IdentityError> {
    let mut fields = Fields::new();
    let code = fields.take("code", parse_role_code(input.code), "role-code-shape").unwrap_or_default();
    let audience = fields.take("audience", Audience::parse(input.audience), "not-a-choice");
    let name = fields.line("name", input.name, 40);
    let name_en = fields.line_or_empty("name_en", input.name_en, 80);
    let summary = fields.line_or_empty("summary", input.summary, 300);
    let summary_en = fields.line_or_empty("summary_en", input.summary_en, 300);
    if input.permissions.is_empty() {
        fields.wrong("permissions", "permissions-none");
    }
    fields.done()?;
    let audience = audience.ok_or(IdentityError::RoleNotFound)?;
    if let Some(unknown) = input.permissions.iter().find(|p| !known.contains(&p.as_str())) {
        return Err(IdentityError::PermissionUnknown { permission: unknown.clone() });
    }
    let mut work = Work::begin(base, command).await?;
    if command.actor.kind != ActorKind::System {
        let root = store::organisation::root(work.conn()).await?;
        let root = root.ok_or(IdentityError::NeedsRoot { permission: permission::ACCOUNT })?;
        let right = [permission::ACCOUNT.to_owned()];
        if store::role::first_not_held(work.conn(), &command.actor, &right, root).await?.is_some() {
            return Err(IdentityError::NeedsRoot { permission: permission::ACCOUNT });
        }
        check_held(&mut work, &command.actor, &input.permissions, root).await?;
    }
    let id = RoleId::at(work.now());
    let permissions = input.permissions.clone();
    let role = Role { id, code, audience, name, name_en, summary, summary_en, permissions };
    insert(&mut work, &role).await?;
    work.commit().await?;
    Ok(id)
}

/// Adds a role with its audit row.
pub(crate) async fn insert(work: &mut Work, role: &Role) -> Result<(), IdentityError> {
    let now = work.now();
    if !store::role::insert(work.conn(), role, now).await? {
        return Err(IdentityError::RoleCodeTaken);
    }
    let facts = json!({ "code": role.code, "permissions": role.permissions });
    work.audit(Entry::new("identity.role.created", role.id).detail(facts));
    Ok(())
}
