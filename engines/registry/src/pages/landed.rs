//! The rows that a delivery brought: behind the figures of its page.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use catalogue::api::RowKind;
use jh_core::paging::PageRequest;
use jh_db::Base;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;
use sqlx::PgConnection;

use super::records::{self, Cell, Line, Shelf, masked};
use super::words::{href, pager_href, tidy};
use super::{READ, SEARCH, delivery};
use crate::fault::RegistryError;
use crate::land::{open_values, record_opener};
use crate::model::{DeliveryId, kind_no};
use crate::store::views::deliveries::Shown;
use crate::store::views::subjects::{self as store, Narrow};

/// Columns of a dataset's rows that are shown; the catalogue's own page shows all.
const DATASET_COLUMNS_MAX: usize = 8;

/// Which of the rows.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    landed: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

impl Choice {
    fn replaced(&self) -> Option<bool> {
        match self.landed.as_str() {
            "new" => Some(false),
            "updated" => Some(true),
            _ => None,
        }
    }
}

const SIDES: [(&str, &str); 3] =
    [("", "web-all"), ("new", "registry-page-landed-new"), ("updated", "registry-page-landed-updated")];

#[derive(Template)]
#[template(path = "registry/landed.html")]
struct LandedPage {
    page: Page,
    it: Shown,
    landed: String,
    sides: Vec<(&'static str, &'static str)>,
    heads: Vec<String>,
    lines: Vec<Line>,
    pager: String,
    number: u32,
    has_more: bool,
}

impl LandedPage {
    fn is_on(&self, side: &str) -> bool {
        self.landed == side
    }
}

/// `GET /registry/deliveries/{id}/records`.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DeliveryId>,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let request = PageRequest { page: choice.page.parse().ok(), size: None };
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    let shelf = RowKind::from_word(&it.kind).and_then(Shelf::of);
    let (heads, mut lines) = match shelf {
        Some(shelf) => of_shelf(&app, &mut conn, &page, &it, (shelf, choice.replaced(), request)).await?,
        None => of_dataset(&app, &mut conn, &it, request).await?,
    };
    drop(conn);
    let has_more = lines.len() > request.size() as usize;
    lines.truncate(request.size() as usize);
    let address = href(&format!("/registry/deliveries/{id}/records"), &[("landed", &choice.landed)]);
    render(&LandedPage {
        sides: if shelf.is_some() { SIDES.to_vec() } else { Vec::new() },
        landed: choice.landed,
        heads,
        lines,
        pager: pager_href(&address),
        number: request.number(),
        has_more,
        page: page
            .crumb_key("/registry/deliveries", "registry-page-deliveries-title")
            .crumb(format!("/registry/deliveries/{id}"), it.file_name.clone())
            .with_title("registry-page-landed-title"),
        it,
    })
}

async fn of_shelf(
    base: &Base,
    conn: &mut PgConnection,
    page: &Page,
    it: &Shown,
    (shelf, replaced, request): (Shelf, Option<bool>, PageRequest),
) -> Result<(Vec<String>, Vec<Line>), RegistryError> {
    let kind = kind_no(shelf.kind());
    let subjects = store::landed(conn, kind, (it.provider_no, it.delivery_no), replaced, request).await?;
    // Whoever may read the delivery may see what it brought: its provider's scope is the reader's.
    let scopes = page.actor.as_ref().map(|actor| actor.scopes(READ)).unwrap_or_default();
    let narrow = Narrow { subjects: Some(subjects), scopes: scopes.clone(), ..Narrow::default() };
    let all = PageRequest { page: None, size: Some(jh_core::paging::SIZE_MAX) };
    let found = records::found(conn, shelf, &narrow, all).await?;
    let mut lines = records::lines(base, conn, page, (shelf, &scopes), &found).await?;
    if !page.may(SEARCH) {
        lines.iter_mut().for_each(|line| line.href.clear());
    }
    Ok((shelf.heads().into_iter().map(|key| page.t(key)).collect(), lines))
}

async fn of_dataset(
    base: &Base,
    conn: &mut PgConnection,
    it: &Shown,
    request: PageRequest,
) -> Result<(Vec<String>, Vec<Line>), RegistryError> {
    let schema = delivery::schema_of(conn, it).await?;
    let shown = schema.attributes.iter().take(DATASET_COLUMNS_MAX);
    let heads = shown.clone().map(|attribute| attribute.label.clone()).collect();
    let rows = store::dataset_rows(conn, it.resource_id.unwrap_or_default(), it.delivery_no, request).await?;
    let opener = record_opener(&base.keys);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let values = open_values(&opener, row.clear_values, row.sealed.as_deref(), schema.attributes.len())?;
        let cell = |(attribute, value): (&crate::schema::Attribute, Option<String>)| {
            let value = value.unwrap_or_default();
            let hidden = attribute.sensitive && !value.is_empty();
            Cell { text: if hidden { masked(attribute, &value) } else { value }, masked: hidden }
        };
        lines.push(Line { href: String::new(), cells: shown.clone().zip(values).map(cell).collect() });
    }
    Ok((heads, lines))
}
