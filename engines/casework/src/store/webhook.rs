//! Who is told of stages, what is to be told, and what became of it.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::model::CaseId;
use crate::model::webhook::{DeliveryId, WebhookId};

/// Somebody who is told.
#[derive(Clone, Debug, FromRow)]
pub struct WebhookRow {
    pub webhook_id: WebhookId,
    pub name: String,
    pub url: String,
    pub kinds: Vec<String>,
    pub events: Vec<String>,
    pub organisation_id: OrganisationId,
    pub organisation_name: Option<String>,
    pub active: bool,
    pub created_at: OffsetDateTime,
    pub created_by: String,
    pub failing_since_at: Option<OffsetDateTime>,
    /// When the program switched it off by itself.
    pub given_up_at: Option<OffsetDateTime>,
}

/// Writes one.
pub async fn insert(conn: &mut PgConnection, row: &WebhookRow, secret_sealed: &[u8]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.webhook (webhook_id, name, url, secret_sealed, kinds, events, organisation_id, active, created_at,
             created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.webhook_id)
    .bind(&row.name)
    .bind(&row.url)
    .bind(secret_sealed)
    .bind(&row.kinds)
    .bind(&row.events)
    .bind(row.organisation_id)
    .bind(row.active)
    .bind(row.created_at)
    .bind(&row.created_by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Those within scopes, by name.
pub async fn list(conn: &mut PgConnection, scopes: &[Uuid], page: PageRequest) -> Result<Vec<WebhookRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT w.webhook_id, w.name, w.url, w.kinds, w.events, w.organisation_id, o.name AS organisation_name, w.active,
                w.created_at, w.created_by, w.failing_since_at, w.given_up_at
         FROM casework.webhook w LEFT JOIN identity.v_organisation o USING (organisation_id)
         WHERE EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                       WHERE c.ancestor_id = ANY($1) AND c.descendant_id = w.organisation_id)
         ORDER BY w.name, w.webhook_id LIMIT $2 OFFSET $3",
    )
    .bind(scopes)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// One within scopes.
pub async fn find(conn: &mut PgConnection, id: WebhookId, scopes: &[Uuid]) -> Result<Option<WebhookRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT w.webhook_id, w.name, w.url, w.kinds, w.events, w.organisation_id, o.name AS organisation_name, w.active,
                w.created_at, w.created_by, w.failing_since_at, w.given_up_at
         FROM casework.webhook w LEFT JOIN identity.v_organisation o USING (organisation_id)
         WHERE w.webhook_id = $1 AND EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                       WHERE c.ancestor_id = ANY($2) AND c.descendant_id = w.organisation_id)",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Those that the program switched off by itself, within scopes.
pub async fn given_up(
    conn: &mut PgConnection,
    scopes: &[Uuid],
) -> Result<Vec<(WebhookId, String, OffsetDateTime)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT webhook_id, name, given_up_at FROM casework.webhook w
         WHERE given_up_at IS NOT NULL AND EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                       WHERE c.ancestor_id = ANY($1) AND c.descendant_id = w.organisation_id)
         ORDER BY given_up_at LIMIT 20",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await?)
}

/// Switches one on or off by hand; what waits is due at once when it is on again.
pub async fn switch(conn: &mut PgConnection, id: WebhookId, active: bool, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE casework.webhook SET active = $2, failing_since_at = NULL, given_up_at = NULL WHERE webhook_id = $1",
    )
    .bind(id)
    .bind(active)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE casework.webhook_delivery SET due_at = $2, first_at = NULL
         WHERE webhook_id = $1 AND settled_at IS NULL AND $3",
    )
    .bind(id)
    .bind(now)
    .bind(active)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes one and all that waits for it.
pub async fn remove(conn: &mut PgConnection, id: WebhookId) -> Result<(), DbError> {
    sqlx::query("DELETE FROM casework.webhook_delivery WHERE webhook_id = $1").bind(id).execute(&mut *conn).await?;
    sqlx::query("DELETE FROM casework.webhook WHERE webhook_id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Whether anybody wants to be told at all.
pub async fn any(conn: &mut PgConnection) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM casework.webhook WHERE active)").fetch_one(conn).await?)
}

