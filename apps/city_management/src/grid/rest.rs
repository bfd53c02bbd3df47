//! Where a position is, for programs: the officer's page asks while he walks.
use axum::Json;
use axum::extract::{Query, State};
use jh_core::fault::Kind;
use jh_web::{App, Caller, Failure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store;

/// A WGS84 position.
#[derive(Deserialize, IntoParams)]
pub struct Position {
    /// Longitude in degrees.
    #[param(minimum = -180, maximum = 180)]
    lon: f64,
    /// Latitude in degrees.
    #[param(minimum = -90, maximum = 90)]
    lat: f64,
}

/// Where a position is.
#[derive(Serialize, ToSchema)]
pub struct GridAt {
    /// The unit grid's id.
    grid_id: crate::code::GridId,
    /// The unit grid's 15 digits.
    grid: String,
    /// The community's 12 digits, where it is known.
    community_code: Option<String>,
    /// The community of the organisation tree, else its street or county.
    organisation_id: jh_core::actor::OrganisationId,
    /// Its name.
    organisation: String,
    /// The officers' grid.
    officer_grid_id: Option<crate::code::OfficerGridId>,
    /// Its name.
    officer_grid: Option<String>,
}

/// The grid that a position lies in.
///
/// 404 where no grid stands. Every reader of grids may ask for any position: it tells where somebody stands, not who.
#[utoipa::path(get, path = "/api/city_management/grid_at", tag = "city_management", security(("department" = [])), params(Position),
    responses((status = 200, body = GridAt)))]
pub async fn grid_at(
    State(app): State<App>,
    Caller(_): Caller,
    Query(at): Query<Position>,
) -> Result<Json<GridAt>, Failure> {
    if !crate::geojson::on_earth(at.lon, at.lat) {
        return Err(Failure::new(Kind::Invalid, "city-management-geojson-degrees"));
    }
    let found = store::at(&mut *app.db.read().await?, at.lon, at.lat).await?.ok_or_else(Failure::not_found)?;
    Ok(Json(GridAt {
        grid_id: found.grid_id,
        grid: found.code,
        community_code: found.community_code,
        organisation_id: found.organisation_id,
        organisation: found.organisation_name,
        officer_grid_id: found.officer_grid_id,
        officer_grid: found.officer_grid_name,
    }))
}
