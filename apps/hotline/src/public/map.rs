//! What the public may know of reports: on a map, as a list, and one by one. Category, place and stage; words and photos only where
//! the centre published them, and then with whatever reads like a telephone or identity number hidden.
use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::api::{AttachmentId, Frame, Memory, Point, PublicAsk, PublicRow, Size};
use jh_core::actor::Actor;
use jh_core::mask;
use jh_core::paging::{PageRequest, Paged, SIZE_MAX};
use jh_db::Base;
use jh_web::{App, Failure, Page, Pairs, redirect, render};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::choice::Choice;
use super::ground;
use super::progress::{self, Line};
use super::submission::named;
use crate::fault::HotlineError;

/// The most places a map is given at once.
const PLACES_MAX: usize = 500;
/// Mergers followed from a number.
const MERGERS_MAX: usize = 5;
/// Rows a page of the list.
const ROWS: u32 = 20;
/// How far "near me" reaches, in degrees: some 3 km.
const NEAR: f64 = 0.03;

/// A report in the list.
struct Row {
    number: String,
    category: String,
    stage: String,
    closed: bool,
    address: String,
    day: String,
    /// How far from the reader, where he says where he is.
    metres: Option<f64>,
}

#[derive(Template)]
#[template(path = "hotline/public_reports.html")]
struct ReportsPage {
    page: Page,
    rows: Paged<Row>,
    pager: String,
    state: String,
    category: String,
    groups: Vec<(String, Vec<(String, String)>)>,
    places: String,
    bounds: String,
    near: String,
}

/// What of an address the list and the map look at.
struct Wanted {
    categories: Option<Vec<String>>,
    closed: Option<bool>,
    frame: Option<Frame>,
    near: Option<Point>,
}

impl Wanted {
    /// `choices`: what one name leads to, which two kinds of case may have.
    fn read(query: &Pairs, choices: &[Choice]) -> Self {
        let corners: Vec<f64> = query.get("bbox").split(',').filter_map(|part| part.trim().parse().ok()).collect();
        let frame = match corners[..] {
            [west, south, east, north] if corners.iter().all(|corner| corner.is_finite()) => {
                Some(Frame { west, south, east, north })
            }
            _ => None,
        };
        let closed = match query.get("state") {
            "closed" => Some(true),
            "all" => None,
            _ => Some(false),
        };
        let near = query.given("near").and_then(Point::typed);
        let around =
            |at: Point| Frame { west: at.lon - NEAR, south: at.lat - NEAR, east: at.lon + NEAR, north: at.lat + NEAR };
        let categories = query.given("category").map(|code| {
            let name = choices.iter().find(|(_, one)| one.code == code).map(|(_, one)| one.name.as_str());
            let same = choices.iter().filter(|(_, one)| one.code == code || Some(one.name.as_str()) == name);
            let mut codes: Vec<String> = same.map(|(_, one)| one.code.clone()).collect();
            if codes.is_empty() {
                codes.push(code.to_owned());
            }
            codes
        });
        Self { categories, closed, frame: frame.or(near.map(around)), near }
    }

    fn ask(&self, page: PageRequest) -> PublicAsk<'_> {
        PublicAsk {
            categories: self.categories.as_deref(),
            closed: self.closed,
            frame: self.frame,
            page,
            ..PublicAsk::default()
        }
    }
}

/// The list, with the same as a map beside it. Near its reader it is all that lies there, the nearest first.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let choices = casework::api::categories(&app, &mut conn, false).await?;
    let wanted = Wanted::read(&query, &choices);
    let request = match wanted.near {
        Some(_) => PageRequest { page: None, size: Some(SIZE_MAX) },
        None => PageRequest { size: Some(ROWS), ..query.page() },
    };
    let rows = Paged::from_rows(casework::api::public(&mut conn, &wanted.ask(request)).await?, request);
    let mut rows = in_words(&app, &mut conn, &page, rows, &choices, wanted.near).await?;
    if wanted.near.is_some() {
        rows.items.sort_by(|one, other| one.metres.unwrap_or(f64::MAX).total_cmp(&other.metres.unwrap_or(f64::MAX)));
        rows.has_more = false;
    }
    let state = query.given("state").unwrap_or("open").to_owned();
    let category = query.get("category").to_owned();
    let near = query.get("near").to_owned();
    let kept = [("state", state.as_str()), ("category", category.as_str()), ("near", near.as_str())];
    let places = Pairs(kept.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    let shown = casework::api::categories_shown(&mut conn).await?;
    render(&ReportsPage {
        groups: offered(&page, &choices, &shown),
        places: places.before_page("/reports/places.geojson"),
        pager: query.before_page("/reports"),
        bounds: match wanted.near {
            Some(at) => ground::near(at),
            None => ground::begin(&mut conn, None).await?,
        },
        page: page.with_title("hotline-reports-title"),
        rows,
        state,
        category,
        near,
    })
}

