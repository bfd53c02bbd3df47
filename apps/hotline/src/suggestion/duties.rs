//! Duties: written from the document that assigns them, and ended on a day; what was in force when stays known.
use jh_core::actor::{Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_core::gram;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use time::Date;

use super::store::duty::{self, DutyRow};
use super::{DutyId, MANAGE, store};
use crate::fault::HotlineError;

/// The shortest and longest clause.
const CLAUSE_CHARS: (usize, usize) = (4, 1_000);
/// The shortest and longest name of a document.
const SOURCE_CHARS: (usize, usize) = (2, 200);

/// A duty to be written.
#[derive(Clone, Debug)]
pub struct NewDuty {
    /// Whose.
    pub organisation_id: Option<OrganisationId>,
    /// What the document says.
    pub clause: String,
    /// The document.
    pub source: String,
    /// Since when; today unless told.
    pub valid_from_on: Option<Date>,
}

/// Writes a duty.
pub async fn write(base: &Base, command: &Command, new: NewDuty) -> Result<DutyId, HotlineError> {
    let mut faults = Vec::new();
    let within = |text: &str, (least, most): (usize, usize)| (least..=most).contains(&text.chars().count());
    let mut fault = |field, code| faults.push(FieldError { field, code, args: Vec::new() });
    if !within(&new.clause, CLAUSE_CHARS) {
        fault("clause", "hotline-duty-clause");
    }
    if !within(&new.source, SOURCE_CHARS) {
        fault("source", "hotline-duty-source");
    }
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(MANAGE);
    let names = store::names(work.conn(), &scopes).await?;
    let found = names.iter().find(|row| Some(row.organisation_id) == new.organisation_id);
    if found.is_none() {
        fault("organisation_id", "hotline-duty-organisation");
    }
    let Some(organisation) = found.filter(|_| faults.is_empty()) else { return Err(HotlineError::Invalid(faults)) };
    let row = DutyRow {
        duty_id: DutyId::at(command.now),
        organisation_id: organisation.organisation_id,
        organisation_name: organisation.name.clone(),
        clause: new.clause,
        source: new.source,
        valid_from_on: new.valid_from_on.unwrap_or_else(|| china_day(command.now)),
        valid_to_on: None,
    };
    duty::insert(work.conn(), &row, &gram::vector(&[&row.clause]), command.now).await?;
    let detail = json!({ "clause": row.clause, "source": row.source });
    let entry = Entry::new("hotline.duty.written", row.duty_id).organisation(row.organisation_id).detail(detail);
    work.audit(entry);
    work.commit().await?;
    Ok(row.duty_id)
}

/// Ends a duty today.
pub async fn end(base: &Base, command: &Command, id: DutyId) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(MANAGE);
    let ended = duty::end(work.conn(), id, china_day(command.now), &scopes).await?;
    let organisation = ended.ok_or(HotlineError::NotFound("duty"))?;
    work.audit(Entry::new("hotline.duty.ended", id).organisation(organisation));
    Ok(work.commit().await?)
}
