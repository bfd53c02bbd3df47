//! Searching base records. A citizen's number or telephone goes by POST and leads to the record, or stands in the address
//! as a blind key: addresses end up in histories and logs.
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::code::citizen_id::CitizenId;
use jh_core::code::division::{DivisionCode, DivisionTable};
use jh_core::code::phone::Phone;
use jh_core::code::uscc::Uscc;
use jh_core::fault::{Kind, Refusal};
use jh_core::paging::PageRequest;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::records::{self, Line, Shelf};
use super::words::{given, href, pager_href, tidy};
use super::{SEARCH, boundaries};
use crate::actions::look;
use crate::fault::RegistryError;
use crate::land::{identifier_key, phone_search_key};
use crate::store::subject;
use crate::store::views::subjects::Narrow;

/// What is searched for, as it stands in the address.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Ask {
    #[serde(deserialize_with = "tidy")]
    name: String,
    /// A USCC or a place's code: public, so that it may stand here.
    #[serde(deserialize_with = "tidy")]
    code: String,
    #[serde(deserialize_with = "tidy")]
    division: String,
    /// The blind key of a telephone number, in hexadecimal.
    #[serde(deserialize_with = "tidy")]
    phone_key: String,
    /// Set when the number that was asked for belongs to nobody.
    #[serde(deserialize_with = "tidy")]
    absent: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

impl Ask {
    fn address(&self, shelf: Shelf, without: &str) -> String {
        let all =
            [("name", &self.name), ("code", &self.code), ("division", &self.division), ("phone_key", &self.phone_key)];
        let kept: Vec<_> =
            all.iter().filter(|(name, _)| *name != without).map(|(name, value)| (*name, value.as_str())).collect();
        href(shelf.path(), &kept)
    }

    fn narrow(&self, scopes: Vec<Uuid>) -> Narrow {
        let county = DivisionCode::parse(&self.division).ok();
        Narrow {
            name: given(&self.name).map(str::to_owned),
            divisions: county.map(boundaries::codes_of),
            phone_key: u64::from_str_radix(&self.phone_key, 16).ok().map(u64::cast_signed),
            subjects: None,
            scopes,
        }
    }

    /// People are not leafed through: something must be known of them. The other two shelves are public registers.
    fn asks_something(&self, shelf: Shelf) -> bool {
        !shelf.is_people()
            || [&self.name, &self.division, &self.phone_key, &self.absent].iter().any(|part| !part.is_empty())
    }
}

#[derive(Template)]
#[template(path = "registry/records.html")]
struct RecordsPage {
    page: Page,
    shelf: Shelf,
    ask: Ask,
    divisions: Vec<(String, String)>,
    chips: Vec<(String, String)>,
    heads: Vec<String>,
    lines: Vec<Line>,
    asked: bool,
    number: u32,
    has_more: bool,
    pager: String,
    errors: FieldErrors,
}

impl RecordsPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        let general = self.errors.general.as_deref().map(|text| ("name", text));
        self.errors.items.iter().map(|(field, text)| (*field, text.as_str())).chain(general).collect()
    }
}

/// `GET /registry/people`.
pub async fn people(State(app): State<App>, page: Page, Query(ask): Query<Ask>) -> Result<Response, Failure> {
    list(&app, page, Shelf::People, ask).await
}

/// `GET /registry/organisations`.
pub async fn organisations(State(app): State<App>, page: Page, Query(ask): Query<Ask>) -> Result<Response, Failure> {
    by_code_or_list(&app, page, Shelf::Organisations, ask).await
}

/// `GET /registry/places`.
pub async fn places(State(app): State<App>, page: Page, Query(ask): Query<Ask>) -> Result<Response, Failure> {
    by_code_or_list(&app, page, Shelf::Places, ask).await
}

