//! Versions of procedures as rows.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::model::act::Act;
use crate::model::calendar::{Span, Unit};
use crate::model::procedure::{Limit, Need, Owner, Procedure, Role, Stage, Transition};

/// What is known of a version besides its content.
#[derive(Clone, Debug, FromRow)]
pub struct VersionRow {
    pub kind: String,
    pub version: i32,
    pub name: String,
    pub name_en: String,
    pub held_stage: Option<String>,
    pub shipped: Option<Vec<u8>>,
    pub note: String,
    pub published_at: OffsetDateTime,
    pub published_by: String,
}

/// The newest version of a kind, if it was ever installed.
pub async fn newest(conn: &mut PgConnection, kind: &str) -> Result<Option<VersionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT kind, version, name, name_en, held_stage, shipped, note, published_at, published_by
         FROM casework.procedure WHERE kind = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(kind)
    .fetch_optional(conn)
    .await?)
}

/// The versions of a kind, newest first.
pub async fn versions(conn: &mut PgConnection, kind: &str) -> Result<Vec<VersionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT kind, version, name, name_en, held_stage, shipped, note, published_at, published_by
         FROM casework.procedure WHERE kind = $1 ORDER BY version DESC LIMIT 100",
    )
    .bind(kind)
    .fetch_all(conn)
    .await?)
}

#[derive(FromRow)]
struct StageFlat {
    code: String,
    name: String,
    name_en: String,
    owner: String,
    closed: bool,
}

#[derive(FromRow)]
struct WayFlat {
    stage: String,
    act: Act,
    aim: String,
    roles: Vec<String>,
    needs: Vec<String>,
}

#[derive(FromRow)]
struct LimitFlat {
    code: String,
    name: String,
    name_en: String,
    stages: Vec<String>,
    amount: i32,
    unit: Unit,
    urgent_amount: Option<i32>,
    urgent_unit: Option<Unit>,
    emergency_amount: Option<i32>,
    emergency_unit: Option<Unit>,
    restarts: Vec<String>,
    warn_percent: i16,
}

