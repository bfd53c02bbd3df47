//! Finding subjects. A department finds those of whom a provider of its scope has spoken; the scope is in every query.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::model::SubjectId;

/// A golden record as far as lists need it.
#[derive(Clone, Debug, FromRow)]
pub struct Found {
    /// The subject.
    pub subject_id: SubjectId,
    /// Its name.
    pub name: String,
    /// The county, if known.
    pub division_code: Option<String>,
    /// Of a person.
    pub sex: Option<i16>,
    /// Of a person.
    pub birth_on: Option<Date>,
    /// Of an organisation.
    pub established_on: Option<Date>,
    /// Of an organisation its status, of a place its category.
    pub category: Option<String>,
    /// Whose values stand.
    pub provider_no: i16,
    /// By position, where they are of several.
    pub provider_nos: Option<Vec<i16>>,
    /// When it last changed.
    pub revised_at: OffsetDateTime,
}

/// What to search for. Every part that is there must hold.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// These subjects and no others: the answer of a look-up by identifier or telephone.
    pub subjects: Option<Vec<Uuid>>,
    /// For persons the beginning of the name, for others any part of it.
    pub name: Option<String>,
    /// The county.
    pub division: Option<String>,
}

/// Above every character, so that names from `x` to `x` and this are those that begin with `x`.
const LAST_CHAR: char = char::MAX;

