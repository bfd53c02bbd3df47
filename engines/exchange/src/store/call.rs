//! The statements of a governed call: [`take`] before the rows, [`settle`] after them; and the log and tallies read back.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use serde::Deserialize;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use catalogue::api::{Classification, FieldType, ResourceId, RowKind, Rule};

use crate::model::{AgreementId, AgreementState, Handling};

/// An agreed field as a call needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct CallField {
    pub name: String,
    pub element: Option<String>,
    pub field_type: FieldType,
    pub classification: Classification,
    pub rule: Option<Rule>,
    pub handling: Handling,
}

/// An agreed row condition as a call needs it.
#[derive(Clone, Debug, Deserialize)]
pub struct CallCondition {
    pub name: String,
    pub element: Option<String>,
    pub field_type: FieldType,
    pub classification: Classification,
    pub operator: String,
    pub operands: Vec<String>,
}

/// What `take` found, and the shard from which the call was taken, if it was.
#[derive(Clone, Debug, FromRow)]
pub struct Taken {
    pub provider_id: OrganisationId,
    pub requester_id: OrganisationId,
    pub resource_id: ResourceId,
    pub resource_code: String,
    pub number: String,
    pub row_kind: RowKind,
    pub state: AgreementState,
    pub closed_at: Option<OffsetDateTime>,
    pub closed_by_name: Option<String>,
    pub closed_reason: Option<String>,
    pub calls_a_day: i32,
    pub rate_a_minute: i32,
    pub from_on: Date,
    pub to_on: Date,
    pub published: bool,
    pub fields: Json<Vec<CallField>>,
    pub conditions: Json<Vec<CallCondition>>,
    /// Calls taken today before this one.
    pub used: i64,
    /// Whether some shard had room when the statement began.
    pub room: bool,
    /// The shard that gave the call.
    pub shard: Option<i16>,
}

/// Who calls what, when.
#[derive(Clone, Copy, Debug)]
pub struct Knock {
    /// Which agreement.
    pub agreement: AgreementId,
    /// On whose behalf.
    pub caller: Option<OrganisationId>,
    /// The day in China.
    pub today: Date,
    /// The beginning of the minute.
    pub minute_at: OffsetDateTime,
    /// Any number: calls with different ones begin looking for room at different shards.
    pub salt: i32,
}

/// Takes one call from the quota and the rate if the agreement is in force, the day lies in its term, the caller is the
/// using department, the resource is published and a shard has room; all of that in this one statement, so that
/// a revocation committed before it began stops the call. The slices are those of `model::slice`.
pub async fn take(pool: impl PgExecutor<'_>, knock: Knock) -> Result<Option<Taken>, DbError> {
    Ok(sqlx::query_as(
        "WITH a AS MATERIALIZED (
             SELECT g.provider_id, g.requester_id, g.resource_id, g.resource_code, g.number, g.row_kind,
                 g.shards, g.state, g.closed_at, g.closed_by_name, g.closed_reason, g.terms_id,
                 t.calls_a_day, t.rate_a_minute, t.from_on, t.to_on,
                 EXISTS (SELECT 1 FROM catalogue.v_resource r WHERE r.resource_id = g.resource_id) AS published
             FROM exchange.agreement g JOIN exchange.terms t ON t.terms_id = g.terms_id
             WHERE g.agreement_id = $1
         ), s AS MATERIALIZED (
             SELECT n.shard::smallint AS shard, coalesce(c.taken, 0) AS taken,
                 a.calls_a_day / a.shards + (n.shard < a.calls_a_day % a.shards)::int AS quota_slice,
                 a.rate_a_minute / a.shards + (n.shard < a.rate_a_minute % a.shards)::int AS rate_slice,
                 CASE WHEN c.minute_at >= $4 THEN c.minute_taken ELSE 0 END AS minute_taken,
                 (n.shard + $5) % a.shards AS turn
             FROM a CROSS JOIN LATERAL generate_series(0, a.shards - 1) AS n (shard)
             LEFT JOIN exchange.call_tally c ON c.agreement_id = $1 AND c.day_on = $3 AND c.shard = n.shard
         ), room AS MATERIALIZED (
             SELECT s.shard, s.quota_slice, s.rate_slice FROM s
             WHERE s.taken < s.quota_slice AND s.minute_taken < s.rate_slice ORDER BY s.turn LIMIT 1
         ), taken AS (
             INSERT INTO exchange.call_tally AS c
                 (agreement_id, day_on, shard, quota_slice, rate_slice, taken, refused, minute_at, minute_taken)
             SELECT $1, $3, room.shard, room.quota_slice, room.rate_slice, 1, 0, $4, 1 FROM a, room
             WHERE a.state = 'in_force' AND $3 BETWEEN a.from_on AND a.to_on AND a.requester_id = $2 AND a.published
             ON CONFLICT (agreement_id, day_on, shard) DO UPDATE
                 SET taken = c.taken + 1, minute_at = greatest(c.minute_at, excluded.minute_at),
                     minute_taken = CASE WHEN c.minute_at >= excluded.minute_at THEN c.minute_taken + 1 ELSE 1 END
                 WHERE c.taken < c.quota_slice
                     AND (c.minute_at < excluded.minute_at OR c.minute_taken < c.rate_slice)
             RETURNING c.shard
         )
         SELECT a.provider_id, a.requester_id, a.resource_id, a.resource_code, a.number, a.row_kind, a.state, a.closed_at, a.closed_by_name, a.closed_reason, a.calls_a_day, a.rate_a_minute,
             a.from_on, a.to_on, a.published,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'element', f.element, 'field_type', f.field_type,
                  'classification', f.classification, 'rule', f.rule, 'handling', f.handling) ORDER BY f.position), '[]')
              FROM exchange.terms_field f WHERE f.terms_id = a.terms_id) AS fields,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'element', k.element, 'field_type', k.field_type,
                  'classification', k.classification, 'operator', k.operator, 'operands', k.operands)
                  ORDER BY k.position), '[]')
              FROM exchange.terms_condition k WHERE k.terms_id = a.terms_id) AS conditions,
             (SELECT coalesce(sum(s.taken), 0) FROM s) AS used,
             EXISTS (SELECT 1 FROM room) AS room,
             (SELECT taken.shard FROM taken) AS shard
         FROM a",
    )
    .bind(knock.agreement)
    .bind(knock.caller)
    .bind(knock.today)
    .bind(knock.minute_at)
    .bind(knock.salt)
    .fetch_optional(pool)
    .await?)
}

