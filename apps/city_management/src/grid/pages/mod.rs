//! HTML and GeoJSON of grids. Words come from `i18n/`, rules from `actions`.
pub mod lay;
pub mod list;
pub mod officer;
pub mod one;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_web::Page;
use serde_json::{Value, json};

use super::store::FeatureRow;

/// A GeoJSON answer that lives as long as the page: nobody else may keep what a person's scope lets him see.
pub fn geojson(features: Vec<Value>, gathered: bool) -> Response {
    let body = json!({ "type": "FeatureCollection", "gathered": gathered, "features": features });
    ([(header::CONTENT_TYPE, "application/geo+json"), (header::CACHE_CONTROL, "private, no-store")], body.to_string())
        .into_response()
}

/// A grid or a gathering of grids as a feature.
fn feature(row: FeatureRow) -> Value {
    let href = row.code.as_ref().map(|code| format!("/city_management/grids/{code}"));
    let title = match (&row.code, &row.officer_grid) {
        (Some(code), Some(officer)) => format!("{code} · {officer}"),
        (Some(code), None) => code.clone(),
        (None, _) => String::new(),
    };
    json!({
        "type": "Feature", "geometry": row.geometry.0,
        "properties": { "code": row.code, "title": title, "href": href, "colour": row.colour, "count": row.count },
    })
}

/// A box with some room around it, as the attribute of a map: west, south, east, north.
pub fn bounds(bounds: &[f64], room: f64) -> String {
    let [west, south, east, north] = bounds else { return String::new() };
    let room = (east - west).max(north - south).max(0.0005) * room;
    format!("{:.6},{:.6},{:.6},{:.6}", west - room, south - room, east + room, north + room)
}

/// Square metres in words of a table: hectares of streets, square kilometres of districts.
pub fn area(page: &Page, square_m: f64) -> String {
    if square_m >= 1_000_000.0 {
        return format!("{:.2} km²", square_m / 1_000_000.0);
    }
    // Far below what an i64 holds.
    format!("{} m²", page.number(square_m.round() as i64))
}
