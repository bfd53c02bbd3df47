//! Who reported a case, and who follows it. Names and telephones are sealed; a telephone is found by its blind index.
use jh_core::actor::AccountId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::{CaseId, Channel, Part, PartyId};

/// Somebody concerned, sealed.
#[derive(Clone, Debug, FromRow)]
pub struct PartyRow {
    pub case_id: CaseId,
    pub party_id: PartyId,
    pub role: Part,
    pub account_id: Option<AccountId>,
    pub name_sealed: Option<Vec<u8>>,
    pub phone_sealed: Option<Vec<u8>>,
    pub email_sealed: Option<Vec<u8>>,
    pub token_sm3: Option<Vec<u8>>,
    pub confidential: bool,
    pub wants_answer: bool,
    pub channel: Channel,
    pub merged_from: Option<Uuid>,
    pub since_at: OffsetDateTime,
}

/// Writes one, and under which telephone its case is found.
pub async fn insert(conn: &mut PgConnection, row: &PartyRow, phone_blind: Option<&[u8]>) -> Result<(), DbError> {
    sqlx::query(
        "WITH called AS (
             INSERT INTO casework.caller (phone_blind, case_id, since_at)
             SELECT $14::bytea, $1, $13 WHERE $14::bytea IS NOT NULL ON CONFLICT DO NOTHING
         )
         INSERT INTO casework.party (case_id, party_id, role, account_id, name_sealed, phone_sealed, email_sealed, token_sm3,
             confidential, wants_answer, channel, merged_from, since_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(row.case_id)
    .bind(row.party_id)
    .bind(row.role)
    .bind(row.account_id)
    .bind(&row.name_sealed)
    .bind(&row.phone_sealed)
    .bind(&row.email_sealed)
    .bind(&row.token_sm3)
    .bind(row.confidential)
    .bind(row.wants_answer)
    .bind(row.channel)
    .bind(row.merged_from)
    .bind(row.since_at)
    .bind(phone_blind)
    .execute(conn)
    .await?;
    Ok(())
}

/// Everybody concerned by a case, first comers first.
pub async fn of_case(conn: &mut PgConnection, id: CaseId) -> Result<Vec<PartyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT case_id, party_id, role, account_id, name_sealed, phone_sealed, email_sealed, token_sm3, confidential,
                wants_answer, channel, merged_from, since_at
         FROM casework.party WHERE case_id = $1 ORDER BY since_at, party_id LIMIT 500",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// Everybody of one case follows another from now on: who reported it is joined to that one's reporter, others subscribe; who
/// does already stays as he is.
pub async fn follow(conn: &mut PgConnection, from: CaseId, to: CaseId, now: OffsetDateTime) -> Result<u64, DbError> {
    let moved = sqlx::query(
        "INSERT INTO casework.party (case_id, party_id, role, account_id, name_sealed, phone_sealed, email_sealed, token_sm3,
             confidential, wants_answer, channel, merged_from, since_at)
         SELECT $2, p.party_id, CASE WHEN p.role IN ('reporter', 'joined') THEN 'joined' ELSE 'subscriber' END, p.account_id, p.name_sealed, p.phone_sealed, p.email_sealed, p.token_sm3,
             p.confidential, p.wants_answer, p.channel, COALESCE(p.merged_from, $1), $3
         FROM casework.party p WHERE p.case_id = $1
         ON CONFLICT (case_id, party_id) DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO casework.caller (phone_blind, case_id, since_at)
         SELECT phone_blind, $2, $3 FROM casework.caller WHERE case_id = $1 ON CONFLICT DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(moved.rows_affected())
}

/// Whether an account follows a case already.
pub async fn follows(conn: &mut PgConnection, id: CaseId, account: AccountId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM casework.party WHERE case_id = $1 AND account_id = $2)")
        .bind(id)
        .bind(account)
        .fetch_one(conn)
        .await?)
}

/// What an account, or the holder of a token, is to a case; the most, where he is several things.
pub async fn part(
    conn: &mut PgConnection,
    id: CaseId,
    account: Option<AccountId>,
    token_sm3: Option<&[u8]>,
) -> Result<Option<Part>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT role FROM casework.party WHERE case_id = $1 AND (account_id = $2 OR token_sm3 = $3)
         ORDER BY array_position(ARRAY['reporter', 'joined', 'subscriber', 'concerned'], role) LIMIT 1",
    )
    .bind(id)
    .bind(account)
    .bind(token_sm3)
    .fetch_optional(conn)
    .await?)
}

/// Whether anybody concerned wants to stay confidential.
pub async fn confidential(conn: &mut PgConnection, id: CaseId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM casework.party WHERE case_id = $1 AND confidential)")
        .bind(id)
        .fetch_one(conn)
        .await?)
}

/// Whether others reported the same and were joined to a case.
pub async fn joined(conn: &mut PgConnection, id: CaseId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM casework.party WHERE case_id = $1 AND role = 'joined')")
        .bind(id)
        .fetch_one(conn)
        .await?)
}

/// A reporter steps back and only follows from now on; the first of those who were joined takes his place.
pub async fn step_back(
    conn: &mut PgConnection,
    id: CaseId,
    account: Option<AccountId>,
    token_sm3: Option<&[u8]>,
) -> Result<(), DbError> {
    sqlx::query(
        "WITH next AS (
             SELECT party_id FROM casework.party WHERE case_id = $1 AND role = 'joined' ORDER BY since_at, party_id LIMIT 1
         )
         UPDATE casework.party p SET role = CASE WHEN p.role = 'reporter' THEN 'subscriber' ELSE 'reporter' END
         FROM next
         WHERE p.case_id = $1 AND (p.party_id = next.party_id
             OR (p.role = 'reporter' AND (p.account_id = $2 OR p.token_sm3 = $3)))",
    )
    .bind(id)
    .bind(account)
    .bind(token_sm3)
    .execute(conn)
    .await?;
    Ok(())
}

/// The case that somebody follows by a token: the one he reported, or where it was merged into.
pub async fn case_of_token(conn: &mut PgConnection, token_sm3: &[u8]) -> Result<Option<CaseId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT p.case_id FROM casework.party p JOIN casework.file f USING (case_id) WHERE p.token_sm3 = $1
         ORDER BY p.role = 'reporter' AND f.merged_into IS NULL DESC, p.since_at DESC, p.case_id LIMIT 1",
    )
    .bind(token_sm3)
    .fetch_optional(conn)
    .await?)
}
