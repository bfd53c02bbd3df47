//! Setting the supervision centre (监督中心).
use jh_core::actor::{Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::store;
use crate::category::MANAGE;
use crate::fault::CityError;

/// New cases belong to this organisation from now on; running ones stay where they are.
pub async fn set(base: &Base, command: &Command, organisation: Option<OrganisationId>) -> Result<(), CityError> {
    let mut work = Work::begin(base, command).await?;
    let unknown = || CityError::field("organisation", "city-management-organisation-unknown");
    let id = organisation.ok_or_else(unknown)?;
    let found = identity::api::organisation(work.conn(), id).await?;
    found.filter(|one| one.closed_on.is_none()).ok_or_else(unknown)?;
    if !identity::api::in_scope(work.conn(), &command.actor.scopes(MANAGE), id).await? {
        return Err(CityError::OutOfScope(MANAGE));
    }
    store::set_centre(work.conn(), id, command.now, &command.actor.name).await?;
    let detail = json!({ "organisation_id": id });
    work.audit(Entry::new("city_management.centre.set", id).organisation(id).detail(detail));
    work.commit().await?;
    Ok(())
}
