//! Base records in lists and on their own page: which shelf they stand on, their columns, opened and masked.
use catalogue::api::{CodeSet, RowKind};
use jh_core::code::division::DivisionTable;
use jh_core::mask;
use jh_db::Base;
use jh_web::Page;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::reading::{Reading, readings};
use crate::schema::{Attribute, Check};
use crate::store::views::subjects::{self as store, Found};

/// One of the three base databases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shelf {
    People,
    Organisations,
    Places,
}

impl Shelf {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::People, Self::Organisations, Self::Places];

    /// As addresses write it.
    pub fn code(self) -> &'static str {
        self.path().trim_start_matches("/registry/")
    }
    /// What its records are.
    pub fn kind(self) -> RowKind {
        match self {
            Self::People => RowKind::Person,
            Self::Organisations => RowKind::Organisation,
            Self::Places => RowKind::Place,
        }
    }
    /// The shelf of a kind.
    pub fn of(kind: RowKind) -> Option<Self> {
        match kind {
            RowKind::Person => Some(Self::People),
            RowKind::Organisation => Some(Self::Organisations),
            RowKind::Place => Some(Self::Places),
            RowKind::Dataset => None,
        }
    }
    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::People => "/registry/people",
            Self::Organisations => "/registry/organisations",
            Self::Places => "/registry/places",
        }
    }
    /// Whether its numbers are those of citizens, which no address may hold.
    pub fn is_people(self) -> bool {
        self == Self::People
    }
    /// The Fluent key of its title.
    pub fn title(self) -> &'static str {
        self.word("registry-page-people-title", "registry-page-organisations-title", "registry-page-places-title")
    }
    /// Of the name's field.
    pub fn name_label(self) -> &'static str {
        self.word("registry-page-search-name", "registry-page-search-organisation", "registry-page-search-place")
    }
    /// Of the code's field.
    pub fn code_label(self) -> &'static str {
        self.word("registry-page-search-id", "registry-page-search-uscc", "registry-page-search-code")
    }
    /// Of the button.
    pub fn search_label(self) -> &'static str {
        self.word("registry-page-search-people", "registry-page-search-organisations", "registry-page-search-places")
    }
    /// Of the advice where nothing was found.
    pub fn none_hint(self) -> &'static str {
        self.word("registry-page-none-people", "registry-page-none-organisations", "registry-page-none-places")
    }
    /// The elements of its lists besides the name, in order; those of the golden row are in [`cells`].
    fn listed(self) -> &'static [&'static str] {
        match self {
            Self::People => &["citizen_id", "sex", "birth_on", "residence_division", "mobile_phone"],
            Self::Organisations => &["uscc", "industry", "organisation_division", "established_on"],
            Self::Places => &["statistical_code", "asset_kind", "division_code"],
        }
    }
    /// The Fluent keys of the list's columns.
    pub fn heads(self) -> Vec<&'static str> {
        let own: &[&'static str] = match self {
            Self::People => &["search-name", "search-id", "sex", "born", "search-division", "search-phone"],
            Self::Organisations => {
                &["search-organisation", "search-uscc", "industry", "search-division", "established"]
            }
            Self::Places => &["search-place", "search-code", "category", "search-division"],
        };
        own.iter().map(|word| head_key(word)).chain(["registry-page-sources", "registry-page-changed"]).collect()
    }
    fn word<T>(self, people: T, organisations: T, places: T) -> T {
        match self {
            Self::People => people,
            Self::Organisations => organisations,
            Self::Places => places,
        }
    }
}

fn head_key(word: &str) -> &'static str {
    match word {
        "search-name" => "registry-page-search-name",
        "search-organisation" => "registry-page-search-organisation",
        "search-place" => "registry-page-search-place",
        "search-id" => "registry-page-search-id",
        "search-uscc" => "registry-page-search-uscc",
        "search-code" => "registry-page-search-code",
        "search-phone" => "registry-page-search-phone",
        "search-division" => "registry-page-division",
        "sex" => "registry-page-sex",
        "born" => "registry-page-born",
        "industry" => "registry-page-industry",
        "established" => "registry-page-established",
        _ => "registry-page-category",
    }
}

/// One cell of a list.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub text: String,
    pub masked: bool,
}

/// One line of a list; the first cell leads to the record.
#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    pub cells: Vec<Cell>,
}

