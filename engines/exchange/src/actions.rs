//! What people do: ask, decide, accept, withdraw, revoke, end. Each is permission, rule, store, audit and outbox in one
//! transaction. This module holds asking and what the acts share; `decide` and `agree` hold the rest.
use jh_core::actor::{Actor, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use catalogue::api::{Condition, Field, FilterRefusal, ResourceId, RowFilter, Sharing, SharingKind, Version};
use jh_core::actor::Command;

use crate::fault::ExchangeError;
use crate::model::{
    AgreementId, FieldTerm, Handling, Onward, PURPOSE_CHARS_MIN, RequestId, RequestState, TEXT_CHARS_MAX, Terms,
    TermsId, text_within,
};
use crate::rows;
use crate::store::{self, RequestRow, StepRow};

pub mod agree;
mod codes;
pub mod decide;

/// Asking, accepting, withdrawing and ending: for the using side.
pub const CREATE: &str = "exchange.request.create";
/// Deciding and revoking: for the providing side.
pub const DECIDE: &str = "exchange.request.decide";
/// Seeing, on either side.
pub const READ: &str = "exchange.agreement.read";
/// Calling.
pub const CALL: &str = "exchange.call";
/// The fewest characters of a reason.
pub const REASON_CHARS_MIN: usize = 5;

/// A field wanted or given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct WantedField {
    /// The field's name in the resource.
    pub name: String,
    /// Why a sensitive field is wanted, or given, in clear; without it the field is masked.
    #[serde(default)]
    pub clear_reason: Option<String>,
}

/// What a department asks for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Ask {
    /// The resource's catalogue code.
    pub resource_code: String,
    /// What for: 10 to 500 characters.
    pub purpose: String,
    /// By what law.
    #[serde(default)]
    pub legal_basis: Option<String>,
    /// Which fields.
    pub fields: Vec<WantedField>,
    /// Which rows; empty asks for all.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// First day of the term.
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    pub from_on: Date,
    /// Last day of the term, at most three years later.
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    pub to_on: Date,
    /// Calls expected a day.
    pub calls_a_day: i32,
    /// Whether it is to be passed on.
    #[serde(default = "forbidden")]
    pub onward: Onward,
}

fn forbidden() -> Onward {
    Onward::Forbidden
}

/// What became of an act on a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Outcome {
    /// The request.
    pub request_id: RequestId,
    /// Its number.
    pub number: String,
    /// How it stands now.
    pub state: RequestState,
    /// The agreement, if one was made.
    pub agreement_id: Option<AgreementId>,
    /// The agreement's number.
    pub agreement_number: Option<String>,
}

/// Asks for fields of a resource on behalf of the actor's organisation. An unconditional resource is approved at once
/// by rule, unless a sensitive field is asked in clear.
pub async fn ask(base: &Base, command: &Command, ask: Ask) -> Result<Outcome, ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let now = command.now;
    let (requester_id, requester_name) = own_organisation(&mut work, CREATE).await?;
    let version = askable(&mut work, &ask.resource_code, requester_id).await?;
    let (purpose, legal_basis, terms) = checked(&ask, &version.content.fields, china_day(now))?;
    codes::check(&mut work, &terms.conditions, &version.content.fields).await?;
    let provider_name = store::neighbour::name_of(work.conn(), version.provider_id).await?.unwrap_or_default();
    let by_rule = version.content.sharing.kind() == SharingKind::Unconditional
        && !terms.unmasks_sensitive(|name| is_sensitive(&version.content.fields, name));
    let terms_id = TermsId::at(now);
    store::terms::insert(work.conn(), terms_id, &terms, &version.content.fields, now).await?;
    let number = store::next_number(work.conn(), "request", china_day(now).year()).await?;
    let row = RequestRow {
        request_id: RequestId::at(now),
        number,
        resource_id: version.resource_id,
        resource_code: version.code.clone(),
        resource_title: version.content.title.clone(),
        resource_title_en: version.content.title_en.clone(),
        resource_version: version.version,
        row_kind: version.content.rows.ok_or(ExchangeError::NoRows)?,
        sharing: version.content.sharing.kind(),
        sharing_condition: version.content.sharing.terms().to_owned(),
        provider_id: version.provider_id,
        provider_name,
        requester_id,
        requester_name,
        purpose,
        legal_basis,
        asked_terms_id: terms_id,
        offered_terms_id: None,
        state: if by_rule { RequestState::Agreed } else { RequestState::Requested },
        asked_by: command.actor.account.map(Into::into),
        asked_by_name: command.actor.name.to_string(),
        asked_at: now,
        by_rule,
        decided_by: None,
        decided_by_name: None,
        decided_at: by_rule.then_some(now),
        decision_reason: None,
        changed_at: now,
    };
    store::insert_request(work.conn(), &row).await?;
    step(&mut work, row.request_id, "requested", &row.requester_name, Some(&row.purpose)).await?;
    note_request(&mut work, "exchange.request.made", &row, row.provider_id).await?;
    let made = if by_rule {
        step_by_rule(&mut work, &row, now).await?;
        Some(agree::make(&mut work, &row, terms_id).await?)
    } else {
        None
    };
    work.commit().await?;
    Ok(outcome(&row, row.state, made))
}