/// A word of ours as its type: rows are written by this program only, so a word it does not know is of a newer one.
fn typed<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// A type's word.
fn word<T: serde::Serialize>(one: &T) -> String {
    serde_json::to_value(one).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn words<T: serde::Serialize>(all: &[T]) -> Vec<String> {
    all.iter().map(word).collect()
}

/// A version's content.
pub async fn load(conn: &mut PgConnection, kind: &str, version: i32) -> Result<Option<Procedure>, DbError> {
    let head: Option<VersionRow> = sqlx::query_as(
        "SELECT kind, version, name, name_en, held_stage, shipped, note, published_at, published_by
         FROM casework.procedure WHERE kind = $1 AND version = $2",
    )
    .bind(kind)
    .bind(version)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(head) = head else { return Ok(None) };
    let stages: Vec<StageFlat> = sqlx::query_as(
        "SELECT code, name, name_en, owner, closed FROM casework.stage WHERE kind = $1 AND version = $2 ORDER BY place",
    )
    .bind(kind)
    .bind(version)
    .fetch_all(&mut *conn)
    .await?;
    let ways: Vec<WayFlat> = sqlx::query_as(
        "SELECT stage, act, aim, roles, needs FROM casework.transition WHERE kind = $1 AND version = $2 ORDER BY place",
    )
    .bind(kind)
    .bind(version)
    .fetch_all(&mut *conn)
    .await?;
    let limits: Vec<LimitFlat> = sqlx::query_as(
        "SELECT code, name, name_en, stages, amount, unit, urgent_amount, urgent_unit, emergency_amount, emergency_unit,
                restarts, warn_percent
         FROM casework.limit_rule WHERE kind = $1 AND version = $2 ORDER BY place",
    )
    .bind(kind)
    .bind(version)
    .fetch_all(conn)
    .await?;
    Ok(Some(Procedure {
        name: head.name,
        name_en: head.name_en,
        held: head.held_stage,
        stages: stages.into_iter().map(stage).collect(),
        transitions: ways.into_iter().map(way).collect(),
        limits: limits.into_iter().map(limit).collect(),
    }))
}

fn stage(flat: StageFlat) -> Stage {
    let owner = typed(&flat.owner).unwrap_or(Owner::Centre);
    Stage { code: flat.code, name: flat.name, name_en: flat.name_en, owner, closed: flat.closed }
}

fn way(flat: WayFlat) -> Transition {
    let by: Vec<Role> = flat.roles.iter().filter_map(|role| typed(role)).collect();
    let needs: Vec<Need> = flat.needs.iter().filter_map(|need| typed(need)).collect();
    Transition { stage: flat.stage, act: flat.act, to: flat.aim, by, needs }
}

fn limit(flat: LimitFlat) -> Limit {
    let span = |amount: Option<i32>, unit: Option<Unit>| amount.zip(unit).map(|(amount, unit)| Span::new(amount, unit));
    Limit {
        span: Span::new(flat.amount, flat.unit),
        urgent: span(flat.urgent_amount, flat.urgent_unit),
        emergency: span(flat.emergency_amount, flat.emergency_unit),
        restarts: flat.restarts.iter().filter_map(|act| Act::parse(act)).collect(),
        warn_percent: u8::try_from(flat.warn_percent).unwrap_or(0),
        code: flat.code,
        name: flat.name,
        name_en: flat.name_en,
        stages: flat.stages,
    }
}

/// Writes a version. False if somebody wrote one of that number meanwhile.
pub async fn insert(conn: &mut PgConnection, head: &VersionRow, content: &Procedure) -> Result<bool, DbError> {
    let written = sqlx::query(
        "INSERT INTO casework.procedure (kind, version, name, name_en, held_stage, shipped, note, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(&head.kind)
    .bind(head.version)
    .bind(&content.name)
    .bind(&content.name_en)
    .bind(&content.held)
    .bind(&head.shipped)
    .bind(&head.note)
    .bind(head.published_at)
    .bind(&head.published_by)
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    for (place, stage) in (1_i32..).zip(&content.stages) {
        sqlx::query(
            "INSERT INTO casework.stage (kind, version, code, place, name, name_en, owner, closed)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&head.kind)
        .bind(head.version)
        .bind(&stage.code)
        .bind(place)
        .bind(&stage.name)
        .bind(&stage.name_en)
        .bind(word(&stage.owner))
        .bind(stage.closed)
        .execute(&mut *conn)
        .await?;
    }
    for (place, way) in (1_i32..).zip(&content.transitions) {
        sqlx::query(
            "INSERT INTO casework.transition (kind, version, place, stage, act, aim, roles, needs)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&head.kind)
        .bind(head.version)
        .bind(place)
        .bind(&way.stage)
        .bind(way.act)
        .bind(&way.to)
        .bind(words(&way.by))
        .bind(words(&way.needs))
        .execute(&mut *conn)
        .await?;
    }
    for (place, limit) in (1_i32..).zip(&content.limits) {
        insert_limit(conn, head, place, limit).await?;
    }
    Ok(true)
}

async fn insert_limit(conn: &mut PgConnection, head: &VersionRow, place: i32, limit: &Limit) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.limit_rule (kind, version, code, place, name, name_en, stages, amount, unit, urgent_amount,
             urgent_unit, emergency_amount, emergency_unit, restarts, warn_percent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&head.kind)
    .bind(head.version)
    .bind(&limit.code)
    .bind(place)
    .bind(&limit.name)
    .bind(&limit.name_en)
    .bind(&limit.stages)
    .bind(limit.span.amount)
    .bind(limit.span.unit)
    .bind(limit.urgent.map(|span| span.amount))
    .bind(limit.urgent.map(|span| span.unit))
    .bind(limit.emergency.map(|span| span.amount))
    .bind(limit.emergency.map(|span| span.unit))
    .bind(words(&limit.restarts))
    .bind(i16::from(limit.warn_percent))
    .execute(conn)
    .await?;
    Ok(())
}
