//! Credentials of departments' systems in SQL.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::define_id;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::store::session::Found;

define_id!(
    /// One bearer token of one department's system.
    CredentialId
);

/// Everything a call needs to know of a credential, in one round trip to one shard and without a cache: revocation
/// holds at the very next call.
pub async fn authenticate(
    conn: &mut PgConnection,
    account: AccountId,
    hash: &[u8; 32],
    now: OffsetDateTime,
) -> Result<Option<Found>, DbError> {
    Ok(sqlx::query_as(
        "SELECT k.credential_id AS holder_id, a.kind, a.name, a.organisation_id,
                coalesce(o.name, '') AS organisation_name, false AS must_change_password,
                coalesce(g.permissions, '{}') AS permissions, coalesce(g.scopes, '{}') AS scopes,
                coalesce(k.used_at, k.issued_at) AS seen_at, k.issued_at AS rotated_at, k.issued_at AS rights_changed_at,
                2147483647 AS idle_s_max, k.expires_at AS ends_at, true AS current
         FROM identity.credential k
         JOIN identity.account a ON a.account_id = k.account_id
         LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         LEFT JOIN LATERAL (
             SELECT array_agg(p.permission) AS permissions, array_agg(x.organisation_id) AS scopes
             FROM identity.assignment x JOIN identity.role_permission p ON p.role_id = x.role_id
             WHERE x.account_id = $1 AND x.withdrawn_at IS NULL
               AND x.begins_at <= $3 AND (x.ends_at IS NULL OR x.ends_at > $3)) g ON true
         WHERE k.account_id = $1 AND k.token_hash = $2 AND k.expires_at > $3 AND k.revoked_at IS NULL
           AND a.suspended_at IS NULL",
    )
    .bind(account)
    .bind(hash.as_slice())
    .bind(now)
    .fetch_optional(conn)
    .await?)
}

/// Notes that a credential was used.
pub async fn note_used(
    conn: &mut PgConnection,
    account: AccountId,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.credential SET used_at = $3 WHERE account_id = $1 AND credential_id = $2")
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A token to be.
#[derive(Debug)]
pub struct New<'a> {
    /// Of which system.
    pub account: AccountId,
    /// Its id.
    pub id: CredentialId,
    /// The token's SM3.
    pub hash: [u8; 32],
    /// The token's last four characters.
    pub hint: &'a str,
    /// Until when.
    pub expires_at: OffsetDateTime,
    /// By whom; none: the program itself.
    pub by: Option<AccountId>,
    /// Now.
    pub now: OffsetDateTime,
}

/// Adds a token to a system.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO identity.credential (account_id, credential_id, token_hash, hint, issued_at, issued_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.account)
    .bind(new.id)
    .bind(new.hash.as_slice())
    .bind(new.hint)
    .bind(new.now)
    .bind(new.by)
    .bind(new.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// A department's token as the list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Which token.
    pub credential_id: CredentialId,
    /// Of which system.
    pub account_id: AccountId,
    /// The system's name.
    pub name: String,
    /// Whose system.
    pub organisation_id: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// The token's last four characters.
    pub hint: String,
    /// Since when.
    pub issued_at: OffsetDateTime,
    /// Until when.
    pub expires_at: OffsetDateTime,
    /// Since when it is revoked.
    pub revoked_at: Option<OffsetDateTime>,
    /// The last call, to five minutes.
    pub used_at: Option<OffsetDateTime>,
    /// The roles the system holds, in words, by the page's language.
    pub roles: Vec<String>,
}

/// What a list of tokens asks.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the system's name.
    pub text: Option<String>,
    /// Only those of this organisation and below.
    pub under: Option<OrganisationId>,
    /// Also those that no longer work.
    pub with_ended: bool,
    /// Only this one.
    pub only: Option<CredentialId>,
    /// Role names in English.
    pub english: bool,
}

/// Tokens within the scope, the latest first.
pub async fn list(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    filter: &Filter,
    now: OffsetDateTime,
    page: PageRequest,
) -> Result<Vec<Listed>, DbError> {
    Ok(sqlx::query_as(
        "SELECT k.credential_id, k.account_id, a.name, a.organisation_id, o.name AS organisation_name, k.hint,
                k.issued_at, k.expires_at, k.revoked_at, k.used_at,
                ARRAY (SELECT CASE WHEN $6 AND r.name_en <> '' THEN r.name_en ELSE r.name END
                       FROM identity.assignment x JOIN identity.role r ON r.role_id = x.role_id
                       WHERE x.account_id = a.account_id AND x.withdrawn_at IS NULL ORDER BY r.code) AS roles
         FROM identity.credential k JOIN identity.account a ON a.account_id = k.account_id
         JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         WHERE ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = ANY ($1)))
           AND ($2::text IS NULL OR position($2 IN a.name) > 0)
           AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = $3))
           AND ($4 OR (k.revoked_at IS NULL AND k.expires_at > $7))
           AND ($5::uuid IS NULL OR k.credential_id = $5)
         ORDER BY k.issued_at DESC, k.credential_id DESC LIMIT $8 OFFSET $9",
    )
    .bind(scope)
    .bind(filter.text.as_deref())
    .bind(filter.under)
    .bind(filter.with_ended)
    .bind(filter.only)
    .bind(filter.english)
    .bind(now)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Brings a token's end forward to `ends_at`, never back.
pub async fn shorten(
    conn: &mut PgConnection,
    account: AccountId,
    id: CredentialId,
    ends_at: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.credential SET expires_at = least(expires_at, $3) WHERE account_id = $1 AND credential_id = $2",
    )
    .bind(account)
    .bind(id)
    .bind(ends_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Revokes a token. False: it was revoked before.
pub async fn revoke(
    conn: &mut PgConnection,
    account: AccountId,
    id: CredentialId,
    by: Option<AccountId>,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let revoked = sqlx::query(
        "UPDATE identity.credential SET revoked_at = $4, revoked_by = $3
         WHERE account_id = $1 AND credential_id = $2 AND revoked_at IS NULL",
    )
    .bind(account)
    .bind(id)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// Revokes every token of an organisation's systems, because it closes; how many.
pub async fn revoke_of(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    by: Option<AccountId>,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let revoked = sqlx::query(
        "UPDATE identity.credential k SET revoked_at = $3, revoked_by = $2
         WHERE k.revoked_at IS NULL AND k.account_id IN (
             SELECT a.account_id FROM identity.account a WHERE a.organisation_id = $1 AND a.kind = 'service')",
    )
    .bind(organisation)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(revoked.rows_affected())
}