/// What the list can be narrowed to: only what somebody reported, and each name once, however many kinds of case have it.
fn offered(page: &Page, choices: &[Choice], shown: &[String]) -> Vec<(String, Vec<(String, String)>)> {
    let mut names = BTreeSet::new();
    let reported: BTreeSet<&str> =
        choices.iter().filter(|(_, one)| shown.contains(&one.code)).map(|(_, one)| one.name.as_str()).collect();
    let once = choices.iter().map(|(_, one)| one);
    let once = once.filter(|one| reported.contains(one.name.as_str()) && names.insert(one.name.as_str()));
    let own = |one: &casework::api::Category| (one.code.clone(), named(page, one).to_owned());
    let groups = casework::api::grouped(once).into_iter();
    groups.map(|(group, all)| (group, all.into_iter().map(own).collect())).collect()
}

async fn in_words(
    base: &Base,
    conn: &mut PgConnection,
    page: &Page,
    rows: Paged<PublicRow>,
    choices: &[Choice],
    near: Option<Point>,
) -> Result<Paged<Row>, HotlineError> {
    let (number, has_more) = (rows.page, rows.has_more);
    let mut items = Vec::new();
    for row in rows.items {
        let procedure = Memory::of(base).procedure(conn, &row.kind, row.version).await?;
        items.push(Row {
            stage: progress::public_stage(page, &procedure, &row.stage, row.outcome),
            category: category(page, choices, &row),
            address: mask::numbers(ground::plain_place(&row.address)),
            day: page.day(jh_core::clock::china_day(row.reported_at)),
            metres: near.zip(row.lon.zip(row.lat)).map(|(at, (lon, lat))| ground::metres(at, lon, lat)),
            number: row.number,
            closed: row.closed,
        });
    }
    Ok(Paged { items, page: number, has_more })
}

fn category(page: &Page, choices: &[Choice], row: &PublicRow) -> String {
    let known = choices.iter().find(|(_, one)| one.code == row.category);
    known.map_or_else(|| row.category_name.clone(), |(_, one)| named(page, one).to_owned())
}

/// The places of reports, at most [`PLACES_MAX`], the newest.
pub async fn places(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let choices = casework::api::categories(&app, &mut conn, false).await?;
    let wanted = Wanted::read(&query, &choices);
    let mut features = Vec::new();
    for number in 1.. {
        let request = PageRequest { page: Some(number), size: Some(SIZE_MAX) };
        let rows = Paged::from_rows(casework::api::public(&mut conn, &wanted.ask(request)).await?, request);
        features.extend(rows.items.iter().filter_map(|row| feature(&page, &choices, row)));
        if !rows.has_more || features.len() >= PLACES_MAX {
            break;
        }
    }
    features.truncate(PLACES_MAX);
    Ok(geojson(&features))
}

fn feature(page: &Page, choices: &[Choice], row: &PublicRow) -> Option<Value> {
    let name = format!("{} {}", category(page, choices, row), row.number);
    Some(json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [row.lon?, row.lat?] },
        "properties": { "name": name, "href": format!("/reports/{}", row.number), "colour": if row.closed { 2 } else { 1 } },
    }))
}

/// Places as a map reads them.
pub fn geojson(features: &[Value]) -> Response {
    let body = json!({ "type": "FeatureCollection", "features": features }).to_string();
    ([(header::CONTENT_TYPE, "application/geo+json")], body).into_response()
}

/// One that the public may know of, by its number.
pub async fn public_row(conn: &mut PgConnection, number: &str) -> Result<PublicRow, HotlineError> {
    let numbers = [number.chars().take(40).collect::<String>()];
    let ask = PublicAsk { numbers: Some(&numbers), ..PublicAsk::default() };
    let found = casework::api::public(conn, &ask).await?;
    found.into_iter().next().ok_or(HotlineError::NotFound("report"))
}

