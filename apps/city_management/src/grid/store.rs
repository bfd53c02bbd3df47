//! The SQL that reads grids. What changes them is in the modules below. Whoever reads brings the organisations his
//! permission covers.
pub mod change;
pub mod cut;
pub mod lay;
pub mod officer;

use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use time::Date;
use uuid::Uuid;

use crate::code::{GridId, OfficerGridId};

/// The most features of one answer of a map.
pub const FEATURES_MAX: i64 = 2_000;

/// One grid in a list.
#[derive(FromRow, Clone, Debug)]
pub struct GridRow {
    /// Which.
    pub grid_id: GridId,
    /// 15 digits.
    pub code: String,
    /// Whose.
    pub organisation_name: String,
    /// Square metres.
    pub area_m2: f64,
    /// How it came to be.
    pub origin: String,
    /// Since when it stands.
    pub valid_from_on: Date,
    /// The first day on which it is no more.
    pub valid_to_on: Option<Date>,
    /// The officers' grid it belongs to.
    pub officer_grid_id: Option<OfficerGridId>,
    /// Its name.
    pub officer_grid_name: Option<String>,
}

/// What a list of grids is narrowed to.
#[derive(Clone, Copy, Default)]
pub struct Narrowing<'a> {
    /// What the permission covers.
    pub scopes: &'a [Uuid],
    /// The beginning of a code.
    pub code: Option<&'a str>,
    /// Grids that are no more instead of those that stand.
    pub ended: bool,
    /// Those of one officers' grid.
    pub officer_grid: Option<OfficerGridId>,
    /// Those of none.
    pub unassigned: bool,
    /// Which page.
    pub page: PageRequest,
}