/// One row of the log.
#[derive(Clone, Debug, FromRow)]
pub struct CallRow {
    pub agreement_id: AgreementId,
    pub call_id: Uuid,
    pub called_at: OffsetDateTime,
    pub caller_id: Option<OrganisationId>,
    pub caller_name: String,
    pub fields: Vec<String>,
    pub filter: String,
    pub rows_returned: i32,
    pub outcome: String,
    pub clause: Option<i16>,
    pub code: Option<String>,
    pub elapsed_us: i64,
    pub request_id: String,
}

/// What to do with the counters when a call is not answered.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered {
    /// The day of the call.
    pub day: Date,
    /// The minute of the call.
    pub minute_at: OffsetDateTime,
    /// The shard to note it in.
    pub shard: i16,
    /// Whether a place in that shard's quota was taken and goes back.
    pub give_back: bool,
}

/// Writes the log row of an answered call.
pub async fn settle(pool: impl PgExecutor<'_>, row: &CallRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.call_log (agreement_id, call_id, called_at, caller_id, caller_name, fields, filter,
             rows_returned, outcome, clause, code, elapsed_us, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(row.agreement_id)
    .bind(row.call_id)
    .bind(row.called_at)
    .bind(row.caller_id)
    .bind(&row.caller_name)
    .bind(&row.fields)
    .bind(&row.filter)
    .bind(row.rows_returned)
    .bind(&row.outcome)
    .bind(row.clause)
    .bind(&row.code)
    .bind(row.elapsed_us)
    .bind(&row.request_id)
    .execute(pool)
    .await?;
    Ok(())
}

/// Writes the log row of a call that was not answered, counts it, and gives its place in the quota back.
pub async fn settle_unanswered(pool: impl PgExecutor<'_>, row: &CallRow, how: Unanswered) -> Result<(), DbError> {
    sqlx::query(
        "WITH counted AS (
             INSERT INTO exchange.call_tally AS c
                 (agreement_id, day_on, shard, quota_slice, rate_slice, taken, refused, minute_at, minute_taken)
             SELECT $1, $14, $15::smallint, t.calls_a_day / a.shards + ($15::smallint < t.calls_a_day % a.shards)::int,
                 t.rate_a_minute / a.shards + ($15::smallint < t.rate_a_minute % a.shards)::int, 0, 1, $16, 0
             FROM exchange.agreement a JOIN exchange.terms t ON t.terms_id = a.terms_id WHERE a.agreement_id = $1
             ON CONFLICT (agreement_id, day_on, shard) DO UPDATE
                 SET refused = c.refused + 1, taken = greatest(c.taken - CASE WHEN $17 THEN 1 ELSE 0 END, 0)
         )
         INSERT INTO exchange.call_log (agreement_id, call_id, called_at, caller_id, caller_name, fields, filter,
             rows_returned, outcome, clause, code, elapsed_us, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(row.agreement_id)
    .bind(row.call_id)
    .bind(row.called_at)
    .bind(row.caller_id)
    .bind(&row.caller_name)
    .bind(&row.fields)
    .bind(&row.filter)
    .bind(row.rows_returned)
    .bind(&row.outcome)
    .bind(row.clause)
    .bind(&row.code)
    .bind(row.elapsed_us)
    .bind(&row.request_id)
    .bind(how.day)
    .bind(how.shard)
    .bind(how.minute_at)
    .bind(how.give_back)
    .execute(pool)
    .await?;
    Ok(())
}

/// One page of an agreement's log, latest first, from before a call. The agreement must have been read within scope.
pub async fn log(
    conn: &mut PgConnection,
    id: AgreementId,
    outcome: Option<&str>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<CallRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT agreement_id, call_id, called_at, caller_id, caller_name, fields, filter, rows_returned, outcome, clause,
             code, elapsed_us, request_id
         FROM exchange.call_log
         WHERE agreement_id = $1 AND ($2::text IS NULL OR outcome = $2) AND ($3::uuid IS NULL OR call_id < $3)
         ORDER BY call_id DESC LIMIT $4",
    )
    .bind(id)
    .bind(outcome)
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// One day's calls.
#[derive(Clone, Debug, FromRow)]
pub struct DayRow {
    pub day_on: Date,
    pub answered: i64,
    pub refused: i64,
}

/// Calls by day, earliest first; days without calls are absent. The agreement must have been read within scope.
pub async fn days(conn: &mut PgConnection, id: AgreementId, since: Date) -> Result<Vec<DayRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT day_on, sum(taken) AS answered, sum(refused) AS refused FROM exchange.call_tally
         WHERE agreement_id = $1 AND day_on >= $2 GROUP BY day_on ORDER BY day_on",
    )
    .bind(id)
    .bind(since)
    .fetch_all(conn)
    .await?)
}