/// The case that one went into, for whoever has the number that he was told; only from what the public may know to what it may know.
async fn gone_into(conn: &mut PgConnection, number: &str) -> Result<Option<String>, HotlineError> {
    let number: String = number.chars().take(40).collect();
    let Some(mut file) = casework::api::by_number(conn, &number).await? else { return Ok(None) };
    if file.merged_into.is_none() || file.shown == "nothing" {
        return Ok(None);
    }
    for _ in 0..MERGERS_MAX {
        let Some(into) = file.merged_into else { break };
        let Some(next) = casework::api::find(conn, into).await? else { return Ok(None) };
        file = next;
    }
    Ok(public_row(conn, &file.number).await.ok().map(|row| row.number))
}

#[derive(Template)]
#[template(path = "hotline/public_one.html")]
struct OnePage {
    page: Page,
    number: String,
    stage: String,
    closed: bool,
    outcome: String,
    address: String,
    day: String,
    due: String,
    /// Whether words are shown at all.
    words: bool,
    description: String,
    result: String,
    holder: String,
    lines: Vec<Line>,
    photos: Vec<AttachmentId>,
    place: bool,
    bounds: String,
    follows: bool,
    actor: Option<Actor>,
}

/// One report as everybody sees it.
pub async fn one(State(app): State<App>, page: Page, Path(number): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    if let Some(into) = gone_into(&mut conn, &number).await? {
        return Ok(redirect(&format!("/reports/{into}")));
    }
    let row = public_row(&mut conn, &number).await?;
    let choices = casework::api::categories(&app, &mut conn, false).await?;
    let file = casework::api::find(&mut conn, row.case_id).await?.ok_or(HotlineError::NotFound("report"))?;
    let procedure = casework::api::procedure_of(&app, &mut conn, &file).await?;
    let steps = casework::api::timeline(&mut conn, row.case_id).await?;
    let words = row.shown == "words";
    let photos = if words { casework::api::attachments(&mut conn, row.case_id).await? } else { Vec::new() };
    let account = page.actor.as_ref().and_then(|actor| actor.account);
    let follows = match account {
        Some(_) => casework::api::of_reporter(&mut conn, account, None, row.case_id).await?.is_some(),
        None => false,
    };
    let point = file.point();
    let outcome = row.outcome.map(|one| page.t(&format!("casework-outcome-{}", one.code().replace('_', "-"))));
    let plain = |text: &str| if words { mask::numbers(text) } else { String::new() };
    let title = category(&page, &choices, &row);
    render(&OnePage {
        stage: progress::public_stage(&page, &procedure, &row.stage, row.outcome),
        lines: progress::for_all(&page, &procedure, &steps),
        outcome: outcome.filter(|_| row.closed).unwrap_or_default(),
        address: mask::numbers(ground::plain_place(&row.address)),
        day: page.instant_date(row.reported_at),
        due: row.due_at.filter(|_| !row.closed).map(|at| page.instant(at)).unwrap_or_default(),
        description: plain(&row.description),
        result: plain(&row.result),
        holder: row.holder_name.clone().unwrap_or_default(),
        photos: photos
            .into_iter()
            .filter(|one| one.shown && one.shown_sm3.is_some())
            .map(|one| one.attachment_id)
            .collect(),
        place: point.is_some(),
        bounds: ground::bounds(point),
        actor: page.actor.clone(),
        page: page.with_title_text(title).crumb_key("/reports", "hotline-reports-title"),
        number: row.number,
        closed: row.closed,
        words,
        follows,
    })
}

/// The place of one report.
pub async fn place(State(app): State<App>, page: Page, Path(number): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = public_row(&mut conn, &number).await?;
    let choices = casework::api::categories(&app, &mut conn, false).await?;
    let features: Vec<Value> = feature(&page, &choices, &row).into_iter().collect();
    Ok(geojson(&features))
}

/// A photo that everybody may see.
pub async fn picture(
    State(app): State<App>,
    Path((number, photo, size)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let gone = || HotlineError::NotFound("photo");
    let size = Size::parse(&size).filter(|size| *size != Size::Original).ok_or_else(gone)?;
    let photo: AttachmentId = photo.parse().map_err(|_| gone())?;
    let mut conn = app.db.read().await?;
    let row = public_row(&mut conn, &number).await?;
    if row.shown != "words" {
        return Err(gone().into());
    }
    let all = casework::api::attachments(&mut conn, row.case_id).await?;
    drop(conn);
    let row = all.into_iter().find(|row| row.attachment_id == photo && row.shown).ok_or_else(gone)?;
    casework::api::photo_answer(&app, &row, size).await
}

impl Row {
    /// How far it is, to ten metres.
    fn away(&self) -> Option<i64> {
        self.metres.map(|metres| (metres / 10.0).round() as i64 * 10)
    }
}
