//! What the public's maps stand on: the city's outlines, the names by which people know where they are, and the part of the city to
//! begin with. No road network is installed: the places that earlier reports named stand in for one.
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::api::{Point, PublicAsk, PublicRow};
use jh_core::code::division::DivisionTable;
use jh_core::mask;
use jh_core::paging::{PageRequest, SIZE_MAX};
use jh_db::Base;
use jh_web::{App, Failure};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::map::geojson;
use crate::fault::HotlineError;

/// Half the height of the map around a place, in degrees: some 800 m.
const AROUND: f64 = 0.008;
/// The same around a person.
const NEARBY: f64 = 0.02;
/// The least half of a map that begins where most reports are: some 3 km.
const MOST: f64 = 0.03;
/// Fewer reports say nothing of where most are.
const TOLD_MIN: usize = 5;
/// Pages of newest reports whose places are named.
const PAGES: u32 = 3;

/// The part of the city that a map begins with: around a place, or all of it.
pub fn bounds(around: Option<Point>) -> String {
    around.map_or_else(String::new, |at| frame((at.lon - AROUND, at.lon + AROUND), (at.lat - AROUND, at.lat + AROUND)))
}

/// The part around somebody who asks what lies near him: some 2 km.
pub fn near(at: Point) -> String {
    frame((at.lon - NEARBY, at.lon + NEARBY), (at.lat - NEARBY, at.lat + NEARBY))
}

fn frame((west, east): (f64, f64), (south, north): (f64, f64)) -> String {
    format!("{west:.5},{south:.5},{east:.5},{north:.5}")
}

/// The same, and without a place where four of five of the newest reports are: a map of a whole city shows no corner.
pub async fn begin(conn: &mut PgConnection, around: Option<Point>) -> Result<String, HotlineError> {
    if around.is_some() {
        return Ok(bounds(around));
    }
    let rows = newest(conn, 1).await?;
    let of = |axis: fn(&PublicRow) -> Option<f64>| {
        let mut all: Vec<f64> = rows.iter().filter_map(axis).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let (lons, lats) = (of(|row| row.lon), of(|row| row.lat));
    if lons.len() < TOLD_MIN {
        return Ok(String::new());
    }
    Ok(frame(most(&lons), most(&lats)))
}

/// From the tenth to the ninetieth of a hundred, and never less than a quarter of a town.
fn most(sorted: &[f64]) -> (f64, f64) {
    let (low, high) = (sorted[sorted.len() / 10], sorted[sorted.len() - 1 - sorted.len() / 10]);
    let (middle, half) = ((low + high) / 2.0, ((high - low) * 0.6).max(MOST));
    (middle - half, middle + half)
}

async fn newest(conn: &mut PgConnection, pages: u32) -> Result<Vec<PublicRow>, HotlineError> {
    let mut all = Vec::new();
    for number in 1..=pages {
        let page = PageRequest { page: Some(number), size: Some(SIZE_MAX) };
        let rows = casework::api::public(conn, &PublicAsk { page, ..PublicAsk::default() }).await?;
        let last = rows.len() < SIZE_MAX as usize;
        all.extend(rows.into_iter().take(SIZE_MAX as usize));
        if last {
            break;
        }
    }
    Ok(all)
}

/// The outlines of the city's divisions, as a quiet ground to click a place on.
pub async fn city(State(app): State<App>) -> Response {
    geojson(&catalogue::api::Ground::of(&app).features())
}

/// Names to find one's way by: divisions, and places that earlier reports named.
pub async fn names(State(app): State<App>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let mut features = divisions(&app);
    let mut known = std::collections::BTreeSet::new();
    for row in newest(&mut conn, PAGES).await? {
        let name = mask::numbers(plain_place(&row.address));
        if let (Some(lon), Some(lat), false) = (row.lon, row.lat, name.is_empty())
            && !features.iter().any(|one| one["properties"]["name"] == name.as_str())
            && known.insert(name.clone())
        {
            features.push(named(&name, lon, lat));
        }
    }
    let body = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let headers = [(header::CONTENT_TYPE, "application/geo+json"), (header::CACHE_CONTROL, "private, max-age=300")];
    Ok((headers, body).into_response())
}

fn named(name: &str, lon: f64, lat: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lat] }, "properties": { "name": name } })
}

/// The divisions of today that have an outline, each at the middle of it.
fn divisions(base: &Base) -> Vec<Value> {
    let outlines = base.services.all::<dyn catalogue::api::Outlines>();
    let today = DivisionTable::get().all().iter().filter(|row| row.until_year.is_none());
    today
        .filter_map(|row| {
            let outline = outlines.iter().find_map(|source| source.outline(&row.code.to_string()))?;
            let (lon, lat) = middle(&outline)?;
            Some(named(row.name, lon, lat))
        })
        .collect()
}

/// The middle of the box around a geometry.
fn middle(geometry: &Value) -> Option<(f64, f64)> {
    fn visit(value: &Value, found: &mut Vec<(f64, f64)>) {
        let Some(items) = value.as_array() else { return };
        match (items.first().and_then(Value::as_f64), items.get(1).and_then(Value::as_f64)) {
            (Some(lon), Some(lat)) => found.push((lon, lat)),
            _ => items.iter().for_each(|item| visit(item, found)),
        }
    }
    let mut all = Vec::new();
    visit(&geometry["coordinates"], &mut all);
    let span = |axis: fn(&(f64, f64)) -> f64| {
        let low = all.iter().map(axis).fold(f64::INFINITY, f64::min);
        let high = all.iter().map(axis).fold(f64::NEG_INFINITY, f64::max);
        (low + high) / 2.0
    };
    (!all.is_empty()).then(|| (span(|at| at.0), span(|at| at.1)))
}

/// A place as people call it: the number of a grid is for those who walk it.
pub fn plain_place(address: &str) -> &str {
    match address.find("（网格") {
        Some(at) if address.ends_with('）') => address[..at].trim_end(),
        _ => address,
    }
}

/// How far apart two places are, in metres; good to a per cent across a city.
pub fn metres(one: Point, lon: f64, lat: f64) -> f64 {
    let east = (lon - one.lon) * 111_320.0 * one.lat.to_radians().cos();
    let north = (lat - one.lat) * 110_574.0;
    east.hypot(north)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grids_number_is_no_place_for_those_who_live_there() {
        assert_eq!(plain_place("崇川区（网格 900000024）"), "崇川区");
        assert_eq!(plain_place("人民中路 20 号（菜场旁）"), "人民中路 20 号（菜场旁）");
    }

    #[test]
    fn a_map_begins_where_most_are_and_not_where_one_is_far_away() {
        let mut all: Vec<f64> = (0..20).map(|n| 120.8 + f64::from(n) * 0.001).collect();
        all.push(122.0);
        let (west, east) = most(&all);
        assert!(west > 120.7 && east < 120.95, "{west} {east}");
    }

    #[test]
    fn an_outline_has_its_name_in_its_middle() {
        let square =
            json!({ "type": "Polygon", "coordinates": [[[1.0, 1.0], [3.0, 1.0], [3.0, 5.0], [1.0, 5.0], [1.0, 1.0]]] });
        assert_eq!(middle(&square), Some((2.0, 3.0)));
    }
}
