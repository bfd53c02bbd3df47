//! The list of classes, the page of each with its versions, and the two forms.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};

use super::MANAGE;
use super::actions::{self, EXTENSION_MAJOR, NewWish, Wish};
use super::store::{self, CategoryRow, VersionRow};

use crate::code::{LimitUnit, digits};
use crate::fault::CityError;

/// A limit in words: 4 working hours.
fn limit(page: &Page, amount: i32, unit: &str) -> String {
    page.t1(LimitUnit::key(unit), "n", amount)
}

#[derive(Template)]
#[template(path = "city_management/categories.html")]
struct ListPage {
    page: Page,
    kind: &'static str,
    text: String,
    organisation: String,
    organisations: Vec<(String, String)>,
    rows: Paged<CategoryRow>,
    pager: String,
    may_manage: bool,
}

impl ListPage {
    fn limit(&self, row: &CategoryRow) -> String {
        limit(&self.page, row.limit_amount, &row.limit_unit)
    }

    /// Whether a row begins another major class than the one above it.
    fn begins(&self, at: &usize) -> bool {
        let major = |at: usize| self.rows.items.get(at).map(|row| &row.code[..2]);
        *at == 0 || major(*at) != major(at - 1)
    }
}

fn kind_of(asked: &str) -> &'static str {
    if asked == "event" { "event" } else { "component" }
}

/// `GET /city_management/categories`.
pub async fn list(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let kind = kind_of(asked.get("kind"));
    let request = jh_core::paging::PageRequest { size: Some(50), ..asked.page() };
    let organisation = asked.get("organisation").parse().ok();
    let day = china_day(page.now());
    let (limit, offset) = (request.limit(), request.offset());
    let rows = store::list(&mut conn, kind, asked.given("q"), organisation, day, limit, offset).await?;
    let organisations = choices(&page, "web-all", store::answerable(&mut conn).await?);
    let may_manage = page.may(MANAGE);
    render(&ListPage {
        kind,
        text: asked.get("q").to_owned(),
        organisation: asked.get("organisation").to_owned(),
        organisations,
        rows: Paged::from_rows(rows, request),
        pager: asked.before_page("/city_management/categories"),
        may_manage,
        page: page.with_title("city-management-categories-title"),
    })
}

fn choices(page: &Page, none: &str, all: Vec<(jh_core::actor::OrganisationId, String)>) -> Vec<(String, String)> {
    let first = (String::new(), page.t(none));
    std::iter::once(first).chain(all.into_iter().map(|(id, name)| (id.to_string(), name))).collect()
}

fn units(page: &Page) -> Vec<(&'static str, String)> {
    let name = |unit: LimitUnit| page.t(&format!("city-management-unit-{}", unit.word().replace('_', "-")));
    LimitUnit::ALL.iter().map(|unit| (unit.word(), name(*unit))).collect()
}

#[derive(Template)]
#[template(path = "city_management/category.html")]
struct OnePage {
    page: Page,
    it: CategoryRow,
    versions: Vec<VersionRow>,
    organisations: Vec<(String, String)>,
    units: Vec<(&'static str, String)>,
    wish: Wish,
    errors: FieldErrors,
    may_manage: bool,
    today: time::Date,
}

impl OnePage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
    fn limit(&self, amount: &i32, unit: &str) -> String {
        limit(&self.page, *amount, unit)
    }
    fn from(&self) -> String {
        self.wish.valid_from_on.map(|day| self.page.day(day)).unwrap_or_default()
    }
    fn is_ahead(&self, version: &VersionRow) -> bool {
        version.valid_from_on > self.today
    }
}

/// Field and text of a form's errors, for the summary above it.
pub fn problems(errors: &FieldErrors) -> Vec<(&str, &str)> {
    let general = errors.general.as_deref().map(|text| ("main", text));
    errors.items.iter().map(|(field, text)| (*field, text.as_str())).chain(general).collect()
}

async fn one(
    app: &App,
    page: Page,
    kind: &str,
    code: &str,
    wish: Option<Wish>,
    errors: FieldErrors,
) -> Result<OnePage, Failure> {
    let mut conn = app.db.read().await?;
    let today = china_day(page.now());
    if !digits(code, 4) {
        return Err(Failure::not_found());
    }
    let it = store::one(&mut conn, kind_of(kind), code, today).await?.ok_or_else(Failure::not_found)?;
    let wish = wish.unwrap_or_else(|| Wish {
        valid_from_on: Some(today),
        organisation: it.organisation_id.map(|id| id.to_string()).unwrap_or_default(),
        filing_condition: it.filing_condition.clone(),
        limit_amount: it.limit_amount.to_string(),
        limit_unit: it.limit_unit.clone(),
        closing_condition: it.closing_condition.clone(),
    });
    let page =
        page.crumb_key(format!("/city_management/categories?kind={}", it.kind), "city-management-categories-title");
    let title = format!("{} {}", it.code, page.pick(&it.name, &it.name_en));
    Ok(OnePage {
        versions: store::versions(&mut conn, &it.kind, code).await?,
        organisations: choices(&page, "city-management-nobody", store::answerable(&mut conn).await?),
        units: units(&page),
        may_manage: page.may(MANAGE),
        page: page.with_title_text(title),
        it,
        wish,
        errors,
        today,
    })
}

