//! What was learned: which models there are, and which is in use.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::suggestion::ModelId;

/// A model and how good it was on texts held out.
#[derive(Clone, Debug, FromRow)]
pub struct ModelRow {
    pub model_id: ModelId,
    pub standing: String,
    pub file_sm3: Vec<u8>,
    pub trained_at: OffsetDateTime,
    pub rows: i64,
    pub texts: i64,
    pub departments: i32,
    pub held_out: i64,
    pub top1: f64,
    pub top3: f64,
    pub macro_f1: f64,
    pub ece: f64,
}

/// The model in use.
pub async fn in_use(conn: &mut PgConnection) -> Result<Option<ModelRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT model_id, standing, file_sm3, trained_at, rows, texts, departments, held_out, top1, top3, macro_f1, ece
         FROM hotline.model WHERE standing = 'in_use'",
    )
    .fetch_optional(conn)
    .await?)
}

/// The newest models.
pub async fn latest(conn: &mut PgConnection, limit: i64) -> Result<Vec<ModelRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT model_id, standing, file_sm3, trained_at, rows, texts, departments, held_out, top1, top3, macro_f1, ece
         FROM hotline.model ORDER BY trained_at DESC, model_id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Writes a model down, aside.
pub async fn insert(conn: &mut PgConnection, row: &ModelRow) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.model (model_id, standing, file_sm3, trained_at, rows, texts, departments, held_out, top1,
             top3, macro_f1, ece, changed_at)
         VALUES ($1, 'aside', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $3)",
    )
    .bind(row.model_id)
    .bind(&row.file_sm3)
    .bind(row.trained_at)
    .bind(row.rows)
    .bind(row.texts)
    .bind(row.departments)
    .bind(row.held_out)
    .bind(row.top1)
    .bind(row.top3)
    .bind(row.macro_f1)
    .bind(row.ece)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts a model to use in place of the one that is. Says whether it was there to be used.
pub async fn put_to_use(conn: &mut PgConnection, id: ModelId, now: OffsetDateTime) -> Result<bool, DbError> {
    sqlx::query(
        "UPDATE hotline.model SET standing = 'former', changed_at = $2 WHERE standing = 'in_use' AND model_id <> $1",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query("UPDATE hotline.model SET standing = 'in_use', changed_at = $2 WHERE model_id = $1")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets all but the newest models and the one in use; their files are swept later.
pub async fn forget(conn: &mut PgConnection, keep: i64) -> Result<(), DbError> {
    sqlx::query(
        "DELETE FROM hotline.model WHERE standing <> 'in_use' AND model_id NOT IN (
             SELECT model_id FROM hotline.model ORDER BY trained_at DESC, model_id LIMIT $1)",
    )
    .bind(keep)
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of these files a model or an import still needs.
pub async fn needed(conn: &mut PgConnection, among: &[&[u8]]) -> Result<Vec<Vec<u8>>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT file_sm3 FROM hotline.model WHERE file_sm3 = ANY($1)
         UNION SELECT file_sm3 FROM hotline.history_import WHERE file_sm3 = ANY($1)",
    )
    .bind(among)
    .fetch_all(conn)
    .await?)
}
