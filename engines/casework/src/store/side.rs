//! What stands beside a case: organisations involved, callbacks, supervisions, extensions, links, attachments.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::CaseId;
use crate::model::calendar::Unit;

/// An organisation beside the owner.
#[derive(Clone, Debug, FromRow)]
pub struct InvolvedRow {
    pub organisation_name: String,
    pub role: String,
    pub asked: String,
    pub since_at: OffsetDateTime,
    pub answer: String,
}

/// The organisations beside the owner.
pub async fn involved(conn: &mut PgConnection, id: CaseId) -> Result<Vec<InvolvedRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_name, role, asked, since_at, answer
         FROM casework.involved WHERE case_id = $1 ORDER BY since_at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// Remembers that an organisation held the case, or asks it to help. One that helps and later held it stays a helper.
pub async fn involve(
    conn: &mut PgConnection,
    id: CaseId,
    organisation: (OrganisationId, &str),
    role: &str,
    asked: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.involved AS i (case_id, organisation_id, organisation_name, role, asked, since_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id, organisation_id) DO UPDATE SET role = 'assistant', asked = excluded.asked,
             since_at = excluded.since_at, done_at = NULL, answer = '' WHERE excluded.role = 'assistant'",
    )
    .bind(id)
    .bind(organisation.0)
    .bind(organisation.1)
    .bind(role)
    .bind(asked)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A helper within scopes says what it did. Answers whether one was asked.
pub async fn assisted(
    conn: &mut PgConnection,
    id: CaseId,
    scopes: &[Uuid],
    answer: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "UPDATE casework.involved SET done_at = $4, answer = $3
         WHERE case_id = $1 AND role = 'assistant' AND done_at IS NULL AND organisation_id IN (
             SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2))",
    )
    .bind(id)
    .bind(scopes)
    .bind(answer)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A callback that was made.
#[derive(Clone, Debug, FromRow)]
pub struct CallbackRow {
    pub callback_id: Uuid,
    pub at: OffsetDateTime,
    pub by_account_id: Option<AccountId>,
    pub by_name: String,
    pub reached: bool,
    pub solved: Option<bool>,
    pub stars: Option<i16>,
    pub note: String,
}

