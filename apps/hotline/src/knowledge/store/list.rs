//! The keepers' list.
use jh_core::gram;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::super::model::{EntryId, Revision, Standing};

/// What the list is narrowed to.
#[derive(Clone, Debug)]
pub struct Narrowing<'a> {
    /// The scopes of `hotline.knowledge.read`.
    pub scopes: &'a [Uuid],
    /// `draft`, `in_review`, `published`, `expired` or `withdrawn`.
    pub state: Option<&'a str>,
    /// An organisation, with everything below it.
    pub organisation: Option<Uuid>,
    /// Only what expires before this day, or has.
    pub expiring_before: Option<Date>,
    /// What the question, the other ways of asking or the keywords say.
    pub text: &'a str,
    /// Which page.
    pub page: PageRequest,
}

/// One entry in the list.
#[derive(Clone, Debug, FromRow)]
pub struct ListRow {
    pub entry_id: EntryId,
    pub question: String,
    pub organisation_name: String,
    pub owner_name: String,
    pub owner_working: bool,
    pub standing: Standing,
    pub revision: Revision,
    pub expires_on: Option<Date>,
    pub changed_at: OffsetDateTime,
}

/// One page of entries, the latest changes first; those that expire, by the day they do.
pub async fn entries(conn: &mut PgConnection, narrowing: &Narrowing<'_>) -> Result<Vec<ListRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.question, coalesce(o.name, '') AS organisation_name, coalesce(a.name, '') AS owner_name,
             coalesce(a.working, false) AS owner_working, e.standing, e.revision, e.expires_on, e.changed_at
         FROM hotline.knowledge_entry e
         LEFT JOIN identity.v_organisation o ON o.organisation_id = e.organisation_id
         LEFT JOIN identity.v_account a ON a.account_id = e.owner_id
         WHERE (e.standing = 'published' OR e.organisation_id IN (
                 SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)))
           AND ($2::text IS NULL OR e.standing = $2 OR e.revision = $2)
           AND ($3::uuid IS NULL OR e.organisation_id IN (
                 SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = $3))
           AND ($4::date IS NULL OR (e.expires_on < $4 AND e.standing IN ('published', 'expired')))
           AND ($5::text IS NULL OR e.sought @@ $5::text::tsquery)
         ORDER BY CASE WHEN $4::date IS NULL THEN NULL ELSE e.expires_on END, e.changed_at DESC, e.entry_id DESC
         LIMIT $6 OFFSET $7",
    )
    .bind(narrowing.scopes)
    .bind(narrowing.state)
    .bind(narrowing.organisation)
    .bind(narrowing.expiring_before)
    .bind(gram::query_all(narrowing.text))
    .bind(narrowing.page.limit())
    .bind(narrowing.page.offset())
    .fetch_all(conn)
    .await?)
}

/// Whether there is any entry at all.
pub async fn any(conn: &mut PgConnection) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM hotline.knowledge_entry)").fetch_one(conn).await?)
}

/// The organisations that have entries, for the filter. There are some dozens.
pub async fn organisations(conn: &mut PgConnection) -> Result<Vec<(Uuid, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.name FROM identity.v_organisation o
         WHERE o.organisation_id IN (SELECT e.organisation_id FROM hotline.knowledge_entry e)
         ORDER BY o.path LIMIT 300",
    )
    .fetch_all(conn)
    .await?)
}
