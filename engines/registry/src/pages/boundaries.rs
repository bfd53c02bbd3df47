//! The outlines of the city's counties, joined to the divisions of today.
//!
//! The shipped outlines are of 2015. Where counties have merged since, their outlines are joined into one without the
//! border between them, so that a count of today stands on the whole area it is of, and nothing is drawn twice.
//! `data/nantong/README.md` says where they come from.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use catalogue::api::Outlines;
use jh_core::code::division::{DivisionCode, DivisionTable};
use serde_json::{Value, json};

use super::dissolve::dissolve;

const SHIPPED: &str = include_str!("../../../../data/nantong/boundaries-2015.geojson");

/// A county of today with the area it has.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The code of today.
    pub code: DivisionCode,
    /// The name of today.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// What it was called when the outline was drawn, where that differs.
    pub former: Vec<String>,
    /// The coordinates of a MultiPolygon.
    polygons: Vec<Value>,
}

static OUTLINES: LazyLock<Vec<Outline>> = LazyLock::new(|| joined(&drawn()));

/// The outlines as they were drawn, by the code of then.
static DRAWN: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let of = |feature: &Value| Some((feature["properties"]["code"].as_str()?.to_owned(), feature["geometry"].clone()));
    drawn().iter().filter_map(of).collect()
});

/// What the catalogue draws rows with that are counties.
pub struct CountyOutlines;

impl Outlines for CountyOutlines {
    fn outline(&self, code: &str) -> Option<Value> {
        DRAWN.get(code).cloned()
    }
}

/// The counties of today in the order of their codes.
pub fn outlines() -> &'static [Outline] {
    &OUTLINES
}

/// The city that the outlines are of.
pub fn city() -> Option<DivisionCode> {
    outlines().first().map(|outline| outline.code.prefecture())
}

/// The county of this city that now has what once had `code`; none for any other place, or where it was divided.
pub fn county_of(code: &str) -> Option<DivisionCode> {
    let city = city()?;
    let today = DivisionTable::get().today(code);
    let [only] = today[..] else { return None };
    (only != city && city.covers(only)).then_some(only)
}

/// Every code, past and present, of what is now one county: for looking into records that keep the code they came with.
pub fn codes_of(county: DivisionCode) -> Vec<String> {
    let table = DivisionTable::get();
    let mut codes: Vec<_> =
        table.all().iter().map(|row| row.code).filter(|code| table.today(*code) == [county]).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().map(|code| code.to_string()).collect()
}

/// A GeoJSON document of the outlines; `properties` says what else each is given.
pub fn geojson(properties: impl Fn(&Outline) -> Vec<(&'static str, Value)>) -> Value {
    let feature = |outline: &Outline| {
        let mut own = json!({ "code": outline.code.to_string(), "name": outline.name, "name_en": outline.name_en });
        for (name, value) in properties(outline) {
            own[name] = value;
        }
        json!({
            "type": "Feature", "id": outline.code.to_string(), "properties": own,
            "geometry": { "type": "MultiPolygon", "coordinates": outline.polygons },
        })
    };
    json!({ "type": "FeatureCollection", "features": outlines().iter().map(feature).collect::<Vec<_>>() })
}

fn drawn() -> Vec<Value> {
    let mut document: Value = serde_json::from_str(SHIPPED).unwrap_or_default();
    match document["features"].take() {
        Value::Array(features) => features,
        _ => Vec::new(),
    }
}

fn joined(features: &[Value]) -> Vec<Outline> {
    let mut joined: BTreeMap<DivisionCode, Outline> = BTreeMap::new();
    for feature in features {
        let text = |name: &str| feature["properties"][name].as_str().unwrap_or_default().to_owned();
        let today = DivisionTable::get().today(&text("code"));
        let [code] = today[..] else { continue };
        let name = DivisionTable::get().name_of(code).map_or_else(|| text("name"), str::to_owned);
        let outline = joined.entry(code).or_insert_with(|| Outline {
            code,
            name_en: english(&text("name_en"), &name),
            former: Vec::new(),
            polygons: Vec::new(),
            name,
        });
        if text("name") != outline.name {
            outline.former.push(text("name"));
        }
        outline.polygons.extend(feature["geometry"]["coordinates"].as_array().into_iter().flatten().cloned());
    }
    for outline in joined.values_mut() {
        if let Some(whole) = dissolve(&outline.polygons) {
            outline.polygons = whole;
        }
    }
    joined.into_values().collect()
}

/// The English name of then with the word for what the division is now: 海门市 has become 海门区.
fn english(then: &str, name: &str) -> String {
    let word = match name.chars().next_back() {
        Some('区') => "District",
        Some('市') => "City",
        Some('县') => "County",
        _ => return then.to_owned(),
    };
    let own = then.rsplit_once(' ').map_or(then, |(own, _)| own);
    format!("{own} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_merged_is_one_county_without_the_border_of_then() {
        let names: Vec<_> =
            outlines().iter().map(|outline| (outline.code.to_string(), outline.name.as_str())).collect();
        assert_eq!(names.len(), 7, "{names:?}");
        let chongchuan = outlines().iter().find(|outline| outline.code.to_string() == "320613").expect("崇川区");
        assert_eq!((chongchuan.name.as_str(), chongchuan.name_en.as_str()), ("崇川区", "Chongchuan District"));
        assert_eq!(chongchuan.former, ["港闸区"]);
        assert_eq!(chongchuan.polygons.len(), 1);
        let rudong = outlines().iter().find(|outline| outline.name == "如东县").expect("如东县");
        assert_eq!(rudong.polygons.len(), 2, "its island stays an island");
        let then =
            |code| CountyOutlines.outline(code).map(|geometry| geometry["coordinates"][0][0].as_array().map(Vec::len));
        assert_eq!((then("320602"), then("320611"), then("320613")), (Some(Some(99)), Some(Some(57)), None));
        let haimen = outlines().iter().find(|outline| outline.code.to_string() == "320614").expect("海门区");
        assert_eq!(
            (haimen.name_en.as_str(), haimen.former.as_slice()),
            ("Haimen District", &["海门市".to_owned()][..])
        );
    }

    #[test]
    fn old_codes_lead_to_the_county_of_today_and_foreign_ones_nowhere() {
        for code in ["320602", "320611", "320613"] {
            assert_eq!(county_of(code).map(|county| county.to_string()).as_deref(), Some("320613"), "{code}");
        }
        assert!(county_of("110101").is_none() && county_of("000000").is_none() && county_of("320600").is_none());
        let codes = codes_of(DivisionCode::parse("320613").expect("six digits"));
        assert!(["320602", "320611", "320613"].iter().all(|code| codes.iter().any(|known| known == code)), "{codes:?}");
    }

    #[test]
    fn the_document_carries_the_given_numbers() {
        let document = geojson(|outline| vec![("population", json!(outline.code.number()))]);
        let features = document["features"].as_array().expect("features");
        assert!(features.iter().all(|feature| feature["properties"]["population"].is_u64()));
        assert!(features.iter().all(|feature| feature["geometry"]["type"] == "MultiPolygon"));
    }
}
