//! The SQL of rows that land: where each stands, whose that is, which codes are known or free, and the register itself.
use std::collections::HashMap;

use jh_core::actor::OrganisationId;
use jh_db::DbError;
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::code::{GridId, ImportId};

/// Where a position lies.
#[derive(FromRow, Clone, Debug)]
pub struct Place {
    /// The grid, where one stands.
    pub grid_id: Option<GridId>,
    /// The grid's organisation.
    pub organisation_id: Option<OrganisationId>,
    /// The county, of the grid or by its outline; none outside the city.
    pub county_code: Option<String>,
}

/// Where positions lie, in their order. Outside all grids the counties' outlines decide.
pub async fn places(
    conn: &mut PgConnection,
    (lons, lats): (&[f64], &[f64]),
    (codes, outlines): (&[String], &[String]),
) -> Result<Vec<Place>, DbError> {
    sqlx::query_as(
        "WITH county AS MATERIALIZED (
             SELECT code, ST_SetSRID(ST_GeomFromGeoJSON(outline), 4326) AS geom FROM unnest($3::text[], $4::text[]) AS t (code, outline))
         SELECT g.grid_id, g.organisation_id, coalesce(substr(g.code, 1, 6), c.code) AS county_code
         FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS t (lon, lat, place)
         CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(t.lon, t.lat), 4326) AS at) p
         LEFT JOIN LATERAL (
             SELECT u.grid_id, u.organisation_id, u.code FROM city_management.unit_grid u
             WHERE u.valid_to_on IS NULL AND ST_Intersects(u.geom, p.at) ORDER BY u.code LIMIT 1) g ON true
         LEFT JOIN LATERAL (
             SELECT county.code FROM county WHERE g.grid_id IS NULL AND ST_Intersects(county.geom, p.at) LIMIT 1) c ON true
         ORDER BY t.place",
    )
    .bind(lons)
    .bind(lats)
    .bind(codes)
    .bind(outlines)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The organisations that a permission covers.
pub async fn covered(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    sqlx::query_scalar("SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)")
        .bind(scopes)
        .fetch_all(conn)
        .await
        .map_err(DbError::from)
}

/// Which of some codes are in the register, and whose.
pub async fn known(conn: &mut PgConnection, codes: &[String]) -> Result<HashMap<String, OrganisationId>, DbError> {
    let rows: Vec<(String, OrganisationId)> = sqlx::query_as(
        "SELECT code, organisation_id FROM city_management.component
         WHERE county_code = ANY(SELECT DISTINCT substr(one, 1, 6) FROM unnest($1::text[]) AS one) AND code = ANY($1)",
    )
    .bind(codes)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Takes so many serials of a county and class; the highest now given out, or none when there are not so many left.
pub async fn take_serials(conn: &mut PgConnection, prefix: &str, count: i32) -> Result<Option<i32>, DbError> {
    sqlx::query_scalar(
        "INSERT INTO city_management.component_serial AS s (prefix, last_serial) VALUES ($1, $2)
         ON CONFLICT (prefix) DO UPDATE SET last_serial = s.last_serial + $2 WHERE s.last_serial + $2 <= 999999
         RETURNING last_serial",
    )
    .bind(prefix)
    .bind(count)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// Keeps serials that a survey gave itself from being given out again.
pub async fn raise_serials(conn: &mut PgConnection, prefixes: &[String], serials: &[i32]) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.component_serial AS s (prefix, last_serial)
         SELECT prefix, max(serial) FROM unnest($1::text[], $2::int[]) AS t (prefix, serial) GROUP BY prefix ORDER BY prefix
         ON CONFLICT (prefix) DO UPDATE SET last_serial = greatest(s.last_serial, excluded.last_serial)",
    )
    .bind(prefixes)
    .bind(serials)
    .execute(conn)
    .await?;
    Ok(())
}

/// A row that lands.
#[derive(Serialize, Clone, Debug)]
pub struct Landing {
    /// Its id, if it is new.
    pub component_id: Uuid,
    /// 16 digits.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// WGS84 degrees.
    pub lon: f64,
    /// WGS84 degrees.
    pub lat: f64,
    /// The grid, where one stands.
    pub grid_id: Option<GridId>,
    /// Whose scope it is in.
    pub organisation_id: OrganisationId,
    /// 权属单位.
    pub owner_id: Option<OrganisationId>,
    /// 养护单位.
    pub maintainer_id: Option<OrganisationId>,
    /// 主管部门.
    pub keeper_id: Option<OrganisationId>,
    /// How it was found.
    pub state: &'static str,
    /// When, as `2026-11-22`.
    pub surveyed_on: String,
    /// What has no column.
    pub attributes: HashMap<String, String>,
}

/// Puts rows into the register; a known code is renewed, for the caller has settled which may be.
pub async fn land(
    conn: &mut PgConnection,
    (id, source): (ImportId, &str),
    rows: &[Landing],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.component AS c
             (county_code, component_id, code, category_code, name, geom, grid_id, organisation_id, owner_id, maintainer_id,
              keeper_id, state, surveyed_on, source, attributes, import_id, created_at, changed_at)
         SELECT substr(r.code, 1, 6), r.component_id, r.code, substr(r.code, 7, 4), r.name,
                ST_SetSRID(ST_MakePoint(r.lon, r.lat), 4326), r.grid_id, r.organisation_id, r.owner_id, r.maintainer_id,
                r.keeper_id, r.state, r.surveyed_on, $3, r.attributes, $2, $4, $4
         FROM jsonb_to_recordset($1) AS r (component_id uuid, code text, name text, lon float8, lat float8, grid_id uuid,
              organisation_id uuid, owner_id uuid, maintainer_id uuid, keeper_id uuid, state text, surveyed_on date, attributes jsonb)
         ON CONFLICT (county_code, code) DO UPDATE SET name = excluded.name, geom = excluded.geom, grid_id = excluded.grid_id,
             organisation_id = excluded.organisation_id, owner_id = excluded.owner_id, maintainer_id = excluded.maintainer_id,
             keeper_id = excluded.keeper_id, state = excluded.state, surveyed_on = excluded.surveyed_on,
             source = excluded.source, attributes = excluded.attributes, import_id = excluded.import_id, changed_at = excluded.changed_at",
    )
    .bind(Json(rows))
    .bind(id)
    .bind(source)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
