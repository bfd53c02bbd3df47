//! Data elements and code sets.
use sqlx::{FromRow, PgConnection};
use time::Date;

use crate::fault::CatalogueError;
use crate::field::FieldType;
use crate::model::Classification;
use crate::standard::{Code, CodeSet, Element, Rule};

#[derive(FromRow)]
struct ElementRow {
    identifier: String,
    version: i32,
    code: String,
    name: String,
    name_en: String,
    definition: String,
    definition_en: String,
    field_type: FieldType,
    rule: Rule,
    code_set: Option<String>,
    length_max: i32,
    classification: Classification,
    source: String,
    synonyms: Vec<String>,
    valid_from_on: Date,
}

impl From<ElementRow> for Element {
    fn from(row: ElementRow) -> Self {
        Self {
            identifier: row.identifier,
            code: row.code,
            version: row.version,
            name: row.name,
            name_en: row.name_en,
            definition: row.definition,
            definition_en: row.definition_en,
            field_type: row.field_type,
            rule: row.rule,
            code_set: row.code_set,
            length_max: row.length_max,
            classification: row.classification,
            source: row.source,
            synonyms: row.synonyms,
            valid_from_on: row.valid_from_on,
        }
    }
}

/// All elements in force, by identifier. A city has a few hundred.
pub async fn elements(conn: &mut PgConnection) -> Result<Vec<Element>, CatalogueError> {
    let rows: Vec<ElementRow> = sqlx::query_as(
        "SELECT identifier, version, code, name, name_en, definition, definition_en, field_type, rule, code_set,
                length_max, classification, source, synonyms, valid_from_on
         FROM catalogue.v_element ORDER BY identifier LIMIT 2000",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Element::from).collect())
}

/// Those of these elements that are in force.
pub async fn elements_named(conn: &mut PgConnection, identifiers: &[&str]) -> Result<Vec<Element>, CatalogueError> {
    let rows: Vec<ElementRow> = sqlx::query_as(
        "SELECT identifier, version, code, name, name_en, definition, definition_en, field_type, rule, code_set,
                length_max, classification, source, synonyms, valid_from_on
         FROM catalogue.v_element WHERE identifier = ANY($1)",
    )
    .bind(identifiers)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Element::from).collect())
}

/// A page of the elements whose identifier, names or synonyms contain the text.
pub async fn elements_like(
    conn: &mut PgConnection,
    text: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Element>, CatalogueError> {
    let rows: Vec<ElementRow> = sqlx::query_as(
        "SELECT identifier, version, code, name, name_en, definition, definition_en, field_type, rule, code_set,
                length_max, classification, source, synonyms, valid_from_on
         FROM catalogue.v_element
         WHERE $1::text IS NULL OR strpos(lower(identifier || ' ' || code || ' ' || name || ' ' || name_en || ' ' || source || ' '
               || array_to_string(synonyms, ' ')), lower($1)) > 0
         ORDER BY identifier LIMIT $2 OFFSET $3",
    )
    .bind(text)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Element::from).collect())
}

/// Every version of one element, newest first.
pub async fn element_versions(conn: &mut PgConnection, identifier: &str) -> Result<Vec<Element>, CatalogueError> {
    let rows: Vec<ElementRow> = sqlx::query_as(
        "SELECT identifier, version, code, name, name_en, definition, definition_en, field_type, rule, code_set,
                length_max, classification, source, synonyms, valid_from_on
         FROM catalogue.element WHERE identifier = $1 ORDER BY version DESC LIMIT 100",
    )
    .bind(identifier)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Element::from).collect())
}

