//! Setting up officers' grids: which unit grids belong, and who walks them in which shift.
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::{Value, json};

use crate::code::{OfficerGridId, SHIFTS};
use crate::fault::CityError;
use crate::grid::MANAGE;
use crate::grid::store::officer;

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 60;

/// Makes an officers' grid for an organisation, with some unit grids already in it. Grids that belong elsewhere move here.
pub async fn create(
    base: &Base,
    command: &Command,
    name: &str,
    organisation: Option<OrganisationId>,
    codes: &[String],
) -> Result<OfficerGridId, CityError> {
    if !(1..=NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Err(CityError::field("name", "city-management-name-length"));
    }
    let organisation = organisation.ok_or_else(|| CityError::field("organisation", "required"))?;
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(MANAGE);
    if !identity::api::in_scope(work.conn(), &scopes, organisation).await? {
        return Err(CityError::OutOfScope(MANAGE));
    }
    let id = OfficerGridId::at(command.now);
    officer::insert(work.conn(), id, name, organisation, command.now).await?;
    if !codes.is_empty() {
        move_in(&mut work, id, codes).await?;
    }
    told(work, id, organisation, json!({ "name": name, "taken": codes })).await?;
    Ok(id)
}

async fn move_in(work: &mut Work, id: OfficerGridId, codes: &[String]) -> Result<(), CityError> {
    let (scopes, now) = (work.actor().scopes(MANAGE), work.now());
    officer::release(work.conn(), &scopes, codes, None, now).await?;
    let taken = officer::take(work.conn(), &scopes, codes, id, now).await?;
    // All or none: half a walk set up is nobody's.
    if taken.len() != codes.len() {
        let missing = codes.iter().find(|code| !taken.contains(code)).cloned().unwrap_or_default();
        return Err(CityError::field_with("codes", "city-management-code-unknown", vec![("code", missing)]));
    }
    officer::recolour(work.conn(), id).await?;
    Ok(())
}

/// An open officers' grid that the actor may change, locked.
async fn open(base: &Base, command: &Command, id: OfficerGridId) -> Result<(Work, OrganisationId), CityError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(MANAGE);
    let (_, organisation) = officer::lock(work.conn(), &scopes, id).await?.ok_or(CityError::NotFound)?;
    Ok((work, organisation))
}

async fn told(mut work: Work, id: OfficerGridId, organisation: OrganisationId, detail: Value) -> Result<(), CityError> {
    let entry = Entry::new("city_management.officer_grid.changed", id).organisation(organisation);
    work.audit(entry.detail(detail.clone()));
    work.emit("city_management.officer_grid.changed", id.into(), detail);
    work.commit().await?;
    Ok(())
}

/// Moves unit grids into an officers' grid.
pub async fn take(base: &Base, command: &Command, id: OfficerGridId, codes: &[String]) -> Result<(), CityError> {
    if codes.is_empty() {
        return Err(CityError::field("codes", "city-management-codes-unknown"));
    }
    let (mut work, organisation) = open(base, command, id).await?;
    move_in(&mut work, id, codes).await?;
    told(work, id, organisation, json!({ "taken": codes })).await
}

/// Takes unit grids out of an officers' grid.
pub async fn release(base: &Base, command: &Command, id: OfficerGridId, codes: &[String]) -> Result<(), CityError> {
    let (mut work, organisation) = open(base, command, id).await?;
    let scopes = command.actor.scopes(MANAGE);
    if officer::release(work.conn(), &scopes, codes, Some(id), command.now).await? == 0 {
        return Err(CityError::field("codes", "city-management-codes-unknown"));
    }
    told(work, id, organisation, json!({ "released": codes })).await
}

/// Gives a member of staff a shift.
pub async fn appoint(
    base: &Base,
    command: &Command,
    id: OfficerGridId,
    account: AccountId,
    shift: &str,
) -> Result<(), CityError> {
    let Some(shift) = SHIFTS.into_iter().find(|known| *known == shift) else {
        return Err(CityError::field("shift", "required"));
    };
    let (mut work, organisation) = open(base, command, id).await?;
    if !officer::is_staff(work.conn(), &command.actor.scopes(MANAGE), account).await? {
        return Err(CityError::field("account", "city-management-staff-unknown"));
    }
    if !officer::appoint(work.conn(), id, account, shift, command.now).await? {
        return Err(CityError::field("account", "city-management-shift-held"));
    }
    told(work, id, organisation, json!({ "appointed": account, "shift": shift })).await
}

/// Ends a member of staff's shift.
pub async fn relieve(
    base: &Base,
    command: &Command,
    id: OfficerGridId,
    account: AccountId,
    shift: &str,
) -> Result<(), CityError> {
    let (mut work, organisation) = open(base, command, id).await?;
    if officer::relieve(work.conn(), id, Some((account, shift)), command.now).await? == 0 {
        return Err(CityError::NotFound);
    }
    told(work, id, organisation, json!({ "relieved": account, "shift": shift })).await
}

/// Closes an officers' grid: its unit grids and officers are free.
pub async fn close(base: &Base, command: &Command, id: OfficerGridId) -> Result<(), CityError> {
    let (mut work, organisation) = open(base, command, id).await?;
    officer::relieve(work.conn(), id, None, command.now).await?;
    officer::close(work.conn(), id, command.now).await?;
    told(work, id, organisation, json!({ "closed": true })).await
}