/// Writes a callback.
pub async fn insert_callback(conn: &mut PgConnection, id: CaseId, row: &CallbackRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.callback (case_id, callback_id, at, by_account_id, by_name, reached, solved, stars, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(row.callback_id)
    .bind(row.at)
    .bind(row.by_account_id)
    .bind(&row.by_name)
    .bind(row.reached)
    .bind(row.solved)
    .bind(row.stars)
    .bind(&row.note)
    .execute(conn)
    .await?;
    Ok(())
}

/// When a case's reporter was called in vain last.
pub async fn last_unreached(conn: &mut PgConnection, id: CaseId) -> Result<Option<OffsetDateTime>, DbError> {
    Ok(sqlx::query_scalar("SELECT max(at) FROM casework.callback WHERE case_id = $1 AND NOT reached")
        .bind(id)
        .fetch_one(conn)
        .await?)
}

/// The callbacks of a case.
pub async fn callbacks(conn: &mut PgConnection, id: CaseId) -> Result<Vec<CallbackRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT callback_id, at, by_account_id, by_name, reached, solved, stars, note
         FROM casework.callback WHERE case_id = $1 ORDER BY at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// A supervision asked.
#[derive(Clone, Debug, FromRow)]
pub struct SupervisionRow {
    pub supervision_id: Uuid,
    pub asked_at: OffsetDateTime,
    pub asked_by: String,
    pub organisation_id: OrganisationId,
    pub reason: String,
    pub level: i16,
    pub answered_at: Option<OffsetDateTime>,
    pub answered_by: Option<String>,
    pub answer: String,
}

/// Writes a supervision that waits for an answer.
pub async fn insert_supervision(conn: &mut PgConnection, id: CaseId, row: &SupervisionRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.supervision (case_id, supervision_id, asked_at, asked_by, organisation_id, reason, level)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(row.supervision_id)
    .bind(row.asked_at)
    .bind(&row.asked_by)
    .bind(row.organisation_id)
    .bind(&row.reason)
    .bind(row.level)
    .execute(conn)
    .await?;
    Ok(())
}

/// Answers all supervisions of a case that wait; how many there were.
pub async fn answer_supervisions(
    conn: &mut PgConnection,
    id: CaseId,
    by: &str,
    answer: &str,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let answered = sqlx::query(
        "UPDATE casework.supervision SET answered_at = $4, answered_by = $2, answer = $3
         WHERE case_id = $1 AND answered_at IS NULL",
    )
    .bind(id)
    .bind(by)
    .bind(answer)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(answered.rows_affected())
}

/// The supervisions of a case.
pub async fn supervisions(conn: &mut PgConnection, id: CaseId) -> Result<Vec<SupervisionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT supervision_id, asked_at, asked_by, organisation_id, reason, level, answered_at, answered_by, answer
         FROM casework.supervision WHERE case_id = $1 ORDER BY asked_at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// An extension asked.
#[derive(Clone, Debug, FromRow)]
pub struct ExtensionRow {
    pub extension_id: Uuid,
    pub code: String,
    pub amount: i32,
    pub unit: Unit,
    pub reason: String,
    pub asked_at: OffsetDateTime,
    pub asked_by_id: Option<AccountId>,
    pub asked_by: String,
    pub decided_at: Option<OffsetDateTime>,
    pub decided_by: Option<String>,
    pub granted: Option<bool>,
    pub note: String,
}

/// Asks; false if one waits already.
pub async fn ask_extension(conn: &mut PgConnection, id: CaseId, row: &ExtensionRow) -> Result<bool, DbError> {
    let asked = sqlx::query(
        "INSERT INTO casework.extension (case_id, extension_id, code, amount, unit, reason, asked_at, asked_by_id, asked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (case_id) WHERE decided_at IS NULL DO NOTHING",
    )
    .bind(id)
    .bind(row.extension_id)
    .bind(&row.code)
    .bind(row.amount)
    .bind(row.unit)
    .bind(&row.reason)
    .bind(row.asked_at)
    .bind(row.asked_by_id)
    .bind(&row.asked_by)
    .execute(conn)
    .await?;
    Ok(asked.rows_affected() == 1)
}

/// The extensions of a case.
pub async fn extensions(conn: &mut PgConnection, id: CaseId) -> Result<Vec<ExtensionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT extension_id, code, amount, unit, reason, asked_at, asked_by_id, asked_by, decided_at, decided_by, granted, note
         FROM casework.extension WHERE case_id = $1 ORDER BY asked_at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// Decides on the one that waits.
pub async fn decide_extension(
    conn: &mut PgConnection,
    id: CaseId,
    granted: bool,
    by: &str,
    note: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE casework.extension SET decided_at = $5, decided_by = $3, granted = $2, note = $4
         WHERE case_id = $1 AND decided_at IS NULL",
    )
    .bind(id)
    .bind(granted)
    .bind(by)
    .bind(note)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ties two cases together, both ways.
pub async fn link(
    conn: &mut PgConnection,
    one: CaseId,
    other: CaseId,
    kind: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.link (case_id, other_id, kind, since_at) VALUES ($1, $2, $3, $4), ($2, $1, $3, $4)
         ON CONFLICT (case_id, other_id) DO UPDATE SET kind = excluded.kind",
    )
    .bind(one)
    .bind(other)
    .bind(kind)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A case tied to another, as a page names it.
#[derive(Clone, Debug, FromRow)]
pub struct LinkRow {
    pub other_id: CaseId,
    pub kind: String,
    pub number: String,
    /// What it is about; its title is for those who may see it.
    pub category_name: String,
    pub closed: bool,
}

/// The cases tied to one.
pub async fn links(conn: &mut PgConnection, id: CaseId) -> Result<Vec<LinkRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.other_id, l.kind, f.number, f.category_name, f.closed
         FROM casework.link l JOIN casework.file f ON f.case_id = l.other_id
         WHERE l.case_id = $1 ORDER BY l.since_at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}
