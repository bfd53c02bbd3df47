//! The public's pages: searching the open data, one data set, its interface.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;

use crate::actions::open as published;
use crate::fault::CatalogueError;
use crate::model::Version;
use crate::pages::narrowing::{Chip, Choice, Facet, facets};
use crate::pages::table::{CHART_ROWS_MAX, Chart, PREVIEW_ROWS, Shown, chart, place_columns, shown};
use crate::pages::{Worded, pager_href, paging, pick, tidy};
use crate::reading::{Ask, freshness, open_fields, rows};
use crate::rows::{Freshness, Row};
use crate::store::search::Summary;
use crate::{dcat, search};

/// The most arrivals in the update record.
const UPDATES_MAX: u32 = 8;
/// The most rows of one download; a reader who wants more goes on with `after`.
pub const DOWNLOAD_ROWS_MAX: u32 = 100_000;

#[derive(Template)]
#[template(path = "catalogue/search.html")]
struct SearchPage {
    page: Page,
    choice: Choice,
    hits: Paged<Summary>,
    count: i64,
    facets: Vec<Facet>,
    chips: Vec<Chip>,
    loosely: bool,
    href: String,
}

/// `/data`: search and facets.
pub async fn search(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let paged = paging(&choice.page);
    let found = search::open(&mut conn, &choice.q, &choice.narrow(None), choice.order(), paged).await?;
    drop(conn);
    let (facets, chips, count) = facets(&page, &choice, &found.facets);
    let href = pager_href(&choice.address());
    let page = page.with_title("catalogue-open-title");
    render(&SearchPage { page, choice, hits: found.hits, count, facets, chips, loosely: found.loosely, href })
}

/// How the preview is sorted.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Sorting {
    #[serde(deserialize_with = "tidy")]
    sort: String,
    #[serde(deserialize_with = "tidy")]
    dir: String,
}

#[derive(Template)]
#[template(path = "catalogue/dataset.html")]
struct DatasetPage {
    page: Page,
    version: Version,
    provider: String,
    provider_code: String,
    fields: Vec<FieldLine>,
    preview: Option<Shown>,
    chart: Option<Chart>,
    map: bool,
    fresh: Freshness,
    can_share: bool,
}

/// A field as the public reads about it.
struct FieldLine {
    name: String,
    label: String,
    kind: String,
    unit: String,
    meaning: String,
}

/// `/data/{code}`; with `.ttl` or `.jsonld` at the end, its description for machines.
pub async fn dataset(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Query(sorting): Query<Sorting>,
) -> Result<Response, Failure> {
    if let Some(code) = code.strip_suffix(".ttl") {
        return dcat::one(&app, code).await;
    }
    let found = published::open_version(&app, &code).await?;
    let (version, provider) = (found.version, found.provider);
    let path = format!("/data/{}", version.code);
    let columns = open_fields(&version);
    let sort = columns.iter().find(|field| field.name == sorting.sort);
    let sort = sort.map(|field| (field.name.clone(), sorting.dir == "desc"));
    let fresh = match freshness(&app, &version, UPDATES_MAX).await {
        Err(CatalogueError::NoRows) => Freshness::default(),
        other => other?,
    };
    let whole = (1..=CHART_ROWS_MAX).contains(&fresh.rows);
    let limit = if whole { CHART_ROWS_MAX as u32 } else { PREVIEW_ROWS };
    let names = columns.iter().map(|field| field.name.clone()).collect();
    let ask = Ask { columns: names, sort: sort.clone(), limit, ..Ask::default() };
    let found_rows = match rows(&app, &version, &ask).await {
        Ok(found) => Some(found.rows),
        Err(CatalogueError::NoRows) => None,
        Err(error) => return Err(error.into()),
    };
    let sort = sort.as_ref().map(|(name, descending)| (name.as_str(), *descending));
    let preview = found_rows.as_deref().map(|all| {
        let first = &all[..all.len().min(PREVIEW_ROWS as usize)];
        shown(&page, &path, &columns, first, sort)
    });
    let chart = found_rows.as_deref().filter(|_| whole).and_then(|all: &[Row]| chart(&page, &columns, all));
    let map = place_columns(&columns).is_some() && fresh.rows > 0;
    let fields = field_lines(&app, &page, &version).await?;
    let title = pick(&page, &version.content.title, &version.content.title_en).to_owned();
    let page = page.with_title_text(title);
    let crumb = page.t("catalogue-open-title");
    render(&DatasetPage {
        can_share: page.may(crate::permission::READ),
        page: page.crumb("/data", crumb),
        provider: provider.name,
        provider_code: provider.code,
        fields,
        preview,
        chart,
        map,
        fresh,
        version,
    })
}

/// The fields that are open, with what their elements mean.
async fn field_lines(app: &App, page: &Page, version: &Version) -> Result<Vec<FieldLine>, Failure> {
    let mut conn = app.db.read().await?;
    let elements = crate::actions::draft::elements_of(&mut conn, &version.content.fields).await?;
    let line = |field: &&crate::field::Field| {
        let element = field.element.as_deref().and_then(|identifier| elements.get(identifier));
        FieldLine {
            name: field.name.clone(),
            label: page.pick(&field.label, &field.label_en).to_owned(),
            kind: field.field_type.name(page),
            unit: field.unit.clone(),
            meaning: element.map(|e| page.pick(&e.definition, &e.definition_en).to_owned()).unwrap_or_default(),
        }
    };
    Ok(open_fields(version).iter().map(line).collect())
}

#[derive(Template)]
#[template(path = "catalogue/interface.html")]
struct InterfacePage {
    page: Page,
    version: Version,
    address: String,
    first_field: String,
    fields: Vec<FieldLine>,
    rows_max: u32,
}

/// `/data/{code}/interface`: how a program reads it.
pub async fn interface(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let version = published::open_version(&app, &code).await?.version;
    let fields = field_lines(&app, &page, &version).await?;
    let title = pick(&page, &version.content.title, &version.content.title_en).to_owned();
    let crumb = page.t("catalogue-open-title");
    let address = format!("{}/data/{}", page.public_url(), version.code);
    let page = page.with_title("catalogue-interface-title").crumb("/data", crumb);
    let page = page.crumb(format!("/data/{}", version.code), title);
    let first_field = fields.first().map(|field| field.name.clone()).unwrap_or_default();
    render(&InterfacePage { page, version, address, first_field, fields, rows_max: DOWNLOAD_ROWS_MAX })
}
