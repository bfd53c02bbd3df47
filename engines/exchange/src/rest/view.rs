//! How requests, agreements, rows and calls look as JSON.
use jh_core::actor::OrganisationId;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use catalogue::api::{Condition, FieldType, Row, RowCursor};

use crate::call::Answer;
use crate::clauses::Clause;
use crate::fault::ExchangeError;
use crate::model::{AgreementId, AgreementState, FieldTerm, Handling, Onward, RequestId, RequestState, Terms};
use crate::store::agreement::AgreementRow;
use crate::store::call::CallRow;
use crate::store::{self, RequestRow};

/// Terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsView {
    fields: Vec<FieldTerm>,
    conditions: Vec<Condition>,
    calls_a_day: i32,
    rate_a_minute: i32,
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    from_on: Date,
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    to_on: Date,
    onward: Onward,
}

impl From<Terms> for TermsView {
    fn from(terms: Terms) -> Self {
        Self {
            fields: terms.fields,
            conditions: terms.conditions,
            calls_a_day: terms.calls_a_day,
            rate_a_minute: terms.rate_a_minute,
            from_on: terms.from_on,
            to_on: terms.to_on,
            onward: terms.onward,
        }
    }
}

/// One request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    request_id: RequestId,
    number: String,
    resource_code: String,
    resource_title: String,
    resource_version: i32,
    provider_id: OrganisationId,
    provider_name: String,
    requester_id: OrganisationId,
    requester_name: String,
    purpose: String,
    legal_basis: Option<String>,
    state: RequestState,
    /// Approved by the rule for unconditional resources.
    by_rule: bool,
    /// What the provider said to it.
    decision_reason: Option<String>,
    asked: TermsView,
    offered: Option<TermsView>,
    agreement_id: Option<AgreementId>,
    #[serde(with = "time::serde::rfc3339")]
    asked_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    decided_at: Option<OffsetDateTime>,
}

/// Fills in a request's terms.
pub async fn request(conn: &mut PgConnection, row: RequestRow) -> Result<RequestView, ExchangeError> {
    let gone = || ExchangeError::NotFound("terms");
    let asked = store::terms::fetch(conn, row.asked_terms_id).await?.ok_or_else(gone)?;
    let offered = match row.offered_terms_id {
        Some(id) => store::terms::fetch(conn, id).await?,
        None => None,
    };
    let agreement = store::agreement::of_request(conn, row.request_id).await?;
    Ok(RequestView {
        request_id: row.request_id,
        number: row.number,
        resource_code: row.resource_code,
        resource_title: row.resource_title,
        resource_version: row.resource_version,
        provider_id: row.provider_id,
        provider_name: row.provider_name,
        requester_id: row.requester_id,
        requester_name: row.requester_name,
        purpose: row.purpose,
        legal_basis: row.legal_basis,
        state: row.state,
        by_rule: row.by_rule,
        decision_reason: row.decision_reason,
        asked: asked.terms.into(),
        offered: offered.map(|stored| stored.terms.into()),
        agreement_id: agreement.map(|(id, _)| id),
        asked_at: row.asked_at,
        decided_at: row.decided_at,
    })
}

/// One agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementView {
    agreement_id: AgreementId,
    number: String,
    request_id: RequestId,
    resource_code: String,
    resource_title: String,
    resource_version: i32,
    provider_id: OrganisationId,
    provider_name: String,
    requester_id: OrganisationId,
    requester_name: String,
    state: AgreementState,
    terms: TermsView,
    clauses: Vec<Clause>,
    #[serde(with = "time::serde::rfc3339")]
    made_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    closed_at: Option<OffsetDateTime>,
    /// The side that closed it.
    closed_by: Option<String>,
    closed_reason: Option<String>,
}

