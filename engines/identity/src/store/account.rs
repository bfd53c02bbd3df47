//! Accounts in SQL.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::account::{AccountKind, Managed};

/// What sign-in needs to know of the account behind a name.
#[derive(Debug, sqlx::FromRow)]
pub struct Entrant {
    /// Which account.
    pub account_id: AccountId,
    /// Its kind.
    pub kind: AccountKind,
    /// The name to show.
    pub name: String,
    /// Staff's username.
    pub username: Option<String>,
    /// Where it belongs.
    pub organisation_id: Option<OrganisationId>,
    /// That organisation's name, or empty.
    pub organisation_name: String,
    /// The sealed phone, if any.
    pub phone_sealed: Option<Vec<u8>>,
    /// When the phone was confirmed, if ever.
    pub phone_confirmed_at: Option<OffsetDateTime>,
    /// The password's hash.
    pub password_hash: Option<String>,
    /// Whether it must first choose a password.
    pub must_change_password: bool,
    /// Since when it may not sign in.
    pub suspended_at: Option<OffsetDateTime>,
}

/// By blinded sign-in name.
pub async fn entrant(conn: &mut PgConnection, name: &[u8; 16]) -> Result<Option<Entrant>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.kind, a.name, a.username, a.organisation_id, coalesce(o.name, '') AS organisation_name,
                a.phone_sealed, a.phone_confirmed_at, a.password_hash, a.must_change_password, a.suspended_at
         FROM identity.sign_in_name n JOIN identity.account a ON a.account_id = n.account_id
         LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         WHERE n.name_blind = $1",
    )
    .bind(name.as_slice())
    .fetch_optional(conn)
    .await?)
}

/// By id, for changing one's own password.
pub async fn entrant_by_id(conn: &mut PgConnection, id: AccountId) -> Result<Option<Entrant>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.kind, a.name, a.username, a.organisation_id, coalesce(o.name, '') AS organisation_name,
                a.phone_sealed, a.phone_confirmed_at, a.password_hash, a.must_change_password, a.suspended_at
         FROM identity.account a LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         WHERE a.account_id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// An account to be.
#[derive(Debug)]
pub struct New<'a> {
    /// Its id.
    pub id: AccountId,
    /// Its kind.
    pub kind: AccountKind,
    /// Staff's username.
    pub username: Option<&'a str>,
    /// The name to show.
    pub name: &'a str,
    /// Where it belongs; residents nowhere.
    pub organisation: Option<OrganisationId>,
    /// The sealed phone, if any.
    pub phone_sealed: Option<Vec<u8>>,
    /// The password's hash; systems have none.
    pub password_hash: Option<&'a str>,
    /// Whether it must first choose a password.
    pub must_change_password: bool,
    /// Who makes it.
    pub by: Option<AccountId>,
}

/// Adds an account.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO identity.account
             (account_id, kind, username, name, organisation_id, phone_sealed, password_hash, password_changed_at,
              must_change_password, rights_changed_at, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::text IS NULL THEN NULL ELSE $9::timestamptz END, $8, $9, $9, $10)",
    )
    .bind(new.id)
    .bind(kind_code(new.kind))
    .bind(new.username)
    .bind(new.name)
    .bind(new.organisation)
    .bind(new.phone_sealed.as_deref())
    .bind(new.password_hash)
    .bind(new.must_change_password)
    .bind(now)
    .bind(new.by)
    .execute(conn)
    .await?;
    Ok(())
}

fn kind_code(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Staff => "staff",
        AccountKind::Resident => "resident",
        AccountKind::Service => "service",
    }
}

