//! What an installation's first day needs: thousands of organisations, roles, accounts and assignments, each made only
//! if it is not there. Called by the program itself, never by a page; running it twice changes nothing.
use std::collections::HashMap;

use jh_core::actor::{AccountId, OrganisationId};
use jh_core::clock::china_day;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::assignment::hand_over;
use super::session::blind_name;
use crate::fault::IdentityError;
use crate::hashing;
use crate::model::account::{AccountKind, SignInName};
use crate::model::fields::Fields;
use crate::model::organisation::{NewOrganisation, order_load};
use crate::model::password::Password;
use crate::model::role::{Audience, Role, RoleId};
use crate::store::{self, load::Placed};

/// Adds the organisations whose codes are not there yet, in a handful of statements however many they are. Answers the
/// ids of all of them, old and new. Those that exist stay as they are.
pub async fn organisations(
    work: &mut Work,
    rows: &[NewOrganisation],
) -> Result<HashMap<String, OrganisationId>, IdentityError> {
    store::tree::lock(work.conn()).await?;
    let mut codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    codes.extend(rows.iter().filter_map(|row| row.parent_code.clone()));
    let known = store::load::known(work.conn(), &codes).await?;
    let missing: Vec<NewOrganisation> = rows.iter().filter(|row| !known.contains_key(&row.code)).cloned().collect();
    let order = order_load(&missing, |code| known.get(code).map(|(_, kind)| *kind))?;
    let mut ids: HashMap<String, OrganisationId> = known.into_iter().map(|(code, (id, _))| (code, id)).collect();
    let now = work.now();
    let mut placed = Vec::with_capacity(order.len());
    for at in order {
        let new = &missing[at];
        let id = OrganisationId::at(now);
        let parent = new.parent_code.as_ref().and_then(|code| ids.get(code).copied());
        // A code that stands twice in the file is one organisation.
        if ids.insert(new.code.clone(), id).is_some() {
            return Err(IdentityError::LoadRow { code: new.code.clone() });
        }
        placed.push(Placed { id, parent, new });
    }
    if let Some(first) = placed.first() {
        let subject = first.id;
        store::load::insert(work.conn(), &placed, china_day(now), now).await?;
        let facts = json!({ "organisations": placed.len() });
        work.audit(Entry::new("identity.organisation.loaded", subject).detail(facts));
    }
    Ok(ids)
}

/// A role by code; made with these contents if there is none.
#[derive(Clone, Debug)]
pub struct RoleSeed {
    /// Its stable code.
    pub code: &'static str,
    /// Who may hold it.
    pub audience: Audience,
    /// Its Chinese name.
    pub name: &'static str,
    /// Its English name.
    pub name_en: &'static str,
    /// What it is for, in Chinese.
    pub summary: &'static str,
    /// What it is for, in English.
    pub summary_en: &'static str,
    /// What it grants.
    pub permissions: &'static [&'static str],
}

/// Makes a role if there is none of its code.
pub async fn role(work: &mut Work, seed: &RoleSeed) -> Result<RoleId, IdentityError> {
    if let Some(role) = store::role::find(work.conn(), None, Some(seed.code)).await? {
        return Ok(role.id);
    }
    let role = Role {
        id: RoleId::at(work.now()),
        code: seed.code.to_owned(),
        audience: seed.audience,
        name: seed.name.to_owned(),
        name_en: seed.name_en.to_owned(),
        summary: seed.summary.to_owned(),
        summary_en: seed.summary_en.to_owned(),
        permissions: seed.permissions.iter().map(|p| (*p).to_owned()).collect(),
    };
    super::role::insert(work, &role).await?;
    Ok(role.id)
}

/// A member of staff by username; made with these contents if there is none.
#[derive(Clone, Copy)]
pub struct StaffSeed<'a> {
    /// To sign in with.
    pub username: &'a str,
    /// To show.
    pub name: &'a str,
    /// Where the person works.
    pub organisation: OrganisationId,
    /// The first password.
    pub password: &'a str,
    /// Whether it must be changed before anything else.
    pub must_change_password: bool,
}

/// Makes a member of staff if there is none of that username. An existing one keeps password and place.
pub async fn staff(base: &Base, work: &mut Work, seed: &StaffSeed<'_>) -> Result<AccountId, IdentityError> {
    let mut fields = Fields::new();
    let username = SignInName::parse(seed.username).filter(|name| matches!(name, SignInName::Username(_)));
    let username = fields.take("username", username, "username-shape");
    let password = Password::choose(seed.password, &[seed.username, seed.name]);
    let password = password.map_err(|fault| fields.wrong("password", fault.code())).ok();
    fields.done()?;
    let (Some(username), Some(password)) = (username, password) else { return Err(IdentityError::AccountNotFound) };
    let blind = blind_name(base, &username);
    if let Some(known) = store::account::entrant(work.conn(), &blind).await? {
        return Ok(known.account_id);
    }
    let hash = hashing::hash(password).await?;
    let (id, now) = (AccountId::at(work.now()), work.now());
    if !store::account::take_name(work.conn(), &blind, id, now).await? {
        return Err(IdentityError::UsernameTaken);
    }
    let new = store::account::New {
        id,
        kind: AccountKind::Staff,
        username: Some(username.as_str()),
        name: seed.name,
        organisation: Some(seed.organisation),
        phone_sealed: None,
        password_hash: Some(&hash),
        must_change_password: seed.must_change_password,
        by: work.actor().account,
    };
    store::account::insert(work.conn(), &new, now).await?;
    let facts = json!({ "kind": "staff", "username": username.as_str(), "organisation": seed.organisation });
    super::account::record(work, "identity.account.created", id, Some(seed.organisation), facts).await?;
    Ok(id)
}

/// Gives a role in a place until withdrawn; held already is well.
pub async fn assignment(
    work: &mut Work,
    account: AccountId,
    role_code: &str,
    place: OrganisationId,
) -> Result<(), IdentityError> {
    let role = store::role::find(work.conn(), None, Some(role_code)).await?.ok_or(IdentityError::RoleNotFound)?;
    let found = store::account::managed(work.conn(), None, account).await?;
    let kind = found.ok_or(IdentityError::AccountNotFound)?.kind;
    hand_over(work, (account, kind), &role, place, None).await?;
    Ok(())
}
