//! Clocks as rows.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};

use super::count::CountRow;
use crate::model::CaseId;
use crate::model::calendar::{Span, Unit};
use crate::model::clocks::{Clock, ClockState};

/// A clock of a case, with which round of its limit it is.
#[derive(Clone, Debug)]
pub struct ClockRow {
    pub round: i16,
    pub clock: Clock,
    pub started_at: OffsetDateTime,
    pub missed_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    pub organisation_id: Option<OrganisationId>,
}

#[derive(FromRow)]
struct Flat {
    code: String,
    round: i16,
    base_at: OffsetDateTime,
    started_at: OffsetDateTime,
    amount: i32,
    unit: Unit,
    extra_amount: Option<i32>,
    extra_unit: Option<Unit>,
    due_at: OffsetDateTime,
    warn_at: Option<OffsetDateTime>,
    state: ClockState,
    level: i16,
    missed_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
    fire_at: Option<OffsetDateTime>,
    organisation_id: Option<OrganisationId>,
}

impl From<Flat> for ClockRow {
    fn from(flat: Flat) -> Self {
        let clock = Clock {
            code: flat.code,
            base_at: flat.base_at,
            span: Span::new(flat.amount, flat.unit),
            extra: flat.extra_amount.zip(flat.extra_unit).map(|(amount, unit)| Span::new(amount, unit)),
            due_at: flat.due_at,
            warn_at: flat.warn_at,
            state: flat.state,
            level: flat.level,
            fire_at: flat.fire_at,
        };
        let (round, started_at, missed_at, ended_at) = (flat.round, flat.started_at, flat.missed_at, flat.ended_at);
        Self { round, clock, started_at, missed_at, ended_at, organisation_id: flat.organisation_id }
    }
}

/// All clocks of a case, in the order in which they started.
pub async fn of_case(conn: &mut PgConnection, id: CaseId) -> Result<Vec<ClockRow>, DbError> {
    let rows: Vec<Flat> = sqlx::query_as(
        "SELECT code, round, base_at, started_at, amount, unit, extra_amount, extra_unit, due_at, warn_at, state, level,
                missed_at, ended_at, fire_at, organisation_id
         FROM casework.deadline WHERE case_id = $1 ORDER BY started_at, code, round",
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(ClockRow::from).collect())
}

/// Writes clocks as they stand now, new ones and old ones, and counts what came of those that ended, in one statement.
pub async fn put(conn: &mut PgConnection, id: CaseId, rows: &[ClockRow], ended: &[CountRow]) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    fn each<R, T>(rows: &[R], of: impl FnMut(&R) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    sqlx::query(
        "WITH counted AS (
             INSERT INTO casework.count_delta (counted_on, centre_id, organisation_id, kind, category, channel, measure, n)
             SELECT *, 1 FROM unnest($18::date[], $19::uuid[], $20::uuid[], $21::text[], $22::text[], $23::text[], $24::text[])
         )
         INSERT INTO casework.deadline AS d (case_id, code, round, base_at, started_at, amount, unit, extra_amount, extra_unit,
             due_at, warn_at, state, level, missed_at, ended_at, fire_at, organisation_id)
         SELECT $1, * FROM unnest($2::text[], $3::int2[], $4::timestamptz[], $5::timestamptz[], $6::int4[], $7::text[],
             $8::int4[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::int2[], $14::timestamptz[],
             $15::timestamptz[], $16::timestamptz[], $17::uuid[])
         ON CONFLICT (case_id, code, round) DO UPDATE SET base_at = excluded.base_at, amount = excluded.amount,
             unit = excluded.unit, extra_amount = excluded.extra_amount, extra_unit = excluded.extra_unit,
             due_at = excluded.due_at, warn_at = excluded.warn_at, state = excluded.state, level = excluded.level,
             missed_at = excluded.missed_at, ended_at = excluded.ended_at, fire_at = excluded.fire_at,
             organisation_id = excluded.organisation_id",
    )
    .bind(id)
    .bind(each(rows, |row| row.clock.code.clone()))
    .bind(each(rows, |row| row.round))
    .bind(each(rows, |row| row.clock.base_at))
    .bind(each(rows, |row| row.started_at))
    .bind(each(rows, |row| row.clock.span.amount))
    .bind(each(rows, |row| row.clock.span.unit.code()))
    .bind(each(rows, |row| row.clock.extra.map(|extra| extra.amount)))
    .bind(each(rows, |row| row.clock.extra.map(|extra| extra.unit.code())))
    .bind(each(rows, |row| row.clock.due_at))
    .bind(each(rows, |row| row.clock.warn_at))
    .bind(each(rows, |row| state_code(row.clock.state)))
    .bind(each(rows, |row| row.clock.level))
    .bind(each(rows, |row| row.missed_at))
    .bind(each(rows, |row| row.ended_at))
    .bind(each(rows, |row| row.clock.fire_at))
    .bind(each(rows, |row| row.organisation_id.map(|id| id.0)))
    .bind(each(ended, |row| row.counted_on))
    .bind(each(ended, |row| row.centre_id))
    .bind(each(ended, |row| row.organisation_id))
    .bind(each(ended, |row| row.kind.clone()))
    .bind(each(ended, |row| row.category.clone()))
    .bind(each(ended, |row| row.channel.clone()))
    .bind(each(ended, |row| row.measure.clone()))
    .execute(conn)
    .await?;
    Ok(())
}

fn state_code(state: ClockState) -> &'static str {
    match state {
        ClockState::Running => "running",
        ClockState::Paused => "paused",
        ClockState::Met => "met",
        ClockState::Late => "late",
    }
}

/// Cases with a clock that is due to be told of, those longest due first.
pub async fn due(conn: &mut PgConnection, now: OffsetDateTime, limit: i64) -> Result<Vec<CaseId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT case_id FROM (
             SELECT case_id, min(fire_at) AS fire_at FROM (
                 SELECT case_id, fire_at FROM casework.deadline
                 WHERE fire_at IS NOT NULL AND fire_at <= $1 ORDER BY fire_at LIMIT $2) AS first
             GROUP BY case_id) AS cases ORDER BY fire_at",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Cases after `after` with a running clock whose time lies over a day: those that a change of that day may move.
pub async fn over_day(
    conn: &mut PgConnection,
    day: Date,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<CaseId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT case_id FROM casework.deadline
         WHERE fire_at IS NOT NULL AND state = 'running' AND case_id > COALESCE($2, '00000000-0000-0000-0000-000000000000'::uuid)
           AND base_at < ($1::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND due_at >= ($1::date - 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
         ORDER BY case_id LIMIT $3",
    )
    .bind(day)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
