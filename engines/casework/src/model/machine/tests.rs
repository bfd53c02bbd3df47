//! The machine, act by act and by chance.
use jh_core::actor::OrganisationId;
use proptest::prelude::*;
use uuid::Uuid;

use super::walk::{Step, walk};
use super::*;
use crate::model::calendar::{Span, Unit};
use crate::model::procedure::{Limit, Stage, Transition};

fn stage(code: &str, owner: Owner, closed: bool) -> Stage {
    Stage { code: code.into(), name: code.into(), name_en: code.into(), owner, closed }
}

fn way(stage: &str, act: Act, to: &str, by: &[Role], needs: &[Need]) -> Transition {
    Transition { stage: stage.into(), act, to: to.into(), by: by.to_vec(), needs: needs.to_vec() }
}

/// The smallest procedure that has everything: dispatch, return, result, callback, closing.
fn procedure() -> Procedure {
    use Role::{Centre, Holder, Supervisor};
    Procedure {
        name: "例".into(),
        name_en: "Example".into(),
        held: None,
        stages: vec![
            stage("intake", Owner::Centre, false),
            stage("handling", Owner::Holder, false),
            stage("callback", Owner::Centre, false),
            stage("closed", Owner::Centre, true),
        ],
        transitions: vec![
            way("intake", Act::Dispatch, "handling", &[Centre], &[Need::Organisation]),
            way("intake", Act::Answer, "closed", &[Centre], &[Need::Answer]),
            way("handling", Act::Assignment, "=", &[Holder], &[Need::Person]),
            way("handling", Act::Return, "intake", &[Holder], &[]),
            way("handling", Act::Pause, "=", &[Holder], &[]),
            way("handling", Act::Resumption, "=", &[Holder], &[]),
            way("handling", Act::Result, "callback", &[Holder], &[Need::Answer]),
            way("callback", Act::CallbackSolved, "=", &[Centre], &[]),
            way("callback", Act::CallbackUnreached, "=", &[Centre], &[]),
            way("callback", Act::CallbackUnsolved, "handling", &[Centre], &[]),
            way("callback", Act::Closure, "closed", &[Centre], &[Need::Callback]),
            way("closed", Act::Reopening, "intake", &[Centre], &[]),
            way("*", Act::Supervision, "=", &[Supervisor], &[]),
        ],
        limits: vec![Limit {
            code: "handling".into(),
            name: "办理".into(),
            name_en: "Handling".into(),
            stages: vec!["handling".into()],
            span: Span::new(5, Unit::WorkingDay),
            urgent: None,
            emergency: None,
            restarts: Vec::new(),
            warn_percent: 70,
        }],
    }
}

fn organisation(n: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(n))
}

fn fresh() -> Standing {
    Standing {
        stage: "intake".into(),
        centre: organisation(1),
        holder: None,
        owner: organisation(1),
        assignee: None,
        paused: false,
        confirmed: false,
        unreached: 0,
        photo: false,
        inspected: false,
        awaited: true,
    }
}

fn stands(case: &Standing, moved: Moved) -> Standing {
    Standing {
        stage: moved.stage,
        holder: moved.holder,
        owner: moved.owner,
        assignee: moved.assignee,
        paused: moved.paused,
        confirmed: moved.confirmed,
        unreached: moved.unreached,
        photo: moved.photo,
        inspected: moved.inspected,
        ..case.clone()
    }
}

fn full() -> Given {
    let person = Some(jh_core::actor::AccountId(Uuid::from_u128(5)));
    Given { note: true, organisation: Some(organisation(2)), person, answer: true, photo: true }
}

/// The case after these acts, each by the role given.
fn after(acts: &[(Act, Role)]) -> Result<Standing, Stuck> {
    let mut case = fresh();
    for (act, role) in acts {
        case = stands(&case, apply(&procedure(), &case, *act, &[*role], &full())?);
    }
    Ok(case)
}

#[test]
fn the_example_is_sound() {
    procedure().check().expect("sound");
}

#[test]
fn a_dispatched_case_is_in_the_inbox_of_who_handles_it_and_returned_in_that_of_the_centre() {
    let case = after(&[(Act::Dispatch, Role::Centre)]).expect("dispatched");
    assert_eq!((case.owner, case.holder), (organisation(2), Some(organisation(2))));
    let case = after(&[(Act::Dispatch, Role::Centre), (Act::Return, Role::Holder)]).expect("returned");
    assert_eq!((case.owner, case.holder), (organisation(1), Some(organisation(2))));
}

