//! What a row of a survey means, and why it cannot be taken. Pure: the city's classes and organisations are given.
use std::collections::HashMap;

use jh_core::actor::OrganisationId;
use time::Date;

use crate::code::{ComponentCode, STATES, digits, plausible};
use crate::{gcj02, geojson};

/// The fields of a component and the headers that mean them: ours first, which the blank table has.
pub const FIELDS: [(&str, &[&str]); 11] = [
    ("code", &["标识码", "code", "部件标识码", "部件编码", "编码"]),
    ("category", &["小类代码", "category", "class", "部件代码", "分类代码", "部件类别", "小类"]),
    ("name", &["名称", "name", "部件名称"]),
    ("lon", &["经度", "lon", "lng", "longitude", "x"]),
    ("lat", &["纬度", "lat", "latitude", "y"]),
    ("keeper", &["主管部门", "keeper", "主管单位", "主管部门代码"]),
    ("owner", &["权属单位", "owner", "权属单位代码"]),
    ("maintainer", &["养护单位", "maintainer", "维护单位", "养护单位代码"]),
    ("state", &["状态", "state", "部件状态"]),
    ("surveyed_on", &["普查日期", "surveyed_on", "初始日期", "调查日期"]),
    // The report of what was not taken adds these; delivered again they mean nothing.
    ("", &["行号", "问题", "Row", "Problem"]),
];
/// The most attributes without a column of their own.
const ATTRIBUTES_MAX: usize = 20;
/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 80;

/// What the city knows.
pub struct Known {
    /// Minor classes of components: code to name and to who answers.
    pub categories: HashMap<String, (String, Option<OrganisationId>)>,
    /// Their codes by name.
    pub by_name: HashMap<String, String>,
    /// Organisations by code, name and short name.
    pub organisations: HashMap<String, OrganisationId>,
    /// Whether positions are in GCJ-02.
    pub shifted: bool,
    /// For rows that say no day.
    pub surveyed_on: Date,
    /// No survey is of a later day.
    pub today: Date,
}

/// Which column is which field.
pub struct Columns {
    fields: HashMap<&'static str, usize>,
    others: Vec<(usize, String)>,
}

impl Columns {
    /// Reads a header; none when it has no position, or neither class nor code.
    pub fn read(header: &[String]) -> Option<Self> {
        let mut fields = HashMap::new();
        let mut others = Vec::new();
        for (at, name) in header.iter().enumerate() {
            let lower = name.to_lowercase();
            let means = |names: &[&str]| names.iter().any(|one| *one == name || *one == lower);
            match FIELDS.iter().find(|(_, names)| means(names)) {
                Some(("", _)) => {}
                Some((field, _)) => {
                    fields.entry(*field).or_insert(at);
                }
                None if !name.is_empty() && others.len() < ATTRIBUTES_MAX => others.push((at, name.clone())),
                None => {}
            }
        }
        let has = |field: &str| fields.contains_key(field);
        (has("lon") && has("lat") && (has("category") || has("code"))).then_some(Self { fields, others })
    }

    fn get<'a>(&self, field: &str, cells: &'a [String]) -> &'a str {
        self.fields.get(field).and_then(|at| cells.get(*at)).map_or("", String::as_str)
    }
}

/// A row that can land, if its place is in the city.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The code it came with.
    pub code: Option<String>,
    /// Four digits.
    pub category: String,
    /// What it is called.
    pub name: String,
    /// WGS84 degrees.
    pub lon: f64,
    /// WGS84 degrees.
    pub lat: f64,
    /// 主管部门.
    pub keeper: Option<OrganisationId>,
    /// 权属单位.
    pub owner: Option<OrganisationId>,
    /// 养护单位.
    pub maintainer: Option<OrganisationId>,
    /// How it was found.
    pub state: &'static str,
    /// When.
    pub surveyed_on: Date,
    /// What has no column.
    pub attributes: HashMap<String, String>,
}

/// Why a row is not taken: which field, the end of a Fluent key, and what stood there.
#[derive(Clone, PartialEq, Debug)]
pub struct Refused {
    /// Which of our fields.
    pub field: &'static str,
    /// The end of a Fluent key.
    pub code: &'static str,
    /// What stood there.
    pub value: String,
}

/// A refusal of a field.
pub fn refused(field: &'static str, code: &'static str, value: &str) -> Refused {
    Refused { field, code, value: value.chars().take(60).collect() }
}

/// Reads a row.
pub fn checked(columns: &Columns, cells: &[String], known: &Known) -> Result<Row, Refused> {
    let get = |field: &str| columns.get(field, cells);
    let (lon, lat) = position(get("lon"), get("lat"), known.shifted)?;
    let code = match get("code") {
        "" => None,
        text => Some(ComponentCode::parse(text).ok_or_else(|| refused("code", "code-form", text))?),
    };
    let category = category(get("category"), code, known)?;
    let answers = known.categories.get(&category).and_then(|(_, organisation)| *organisation);
    let organisation = |field: &'static str, otherwise: Option<OrganisationId>| match get(field) {
        "" => Ok(otherwise),
        text => match known.organisations.get(text) {
            Some(id) => Ok(Some(*id)),
            None => Err(refused(field, "organisation", text)),
        },
    };
    let state = match get("state") {
        "" => "sound",
        text => STATES
            .iter()
            .find(|(word, zh, _)| *word == text || *zh == text)
            .map(|(word, ..)| *word)
            .ok_or_else(|| refused("state", "state", text))?,
    };
    let surveyed_on = match get("surveyed_on") {
        "" => known.surveyed_on,
        text => day(text).filter(|day| *day <= known.today).ok_or_else(|| refused("surveyed_on", "day", text))?,
    };
    let name = match get("name") {
        "" => known.categories.get(&category).map(|(name, _)| name.clone()).unwrap_or_default(),
        text if text.chars().count() > NAME_CHARS_MAX => return Err(refused("name", "name-long", text)),
        text => text.to_owned(),
    };
    let other = |(at, name): &(usize, String)| {
        let value = cells.get(*at).filter(|value| !value.is_empty())?;
        Some((name.chars().take(40).collect(), value.chars().take(200).collect()))
    };
    Ok(Row {
        code: code.map(|_| get("code").to_owned()),
        category,
        name,
        lon,
        lat,
        keeper: organisation("keeper", answers)?,
        owner: organisation("owner", None)?,
        maintainer: organisation("maintainer", answers)?,
        state,
        surveyed_on,
        attributes: columns.others.iter().filter_map(other).collect(),
    })
}

