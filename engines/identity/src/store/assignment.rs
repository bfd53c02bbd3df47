//! Assignments in SQL: which account holds which role where.
use jh_core::actor::{AccountId, Actor, OrganisationId};
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::role::{Assignment, AssignmentId, RoleId};

/// A role to be given.
#[derive(Clone, Copy, Debug)]
pub struct New {
    /// To whom.
    pub account: AccountId,
    /// Its id.
    pub id: AssignmentId,
    /// Which role.
    pub role: RoleId,
    /// Where.
    pub organisation: OrganisationId,
    /// Until when.
    pub ends_at: Option<OffsetDateTime>,
    /// By whom; none: the program itself.
    pub by: Option<AccountId>,
    /// From when.
    pub now: OffsetDateTime,
}

/// Gives a role. False: the account holds it there already.
pub async fn give(conn: &mut PgConnection, new: &New) -> Result<bool, DbError> {
    // One that has run out makes room for a new one.
    sqlx::query(
        "UPDATE identity.assignment SET withdrawn_at = ends_at
         WHERE account_id = $1 AND role_id = $2 AND organisation_id = $3 AND withdrawn_at IS NULL AND ends_at <= $4",
    )
    .bind(new.account)
    .bind(new.role)
    .bind(new.organisation)
    .bind(new.now)
    .execute(&mut *conn)
    .await?;
    let given = sqlx::query(
        "INSERT INTO identity.assignment
             (account_id, assignment_id, role_id, organisation_id, begins_at, ends_at, given_at, given_by)
         VALUES ($1, $2, $3, $4, $5, $6, $5, $7)
         ON CONFLICT (account_id, role_id, organisation_id) WHERE withdrawn_at IS NULL DO NOTHING",
    )
    .bind(new.account)
    .bind(new.id)
    .bind(new.role)
    .bind(new.organisation)
    .bind(new.now)
    .bind(new.ends_at)
    .bind(new.by)
    .execute(conn)
    .await?;
    Ok(given.rows_affected() == 1)
}

/// Withdraws an assignment within the scope; what it was.
pub async fn withdraw(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    account: AccountId,
    id: AssignmentId,
    by: Option<AccountId>,
    now: OffsetDateTime,
) -> Result<Option<(RoleId, OrganisationId)>, DbError> {
    Ok(sqlx::query_as(
        "UPDATE identity.assignment x SET withdrawn_at = $5, withdrawn_by = $4
         WHERE x.account_id = $2 AND x.assignment_id = $3 AND x.withdrawn_at IS NULL
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = x.organisation_id AND c.ancestor_id = ANY ($1)))
         RETURNING x.role_id, x.organisation_id",
    )
    .bind(scope)
    .bind(account)
    .bind(id)
    .bind(by)
    .bind(now)
    .fetch_optional(conn)
    .await?)
}

/// Ends everything held in an organisation that closes; whose rights that changes.
pub async fn end_in(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    by: Option<AccountId>,
    now: OffsetDateTime,
) -> Result<Vec<AccountId>, DbError> {
    Ok(sqlx::query_scalar(
        "UPDATE identity.assignment SET withdrawn_at = $3, withdrawn_by = $2
         WHERE organisation_id = $1 AND withdrawn_at IS NULL RETURNING account_id",
    )
    .bind(organisation)
    .bind(by)
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// What an account holds now.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Vec<Assignment>, DbError> {
    Ok(sqlx::query_as(
        "SELECT x.assignment_id AS id, r.name AS role_name, r.name_en AS role_name_en, o.name AS organisation_name,
                x.begins_at, x.ends_at
         FROM identity.assignment x JOIN identity.role r ON r.role_id = x.role_id
         JOIN identity.organisation o ON o.organisation_id = x.organisation_id
         WHERE x.account_id = $1 AND x.withdrawn_at IS NULL AND (x.ends_at IS NULL OR x.ends_at > $2)
         ORDER BY x.begins_at, x.assignment_id LIMIT 200",
    )
    .bind(account)
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// Whether the account holds a role somewhere outside the scope: then it is not the actor's to suspend.
pub async fn reaches_beyond(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM identity.assignment x
             WHERE x.account_id = $2 AND x.withdrawn_at IS NULL AND (x.ends_at IS NULL OR x.ends_at > $3)
               AND $1::uuid[] IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM identity.organisation_closure c
                               WHERE c.descendant_id = x.organisation_id AND c.ancestor_id = ANY ($1)))",
    )
    .bind(scope)
    .bind(account)
    .bind(now)
    .fetch_one(conn)
    .await?)
}

/// The first permission the account holds in a place where the actor does not: whoever sets an account's password can
/// use the account, so he must hold all of it himself.
pub async fn first_beyond(
    conn: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Option<String>, DbError> {
    let held: Vec<&str> = actor.grants.iter().map(|grant| grant.permission.as_str()).collect();
    let scopes: Vec<Uuid> = actor.grants.iter().map(|grant| grant.scope.0).collect();
    Ok(sqlx::query_scalar(
        "SELECT p.permission FROM identity.assignment x
         JOIN identity.role_permission p ON p.role_id = x.role_id
         WHERE x.account_id = $1 AND x.withdrawn_at IS NULL AND (x.ends_at IS NULL OR x.ends_at > $2)
           AND NOT EXISTS (
               SELECT 1 FROM unnest($3::text[], $4::uuid[]) AS held (permission, scope_id)
               JOIN identity.organisation_closure c
                 ON c.ancestor_id = held.scope_id AND c.descendant_id = x.organisation_id
               WHERE held.permission = p.permission)
         ORDER BY p.permission LIMIT 1",
    )
    .bind(account)
    .bind(now)
    .bind(held)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}
