//! What an officer or a sensor has seen becomes a case of the supervision centre, in the unit grid where it lies.
use casework::api::{CaseId, Channel, PhotoFile, Picture, Point, Priority, Report, Reporter};
use jh_core::actor::{Command, OrganisationId};
use jh_core::mask;
use jh_db::{Base, Work};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::kind::KIND;
use super::proof::Proof;
use super::store;
use crate::code::digits;
use crate::fault::CityError;
use crate::grid::store::At;

/// The longest note, in characters: it travels in an address when a phone sends it later.
pub const NOTE_CHARS_MAX: usize = 500;
/// The longest part of a title.
const PART_CHARS_MAX: usize = 24;
/// The longest title.
const TITLE_CHARS_MAX: usize = 100;
/// What the engine gives a new case.
const FIRST_REVISION: i32 = 1;
/// The longest own number of a sensor's report.
const REF_BYTES_MAX: usize = 80;

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// A category's code, or the name of a class.
    pub category: String,
    /// In words; may be empty.
    pub note: String,
    /// Where exactly, in words; may be empty.
    pub address: String,
    /// Longitude and latitude, WGS 84.
    pub place: Option<(f64, f64)>,
    /// The unit grid's code, where no position is known.
    pub grid: String,
    /// What its sender knows it by.
    pub own_ref: Option<String>,
}

/// By whom it was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// How it came.
    pub channel: Channel,
    /// With which permission.
    pub permission: &'static str,
}

/// A report that is a case now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported {
    /// The case.
    pub case_id: CaseId,
    /// What people call it by.
    pub number: String,
    /// The unit grid's 15 digits.
    pub grid: String,
}

/// Takes a report in: category, place and right are looked at before anything is written.
pub async fn take(
    base: &Base,
    command: &Command,
    way: Way,
    seen: &Seen,
    photo: Option<PhotoFile>,
) -> Result<Reported, CityError> {
    let proof = Proof::look(base, photo, command.now).await?;
    let photo = proof.as_ref().map(|proof| &proof.picture);
    let mut work = Work::begin(base, command).await?;
    let (code, name) = category(base, work.conn(), &seen.category).await?;
    let (point, found) = located(work.conn(), seen, photo).await?;
    let centre = centre(work.conn()).await?;
    let scopes = command.actor.scopes(way.permission);
    let near = identity::api::in_scope(work.conn(), &scopes, found.organisation_id).await?;
    if !near && !identity::api::in_scope(work.conn(), &scopes, centre).await? {
        return Err(CityError::OutOfScope(way.permission));
    }
    if seen.note.chars().count() > NOTE_CHARS_MAX {
        return Err(CityError::field("note", "city-management-note-length"));
    }
    let officer = command.actor.account.filter(|_| way.channel == Channel::Patrol);
    let report = Report {
        kind: KIND,
        title: title(&name, seen, &found),
        description: if seen.note.is_empty() { name } else { seen.note.clone() },
        category: code,
        priority: Priority::Normal,
        channel: way.channel,
        centre,
        address: address(seen, &found),
        point: Some(point),
        reporter: officer.map(|account| Reporter {
            account: Some(account),
            name: command.actor.name.to_string(),
            ..Reporter::default()
        }),
        held: false,
        photo: photo.is_some(),
        shown: "place",
        app_ref: seen.own_ref.clone(),
        note: String::new(),
        attributes: Vec::new(),
    };
    let opened = casework::api::open_in(base, &mut work, report).await?;
    if let Some(proof) = &proof {
        if let Some(officer) = officer {
            proof.claim(&mut work, opened.case_id, FIRST_REVISION, officer).await?;
        }
        casework::api::keep(&mut work, opened.case_id, &proof.picture, "staff", false).await?;
    }
    store::place(work.conn(), opened.case_id, officer).await?;
    work.commit().await?;
    Ok(Reported { case_id: opened.case_id, number: opened.number, grid: found.code })
}

/// The category of a code, or of the name that somebody typed.
async fn category(base: &Base, conn: &mut PgConnection, asked: &str) -> Result<(String, String), CityError> {
    let all = casework::api::categories(base, conn, false).await?;
    let own = all.into_iter().filter(|(kind, _)| kind.code() == KIND).map(|(_, category)| category);
    let found = { own }.find(|one| one.code == asked || one.name == asked || label(one) == asked);
    let found = found.ok_or_else(|| CityError::field("category", "city-management-category-unknown"))?;
    Ok((found.code, found.name))
}