/// A code that is known leads straight to its record.
async fn by_code_or_list(app: &App, page: Page, shelf: Shelf, mut ask: Ask) -> Result<Response, Failure> {
    if ask.code.is_empty() {
        return list(app, page, shelf, ask).await;
    }
    let keys = match shelf {
        Shelf::Organisations => match Uscc::parse(&ask.code) {
            Ok(code) => vec![identifier_key(&app.keys, "uscc", code.as_str())],
            Err(_) => {
                let wrong = Refusal::new(Kind::Invalid, "registry-page-uscc").field("code", "registry-page-uscc");
                return refused(app, page, shelf, ask, &wrong).await;
            }
        },
        _ => ["statistical_code", "asset_code"].map(|scheme| identifier_key(&app.keys, scheme, &ask.code)).to_vec(),
    };
    match identified(app, &page, shelf, &keys).await? {
        Some(id) => Ok(redirect(&format!("{}/{id}", shelf.path()))),
        None => {
            ask.absent = "1".to_owned();
            list(app, page, shelf, ask).await
        }
    }
}

/// The subject of the first key that is known, if it lies within the reader's scope: whether a number is known at all is
/// nothing to tell to others.
async fn identified(app: &App, page: &Page, shelf: Shelf, keys: &[Option<Uuid>]) -> Result<Option<Uuid>, Failure> {
    let keys: Vec<Uuid> = keys.iter().flatten().copied().collect();
    let scopes = page.actor()?.scopes(SEARCH);
    let mut conn = app.db.read().await?;
    let Some(id) = subject::of_keys(&mut conn, &keys).await?.into_values().next() else { return Ok(None) };
    Ok(records::golden(&mut conn, shelf, id, scopes).await?.map(|row| row.subject_id.0))
}

/// The subjects on the first page of a list.
async fn first_shown(app: &App, page: &Page, shelf: Shelf, ask: &Ask) -> Result<Vec<Uuid>, Failure> {
    let (narrow, request) = (ask.narrow(page.actor()?.scopes(SEARCH)), PageRequest::default());
    let found = records::found(&mut *app.db.read().await?, shelf, &narrow, request).await?;
    Ok(found.iter().take(request.size() as usize).map(|row| row.subject_id.0).collect())
}

/// The form of the people's search.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Form {
    #[serde(deserialize_with = "tidy")]
    name: String,
    #[serde(deserialize_with = "tidy")]
    id_number: String,
    #[serde(deserialize_with = "tidy")]
    phone: String,
    #[serde(deserialize_with = "tidy")]
    division: String,
}

/// `POST /registry/people/search`.
pub async fn find_people(
    State(app): State<App>,
    page: Page,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    let form = submission.form;
    let mut ask = Ask { name: form.name, division: form.division, ..Ask::default() };
    let refuse = |field, code| Refusal::new(Kind::Invalid, code).field(field, code);
    if !form.id_number.is_empty() {
        let Ok(number) = CitizenId::parse(&form.id_number) else {
            let wrong = refuse("id_number", "registry-page-id-number");
            return refused(&app, page, Shelf::People, ask, &wrong).await;
        };
        let key = identifier_key(&app.keys, "citizen_id", number.normalised());
        let found = identified(&app, &page, Shelf::People, &[key]).await?;
        look::searched(&app, &submission.command, "id_number", found.as_slice()).await?;
        let to = match found {
            Some(id) => format!("/registry/people/{id}"),
            None => "/registry/people?absent=1".to_owned(),
        };
        return Ok(redirect(&to));
    }
    if !form.phone.is_empty() {
        let Ok(phone) = Phone::parse(&form.phone) else {
            let wrong = refuse("phone", "registry-page-phone");
            return refused(&app, page, Shelf::People, ask, &wrong).await;
        };
        ask.phone_key = format!("{:016x}", phone_search_key(&app.keys, phone.normalised()));
        let found = first_shown(&app, &page, Shelf::People, &ask).await?;
        look::searched(&app, &submission.command, "phone", &found).await?;
    }
    let alone = ask.division.is_empty() && ask.phone_key.is_empty();
    if alone && ask.name.is_empty() {
        let wrong = Refusal::new(Kind::Invalid, "registry-page-search-empty");
        return refused(&app, page, Shelf::People, ask, &wrong).await;
    }
    if alone && ask.name.chars().count() < 2 {
        let wrong = refuse("name", "registry-page-name-short");
        return refused(&app, page, Shelf::People, ask, &wrong).await;
    }
    Ok(redirect(&ask.address(Shelf::People, "")))
}

