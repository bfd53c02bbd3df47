//! How far the golden records of a base database have been decided anew, and what that needs to read.
use std::collections::HashMap;

use catalogue::api::RowKind;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::kind_no;

/// Where a revision stands.
#[derive(FromRow, Clone, Debug)]
pub struct Revision {
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// Subjects of several providers looked at.
    pub subjects_seen: i64,
    /// Those whose golden record is another now.
    pub subjects_changed: i64,
    /// When it came to its end.
    pub finished_at: Option<OffsetDateTime>,
}

/// Asks that all golden records of a kind be decided anew, from the first.
pub async fn ask(connection: &mut PgConnection, kind: RowKind, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.revision (kind, asked_at, done_to, subjects_seen, subjects_changed)
         VALUES ($1, $2, $3, 0, 0)
         ON CONFLICT (kind) DO UPDATE SET asked_at = EXCLUDED.asked_at, done_to = EXCLUDED.done_to, subjects_seen = 0,
             subjects_changed = 0, finished_at = NULL",
    )
    .bind(kind_no(kind))
    .bind(now)
    .bind(Uuid::nil())
    .execute(connection)
    .await?;
    Ok(())
}

/// How the latest revision of a kind stands.
pub async fn find(connection: &mut PgConnection, kind: RowKind) -> Result<Option<Revision>, DbError> {
    Ok(sqlx::query_as(
        "SELECT asked_at, subjects_seen, subjects_changed, finished_at FROM registry.revision WHERE kind = $1",
    )
    .bind(kind_no(kind))
    .fetch_optional(connection)
    .await?)
}

/// The subject up to which an unfinished revision has come; locks it for the rest of the transaction.
pub async fn lock(connection: &mut PgConnection, kind: RowKind) -> Result<Option<Uuid>, DbError> {
    Ok(sqlx::query_scalar("SELECT done_to FROM registry.revision WHERE kind = $1 AND finished_at IS NULL FOR UPDATE")
        .bind(kind_no(kind))
        .fetch_optional(connection)
        .await?)
}

/// The next subjects of which several providers have spoken.
pub async fn shared_subjects(
    connection: &mut PgConnection,
    kind: RowKind,
    after: Uuid,
    at_most: i64,
) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT subject_id FROM registry.record WHERE kind = $1 AND subject_id > $2
         GROUP BY subject_id HAVING count(*) > 1 ORDER BY subject_id LIMIT $3",
    )
    .bind(kind_no(kind))
    .bind(after)
    .bind(at_most)
    .fetch_all(connection)
    .await?)
}

/// Whose values stand: of all attributes, or by position where they are of several.
pub type Standing = (i16, Option<Vec<i16>>);

/// Whose values stand in the golden records of subjects.
pub async fn standing(
    connection: &mut PgConnection,
    kind: RowKind,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Standing>, DbError> {
    let query = match kind {
        RowKind::Organisation => sqlx::query_as(
            "SELECT organisation_id, provider_no, provider_nos FROM registry.organisation WHERE organisation_id = ANY($1)",
        ),
        RowKind::Place => {
            sqlx::query_as("SELECT place_id, provider_no, provider_nos FROM registry.place WHERE place_id = ANY($1)")
        }
        RowKind::Person | RowKind::Dataset => {
            sqlx::query_as("SELECT person_id, provider_no, provider_nos FROM registry.person WHERE person_id = ANY($1)")
        }
    };
    let rows: Vec<(Uuid, i16, Option<Vec<i16>>)> = query.bind(subjects).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(subject, main, each)| (subject, (main, each))).collect())
}

/// Notes how far it has come.
pub async fn advance(
    connection: &mut PgConnection,
    kind: RowKind,
    done_to: Uuid,
    (seen, changed): (i64, i64),
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE registry.revision SET done_to = $2, subjects_seen = subjects_seen + $3,
             subjects_changed = subjects_changed + $4 WHERE kind = $1",
    )
    .bind(kind_no(kind))
    .bind(done_to)
    .bind(seen)
    .bind(changed)
    .execute(connection)
    .await?;
    Ok(())
}

/// It has come to its end.
pub async fn finish(connection: &mut PgConnection, kind: RowKind, now: OffsetDateTime) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar("UPDATE registry.revision SET finished_at = $2 WHERE kind = $1 RETURNING subjects_changed")
        .bind(kind_no(kind))
        .bind(now)
        .fetch_one(connection)
        .await?)
}