/// A category as it is offered while somebody types: two classes may have one name.
pub fn label(category: &casework::api::Category) -> String {
    format!("{}（{} {}）", category.name, category.group, category.keywords.first().map_or("", String::as_str))
}

/// Where it is: as the officer or the sensor says, else in the grid he names, else where the photo was taken.
async fn located(conn: &mut PgConnection, seen: &Seen, photo: Option<&Picture>) -> Result<(Point, At), CityError> {
    let of_grid = match digits(&seen.grid, 15) && seen.place.is_none() {
        true => store::within(conn, &seen.grid).await?,
        false => None,
    };
    if seen.place.is_none() && !seen.grid.is_empty() && of_grid.is_none() {
        return Err(CityError::field_with("grid", "city-management-code-unknown", vec![("code", seen.grid.clone())]));
    }
    let place = seen.place.or(of_grid).and_then(|(lon, lat)| Point::new(lon, lat));
    let point = place.or_else(|| photo.and_then(|photo| photo.point));
    let point = point.ok_or_else(|| CityError::field("grid", "city-management-report-nowhere"))?;
    let found = crate::grid::store::at(conn, point.lon, point.lat).await?;
    Ok((point, found.ok_or_else(|| CityError::field("grid", "city-management-report-outside"))?))
}

/// What lists say of it: the class with what is wrong, or the class with where it is. Numbers that may be somebody's are left out.
fn title(class: &str, seen: &Seen, found: &At) -> String {
    let place = seen.address.trim();
    let wrong = seen.note.split(['。', '，', '；', '！', '？', '\n']).map(str::trim).find(|part| !part.is_empty());
    let line = match (wrong, place.is_empty()) {
        (Some(wrong), true) => format!("{class} {}", cut(&mask::numbers(wrong))),
        (Some(wrong), false) => format!("{class} {}·{}", cut(&mask::numbers(wrong)), cut(&mask::numbers(place))),
        (None, false) => format!("{class}·{}", cut(&mask::numbers(place))),
        (None, true) => format!("{class}·{}", short(&found.organisation_name, &found.code)),
    };
    line.chars().take(TITLE_CHARS_MAX).collect()
}

/// The beginning of a text, short enough for a line that says more.
fn cut(text: &str) -> String {
    let mut kept: String = text.chars().take(PART_CHARS_MAX).collect();
    if text.chars().count() > PART_CHARS_MAX {
        kept.push('…');
    }
    kept
}

/// A unit grid as people say it: its community, street or county, and the serial there.
pub fn short(place: &str, code: &str) -> String {
    // The code of a community has three digits left for the serial; a provisional one, eight.
    let serial = code.get(if code.get(6..7) == Some("9") { 7.. } else { 12.. }).unwrap_or(code);
    format!("{place} {} 号网格", serial.trim_start_matches('0'))
}

fn address(seen: &Seen, found: &At) -> String {
    if seen.address.trim().is_empty() {
        // The place is named, so the county's six digits say nothing more; and the public's pages hide any number that is
        // as long as somebody's.
        let code = found.code.get(6..).unwrap_or(&found.code);
        return format!("{}（网格 {code}）", found.organisation_name);
    }
    // The public reads the place at once (`shown`), before anybody at the centre has looked at it: no place needs a telephone.
    mask::numbers(seen.address.trim())
}

/// The supervision centre; the city itself while none is set.
pub async fn centre(conn: &mut PgConnection) -> Result<OrganisationId, CityError> {
    match store::centre(conn).await? {
        Some(centre) => Ok(centre),
        None => identity::api::root(conn).await?.ok_or(CityError::NotFound),
    }
}

/// A position as forms and programs send it; half a position or one that is none is refused.
pub fn position(lon: &str, lat: &str) -> Result<Option<(f64, f64)>, CityError> {
    if lon.is_empty() && lat.is_empty() {
        return Ok(None);
    }
    let read = |text: &str| text.parse::<f64>().ok();
    match (read(lon), read(lat)) {
        (Some(lon), Some(lat)) if crate::geojson::on_earth(lon, lat) => Ok(Some((lon, lat))),
        _ => Err(CityError::field("lon", "city-management-geojson-degrees")),
    }
}

/// What a program sends has a number of its own of a bounded length, which a database can keep and a page can show, or none.
pub fn own_ref(text: Option<&str>) -> Result<Option<String>, CityError> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.len() > REF_BYTES_MAX => Err(CityError::field("own_ref", "city-management-own-ref-length")),
        Some(text) if text.chars().any(char::is_control) => {
            Err(CityError::field("own_ref", "city-management-own-ref-form"))
        }
        kept => Ok(kept.map(str::to_owned)),
    }
}
