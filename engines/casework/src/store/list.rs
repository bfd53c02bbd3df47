//! Lists of cases: a caller's, the ones nearby, what the public may see. The inbox and the search have rooms of their own.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

pub use super::inbox::{Inbox, inbox};
pub use super::search::{Search, search};
use crate::model::{CaseId, Channel, Outcome, Point, Priority};

/// A case in a list.
#[derive(Clone, Debug, FromRow)]
pub struct ListRow {
    pub case_id: CaseId,
    pub number: String,
    pub kind: String,
    pub version: i32,
    pub stage: String,
    pub closed: bool,
    pub title: String,
    pub category_name: String,
    pub priority: Priority,
    pub channel: Channel,
    pub owner_id: OrganisationId,
    pub owner_name: Option<String>,
    pub assignee_name: Option<String>,
    pub address: String,
    pub reported_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
    pub overdue: bool,
    pub paused: bool,
    pub outcome: Option<Outcome>,
}

/// The cases of a telephone, newest first, within scope.
pub async fn of_caller(
    conn: &mut PgConnection,
    phone_blind: &[u8],
    scopes: &[Uuid],
    limit: i64,
) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.* FROM casework.caller k JOIN casework.line l USING (case_id)
         WHERE k.phone_blind = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c WHERE c.ancestor_id = ANY($2) AND c.descendant_id = l.centre_id)
         ORDER BY l.case_id DESC LIMIT $3",
    )
    .bind(phone_blind)
    .bind(scopes)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// An open case near a place, with what is needed to see whether it is the same.
#[derive(Clone, Debug, FromRow)]
pub struct NearRow {
    pub case_id: CaseId,
    pub number: String,
    pub kind: String,
    pub title: String,
    pub description: String,
    pub category: String,
    pub category_name: String,
    pub address: String,
    pub shown: String,
    pub reported_at: OffsetDateTime,
    pub lon: f64,
    pub lat: f64,
    pub metres: f64,
}

/// Whose cases somebody may be told of.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// What the public may know of.
    Public,
    /// What lies with organisations in these scopes.
    Of(&'a [Uuid]),
}

impl<'a> Whose<'a> {
    fn scopes(self) -> Option<&'a [Uuid]> {
        match self {
            Self::Public => None,
            Self::Of(scopes) => Some(scopes),
        }
    }
}

/// Open cases within so many metres, nearest first.
pub async fn near(
    conn: &mut PgConnection,
    point: Point,
    metres: f64,
    whose: Whose<'_>,
    limit: i64,
) -> Result<Vec<NearRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT case_id, number, kind, title, description, category, category_name, address, shown, reported_at, lon, lat, metres
         FROM (
             SELECT f.*, ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat,
                    ST_Distance(f.geom::geography, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography) AS metres
             FROM casework.file f
             WHERE NOT f.closed AND f.geom && ST_Expand(ST_SetSRID(ST_MakePoint($1, $2), 4326), $4, $5)
               AND CASE WHEN $6::uuid[] IS NULL THEN f.shown <> 'nothing' ELSE EXISTS (
                   SELECT 1 FROM identity.v_organisation_closure c
                   WHERE c.ancestor_id = ANY($6) AND c.descendant_id IN (f.centre_id, f.owner_id, f.holder_id)) END
             ORDER BY f.geom <-> ST_SetSRID(ST_MakePoint($1, $2), 4326) LIMIT $7
         ) AS box WHERE metres <= $3 ORDER BY metres, case_id",
    )
    .bind(point.lon)
    .bind(point.lat)
    .bind(metres)
    .bind(metres / (111_320.0 * point.lat.to_radians().cos().abs().max(0.01)))
    .bind(metres / 110_574.0)
    .bind(whose.scopes())
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Open cases of the newest two weeks whose words are like these, newest first: for reports without a place. Any pair of
/// characters will do, so that all of the past would be read without the bound.
pub async fn alike(
    conn: &mut PgConnection,
    words: &str,
    whose: Whose<'_>,
    limit: i64,
) -> Result<Vec<NearRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH hits AS MATERIALIZED (
             SELECT w.case_id
             FROM (SELECT week FROM casework.words ORDER BY case_id DESC LIMIT 1) AS newest,
                  generate_series(newest.week - 1, newest.week) AS weeks (week), casework.words w
             WHERE w.search @@ replace($1, '''@', '''' || weeks.week || '@')::tsquery
         )
         SELECT f.case_id, f.number, f.kind, f.title, f.description, f.category, f.category_name, f.address, f.shown,
                f.reported_at, COALESCE(ST_X(f.geom), 0) AS lon, COALESCE(ST_Y(f.geom), 0) AS lat, -1::float8 AS metres
         FROM hits JOIN casework.file f USING (case_id)
         WHERE NOT f.closed AND CASE WHEN $2::uuid[] IS NULL THEN f.shown <> 'nothing' ELSE EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id IN (f.centre_id, f.owner_id, f.holder_id) OFFSET 0) END
         ORDER BY f.case_id DESC LIMIT $3",
    )
    .bind(words)
    .bind(whose.scopes())
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// What somebody reported or follows, newest first.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    page: PageRequest,
) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.* FROM casework.party p JOIN casework.line l USING (case_id)
         WHERE p.account_id = $1 AND (p.role IN ('reporter', 'joined') OR l.shown <> 'nothing')
         ORDER BY p.since_at DESC, l.case_id LIMIT $2 OFFSET $3",
    )
    .bind(account)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// A case as the public's map shows it.
