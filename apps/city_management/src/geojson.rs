//! Outlines and lines as people send them: GeoJSON (RFC 7946), or a list of coordinates, a pair in each line. What comes
//! out is GeoJSON that PostGIS reads. Pure; it must not know what an outline is for.
use serde_json::{Value, json};

/// The most outlines of one text: more communities than any county has.
pub const OUTLINES_MAX: usize = 1_000;
/// The most points of one text.
pub const POINTS_MAX: usize = 300_000;

/// One outline: a Polygon or MultiPolygon, and the code it was given, if any.
#[derive(Clone, PartialEq, Debug)]
pub struct Outline {
    /// The feature's `code`, digits only.
    pub code: Option<String>,
    /// A GeoJSON geometry.
    pub geometry: String,
}

/// Why a text is no outline or line; the end of the Fluent key `error-city-management-geojson-…`.
pub type Wrong = &'static str;

/// The outlines of a text.
pub fn outlines(text: &str) -> Result<Vec<Outline>, Wrong> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with('{') {
        let mut ring = pairs(text)?;
        if ring.len() < 3 {
            return Err("city-management-geojson-few");
        }
        if ring.first() != ring.last() {
            ring.push(ring[0]);
        }
        return Ok(vec![Outline {
            code: None,
            geometry: json!({"type": "Polygon", "coordinates": [ring]}).to_string(),
        }]);
    }
    let document: Value = serde_json::from_str(text).map_err(|_| "city-management-geojson-unreadable")?;
    let mut points = 0;
    let found = match document["type"].as_str() {
        Some("FeatureCollection") => {
            let features = document["features"].as_array().ok_or("city-management-geojson-unreadable")?;
            if features.len() > OUTLINES_MAX {
                return Err("city-management-geojson-many");
            }
            features.iter().map(|feature| outline(feature, &mut points)).collect::<Result<Vec<_>, _>>()?
        }
        _ => vec![outline(&document, &mut points)?],
    };
    if found.is_empty() { Err("city-management-geojson-few") } else { Ok(found) }
}

fn outline(feature: &Value, points: &mut usize) -> Result<Outline, Wrong> {
    let geometry = if feature["type"] == "Feature" { &feature["geometry"] } else { feature };
    let depth = match geometry["type"].as_str() {
        Some("Polygon") => 2,
        Some("MultiPolygon") => 3,
        _ => return Err("city-management-geojson-no-area"),
    };
    check(&geometry["coordinates"], depth, points)?;
    let named = ["code", "community_code", "社区代码", "单元网格编码"].iter().map(|name| &feature["properties"][name]);
    let code = named
        .filter_map(|value| value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string())))
        .next();
    let code = code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty() && code.len() <= 20);
    let plain = json!({"type": geometry["type"], "coordinates": geometry["coordinates"]});
    Ok(Outline { code, geometry: plain.to_string() })
}

/// Whether coordinates nest so deep and lie on the earth.
fn check(value: &Value, depth: usize, points: &mut usize) -> Result<(), Wrong> {
    let list = value.as_array().ok_or("city-management-geojson-unreadable")?;
    if depth > 0 {
        if depth == 1 && list.len() < 4 {
            return Err("city-management-geojson-few");
        }
        return list.iter().try_for_each(|inner| check(inner, depth - 1, points));
    }
    *points += 1;
    if *points > POINTS_MAX {
        return Err("city-management-geojson-many");
    }
    match (list.first().and_then(Value::as_f64), list.get(1).and_then(Value::as_f64)) {
        (Some(lon), Some(lat)) if on_earth(lon, lat) => Ok(()),
        (Some(_), Some(_)) => Err("city-management-geojson-degrees"),
        _ => Err("city-management-geojson-unreadable"),
    }
}

