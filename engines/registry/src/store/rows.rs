//! Rows for the catalogue and for agreements. Conditions on clear values are carried out here as far as they can be, to
//! read less; the caller holds every row to them once more, so both must only ever agree.
use jh_db::DbError;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A stored row of any sort.
#[derive(Clone, Debug, FromRow)]
pub struct Stored {
    /// The subject, or the dataset row's key.
    pub key: Uuid,
    /// A dataset row's place in the order; 0 for others.
    pub row_no: i64,
    /// Values in clear, up to the last.
    pub clear_values: Vec<Option<String>>,
    /// The others.
    pub sealed: Option<Vec<u8>>,
}

/// Conditions in parallel arrays: position from 1, test, value (of `in`: values with U+001F between), whether numbers.
#[derive(Clone, Debug, Default)]
pub struct Pushed {
    /// Positions.
    pub positions: Vec<i32>,
    /// `eq`, `in`, `prefix`, `ge`, `le`.
    pub tests: Vec<&'static str>,
    /// Values.
    pub values: Vec<String>,
    /// Whether they compare as numbers.
    pub numeric: Vec<bool>,
}

impl Pushed {
    /// Binds the conditions, as the four parameters of `registry.meets`.
    fn bind<'q>(&'q self, query: Rows<'q>) -> Rows<'q> {
        query.bind(&self.positions).bind(&self.tests).bind(&self.values).bind(&self.numeric)
    }
}

type Rows<'q> = QueryAs<'q, Postgres, Stored, PgArguments>;

/// Rows of a dataset behind a place in its order.
pub async fn dataset(
    connection: &mut PgConnection,
    resource: Uuid,
    after: (i64, Uuid),
    pushed: &Pushed,
    limit: i64,
) -> Result<Vec<Stored>, DbError> {
    let query = sqlx::query_as(
        "SELECT r.row_key AS key, r.row_no, r.clear_values, r.sealed FROM registry.dataset_row r
         WHERE r.resource_id = $1 AND (r.row_no, r.row_key) > ($2, $3)
           AND (cardinality($4::integer[]) = 0 OR registry.meets(r.clear_values, r.sealed IS NOT NULL, $4, $5, $6, $7))
         ORDER BY r.row_no, r.row_key LIMIT $8",
    )
    .bind(resource)
    .bind(after.0)
    .bind(after.1);
    Ok(pushed.bind(query).bind(limit).fetch_all(connection).await?)
}

/// In what order rows of a dataset are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The position from 1.
    pub position: i32,
    /// Whether as numbers.
    pub numeric: bool,
    /// Largest first.
    pub descending: bool,
}

/// Rows of a dataset in the order of one of its fields; rows without a value come last. `offset` counts rows.
pub async fn dataset_sorted(
    connection: &mut PgConnection,
    resource: Uuid,
    order: Order,
    pushed: &Pushed,
    (offset, limit): (i64, i64),
) -> Result<Vec<Stored>, DbError> {
    let query = sqlx::query_as(
        "SELECT r.row_key AS key, r.row_no, r.clear_values, r.sealed FROM registry.dataset_row r
         WHERE r.resource_id = $1
           AND (cardinality($2::integer[]) = 0 OR registry.meets(r.clear_values, r.sealed IS NOT NULL, $2, $3, $4, $5))
         ORDER BY
             CASE WHEN $7 AND NOT $8 AND r.clear_values[$6] ~ '^-?[0-9]+([.][0-9]+)?$' THEN r.clear_values[$6]::numeric END ASC NULLS LAST,
             CASE WHEN $7 AND $8 AND r.clear_values[$6] ~ '^-?[0-9]+([.][0-9]+)?$' THEN r.clear_values[$6]::numeric END DESC NULLS LAST,
             CASE WHEN NOT $7 AND NOT $8 THEN r.clear_values[$6] END COLLATE \"C\" ASC NULLS LAST,
             CASE WHEN NOT $7 AND $8 THEN r.clear_values[$6] END COLLATE \"C\" DESC NULLS LAST,
             r.row_no, r.row_key
         OFFSET $9 LIMIT $10",
    )
    .bind(resource);
    Ok(pushed
        .bind(query)
        .bind(order.position)
        .bind(order.numeric)
        .bind(order.descending)
        .bind(offset)
        .bind(limit)
        .fetch_all(connection)
        .await?)
}

