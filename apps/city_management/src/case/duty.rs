//! Who may do what an officer is sent for (核实、核查). The one rule for the officer's page, its interface and the case's own page:
//! casework asks it before every act (`CaseKind::allow`), the officer's page before it takes a finding.
//!
//! Who keeps the case for the supervision centre may verify and inspect any of its cases. An officer does so where he walks, never
//! what he reported himself, and says that a thing was put right only with a photo of his (`proof`).
use casework::api::{Act, CaseId, FileRow, INSPECT, MANAGE, Part};
use jh_core::actor::{Actor, ActorKind};
use sqlx::PgConnection;

use super::{PATROL, store};
use crate::fault::CityError;

/// What an officer is sent for.
fn is_task(stage: &str, act: Act) -> bool {
    matches!(
        (stage, act),
        ("collection", Act::Acceptance) | ("inspection", Act::InspectionPassed | Act::InspectionFailed)
    )
}

/// The stage of an open case that lies where somebody walks; outside of that, nothing is his to look at.
pub async fn walked(conn: &mut PgConnection, id: CaseId, by: &Actor) -> Result<String, CityError> {
    let account = by.account.ok_or(CityError::NotFound)?;
    store::task_stage(conn, id, account, &by.scopes(INSPECT)).await?.ok_or(CityError::Elsewhere)
}

/// Refuses a task that is not somebody's to do.
pub async fn allowed(conn: &mut PgConnection, case: &FileRow, act: Act, by: &Actor) -> Result<(), CityError> {
    if !is_task(&case.stage, act) || by.kind == ActorKind::System {
        return Ok(());
    }
    if identity::api::in_scope(conn, &by.scopes(MANAGE), case.centre_id).await? {
        return Ok(());
    }
    // An account that inspects and does not patrol is one of the centre's, which sends nobody into a grid.
    let patrols = by.may(PATROL);
    if patrols {
        walked(conn, case.case_id, by).await?;
    }
    let part = casework::api::part_in(conn, by.account, None, case.case_id).await?;
    if act == Act::Acceptance && matches!(part, Some(Part::Reporter | Part::Joined)) {
        return Err(CityError::Conflict("city-management-own-report"));
    }
    if patrols && act == Act::InspectionPassed && !store::proven(conn, case.case_id, case.revision).await? {
        return Err(CityError::Conflict("city-management-proof-missing"));
    }
    Ok(())
}
