//! The SQL that reads components. What surveys bring is in `import`.
pub mod import;
pub mod landing;

use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::grid::store::FEATURES_MAX;

/// One component in a list.
#[derive(FromRow, Clone, Debug)]
pub struct ComponentRow {
    /// 16 digits.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Its class.
    pub category_code: String,
    /// Its class by name.
    pub category_name: String,
    /// Its class in English.
    pub category_name_en: String,
    /// In which grid.
    pub grid_code: Option<String>,
    /// Whose it is to mend.
    pub maintainer_name: Option<String>,
    /// How it was found.
    pub state: String,
    /// When.
    pub surveyed_on: Date,
}

/// What components are narrowed to, in a list and on the map.
#[derive(Clone, Copy, Default)]
pub struct Narrowing<'a> {
    /// What the permission covers.
    pub scopes: &'a [Uuid],
    /// The beginning of a class: two or four digits.
    pub category: Option<&'a str>,
    /// The beginning of a component's code, or part of its name.
    pub text: Option<&'a str>,
    /// How it was found.
    pub state: Option<&'a str>,
    /// In which grid: 15 digits.
    pub grid: Option<&'a str>,
}

/// The components that fit, by code.
pub async fn list(
    conn: &mut PgConnection,
    by: &Narrowing<'_>,
    page: PageRequest,
) -> Result<Vec<ComponentRow>, DbError> {
    sqlx::query_as(
        "SELECT c.code, c.name, c.category_code, k.name AS category_name, k.name_en AS category_name_en, g.code AS grid_code,
                m.short_name AS maintainer_name, c.state, c.surveyed_on
         FROM city_management.component c
         JOIN city_management.category k ON k.kind = 'component' AND k.code = c.category_code
         LEFT JOIN city_management.unit_grid g ON g.grid_id = c.grid_id
         LEFT JOIN identity.v_organisation m ON m.organisation_id = c.maintainer_id
         WHERE c.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text IS NULL OR c.category_code LIKE $2 || '%')
           AND ($3::text IS NULL OR c.code LIKE $3 || '%' OR strpos(c.name, $3) > 0)
           AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR g.code = $5)
         ORDER BY c.code LIMIT $6 OFFSET $7",
    )
    .bind(by.scopes)
    .bind(by.category)
    .bind(by.text)
    .bind(by.state)
    .bind(by.grid)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// One feature of the map, or a place with a count where there are too many.
#[derive(FromRow, Debug)]
pub struct FeatureRow {
    /// A GeoJSON geometry.
    pub geometry: Json<serde_json::Value>,
    /// 16 digits; none for a gathering.
    pub code: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// The major class, for the colour.
    pub major: i32,
    /// How many stand here.
    pub count: i64,
}

/// The components of a box; one more than is answered, to know whether that is all.
pub async fn features(conn: &mut PgConnection, by: &Narrowing<'_>, bbox: [f64; 4]) -> Result<Vec<FeatureRow>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsGeoJSON(c.geom, 6)::jsonb AS geometry, c.code, c.name, substr(c.category_code, 1, 2)::int AS major, 1::bigint AS count
         FROM city_management.component c
         LEFT JOIN city_management.unit_grid g ON g.grid_id = c.grid_id
         WHERE c.geom && ST_MakeEnvelope($6, $7, $8, $9, 4326)
           AND c.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text IS NULL OR c.category_code LIKE $2 || '%')
           AND ($3::text IS NULL OR c.code LIKE $3 || '%' OR strpos(c.name, $3) > 0)
           AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR g.code = $5)
         LIMIT $10",
    )
    .bind(by.scopes)
    .bind(by.category)
    .bind(by.text)
    .bind(by.state)
    .bind(by.grid)
    .bind(bbox[0])
    .bind(bbox[1])
    .bind(bbox[2])
    .bind(bbox[3])
    .bind(FEATURES_MAX + 1)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// How many components stand in each square of a box, of which so many lie along its longer side. The figure stands
/// half way between the middle of the square and of what is in it, so that no two touch.
pub async fn gathered(
    conn: &mut PgConnection,
    by: &Narrowing<'_>,
    bbox: [f64; 4],
    cells: i32,
) -> Result<Vec<FeatureRow>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsGeoJSON(ST_MakePoint((avg(ST_X(c.geom)) + $6 + (s.x + 0.5) * s.side) / 2,
                (avg(ST_Y(c.geom)) + $7 + (s.y + 0.5) * s.side * s.squeeze) / 2), 6)::jsonb AS geometry, NULL::text AS code, NULL::text AS name,
                0 AS major, count(*) AS count
         FROM city_management.component c
         LEFT JOIN city_management.unit_grid g ON g.grid_id = c.grid_id
         CROSS JOIN LATERAL (SELECT cos(radians($7)) AS squeeze, greatest($8::float8 - $6, ($9::float8 - $7) / cos(radians($7))) / $10::int AS side) e
         CROSS JOIN LATERAL (SELECT e.side, e.squeeze, floor((ST_X(c.geom) - $6) / e.side) AS x,
                                    floor((ST_Y(c.geom) - $7) / (e.side * e.squeeze)) AS y) s
         WHERE c.geom && ST_MakeEnvelope($6, $7, $8, $9, 4326)
           AND c.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text IS NULL OR c.category_code LIKE $2 || '%')
           AND ($3::text IS NULL OR c.code LIKE $3 || '%' OR strpos(c.name, $3) > 0)
           AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR g.code = $5)
         GROUP BY s.x, s.y, s.side, s.squeeze LIMIT 1000",
    )
    .bind(by.scopes)
    .bind(by.category)
    .bind(by.text)
    .bind(by.state)
    .bind(by.grid)
    .bind(bbox[0])
    .bind(bbox[1])
    .bind(bbox[2])
    .bind(bbox[3])
    .bind(cells)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The box around the components the actor may see: west, south, east, north.
