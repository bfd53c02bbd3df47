//! Drives a procedure by chance, and looks after each act whether the case still has an owner and a next step. Used by the tests of
//! this engine and of every app that brings a procedure.
use jh_core::actor::OrganisationId;
use uuid::Uuid;

use super::{Given, Moved, Standing, apply};
use crate::model::act::Act;
use crate::model::procedure::{Owner, Procedure, Role};

/// One act by chance: which, by whom, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Which of all acts.
    pub act: usize,
    /// Bits: which roles the actor has.
    pub roles: u8,
    /// Bits: note, organisation, person, answer, photo.
    pub given: u8,
    /// Which organisation.
    pub organisation: u8,
}

fn organisation(n: u8) -> OrganisationId {
    OrganisationId(Uuid::from_u128(u128::from(n) + 1))
}

fn roles(bits: u8) -> Vec<Role> {
    let all =
        [Role::Centre, Role::Holder, Role::Assistant, Role::Inspector, Role::Supervisor, Role::Reporter, Role::System];
    all.into_iter().enumerate().filter_map(|(at, role)| (bits & (1 << at) != 0).then_some(role)).collect()
}

/// Does the steps one after another; answers how many were done, or what was found to be wrong.
pub fn walk(procedure: &Procedure, held: bool, awaited: bool, steps: &[Step]) -> Result<usize, String> {
    let centre = organisation(0);
    let first = procedure.held.as_ref().filter(|_| held).cloned();
    let first = first.or(procedure.first().map(|stage| stage.code.clone())).ok_or("no first stage")?;
    let mut case = Standing {
        stage: first,
        centre,
        holder: None,
        owner: centre,
        assignee: None,
        paused: false,
        confirmed: false,
        unreached: 0,
        photo: false,
        inspected: false,
        awaited,
    };
    let mut done = 0;
    for step in steps {
        let act = Act::ALL[step.act % Act::ALL.len()];
        let bit = |at: u8| step.given & (1 << at) != 0;
        let given = Given {
            note: bit(0),
            organisation: bit(1).then(|| organisation(step.organisation % 4)),
            person: bit(2).then(|| jh_core::actor::AccountId(Uuid::from_u128(7))),
            answer: bit(3),
            photo: bit(4),
        };
        let Ok(moved) = apply(procedure, &case, act, &roles(step.roles), &given) else { continue };
        case = after(case, moved);
        done += 1;
        sound(procedure, &case)?;
    }
    Ok(done)
}

fn after(case: Standing, moved: Moved) -> Standing {
    Standing {
        stage: moved.stage,
        centre: case.centre,
        holder: moved.holder,
        owner: moved.owner,
        assignee: moved.assignee,
        paused: moved.paused,
        confirmed: moved.confirmed,
        unreached: moved.unreached,
        photo: moved.photo,
        inspected: moved.inspected,
        awaited: case.awaited,
    }
}

/// Whether a case has an owner who is the right one, and whether somebody who works on it can take it on from here.
fn sound(procedure: &Procedure, case: &Standing) -> Result<(), String> {
    let stage = procedure.stage(&case.stage).ok_or_else(|| format!("unknown stage {}", case.stage))?;
    if stage.closed {
        return Ok(());
    }
    let right = match stage.owner {
        Owner::Centre => Some(case.centre),
        Owner::Holder => case.holder,
    };
    if right != Some(case.owner) {
        return Err(format!("{case:?} is owned by the wrong organisation"));
    }
    let everything = Given {
        note: true,
        organisation: Some(organisation(9)),
        person: Some(jh_core::actor::AccountId(Uuid::from_u128(7))),
        answer: true,
        photo: true,
    };
    let staff = roles(0b0001_1111);
    let on = Act::ALL
        .iter()
        .any(|act| apply(procedure, case, *act, &staff, &everything).is_ok_and(|moved| moved.stage != case.stage));
    if on { Ok(()) } else { Err(format!("{case:?} has no next step")) }
}
