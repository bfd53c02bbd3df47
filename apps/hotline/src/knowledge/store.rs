//! All SQL of the knowledge base: entries and versions here; the search, the use and what waits in the modules below.
//!
//! Every read of what is not in force takes the scopes of a permission and enforces them in the statement.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::gram;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Audience, Content, EntryId, Revision, Standing, State};

pub mod answer;
pub mod list;
pub mod neighbour;
pub mod using;
pub mod waiting;

/// One entry as it stands.
#[derive(Clone, Debug, FromRow)]
pub struct EntryRow {
    pub entry_id: EntryId,
    pub organisation_id: OrganisationId,
    pub owner_id: AccountId,
    pub standing: Standing,
    pub revision: Revision,
    pub last_version: i32,
    pub published_version: Option<i32>,
    pub draft_version: Option<i32>,
    pub expires_on: Option<Date>,
    pub question: String,
}

impl EntryRow {
    /// How it stands.
    pub fn state(&self) -> State {
        State { standing: self.standing, revision: self.revision }
    }

    /// The version that is being written, or is given, or was the last.
    pub fn current_version(&self) -> i32 {
        self.draft_version.or(self.published_version).unwrap_or(self.last_version)
    }
}

/// One version.
#[derive(Clone, Debug, FromRow)]
pub struct VersionRow {
    pub version: i32,
    pub question: String,
    pub aliases: String,
    pub short_answer: String,
    pub answer: String,
    pub keywords: String,
    pub service_path: Option<String>,
    pub audience: Audience,
    pub from_on: Date,
    pub expires_on: Date,
    pub change_reason: String,
    pub written_by_name: String,
    pub written_at: OffsetDateTime,
}

impl VersionRow {
    /// What it says.
    pub fn content(&self) -> Content {
        Content {
            question: self.question.clone(),
            aliases: self.aliases.lines().map(str::to_owned).collect(),
            short_answer: self.short_answer.clone(),
            answer: self.answer.clone(),
            keywords: self.keywords.split_whitespace().map(str::to_owned).collect(),
            service_path: self.service_path.clone(),
            audience: self.audience,
            from_on: self.from_on,
            expires_on: self.expires_on,
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, FromRow)]
pub struct StepRow {
    pub kind: String,
    pub version: i32,
    pub at: OffsetDateTime,
    pub actor_name: String,
    pub note: String,
}

/// Who writes a version, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    pub by: AccountId,
    pub by_name: &'a str,
    pub reason: &'a str,
    pub now: OffsetDateTime,
}

/// The pairs of characters by which keepers look for an entry.
fn sought(content: &Content) -> Vec<String> {
    let text = [content.question.as_str(), &content.aliases.join("\n"), &content.keywords.join(" ")].join("\n");
    gram::distinct(&text).into_iter().collect()
}

/// A new entry with its first version, as a draft.
pub async fn insert(
    conn: &mut PgConnection,
    id: EntryId,
    (organisation, owner): (OrganisationId, AccountId),
    content: &Content,
    writing: &Writing<'_>,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_entry (entry_id, organisation_id, owner_id, standing, revision, last_version,
             draft_version, question, sought, created_at, changed_at)
         VALUES ($1, $2, $3, 'unpublished', 'draft', 1, 1, $4, array_to_tsvector($5::text[]), $6, $6)",
    )
    .bind(id)
    .bind(organisation)
    .bind(owner)
    .bind(&content.question)
    .bind(sought(content))
    .bind(writing.now)
    .execute(&mut *conn)
    .await?;
    insert_version(conn, id, 1, content, writing).await
}

