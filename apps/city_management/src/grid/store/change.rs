//! The SQL that replaces grids by others. Nothing of a grid changes but its end; what comes of it is a new row. Geometry is
//! on whole billionths of a degree, so that pieces of one grid share every point.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::code::{GridId, OfficerGridId};

/// Keeps every other change of grids away until the transaction ends: two that touch the same ground would each find it
/// free.
pub async fn lock_ground(conn: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('city_management.unit_grid', 0))").execute(conn).await?;
    Ok(())
}

/// A standing grid that is to be replaced.
#[derive(FromRow, Clone, Debug)]
pub struct Old {
    /// Which.
    pub grid_id: GridId,
    /// 15 digits.
    pub code: String,
    /// The community, where it is known.
    pub community_code: Option<String>,
    /// Whose.
    pub organisation_id: OrganisationId,
    /// Square metres.
    pub area_m2: f64,
    /// The officers' grid it belongs to.
    pub officer_grid_id: Option<OfficerGridId>,
}

/// The standing grids of some codes that the actor may change, by code.
pub async fn standing(conn: &mut PgConnection, scopes: &[Uuid], codes: &[String]) -> Result<Vec<Old>, DbError> {
    sqlx::query_as(
        "SELECT g.grid_id, g.code, g.community_code, g.organisation_id, g.area_m2, m.officer_grid_id
         FROM city_management.unit_grid g
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         WHERE g.code = ANY($2) AND g.valid_to_on IS NULL AND g.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY g.code",
    )
    .bind(scopes)
    .bind(codes)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A geometry to become a grid.
#[derive(FromRow, Clone, Debug)]
pub struct Piece {
    /// EWKB in hexadecimal.
    pub geom: String,
    /// Square metres.
    pub area_m2: f64,
}

/// What a line makes of a grid, from west to east and north to south.
pub async fn divided(conn: &mut PgConnection, grid: GridId, line: &str) -> Result<Vec<Piece>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsHEXEWKB(r.geom) AS geom, ST_Area(ST_Transform(r.geom, z.srid)) AS area_m2
         FROM city_management.unit_grid g
         CROSS JOIN LATERAL (SELECT 4509 + greatest(25, least(45, round(ST_X(ST_Centroid(g.geom)) / 3)))::int AS srid) z
         CROSS JOIN LATERAL ST_Dump(ST_Split(g.geom, ST_SetSRID(ST_GeomFromGeoJSON($2), 4326))) d
         CROSS JOIN LATERAL (SELECT ST_ReducePrecision(d.geom, 1e-9) AS geom) r
         WHERE g.grid_id = $1 ORDER BY ST_Y(ST_Centroid(r.geom)) DESC, ST_X(ST_Centroid(r.geom)) LIMIT 20",
    )
    .bind(grid)
    .bind(line)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Some grids as one; none when they do not hang together along edges.
