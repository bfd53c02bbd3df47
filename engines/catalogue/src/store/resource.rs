//! One resource and its versions.
use jh_core::actor::{AccountId, OrganisationId};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::fault::CatalogueError;
use crate::field::{Field, FieldType};
use crate::model::{
    Classification, Content, Format, ResourceId, RowKind, Sharing, SharingKind, State, Theme, UpdateCycle, Version,
};

/// The record of a resource, without what its versions say.
#[derive(FromRow, Clone, Debug)]
pub struct Resource {
    /// Its id.
    pub resource_id: ResourceId,
    /// Its catalogue code.
    pub code: String,
    /// Whose it is.
    pub provider_id: OrganisationId,
    /// The newest version's number.
    pub newest_version: i32,
    /// The published version's number, if one is.
    pub published_version: Option<i32>,
}

#[derive(FromRow)]
struct VersionRow {
    resource_id: ResourceId,
    code: String,
    version: i32,
    provider_id: OrganisationId,
    state: State,
    title: String,
    title_en: String,
    description: String,
    description_en: String,
    keywords: Vec<String>,
    theme: Theme,
    format: Format,
    update_cycle: UpdateCycle,
    classification: Classification,
    sharing_kind: SharingKind,
    sharing_terms: String,
    open: bool,
    contact: String,
    rows_kind: Option<RowKind>,
    drafters: Vec<AccountId>,
    published_at: Option<OffsetDateTime>,
    changed_at: OffsetDateTime,
}

impl VersionRow {
    fn with(self, fields: Vec<Field>) -> Version {
        let content = Content {
            title: self.title,
            title_en: self.title_en,
            description: self.description,
            description_en: self.description_en,
            keywords: self.keywords,
            theme: self.theme,
            format: self.format,
            update_cycle: self.update_cycle,
            classification: self.classification,
            sharing: Sharing::from_parts(self.sharing_kind, &self.sharing_terms),
            open: self.open,
            contact: self.contact,
            rows: self.rows_kind,
            fields,
        };
        Version {
            resource_id: self.resource_id,
            code: self.code,
            version: self.version,
            provider_id: self.provider_id,
            state: self.state,
            content,
            drafters: self.drafters,
            published_at: self.published_at,
            changed_at: self.changed_at,
        }
    }
}

#[derive(FromRow)]
struct FieldRow {
    name: String,
    label: String,
    label_en: String,
    element: Option<String>,
    field_type: FieldType,
    required: bool,
    classification: Classification,
    unit: String,
}

impl From<FieldRow> for Field {
    fn from(row: FieldRow) -> Self {
        Self {
            name: row.name,
            label: row.label,
            label_en: row.label_en,
            element: row.element,
            field_type: row.field_type,
            required: row.required,
            classification: row.classification,
            unit: row.unit,
        }
    }
}

/// A resource by its catalogue code, in capitals or not.
pub async fn by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Resource>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT resource_id, code, provider_id, newest_version, published_version
         FROM catalogue.resource WHERE lower(code) = lower($1)",
    )
    .bind(code)
    .fetch_optional(conn)
    .await?)
}

/// A resource by its id.
pub async fn by_id(conn: &mut PgConnection, resource_id: ResourceId) -> Result<Option<Resource>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT resource_id, code, provider_id, newest_version, published_version
         FROM catalogue.resource WHERE resource_id = $1",
    )
    .bind(resource_id)
    .fetch_optional(conn)
    .await?)
}

/// A resource that staff may see: of an organisation within `scopes`, or published by anyone.
pub async fn visible(conn: &mut PgConnection, code: &str, scopes: &[Uuid]) -> Result<Option<Resource>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT resource_id, code, provider_id, newest_version, published_version
         FROM catalogue.resource
         WHERE lower(code) = lower($1)
           AND (published_version IS NOT NULL OR provider_id IN
                (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2)))",
    )
    .bind(code)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Locks a resource that lies within `scopes`, so that two people cannot move it at once.
pub async fn lock_within(
    conn: &mut PgConnection,
    code: &str,
    scopes: &[Uuid],
) -> Result<Option<Resource>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT resource_id, code, provider_id, newest_version, published_version
         FROM catalogue.resource
         WHERE lower(code) = lower($1) AND provider_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2))
         FOR UPDATE",
    )
    .bind(code)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Whether an organisation lies within `scopes` and still exists.
pub async fn covers(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    organisation: OrganisationId,
) -> Result<bool, CatalogueError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                        JOIN identity.v_organisation o ON o.organisation_id = c.descendant_id
                        WHERE c.ancestor_id = ANY($1) AND c.descendant_id = $2 AND o.closed_on IS NULL)",
    )
    .bind(scopes)
    .bind(organisation)
    .fetch_one(conn)
    .await?)
}

/// One version with its fields.
pub async fn version(
    conn: &mut PgConnection,
    resource_id: ResourceId,
    version: i32,
) -> Result<Option<Version>, CatalogueError> {
    let row: Option<VersionRow> = sqlx::query_as(
        "SELECT resource_id, code, version, provider_id, state, title, title_en, description, description_en, keywords,
                theme, format, update_cycle, classification, sharing_kind, sharing_terms, open, contact, rows_kind,
                drafters, published_at, changed_at
         FROM catalogue.version_row WHERE resource_id = $1 AND version = $2",
    )
    .bind(resource_id)
    .bind(version)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let fields: Vec<FieldRow> = sqlx::query_as(
        "SELECT name, label, label_en, element, field_type, required, classification, unit
         FROM catalogue.field WHERE resource_id = $1 AND version = $2 ORDER BY position",
    )
    .bind(resource_id)
    .bind(version)
    .fetch_all(conn)
    .await?;
    Ok(Some(row.with(fields.into_iter().map(Field::from).collect())))
}

