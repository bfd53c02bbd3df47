//! Laying grids over an area: what is asked for is checked and written down here, and a job cuts it.
use jh_core::actor::{Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use crate::code::{GenerationId, SERIAL_MAX, digits};
use crate::fault::CityError;
use crate::geojson::Outline;
use crate::grid::MANAGE;
use crate::grid::store::cut;
use crate::grid::store::lay::{self, NewRun};
use crate::ground::{self, County, Places};

/// The job that cuts.
pub const JOB: &str = "city_management.lay";
/// The most squares of one run: a county town with its streets. A whole county goes in several runs.
pub const GRIDS_MAX: f64 = 60_000.0;
/// The side of a square that gives the 10,000 m² of GB/T 30428.1.
pub const EDGE_M: i32 = 100;
/// What is smaller than this part of a square is joined to its neighbour.
pub const SLIVER: f64 = 0.25;

/// What somebody wants grids over.
pub struct Wish<'a> {
    /// GB/T 2260.
    pub county: &'a str,
    /// What people call the area; the county's name when empty.
    pub name: &'a str,
    /// The side of a square.
    pub edge_m: Option<i32>,
    /// The community of outlines that name none; 12 digits, or empty.
    pub community: &'a str,
    /// The outlines; none takes the whole county.
    pub outlines: Vec<Outline>,
}

/// One community of the area, or all of it.
struct Part {
    community: Option<String>,
    organisation: OrganisationId,
    outlines: Vec<String>,
}

/// Writes down a run and leaves its cutting to the job.
pub async fn request(base: &Base, command: &Command, wish: Wish<'_>) -> Result<GenerationId, CityError> {
    let counties = ground::counties(base);
    let county = counties.iter().find(|county| county.code == wish.county);
    let county = county.ok_or_else(|| CityError::field("county", "required"))?;
    let edge_m = wish.edge_m.filter(|edge| (50..=300).contains(edge));
    let edge_m = edge_m.ok_or_else(|| CityError::field("edge_m", "city-management-edge-range"))?;
    let name = if wish.name.is_empty() { county.name.as_str() } else { wish.name };
    if name.chars().count() > 80 {
        return Err(CityError::field("name", "city-management-name-length"));
    }
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(MANAGE);
    let places = Places::read(work.conn()).await?;
    let parts = parts(&wish, county, &places)?;
    for part in &parts {
        if !identity::api::in_scope(work.conn(), &scopes, part.organisation).await? {
            return Err(CityError::OutOfScope(MANAGE));
        }
    }
    let id = GenerationId::at(command.now);
    let srid = ground::zone(first_longitude(&parts).unwrap_or(120.0));
    let by = command.actor.account.map(Into::into);
    let new =
        NewRun { id, county: &county.code, name, srid, edge_m, now: command.now, by, by_name: &command.actor.name };
    lay::insert(work.conn(), &new).await?;
    put_parts(&mut work, id, &parts, county, (srid, edge_m)).await?;
    cut::count_strips(work.conn(), id).await?;
    let detail = json!({ "county": county.code, "name": name, "edge_m": edge_m, "parts": parts.len() });
    work.audit(Entry::new("city_management.grid.requested", id).detail(detail));
    work.enqueue(JOB, Some(&id.to_string()), json!({ "generation_id": id })).await?;
    work.commit().await?;
    Ok(id)
}

/// The outlines gathered by community.
fn parts(wish: &Wish<'_>, county: &County, places: &Places) -> Result<Vec<Part>, CityError> {
    let of = |code: &str| digits(code, 12) && code.starts_with(&county.code);
    if !wish.community.is_empty() && !of(wish.community) {
        return Err(CityError::field("community", "city-management-community-code"));
    }
    let mut parts: Vec<Part> = Vec::new();
    for outline in &wish.outlines {
        let own = outline.code.as_deref().filter(|code| !code.is_empty()).unwrap_or(wish.community);
        if !own.is_empty() && !of(own) {
            return Err(CityError::field("outline", "city-management-community-code"));
        }
        let community = (!own.is_empty()).then(|| own.to_owned());
        match parts.iter_mut().find(|part| part.community == community) {
            Some(part) => part.outlines.push(outline.geometry.clone()),
            None => {
                let organisation = places.of_division(community.as_deref().unwrap_or(&county.code));
                parts.push(Part { community, organisation, outlines: vec![outline.geometry.clone()] });
            }
        }
    }
    if parts.is_empty() {
        let community = (!wish.community.is_empty()).then(|| wish.community.to_owned());
        let organisation = places.of_division(community.as_deref().unwrap_or(&county.code));
        parts.push(Part { community, organisation, outlines: county.outlines.clone() });
    }
    Ok(parts)
}

/// The longitude of the first point, which decides in which zone the run is measured.
fn first_longitude(parts: &[Part]) -> Option<f64> {
    let geometry: serde_json::Value = serde_json::from_str(parts.first()?.outlines.first()?).ok()?;
    let mut value = &geometry["coordinates"];
    while value[0].is_array() {
        value = &value[0];
    }
    value[0].as_f64()
}

/// Writes the parts and holds their bounds: inside the county, not too many squares, serials left in each community.
async fn put_parts(
    work: &mut Work,
    id: GenerationId,
    parts: &[Part],
    county: &County,
    (srid, edge_m): (i32, i32),
) -> Result<(), CityError> {
    let square_m2 = f64::from(edge_m).powi(2);
    let mut squares = 0.0;
    for (number, part) in (1..).zip(parts) {
        let whose = (part.community.as_deref(), part.organisation);
        let area_m2 = cut::insert_part(work.conn(), id, number, whose, &part.outlines, srid).await?;
        squares += area_m2 / square_m2;
        if let Some(community) = &part.community {
            let given = lay::last_serial(work.conn(), community).await?;
            if f64::from(given) + area_m2 / square_m2 > f64::from(SERIAL_MAX) {
                let args = vec![("community", community.clone()), ("max", SERIAL_MAX.to_string())];
                return Err(CityError::field_with("outline", "city-management-serials", args));
            }
        }
    }
    if squares <= 0.0 {
        return Err(CityError::field("outline", "city-management-area-taken"));
    }
    if squares > GRIDS_MAX {
        let args = vec![("n", format!("{squares:.0}")), ("max", format!("{GRIDS_MAX:.0}"))];
        return Err(CityError::field_with("outline", "city-management-area-large", args));
    }
    if cut::reaches_beyond(work.conn(), id, &county.outlines, srid).await? {
        return Err(CityError::field("outline", "city-management-area-outside"));
    }
    Ok(())
}

/// Asks a run to stop. What it has cut so far is thrown away, and no grid is laid.
pub async fn cancel(base: &Base, command: &Command, id: GenerationId) -> Result<(), CityError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(MANAGE);
    lay::one(work.conn(), &scopes, id).await?.ok_or(CityError::NotFound)?;
    if !lay::want_cancelled(work.conn(), id).await? {
        return Err(CityError::Conflict("city-management-run-ended"));
    }
    work.audit(Entry::new("city_management.grid.cancelled", id));
    // The job may have been set aside; one that runs finds the wish at its next strip.
    work.enqueue(JOB, Some(&id.to_string()), json!({ "generation_id": id })).await?;
    work.commit().await?;
    Ok(())
}
