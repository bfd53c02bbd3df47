//! The ground of the city: its counties with their outlines, and which organisation of the tree a place belongs to.
//! It takes the outlines from whoever registered them and must not know where they come from.
use std::collections::BTreeMap;

use catalogue::api::Outlines;
use identity::api::Organisation;
use jh_core::actor::OrganisationId;
use jh_core::code::division::DivisionTable;
use jh_db::Base;
use sqlx::PgConnection;

use crate::fault::CityError;

/// A county of today.
#[derive(Clone, Debug)]
pub struct County {
    /// GB/T 2260.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The GeoJSON geometries that make up its area: several where counties have merged since they were drawn.
    pub outlines: Vec<String>,
}

/// The counties whose outlines are known, by code.
pub fn counties(base: &Base) -> Vec<County> {
    let known = base.services.all::<dyn Outlines>();
    let table = DivisionTable::get();
    let mut found: BTreeMap<String, County> = BTreeMap::new();
    let mut codes: Vec<_> = table.all().iter().map(|row| row.code).collect();
    codes.dedup();
    for then in codes {
        let text = then.to_string();
        let Some(outline) = known.iter().find_map(|source| source.outline(&text)) else { continue };
        // One that was divided has no one area of today.
        let [today] = table.today(then)[..] else { continue };
        let code = today.to_string();
        let name = table.name_of(today).unwrap_or_default().to_owned();
        let county = found.entry(code.clone()).or_insert(County { code, name, outlines: Vec::new() });
        county.outlines.push(outline.to_string());
    }
    found.into_values().collect()
}

/// The organisations by the division they govern.
pub struct Places {
    root: OrganisationId,
    by_division: BTreeMap<String, OrganisationId>,
}

impl Places {
    /// Reads the tree: some thousand organisations.
    pub async fn read(conn: &mut PgConnection) -> Result<Self, CityError> {
        let root = identity::api::root(conn).await?.ok_or(CityError::NotFound)?;
        Ok(Self::of(root, &identity::api::tree(conn).await?))
    }

    /// From a tree that was read already.
    pub fn of(root: OrganisationId, tree: &[Organisation]) -> Self {
        let governed = |one: &Organisation| one.division_code.clone().map(|code| (code, one.id));
        Self { root, by_division: tree.iter().filter_map(governed).collect() }
    }

    /// The community, else the street, else the county, else the city.
    pub fn of_division(&self, code: &str) -> OrganisationId {
        let beginnings = [12, 9, 6].into_iter().filter_map(|length| code.get(..length));
        beginnings.filter_map(|beginning| self.by_division.get(beginning).copied()).next().unwrap_or(self.root)
    }
}

/// The metric system to measure in: the zone of three degrees of CGCS2000 that a longitude lies in (EPSG 4534 to 4554).
pub fn zone(lon: f64) -> i32 {
    let meridian = (lon / 3.0).round().clamp(25.0, 45.0);
    // Between 25 and 45, so the cast is exact.
    4_534 + (meridian as i32 - 25)
}

#[cfg(test)]
mod tests {
    use super::zone;

    #[test]
    fn nantong_is_measured_on_the_meridian_120() {
        assert_eq!([zone(120.86), zone(121.49), zone(121.6), zone(75.0)], [4_549, 4_549, 4_550, 4_534]);
    }
}