/// The line of a text.
pub fn line(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let geometry = if text.starts_with('{') {
        let document: Value = serde_json::from_str(text).map_err(|_| "city-management-geojson-unreadable")?;
        let geometry = if document["type"] == "Feature" { document["geometry"].clone() } else { document };
        if geometry["type"] != "LineString" {
            return Err("city-management-geojson-no-line");
        }
        check(&geometry["coordinates"], 1, &mut 0).or_else(|wrong| match geometry["coordinates"].as_array() {
            // A line may be of two points, a ring may not.
            Some(two) if (2..4).contains(&two.len()) => two.iter().try_for_each(|point| check(point, 0, &mut 0)),
            _ => Err(wrong),
        })?;
        json!({"type": "LineString", "coordinates": geometry["coordinates"]})
    } else {
        let points = pairs(text)?;
        if points.len() < 2 {
            return Err("city-management-geojson-no-line");
        }
        json!({"type": "LineString", "coordinates": points})
    };
    Ok(geometry.to_string())
}

/// Longitude and latitude, one pair a line, parted by a comma or space.
fn pairs(text: &str) -> Result<Vec<[f64; 2]>, Wrong> {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut numbers = line.split([',', '，', ' ', '\t']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
        let (Some(Ok(lon)), Some(Ok(lat)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
            return Err("city-management-geojson-unreadable");
        };
        if !on_earth(lon, lat) {
            return Err("city-management-geojson-degrees");
        }
        found.push([lon, lat]);
        if found.len() > POINTS_MAX {
            return Err("city-management-geojson-many");
        }
    }
    Ok(found)
}

/// West, south, east and north of a text such as `120.8,32,120.9,32.1`, when it is a box on the earth.
pub fn bbox(text: &str) -> Option<[f64; 4]> {
    let parts: Vec<f64> = text.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [west, south, east, north] = parts.try_into().ok()?;
    let fits = on_earth(west, south) && on_earth(east, north);
    (fits && west < east && south < north).then_some([west, south, east, north])
}

/// Whether numbers are longitude and latitude, in this order.
pub fn on_earth(lon: f64, lat: f64) -> bool {
    (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_come_as_a_collection_with_codes_or_as_bare_pairs() {
        let square = json!([[[120.86, 32.0], [120.87, 32.0], [120.87, 32.01], [120.86, 32.0]]]);
        let of = |code: Value| json!({"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": square}});
        let text = json!({"type": "FeatureCollection", "features": [of(json!("320613001001")), of(json!(320_613_001_002_u64)), of(json!(null))]});
        let codes: Vec<_> =
            outlines(&text.to_string()).expect("read").into_iter().map(|outline| outline.code).collect();
        assert_eq!(codes, [Some("320613001001".to_owned()), Some("320613001002".to_owned()), None]);
        let bare = outlines("120.86, 32.00\n120.87，32.00\n120.87 32.01\n").expect("read");
        assert!(bare[0].geometry.contains("[120.86,32.0]") && bare[0].geometry.starts_with("{\"coordinates\""));
    }

    #[test]
    fn a_box_is_four_numbers_in_order_and_nothing_else() {
        assert_eq!(bbox("120.8,32,120.9,32.1"), Some([120.8, 32.0, 120.9, 32.1]));
        for wrong in ["", "1,2,3", "120.9,32,120.8,32.1", "a,b,c,d", "120,32,inf,33", "NaN,1,2,3"] {
            assert_eq!(bbox(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_outline_says_why() {
        assert_eq!(outlines("{"), Err("city-management-geojson-unreadable"));
        assert_eq!(outlines("120.86,32\n120.87,32"), Err("city-management-geojson-few"));
        assert_eq!(outlines("32,120.86\n32,120.87\n33,120.8"), Err("city-management-geojson-degrees"));
        assert_eq!(outlines(r#"{"type":"Point","coordinates":[1,2]}"#), Err("city-management-geojson-no-area"));
        assert_eq!(line("120.86,32"), Err("city-management-geojson-no-line"));
        assert!(line(r#"{"type":"LineString","coordinates":[[120.86,32],[120.87,32]]}"#).is_ok());
    }
}
