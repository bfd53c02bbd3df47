//! The provider decides; the asker accepts a narrowed offer or withdraws.
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::{Base, Work};
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use catalogue::api::{Classification, Condition, Field};

use super::{
    CREATE, DECIDE, Outcome, REASON_CHARS_MIN, WantedField, agree, bounded, check_conditions, codes, field_terms,
    note_request, optional, outcome, person, published, step,
};
use crate::day;
use crate::fault::ExchangeError;
use crate::model::{FieldTerm, Fit, Handling, Onward, RequestAct, RequestId, RequestState, Terms, TermsId};
use crate::store::terms::Stored;
use crate::store::{self, RequestChange, RequestRow, Side};

/// What the provider decides.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// Gives what was asked, or less of it.
    Grant(Grant),
    /// Gives nothing.
    Refuse {
        /// Why: 5 to 500 characters.
        reason: String,
    },
}

/// What is given. Whatever is left out stays as asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Grant {
    /// The fields given. A sensitive field asked in clear is given in clear only with a reason here, so this may not be
    /// left out when there is one.
    #[serde(default)]
    pub fields: Option<Vec<WantedField>>,
    /// Row conditions in addition to those asked.
    #[serde(default)]
    pub added_conditions: Vec<Condition>,
    /// A later first day.
    #[serde(default, with = "day::plain::option")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from_on: Option<Date>,
    /// An earlier last day.
    #[serde(default, with = "day::plain::option")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to_on: Option<Date>,
    /// Fewer calls a day.
    #[serde(default)]
    pub calls_a_day: Option<i32>,
    /// Fewer calls a minute.
    #[serde(default)]
    pub rate_a_minute: Option<i32>,
    /// Less onward use.
    #[serde(default)]
    pub onward: Option<Onward>,
    /// What the asker should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// Decides a request. Exactly what was asked makes the agreement; less becomes an offer; wider is an error.
pub async fn decide(
    base: &Base,
    command: &Command,
    id: RequestId,
    decision: Decision,
) -> Result<Outcome, ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let row = locked(&mut work, id, Side::Providing, DECIDE).await?;
    let decider = person(&command.actor)?;
    if row.asked_by == Some(decider) {
        return Err(ExchangeError::SamePerson);
    }
    let decided = Some((Some(decider), &*command.actor.name));
    let (state, made) = match decision {
        Decision::Refuse { reason } => {
            let state = after(&row, RequestAct::Refuse)?;
            let mut faults = Vec::new();
            let reason = bounded(&mut faults, "reason", &reason, REASON_CHARS_MIN);
            none_of(faults)?;
            let change = RequestChange { state, offered: None, decided, reason: Some(&reason) };
            store::change_request(work.conn(), id, &change, command.now).await?;
            step(&mut work, id, "refused", &row.provider_name, Some(&reason)).await?;
            note_request(&mut work, "exchange.request.refused", &row, row.requester_id).await?;
            (state, None)
        }
        Decision::Grant(grant) => give(&mut work, &row, &grant, decided).await?,
    };
    work.commit().await?;
    Ok(outcome(&row, state, made))
}

type Made = Option<(crate::model::AgreementId, String)>;

async fn give(
    work: &mut Work,
    row: &RequestRow,
    grant: &Grant,
    decided: Option<(Option<uuid::Uuid>, &str)>,
) -> Result<(RequestState, Made), ExchangeError> {
    // Looked at before the form is judged, so that a request already decided is not told about its fields.
    after(row, RequestAct::Offer)?;
    let now = work.now();
    let asked = stored(work, row.asked_terms_id).await?;
    let version = published(work, row.resource_id).await?.ok_or(ExchangeError::ResourceGone)?;
    let known = known_fields(&asked, &version.content.fields);
    let (terms, fit, note) = given(grant, &asked.terms, &known, china_day(now))?;
    codes::check(work, &grant.added_conditions, &version.content.fields).await?;
    let terms_id = TermsId::at(now);
    store::terms::insert(work.conn(), terms_id, &terms, &known, now).await?;
    let act = if fit == Fit::Same { RequestAct::Approve } else { RequestAct::Offer };
    let state = after(row, act)?;
    let change = RequestChange { state, offered: Some(terms_id), decided, reason: note.as_deref() };
    store::change_request(work.conn(), row.request_id, &change, now).await?;
    if fit == Fit::Same {
        step(work, row.request_id, "approved", &row.provider_name, note.as_deref()).await?;
        return Ok((state, Some(agree::make(work, row, terms_id).await?)));
    }
    step(work, row.request_id, "offered", &row.provider_name, note.as_deref()).await?;
    note_request(work, "exchange.request.offered", row, row.requester_id).await?;
    Ok((state, None))
}

