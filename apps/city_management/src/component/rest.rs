//! Components near a position, for programs: the officer's page offers them while he reports.
use axum::Json;
use axum::extract::{Query, State};
use jh_core::fault::Kind;
use jh_web::{App, Caller, Failure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{READ, store};
use crate::{case, grid};

/// The most answers.
const LIMIT_MAX: i64 = 100;
/// The widest circle.
const METRES_MAX: f64 = 1_000.0;

/// A WGS84 position and how far around it.
#[derive(Deserialize, IntoParams)]
pub struct Around {
    /// Longitude in degrees.
    #[param(minimum = -180, maximum = 180)]
    lon: f64,
    /// Latitude in degrees.
    #[param(minimum = -90, maximum = 90)]
    lat: f64,
    /// 1 to 1,000; 50 when left out.
    #[param(minimum = 1, maximum = 1000)]
    metres: Option<f64>,
    /// 1 to 100; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// A component near a position.
#[derive(Serialize, ToSchema)]
pub struct NearComponent {
    /// 16 digits.
    code: String,
    /// What it is called.
    name: String,
    /// Its class: four digits.
    category: String,
    /// Its class by name.
    category_name: String,
    /// WGS84 degrees.
    lon: f64,
    /// WGS84 degrees.
    lat: f64,
    /// How far away, in metres.
    distance_m: f64,
}

/// The components near a position that the caller may see, nearest first.
#[utoipa::path(get, path = "/api/city_management/components_near", tag = "city_management", security(("department" = [])),
    params(Around), responses((status = 200, body = Vec<NearComponent>)))]
pub async fn components_near(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(at): Query<Around>,
) -> Result<Json<Vec<NearComponent>>, Failure> {
    let metres = at.metres.unwrap_or(50.0);
    let limit = at.limit.unwrap_or(20);
    if !crate::geojson::on_earth(at.lon, at.lat) {
        return Err(Failure::new(Kind::Invalid, "city-management-geojson-degrees"));
    }
    if !(1.0..=METRES_MAX).contains(&metres) || !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Failure::new(Kind::Invalid, "city-management-near-range"));
    }
    let mut conn = app.db.read().await?;
    let found = store::components_near(&mut conn, &actor.scopes(READ), (at.lon, at.lat), metres, limit).await?;
    let shown = found.into_iter().map(|near| NearComponent {
        code: near.code,
        name: near.name,
        category: near.category_code,
        category_name: near.category_name,
        lon: near.lon,
        lat: near.lat,
        distance_m: (near.distance_m * 10.0).round() / 10.0,
    });
    Ok(Json(shown.collect()))
}

/// The description of the room's interface.
#[derive(OpenApi)]
#[openapi(paths(
    grid::rest::grid_at,
    components_near,
    case::rest::submit,
    case::rest::near,
    case::rest::patrol,
    case::rest::task
))]
pub struct Described;