/// Fills in an agreement's terms and clauses.
pub async fn agreement(conn: &mut PgConnection, row: AgreementRow) -> Result<AgreementView, ExchangeError> {
    let stored = store::terms::fetch(conn, row.terms_id).await?.ok_or(ExchangeError::NotFound("terms"))?;
    Ok(AgreementView {
        clauses: store::agreement::clauses(conn, row.agreement_id).await?,
        agreement_id: row.agreement_id,
        number: row.number,
        request_id: row.request_id,
        resource_code: row.resource_code,
        resource_title: row.resource_title,
        resource_version: row.resource_version,
        provider_id: row.provider_id,
        provider_name: row.provider_name,
        requester_id: row.requester_id,
        requester_name: row.requester_name,
        state: row.state,
        terms: stored.terms.into(),
        made_at: row.made_at,
        closed_at: row.closed_at,
        closed_by: row.closed_by_name.filter(|name| !name.is_empty()),
        closed_reason: row.closed_reason,
    })
}

/// One given column.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowField {
    name: String,
    /// How its text reads.
    #[serde(rename = "type")]
    field_type: FieldType,
    handling: Handling,
}

/// Rows as objects: field to canonical text, null where a row has no value.
#[derive(Debug)]
pub struct RowObjects {
    names: Vec<String>,
    rows: Vec<Row>,
}

impl Serialize for RowObjects {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            sequence.serialize_element(&RowObject { names: &self.names, row })?;
        }
        sequence.end()
    }
}

struct RowObject<'a> {
    names: &'a [String],
    row: &'a Row,
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (name, cell) in self.names.iter().zip(&self.row.cells) {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

/// The answer to a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowsView {
    /// The agreement's number.
    agreement: String,
    /// The resource's catalogue code.
    resource: String,
    fields: Vec<RowField>,
    /// Field to canonical text, null where a row has no value.
    #[schema(value_type = Vec<std::collections::HashMap<String, Option<String>>>)]
    rows: RowObjects,
    /// Give it as `cursor` for the page after; null when there is none.
    #[schema(value_type = Option<String>)]
    next: Option<RowCursor>,
    /// Calls left today.
    quota_left: i64,
}

impl From<Answer> for RowsView {
    fn from(answer: Answer) -> Self {
        let names = answer.fields.iter().map(|field| field.name.clone()).collect();
        let field = |field: crate::store::call::CallField| RowField {
            name: field.name,
            field_type: field.field_type,
            handling: field.handling,
        };
        Self {
            agreement: answer.number,
            resource: answer.resource_code,
            fields: answer.fields.into_iter().map(field).collect(),
            rows: RowObjects { names, rows: answer.page.rows },
            next: answer.page.next,
            quota_left: answer.quota_left,
        }
    }
}

/// One call in the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallView {
    call_id: uuid::Uuid,
    #[serde(with = "time::serde::rfc3339")]
    called_at: OffsetDateTime,
    caller_name: String,
    fields: Vec<String>,
    /// Values that are not public are a keyed hash.
    filter: String,
    rows_returned: i32,
    /// answered, refused or failed.
    outcome: String,
    /// The clause that refused.
    clause: Option<i16>,
    /// The refusal's code.
    code: Option<String>,
    elapsed_us: i64,
    request_id: String,
}

impl From<CallRow> for CallView {
    fn from(row: CallRow) -> Self {
        Self {
            call_id: row.call_id,
            called_at: row.called_at,
            caller_name: row.caller_name,
            fields: row.fields,
            filter: row.filter,
            rows_returned: row.rows_returned,
            outcome: row.outcome,
            clause: row.clause,
            code: row.code,
            elapsed_us: row.elapsed_us,
            request_id: row.request_id,
        }
    }
}

/// Some calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallPage {
    /// Latest first.
    items: Vec<CallView>,
    /// Give it as `before` for the page after; null when there is none.
    next: Option<uuid::Uuid>,
}

impl CallPage {
    /// From one row more than is shown.
    pub fn from_rows(mut rows: Vec<CallRow>, size: usize) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(|row| row.call_id);
        Self { items: rows.into_iter().map(CallView::from).collect(), next }
    }
}