pub async fn bounds(conn: &mut PgConnection, by: &Narrowing<'_>) -> Result<Option<Vec<f64>>, DbError> {
    sqlx::query_scalar(
        "SELECT CASE WHEN count(*) > 0 THEN ARRAY[ST_XMin(ST_Extent(c.geom)), ST_YMin(ST_Extent(c.geom)),
                     ST_XMax(ST_Extent(c.geom)), ST_YMax(ST_Extent(c.geom))] END
         FROM city_management.component c
         LEFT JOIN city_management.unit_grid g ON g.grid_id = c.grid_id
         WHERE c.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text IS NULL OR c.category_code LIKE $2 || '%')
           AND ($3::text IS NULL OR c.code LIKE $3 || '%' OR strpos(c.name, $3) > 0)
           AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR g.code = $5)",
    )
    .bind(by.scopes)
    .bind(by.category)
    .bind(by.text)
    .bind(by.state)
    .bind(by.grid)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// One component with what its page shows.
#[derive(FromRow, Clone, Debug)]
pub struct ComponentWhole {
    /// What the list shows too.
    #[sqlx(flatten)]
    pub row: ComponentRow,
    /// The major class.
    pub major_name: String,
    /// The major class in English.
    pub major_name_en: String,
    /// WGS84 degrees.
    pub lon: f64,
    /// WGS84 degrees.
    pub lat: f64,
    /// Where it stands, by the organisation tree.
    pub organisation_path: String,
    /// 权属单位.
    pub owner_name: Option<String>,
    /// 主管部门.
    pub keeper_name: Option<String>,
    /// The survey.
    pub source: String,
    /// What the survey brought besides.
    pub attributes: Json<std::collections::BTreeMap<String, String>>,
    /// When it came into the register.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub changed_at: OffsetDateTime,
}

/// One component by its code.
pub async fn one(conn: &mut PgConnection, scopes: &[Uuid], code: &str) -> Result<Option<ComponentWhole>, DbError> {
    sqlx::query_as(
        "SELECT c.code, c.name, c.category_code, k.name AS category_name, k.name_en AS category_name_en, g.code AS grid_code,
                m.short_name AS maintainer_name, c.state, c.surveyed_on, k.major_name, k.major_name_en,
                ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, o.path AS organisation_path, w.short_name AS owner_name,
                p.short_name AS keeper_name, c.source, c.attributes, c.created_at, c.changed_at
         FROM city_management.component c
         JOIN city_management.category k ON k.kind = 'component' AND k.code = c.category_code
         JOIN identity.v_organisation o ON o.organisation_id = c.organisation_id
         LEFT JOIN city_management.unit_grid g ON g.grid_id = c.grid_id
         LEFT JOIN identity.v_organisation m ON m.organisation_id = c.maintainer_id
         LEFT JOIN identity.v_organisation w ON w.organisation_id = c.owner_id
         LEFT JOIN identity.v_organisation p ON p.organisation_id = c.keeper_id
         WHERE c.county_code = substr($2, 1, 6) AND c.code = $2 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure x WHERE x.descendant_id = c.organisation_id AND x.ancestor_id = ANY($1))",
    )
    .bind(scopes)
    .bind(code)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// A component near a position.
#[derive(FromRow, Clone, Debug)]
pub struct Near {
    /// 16 digits.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Its class.
    pub category_code: String,
    /// Its class by name.
    pub category_name: String,
    /// WGS84 degrees.
    pub lon: f64,
    /// WGS84 degrees.
    pub lat: f64,
    /// How far away.
    pub distance_m: f64,
}

/// The components within so many metres of a WGS84 position that the actor may see, nearest first. For the officer's page.
pub async fn components_near(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    (lon, lat): (f64, f64),
    metres: f64,
    limit: i64,
) -> Result<Vec<Near>, DbError> {
    sqlx::query_as(
        "SELECT c.code, c.name, c.category_code, k.name AS category_name, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,
                ST_Distance(c.geom::geography, p.at::geography) AS distance_m
         FROM (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS at) p
         JOIN city_management.component c ON c.geom && ST_Expand(p.at, $4 / (111320 * greatest(cos(radians($3)), 0.01)), $4 / 110500)
         JOIN city_management.category k ON k.kind = 'component' AND k.code = c.category_code
         WHERE ST_DWithin(c.geom::geography, p.at::geography, $4) AND c.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY c.geom <-> p.at, c.code LIMIT $5",
    )
    .bind(scopes)
    .bind(lon)
    .bind(lat)
    .bind(metres)
    .bind(limit)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
