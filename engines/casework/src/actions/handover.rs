//! Somebody leaves, or an organisation closes: every open case finds its next owner in one transaction.
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::{Base, Work};

use super::{SUPERVISE, step, tell};
use crate::fault::CaseError;
use crate::model::act::Act;
use crate::store;
use crate::store::file::FileRow;
use crate::store::handover as rows;

/// The most open cases that one person hands over in one transaction; nobody works on so many.
const CASES_MAX: i64 = 5_000;

/// Gives all open cases of a person within the actor's scope to another of the same organisation, or back to its inbox.
pub async fn person(base: &Base, command: &Command, from: AccountId, to: Option<AccountId>) -> Result<u64, CaseError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(SUPERVISE);
    let cases = rows::of_person(work.conn(), from, Some(&scopes), CASES_MAX).await?;
    let moved = hand_over(&mut work, cases, to).await?;
    work.commit().await?;
    Ok(moved)
}

/// Whoever stopped working leaves no case behind him: they go back to the inboxes of their organisations.
pub async fn left(work: &mut Work, account: AccountId) -> Result<u64, CaseError> {
    let cases = rows::of_person(work.conn(), account, None, CASES_MAX).await?;
    hand_over(work, cases, None).await
}

async fn hand_over(work: &mut Work, cases: Vec<FileRow>, to: Option<AccountId>) -> Result<u64, CaseError> {
    let mut moved = 0;
    for mut row in cases {
        let holder = row.holder_id.unwrap_or(row.owner_id);
        let name = match to {
            Some(account) => {
                let found = store::organisation::colleague(work.conn(), account, holder).await?;
                Some(found.ok_or_else(|| CaseError::field("person", "casework-person-unknown"))?)
            }
            None => None,
        };
        let mut step = step(&work.actor().clone(), work.now(), Act::Handover, &row.stage);
        step.stage_after.clone_from(&row.stage);
        step.target_id = to.map(|account| account.0);
        step.target_name = name.clone().unwrap_or_default();
        step.note = row.assignee_name.clone().unwrap_or_default();
        row.assignee_id = to;
        row.assignee_name = name;
        row.changed_at = work.now();
        store::file::update(work.conn(), &row, &step).await?;
        tell(work, &row, Act::Handover, &row.stage);
        moved += 1;
    }
    Ok(moved)
}

/// An organisation closed: what it kept, held or owned is its successor's, or that of the organisation above it.
pub async fn organisation_closed(
    work: &mut Work,
    closed: OrganisationId,
    heir: OrganisationId,
) -> Result<u64, CaseError> {
    let name = identity::api::organisation(work.conn(), heir).await?.map(|found| found.name).unwrap_or_default();
    let mut moved = 0;
    loop {
        let cases = rows::of_organisation(work.conn(), closed, 500).await?;
        if cases.is_empty() {
            return Ok(moved);
        }
        for mut row in cases {
            let mut step = step(&work.actor().clone(), work.now(), Act::Handover, &row.stage);
            step.stage_after.clone_from(&row.stage);
            step.target_id = Some(heir.0);
            step.target_name.clone_from(&name);
            row.changed_at = work.now();
            if row.holder_id == Some(closed) {
                row.holder_id = Some(heir);
            }
            if row.owner_id == closed {
                row.owner_id = heir;
                row.assignee_id = None;
                row.assignee_name = None;
            }
            if row.centre_id == closed {
                row.centre_id = heir;
                rows::set_centre(work.conn(), row.case_id, heir).await?;
            }
            store::file::update(work.conn(), &row, &step).await?;
            tell(work, &row, Act::Handover, &row.stage);
            moved += 1;
        }
    }
}