#[test]
fn nobody_does_what_is_for_others_to_do() {
    assert_eq!(after(&[(Act::Dispatch, Role::Holder)]), Err(Stuck::NotYours));
    assert_eq!(after(&[(Act::Dispatch, Role::Centre), (Act::Result, Role::Centre)]), Err(Stuck::NotYours));
}

#[test]
fn a_closed_case_cannot_be_dispatched() {
    let closed = after(&[(Act::Answer, Role::Centre)]).expect("closed");
    let again = apply(&procedure(), &closed, Act::Dispatch, &[Role::Centre], &full());
    assert_eq!(again, Err(Stuck::NotNow));
    let watched = apply(&procedure(), &closed, Act::Supervision, &[Role::Supervisor], &full());
    assert_eq!(watched, Err(Stuck::NotNow), "any stage means any open stage");
}

#[test]
fn a_case_is_not_closed_without_its_callback() {
    let to_callback = [(Act::Dispatch, Role::Centre), (Act::Result, Role::Holder)];
    let with = |more: &[Act]| {
        let all: Vec<_> = to_callback.into_iter().chain(more.iter().map(|act| (*act, Role::Centre))).collect();
        after(&all)
    };
    assert_eq!(with(&[Act::Closure]), Err(Stuck::Missing(Need::Callback)));
    with(&[Act::CallbackSolved, Act::Closure]).expect("closed after a callback");
    let two = [Act::CallbackUnreached, Act::CallbackUnreached, Act::Closure];
    assert_eq!(with(&two), Err(Stuck::Missing(Need::Callback)));
    with(&[Act::CallbackUnreached, Act::CallbackUnreached, Act::CallbackUnreached, Act::Closure])
        .expect("tried enough");
}

#[test]
fn a_new_result_wants_a_new_callback() {
    let acts = [
        (Act::Dispatch, Role::Centre),
        (Act::Result, Role::Holder),
        (Act::CallbackUnsolved, Role::Centre),
        (Act::Result, Role::Holder),
        (Act::Closure, Role::Centre),
    ];
    assert_eq!(after(&acts), Err(Stuck::Missing(Need::Callback)));
}

#[test]
fn a_case_that_changes_hands_is_nobodys_in_particular_and_a_pause_ends_when_it_moves() {
    let case = after(&[(Act::Dispatch, Role::Centre), (Act::Assignment, Role::Holder), (Act::Pause, Role::Holder)]);
    let case = case.expect("assigned");
    assert!(case.assignee.is_some() && case.paused);
    let back = stands(&case, apply(&procedure(), &case, Act::Return, &[Role::Holder], &full()).expect("returned"));
    assert!(back.assignee.is_none() && !back.paused);
}

#[test]
fn a_procedure_that_strands_cases_is_refused() {
    let with_only = |kept: fn(&Transition) -> bool| {
        let mut changed = procedure();
        changed.transitions.retain(kept);
        changed.check().expect_err("unsound").code
    };
    assert_eq!(with_only(|way| way.act != Act::Dispatch), "unreachable");
    assert_eq!(with_only(|way| way.stage != "callback"), "no-next-step");
    assert_eq!(with_only(|way| way.to != "closed" && way.to != "intake"), "no-end");
    let mut unheld = procedure();
    unheld.transitions.push(way("intake", Act::Acceptance, "handling", &[Role::Centre], &[]));
    assert_eq!(unheld.check().expect_err("unsound").code, "no-holder");
    let mut unnamed = procedure();
    unnamed.transitions[0].needs.clear();
    assert_eq!(unnamed.check().expect_err("unsound").code, "organisation");
    let mut strange = procedure();
    strange.transitions[0].to = "nowhere".into();
    assert_eq!(strange.check().expect_err("unsound").code, "transition-stage");
    let mut endless = procedure();
    endless.limits[0].span.amount = 0;
    assert_eq!(endless.check().expect_err("unsound").code, "limit");
}

proptest! {
    #[test]
    fn no_case_is_ever_without_an_owner_or_a_next_step(
        steps in proptest::collection::vec((0..60_usize, any::<u8>(), any::<u8>(), any::<u8>()), 0..200),
        awaited in any::<bool>(),
    ) {
        let steps: Vec<Step> = steps.into_iter()
            .map(|(act, roles, given, organisation)| Step { act, roles, given, organisation })
            .collect();
        walk(&procedure(), false, awaited, &steps).map_err(TestCaseError::fail)?;
    }
}
