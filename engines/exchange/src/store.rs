//! All SQL of the exchange: requests here, terms, agreements and calls in the modules below.
//!
//! Every read for a person takes the scopes of a permission and enforces them in the statement, for both sides. What is
//! outside them does not exist.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use catalogue::api::{ResourceId, RowKind, SharingKind};

use crate::model::{RequestId, RequestState, TermsId};

pub mod agreement;
pub mod call;
pub mod neighbour;
pub mod terms;

/// Which side of a request or agreement is looked from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Both.
    #[default]
    Any,
    /// We ask.
    Asking,
    /// We are asked.
    Providing,
}

impl Side {
    /// From an address; what is none is both.
    pub fn of(text: &str) -> Self {
        match text {
            "asking" => Self::Asking,
            "providing" => Self::Providing,
            _ => Self::Any,
        }
    }

    /// As in an address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Asking => "asking",
            Self::Providing => "providing",
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Narrowing<'a> {
    /// The scopes of `exchange.agreement.read`.
    pub scopes: &'a [Uuid],
    /// Which side.
    pub side: Side,
    /// A state's code.
    pub state: Option<&'a str>,
    /// Part of a number, a title or a party's name.
    pub text: Option<&'a str>,
    /// Which page.
    pub page: PageRequest,
}

impl Narrowing<'_> {
    /// The text as a pattern in which nothing typed is a wildcard.
    pub fn pattern(&self) -> Option<String> {
        let text = self.text?.trim();
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        (!text.is_empty()).then(|| format!("%{escaped}%"))
    }
}

/// One request as it stands.
#[derive(Clone, Debug, FromRow)]
pub struct RequestRow {
    pub request_id: RequestId,
    pub number: String,
    pub resource_id: ResourceId,
    pub resource_code: String,
    pub resource_title: String,
    pub resource_title_en: String,
    pub resource_version: i32,
    pub row_kind: RowKind,
    pub sharing: SharingKind,
    pub sharing_condition: String,
    pub provider_id: OrganisationId,
    pub provider_name: String,
    pub requester_id: OrganisationId,
    pub requester_name: String,
    pub purpose: String,
    pub legal_basis: Option<String>,
    pub asked_terms_id: TermsId,
    pub offered_terms_id: Option<TermsId>,
    pub state: RequestState,
    pub asked_by: Option<Uuid>,
    pub asked_by_name: String,
    pub asked_at: OffsetDateTime,
    pub by_rule: bool,
    pub decided_by: Option<Uuid>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<OffsetDateTime>,
    pub decision_reason: Option<String>,
    pub changed_at: OffsetDateTime,
}

/// One thing that happened.
#[derive(Clone, Debug, FromRow)]
pub struct StepRow {
    pub kind: String,
    pub at: OffsetDateTime,
    pub actor_name: String,
    pub organisation_name: String,
    pub note: Option<String>,
}

/// The next number of a kind in a year, without gaps: a change that is undone gives it back.
pub async fn next_number(conn: &mut PgConnection, kind: &'static str, year: i32) -> Result<String, DbError> {
    let serial: i32 = sqlx::query_scalar(
        "INSERT INTO exchange.numbering AS n (kind, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (kind, year) DO UPDATE SET last = n.last + 1 RETURNING last",
    )
    .bind(kind)
    .bind(year)
    .fetch_one(conn)
    .await?;
    let prefix = if kind == "request" { "SQ" } else { "GX" };
    Ok(format!("{prefix}-{year}-{serial:05}"))
}

/// Writes a new request.
pub async fn insert_request(conn: &mut PgConnection, row: &RequestRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.request (request_id, number, resource_id, resource_code, resource_title, resource_title_en,
             resource_version, row_kind, sharing, sharing_condition, provider_id, provider_name, requester_id,
             requester_name, purpose, legal_basis, asked_terms_id, state, asked_by, asked_by_name, asked_at, by_rule,
             decided_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $21)",
    )
    .bind(row.request_id)
    .bind(&row.number)
    .bind(row.resource_id)
    .bind(&row.resource_code)
    .bind(&row.resource_title)
    .bind(&row.resource_title_en)
    .bind(row.resource_version)
    .bind(row.row_kind.word())
    .bind(row.sharing.word())
    .bind(&row.sharing_condition)
    .bind(row.provider_id)
    .bind(&row.provider_name)
    .bind(row.requester_id)
    .bind(&row.requester_name)
    .bind(&row.purpose)
    .bind(&row.legal_basis)
    .bind(row.asked_terms_id)
    .bind(row.state)
    .bind(row.asked_by)
    .bind(&row.asked_by_name)
    .bind(row.asked_at)
    .bind(row.by_rule)
    .bind(row.decided_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// A request that either side's scope covers.
pub async fn request(conn: &mut PgConnection, id: RequestId, scopes: &[Uuid]) -> Result<Option<RequestRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.* FROM exchange.request r
         WHERE r.request_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id IN (r.provider_id, r.requester_id))",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// A request locked for a change by one side, if that side's scope covers it.