pub(super) fn outcome(row: &RequestRow, state: RequestState, made: Option<(AgreementId, String)>) -> Outcome {
    let (agreement_id, agreement_number) = made.unzip();
    Outcome { request_id: row.request_id, number: row.number.clone(), state, agreement_id, agreement_number }
}

/// The organisation the actor acts for, if the permission covers it.
async fn own_organisation(
    work: &mut Work,
    permission: &'static str,
) -> Result<(OrganisationId, String), ExchangeError> {
    let own = work.actor().organisation.ok_or(ExchangeError::OutOfScope(permission))?;
    let scopes = work.actor().scopes(permission);
    let name = store::neighbour::name_within(work.conn(), own, &scopes).await?;
    Ok((own, name.ok_or(ExchangeError::OutOfScope(permission))?))
}

/// The published version of a resource that this organisation may ask for.
async fn askable(work: &mut Work, code: &str, requester: OrganisationId) -> Result<Version, ExchangeError> {
    if code.chars().any(char::is_control) {
        return Err(ExchangeError::NotFound("resource"));
    }
    let id = catalogue::api::resource_by_code(work.conn(), code).await?.ok_or(ExchangeError::NotFound("resource"))?;
    let version = published(work, id).await?.ok_or(ExchangeError::NotFound("resource"))?;
    fit_to_ask(&version, requester)?;
    Ok(version)
}

/// Whether an organisation may ask for a resource at all; the page shows the same refusal before a form is filled in.
pub fn fit_to_ask(version: &Version, requester: OrganisationId) -> Result<(), ExchangeError> {
    match &version.content.sharing {
        Sharing::Withheld { basis } => Err(ExchangeError::Withheld { basis: basis.clone() }),
        _ if version.provider_id == requester => Err(ExchangeError::OwnResource),
        _ if version.content.rows.is_none() => Err(ExchangeError::NoRows),
        _ => Ok(()),
    }
}

pub(super) async fn published(work: &mut Work, id: ResourceId) -> Result<Option<Version>, ExchangeError> {
    Ok(catalogue::api::published(work.conn(), id).await?)
}

fn is_sensitive(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name && field.sensitive())
}

/// Purpose, legal basis and terms as they are kept, or everything that is wrong with the form.
pub fn checked(ask: &Ask, known: &[Field], today: Date) -> Result<(String, Option<String>, Terms), ExchangeError> {
    let mut faults = Vec::new();
    let purpose = bounded(&mut faults, "purpose", &ask.purpose, PURPOSE_CHARS_MIN);
    let legal_basis = optional(&mut faults, "legal_basis", ask.legal_basis.as_deref());
    let fields = field_terms(&mut faults, &ask.fields, known);
    check_conditions(&mut faults, &ask.conditions, known);
    let terms = Terms {
        fields,
        conditions: ask.conditions.clone(),
        calls_a_day: ask.calls_a_day,
        rate_a_minute: Terms::usual_rate(ask.calls_a_day),
        from_on: ask.from_on,
        to_on: ask.to_on,
        onward: ask.onward,
    }
    .canonical();
    if ask.from_on < today {
        faults.push(FieldError { field: "from_on", code: "exchange-from-past", args: Vec::new() });
    }
    faults.extend(terms.check_bounds(today));
    if faults.is_empty() { Ok((purpose, legal_basis, terms)) } else { Err(ExchangeError::Invalid(faults)) }
}

/// A text that must be there.
pub(super) fn bounded(faults: &mut Vec<FieldError>, field: &'static str, text: &str, min: usize) -> String {
    text_within(text, min, TEXT_CHARS_MAX).unwrap_or_else(|code| {
        let args = vec![("min", min.to_string()), ("max", TEXT_CHARS_MAX.to_string())];
        faults.push(FieldError { field, code, args });
        String::new()
    })
}