/// A provider's records of a kind behind a subject.
pub async fn records(
    connection: &mut PgConnection,
    kind: i16,
    provider: Uuid,
    after: Uuid,
    pushed: &Pushed,
    limit: i64,
) -> Result<Vec<Stored>, DbError> {
    // The index of the other kinds is only found where the statement itself says that they are not persons.
    let query = if kind == 1 {
        sqlx::query_as(
            "SELECT r.subject_id AS key, 0::bigint AS row_no, r.clear_values, r.sealed FROM registry.record r
             WHERE r.kind = $1 AND r.subject_id > $3
               AND r.provider_no = (SELECT provider_no FROM registry.provider WHERE organisation_id = $2)
               AND (cardinality($4::integer[]) = 0 OR registry.meets(r.clear_values, r.sealed IS NOT NULL, $4, $5, $6, $7))
             ORDER BY r.subject_id LIMIT $8",
        )
    } else {
        sqlx::query_as(
            "SELECT r.subject_id AS key, 0::bigint AS row_no, r.clear_values, r.sealed FROM registry.record r
             WHERE r.kind = $1 AND r.kind <> 1 AND r.subject_id > $3
               AND r.provider_no = (SELECT provider_no FROM registry.provider WHERE organisation_id = $2)
               AND (cardinality($4::integer[]) = 0 OR registry.meets(r.clear_values, r.sealed IS NOT NULL, $4, $5, $6, $7))
             ORDER BY r.subject_id LIMIT $8",
        )
    };
    let query = query.bind(kind).bind(provider).bind(after);
    Ok(pushed.bind(query).bind(limit).fetch_all(connection).await?)
}

/// A provider's records of some subjects.
pub async fn records_of(
    connection: &mut PgConnection,
    kind: i16,
    provider: Uuid,
    subjects: &[Uuid],
    after: Uuid,
) -> Result<Vec<Stored>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.subject_id AS key, 0::bigint AS row_no, r.clear_values, r.sealed FROM registry.record r
         WHERE r.kind = $1 AND r.subject_id = ANY($3) AND r.subject_id > $4
           AND r.provider_no = (SELECT provider_no FROM registry.provider WHERE organisation_id = $2)
         ORDER BY r.subject_id",
    )
    .bind(kind)
    .bind(provider)
    .bind(subjects)
    .bind(after)
    .fetch_all(connection)
    .await?)
}

/// Whose values stand, of golden records behind a subject.
#[derive(Clone, Debug, FromRow)]
pub struct Standing {
    /// The subject.
    pub key: Uuid,
    /// Of all, or of the first.
    pub provider_no: i16,
    /// By position, where they are of several.
    pub provider_nos: Option<Vec<i16>>,
}

/// Golden records of a kind behind a subject, or only those of some subjects.
pub async fn golden(
    connection: &mut PgConnection,
    kind: i16,
    subjects: Option<&[Uuid]>,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Standing>, DbError> {
    let query = match kind {
        1 => sqlx::query_as(
            "SELECT person_id AS key, provider_no, provider_nos FROM registry.person
             WHERE person_id > $1 AND ($2::uuid[] IS NULL OR person_id = ANY($2)) ORDER BY person_id LIMIT $3",
        ),
        2 => sqlx::query_as(
            "SELECT organisation_id AS key, provider_no, provider_nos FROM registry.organisation
             WHERE organisation_id > $1 AND ($2::uuid[] IS NULL OR organisation_id = ANY($2))
             ORDER BY organisation_id LIMIT $3",
        ),
        _ => sqlx::query_as(
            "SELECT place_id AS key, provider_no, provider_nos FROM registry.place
             WHERE place_id > $1 AND ($2::uuid[] IS NULL OR place_id = ANY($2)) ORDER BY place_id LIMIT $3",
        ),
    };
    Ok(query.bind(after).bind(subjects).bind(limit).fetch_all(connection).await?)
}
