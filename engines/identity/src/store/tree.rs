//! Changing the organisation tree and its closure. The closure is kept here and by no trigger, under one lock.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::model::organisation::NewOrganisation;

/// The tree's lock: two moves at once, each right by itself, could close a ring.
const TREE_LOCK: i64 = 0x6a68_0001;

/// Waits for the tree's lock and holds it to the end of the transaction.
pub async fn lock(conn: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(TREE_LOCK).execute(conn).await?;
    Ok(())
}

/// Adds one organisation with its closure, path and first period. False: the code is taken.
pub async fn insert(
    conn: &mut PgConnection,
    id: OrganisationId,
    parent: Option<OrganisationId>,
    new: &NewOrganisation,
    opened_on: Date,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let added = sqlx::query(
        "INSERT INTO identity.organisation
             (organisation_id, code, parent_id, kind, name, short_name, division_code, opened_on, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (code) DO NOTHING",
    )
    .bind(id)
    .bind(&new.code)
    .bind(parent)
    .bind(new.kind.code())
    .bind(&new.name)
    .bind(&new.short_name)
    .bind(&new.division_code)
    .bind(opened_on)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO identity.organisation_closure (ancestor_id, descendant_id, depth)
         SELECT ancestor_id, $1::uuid, depth + 1 FROM identity.organisation_closure WHERE descendant_id = $2
         UNION ALL SELECT $1::uuid, $1::uuid, 0",
    )
    .bind(id)
    .bind(parent)
    .execute(&mut *conn)
    .await?;
    refresh_paths(conn, id).await?;
    begin_period(conn, id, "created", now).await?;
    Ok(true)
}

/// Writes the path of an organisation and of all below it anew.
pub async fn refresh_paths(conn: &mut PgConnection, id: OrganisationId) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.organisation o SET path = p.path
         FROM (SELECT up.descendant_id, string_agg(a.name, ' / ' ORDER BY up.depth DESC) AS path
               FROM identity.organisation_closure down
               JOIN identity.organisation_closure up ON up.descendant_id = down.descendant_id
               JOIN identity.organisation a ON a.organisation_id = up.ancestor_id
               WHERE down.ancestor_id = $1 GROUP BY up.descendant_id) p
         WHERE o.organisation_id = p.descendant_id",
    )
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the present period and begins one with the present name and parent.
pub async fn begin_period(
    conn: &mut PgConnection,
    id: OrganisationId,
    cause: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.organisation_period SET ends_at = $2 WHERE organisation_id = $1 AND ends_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    // Two changes in the same microsecond happen only under a clock that stands still; the later one describes both.
    sqlx::query(
        "INSERT INTO identity.organisation_period (organisation_id, begins_at, name, parent_id, cause)
         SELECT organisation_id, $2, name, parent_id, $3 FROM identity.organisation WHERE organisation_id = $1
         ON CONFLICT (organisation_id, begins_at)
         DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id, cause = excluded.cause, ends_at = NULL",
    )
    .bind(id)
    .bind(now)
    .bind(cause)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an organisation another name.
pub async fn rename(
    conn: &mut PgConnection,
    id: OrganisationId,
    name: &str,
    short_name: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.organisation SET name = $2, short_name = $3, changed_at = $4 WHERE organisation_id = $1",
    )
    .bind(id)
    .bind(name)
    .bind(short_name)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    begin_period(conn, id, "renamed", now).await?;
    refresh_paths(conn, id).await
}

/// How far the deepest member of a subtree stands below its top.
pub async fn height(conn: &mut PgConnection, id: OrganisationId) -> Result<i32, DbError> {
    let height: Option<i32> =
        sqlx::query_scalar("SELECT max(depth) FROM identity.organisation_closure WHERE ancestor_id = $1")
            .bind(id)
            .fetch_one(conn)
            .await?;
    Ok(height.unwrap_or(0))
}

/// Whether `inner` stands within the subtree of `outer`, or is it.
pub async fn within(conn: &mut PgConnection, outer: OrganisationId, inner: OrganisationId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM identity.organisation_closure WHERE ancestor_id = $1 AND descendant_id = $2)",
    )
    .bind(outer)
    .bind(inner)
    .fetch_one(conn)
    .await?)
}

/// Puts a subtree under another parent: its links to the old ancestors go, links to the new ones come. The caller has
/// made sure that the parent is not in the subtree.
pub async fn put_under(
    conn: &mut PgConnection,
    id: OrganisationId,
    parent: OrganisationId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE identity.organisation SET parent_id = $2, changed_at = $3 WHERE organisation_id = $1")
        .bind(id)
        .bind(parent)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "DELETE FROM identity.organisation_closure link
         WHERE link.descendant_id IN (SELECT descendant_id FROM identity.organisation_closure WHERE ancestor_id = $1)
           AND link.ancestor_id NOT IN (SELECT descendant_id FROM identity.organisation_closure WHERE ancestor_id = $1)",
    )
    .bind(id)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO identity.organisation_closure (ancestor_id, descendant_id, depth)
         SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
         FROM identity.organisation_closure above CROSS JOIN identity.organisation_closure below
         WHERE above.descendant_id = $2 AND below.ancestor_id = $1",
    )
    .bind(id)
    .bind(parent)
    .execute(&mut *conn)
    .await?;
    refresh_paths(conn, id).await
}

/// What the rule for closing asks of the store: when it opened, open children, working staff.
pub async fn closing_facts(conn: &mut PgConnection, id: OrganisationId) -> Result<(Date, bool, bool), DbError> {
    Ok(sqlx::query_as(
        "SELECT o.opened_on,
                EXISTS (SELECT 1 FROM identity.organisation c WHERE c.parent_id = $1 AND c.closed_on IS NULL),
                EXISTS (SELECT 1 FROM identity.account a
                        WHERE a.organisation_id = $1 AND a.kind = 'staff' AND a.suspended_at IS NULL)
         FROM identity.organisation o WHERE o.organisation_id = $1",
    )
    .bind(id)
    .fetch_one(conn)
    .await?)
}

/// Writes that an organisation is no more.
pub async fn close(
    conn: &mut PgConnection,
    id: OrganisationId,
    closed_on: Date,
    successor: Option<OrganisationId>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE identity.organisation SET closed_on = $2, successor_id = $3, changed_at = $4 WHERE organisation_id = $1",
    )
    .bind(id)
    .bind(closed_on)
    .bind(successor)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the staff and systems of an organisation that closes to its successor; how many.
pub async fn move_accounts(
    conn: &mut PgConnection,
    from: OrganisationId,
    to: OrganisationId,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let moved = sqlx::query(
        "UPDATE identity.account SET organisation_id = $2, rights_changed_at = $3
         WHERE organisation_id = $1 AND kind = 'staff'",
    )
    .bind(from)
    .bind(to)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(moved.rows_affected())
}