async fn insert_version(
    conn: &mut PgConnection,
    id: EntryId,
    version: i32,
    content: &Content,
    writing: &Writing<'_>,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_version (entry_id, version, question, aliases, short_answer, answer, keywords,
             service_path, audience, from_on, expires_on, change_reason, written_by, written_by_name, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(id)
    .bind(version)
    .bind(&content.question)
    .bind(content.aliases.join("\n"))
    .bind(&content.short_answer)
    .bind(&content.answer)
    .bind(content.keywords.join(" "))
    .bind(&content.service_path)
    .bind(content.audience)
    .bind(content.from_on)
    .bind(content.expires_on)
    .bind(writing.reason)
    .bind(writing.by)
    .bind(writing.by_name)
    .bind(writing.now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The next version of a locked entry, which is now being written. Answers its number.
pub async fn add_version(
    conn: &mut PgConnection,
    entry: &EntryRow,
    state: State,
    content: &Content,
    writing: &Writing<'_>,
) -> Result<i32, DbError> {
    let version = entry.last_version + 1;
    insert_version(conn, entry.entry_id, version, content, writing).await?;
    sqlx::query(
        "UPDATE hotline.knowledge_entry SET last_version = $2, draft_version = $2, standing = $3, revision = $4,
             question = $5, sought = array_to_tsvector($6::text[]), changed_at = $7 WHERE entry_id = $1",
    )
    .bind(entry.entry_id)
    .bind(version)
    .bind(state.standing)
    .bind(state.revision)
    .bind(&content.question)
    .bind(sought(content))
    .bind(writing.now)
    .execute(conn)
    .await?;
    Ok(version)
}

/// Moves a locked entry on without a new version. Nothing being written any more leaves no draft.
pub async fn change(
    conn: &mut PgConnection,
    id: EntryId,
    state: State,
    published: Option<(i32, Date)>,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let (version, expires_on) = published.unzip();
    sqlx::query(
        "UPDATE hotline.knowledge_entry SET standing = $2, revision = $3,
             draft_version = CASE WHEN $3 = 'none' THEN NULL ELSE draft_version END,
             published_version = coalesce($4, published_version), expires_on = coalesce($5, expires_on), changed_at = $6
         WHERE entry_id = $1",
    )
    .bind(id)
    .bind(state.standing.code())
    .bind(state.revision.code())
    .bind(version)
    .bind(expires_on)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a locked entry another owner.
pub async fn hand_over(
    conn: &mut PgConnection,
    id: EntryId,
    owner: AccountId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query("UPDATE hotline.knowledge_entry SET owner_id = $2, changed_at = $3 WHERE entry_id = $1")
        .bind(id)
        .bind(owner)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// An entry that a reader may see: what is in force all readers of the knowledge base may, what is not those in whose
/// scope it is.
pub async fn entry(conn: &mut PgConnection, id: EntryId, scopes: &[Uuid]) -> Result<Option<EntryRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.organisation_id, e.owner_id, e.standing, e.revision, e.last_version, e.published_version,
             e.draft_version, e.expires_on, e.question
         FROM hotline.knowledge_entry e
         WHERE e.entry_id = $1 AND (e.standing = 'published' OR EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id = e.organisation_id))",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// An entry locked for a change, if the scopes of the permission cover its organisation.
pub async fn lock(conn: &mut PgConnection, id: EntryId, scopes: &[Uuid]) -> Result<Option<EntryRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.organisation_id, e.owner_id, e.standing, e.revision, e.last_version, e.published_version,
             e.draft_version, e.expires_on, e.question
         FROM hotline.knowledge_entry e
         WHERE e.entry_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id = e.organisation_id)
         FOR UPDATE OF e",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Published entries whose term is over, locked by whoever takes them first.
pub async fn lock_overdue(conn: &mut PgConnection, today: Date, limit: i64) -> Result<Vec<EntryRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT e.entry_id, e.organisation_id, e.owner_id, e.standing, e.revision, e.last_version, e.published_version,
             e.draft_version, e.expires_on, e.question
         FROM hotline.knowledge_entry e
         WHERE e.standing = 'published' AND e.expires_on <= $1
         ORDER BY e.expires_on, e.entry_id LIMIT $2 FOR UPDATE OF e SKIP LOCKED",
    )
    .bind(today)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// One version of an entry.
pub async fn version(conn: &mut PgConnection, id: EntryId, version: i32) -> Result<Option<VersionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT version, question, aliases, short_answer, answer, keywords, service_path, audience, from_on, expires_on,
             change_reason, written_by_name, written_at
         FROM hotline.knowledge_version WHERE entry_id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .fetch_optional(conn)
    .await?)
}

/// The latest versions of an entry, newest first.
pub async fn versions(conn: &mut PgConnection, id: EntryId) -> Result<Vec<VersionRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT version, question, aliases, short_answer, answer, keywords, service_path, audience, from_on, expires_on,
             change_reason, written_by_name, written_at
         FROM hotline.knowledge_version WHERE entry_id = $1 ORDER BY version DESC LIMIT 50",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// Whether somebody wrote any of what is not published yet.
pub async fn wrote(conn: &mut PgConnection, entry: &EntryRow, account: AccountId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM hotline.knowledge_version
             WHERE entry_id = $1 AND version > coalesce($2, 0) AND written_by = $3)",
    )
    .bind(entry.entry_id)
    .bind(entry.published_version)
    .bind(account)
    .fetch_one(conn)
    .await?)
}

/// Adds a step.
pub async fn insert_step(
    conn: &mut PgConnection,
    id: EntryId,
    actor: Option<AccountId>,
    step: &StepRow,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.knowledge_step (entry_id, step_id, kind, version, at, actor_id, actor_name, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(jh_core::id::uuid_at(step.at))
    .bind(&step.kind)
    .bind(step.version)
    .bind(step.at)
    .bind(actor)
    .bind(&step.actor_name)
    .bind(&step.note)
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest steps, newest first.
pub async fn steps(conn: &mut PgConnection, id: EntryId) -> Result<Vec<StepRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT kind, version, at, actor_name, note FROM hotline.knowledge_step
         WHERE entry_id = $1 ORDER BY step_id DESC LIMIT 50",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// The organisation that vouches for an entry.
pub async fn entry_organisation(conn: &mut PgConnection, id: EntryId) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar("SELECT organisation_id FROM hotline.knowledge_entry WHERE entry_id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?)
}