pub async fn merged(conn: &mut PgConnection, grids: &[GridId]) -> Result<Option<Piece>, DbError> {
    sqlx::query_as(
        "SELECT ST_AsHEXEWKB(u.geom) AS geom, ST_Area(ST_Transform(u.geom, z.srid)) AS area_m2
         FROM (SELECT ST_Union(geom, 1e-9) AS geom FROM city_management.unit_grid WHERE grid_id = ANY($1)) u
         CROSS JOIN LATERAL (SELECT 4509 + greatest(25, least(45, round(ST_X(ST_Centroid(u.geom)) / 3)))::int AS srid) z
         WHERE GeometryType(u.geom) = 'POLYGON'",
    )
    .bind(grids)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// A drawn outline as it would stand; the geometry is empty text when it is not one polygon.
pub async fn drawn(conn: &mut PgConnection, outlines: &[String]) -> Result<Vec<Piece>, DbError> {
    sqlx::query_as(
        "SELECT CASE WHEN GeometryType(p.geom) = 'POLYGON' THEN ST_AsHEXEWKB(p.geom) ELSE '' END AS geom,
                ST_Area(ST_Transform(p.geom, z.srid)) AS area_m2
         FROM unnest($1::text[]) WITH ORDINALITY AS t (one, place)
         CROSS JOIN LATERAL (SELECT ST_ReducePrecision(ST_CollectionExtract(ST_MakeValid(
                             ST_SetSRID(ST_GeomFromGeoJSON(t.one), 4326)), 3), 1e-9) AS made) m
         CROSS JOIN LATERAL (SELECT CASE WHEN ST_NumGeometries(m.made) = 1 THEN ST_GeometryN(m.made, 1) ELSE m.made END AS geom) p
         CROSS JOIN LATERAL (SELECT 4509 + greatest(25, least(45, round(ST_X(ST_Centroid(p.geom)) / 3)))::int AS srid) z
         ORDER BY t.place",
    )
    .bind(outlines)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// What is wrong with new outlines in place of old grids, in square metres.
#[derive(FromRow, Clone, Copy, Debug)]
pub struct Misfit {
    /// Of the old ground that none of the new covers.
    pub gap_m2: f64,
    /// That two of the new cover.
    pub twice_m2: f64,
    /// That another standing grid covers.
    pub others_m2: f64,
}

/// Compares new outlines with the grids they replace and with all others.
pub async fn misfit(conn: &mut PgConnection, old: &[GridId], new: &[String]) -> Result<Misfit, DbError> {
    sqlx::query_as(
        "WITH new AS (SELECT one::geometry AS geom FROM unnest($2::text[]) AS one),
         all_new AS (SELECT ST_Union(geom) AS geom FROM new),
         all_old AS (SELECT ST_Union(geom) AS geom FROM city_management.unit_grid WHERE grid_id = ANY($1))
         SELECT ST_Area(ST_Difference(all_old.geom, all_new.geom)::geography) AS gap_m2,
                greatest((SELECT sum(ST_Area(geom::geography)) FROM new) - ST_Area(all_new.geom::geography), 0) AS twice_m2,
                coalesce((SELECT sum(ST_Area(ST_Intersection(g.geom, all_new.geom)::geography))
                          FROM city_management.unit_grid g
                          WHERE g.valid_to_on IS NULL AND g.grid_id <> ALL($1) AND g.geom && all_new.geom), 0) AS others_m2
         FROM all_new, all_old",
    )
    .bind(old)
    .bind(new)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Takes so many serials under the beginning of a code; the highest now given out.
pub async fn take_serials(conn: &mut PgConnection, prefix: &str, count: i32) -> Result<i32, DbError> {
    sqlx::query_scalar(
        "INSERT INTO city_management.grid_serial AS s (prefix, last_serial) VALUES ($1, $2)
         ON CONFLICT (prefix) DO UPDATE SET last_serial = s.last_serial + excluded.last_serial RETURNING last_serial",
    )
    .bind(prefix)
    .bind(count)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// A grid that takes the place of others.
pub struct Successor<'a> {
    /// Its id.
    pub id: GridId,
    /// 15 digits.
    pub code: &'a str,
    /// The community, where it is known.
    pub community: Option<&'a str>,
    /// Whose.
    pub organisation: OrganisationId,
    /// Its ground.
    pub piece: &'a Piece,
    /// `divided`, `merged` or `redrawn`.
    pub origin: &'a str,
    /// Which it takes the place of.
    pub old: &'a [GridId],
    /// To which officers' grid it belongs.
    pub officer_grid: Option<OfficerGridId>,
}

/// Ends grids on a day, and that they belonged to an officers' grid.
pub async fn end(conn: &mut PgConnection, grids: &[GridId], today: Date, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query("UPDATE city_management.unit_grid SET valid_to_on = $2, ended_at = $3 WHERE grid_id = ANY($1)")
        .bind(grids)
        .bind(today)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "UPDATE city_management.officer_grid_member SET ends_at = $2 WHERE grid_id = ANY($1) AND ends_at IS NULL",
    )
    .bind(grids)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins a grid in the place of others.
pub async fn begin(
    conn: &mut PgConnection,
    new: &Successor<'_>,
    (today, now, by_name): (Date, OffsetDateTime, &str),
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.unit_grid
             (grid_id, code, community_code, organisation_id, geom, area_m2, origin, valid_from_on, created_at, created_by_name)
         VALUES ($1, $2, $3, $4, $5::text::geometry, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(new.code)
    .bind(new.community)
    .bind(new.organisation)
    .bind(&new.piece.geom)
    .bind(new.piece.area_m2)
    .bind(new.origin)
    .bind(today)
    .bind(now)
    .bind(by_name)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO city_management.grid_succession (old_grid_id, new_grid_id) SELECT old, $2 FROM unnest($1::uuid[]) AS old",
    )
    .bind(new.old)
    .bind(new.id)
    .execute(&mut *conn)
    .await?;
    if let Some(officer_grid) = new.officer_grid {
        sqlx::query(
            "INSERT INTO city_management.officer_grid_member (grid_id, officer_grid_id, begins_at) VALUES ($1, $2, $3)",
        )
        .bind(new.id)
        .bind(officer_grid)
        .bind(now)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Gives the components of ended grids the grid that they stand in now.
pub async fn move_components(conn: &mut PgConnection, old: &[GridId]) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.component c SET grid_id = (
             SELECT g.grid_id FROM city_management.unit_grid g
             WHERE g.valid_to_on IS NULL AND ST_Intersects(g.geom, c.geom) ORDER BY g.code LIMIT 1)
         WHERE c.grid_id = ANY($1)",
    )
    .bind(old)
    .execute(conn)
    .await?;
    Ok(())
}
