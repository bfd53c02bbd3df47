//! Reading the audit trail through `jh_db`'s views, within a scope. Nothing here writes it.
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::PgConnection;
use sqlx::types::JsonValue;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// One thing done, as the trail shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AuditRow {
    /// When.
    pub happened_at: OffsetDateTime,
    /// What.
    pub action: String,
    /// To which record.
    pub subject_id: Uuid,
    /// By which account; none: the program itself.
    pub account_id: Option<Uuid>,
    /// `staff`, `resident`, `service` or `system`.
    pub actor_kind: String,
    /// Under which name.
    pub actor_name: String,
    /// For whom the actor acted, or empty.
    pub actor_organisation: String,
    /// Whom it concerned, or empty.
    pub organisation: String,
    /// Why, where a reason was asked.
    pub purpose: Option<String>,
    /// The request's id.
    pub request_id: String,
    /// Further facts.
    pub detail: JsonValue,
    /// Its place in the chain; none: still to be linked.
    pub seq: Option<i64>,
}

/// What a search of the trail asks.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The actor's exact name or account id.
    pub actor: Option<String>,
    /// How the action begins.
    pub action: Option<String>,
    /// Or one of these, with dashes for dots and underscores.
    pub actions: Vec<String>,
    /// From this instant.
    pub from_at: OffsetDateTime,
    /// To before this instant.
    pub to_at: OffsetDateTime,
}

/// What was done in a span of time, the latest first. The span is what keeps it quick: there is an index on time.
pub async fn search(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    filter: &Filter,
    page: PageRequest,
) -> Result<Vec<AuditRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.happened_at, a.action, a.subject_id, a.account_id, a.actor_kind, a.actor_name,
                coalesce(b.name, '') AS actor_organisation, coalesce(o.name, '') AS organisation,
                a.purpose, a.request_id, a.detail, a.seq
         FROM db.v_audit a
         LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         LEFT JOIN identity.organisation b ON b.organisation_id = a.actor_organisation_id
         WHERE a.happened_at >= $4 AND a.happened_at < $5
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.ancestor_id = ANY ($1) AND c.descendant_id IN (a.organisation_id, a.actor_organisation_id)))
           AND ($2::text IS NULL OR a.actor_name = $2 OR a.account_id::text = $2)
           AND ($3::text IS NULL OR starts_with(a.action, $3) OR translate(a.action, '._', '--') = ANY($8))
         ORDER BY a.happened_at DESC, a.audit_id DESC LIMIT $6 OFFSET $7",
    )
    .bind(scope)
    .bind(filter.actor.as_deref())
    .bind(filter.action.as_deref())
    .bind(filter.from_at)
    .bind(filter.to_at)
    .bind(page.limit())
    .bind(page.offset())
    .bind(&filter.actions)
    .fetch_all(conn)
    .await?)
}

/// What was ever done to one record, the latest first.
pub async fn of_subject(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
    subject: Uuid,
    filter: &Filter,
    page: PageRequest,
) -> Result<Vec<AuditRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.happened_at, a.action, a.subject_id, a.account_id, a.actor_kind, a.actor_name,
                coalesce(b.name, '') AS actor_organisation, coalesce(o.name, '') AS organisation,
                a.purpose, a.request_id, a.detail, a.seq
         FROM db.v_audit a
         LEFT JOIN identity.organisation o ON o.organisation_id = a.organisation_id
         LEFT JOIN identity.organisation b ON b.organisation_id = a.actor_organisation_id
         WHERE a.subject_id = $2 AND a.happened_at >= $5 AND a.happened_at < $6
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.ancestor_id = ANY ($1) AND c.descendant_id IN (a.organisation_id, a.actor_organisation_id)))
           AND ($3::text IS NULL OR a.actor_name = $3 OR a.account_id::text = $3)
           AND ($4::text IS NULL OR starts_with(a.action, $4) OR translate(a.action, '._', '--') = ANY($9))
         ORDER BY a.happened_at DESC, a.audit_id DESC LIMIT $7 OFFSET $8",
    )
    .bind(scope)
    .bind(subject)
    .bind(filter.actor.as_deref())
    .bind(filter.action.as_deref())
    .bind(filter.from_at)
    .bind(filter.to_at)
    .bind(page.limit())
    .bind(page.offset())
    .bind(&filter.actions)
    .fetch_all(conn)
    .await?)
}

/// How far the chain has come: its last place among recent rows, and how many recent rows wait (1,000 at most).
pub async fn chain_state(conn: &mut PgConnection, since: OffsetDateTime) -> Result<(Option<i64>, i64), DbError> {
    Ok(sqlx::query_as(
        "SELECT coalesce((SELECT a.seq FROM db.v_audit a WHERE a.happened_at >= $1 AND a.seq IS NOT NULL
                          ORDER BY a.happened_at DESC LIMIT 1),
                         (SELECT max(r.last_seq) FROM db.v_audit_root r)),
                (SELECT count(*) FROM (SELECT 1 FROM db.v_audit a
                                       WHERE a.happened_at >= $1 AND a.seq IS NULL LIMIT 1000) w)",
    )
    .bind(since)
    .fetch_one(conn)
    .await?)
}

/// One signed day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignedDay {
    /// The day in China.
    pub day_on: Date,
    /// Its first place in the chain.
    pub first_seq: i64,
    /// Its last.
    pub last_seq: i64,
}

/// The signed days, the latest first.
pub async fn signed_days(conn: &mut PgConnection, page: PageRequest) -> Result<Vec<SignedDay>, DbError> {
    Ok(sqlx::query_as(
        "SELECT day_on, first_seq, last_seq FROM db.v_audit_root ORDER BY day_on DESC LIMIT $1 OFFSET $2",
    )
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}
