//! Answers to the questions of a case's category.
use jh_db::DbError;
use serde::Serialize;
use sqlx::{FromRow, PgConnection};
use utoipa::ToSchema;

use crate::model::CaseId;
use crate::model::attribute::Answer;

/// An answer as it was given.
#[derive(Clone, PartialEq, Eq, Debug, FromRow, Serialize, ToSchema)]
pub struct AttributeRow {
    /// The attribute.
    pub code: String,
    /// The question, as it was put.
    pub label: String,
    /// The key of a list's value, otherwise empty.
    pub key: String,
    /// The answer, in words.
    pub value: String,
}

/// Keeps the answers of a case in their order.
pub async fn insert(conn: &mut PgConnection, id: CaseId, answers: &[Answer]) -> Result<(), DbError> {
    if answers.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&Answer) -> &String| answers.iter().map(of).cloned().collect::<Vec<String>>();
    sqlx::query(
        "INSERT INTO casework.attribute (case_id, place, code, label, key, value)
         SELECT $1, place::smallint, code, label, key, value
         FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS given (code, label, key, value, place)",
    )
    .bind(id)
    .bind(column(|answer| &answer.code))
    .bind(column(|answer| &answer.label))
    .bind(column(|answer| &answer.key))
    .bind(column(|answer| &answer.value))
    .execute(conn)
    .await?;
    Ok(())
}

/// The answers of a case, in the order of the questions.
pub async fn of_case(conn: &mut PgConnection, id: CaseId) -> Result<Vec<AttributeRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT code, label, key, value FROM casework.attribute WHERE case_id = $1 ORDER BY place LIMIT 100",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}
