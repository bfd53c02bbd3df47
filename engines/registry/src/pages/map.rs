//! The map of the city's counties by what is registered in them; chart and table below say the same numbers.
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::census::{self, Counties, County};
use super::words::href;
use super::{SEARCH, boundaries};

/// What the map shows.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    measure: String,
}

/// One line of the ranking.
struct Line {
    name: String,
    href: String,
    value: i64,
}

#[derive(Template)]
#[template(path = "registry/map.html")]
struct MapPage {
    page: Page,
    measure: &'static str,
    measures: [(&'static str, &'static str); 2],
    label: &'static str,
    unit: &'static str,
    source: String,
    total: i64,
    as_of: OffsetDateTime,
    rows: Vec<Line>,
    table: Vec<County>,
}

const MEASURES: [(&str, &str); 2] =
    [("population", "registry-page-population"), ("enterprises", "registry-page-enterprises")];

/// `GET /registry/map`.
pub async fn show(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let counties = census::counties(&mut conn).await?;
    drop(conn);
    let of_firms = asked.measure == "enterprises";
    let (people, firms) = counties.totals();
    let (measure, label) = MEASURES[usize::from(of_firms)];
    let page = page.with_title("registry-page-map-title");
    render(&MapPage {
        measure,
        measures: MEASURES,
        label,
        unit: if of_firms { "registry-page-unit-organisations" } else { "registry-page-unit-people" },
        source: page.t(if of_firms { "registry-page-from-organisations" } else { "registry-page-from-people" }),
        total: if of_firms { firms } else { people },
        as_of: counties.as_of.unwrap_or_else(|| page.now()),
        rows: ranked(&page, &counties, of_firms),
        table: table(&page, counties),
        page,
    })
}

/// The counties by the measure, the most first; what lies in none of them comes last.
fn ranked(page: &Page, counties: &Counties, of_firms: bool) -> Vec<Line> {
    let line = |county: &County, name: String, division: &str| Line {
        name,
        href: rows_of(page, of_firms, division).unwrap_or_default(),
        value: if of_firms { county.enterprises } else { county.population },
    };
    let mut lines: Vec<_> = counties
        .rows
        .iter()
        .map(|county| line(county, page.pick(&county.name, &county.name_en).to_owned(), &county.code))
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.value));
    let elsewhere = line(&counties.elsewhere, page.t("registry-page-division-elsewhere"), "");
    lines.extend(Some(elsewhere).filter(|line| line.value > 0));
    lines
}

/// Where the rows behind a county's number are; none for whoever may not search, and for what lies in no county.
fn rows_of(page: &Page, of_firms: bool, division: &str) -> Option<String> {
    let list = if of_firms { "/registry/organisations" } else { "/registry/people" };
    (page.may(SEARCH) && !division.is_empty()).then(|| href(list, &[("division", division)]))
}

fn table(page: &Page, counties: Counties) -> Vec<County> {
    let mut rows = counties.rows;
    for row in &mut rows {
        row.name = page.pick(&row.name, &row.name_en).to_owned();
    }
    let elsewhere = County { name: page.t("registry-page-division-elsewhere"), ..counties.elsewhere };
    rows.extend(Some(elsewhere).filter(|row| row.population + row.enterprises > 0));
    rows
}

/// `GET /registry/map.geojson`: the outlines with their numbers, for the map element and for other programs.
pub async fn geojson(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let counties = census::counties(&mut conn).await?;
    drop(conn);
    let document = boundaries::geojson(|outline| {
        let code = outline.code.to_string();
        let county = counties.rows.iter().find(|county| county.code == code);
        vec![
            ("population", json!(county.map(|county| county.population))),
            ("enterprises", json!(county.map(|county| county.enterprises))),
            ("former", json!(outline.former)),
            ("href", json!(rows_of(&page, asked.measure == "enterprises", &code))),
        ]
    });
    let kind = HeaderValue::from_static("application/geo+json");
    Ok(([(header::CONTENT_TYPE, kind)], document.to_string()).into_response())
}