/// Persons in the order of their names.
pub async fn persons(
    connection: &mut PgConnection,
    scopes: &[Uuid],
    wanted: &Wanted,
    (offset, limit): (i64, i64),
) -> Result<Vec<Found>, DbError> {
    let first = wanted.name.clone().unwrap_or_default();
    let last = format!("{first}{LAST_CHAR}");
    Ok(sqlx::query_as(
        "SELECT p.person_id AS subject_id, p.name, p.division_code, p.sex, p.birth_on, NULL::date AS established_on,
                NULL::text AS category, p.provider_no, p.provider_nos, p.revised_at
         FROM registry.person p
         WHERE p.name >= $1 AND p.name < $2
           AND ($3::uuid[] IS NULL OR p.person_id = ANY($3))
           AND ($4::text IS NULL OR p.division_code = $4)
           AND EXISTS (SELECT 1 FROM registry.record r WHERE r.kind = 1 AND r.subject_id = p.person_id AND r.provider_no IN (
                   SELECT v.provider_no FROM registry.provider v
                   JOIN identity.v_organisation_closure c ON c.descendant_id = v.organisation_id
                   WHERE c.ancestor_id = ANY($5)))
         ORDER BY p.name, p.person_id OFFSET $6 LIMIT $7",
    )
    .bind(first)
    .bind(last)
    .bind(wanted.subjects.as_deref())
    .bind(wanted.division.as_deref())
    .bind(scopes)
    .bind(offset)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// Organisations in the order of their names.
pub async fn organisations(
    connection: &mut PgConnection,
    scopes: &[Uuid],
    wanted: &Wanted,
    (offset, limit): (i64, i64),
) -> Result<Vec<Found>, DbError> {
    Ok(sqlx::query_as(
        "SELECT p.organisation_id AS subject_id, p.name, p.division_code, NULL::smallint AS sex, NULL::date AS birth_on,
                p.established_on, p.status AS category, p.provider_no, p.provider_nos, p.revised_at
         FROM registry.organisation p
         WHERE ($1::text IS NULL OR position($1 IN p.name) > 0)
           AND ($2::uuid[] IS NULL OR p.organisation_id = ANY($2))
           AND ($3::text IS NULL OR p.division_code = $3)
           AND EXISTS (SELECT 1 FROM registry.record r
                WHERE r.kind = 2 AND r.subject_id = p.organisation_id AND r.provider_no IN (
                   SELECT v.provider_no FROM registry.provider v
                   JOIN identity.v_organisation_closure c ON c.descendant_id = v.organisation_id
                   WHERE c.ancestor_id = ANY($4)))
         ORDER BY p.name, p.organisation_id OFFSET $5 LIMIT $6",
    )
    .bind(wanted.name.as_deref())
    .bind(wanted.subjects.as_deref())
    .bind(wanted.division.as_deref())
    .bind(scopes)
    .bind(offset)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// Places in the order of their names.
pub async fn places(
    connection: &mut PgConnection,
    scopes: &[Uuid],
    wanted: &Wanted,
    (offset, limit): (i64, i64),
) -> Result<Vec<Found>, DbError> {
    Ok(sqlx::query_as(
        "SELECT p.place_id AS subject_id, p.name, p.division_code, NULL::smallint AS sex, NULL::date AS birth_on,
                NULL::date AS established_on, p.category, p.provider_no, p.provider_nos, p.revised_at
         FROM registry.place p
         WHERE ($1::text IS NULL OR position($1 IN p.name) > 0)
           AND ($2::uuid[] IS NULL OR p.place_id = ANY($2))
           AND ($3::text IS NULL OR p.division_code = $3)
           AND EXISTS (SELECT 1 FROM registry.record r WHERE r.kind = 3 AND r.subject_id = p.place_id AND r.provider_no IN (
                   SELECT v.provider_no FROM registry.provider v
                   JOIN identity.v_organisation_closure c ON c.descendant_id = v.organisation_id
                   WHERE c.ancestor_id = ANY($4)))
         ORDER BY p.name, p.place_id OFFSET $5 LIMIT $6",
    )
    .bind(wanted.name.as_deref())
    .bind(wanted.subjects.as_deref())
    .bind(wanted.division.as_deref())
    .bind(scopes)
    .bind(offset)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// Persons with a telephone key; some thousand at most share one.
pub async fn persons_by_phone(connection: &mut PgConnection, phone_key: i64) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar("SELECT person_id FROM registry.person WHERE phone_key = $1 LIMIT 1000")
        .bind(phone_key)
        .fetch_all(connection)
        .await?)
}

/// What is known of one provider's word on a subject besides the values.
#[derive(Clone, Debug, FromRow)]
pub struct Origin {
    /// The delivery's number.
    pub delivery_no: i32,
    /// Its id.
    pub delivery_id: crate::model::DeliveryId,
    /// The provider's number.
    pub provider_no: i16,
    /// The provider.
    pub provider_id: Uuid,
    /// By name.
    pub provider_name: String,
    /// When the delivery was received.
    pub received_at: OffsetDateTime,
}

/// The deliveries behind some numbers.
pub async fn origins(connection: &mut PgConnection, delivery_nos: &[i32]) -> Result<Vec<Origin>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.delivery_no, d.delivery_id, d.provider_no, d.provider_id, o.name AS provider_name, d.received_at
         FROM registry.delivery d JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         WHERE d.delivery_no = ANY($1)",
    )
    .bind(delivery_nos)
    .fetch_all(connection)
    .await?)
}

/// The rules of one kind, with their reasons: attribute, provider, rank, basis.
pub async fn rule_bases(connection: &mut PgConnection, kind: i16) -> Result<Vec<(String, i16, i16, String)>, DbError> {
    Ok(sqlx::query_as("SELECT attribute, provider_no, rank, basis FROM registry.attribute_rule WHERE kind = $1 LIMIT 10000")
        .bind(kind)
        .fetch_all(connection)
        .await?)
}

/// Values that were replaced.
#[derive(Clone, Debug, FromRow)]
pub struct Past {
    /// Whose word it was.
    pub provider_no: i16,
    /// The delivery that brought it.
    pub delivery_no: i32,
    /// The values in clear.
    pub clear_values: Vec<Option<String>>,
    /// The others.
    pub sealed: Option<Vec<u8>>,
    /// When they were replaced.
    pub replaced_at: OffsetDateTime,
}

/// What was said of a subject before, the latest first.
pub async fn past(connection: &mut PgConnection, kind: i16, subject: SubjectId, limit: i64) -> Result<Vec<Past>, DbError> {
    Ok(sqlx::query_as(
        "SELECT provider_no, delivery_no, clear_values, sealed, replaced_at FROM registry.record_past
         WHERE kind = $1 AND subject_id = $2 ORDER BY replaced_at DESC, past_id DESC LIMIT $3",
    )
    .bind(kind)
    .bind(subject)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}
