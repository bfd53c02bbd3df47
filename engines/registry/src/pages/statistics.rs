//! What is registered and how well it arrives: people by county, sex and age, departments by what they deliver.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use catalogue::api::RowKind;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, render};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::census::{self, BAND_LAST, BAND_YEARS, Counties};
use super::words::href;
use super::{READ, STATISTICS};
use crate::model::kind_no;
use crate::store::views::numbers::{self, Born, Delivered};

/// A large figure at the top.
struct Figure {
    label: &'static str,
    value: i64,
    unit: &'static str,
    note: String,
    href: &'static str,
}

/// One line of a chart and its table.
struct Row {
    name: String,
    href: String,
    values: Vec<i64>,
}

/// One chart with its table, source and time.
struct Part {
    id: &'static str,
    title: &'static str,
    note: String,
    unit: &'static str,
    across: bool,
    heads: Vec<&'static str>,
    rows: Vec<Row>,
}

impl Part {
    fn tall(&self) -> bool {
        self.rows.len() > 8
    }
}

#[derive(Template)]
#[template(path = "registry/statistics.html")]
struct StatisticsPage {
    page: Page,
    figures: Vec<Figure>,
    parts: Vec<Part>,
    providers: Vec<Delivered>,
    providers_note: String,
}

impl Delivered {
    /// Rejected rows of a hundred, to one decimal.
    pub fn rate(&self) -> String {
        let tenths = self.per_mille();
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    fn per_mille(&self) -> i64 {
        if self.rows_read == 0 { 0 } else { self.rows_rejected.saturating_mul(1000) / self.rows_read }
    }
}

/// The counters, read in one go.
struct Counted {
    counties: Counties,
    born: Vec<Born>,
    places: i64,
    delivered: Vec<Delivered>,
    at: [Option<OffsetDateTime>; 3],
}

async fn counted(conn: &mut PgConnection, page: &Page) -> Result<Counted, Failure> {
    let mut at = [None; 3];
    for (slot, kind) in at.iter_mut().zip([RowKind::Person, RowKind::Organisation, RowKind::Place]) {
        *slot = numbers::landed_at(conn, kind_no(kind)).await?;
    }
    let scopes = page.actor()?.scopes(STATISTICS);
    Ok(Counted {
        counties: census::counties(conn).await?,
        born: numbers::born(conn).await?,
        places: numbers::total(conn, kind_no(RowKind::Place)).await?,
        delivered: numbers::delivered(conn, &scopes).await?,
        at,
    })
}

/// `GET /registry/statistics`.
pub async fn show(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let counted = counted(&mut conn, &page).await?;
    drop(conn);
    let page = page.with_title("registry-page-statistics-title");
    let mut parts = Vec::new();
    if counted.at[0].is_some() {
        parts.extend([by_county(&page, &counted), by_sex(&page, &counted), by_age(&page, &counted)]);
    }
    let delivered_at = counted.delivered.iter().filter_map(|row| row.landed_at).max();
    let providers_note = note(&page, "registry-page-source-deliveries", delivered_at);
    if !counted.delivered.is_empty() {
        parts.push(by_rate(&page, &counted.delivered, &providers_note));
    }
    render(&StatisticsPage {
        figures: figures(&page, &counted),
        parts,
        providers: counted.delivered,
        providers_note,
        page,
    })
}

fn note(page: &Page, source: &str, at: Option<OffsetDateTime>) -> String {
    let at = page.instant(at.unwrap_or_else(|| page.now()));
    page.ta("registry-page-note", &[("source", page.t(source)), ("at", at)])
}

fn figures(page: &Page, counted: &Counted) -> Vec<Figure> {
    let (people, firms) = counted.counties.totals();
    let all = [
        (
            "registry-page-population",
            people,
            "registry-page-unit-people",
            "registry-page-source-people",
            "/registry/people",
        ),
        (
            "registry-page-enterprises",
            firms,
            "registry-page-unit-organisations",
            "registry-page-source-organisations",
            "/registry/organisations",
        ),
        (
            "registry-page-places",
            counted.places,
            "registry-page-unit-places",
            "registry-page-source-places",
            "/registry/places",
        ),
    ];
    let may_search = page.may(super::SEARCH);
    let shown = all.into_iter().zip(counted.at).filter(|(figure, at)| at.is_some() || figure.1 > 0);
    shown
        .map(|((label, value, unit, source, href), at)| Figure {
            label,
            value,
            unit,
            note: note(page, source, at),
            href: if may_search { href } else { "" },
        })
        .collect()
}

fn by_county(page: &Page, counted: &Counted) -> Part {
    let may_search = page.may(super::SEARCH);
    let address = |code: &str| if may_search { href("/registry/people", &[("division", code)]) } else { String::new() };
    let mut rows: Vec<_> = counted
        .counties
        .rows
        .iter()
        .map(|county| Row {
            name: page.pick(&county.name, &county.name_en).to_owned(),
            href: address(&county.code),
            values: vec![county.population],
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.values[0]));
    let elsewhere = counted.counties.elsewhere.population;
    if elsewhere > 0 {
        let name = page.t("registry-page-division-elsewhere");
        rows.push(Row { name, href: String::new(), values: vec![elsewhere] });
    }
    Part {
        id: "county",
        title: "registry-page-statistics-county",
        note: note(page, "registry-page-from-people", counted.at[0]),
        unit: "registry-page-unit-people",
        across: true,
        heads: vec!["registry-page-division", "registry-page-population"],
        rows,
    }
}

fn by_sex(page: &Page, counted: &Counted) -> Part {
    let sum = |wanted: &dyn Fn(i16) -> bool| -> i64 {
        counted.born.iter().filter(|row| wanted(row.sex)).map(|row| row.people).sum()
    };
    let rows = [
        ("registry-page-people-male", sum(&|sex| sex == 1)),
        ("registry-page-people-female", sum(&|sex| sex == 2)),
        ("registry-page-people-sex-other", sum(&|sex| sex != 1 && sex != 2)),
    ];
    let shown = rows.into_iter().filter(|(_, people)| *people > 0);
    Part {
        id: "sex",
        title: "registry-page-statistics-sex",
        note: note(page, "registry-page-source-people", counted.at[0]),
        unit: "registry-page-unit-people",
        across: true,
        heads: vec!["registry-page-sex", "registry-page-population"],
        rows: shown.map(|(key, people)| Row { name: page.t(key), href: String::new(), values: vec![people] }).collect(),
    }
}

fn by_age(page: &Page, counted: &Counted) -> Part {
    let today = china_day(page.now());
    let bands = census::bands(&counted.born, today.year());
    let name = |from: i32| match from {
        BAND_LAST => page.t1("registry-page-age-over", "from", from),
        _ => format!("{from}–{}", from + BAND_YEARS - 1),
    };
    let all: i64 = bands.iter().map(|band| band.male + band.female).sum();
    let rows = bands.iter().filter(|_| all > 0);
    Part {
        id: "age",
        title: "registry-page-statistics-age",
        note: page.t1("registry-page-statistics-age-note", "at", page.day(today)),
        unit: "registry-page-unit-people",
        across: true,
        heads: vec!["registry-page-age-band", "registry-page-people-male", "registry-page-people-female"],
        rows: rows
            .map(|band| Row { name: name(band.from), href: String::new(), values: vec![band.male, band.female] })
            .collect(),
    }
}

fn by_rate(page: &Page, delivered: &[Delivered], note: &str) -> Part {
    let may_read = page.may(READ);
    let mut ranked: Vec<&Delivered> = delivered.iter().filter(|row| row.rows_read > 0).collect();
    ranked.sort_by_key(|row| std::cmp::Reverse(row.per_mille()));
    let address = |code: &str| href("/registry/deliveries", &[("provider", code), ("state", "partial")]);
    Part {
        id: "rate",
        title: "registry-page-statistics-rate",
        note: note.to_owned(),
        unit: "registry-page-unit-per-mille",
        across: true,
        heads: vec!["registry-page-provider", "registry-page-rejected-per-mille"],
        rows: ranked
            .into_iter()
            .take(20)
            .map(|row| Row {
                name: row.name.clone(),
                href: if may_read { address(&row.code) } else { String::new() },
                values: vec![row.per_mille()],
            })
            .collect(),
    }
}