/// The next serial number for a catalogue code.
pub async fn next_serial(conn: &mut PgConnection) -> Result<i64, CatalogueError> {
    Ok(sqlx::query_scalar("SELECT nextval('catalogue.resource_serial')").fetch_one(conn).await?)
}

/// Adds a resource without versions. False when the code is taken.
pub async fn insert(conn: &mut PgConnection, resource: &Resource, now: OffsetDateTime) -> Result<bool, CatalogueError> {
    let done = sqlx::query(
        "INSERT INTO catalogue.resource (resource_id, code, provider_id, newest_version, published_version, changed_at)
         VALUES ($1, $2, $3, $4, NULL, $5) ON CONFLICT (lower(code)) DO NOTHING",
    )
    .bind(resource.resource_id)
    .bind(&resource.code)
    .bind(resource.provider_id)
    .bind(resource.newest_version)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a version with its fields: a new one, or a draft again. `search` is the text form of its search vector.
pub async fn put_version(conn: &mut PgConnection, version: &Version, search: &str) -> Result<(), CatalogueError> {
    let content = &version.content;
    let done = sqlx::query(
        "INSERT INTO catalogue.resource_version (resource_id, version, state, title, title_en, description,
             description_en, keywords, theme, format, update_cycle, classification, sharing_kind, sharing_terms, open,
             contact, rows_kind, drafters, search, changed_at)
         VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
             $18::text::tsvector, $19)
         ON CONFLICT (resource_id, version) DO UPDATE SET
             title = excluded.title, title_en = excluded.title_en, description = excluded.description,
             description_en = excluded.description_en, keywords = excluded.keywords, theme = excluded.theme,
             format = excluded.format, update_cycle = excluded.update_cycle, classification = excluded.classification,
             sharing_kind = excluded.sharing_kind, sharing_terms = excluded.sharing_terms, open = excluded.open,
             contact = excluded.contact, rows_kind = excluded.rows_kind, drafters = excluded.drafters,
             search = excluded.search, changed_at = excluded.changed_at
         WHERE resource_version.state = 'draft'",
    )
    .bind(version.resource_id)
    .bind(version.version)
    .bind(&content.title)
    .bind(&content.title_en)
    .bind(&content.description)
    .bind(&content.description_en)
    .bind(&content.keywords)
    .bind(content.theme.word())
    .bind(content.format.word())
    .bind(content.update_cycle.word())
    .bind(content.classification.word())
    .bind(content.sharing.kind().word())
    .bind(content.sharing.terms())
    .bind(content.open)
    .bind(&content.contact)
    .bind(content.rows.map(RowKind::word))
    .bind(&version.drafters)
    .bind(search)
    .bind(version.changed_at)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Err(CatalogueError::Stale);
    }
    put_fields(conn, version).await
}

async fn put_fields(conn: &mut PgConnection, version: &Version) -> Result<(), CatalogueError> {
    sqlx::query("DELETE FROM catalogue.field WHERE resource_id = $1 AND version = $2")
        .bind(version.resource_id)
        .bind(version.version)
        .execute(&mut *conn)
        .await?;
    let fields = &version.content.fields;
    let text = |take: fn(&Field) -> &str| fields.iter().map(|field| take(field).to_owned()).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO catalogue.field (resource_id, version, position, name, label, label_en, element, field_type,
             required, classification, unit)
         SELECT $1, $2, f.position, f.name, f.label, f.label_en, nullif(f.element, ''), f.field_type, f.required,
                f.classification, f.unit
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[], $9::text[], $10::text[])
              WITH ORDINALITY AS f (name, label, label_en, element, field_type, required, classification, unit, position)",
    )
    .bind(version.resource_id)
    .bind(version.version)
    .bind(text(|field| &field.name))
    .bind(text(|field| &field.label))
    .bind(text(|field| &field.label_en))
    .bind(text(|field| field.element.as_deref().unwrap_or_default()))
    .bind(text(|field| field.field_type.word()))
    .bind(fields.iter().map(|field| field.required).collect::<Vec<_>>())
    .bind(text(|field| field.classification.word()))
    .bind(text(|field| &field.unit))
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves one version to a state, and keeps the instants that belong to it.
pub async fn set_state(
    conn: &mut PgConnection,
    (resource_id, version): (ResourceId, i32),
    state: State,
    now: OffsetDateTime,
) -> Result<(), CatalogueError> {
    sqlx::query(
        "UPDATE catalogue.resource_version SET state = $3, changed_at = $4,
             submitted_at = CASE $3 WHEN 'in_review' THEN $4 WHEN 'draft' THEN NULL ELSE submitted_at END,
             published_at = CASE WHEN $3 = 'published' THEN $4 ELSE published_at END
         WHERE resource_id = $1 AND version = $2",
    )
    .bind(resource_id)
    .bind(version)
    .bind(state.word())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the resource's own record in step with its versions.
pub async fn set_versions(
    conn: &mut PgConnection,
    resource_id: ResourceId,
    newest: i32,
    published: Option<i32>,
    now: OffsetDateTime,
) -> Result<(), CatalogueError> {
    sqlx::query(
        "UPDATE catalogue.resource SET newest_version = $2, published_version = $3, changed_at = $4
         WHERE resource_id = $1",
    )
    .bind(resource_id)
    .bind(newest)
    .bind(published)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