/// The terms given, how they compare with those asked, and the note; or everything that is wrong with the form.
fn given(
    grant: &Grant,
    asked: &Terms,
    known: &[Field],
    today: Date,
) -> Result<(Terms, Fit, Option<String>), ExchangeError> {
    let mut faults = Vec::new();
    let note = optional(&mut faults, "note", grant.note.as_deref());
    let fields = match &grant.fields {
        Some(fields) => field_terms(&mut faults, fields, known),
        None => as_asked(&mut faults, &asked.fields, known),
    };
    check_conditions(&mut faults, &grant.added_conditions, known);
    let calls_a_day = grant.calls_a_day.unwrap_or(asked.calls_a_day);
    let terms = Terms {
        fields,
        conditions: asked.conditions.iter().chain(&grant.added_conditions).cloned().collect(),
        calls_a_day,
        rate_a_minute: grant.rate_a_minute.unwrap_or(Terms::usual_rate(calls_a_day).min(asked.rate_a_minute)),
        from_on: grant.from_on.unwrap_or(asked.from_on),
        to_on: grant.to_on.unwrap_or(asked.to_on),
        onward: grant.onward.unwrap_or(asked.onward),
    }
    .canonical();
    faults.extend(terms.check_bounds(today));
    let fit = terms.compare(asked);
    match (fit, faults.is_empty()) {
        (Ok(fit), true) => Ok((terms, fit, note)),
        (Ok(_), false) => Err(ExchangeError::Invalid(faults)),
        (Err(wider), _) => Err(ExchangeError::Invalid(faults.into_iter().chain(wider).collect())),
    }
}

/// All asked fields as asked. One asked in clear needs the provider's own reason, which only the form can give.
fn as_asked(faults: &mut Vec<FieldError>, asked: &[FieldTerm], known: &[Field]) -> Vec<FieldTerm> {
    let sensitive = |name: &str| known.iter().any(|field| field.name == name && field.sensitive());
    if asked.iter().any(|field| field.handling == Handling::Clear && sensitive(&field.name)) {
        faults.push(FieldError { field: "fields", code: "exchange-clear-reason-missing", args: Vec::new() });
    }
    asked.to_vec()
}

/// The fields as asked, with the provider's further fields for row conditions. Where the resource has since called a
/// field sensitive, it is.
pub fn known_fields(asked: &Stored, published: &[Field]) -> Vec<Field> {
    let mut known: Vec<Field> = asked.fields.clone();
    let more = asked.condition_fields.iter().chain(published);
    for field in more {
        match known.iter_mut().find(|known| known.name == field.name) {
            Some(same) if field.sensitive() => same.classification = Classification::Sensitive,
            Some(_) => {}
            None => known.push(field.clone()),
        }
    }
    known
}

/// The asker accepts a narrowed offer; the agreement is made.
pub async fn accept(base: &Base, command: &Command, id: RequestId) -> Result<Outcome, ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let row = locked(&mut work, id, Side::Asking, CREATE).await?;
    if row.decided_by == Some(person(&command.actor)?) {
        return Err(ExchangeError::SamePerson);
    }
    let state = after(&row, RequestAct::Accept)?;
    let terms_id = row.offered_terms_id.ok_or(ExchangeError::NotFound("offer"))?;
    published(&mut work, row.resource_id).await?.ok_or(ExchangeError::ResourceGone)?;
    let offered = stored(&mut work, terms_id).await?;
    none_of(offered.terms.check_bounds(china_day(command.now)))?;
    let change = RequestChange { state, offered: None, decided: None, reason: None };
    store::change_request(work.conn(), id, &change, command.now).await?;
    step(&mut work, id, "accepted", &row.requester_name, None).await?;
    let made = agree::make(&mut work, &row, terms_id).await?;
    work.commit().await?;
    Ok(outcome(&row, state, Some(made)))
}

/// The asker takes the request back, or declines the offer.
pub async fn withdraw(
    base: &Base,
    command: &Command,
    id: RequestId,
    reason: Option<&str>,
) -> Result<Outcome, ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let row = locked(&mut work, id, Side::Asking, CREATE).await?;
    let state = after(&row, RequestAct::Withdraw)?;
    let mut faults = Vec::new();
    let reason = optional(&mut faults, "reason", reason);
    none_of(faults)?;
    let change = RequestChange { state, offered: None, decided: None, reason: None };
    store::change_request(work.conn(), id, &change, command.now).await?;
    step(&mut work, id, "withdrawn", &row.requester_name, reason.as_deref()).await?;
    note_request(&mut work, "exchange.request.withdrawn", &row, row.provider_id).await?;
    work.commit().await?;
    Ok(outcome(&row, state, None))
}

async fn locked(
    work: &mut Work,
    id: RequestId,
    side: Side,
    permission: &'static str,
) -> Result<RequestRow, ExchangeError> {
    let scopes = work.actor().scopes(permission);
    store::lock_request(work.conn(), id, side, &scopes).await?.ok_or(ExchangeError::NotFound("request"))
}

fn after(row: &RequestRow, act: RequestAct) -> Result<RequestState, ExchangeError> {
    row.state.after(act).ok_or(ExchangeError::WrongState(row.state.code()))
}

async fn stored(work: &mut Work, id: TermsId) -> Result<Stored, ExchangeError> {
    store::terms::fetch(work.conn(), id).await?.ok_or(ExchangeError::NotFound("terms"))
}

fn none_of(faults: Vec<FieldError>) -> Result<(), ExchangeError> {
    if faults.is_empty() { Ok(()) } else { Err(ExchangeError::Invalid(faults)) }
}
