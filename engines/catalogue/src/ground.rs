//! Whether a place lies in the city. The outlines come from whoever registered them ([`Outlines`]); a city without any takes
//! every place, because nobody can say that it lies elsewhere. It must not know where they are kept.
use std::sync::{Arc, OnceLock};

use jh_core::code::division::DivisionTable;
use jh_db::Base;
use serde_json::Value;

use crate::api::Outlines;

/// Shipped outlines are simplified to 120 m and vertices lie on a grid of 100 m: who stands at the border is not refused.
const TOLERANCE_M: f64 = 500.0;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_000.0;

/// Closed rings of longitude and latitude. A hole counts as ground: what it surrounds is a neighbour's, and for a person to tell.
type Rings = Vec<Vec<(f64, f64)>>;

/// The city's ground, read once a process.
#[derive(Default)]
pub struct Ground(OnceLock<Rings>);

impl Ground {
    /// The ground of a base.
    pub fn of(base: &Base) -> Arc<Self> {
        let ground = base.services.get::<Self>().unwrap_or_default();
        ground.0.get_or_init(|| rings(base));
        ground
    }

    /// The outlines as GeoJSON features without names: a quiet ground for maps.
    pub fn features(&self) -> Vec<Value> {
        let rings = self.0.get().map_or(&[][..], Vec::as_slice);
        let ring = |ring: &Vec<(f64, f64)>| ring.iter().map(|(lon, lat)| [*lon, *lat]).collect::<Vec<_>>();
        let feature = |one: &Vec<(f64, f64)>| {
            let geometry = serde_json::json!({ "type": "Polygon", "coordinates": [ring(one)] });
            serde_json::json!({ "type": "Feature", "properties": {}, "geometry": geometry })
        };
        rings.iter().map(feature).collect()
    }

    /// Whether a place lies in the city, or so near that nobody can tell.
    pub fn covers(&self, lon: f64, lat: f64) -> bool {
        let rings = self.0.get().map_or(&[][..], Vec::as_slice);
        if rings.is_empty() {
            return true;
        }
        // A place is inside a ring where a line to the east crosses it an odd number of times.
        let inside = rings.iter().any(|ring| crossings(ring, lon, lat) % 2 == 1);
        inside || rings.iter().any(|ring| nearest_m(ring, lon, lat) <= TOLERANCE_M)
    }
}

fn rings(base: &Base) -> Rings {
    let known = base.services.all::<dyn Outlines>();
    let mut codes: Vec<_> = DivisionTable::get().all().iter().map(|row| row.code).collect();
    codes.dedup();
    let outlines = codes.iter().filter_map(|code| known.iter().find_map(|source| source.outline(&code.to_string())));
    outlines.flat_map(|outline| rings_of(&outline)).collect()
}

/// The rings of a GeoJSON Polygon or MultiPolygon.
fn rings_of(geometry: &Value) -> Rings {
    let ring = |ring: &Value| -> Option<Vec<(f64, f64)>> {
        ring.as_array()?.iter().map(|point| Some((point[0].as_f64()?, point[1].as_f64()?))).collect()
    };
    let none = Vec::new();
    let coordinates = geometry["coordinates"].as_array().unwrap_or(&none);
    match geometry["type"].as_str() {
        Some("Polygon") => coordinates.iter().filter_map(ring).collect(),
        Some("MultiPolygon") => coordinates.iter().filter_map(Value::as_array).flatten().filter_map(ring).collect(),
        _ => Vec::new(),
    }
}

fn sides(ring: &[(f64, f64)]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    ring.iter().copied().zip(ring.iter().copied().skip(1))
}

fn crossings(ring: &[(f64, f64)], lon: f64, lat: f64) -> usize {
    sides(ring)
        .filter(|((x1, y1), (x2, y2))| (*y1 > lat) != (*y2 > lat) && lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1))
        .count()
}

/// The distance to a ring in metres, on a plane: good to a per cent at this length.
fn nearest_m(ring: &[(f64, f64)], lon: f64, lat: f64) -> f64 {
    let east = DEGREE_M * lat.to_radians().cos();
    let side = |((x1, y1), (x2, y2)): ((f64, f64), (f64, f64))| {
        let (ax, ay) = ((x1 - lon) * east, (y1 - lat) * DEGREE_M);
        let (dx, dy) = ((x2 - x1) * east, (y2 - y1) * DEGREE_M);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (ax + along * dx).hypot(ay + along * dy)
    };
    sides(ring).map(side).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ground() -> Ground {
        let square = |x: f64| json!([[[x, 32.0], [x + 1.0, 32.0], [x + 1.0, 33.0], [x, 33.0], [x, 32.0]]]);
        let outline = json!({ "type": "MultiPolygon", "coordinates": [square(120.0), square(121.0)] });
        Ground(OnceLock::from(rings_of(&outline)))
    }

    #[test]
    fn inside_is_inside_and_far_outside_is_refused() {
        let ground = ground();
        assert!(ground.covers(120.5, 32.5) && ground.covers(121.5, 32.5));
        assert!(!ground.covers(122.5, 32.5) && !ground.covers(120.5, 31.0) && !ground.covers(32.5, 120.5));
    }

    #[test]
    fn who_stands_at_the_border_is_taken_and_two_kilometres_on_is_not() {
        let ground = ground();
        assert!(ground.covers(120.5, 31.996), "some 440 m south of the border");
        assert!(!ground.covers(120.5, 31.98), "some 2 km south of it");
        assert!(ground.covers(121.0, 32.5), "on the border between two counties");
    }

    #[test]
    fn a_city_without_outlines_takes_every_place() {
        assert!(Ground(OnceLock::from(Vec::new())).covers(0.1, 0.1));
    }
}
