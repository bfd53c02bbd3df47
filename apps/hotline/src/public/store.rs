//! SQL of the public's part: how much a sender has sent, and which letters came.
use casework::api::CaseId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

/// Counts one more of a sender in an hour, and says how many there are now.
pub async fn count(conn: &mut PgConnection, who: &[u8], hour_at: OffsetDateTime) -> Result<i32, DbError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO hotline.allowance AS a (who, hour_at, n) VALUES ($1, $2, 1)
         ON CONFLICT (who, hour_at) DO UPDATE SET n = a.n + 1 RETURNING n",
    )
    .bind(who)
    .bind(hour_at)
    .fetch_one(conn)
    .await?)
}

/// Forgets who sent how much before a moment.
pub async fn sweep(conn: &mut PgConnection, before: OffsetDateTime) -> Result<u64, DbError> {
    let swept = sqlx::query("DELETE FROM hotline.allowance WHERE hour_at < $1").bind(before).execute(conn).await?;
    Ok(swept.rows_affected())
}

/// A letter that came before.
#[derive(Clone, Debug, FromRow)]
pub struct LetterRow {
    /// The case that it opened or was added to.
    pub case_id: Option<CaseId>,
    /// `opened`, `added` or `ignored`.
    pub outcome: String,
}

/// A letter by its digest.
pub async fn letter(conn: &mut PgConnection, digest: &[u8]) -> Result<Option<LetterRow>, DbError> {
    Ok(sqlx::query_as("SELECT case_id, outcome FROM hotline.letter WHERE letter_sm3 = $1")
        .bind(digest)
        .fetch_optional(conn)
        .await?)
}

/// Claims a letter; false when it came before. Waits for another claim that is not yet committed.
pub async fn claim_letter(conn: &mut PgConnection, digest: &[u8], now: OffsetDateTime) -> Result<bool, DbError> {
    let claimed = sqlx::query(
        "INSERT INTO hotline.letter (letter_sm3, received_at, outcome) VALUES ($1, $2, 'ignored') ON CONFLICT DO NOTHING",
    )
    .bind(digest)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Says what became of a letter.
pub async fn settle_letter(
    conn: &mut PgConnection,
    digest: &[u8],
    case_id: CaseId,
    outcome: &str,
) -> Result<(), DbError> {
    sqlx::query("UPDATE hotline.letter SET case_id = $2, outcome = $3 WHERE letter_sm3 = $1")
        .bind(digest)
        .bind(case_id)
        .bind(outcome)
        .execute(conn)
        .await?;
    Ok(())
}