/// The grids that fit, by code.
pub async fn list(conn: &mut PgConnection, by: &Narrowing<'_>) -> Result<Vec<GridRow>, DbError> {
    sqlx::query_as(
        "SELECT g.grid_id, g.code, o.short_name AS organisation_name, g.area_m2, g.origin, g.valid_from_on, g.valid_to_on,
                og.officer_grid_id, og.name AS officer_grid_name
         FROM city_management.unit_grid g
         JOIN identity.v_organisation o ON o.organisation_id = g.organisation_id
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         LEFT JOIN city_management.officer_grid og ON og.officer_grid_id = m.officer_grid_id
         WHERE g.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text IS NULL OR g.code LIKE $2 || '%') AND (g.valid_to_on IS NOT NULL) = $3
           AND ($4::uuid IS NULL OR m.officer_grid_id = $4) AND (NOT $5 OR m.officer_grid_id IS NULL)
         ORDER BY g.code LIMIT $6 OFFSET $7",
    )
    .bind(by.scopes)
    .bind(by.code)
    .bind(by.ended)
    .bind(by.officer_grid)
    .bind(by.unassigned)
    .bind(by.page.limit())
    .bind(by.page.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Of a bulk of grids: how many stand, their area, how many belong to no officers' grid, and the box around them.
#[derive(FromRow, Clone, Debug, Default)]
pub struct Extent {
    /// Grids that stand.
    pub grids: i64,
    /// Square metres of all.
    pub area_m2: f64,
    /// Without an officers' grid.
    pub unassigned: i64,
    /// West, south, east, north.
    pub bounds: Option<Vec<f64>>,
}

/// Of all grids that stand and the actor may see; some tens of thousands at the most.
pub async fn extent(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Extent, DbError> {
    sqlx::query_as(
        "SELECT count(*) AS grids, coalesce(sum(g.area_m2), 0) AS area_m2,
                count(*) FILTER (WHERE m.grid_id IS NULL) AS unassigned,
                CASE WHEN count(*) > 0 THEN ARRAY[ST_XMin(ST_Extent(g.geom)), ST_YMin(ST_Extent(g.geom)),
                     ST_XMax(ST_Extent(g.geom)), ST_YMax(ST_Extent(g.geom))] END AS bounds
         FROM city_management.unit_grid g
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         WHERE g.valid_to_on IS NULL AND g.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))",
    )
    .bind(scopes)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// One grid with what its page needs.
#[derive(FromRow, Clone, Debug)]
pub struct GridWhole {
    /// What the list shows too.
    #[sqlx(flatten)]
    pub row: GridRow,
    /// The community, where it is known.
    pub community_code: Option<String>,
    /// The way to it through the tree.
    pub organisation_path: String,
    /// Who made it.
    pub created_by_name: String,
    /// West, south, east, north.
    pub bounds: Vec<f64>,
    /// Length of its outline in metres.
    pub outline_m: f64,
    /// Components registered in it.
    pub components: i64,
}

/// One grid by its code, standing or ended.
pub async fn one(conn: &mut PgConnection, scopes: &[Uuid], code: &str) -> Result<Option<GridWhole>, DbError> {
    sqlx::query_as(
        "SELECT g.grid_id, g.code, o.short_name AS organisation_name, g.area_m2, g.origin, g.valid_from_on, g.valid_to_on,
                og.officer_grid_id, og.name AS officer_grid_name, g.community_code,
                o.path AS organisation_path, g.created_by_name, ST_Perimeter(g.geom::geography) AS outline_m,
                ARRAY[ST_XMin(g.geom), ST_YMin(g.geom), ST_XMax(g.geom), ST_YMax(g.geom)] AS bounds,
                (SELECT count(*) FROM city_management.component c WHERE c.grid_id = g.grid_id) AS components
         FROM city_management.unit_grid g
         JOIN identity.v_organisation o ON o.organisation_id = g.organisation_id
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         LEFT JOIN city_management.officer_grid og ON og.officer_grid_id = m.officer_grid_id
         WHERE g.code = $2 AND EXISTS (SELECT 1 FROM identity.v_organisation_closure c
               WHERE c.descendant_id = g.organisation_id AND c.ancestor_id = ANY($1))",
    )
    .bind(scopes)
    .bind(code)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// The codes that a grid came of, and those that came of it, with the day.
pub async fn lineage(conn: &mut PgConnection, grid: GridId) -> Result<Vec<(bool, String, Date)>, DbError> {
    sqlx::query_as(
        "SELECT false AS after, old.code, old.valid_to_on FROM city_management.grid_succession s
         JOIN city_management.unit_grid old ON old.grid_id = s.old_grid_id WHERE s.new_grid_id = $1
         UNION ALL
         SELECT true, new.code, new.valid_from_on FROM city_management.grid_succession s
         JOIN city_management.unit_grid new ON new.grid_id = s.new_grid_id WHERE s.old_grid_id = $1
         ORDER BY 1, 2 LIMIT 100",
    )
    .bind(grid)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The codes of grids that share an edge with one, longest edge first.
pub async fn neighbours(conn: &mut PgConnection, scopes: &[Uuid], grid: GridId) -> Result<Vec<String>, DbError> {
    sqlx::query_scalar(
        "SELECT n.code FROM city_management.unit_grid g
         JOIN city_management.unit_grid n ON n.geom && ST_Expand(g.geom, 0.000001) AND n.valid_to_on IS NULL
              AND n.grid_id <> g.grid_id AND n.community_code IS NOT DISTINCT FROM g.community_code
              AND substr(n.code, 1, 6) = substr(g.code, 1, 6)
         CROSS JOIN LATERAL (SELECT ST_Length(ST_CollectionExtract(ST_Intersection(g.geom, n.geom, 1e-9), 2)) AS shared) e
         WHERE g.grid_id = $2 AND e.shared > 0.00001 AND n.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY e.shared DESC, n.code LIMIT 30",
    )
    .bind(scopes)
    .bind(grid)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// One feature of the map: code, geometry, officers' grid and its colour; or a place with a count where there are too many.
#[derive(FromRow, Debug)]
pub struct FeatureRow {
    /// A GeoJSON geometry.
    pub geometry: Json<serde_json::Value>,
    /// 15 digits; none for a gathering.
    pub code: Option<String>,
    /// The officers' grid.
    pub officer_grid: Option<String>,
    /// Its colour, 1 to 6; 0 for none.
    pub colour: i16,
    /// How many grids stand here.
    pub count: i64,
}

/// The standing grids of a box, or of one officers' grid; one more than is answered, to know whether that is all.
pub async fn features(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    bbox: [f64; 4],
    officer_grid: Option<OfficerGridId>,
) -> Result<Vec<FeatureRow>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsGeoJSON(g.geom, 7)::jsonb AS geometry, g.code, og.name AS officer_grid,
                coalesce(og.colour, 0)::smallint AS colour, 1::bigint AS count
         FROM city_management.unit_grid g
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         LEFT JOIN city_management.officer_grid og ON og.officer_grid_id = m.officer_grid_id
         WHERE g.valid_to_on IS NULL AND g.geom && ST_MakeEnvelope($2, $3, $4, $5, 4326)
           AND ($6::uuid IS NULL OR m.officer_grid_id = $6) AND g.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         LIMIT $7",
    )
    .bind(scopes)
    .bind(bbox[0])
    .bind(bbox[1])
    .bind(bbox[2])
    .bind(bbox[3])
    .bind(officer_grid)
    .bind(FEATURES_MAX + 1)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// How many grids stand in each square of a box, of which so many lie along its longer side.
pub async fn gathered(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    bbox: [f64; 4],
    cells: i32,
) -> Result<Vec<FeatureRow>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsGeoJSON(ST_MakePoint((avg(s.east) + $2 + (s.x + 0.5) * s.side) / 2,
                (avg(s.north) + $3 + (s.y + 0.5) * s.side * s.squeeze) / 2), 6)::jsonb AS geometry, NULL::text AS code,
                NULL::text AS officer_grid, 0::smallint AS colour, count(*) AS count
         FROM city_management.unit_grid g
         CROSS JOIN LATERAL (SELECT cos(radians($3)) AS squeeze, greatest($4::float8 - $2, ($5::float8 - $3) / cos(radians($3))) / $6::int AS side,
                                    (ST_XMin(g.geom) + ST_XMax(g.geom)) / 2 AS east, (ST_YMin(g.geom) + ST_YMax(g.geom)) / 2 AS north) e
         CROSS JOIN LATERAL (SELECT e.side, e.squeeze, e.east, e.north, floor((e.east - $2) / e.side) AS x,
                                    floor((e.north - $3) / (e.side * e.squeeze)) AS y) s
         WHERE g.valid_to_on IS NULL AND g.geom && ST_MakeEnvelope($2, $3, $4, $5, 4326) AND g.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         GROUP BY s.x, s.y, s.side, s.squeeze LIMIT 1000",
    )
    .bind(scopes)
    .bind(bbox[0])
    .bind(bbox[1])
    .bind(bbox[2])
    .bind(bbox[3])
    .bind(cells)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Where a position is.
#[derive(FromRow, Clone, Debug)]
pub struct At {
    /// The unit grid.
    pub grid_id: GridId,
    /// Its code.
    pub code: String,
    /// The community, where it is known.
    pub community_code: Option<String>,
    /// The community of the tree, else the street or county.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The officers' grid.
    pub officer_grid_id: Option<OfficerGridId>,
    /// Its name.
    pub officer_grid_name: Option<String>,
}

/// West, south, east and north of all standing grids, whoever asks: a place beyond lies in no grid at all.
pub async fn city_bounds(conn: &mut PgConnection) -> Result<Option<Vec<f64>>, DbError> {
    let found: Option<Option<Vec<f64>>> = sqlx::query_scalar(
        "SELECT CASE WHEN e IS NOT NULL THEN ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] END
         FROM (SELECT ST_Extent(geom) AS e FROM city_management.unit_grid WHERE valid_to_on IS NULL) AS all_of_it",
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

/// The grid that a WGS84 position lies in; on a border the one with the lower code.
pub async fn at(conn: &mut PgConnection, lon: f64, lat: f64) -> Result<Option<At>, DbError> {
    sqlx::query_as(
        "SELECT g.grid_id, g.code, g.community_code, g.organisation_id, o.short_name AS organisation_name,
                og.officer_grid_id, og.name AS officer_grid_name
         FROM city_management.unit_grid g
         JOIN identity.v_organisation o ON o.organisation_id = g.organisation_id
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         LEFT JOIN city_management.officer_grid og ON og.officer_grid_id = m.officer_grid_id
         WHERE g.valid_to_on IS NULL AND ST_Intersects(g.geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
         ORDER BY g.code LIMIT 1",
    )
    .bind(lon)
    .bind(lat)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// The geometries of some grids with all their digits.
pub async fn geometries(
    conn: &mut PgConnection,
    codes: &[String],
) -> Result<Vec<(String, Json<serde_json::Value>)>, DbError> {
    sqlx::query_as(
        "SELECT code, ST_AsGeoJSON(geom, 9)::jsonb FROM city_management.unit_grid WHERE code = ANY($1) ORDER BY code LIMIT 100",
    )
    .bind(codes)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The organisations that may have officers' grids: departments, counties and streets that the actor's permission covers,
/// by kind and code; at most three hundred.
pub async fn holders(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<(OrganisationId, String)>, DbError> {
    sqlx::query_as(
        "SELECT organisation_id, short_name FROM identity.v_organisation
         WHERE closed_on IS NULL AND kind IN ('department', 'county', 'street') AND organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY kind, code LIMIT 300",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The code and middle of a county's standing grids, by code; as many as one run may lay.
pub async fn middles(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    county: &str,
) -> Result<Vec<(String, f64, f64)>, DbError> {
    sqlx::query_as(
        "SELECT code, ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom)) FROM city_management.unit_grid
         WHERE valid_to_on IS NULL AND code LIKE $2 || '%' AND organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY code LIMIT 100000",
    )
    .bind(scopes)
    .bind(county)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