/// `GET /city_management/categories/{kind}/{code}`.
pub async fn show(
    State(app): State<App>,
    Path((kind, code)): Path<(String, String)>,
    page: Page,
) -> Result<Response, Failure> {
    render(&one(&app, page, &kind, &code, None, FieldErrors::default()).await?)
}

fn wish_of(form: &Pairs) -> Wish {
    let text = |name: &str| form.get(name).to_owned();
    Wish {
        valid_from_on: form.day("valid_from_on"),
        organisation: text("organisation"),
        filing_condition: text("filing_condition"),
        limit_amount: text("limit_amount"),
        limit_unit: text("limit_unit"),
        closing_condition: text("closing_condition"),
    }
}

/// `POST /city_management/categories/{kind}/{code}/versions`.
pub async fn change(
    State(app): State<App>,
    Path((kind, code)): Path<(String, String)>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let wish = wish_of(&sent.form);
    match actions::change(&app, &sent.command, kind_of(&kind), &code, &wish).await {
        Ok(()) => Ok(redirect(&format!("/city_management/categories/{}/{code}", kind_of(&kind)))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            let shown = one(&app, page, &kind, &code, Some(wish), errors).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "city_management/category_new.html")]
struct NewPage {
    page: Page,
    majors: Vec<String>,
    organisations: Vec<(String, String)>,
    units: Vec<(&'static str, String)>,
    kinds: Vec<(&'static str, String)>,
    wish: NewWish,
    errors: FieldErrors,
}

impl NewPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
    fn from(&self) -> String {
        self.wish.terms.valid_from_on.map(|day| self.page.day(day)).unwrap_or_default()
    }
}

async fn blank(app: &App, page: Page, wish: NewWish, errors: FieldErrors) -> Result<NewPage, Failure> {
    let mut conn = app.db.read().await?;
    let mut majors = Vec::new();
    for kind in ["component", "event"] {
        let known = store::majors(&mut conn, kind).await?;
        let own = (EXTENSION_MAJOR.0.to_owned(), EXTENSION_MAJOR.1.to_owned(), EXTENSION_MAJOR.2.to_owned());
        let missing = known.iter().all(|(code, ..)| *code != own.0);
        let all = known.into_iter().chain(missing.then_some(own));
        let named = all.map(|(code, name, name_en)| format!("{code} {}", page.pick(&name, &name_en)));
        let kind = page.t(&format!("city-management-kind-{kind}"));
        majors.push(format!(
            "{kind}{}{}",
            page.pick("：", ": "),
            named.collect::<Vec<_>>().join(page.pick("，", ", "))
        ));
    }
    let kinds = ["component", "event"].map(|kind| (kind, page.t(&format!("city-management-kind-{kind}")))).to_vec();
    let page = page.crumb_key("/city_management/categories", "city-management-categories-title");
    Ok(NewPage {
        majors,
        organisations: choices(&page, "city-management-nobody", store::answerable(&mut conn).await?),
        units: units(&page),
        kinds,
        page: page.with_title("city-management-category-new"),
        wish,
        errors,
    })
}

/// `GET /city_management/categories/new`.
pub async fn new(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let terms =
        Wish { valid_from_on: Some(china_day(page.now())), limit_unit: "working_day".into(), ..Wish::default() };
    let wish = NewWish { kind: kind_of(asked.get("kind")).to_owned(), terms, ..NewWish::default() };
    render(&blank(&app, page, wish, FieldErrors::default()).await?)
}

/// `POST /city_management/categories`.
pub async fn add(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let text = |name: &str| sent.form.get(name).to_owned();
    let wish = NewWish {
        kind: text("kind"),
        code: text("code"),
        name: text("name"),
        name_en: text("name_en"),
        terms: wish_of(&sent.form),
    };
    match actions::add(&app, &sent.command, &wish).await {
        Ok(()) => Ok(redirect(&format!("/city_management/categories/{}/{}", wish.kind, wish.code))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &blank(&app, page, wish, errors).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /city_management/categories/standard`.
pub async fn load(State(app): State<App>, sent: Submission<Pairs>) -> Result<Response, Failure> {
    actions::load_standard(&app, &sent.command).await?;
    Ok(redirect("/city_management/categories"))
}