/// The lines of a list: what providers within the scopes have said, with what is sealed opened and masked.
pub async fn lines(
    base: &Base,
    conn: &mut PgConnection,
    page: &Page,
    (shelf, scopes): (Shelf, &[Uuid]),
    rows: &[Found],
) -> Result<Vec<Line>, RegistryError> {
    let subjects: Vec<Uuid> = rows.iter().map(|row| row.subject_id.0).collect();
    let readings = readings(base, conn, shelf.kind(), &subjects, scopes).await?;
    let sorts = match shelf {
        Shelf::People => catalogue::api::code_set(&mut *conn, "sex").await?,
        Shelf::Organisations => catalogue::api::code_set(&mut *conn, "industry").await?,
        Shelf::Places => catalogue::api::code_set(&mut *conn, "division_level").await?,
    };
    let line = |row: &Found| {
        let reading = readings.get(&row.subject_id.0)?;
        Some(Line {
            href: format!("{}/{}", shelf.path(), row.subject_id),
            cells: cells(page, shelf, row, reading, sorts.as_ref()),
        })
    };
    Ok(rows.iter().filter_map(line).collect())
}

fn cells(page: &Page, shelf: Shelf, row: &Found, reading: &Reading, sorts: Option<&CodeSet>) -> Vec<Cell> {
    let plain = |text: String| Cell { text, masked: false };
    let value = |element: &str| reading.value(element).unwrap_or_default().to_owned();
    let name = if reading.name().is_empty() { page.t("registry-page-unnamed") } else { reading.name().to_owned() };
    let mut cells = vec![plain(name)];
    for element in shelf.listed() {
        cells.push(match *element {
            "citizen_id" => Cell { text: mask::id_number(&value(element)), masked: true },
            "mobile_phone" => Cell { text: mask::phone(&value(element)), masked: true },
            "uscc" => plain(value(element)),
            "statistical_code" => {
                let code = value(element);
                plain(if code.is_empty() { value("asset_code") } else { code })
            }
            "sex" | "industry" | "asset_kind" => plain(code_name(page, sorts, reading.sort().unwrap_or_default())),
            "birth_on" | "established_on" => plain(reading.day_on().map(|day| page.day(day)).unwrap_or_default()),
            _ => plain(division_name(reading.division().unwrap_or_default())),
        });
    }
    cells.push(plain(page.number(reading.records.len())));
    cells.push(plain(page.instant(row.revised_at)));
    cells
}

/// A code with its meaning, in the page's language; a code without one is shown as it is.
pub fn code_name(page: &Page, set: Option<&CodeSet>, code: &str) -> String {
    let found = set.and_then(|set| set.codes.iter().find(|known| known.code == code));
    found.map_or_else(|| code.to_owned(), |found| page.pick(&found.name, &found.name_en).to_owned())
}

/// A division by its name; within the province its name is enough.
pub fn division_name(code: &str) -> String {
    DivisionTable::get().name_of(code).map_or_else(|| code.to_owned(), str::to_owned)
}

/// A sensitive value as lists show it.
pub fn masked(attribute: &Attribute, value: &str) -> String {
    match attribute.check {
        Check::CitizenId => mask::id_number(value),
        Check::Phone => mask::phone(value),
        Check::PersonName => mask::name(value),
        Check::Text if attribute.name.contains("address") => mask::address(value),
        // A code or a day has so few values that any part of it would tell it.
        _ => "****".to_owned(),
    }
}

/// The golden row of one subject within the scopes.
pub async fn golden(
    conn: &mut PgConnection,
    shelf: Shelf,
    id: Uuid,
    scopes: Vec<Uuid>,
) -> Result<Option<Found>, RegistryError> {
    let narrow = store::Narrow { subjects: Some(vec![id]), scopes, ..store::Narrow::default() };
    Ok(found(conn, shelf, &narrow, jh_core::paging::PageRequest::default()).await?.into_iter().next())
}

/// The golden rows that a list is narrowed to.
pub async fn found(
    conn: &mut PgConnection,
    shelf: Shelf,
    narrow: &store::Narrow,
    request: jh_core::paging::PageRequest,
) -> Result<Vec<Found>, RegistryError> {
    Ok(match shelf {
        Shelf::People => store::people(conn, narrow, request).await?,
        Shelf::Organisations => store::organisations(conn, narrow, request).await?,
        Shelf::Places => store::places(conn, narrow, request).await?,
    })
}
