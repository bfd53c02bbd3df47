//! What stands beside a case: organisations involved, callbacks, supervisions, extensions, links, attachments.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::calendar::Unit;
use crate::model::{AttachmentId, CaseId};

/// An organisation of the tree, as cases name it.
#[derive(Clone, Debug, FromRow)]
pub struct OrganisationRow {
    pub organisation_id: OrganisationId,
    pub parent_id: Option<OrganisationId>,
    pub code: String,
    pub name: String,
    pub kind: String,
}

/// An open organisation.
pub async fn organisation(conn: &mut PgConnection, id: OrganisationId) -> Result<Option<OrganisationRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, parent_id, code, name, kind FROM identity.v_organisation
         WHERE organisation_id = $1 AND closed_on IS NULL",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// An open organisation within scopes.
pub async fn organisation_within(
    conn: &mut PgConnection,
    id: OrganisationId,
    scopes: &[Uuid],
) -> Result<Option<OrganisationRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.parent_id, o.code, o.name, o.kind
         FROM identity.v_organisation o JOIN identity.v_organisation_closure c
             ON c.descendant_id = o.organisation_id AND c.ancestor_id = ANY($2)
         WHERE o.organisation_id = $1 AND o.closed_on IS NULL LIMIT 1",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// The organisation so many steps above another, or the root.
pub async fn above(conn: &mut PgConnection, id: OrganisationId, steps: i16) -> Result<OrganisationRow, DbError> {
    Ok(sqlx::query_as(
        "WITH RECURSIVE up AS (
             SELECT organisation_id, parent_id, code, name, kind, 0 AS steps FROM identity.v_organisation
             WHERE organisation_id = $1
             UNION ALL
             SELECT o.organisation_id, o.parent_id, o.code, o.name, o.kind, up.steps + 1
             FROM up JOIN identity.v_organisation o ON o.organisation_id = up.parent_id WHERE up.steps < $2
         )
         SELECT organisation_id, parent_id, code, name, kind FROM up ORDER BY steps DESC LIMIT 1",
    )
    .bind(id)
    .bind(i32::from(steps))
    .fetch_one(conn)
    .await?)
}

/// A person of staff who works in an organisation.
pub async fn colleague(
    conn: &mut PgConnection,
    account: AccountId,
    organisation: OrganisationId,
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT a.name FROM identity.v_account a JOIN identity.v_organisation_closure c
             ON c.ancestor_id = $2 AND c.descendant_id = a.organisation_id
         WHERE a.account_id = $1 AND a.kind = 'staff'",
    )
    .bind(account)
    .bind(organisation)
    .fetch_optional(conn)
    .await?)
}

/// The people of an organisation, for choosing one.
pub async fn colleagues(
    conn: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.name FROM identity.v_account a JOIN identity.v_organisation_closure c
             ON c.ancestor_id = $1 AND c.descendant_id = a.organisation_id
         WHERE a.kind = 'staff' ORDER BY a.name, a.account_id LIMIT 200",
    )
    .bind(organisation)
    .fetch_all(conn)
    .await?)
}

/// An organisation beside the owner.
#[derive(Clone, Debug, FromRow)]
pub struct InvolvedRow {
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub role: String,
    pub asked: String,
    pub since_at: OffsetDateTime,
    pub done_at: Option<OffsetDateTime>,
    pub answer: String,
}

/// The organisations beside the owner.
pub async fn involved(conn: &mut PgConnection, id: CaseId) -> Result<Vec<InvolvedRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, organisation_name, role, asked, since_at, done_at, answer
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
    pub title: String,
    pub closed: bool,
}

/// The cases tied to one.
pub async fn links(conn: &mut PgConnection, id: CaseId) -> Result<Vec<LinkRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.other_id, l.kind, f.number, f.title, f.closed
         FROM casework.link l JOIN casework.file f ON f.case_id = l.other_id
         WHERE l.case_id = $1 ORDER BY l.since_at LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// A photo or paper.
#[derive(Clone, Debug, FromRow)]
pub struct AttachmentRow {
    pub case_id: CaseId,
    pub attachment_id: AttachmentId,
    pub kind: String,
    pub name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub original_sm3: Vec<u8>,
    pub shown_sm3: Option<Vec<u8>>,
    pub small_sm3: Option<Vec<u8>>,
    pub taken_at: Option<OffsetDateTime>,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub added_at: OffsetDateTime,
    pub added_by: String,
    pub added_role: String,
    pub shown: bool,
}

/// Writes one.
pub async fn insert_attachment(conn: &mut PgConnection, row: &AttachmentRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.attachment (case_id, attachment_id, kind, name, media_type, size_bytes, original_sm3, shown_sm3,
             small_sm3, taken_at, geom, added_at, added_by, added_role, shown)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
             CASE WHEN $11::float8 IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint($11, $12), 4326) END, $13, $14, $15, $16)",
    )
    .bind(row.case_id)
    .bind(row.attachment_id)
    .bind(&row.kind)
    .bind(&row.name)
    .bind(&row.media_type)
    .bind(row.size_bytes)
    .bind(&row.original_sm3)
    .bind(&row.shown_sm3)
    .bind(&row.small_sm3)
    .bind(row.taken_at)
    .bind(row.lon)
    .bind(row.lat)
    .bind(row.added_at)
    .bind(&row.added_by)
    .bind(&row.added_role)
    .bind(row.shown)
    .execute(conn)
    .await?;
    Ok(())
}

/// The photos and papers of a case.
pub async fn attachments(conn: &mut PgConnection, id: CaseId) -> Result<Vec<AttachmentRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT case_id, attachment_id, kind, name, media_type, size_bytes, original_sm3, shown_sm3, small_sm3, taken_at,
                ST_X(geom) AS lon, ST_Y(geom) AS lat, added_at, added_by, added_role, shown
         FROM casework.attachment WHERE case_id = $1 ORDER BY added_at, attachment_id LIMIT 200",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// One photo or paper of a case.
pub async fn attachment(
    conn: &mut PgConnection,
    id: CaseId,
    attachment: AttachmentId,
) -> Result<Option<AttachmentRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT case_id, attachment_id, kind, name, media_type, size_bytes, original_sm3, shown_sm3, small_sm3, taken_at,
                ST_X(geom) AS lon, ST_Y(geom) AS lat, added_at, added_by, added_role, shown
         FROM casework.attachment WHERE case_id = $1 AND attachment_id = $2",
    )
    .bind(id)
    .bind(attachment)
    .fetch_optional(conn)
    .await?)
}

/// Shows a case's photos to the public, or hides them.
pub async fn show_attachments(conn: &mut PgConnection, id: CaseId, shown: bool) -> Result<(), DbError> {
    sqlx::query("UPDATE casework.attachment SET shown = $2 WHERE case_id = $1 AND kind = 'photo'")
        .bind(id)
        .bind(shown)
        .execute(conn)
        .await?;
    Ok(())
}

/// Which of these files attachments refer to.
pub async fn files_needed(conn: &mut PgConnection, among: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT f.sm3 FROM unnest($1::bytea[]) AS f (sm3)
         WHERE EXISTS (SELECT 1 FROM casework.attachment a WHERE f.sm3 IN (a.original_sm3, a.shown_sm3, a.small_sm3))",
    )
    .bind(among)
    .fetch_all(conn)
    .await?)
}
