//! Agreements in the database: made once, closed once.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use catalogue::api::{ResourceId, RowKind};

use super::{Narrowing, Side};
use crate::clauses::Clause;
use crate::model::{AgreementId, AgreementState, RequestId, TermsId};

/// One agreement as it stands.
#[derive(Clone, Debug, FromRow)]
pub struct AgreementRow {
    pub agreement_id: AgreementId,
    pub number: String,
    pub request_id: RequestId,
    pub resource_id: ResourceId,
    pub resource_code: String,
    pub resource_title: String,
    pub resource_title_en: String,
    pub resource_version: i32,
    pub row_kind: RowKind,
    pub provider_id: OrganisationId,
    pub provider_name: String,
    pub requester_id: OrganisationId,
    pub requester_name: String,
    pub terms_id: TermsId,
    pub shards: i16,
    pub state: AgreementState,
    pub made_at: OffsetDateTime,
    pub closed_at: Option<OffsetDateTime>,
    pub closed_by_name: Option<String>,
    pub closed_reason: Option<String>,
    pub calls_a_day: i32,
    pub from_on: Date,
    pub to_on: Date,
}

impl AgreementRow {
    /// In force on paper, and its term includes the day: what a call would find, quota and resource apart.
    pub fn open_on(&self, day: Date) -> bool {
        self.state == AgreementState::InForce && (self.from_on..=self.to_on).contains(&day)
    }
}

/// Writes a new agreement with its clauses.
pub async fn insert(conn: &mut PgConnection, row: &AgreementRow, clauses: &[Clause]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.agreement (agreement_id, number, request_id, resource_id, resource_code, resource_title,
             resource_title_en, resource_version, row_kind, provider_id, provider_name, requester_id, requester_name,
             terms_id, shards, state, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(row.agreement_id)
    .bind(&row.number)
    .bind(row.request_id)
    .bind(row.resource_id)
    .bind(&row.resource_code)
    .bind(&row.resource_title)
    .bind(&row.resource_title_en)
    .bind(row.resource_version)
    .bind(row.row_kind.word())
    .bind(row.provider_id)
    .bind(&row.provider_name)
    .bind(row.requester_id)
    .bind(&row.requester_name)
    .bind(row.terms_id)
    .bind(row.shards)
    .bind(row.state)
    .bind(row.made_at)
    .execute(&mut *conn)
    .await?;
    for clause in clauses {
        sqlx::query("INSERT INTO exchange.clause (agreement_id, number, text_zh, text_en) VALUES ($1, $2, $3, $4)")
            .bind(row.agreement_id)
            .bind(clause.number)
            .bind(&clause.text_zh)
            .bind(&clause.text_en)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// An agreement that either side's scope covers.
pub async fn fetch(conn: &mut PgConnection, id: AgreementId, scopes: &[Uuid]) -> Result<Option<AgreementRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.*, t.calls_a_day, t.from_on, t.to_on
         FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id
         WHERE a.agreement_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id IN (a.provider_id, a.requester_id))",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// An agreement locked for closing by one side, if that side's scope covers it.
pub async fn lock(
    conn: &mut PgConnection,
    id: AgreementId,
    side: Side,
    scopes: &[Uuid],
) -> Result<Option<AgreementRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.*, t.calls_a_day, t.from_on, t.to_on
         FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id
         WHERE a.agreement_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2)
               AND c.descendant_id = CASE $3::text WHEN 'providing' THEN a.provider_id ELSE a.requester_id END)
         FOR UPDATE OF a",
    )
    .bind(id)
    .bind(scopes)
    .bind(side.code())
    .fetch_optional(conn)
    .await?)
}

/// The agreement that came of a request.
pub async fn of_request(conn: &mut PgConnection, id: RequestId) -> Result<Option<(AgreementId, String)>, DbError> {
    Ok(sqlx::query_as("SELECT agreement_id, number FROM exchange.agreement WHERE request_id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?)
}

/// One page of agreements, newest first.
pub async fn list(conn: &mut PgConnection, narrowing: &Narrowing<'_>) -> Result<Vec<AgreementRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         SELECT a.*, t.calls_a_day, t.from_on, t.to_on
         FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id
         WHERE (($2::text <> 'providing' AND a.requester_id IN (SELECT descendant_id FROM mine))
             OR ($2::text <> 'asking' AND a.provider_id IN (SELECT descendant_id FROM mine)))
           AND ($3::text IS NULL OR a.state = $3)
           AND ($4::text IS NULL OR a.number ILIKE $4 OR a.resource_title ILIKE $4 OR a.resource_title_en ILIKE $4
                OR a.resource_code ILIKE $4 OR a.provider_name ILIKE $4 OR a.requester_name ILIKE $4)
         ORDER BY a.agreement_id DESC LIMIT $5 OFFSET $6",
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

/// The clauses in order.
pub async fn clauses(conn: &mut PgConnection, id: AgreementId) -> Result<Vec<Clause>, DbError> {
    let rows: Vec<(i16, String, String)> =
        sqlx::query_as("SELECT number, text_zh, text_en FROM exchange.clause WHERE agreement_id = $1 ORDER BY number")
            .bind(id)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(number, text_zh, text_en)| Clause { number, text_zh, text_en }).collect())
}

/// One clause.
pub async fn clause(conn: &mut PgConnection, id: AgreementId, number: i16) -> Result<Option<Clause>, DbError> {
    let row: Option<(i16, String, String)> =
        sqlx::query_as("SELECT number, text_zh, text_en FROM exchange.clause WHERE agreement_id = $1 AND number = $2")
            .bind(id)
            .bind(number)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(number, text_zh, text_en)| Clause { number, text_zh, text_en }))
}

/// How an agreement is closed.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// Expired, revoked or ended.
    pub state: AgreementState,
    /// The account; none when the term ran out.
    pub by: Option<Uuid>,
    /// The side that closed it.
    pub by_name: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

/// Closes an agreement in force; false when another was faster. The next `take` reads this row.
pub async fn close(
    conn: &mut PgConnection,
    id: AgreementId,
    closing: Closing<'_>,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "UPDATE exchange.agreement
         SET state = $2, closed_at = $3, closed_by = $4, closed_by_name = $5, closed_reason = $6
         WHERE agreement_id = $1 AND state = 'in_force'",
    )
    .bind(id)
    .bind(closing.state)
    .bind(now)
    .bind(closing.by)
    .bind(closing.by_name)
    .bind(closing.reason)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Agreements whose term is over but whose state does not say so yet.
pub async fn overdue(conn: &mut PgConnection, today: Date, limit: i64) -> Result<Vec<AgreementRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.*, t.calls_a_day, t.from_on, t.to_on
         FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id
         WHERE a.state = 'in_force' AND t.to_on < $1
         ORDER BY a.agreement_id LIMIT $2",
    )
    .bind(today)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Agreements in the scopes whose term ends within the days given, soonest first.
pub async fn ending(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    today: Date,
    until: Date,
    limit: i64,
) -> Result<Vec<AgreementRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.*, t.calls_a_day, t.from_on, t.to_on
         FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id
         WHERE a.state = 'in_force' AND t.to_on BETWEEN $2 AND $3 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($1) AND c.descendant_id = a.requester_id)
         ORDER BY t.to_on, a.agreement_id LIMIT $4",
    )
    .bind(scopes)
    .bind(today)
    .bind(until)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
