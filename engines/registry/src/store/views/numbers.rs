//! The counters as statistics and maps ask for them. They are kept by the landing itself; nothing here counts records.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// The most divisions told apart; a city's people are registered in a few, and some in any county of the country.
const DIVISIONS_MAX: i64 = 5_000;

/// How many of something are in one division.
#[derive(FromRow, Clone, Debug, PartialEq, Eq)]
pub struct InDivision {
    pub division_code: String,
    pub subjects: i64,
}

/// The subjects of a kind by division code, as it was delivered.
pub async fn by_division(conn: &mut PgConnection, kind_no: i16) -> Result<Vec<InDivision>, DbError> {
    sqlx::query_as(
        "SELECT division_code, subjects FROM registry.holding WHERE kind = $1 AND subjects > 0
         ORDER BY subjects DESC LIMIT $2",
    )
    .bind(kind_no)
    .bind(DIVISIONS_MAX)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// All subjects of a kind.
pub async fn total(conn: &mut PgConnection, kind_no: i16) -> Result<i64, DbError> {
    sqlx::query_scalar("SELECT coalesce(sum(subjects), 0)::bigint FROM registry.holding WHERE kind = $1")
        .bind(kind_no)
        .fetch_one(conn)
        .await
        .map_err(DbError::from)
}

/// People of one sex born in one year.
#[derive(FromRow, Clone, Debug, PartialEq, Eq)]
pub struct Born {
    pub sex: i16,
    pub birth_year: i16,
    pub people: i64,
}

/// The people by sex and year of birth, the oldest first.
pub async fn born(conn: &mut PgConnection) -> Result<Vec<Born>, DbError> {
    sqlx::query_as(
        "SELECT sex, birth_year, sum(people)::bigint AS people FROM registry.v_population
         GROUP BY sex, birth_year HAVING sum(people) > 0 ORDER BY birth_year, sex",
    )
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Organisations established in one decade.
#[derive(FromRow, Clone, Debug, PartialEq, Eq)]
pub struct Established {
    pub year: i32,
    pub organisations: i64,
}

/// Organisations by year of establishment since `from`. The one question here that reads records: whoever asks keeps the
/// answer for a while.
pub async fn established(conn: &mut PgConnection, from: i32) -> Result<Vec<Established>, DbError> {
    sqlx::query_as(
        "SELECT extract(year FROM established_on)::int AS year, count(*) AS organisations FROM registry.organisation
         WHERE established_on >= make_date($1, 1, 1) GROUP BY 1 ORDER BY 1",
    )
    .bind(from)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// When rows of a kind last landed.
pub async fn landed_at(conn: &mut PgConnection, kind_no: i16) -> Result<Option<OffsetDateTime>, DbError> {
    sqlx::query_scalar("SELECT max(landed_at) FROM registry.provider_tally WHERE kind = $1")
        .bind(kind_no)
        .fetch_one(conn)
        .await
        .map_err(DbError::from)
}

/// What one provider has delivered.
#[derive(FromRow, Clone, Debug)]
pub struct Delivered {
    pub code: String,
    pub name: String,
    pub deliveries: i64,
    pub rows_read: i64,
    pub rows_rejected: i64,
    pub landed_at: Option<OffsetDateTime>,
}

/// The providers within the scopes by what they have delivered, the most first.
pub async fn delivered(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<Delivered>, DbError> {
    sqlx::query_as(
        "SELECT o.code, o.name, sum(t.deliveries)::bigint AS deliveries,
                sum(t.records + t.rows_changed + t.rows_unchanged + t.rows_rejected)::bigint AS rows_read,
                sum(t.rows_rejected)::bigint AS rows_rejected, max(t.landed_at) AS landed_at
         FROM registry.provider_tally t
         JOIN registry.provider p USING (provider_no)
         JOIN identity.v_organisation o ON o.organisation_id = p.organisation_id
         WHERE o.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         GROUP BY o.organisation_id, o.code, o.name
         ORDER BY rows_read DESC, o.code LIMIT 100",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