/// A text that may be left out.
pub(super) fn optional(faults: &mut Vec<FieldError>, field: &'static str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    Some(bounded(faults, field, text, 1))
}

/// The wanted fields in the order of the resource. A sensitive one is masked unless a reason asks for it in clear.
pub(super) fn field_terms(faults: &mut Vec<FieldError>, wanted: &[WantedField], known: &[Field]) -> Vec<FieldTerm> {
    if let Some(stray) = wanted.iter().find(|w| !known.iter().any(|field| field.name == w.name)) {
        let name: String = stray.name.chars().take(64).collect();
        faults.push(FieldError { field: "fields", code: "exchange-field-unknown", args: vec![("name", name)] });
    }
    let mut terms = Vec::new();
    for field in known {
        let Some(want) = wanted.iter().find(|want| want.name == field.name) else { continue };
        let reason = want.clear_reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let (handling, reason) = match reason {
            _ if !field.sensitive() => (Handling::Clear, None),
            None => (Handling::Masked, None),
            Some(text) => (Handling::Clear, Some(bounded(faults, "fields", text, REASON_CHARS_MIN))),
        };
        terms.push(FieldTerm { name: field.name.clone(), handling, reason });
    }
    terms
}

pub(super) fn check_conditions(faults: &mut Vec<FieldError>, conditions: &[Condition], known: &[Field]) {
    if let Some(wrong) = conditions.iter().find(|condition| !rows::bounded(&condition.test)) {
        let name = wrong.field.chars().filter(|c| !c.is_control()).take(64).collect();
        faults.push(FieldError { field: "conditions", code: "exchange-condition-value", args: vec![("name", name)] });
        return;
    }
    if let Err(refusal) = RowFilter(conditions.to_vec()).resolve(known) {
        let (code, args) = match refusal {
            FilterRefusal::UnknownField(name) => ("exchange-condition-field", vec![("name", name)]),
            FilterRefusal::WrongTest(name) => ("exchange-condition-test", vec![("name", name)]),
            FilterRefusal::WrongValue(name) => ("exchange-condition-value", vec![("name", name)]),
            FilterRefusal::TooMany => ("exchange-conditions-many", Vec::new()),
        };
        faults.push(FieldError { field: "conditions", code, args });
    }
}

/// Adds to the timeline, in the name of whoever acts.
pub(super) async fn step(
    work: &mut Work,
    id: RequestId,
    kind: &str,
    organisation: &str,
    note: Option<&str>,
) -> Result<(), ExchangeError> {
    let step = StepRow {
        kind: kind.to_owned(),
        at: work.now(),
        actor_name: work.actor().name.to_string(),
        organisation_name: organisation.to_owned(),
        note: note.map(str::to_owned),
    };
    Ok(store::insert_step(work.conn(), id, &step).await?)
}

async fn step_by_rule(work: &mut Work, row: &RequestRow, now: OffsetDateTime) -> Result<(), ExchangeError> {
    let step = StepRow {
        kind: "approved_by_rule".into(),
        at: now,
        actor_name: String::new(),
        organisation_name: row.provider_name.clone(),
        note: None,
    };
    Ok(store::insert_step(work.conn(), row.request_id, &step).await?)
}

/// Audit and outbox of an act on a request. `concerned` is the other side, which may read the audit row too.
pub(super) async fn note_request(
    work: &mut Work,
    action: &'static str,
    row: &RequestRow,
    concerned: OrganisationId,
) -> Result<(), ExchangeError> {
    let detail = json!({
        "number": row.number, "resource": row.resource_code, "version": row.resource_version,
        "provider_id": row.provider_id, "requester_id": row.requester_id, "by_rule": row.by_rule,
    });
    let entry = Entry::new(action, row.request_id).organisation(concerned).purpose(&row.purpose).detail(detail.clone());
    work.audit(entry);
    work.emit(action, row.request_id.into(), detail);
    Ok(())
}

/// A member of staff, since no machine decides.
pub(super) fn person(actor: &Actor) -> Result<uuid::Uuid, ExchangeError> {
    match (actor.kind, actor.account) {
        (jh_core::actor::ActorKind::Staff, Some(account)) => Ok(account.into()),
        _ => Err(ExchangeError::NoPerson),
    }
}