async fn list(app: &App, page: Page, shelf: Shelf, ask: Ask) -> Result<Response, Failure> {
    let shown = shown(app, page, shelf, ask, FieldErrors::default()).await?;
    render(&shown)
}

async fn refused(app: &App, page: Page, shelf: Shelf, ask: Ask, why: &Refusal) -> Result<Response, Failure> {
    let errors = FieldErrors::new(&page, why);
    let shown = shown(app, page, shelf, ask, errors).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn shown(app: &App, page: Page, shelf: Shelf, ask: Ask, errors: FieldErrors) -> Result<RecordsPage, Failure> {
    let request = PageRequest { page: ask.page.parse().ok(), size: None };
    let asked = errors.is_empty() && ask.asks_something(shelf);
    let mut conn = app.db.read().await?;
    let (lines, has_more) = match asked && ask.absent.is_empty() {
        true => lines(app, &mut conn, &page, shelf, &ask, request).await?,
        false => (Vec::new(), false),
    };
    drop(conn);
    let page = page.with_title(shelf.title());
    Ok(RecordsPage {
        divisions: divisions(&page),
        chips: chips(&page, shelf, &ask),
        heads: shelf.heads().into_iter().map(|key| page.t(key)).collect(),
        pager: pager_href(&ask.address(shelf, "")),
        number: request.number(),
        shelf,
        ask,
        lines,
        asked,
        has_more,
        errors,
        page,
    })
}

async fn lines(
    app: &App,
    conn: &mut PgConnection,
    page: &Page,
    shelf: Shelf,
    ask: &Ask,
    request: PageRequest,
) -> Result<(Vec<Line>, bool), RegistryError> {
    let scopes = page.actor.as_ref().map(|actor| actor.scopes(SEARCH)).unwrap_or_default();
    let mut found = records::found(conn, shelf, &ask.narrow(scopes.clone()), request).await?;
    let size = request.size() as usize;
    let has_more = found.len() > size;
    found.truncate(size);
    Ok((records::lines(app, conn, page, (shelf, &scopes), &found).await?, has_more))
}

/// The counties of the city, for a selection.
fn divisions(page: &Page) -> Vec<(String, String)> {
    let all = (String::new(), page.t("web-all"));
    let counties = boundaries::outlines().iter();
    let named = counties.map(|county| (county.code.to_string(), page.pick(&county.name, &county.name_en).to_owned()));
    std::iter::once(all).chain(named).collect()
}

/// What the list is narrowed to, each with the address without it.
fn chips(page: &Page, shelf: Shelf, ask: &Ask) -> Vec<(String, String)> {
    let mut chips = Vec::new();
    if !ask.name.is_empty() {
        chips.push((format!("{} {}…", page.t(shelf.name_label()), ask.name), ask.address(shelf, "name")));
    }
    if let Ok(code) = DivisionCode::parse(&ask.division) {
        let name = DivisionTable::get().name_of(code).unwrap_or(&ask.division);
        chips.push((name.to_owned(), ask.address(shelf, "division")));
    }
    if !ask.phone_key.is_empty() {
        chips.push((page.t("registry-page-filter-phone"), ask.address(shelf, "phone_key")));
    }
    if !ask.absent.is_empty() {
        let key = if shelf.is_people() { "registry-page-filter-id" } else { shelf.code_label() };
        chips.push((page.t(key), ask.address(shelf, "code")));
    }
    chips
}