/// Adds one version of an element.
pub async fn insert_element(conn: &mut PgConnection, element: &Element) -> Result<(), CatalogueError> {
    sqlx::query(
        "INSERT INTO catalogue.element (identifier, version, code, name, name_en, definition, definition_en, field_type,
             rule, code_set, length_max, classification, source, synonyms, valid_from_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&element.identifier)
    .bind(element.version)
    .bind(&element.code)
    .bind(&element.name)
    .bind(&element.name_en)
    .bind(&element.definition)
    .bind(&element.definition_en)
    .bind(element.field_type.word())
    .bind(element.rule.word())
    .bind(&element.code_set)
    .bind(element.length_max)
    .bind(element.classification.word())
    .bind(&element.source)
    .bind(&element.synonyms)
    .bind(element.valid_from_on)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct CodeSetRow {
    identifier: String,
    version: i32,
    name: String,
    name_en: String,
    source: String,
    valid_from_on: Date,
}

impl CodeSetRow {
    fn with(self, codes: Vec<Code>) -> CodeSet {
        CodeSet {
            identifier: self.identifier,
            version: self.version,
            name: self.name,
            name_en: self.name_en,
            source: self.source,
            valid_from_on: self.valid_from_on,
            codes,
        }
    }
}

/// A page of the code sets in force, without their codes.
pub async fn code_sets_like(
    conn: &mut PgConnection,
    text: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<Vec<CodeSet>, CatalogueError> {
    let rows: Vec<CodeSetRow> = sqlx::query_as(
        "SELECT DISTINCT ON (identifier) identifier, version, name, name_en, source, valid_from_on
         FROM catalogue.code_set
         WHERE $1::text IS NULL OR strpos(lower(identifier || ' ' || name || ' ' || name_en || ' ' || source), lower($1)) > 0
         ORDER BY identifier, version DESC LIMIT $2 OFFSET $3",
    )
    .bind(text)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.with(Vec::new())).collect())
}

/// One code set in force, with its codes in order.
pub async fn code_set(conn: &mut PgConnection, identifier: &str) -> Result<Option<CodeSet>, CatalogueError> {
    let row: Option<CodeSetRow> = sqlx::query_as(
        "SELECT identifier, version, name, name_en, source, valid_from_on
         FROM catalogue.code_set WHERE identifier = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(identifier)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let codes: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT code, name, name_en FROM catalogue.code WHERE code_set = $1 AND version = $2
         ORDER BY position LIMIT 20000",
    )
    .bind(identifier)
    .bind(row.version)
    .fetch_all(conn)
    .await?;
    let codes = codes.into_iter().map(|(code, name, name_en)| Code { code, name, name_en }).collect();
    Ok(Some(row.with(codes)))
}

/// Adds one version of a code set with its codes.
pub async fn insert_code_set(conn: &mut PgConnection, set: &CodeSet) -> Result<(), CatalogueError> {
    sqlx::query(
        "INSERT INTO catalogue.code_set (identifier, version, name, name_en, source, valid_from_on)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&set.identifier)
    .bind(set.version)
    .bind(&set.name)
    .bind(&set.name_en)
    .bind(&set.source)
    .bind(set.valid_from_on)
    .execute(&mut *conn)
    .await?;
    let column = |take: fn(&Code) -> &str| set.codes.iter().map(|code| take(code).to_owned()).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO catalogue.code (code_set, version, code, position, name, name_en)
         SELECT $1, $2, c.code, c.position, c.name, c.name_en
         FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS c (code, name, name_en, position)",
    )
    .bind(&set.identifier)
    .bind(set.version)
    .bind(column(|code| &code.code))
    .bind(column(|code| &code.name))
    .bind(column(|code| &code.name_en))
    .execute(conn)
    .await?;
    Ok(())
}

/// A published resource that uses an element.
#[derive(FromRow, Clone, Debug)]
pub struct Use {
    /// The resource's code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: String,
    /// The field that is this element there.
    pub field: String,
}

/// The published resources that use an element.
pub async fn uses(conn: &mut PgConnection, identifier: &str) -> Result<Vec<Use>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT r.code, r.title, r.title_en, f.name AS field
         FROM catalogue.v_field f JOIN catalogue.v_resource r ON r.resource_id = f.resource_id
         WHERE f.element = $1 ORDER BY r.code LIMIT 50",
    )
    .bind(identifier)
    .fetch_all(conn)
    .await?)
}