/// Takes a sign-in name for an account. False: somebody has it.
pub async fn take_name(
    conn: &mut PgConnection,
    name: &[u8; 16],
    id: AccountId,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let taken = sqlx::query(
        "INSERT INTO identity.sign_in_name (name_blind, account_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (name_blind) DO NOTHING",
    )
    .bind(name.as_slice())
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Stores a new password hash.
pub async fn set_password(
    conn: &mut PgConnection,
    id: AccountId,
    hash: &str,
    must_change: bool,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.account SET password_hash = $2, password_changed_at = $4, rights_changed_at = $4,
                must_change_password = $3
         WHERE account_id = $1",
    )
    .bind(id)
    .bind(hash)
    .bind(must_change)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Renews the hash of the same password; nothing else about the account has changed.
pub async fn renew_hash(conn: &mut PgConnection, id: AccountId, hash: &str) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.account SET password_hash = $2 WHERE account_id = $1")
        .bind(id)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes a sign-in.
pub async fn note_signed_in(conn: &mut PgConnection, id: AccountId, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.account SET signed_in_at = $2 WHERE account_id = $1")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that accounts' rights have changed, so that their sessions get new tokens.
pub async fn note_rights_changed(
    conn: &mut PgConnection,
    ids: &[AccountId],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.account SET rights_changed_at = $2 WHERE account_id = ANY ($1)")
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Suspends an account, or with no instant restores it.
pub async fn set_suspension(
    conn: &mut PgConnection,
    id: AccountId,
    suspended_at: Option<OffsetDateTime>,
    reason: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.account SET suspended_at = $2, suspension_reason = $3, rights_changed_at = $4
         WHERE account_id = $1",
    )
    .bind(id)
    .bind(suspended_at)
    .bind(reason)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// An account within the scope, locked for a change.
pub async fn managed(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    id: AccountId,
) -> Result<Option<Managed>, DbError> {
    let row: Option<(AccountKind, Option<OrganisationId>, Option<OffsetDateTime>)> = sqlx::query_as(
        "SELECT a.kind, a.organisation_id, a.suspended_at FROM identity.account a
         WHERE a.account_id = $2
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = ANY ($1)))
         FOR UPDATE OF a",
    )
    .bind(scope)
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(kind, organisation, suspended_at)| Managed { id, kind, organisation, suspended_at }))
}

/// An account of staff as lists and its page show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Which one.
    #[sqlx(rename = "account_id")]
    pub id: AccountId,
    /// Staff's username.
    pub username: Option<String>,
    /// The name to show.
    pub name: String,
    /// Where it belongs.
    pub organisation_id: Option<OrganisationId>,
    /// That organisation's path.
    pub organisation_path: String,
    /// That organisation's short name.
    pub organisation_name: String,
    /// Since when it may not sign in.
    pub suspended_at: Option<OffsetDateTime>,
    /// Why not.
    pub suspension_reason: Option<String>,
    /// Whether the first password is still to be changed.
    pub must_change_password: bool,
    /// The last sign-in.
    pub signed_in_at: Option<OffsetDateTime>,
    /// Since when it exists.
    pub created_at: OffsetDateTime,
    /// The roles it holds now, in words, by the page's language.
    pub roles: Vec<String>,
}

/// What a list of accounts asks.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or of the username.
    pub text: Option<String>,
    /// Only those at or below this organisation.
    pub under: Option<OrganisationId>,
    /// Only suspended ones, or only working ones.
    pub suspended: Option<bool>,
    /// Role names in English.
    pub english: bool,
}

/// Staff within the scope, by organisation and name.
pub async fn list(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    filter: &Filter,
    now: OffsetDateTime,
    page: PageRequest,
) -> Result<Vec<Listed>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.username, a.name, a.organisation_id, o.path AS organisation_path,
                o.short_name AS organisation_name, a.suspended_at, a.suspension_reason, a.must_change_password,
                a.signed_in_at, a.created_at,
                ARRAY (SELECT DISTINCT CASE WHEN $5 AND r.name_en <> '' THEN r.name_en ELSE r.name END
                       FROM identity.assignment x JOIN identity.role r ON r.role_id = x.role_id
                       WHERE x.account_id = a.account_id AND x.withdrawn_at IS NULL
                         AND (x.ends_at IS NULL OR x.ends_at > $6)) AS roles
         FROM identity.account a JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         WHERE a.kind = 'staff'
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = ANY ($1)))
           AND ($2::text IS NULL OR position($2 IN a.name) > 0 OR position(lower($2) IN a.username) > 0)
           AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = $3))
           AND ($4::boolean IS NULL OR (a.suspended_at IS NOT NULL) = $4)
         ORDER BY o.path, a.name, a.account_id LIMIT $7 OFFSET $8",
    )
    .bind(scope)
    .bind(filter.text.as_deref())
    .bind(filter.under)
    .bind(filter.suspended)
    .bind(filter.english)
    .bind(now)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// One member of staff within the scope.
pub async fn listed(conn: &mut PgConnection, scope: Option<&[Uuid]>, id: AccountId) -> Result<Option<Listed>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.username, a.name, a.organisation_id, o.path AS organisation_path,
                o.short_name AS organisation_name, a.suspended_at, a.suspension_reason, a.must_change_password,
                a.signed_in_at, a.created_at, '{}'::text[] AS roles
         FROM identity.account a JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         WHERE a.kind = 'staff' AND a.account_id = $2
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = a.organisation_id AND c.ancestor_id = ANY ($1)))",
    )
    .bind(scope)
    .bind(id)
    .fetch_optional(conn)
    .await?)
}
