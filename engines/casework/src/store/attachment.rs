//! Photos and papers of cases.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::model::{AttachmentId, CaseId};

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

/// Of each of these cases the first photo that is shown to the public, if there is one.
pub async fn first_shown(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<(CaseId, AttachmentId)>, DbError> {
    let cases: Vec<uuid::Uuid> = cases.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as(
        "SELECT DISTINCT ON (case_id) case_id, attachment_id FROM casework.attachment
         WHERE case_id = ANY($1) AND kind = 'photo' AND shown AND shown_sm3 IS NOT NULL ORDER BY case_id, added_at, attachment_id",
    )
    .bind(cases)
    .fetch_all(conn)
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
