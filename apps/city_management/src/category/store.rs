//! The SQL of classes and their versions.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// One class as it holds on a day.
#[derive(FromRow, Clone, Debug)]
pub struct CategoryRow {
    /// `component` or `event`.
    pub kind: String,
    /// Four digits.
    pub code: String,
    /// The major class.
    pub major_name: String,
    /// The major class in English.
    pub major_name_en: String,
    /// The minor class.
    pub name: String,
    /// The minor class in English.
    pub name_en: String,
    /// The city's own.
    pub extension: bool,
    /// Who answers.
    pub organisation_id: Option<OrganisationId>,
    /// Who answers, by name.
    pub organisation_name: Option<String>,
    /// 立案条件.
    pub filing_condition: String,
    /// 处置时限.
    pub limit_amount: i32,
    /// In which unit.
    pub limit_unit: String,
    /// 结案条件.
    pub closing_condition: String,
}

/// What of a class changes with its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// From which day.
    pub valid_from_on: Date,
    /// Who answers.
    pub organisation_id: Option<OrganisationId>,
    /// 立案条件.
    pub filing_condition: String,
    /// 处置时限.
    pub limit_amount: i32,
    /// In which unit.
    pub limit_unit: &'static str,
    /// 结案条件.
    pub closing_condition: String,
}