pub async fn lock_request(
    conn: &mut PgConnection,
    id: RequestId,
    side: Side,
    scopes: &[Uuid],
) -> Result<Option<RequestRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.* FROM exchange.request r
         WHERE r.request_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2)
               AND c.descendant_id = CASE $3::text WHEN 'providing' THEN r.provider_id ELSE r.requester_id END)
         FOR UPDATE OF r",
    )
    .bind(id)
    .bind(scopes)
    .bind(side.code())
    .fetch_optional(conn)
    .await?)
}

/// One page of requests, newest first.
pub async fn requests(conn: &mut PgConnection, narrowing: &Narrowing<'_>) -> Result<Vec<RequestRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         SELECT r.* FROM exchange.request r
         WHERE (($2::text <> 'providing' AND r.requester_id IN (SELECT descendant_id FROM mine))
             OR ($2::text <> 'asking' AND r.provider_id IN (SELECT descendant_id FROM mine)))
           AND ($3::text IS NULL OR r.state = $3)
           AND ($4::text IS NULL OR r.number ILIKE $4 OR r.resource_title ILIKE $4 OR r.resource_title_en ILIKE $4
                OR r.resource_code ILIKE $4 OR r.provider_name ILIKE $4 OR r.requester_name ILIKE $4)
         ORDER BY r.request_id DESC LIMIT $5 OFFSET $6",
    )
    .bind(narrowing.scopes)
    .bind(narrowing.side.code())
    .bind(narrowing.state)
    .bind(narrowing.pattern())
    .bind(narrowing.page.limit())
    .bind(narrowing.page.offset())
    .fetch_all(conn)
    .await?)
}

/// What a decision, an acceptance or a withdrawal changes in a request.
#[derive(Clone, Debug)]
pub struct RequestChange<'a> {
    /// The new state.
    pub state: RequestState,
    /// A new offer.
    pub offered: Option<TermsId>,
    /// Who decided; left alone when nobody did.
    pub decided: Option<(Option<Uuid>, &'a str)>,
    /// What the provider says to it.
    pub reason: Option<&'a str>,
}

/// Moves a locked request on.
pub async fn change_request(
    conn: &mut PgConnection,
    id: RequestId,
    change: &RequestChange<'_>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE exchange.request SET state = $2, offered_terms_id = coalesce($3, offered_terms_id),
             decided_by = CASE WHEN $4 THEN $5 ELSE decided_by END,
             decided_by_name = CASE WHEN $4 THEN $6 ELSE decided_by_name END,
             decided_at = CASE WHEN $4 THEN $8 ELSE decided_at END,
             decision_reason = coalesce($7, decision_reason), changed_at = $8
         WHERE request_id = $1",
    )
    .bind(id)
    .bind(change.state)
    .bind(change.offered)
    .bind(change.decided.is_some())
    .bind(change.decided.and_then(|(account, _)| account))
    .bind(change.decided.map(|(_, name)| name))
    .bind(change.reason)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a step to the timeline.
pub async fn insert_step(conn: &mut PgConnection, id: RequestId, step: &StepRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.step (request_id, step_id, kind, at, actor_name, organisation_name, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(jh_core::id::uuid_at(step.at))
    .bind(&step.kind)
    .bind(step.at)
    .bind(&step.actor_name)
    .bind(&step.organisation_name)
    .bind(&step.note)
    .execute(conn)
    .await?;
    Ok(())
}

/// The timeline, latest first. A life has a handful of steps.
pub async fn steps(conn: &mut PgConnection, id: RequestId) -> Result<Vec<StepRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT kind, at, actor_name, organisation_name, note FROM exchange.step
         WHERE request_id = $1 ORDER BY step_id DESC LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// What waits for the actor: requests to decide (scopes of deciding) and offers to accept (scopes of asking).
#[derive(Clone, Debug, FromRow)]
pub struct WaitingRow {
    pub request_id: RequestId,
    pub number: String,
    pub resource_title: String,
    pub other_name: String,
    pub state: RequestState,
    pub changed_at: OffsetDateTime,
}

/// Requests and offers that wait, oldest first.
pub async fn waiting(
    conn: &mut PgConnection,
    decide: &[Uuid],
    ask: &[Uuid],
    account: Option<Uuid>,
    limit: i64,
) -> Result<Vec<WaitingRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.request_id, r.number, r.resource_title,
             CASE r.state WHEN 'requested' THEN r.requester_name ELSE r.provider_name END AS other_name,
             r.state, r.changed_at
         FROM exchange.request r
         WHERE (r.state = 'requested' AND r.asked_by IS DISTINCT FROM $3 AND r.provider_id IN
                 (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)))
            OR (r.state = 'offered' AND r.decided_by IS DISTINCT FROM $3 AND r.requester_id IN
                 (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2)))
         ORDER BY r.changed_at, r.request_id LIMIT $4",
    )
    .bind(decide)
    .bind(ask)
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