#[derive(Clone, Debug, FromRow)]
pub struct PublicRow {
    pub case_id: CaseId,
    pub number: String,
    pub kind: String,
    pub version: i32,
    pub stage: String,
    pub closed: bool,
    pub title: String,
    pub description: String,
    pub category: String,
    pub category_name: String,
    pub shown: String,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub reported_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
    pub closed_at: Option<OffsetDateTime>,
    pub outcome: Option<Outcome>,
    pub result: String,
    pub holder_name: Option<String>,
}

/// A corner to a corner, WGS 84 degrees.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

/// What the public may see of cases.
#[derive(Clone, Debug, Default)]
pub struct PublicAsk<'a> {
    pub numbers: Option<&'a [String]>,
    pub kinds: Option<&'a [String]>,
    pub categories: Option<&'a [String]>,
    pub frame: Option<Frame>,
    pub closed: Option<bool>,
    pub from_at: Option<OffsetDateTime>,
    pub to_at: Option<OffsetDateTime>,
    pub page: PageRequest,
}

/// Cases that the public may know of, newest first.
pub async fn public(conn: &mut PgConnection, ask: &PublicAsk<'_>) -> Result<Vec<PublicRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.case_id, f.number, f.kind, f.version, f.stage, f.closed, f.title, f.description, f.category, f.category_name,
                f.shown, f.address, ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat, f.reported_at, f.changed_at, f.due_at,
                f.closed_at, f.outcome, f.result, o.name AS holder_name
         FROM casework.file f LEFT JOIN identity.v_organisation o ON o.organisation_id = f.holder_id
         WHERE f.shown <> 'nothing' AND f.merged_into IS NULL
           AND ($1::text[] IS NULL OR f.number = ANY($1))
           AND ($2::text[] IS NULL OR f.category = ANY($2))
           AND ($3::float8 IS NULL OR f.geom && ST_MakeEnvelope($3, $4, $5, $6, 4326))
           AND ($7::boolean IS NULL OR f.closed = $7)
           AND ($8::timestamptz IS NULL OR f.reported_at >= $8)
           AND ($9::timestamptz IS NULL OR f.reported_at <= $9)
           AND ($10::text[] IS NULL OR f.kind = ANY($10))
         ORDER BY f.case_id DESC LIMIT $11 OFFSET $12",
    )
    .bind(ask.numbers)
    .bind(ask.categories)
    .bind(ask.frame.map(|frame| frame.west))
    .bind(ask.frame.map(|frame| frame.south))
    .bind(ask.frame.map(|frame| frame.east))
    .bind(ask.frame.map(|frame| frame.north))
    .bind(ask.closed)
    .bind(ask.from_at)
    .bind(ask.to_at)
    .bind(ask.kinds)
    .bind(ask.page.limit())
    .bind(ask.page.offset())
    .fetch_all(conn)
    .await?)
}

/// Categories of the newest cases that the public may know of, in the order of their codes. Bounded, since no index leads from a
/// category to its cases.
pub async fn categories_shown(conn: &mut PgConnection) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT category FROM (
             SELECT category FROM casework.file WHERE shown <> 'nothing' ORDER BY case_id DESC LIMIT 5000) AS newest
         ORDER BY category LIMIT 500",
    )
    .fetch_all(conn)
    .await?)
}