/// Those who want to hear of an event of a kind of case at one of some organisations.
pub async fn hearing(
    conn: &mut PgConnection,
    event: &str,
    kind: &str,
    organisations: &[Uuid],
) -> Result<Vec<WebhookId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT webhook_id FROM casework.webhook w
         WHERE active AND (kinds = '{}' OR $2 = ANY(kinds)) AND (events = '{}' OR $1 = ANY(events))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                       WHERE c.ancestor_id = w.organisation_id AND c.descendant_id = ANY($3))
         ORDER BY webhook_id",
    )
    .bind(event)
    .bind(kind)
    .bind(organisations)
    .fetch_all(conn)
    .await?)
}

/// Codes and names of organisations, as strangers know them.
pub async fn organisations(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, code, name FROM identity.v_organisation WHERE organisation_id = ANY($1) ORDER BY code",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?)
}

/// Something to tell.
#[derive(Clone, Debug)]
pub struct NewDelivery<'a> {
    pub delivery_id: DeliveryId,
    pub webhook_id: WebhookId,
    pub case_id: CaseId,
    /// The event's place among all events; what is told of a case is told in this order.
    pub seq: i64,
    pub event: &'a str,
    pub body: &'a str,
    pub due_at: OffsetDateTime,
}

/// Leaves something to be told.
pub async fn leave(conn: &mut PgConnection, new: &NewDelivery<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.webhook_delivery (webhook_id, delivery_id, case_id, seq, event, body, left_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(new.webhook_id)
    .bind(new.delivery_id)
    .bind(new.case_id)
    .bind(new.seq)
    .bind(new.event)
    .bind(new.body)
    .bind(new.due_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Something that is being told now.
#[derive(Clone, Debug, FromRow)]
pub struct DueRow {
    pub webhook_id: WebhookId,
    pub delivery_id: DeliveryId,
    pub event: String,
    pub body: String,
    pub attempts: i16,
    pub first_at: OffsetDateTime,
    pub url: String,
    pub secret_sealed: Vec<u8>,
}

/// Takes what is due and first of its case, for as long as `lease`: whoever dies meanwhile leaves it to the next.
pub async fn take(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    lease: Duration,
    limit: i64,
) -> Result<Vec<DueRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH due AS (
             SELECT d.webhook_id, d.delivery_id FROM casework.webhook_delivery d
             JOIN casework.webhook w ON w.webhook_id = d.webhook_id AND w.active
             WHERE d.settled_at IS NULL AND d.due_at <= $1 AND NOT EXISTS (
                 SELECT 1 FROM casework.webhook_delivery e
                 WHERE e.webhook_id = d.webhook_id AND e.case_id = d.case_id AND e.settled_at IS NULL AND e.seq < d.seq)
             ORDER BY d.due_at, d.seq LIMIT $3 FOR UPDATE OF d SKIP LOCKED
         )
         UPDATE casework.webhook_delivery d
         SET due_at = $2, attempts = d.attempts + 1, first_at = COALESCE(d.first_at, $1)
         FROM due JOIN casework.webhook w USING (webhook_id)
         WHERE d.webhook_id = due.webhook_id AND d.delivery_id = due.delivery_id
         RETURNING d.webhook_id, d.delivery_id, d.event, d.body, d.attempts, d.first_at, w.url, w.secret_sealed",
    )
    .bind(now)
    .bind(now + lease)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Notes that something was told.
pub async fn told(conn: &mut PgConnection, row: &DueRow, status: i16, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "WITH well AS (UPDATE casework.webhook SET failing_since_at = NULL WHERE webhook_id = $1 AND failing_since_at IS NOT NULL)
         UPDATE casework.webhook_delivery SET settled_at = $4, tried_at = $4, status = $3, failure = '', told = true
         WHERE webhook_id = $1 AND delivery_id = $2",
    )
    .bind(row.webhook_id)
    .bind(row.delivery_id)
    .bind(status)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes a failure: tried again at `due_at`, or given up. Answers since when nothing has succeeded.
pub async fn failed(
    conn: &mut PgConnection,
    row: &DueRow,
    failure: (Option<i16>, &str),
    due_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, DbError> {
    sqlx::query(
        "UPDATE casework.webhook_delivery SET tried_at = $5::timestamptz, status = $3, failure = $4, due_at = COALESCE($6::timestamptz, due_at),
             settled_at = CASE WHEN $6::timestamptz IS NULL THEN $5::timestamptz END
         WHERE webhook_id = $1 AND delivery_id = $2",
    )
    .bind(row.webhook_id)
    .bind(row.delivery_id)
    .bind(failure.0)
    .bind(failure.1)
    .bind(now)
    .bind(due_at)
    .execute(&mut *conn)
    .await?;
    Ok(sqlx::query_scalar(
        "UPDATE casework.webhook SET failing_since_at = COALESCE(failing_since_at, $2) WHERE webhook_id = $1
         RETURNING failing_since_at",
    )
    .bind(row.webhook_id)
    .bind(now)
    .fetch_optional(conn)
    .await?
    .unwrap_or(now))
}

/// Switches one off after a day without success; answers its name and organisation, or none when it is off already.
pub async fn give_up(
    conn: &mut PgConnection,
    id: WebhookId,
    now: OffsetDateTime,
) -> Result<Option<(String, OrganisationId)>, DbError> {
    Ok(sqlx::query_as(
        "UPDATE casework.webhook SET active = false, given_up_at = $2 WHERE webhook_id = $1 AND active
         RETURNING name, organisation_id",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(conn)
    .await?)
}

/// What was or is to be told, for the page.
#[derive(Clone, Debug, FromRow)]
pub struct DeliveryRow {
    pub event: String,
    pub left_at: OffsetDateTime,
    pub tried_at: Option<OffsetDateTime>,
    pub settled_at: Option<OffsetDateTime>,
    pub due_at: OffsetDateTime,
    pub told: bool,
    pub attempts: i16,
    pub status: Option<i16>,
    pub failure: String,
}

/// The last things told to one of them, newest first.
pub async fn deliveries(
    conn: &mut PgConnection,
    id: WebhookId,
    page: PageRequest,
) -> Result<Vec<DeliveryRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT event, left_at, tried_at, settled_at, due_at, told, attempts, status, failure
         FROM casework.webhook_delivery WHERE webhook_id = $1 ORDER BY delivery_id DESC LIMIT $2 OFFSET $3",
    )
    .bind(id)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Networks of the city's own that may be called, as the operator wrote them down.
pub async fn networks(conn: &mut PgConnection) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar("SELECT network::text FROM casework.webhook_network ORDER BY network LIMIT 100")
        .fetch_all(conn)
        .await?)
}

/// Adds a network; false when it does not read as one.
pub async fn add_network(conn: &mut PgConnection, network: &str, by: &str, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.webhook_network (network, added_by, added_at) VALUES ($1::text::cidr, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(network)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a network off; whether it was there.
pub async fn remove_network(conn: &mut PgConnection, network: &str) -> Result<bool, DbError> {
    let gone = sqlx::query("DELETE FROM casework.webhook_network WHERE network::text = $1")
        .bind(network)
        .execute(conn)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Whether an address lies in one of those networks.
pub async fn allowed(conn: &mut PgConnection, address: &str) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM casework.webhook_network WHERE $1::text::inet <<= network)")
        .bind(address)
        .fetch_one(conn)
        .await?)
}

/// Forgets what was settled before `cutoff`, and what waits for somebody who has been switched off since long before.
pub async fn sweep(conn: &mut PgConnection, cutoff: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query("DELETE FROM casework.webhook_delivery WHERE left_at < $1").bind(cutoff).execute(conn).await?;
    Ok(())
}
