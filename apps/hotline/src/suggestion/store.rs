//! All SQL of the dispatch suggestion: past cases here and in `imports`, duties and models in the modules below.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub mod duty;
pub mod imports;
pub mod model;

/// A past case to be kept.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Made from the text and the organisation.
    pub history_id: Uuid,
    /// Who handled it.
    pub organisation_id: OrganisationId,
    /// What was said.
    pub text: String,
    /// When.
    pub happened_on: Option<Date>,
    /// Where it comes from.
    pub source: String,
    /// Its grams, as a `tsvector`.
    pub sought: String,
}

/// A past case as evidence.
#[derive(Clone, Debug, FromRow)]
pub struct CaseRow {
    /// Which one.
    pub history_id: Uuid,
    /// What was said.
    pub text: String,
    /// When.
    pub happened_on: Option<Date>,
    /// Where it comes from.
    pub source: String,
}

/// An organisation's name, and who has taken its place if it is no more.
#[derive(Clone, Debug, FromRow)]
pub struct NameRow {
    /// Which one.
    pub organisation_id: OrganisationId,
    /// How files name it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name for lists.
    pub short_name: String,
}

/// Keeps past cases; those known word for word are left as they are. Returns how many were new.
pub async fn keep(conn: &mut PgConnection, cases: &[NewCase], now: OffsetDateTime) -> Result<u64, DbError> {
    let ids: Vec<Uuid> = cases.iter().map(|case| case.history_id).collect();
    let organisations: Vec<Uuid> = cases.iter().map(|case| case.organisation_id.into()).collect();
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let days: Vec<Option<Date>> = cases.iter().map(|case| case.happened_on).collect();
    let sources: Vec<&str> = cases.iter().map(|case| case.source.as_str()).collect();
    let sought: Vec<&str> = cases.iter().map(|case| case.sought.as_str()).collect();
    let done = sqlx::query(
        "INSERT INTO hotline.history (history_id, organisation_id, text, happened_on, source, sought, kept_at)
         SELECT DISTINCT ON (n.history_id) n.history_id, n.organisation_id, n.text, n.happened_on, n.source,
             n.sought::tsvector, $7
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::text[], $6::text[])
             AS n (history_id, organisation_id, text, happened_on, source, sought)
         ON CONFLICT (history_id) DO NOTHING",
    )
    .bind(ids)
    .bind(organisations)
    .bind(texts)
    .bind(days)
    .bind(sources)
    .bind(sought)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// A portion of all past cases in the order of their ids: text and who would handle it today. An organisation that is no
/// more is its successor.
pub async fn portion(conn: &mut PgConnection, after: Uuid, limit: i64) -> Result<Vec<(Uuid, Uuid, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT h.history_id, CASE WHEN o.closed_on IS NULL THEN h.organisation_id
                                   ELSE coalesce(o.successor_id, h.organisation_id) END, h.text
         FROM hotline.history h LEFT JOIN identity.v_organisation o ON o.organisation_id = h.organisation_id
         WHERE h.history_id > $1 ORDER BY h.history_id LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// When the newest past case was kept.
pub async fn newest_at(conn: &mut PgConnection) -> Result<Option<OffsetDateTime>, DbError> {
    Ok(sqlx::query_scalar("SELECT max(kept_at) FROM hotline.history").fetch_one(conn).await?)
}

/// Past cases of one organisation, within the scopes, that have any of these grams; those that have most of them first.
pub async fn alike(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    query: &str,
    scopes: &[Uuid],
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT s.history_id, s.text, s.happened_on, s.source
         FROM (SELECT h.history_id, h.text, h.happened_on, h.source, h.sought FROM hotline.history h
               WHERE h.organisation_id = $1 AND h.sought @@ $2::tsquery AND EXISTS (
                   SELECT 1 FROM identity.v_organisation_closure c
                   WHERE c.ancestor_id = ANY($3) AND c.descendant_id = h.organisation_id)
               LIMIT 2000) s
         ORDER BY ts_rank(s.sought, $2::tsquery) DESC, s.history_id LIMIT $4",
    )
    .bind(organisation)
    .bind(query)
    .bind(scopes)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The organisations that may handle something, by name, within the scopes.
pub async fn names(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<NameRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.code, o.name, o.short_name FROM identity.v_organisation o
         WHERE EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                       WHERE c.ancestor_id = ANY($1) AND c.descendant_id = o.organisation_id)
         ORDER BY o.path LIMIT 5000",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await?)
}

/// Names of organisations by id.
pub async fn named(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<NameRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, code, name, short_name FROM identity.v_organisation WHERE organisation_id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?)
}
