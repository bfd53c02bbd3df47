//! Landing a chunk of a survey: where each row stands, whether it may, which code it gets. Good rows go on, bad rows are
//! kept with their reason.
use std::collections::{HashMap, HashSet};

use jh_core::id::uuid_at;
use jh_db::Work;
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::check::{Columns, Known, Refused, Row, checked, refused};
use super::store::import::{self, ErrorRow, ImportRow};
use super::store::landing::{self, Landing, Place};
use crate::category::store as category;
use crate::code::{ComponentCode, component_code};
use crate::fault::CityError;
use crate::ground::{County, Places};

/// Everything a run looks up, read once.
pub struct City {
    known: Known,
    places: Places,
    covered: HashSet<Uuid>,
    county_codes: Vec<String>,
    outlines: Vec<String>,
}

impl City {
    /// Reads what the run of a survey needs: some hundred classes and some thousand organisations.
    pub async fn read(
        conn: &mut PgConnection,
        it: &ImportRow,
        counties: &[County],
        today: Date,
    ) -> Result<Self, CityError> {
        let classes = category::list(conn, "component", None, None, today, 2_000, 0).await?;
        let tree = identity::api::tree(conn).await?;
        let root = identity::api::root(conn).await?.ok_or(CityError::NotFound)?;
        let mut organisations = HashMap::new();
        // A name that two bear means the first; a code means one only and comes last.
        for one in tree.iter().rev() {
            organisations.insert(one.short_name.clone(), one.id);
            organisations.insert(one.name.clone(), one.id);
        }
        organisations.extend(tree.iter().map(|one| (one.code.clone(), one.id)));
        let by_county =
            counties.iter().flat_map(|county| county.outlines.iter().map(|outline| (&county.code, outline)));
        let (county_codes, outlines) = by_county.map(|(code, outline)| (code.clone(), outline.clone())).unzip();
        Ok(Self {
            known: Known {
                by_name: classes.iter().map(|class| (class.name.clone(), class.code.clone())).collect(),
                categories: classes
                    .into_iter()
                    .map(|class| (class.code, (class.name, class.organisation_id)))
                    .collect(),
                organisations,
                shifted: it.datum == "gcj02",
                surveyed_on: it.surveyed_on,
                today,
            },
            places: Places::of(root, &tree),
            covered: landing::covered(conn, &it.scopes).await?.into_iter().collect(),
            county_codes,
            outlines,
        })
    }
}

/// What became of a chunk.
#[derive(Default)]
pub struct Outcome {
    /// New components.
    pub added: i64,
    /// Components that were known.
    pub renewed: i64,
    /// Rows not taken.
    pub refused: i64,
}

/// A row with its number and cells, while it is looked at.
struct Candidate {
    row: Row,
    number: i64,
    cells: Vec<String>,
}

/// Lands a chunk inside the transaction.
pub async fn land(
    work: &mut Work,
    it: &ImportRow,
    city: &City,
    columns: &Columns,
    rows: Vec<(i64, Vec<String>)>,
) -> Result<Outcome, CityError> {
    let mut errors = Vec::new();
    let mut refuse = |number, cells, why: Refused| {
        errors.push(ErrorRow {
            row_no: number,
            field: why.field.into(),
            code: why.code.into(),
            value: why.value,
            cells,
        });
    };
    let mut candidates = Vec::new();
    for (number, cells) in rows {
        match checked(columns, &cells, &city.known) {
            Ok(row) => candidates.push(Candidate { row, number, cells }),
            Err(why) => refuse(number, cells, why),
        }
    }
    let (lons, lats): (Vec<_>, Vec<_>) = candidates.iter().map(|one| (one.row.lon, one.row.lat)).unzip();
    let places = landing::places(work.conn(), (&lons, &lats), (&city.county_codes, &city.outlines)).await?;
    let codes: Vec<_> = candidates.iter().filter_map(|one| one.row.code.clone()).collect();
    let mut standing = landing::known(work.conn(), &codes).await?;
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    let mut settled = Vec::new();
    for (one, place) in candidates.into_iter().zip(places) {
        let before = one.row.code.as_ref().and_then(|code| standing.remove(code));
        let twice = one.row.code.as_ref().is_some_and(|code| !seen.insert(code.clone()));
        let fits = fits(city, &one.row, &place, before, (twice, it.renew));
        match fits {
            Ok(landing) => {
                if before.is_some() {
                    outcome.renewed += 1
                } else {
                    outcome.added += 1
                }
                settled.push((one, landing));
            }
            Err(why) => refuse(one.number, one.cells, why),
        }
    }
    let now = work.now();
    let landed = number(work, settled, &mut refuse, &mut outcome).await?;
    landing::land(work.conn(), (it.import_id, &it.source), &landed, now).await?;
    outcome.refused = i64::try_from(errors.len()).unwrap_or(i64::MAX);
    import::insert_errors(work.conn(), it.import_id, &errors).await?;
    Ok(outcome)
}

