//! What a reader sees of base records: what providers within his scope have said, and nothing else. Which value stands
//! is decided among those, by the rules of the golden record; to a reader of the whole city it is the golden record.
//! Delivering a row about somebody therefore opens nothing that others have said of him.
use std::collections::HashMap;

use catalogue::api::RowKind;
use jh_db::Base;
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::kind::{Shape, shape_of};
use crate::land::record_opener;
use crate::model::kind_no;
use crate::store::{rule, subject};
use crate::survivorship::{Record, survivors};

/// One subject as a reader sees it.
#[derive(Clone, Debug)]
pub struct Reading {
    shape: &'static Shape,
    /// What each provider within the scope says, opened.
    pub records: Vec<Record>,
    standing: Vec<i16>,
}

impl Reading {
    /// The record whose value of an attribute stands.
    pub fn standing(&self, position: usize) -> Option<&Record> {
        let provider = *self.standing.get(position)?;
        self.records.iter().find(|record| record.provider_no == provider)
    }

    /// The value that stands, by the element's name.
    pub fn value(&self, element: &str) -> Option<&str> {
        let position = self.shape.elements.iter().position(|known| *known == element)?;
        self.standing(position)?.value(position)
    }

    fn first(&self, elements: &[&str]) -> Option<&str> {
        elements.iter().find_map(|element| self.value(element))
    }

    /// How it is called.
    pub fn name(&self) -> &str {
        self.first(&["person_name", "organisation_name", "place_name"]).unwrap_or_default()
    }

    /// Its county by GB/T 2260.
    pub fn division(&self) -> Option<&str> {
        let elements: &[&str] = match self.shape.kind {
            RowKind::Person => &["residence_division", "registered_division"],
            RowKind::Organisation => &["organisation_division"],
            // Both schemes begin with the county's six digits.
            RowKind::Place | RowKind::Dataset => &["division_code", "statistical_code"],
        };
        let code = self.first(elements)?;
        Some(code.get(..6).unwrap_or(code))
    }

    /// Sex of a person, industry of an organisation, category of a place: the code.
    pub fn sort(&self) -> Option<&str> {
        self.first(&["sex", "industry", "asset_kind", "division_level"])
    }

    /// A person's day of birth, an organisation's of establishment.
    pub fn day_on(&self) -> Option<Date> {
        let text = self.first(&["birth_on", "established_on"])?;
        jh_core::clock::parse_day(text)
    }
}

/// What may be read of subjects within `scopes`, by subject; of one nobody there has spoken of, nothing.
pub async fn readings(
    base: &Base,
    conn: &mut PgConnection,
    kind: RowKind,
    subjects: &[Uuid],
    scopes: &[Uuid],
) -> Result<HashMap<Uuid, Reading>, RegistryError> {
    let Some(shape) = shape_of(kind) else { return Ok(HashMap::new()) };
    let width = shape.elements.len();
    let rules = rule::rules(conn, shape).await?;
    let opener = record_opener(&base.keys);
    let mut readings = HashMap::with_capacity(subjects.len());
    for (id, stored) in subject::records_within(conn, kind_no(kind), subjects, scopes).await? {
        let records: Vec<Record> =
            stored.into_iter().map(|record| record.open(&opener, width)).collect::<Result<_, _>>()?;
        let standing = survivors(&rules, &records, width);
        readings.insert(id, Reading { shape, records, standing });
    }
    Ok(readings)
}

/// What may be read of one subject.
pub async fn reading(
    base: &Base,
    conn: &mut PgConnection,
    kind: RowKind,
    id: Uuid,
    scopes: &[Uuid],
) -> Result<Reading, RegistryError> {
    readings(base, conn, kind, &[id], scopes).await?.remove(&id).ok_or(RegistryError::RecordNotFound)
}
