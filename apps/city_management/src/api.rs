//! What the binary may use of this room: loading a city's ground without a form, as the demonstration does.
use casework::api::PhotoFile;
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::Base;
use jh_web::UploadedFile;
use time::Date;
use tokio_util::sync::CancellationToken;

use crate::component::actions::Wish as Survey;
use crate::grid::actions::lay::{EDGE_M, Wish};
use crate::{case, category, component, geojson, grid};

pub use crate::case::report::{Reported, Seen};
pub use crate::code::{GenerationId, ImportId, OfficerGridId};
pub use crate::fault::CityError;

/// Adds the classes of the national arrangement that are not there yet.
pub async fn load_categories(base: &Base, command: &Command) -> Result<usize, CityError> {
    category::actions::load_standard(base, command).await
}

/// Lays grids over outlines (GeoJSON, or pairs of coordinates) in a county, and waits until they stand.
pub async fn lay(base: &Base, command: &Command, county: &str, name: &str, outlines: &str) -> Result<(), CityError> {
    let outlines = geojson::outlines(outlines).map_err(|wrong| CityError::field("outline", wrong))?;
    let wish = Wish { county, name, edge_m: Some(EDGE_M), community: "", outlines };
    let id = grid::actions::lay::request(base, command, wish).await?;
    grid::jobs::run(base, id, &CancellationToken::new()).await?;
    Ok(())
}

/// A standing grid: its code and its middle, in WGS84 degrees.
pub async fn grids(base: &Base, command: &Command, county: &str) -> Result<Vec<(String, f64, f64)>, CityError> {
    let scopes = command.actor.scopes(grid::READ);
    Ok(grid::store::middles(&mut *base.db.read().await?, &scopes, county).await?)
}

/// Makes an officers' grid of some unit grids, walked by an officer all day.
pub async fn officer_grid(
    base: &Base,
    command: &Command,
    name: &str,
    organisation: OrganisationId,
    codes: &[String],
    officer: Option<AccountId>,
) -> Result<OfficerGridId, CityError> {
    let id = grid::actions::officer::create(base, command, name, Some(organisation), codes).await?;
    if let Some(officer) = officer {
        grid::actions::officer::appoint(base, command, id, officer, "whole_day").await?;
    }
    Ok(id)
}

/// Delivers a survey in WGS84 and waits until it is read.
pub async fn survey(
    base: &Base,
    command: &Command,
    file: &UploadedFile,
    source: &str,
    surveyed_on: Date,
) -> Result<ImportId, CityError> {
    let wish = Survey { file: Some(file), datum: "wgs84", renew: false, source, surveyed_on: Some(surveyed_on) };
    let id = component::actions::submit(base, command, wish).await?;
    component::jobs::run(base, id, &CancellationToken::new()).await?;
    Ok(id)
}

/// Makes an organisation the supervision centre.
pub async fn set_centre(base: &Base, command: &Command, organisation: OrganisationId) -> Result<(), CityError> {
    case::centre::set(base, command, Some(organisation)).await
}

/// What an officer has seen on patrol becomes a case.
pub async fn patrol_report(
    base: &Base,
    command: &Command,
    seen: &Seen,
    photo: Option<PhotoFile>,
) -> Result<Reported, CityError> {
    case::report::take(base, command, case::pages::patrol::WAY, seen, photo).await
}

/// Whether any case of this kind was reported on patrol by somebody.
pub async fn any_report(base: &Base, officer: AccountId) -> Result<bool, CityError> {
    Ok(case::store::any_of(&mut *base.db.read().await?, officer).await?)
}
