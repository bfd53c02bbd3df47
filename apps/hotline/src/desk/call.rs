//! A call becomes a case, and at once what the agent decided: answered, dispatched, or the same as another.
use casework::api::{
    Act, CaseError, CaseId, Channel, Doing, Opened, Point, Priority, Report, Reporter, act_in, merge, open_in,
};
use jh_core::actor::{Command, OrganisationId};
use jh_db::{Base, Work};

use super::kind::KIND;

/// What the agent decided.
#[derive(Clone, Debug)]
pub enum Way {
    /// Answered on the line.
    Answer(String),
    /// Becomes a ticket; somebody dispatches it later.
    Ticket,
    /// To an organisation at once.
    Dispatch(OrganisationId),
    /// The same as another case, which this caller follows from now on.
    Same(CaseId),
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub phone: String,
    pub name: String,
    pub description: String,
    pub category: String,
    pub address: String,
    pub point: Option<Point>,
    pub priority: Priority,
    pub confidential: bool,
    pub wants_answer: bool,
    pub way: Way,
}

/// A call that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The case it became.
    pub opened: Opened,
    /// Whether the case it was to be merged with did not take it, so that it stands by itself.
    pub alone: bool,
}

/// Takes a call for the agent's own organisation.
pub async fn take(base: &Base, command: &Command, call: Call) -> Result<Taken, CaseError> {
    let centre = command.actor.organisation.ok_or(CaseError::OutOfScope(casework::api::CREATE))?;
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(casework::api::CREATE);
    if !identity::api::in_scope(work.conn(), &scopes, centre).await? {
        return Err(CaseError::OutOfScope(casework::api::CREATE));
    }
    let answered = matches!(call.way, Way::Answer(_));
    let report = Report {
        kind: KIND,
        title: String::new(),
        description: call.description,
        category: call.category,
        priority: call.priority,
        channel: Channel::Phone,
        centre,
        address: call.address,
        point: call.point,
        reporter: Some(Reporter {
            account: None,
            name: call.name,
            phone: call.phone,
            email: String::new(),
            confidential: call.confidential,
            // Whoever was answered on the line is not called back.
            wants_answer: call.wants_answer && !answered,
        }),
        held: false,
        photo: false,
        shown: if answered || call.confidential { "nothing" } else { "place" },
        app_ref: None,
        attributes: Vec::new(),
        note: String::new(),
    };
    let opened = open_in(base, &mut work, report).await?;
    match &call.way {
        Way::Answer(answer) => {
            let doing = Doing { answer: answer.clone(), ..Doing::default() };
            act_in(base, &mut work, opened.case_id, Act::Answer, doing).await?;
        }
        Way::Dispatch(organisation) => {
            let doing = Doing { organisation: Some(*organisation), ..Doing::default() };
            act_in(base, &mut work, opened.case_id, Act::Dispatch, doing).await?;
        }
        Way::Ticket | Way::Same(_) => {}
    }
    work.commit().await?;
    let alone = match call.way {
        Way::Same(into) => {
            // The call is safe by now; what cannot be merged any more stands by itself.
            let again = Command { key: None, ..command.clone() };
            merge(base, &again, opened.case_id, into, "").await.is_err()
        }
        _ => false,
    };
    Ok(Taken { opened, alone })
}