/// The classes that fit, as they hold on `day`, by code.
pub async fn list(
    conn: &mut PgConnection,
    kind: &str,
    text: Option<&str>,
    organisation: Option<OrganisationId>,
    day: Date,
    limit: i64,
    offset: i64,
) -> Result<Vec<CategoryRow>, DbError> {
    sqlx::query_as(
        "SELECT c.kind, c.code, c.major_name, c.major_name_en, c.name, c.name_en, c.extension, v.organisation_id,
                o.short_name AS organisation_name, v.filing_condition, v.limit_amount, v.limit_unit, v.closing_condition
         FROM city_management.category c
         JOIN LATERAL (
             SELECT * FROM city_management.category_version v
             WHERE v.kind = c.kind AND v.code = c.code AND v.valid_from_on <= $4 ORDER BY v.version DESC LIMIT 1) v ON true
         LEFT JOIN identity.v_organisation o ON o.organisation_id = v.organisation_id
         WHERE c.kind = $1 AND ($2::text IS NULL OR c.code LIKE $2 || '%' OR strpos(c.name, $2) > 0
               OR strpos(lower(c.name_en), lower($2)) > 0 OR strpos(c.major_name, $2) > 0)
           AND ($3::uuid IS NULL OR v.organisation_id = $3)
         ORDER BY c.code LIMIT $5 OFFSET $6",
    )
    .bind(kind)
    .bind(text)
    .bind(organisation)
    .bind(day)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// One class as it holds on `day`.
pub async fn one(conn: &mut PgConnection, kind: &str, code: &str, day: Date) -> Result<Option<CategoryRow>, DbError> {
    sqlx::query_as(
        "SELECT c.kind, c.code, c.major_name, c.major_name_en, c.name, c.name_en, c.extension, v.organisation_id,
                o.short_name AS organisation_name, v.filing_condition, v.limit_amount, v.limit_unit, v.closing_condition
         FROM city_management.category c
         JOIN city_management.category_version v ON v.kind = c.kind AND v.code = c.code AND v.valid_from_on <= $3
         LEFT JOIN identity.v_organisation o ON o.organisation_id = v.organisation_id
         WHERE c.kind = $1 AND c.code = $2 ORDER BY v.version DESC LIMIT 1",
    )
    .bind(kind)
    .bind(code)
    .bind(day)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// One version of a class.
#[derive(FromRow, Clone, Debug)]
pub struct VersionRow {
    /// From 1.
    pub version: i32,
    /// From which day.
    pub valid_from_on: Date,
    /// Who answers, by name.
    pub organisation_name: Option<String>,
    /// 立案条件.
    pub filing_condition: String,
    /// 处置时限.
    pub limit_amount: i32,
    /// In which unit.
    pub limit_unit: String,
    /// 结案条件.
    pub closing_condition: String,
    /// When it was set.
    pub changed_at: OffsetDateTime,
    /// By whom.
    pub changed_by_name: String,
}

/// The newest versions of a class, at most fifty.
pub async fn versions(conn: &mut PgConnection, kind: &str, code: &str) -> Result<Vec<VersionRow>, DbError> {
    sqlx::query_as(
        "SELECT v.version, v.valid_from_on, o.short_name AS organisation_name, v.filing_condition, v.limit_amount,
                v.limit_unit, v.closing_condition, v.changed_at, v.changed_by_name
         FROM city_management.category_version v
         LEFT JOIN identity.v_organisation o ON o.organisation_id = v.organisation_id
         WHERE v.kind = $1 AND v.code = $2 ORDER BY v.version DESC LIMIT 50",
    )
    .bind(kind)
    .bind(code)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The newest version's number and first day, locked until the transaction ends.
pub async fn lock_newest(conn: &mut PgConnection, kind: &str, code: &str) -> Result<Option<(i32, Date)>, DbError> {
    sqlx::query_as(
        "SELECT version, valid_from_on FROM city_management.category_version
         WHERE kind = $1 AND code = $2 ORDER BY version DESC LIMIT 1 FOR UPDATE",
    )
    .bind(kind)
    .bind(code)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// A class to be added.
pub struct NewCategory<'a> {
    /// `component` or `event`.
    pub kind: &'a str,
    /// Four digits.
    pub code: &'a str,
    /// The major class.
    pub major: (&'a str, &'a str),
    /// The minor class.
    pub name: (&'a str, &'a str),
    /// The city's own.
    pub extension: bool,
}

/// Adds a class; false when its code is taken.
pub async fn insert(conn: &mut PgConnection, new: &NewCategory<'_>, now: OffsetDateTime) -> Result<bool, DbError> {
    let done = sqlx::query(
        "INSERT INTO city_management.category
             (kind, code, major_name, major_name_en, name, name_en, extension, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, code) DO NOTHING",
    )
    .bind(new.kind)
    .bind(new.code)
    .bind(new.major.0)
    .bind(new.major.1)
    .bind(new.name.0)
    .bind(new.name.1)
    .bind(new.extension)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a version.
pub async fn insert_version(
    conn: &mut PgConnection,
    (kind, code, version): (&str, &str, i32),
    terms: &Terms,
    (now, by, by_name): (OffsetDateTime, Option<Uuid>, &str),
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.category_version
             (kind, code, version, valid_from_on, organisation_id, filing_condition, limit_amount, limit_unit,
              closing_condition, changed_at, changed_by, changed_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(kind)
    .bind(code)
    .bind(version)
    .bind(terms.valid_from_on)
    .bind(terms.organisation_id)
    .bind(&terms.filing_condition)
    .bind(terms.limit_amount)
    .bind(terms.limit_unit)
    .bind(&terms.closing_condition)
    .bind(now)
    .bind(by)
    .bind(by_name)
    .execute(conn)
    .await?;
    Ok(())
}

/// The major classes there are: code and names.
pub async fn majors(conn: &mut PgConnection, kind: &str) -> Result<Vec<(String, String, String)>, DbError> {
    sqlx::query_as(
        "SELECT DISTINCT ON (substr(code, 1, 2)) substr(code, 1, 2), major_name, major_name_en
         FROM city_management.category WHERE kind = $1 ORDER BY substr(code, 1, 2), code",
    )
    .bind(kind)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Organisations that may answer: departments, companies and counties, by code; at most three hundred.
pub async fn answerable(conn: &mut PgConnection) -> Result<Vec<(OrganisationId, String)>, DbError> {
    sqlx::query_as(
        "SELECT organisation_id, short_name FROM identity.v_organisation
         WHERE closed_on IS NULL AND kind IN ('department', 'enterprise', 'county', 'office') ORDER BY code LIMIT 300",
    )
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
