//! An agreement's life: made, then revoked by the provider, ended by the user, or expired by the calendar.
use jh_core::actor::{Command, OrganisationId};
use jh_core::clock::china_day;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::{CREATE, DECIDE, REASON_CHARS_MIN, bounded, optional, person, step};
use crate::clauses::{self, Draft, Label, Party};
use crate::fault::ExchangeError;
use crate::model::{AgreementAct, AgreementId, AgreementState, RequestId, TermsId, shards};
use crate::store::agreement::{AgreementRow, Closing};
use crate::store::{self, RequestRow, Side};

/// The most agreements one run of the job expires; the next run goes on.
const EXPIRED_AT_ONCE: i64 = 500;

/// Makes the agreement of a request on terms already written.
pub async fn make(
    work: &mut Work,
    request: &RequestRow,
    terms_id: TermsId,
) -> Result<(AgreementId, String), ExchangeError> {
    let now = work.now();
    let stored = store::terms::fetch(work.conn(), terms_id).await?.ok_or(ExchangeError::NotFound("terms"))?;
    let terms = &stored.terms;
    let number = store::next_number(work.conn(), "agreement", china_day(now).year()).await?;
    let row = AgreementRow {
        agreement_id: AgreementId::at(now),
        number: number.clone(),
        request_id: request.request_id,
        resource_id: request.resource_id,
        resource_code: request.resource_code.clone(),
        resource_title: request.resource_title.clone(),
        resource_title_en: request.resource_title_en.clone(),
        resource_version: request.resource_version,
        row_kind: request.row_kind,
        provider_id: request.provider_id,
        provider_name: request.provider_name.clone(),
        requester_id: request.requester_id,
        requester_name: request.requester_name.clone(),
        terms_id,
        shards: shards(terms.calls_a_day, terms.rate_a_minute),
        state: AgreementState::InForce,
        made_at: now,
        closed_at: None,
        closed_by_name: None,
        closed_reason: None,
        calls_a_day: terms.calls_a_day,
        from_on: terms.from_on,
        to_on: terms.to_on,
    };
    let label = |field: &catalogue::api::Field| Label {
        field: field.name.clone(),
        zh: field.label.clone(),
        en: field.label_en.clone(),
    };
    let labels: Vec<_> = stored.fields.iter().chain(&stored.condition_fields).map(label).collect();
    let text = clauses::write(&Draft {
        provider: &Party { id: row.provider_id, name: row.provider_name.clone() },
        requester: &Party { id: row.requester_id, name: row.requester_name.clone() },
        resource: (&row.resource_title, &row.resource_code),
        resource_en: &row.resource_title_en,
        version: row.resource_version,
        purpose: &request.purpose,
        legal_basis: request.legal_basis.as_deref(),
        labels: &labels,
        terms,
    });
    store::agreement::insert(work.conn(), &row, &text).await?;
    let actor = work.actor().organisation;
    let concerned = if actor == Some(row.provider_id) { row.requester_id } else { row.provider_id };
    note(work, "exchange.agreement.made", &row, concerned, Some(&request.purpose)).await?;
    Ok((row.agreement_id, number))
}

/// The provider revokes. The call after this commit is refused.
pub async fn revoke(base: &Base, command: &Command, id: AgreementId, reason: &str) -> Result<(), ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let row = locked(&mut work, id, Side::Providing, DECIDE).await?;
    let mut faults = Vec::new();
    let reason = bounded(&mut faults, "reason", reason, REASON_CHARS_MIN);
    if !faults.is_empty() {
        return Err(ExchangeError::Invalid(faults));
    }
    let by_name = row.provider_name.clone();
    let by = Some(person(&command.actor)?);
    let closing = Closing { state: AgreementState::Revoked, by, by_name: &by_name, reason: Some(&reason) };
    close(&mut work, &row, AgreementAct::Revoke, closing).await?;
    work.commit().await?;
    Ok(())
}

/// The using department ends it.
pub async fn end(base: &Base, command: &Command, id: AgreementId, reason: Option<&str>) -> Result<(), ExchangeError> {
    let mut work = Work::begin(base, command).await?;
    let row = locked(&mut work, id, Side::Asking, CREATE).await?;
    let mut faults = Vec::new();
    let reason = optional(&mut faults, "reason", reason);
    if !faults.is_empty() {
        return Err(ExchangeError::Invalid(faults));
    }
    let by_name = row.requester_name.clone();
    let by = Some(person(&command.actor)?);
    let closing = Closing { state: AgreementState::Ended, by, by_name: &by_name, reason: reason.as_deref() };
    close(&mut work, &row, AgreementAct::End, closing).await?;
    work.commit().await?;
    Ok(())
}

/// Writes `expired` where the term is over. Calls do not wait for this: they look at the term themselves.
pub async fn expire(base: &Base, command: &Command) -> Result<usize, ExchangeError> {
    let today = china_day(command.now);
    let overdue = store::agreement::overdue(&mut *base.db.read().await?, today, EXPIRED_AT_ONCE).await?;
    let mut expired = 0;
    for row in overdue {
        // One transaction each: a fault in one does not keep the others in force.
        let mut work = Work::begin(base, command).await?;
        let closing = Closing { state: AgreementState::Expired, by: None, by_name: "", reason: None };
        match close(&mut work, &row, AgreementAct::Expire, closing).await {
            Ok(()) => {
                work.commit().await?;
                expired += 1;
            }
            Err(ExchangeError::WrongState(_)) => work.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(expired)
}

async fn locked(
    work: &mut Work,
    id: AgreementId,
    side: Side,
    permission: &'static str,
) -> Result<AgreementRow, ExchangeError> {
    let scopes = work.actor().scopes(permission);
    store::agreement::lock(work.conn(), id, side, &scopes).await?.ok_or(ExchangeError::NotFound("agreement"))
}

async fn close(
    work: &mut Work,
    row: &AgreementRow,
    act: AgreementAct,
    closing: Closing<'_>,
) -> Result<(), ExchangeError> {
    let state = row.state.after(act).ok_or(ExchangeError::WrongState(row.state.code()))?;
    let now = work.now();
    if !store::agreement::close(work.conn(), row.agreement_id, closing, now).await? {
        return Err(ExchangeError::WrongState(row.state.code()));
    }
    let (action, concerned) = match act {
        AgreementAct::Expire => ("exchange.agreement.expired", row.requester_id),
        AgreementAct::Revoke => ("exchange.agreement.revoked", row.requester_id),
        AgreementAct::End => ("exchange.agreement.ended", row.provider_id),
    };
    timeline(work, row.request_id, state, closing).await?;
    note(work, action, row, concerned, closing.reason).await
}

async fn timeline(
    work: &mut Work,
    id: RequestId,
    state: AgreementState,
    closing: Closing<'_>,
) -> Result<(), ExchangeError> {
    step(work, id, state.code(), closing.by_name, closing.reason).await
}

async fn note(
    work: &mut Work,
    action: &'static str,
    row: &AgreementRow,
    concerned: OrganisationId,
    purpose: Option<&str>,
) -> Result<(), ExchangeError> {
    let detail = json!({
        "number": row.number, "resource": row.resource_code, "version": row.resource_version,
        "provider_id": row.provider_id, "requester_id": row.requester_id, "request_id": row.request_id,
    });
    let mut entry = Entry::new(action, row.agreement_id).organisation(concerned).detail(detail.clone());
    if let Some(purpose) = purpose {
        entry = entry.purpose(purpose);
    }
    work.audit(entry);
    work.emit(action, row.agreement_id.into(), detail);
    Ok(())
}