/// Whether a row may land at its place; it has no id and maybe no code yet.
fn fits(
    city: &City,
    row: &Row,
    place: &Place,
    before: Option<jh_core::actor::OrganisationId>,
    (twice, renew): (bool, bool),
) -> Result<Landing, Refused> {
    let position = format!("{:.6}, {:.6}", row.lon, row.lat);
    let county = place.county_code.as_deref().ok_or_else(|| refused("lon", "outside", &position))?;
    let code = row.code.as_deref().and_then(ComponentCode::parse);
    if let Some(code) = code.filter(|code| code.county != county) {
        return Err(refused("code", "county-differs", code.county));
    }
    let known = row.code.as_deref().unwrap_or_default();
    if twice || (before.is_some() && !renew) {
        return Err(refused("code", "duplicate", known));
    }
    let organisation = place.organisation_id.unwrap_or_else(|| city.places.of_division(county));
    let may = |id: jh_core::actor::OrganisationId| city.covered.contains(&id.0);
    if !may(organisation) || before.is_some_and(|id| !may(id)) {
        return Err(refused("lon", "scope", &position));
    }
    Ok(Landing {
        component_id: Uuid::nil(),
        code: row.code.clone().unwrap_or_else(|| format!("{county}{}", row.category)),
        name: row.name.clone(),
        lon: row.lon,
        lat: row.lat,
        grid_id: place.grid_id,
        organisation_id: organisation,
        owner_id: row.owner,
        maintainer_id: row.maintainer,
        keeper_id: row.keeper,
        state: row.state,
        surveyed_on: row.surveyed_on.to_string(),
        attributes: row.attributes.clone(),
    })
}

/// Gives ids to all rows and codes to those that came without one.
async fn number(
    work: &mut Work,
    settled: Vec<(Candidate, Landing)>,
    refuse: &mut impl FnMut(i64, Vec<String>, Refused),
    outcome: &mut Outcome,
) -> Result<Vec<Landing>, CityError> {
    let now = work.now();
    let own = settled.iter().filter_map(|(one, _)| one.row.code.as_deref()).filter_map(ComponentCode::parse);
    let (prefixes, serials): (Vec<_>, Vec<_>) =
        own.map(|code| (format!("{}{}", code.county, code.category), code.serial)).unzip();
    landing::raise_serials(work.conn(), &prefixes, &serials).await?;
    let mut wanted: HashMap<String, i32> = HashMap::new();
    for (_, landing) in settled.iter().filter(|(one, _)| one.row.code.is_none()) {
        *wanted.entry(landing.code.clone()).or_default() += 1;
    }
    // In the order of the prefixes, so that two surveys at once never wait for each other in a circle.
    let mut prefixes: Vec<_> = wanted.into_iter().collect();
    prefixes.sort();
    let mut next: HashMap<String, i32> = HashMap::new();
    for (prefix, count) in prefixes {
        if let Some(last) = landing::take_serials(work.conn(), &prefix, count).await? {
            next.insert(prefix, last - count + 1);
        }
    }
    let mut landed = Vec::new();
    for (one, mut landing) in settled {
        landing.component_id = uuid_at(now);
        if one.row.code.is_none() {
            match next.get_mut(&landing.code) {
                Some(serial) => {
                    landing.code = component_code(&landing.code, *serial);
                    *serial += 1;
                }
                None => {
                    outcome.added -= 1;
                    refuse(one.number, one.cells, refused("category", "serials", &one.row.category));
                    continue;
                }
            }
        }
        landed.push(landing);
    }
    Ok(landed)
}