fn position(lon: &str, lat: &str, shifted: bool) -> Result<(f64, f64), Refused> {
    let number = |field, text: &str| text.parse::<f64>().map_err(|_| refused(field, "number", text));
    let (lon_read, lat_read) = (number("lon", lon)?, number("lat", lat)?);
    if !geojson::on_earth(lon_read, lat_read) {
        return Err(refused("lon", "outside", &format!("{lon}, {lat}")));
    }
    Ok(if shifted { gcj02::to_wgs84(lon_read, lat_read) } else { (lon_read, lat_read) })
}

/// The class by code or name; the one that a component's own code says, if both do.
fn category(text: &str, code: Option<ComponentCode<'_>>, known: &Known) -> Result<String, Refused> {
    let named = match text {
        "" => None,
        text if known.categories.contains_key(text) => Some(text.to_owned()),
        // A spreadsheet eats the zero in front.
        text if digits(text, 3) && known.categories.contains_key(&format!("0{text}")) => Some(format!("0{text}")),
        text => Some(known.by_name.get(text).cloned().ok_or_else(|| refused("category", "category", text))?),
    };
    match (named, code) {
        (Some(named), Some(code)) if named != code.category => Err(refused("category", "category-differs", text)),
        (Some(named), _) => Ok(named),
        (None, Some(code)) if known.categories.contains_key(code.category) => Ok(code.category.to_owned()),
        (None, Some(code)) => Err(refused("code", "category", code.category)),
        (None, None) => Err(refused("category", "category-missing", "")),
    }
}

/// A day as spreadsheets write it: 2015-06-01, 2015/6/1, 20150601.
fn day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts[..] {
        [year, month, day] => (year, month, day),
        [text] if digits(text, 8) => (&text[..4], &text[4..6], &text[6..]),
        _ => return None,
    };
    let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok().filter(plausible)
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    fn known() -> Known {
        Known {
            categories: [("0118".to_owned(), ("路灯".to_owned(), Some(OrganisationId(Uuid::from_u128(1)))))].into(),
            by_name: [("路灯".to_owned(), "0118".to_owned())].into(),
            organisations: [("NT-JSJ".to_owned(), OrganisationId(Uuid::from_u128(2)))].into(),
            shifted: false,
            surveyed_on: date!(2015 - 06 - 01),
            today: date!(2026 - 03 - 02),
        }
    }

    fn row(pairs: &[(&str, &str)]) -> Result<Row, Refused> {
        let header: Vec<_> = pairs.iter().map(|(name, _)| (*name).to_owned()).collect();
        let cells: Vec<_> = pairs.iter().map(|(_, value)| (*value).to_owned()).collect();
        checked(&Columns::read(&header).expect("columns"), &cells, &known())
    }

    #[test]
    fn a_row_is_read_by_chinese_headers_and_class_names_and_keeps_what_has_no_column() {
        let taken = row(&[
            ("小类", "路灯"),
            ("经度", "120.86"),
            ("纬度", "32.01"),
            ("权属单位", "NT-JSJ"),
            ("杆高", "9 m"),
            ("普查日期", "2015/6/3"),
        ]);
        let taken = taken.expect("taken");
        assert_eq!((taken.category.as_str(), taken.name.as_str(), taken.state), ("0118", "路灯", "sound"));
        assert_eq!(taken.surveyed_on, date!(2015 - 06 - 03));
        assert_eq!(taken.attributes.get("杆高").map(String::as_str), Some("9 m"));
        assert_eq!(taken.maintainer, Some(OrganisationId(Uuid::from_u128(1))));
    }

    #[test]
    fn a_row_that_cannot_be_taken_says_which_field_and_why() {
        let at = [("经度", "120.86"), ("纬度", "32.01")];
        let with = |more: &[(&'static str, &'static str)]| {
            let pairs: Vec<_> = at.iter().copied().chain(more.iter().copied()).collect();
            row(&pairs).expect_err("refused")
        };
        assert_eq!(
            (with(&[("category", "0999")]).code, with(&[("category", "")]).code),
            ("category", "category-missing")
        );
        assert_eq!(with(&[("category", "0118"), ("owner", "NT-XX")]).code, "organisation");
        assert_eq!(with(&[("code", "3206130119000001"), ("category", "0118")]).code, "category-differs");
        assert_eq!(with(&[("code", "32061301"), ("category", "0118")]).code, "code-form");
        assert_eq!(with(&[("category", "0118"), ("surveyed_on", "2026-03-03")]).code, "day");
        assert_eq!(with(&[("category", "118"), ("state", "好")]).field, "state");
    }

    #[test]
    fn a_header_without_a_position_is_no_survey() {
        let of =
            |names: &[&str]| Columns::read(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).is_some();
        assert!(of(&["lon", "lat", "class"]) && of(&["Lng", "LAT", "标识码"]));
        assert!(!of(&["lon", "class"]) && !of(&["lon", "lat", "名称"]));
    }
}
