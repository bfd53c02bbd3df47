//! The map and list of components, and the page of one.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::fault::Kind;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, render};
use serde_json::{Value, json};

use crate::category::store::{self as category, CategoryRow};
use crate::code::{STATES, digits};
use crate::component::store::{self, ComponentRow, ComponentWhole, FeatureRow, Narrowing};
use crate::component::{IMPORT, READ};
use crate::geojson::bbox;
use crate::grid::pages::list::cells;
use crate::grid::pages::{bounds, geojson as answer};
use crate::grid::store::FEATURES_MAX;

/// What an address narrows components to.
fn narrowing<'a>(asked: &'a Pairs, scopes: &'a [uuid::Uuid]) -> Narrowing<'a> {
    let class = |text: &&str| matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    Narrowing {
        scopes,
        category: asked.given("category").filter(class),
        text: asked.given("q").filter(|text| text.chars().count() <= 80),
        state: asked.given("state"),
        grid: asked.given("grid"),
    }
}

/// The kind of the badge and the Fluent key of a state.
fn state_words(page: &Page, state: &str) -> (&'static str, String) {
    let kind = STATES.iter().find(|(word, ..)| *word == state).map_or("neutral", |(_, _, kind)| *kind);
    (kind, page.t(&format!("city-management-state-{state}")))
}

#[derive(Template)]
#[template(path = "city_management/components.html")]
struct ListPage {
    page: Page,
    categories: Vec<(String, String)>,
    states: Vec<(&'static str, String)>,
    majors: Vec<(String, String)>,
    category: String,
    state: String,
    text: String,
    grid: String,
    source: String,
    map_bounds: String,
    rows: Paged<ComponentRow>,
    pager: String,
    may_import: bool,
}

impl ListPage {
    fn narrowed(&self) -> bool {
        !(self.category.is_empty() && self.state.is_empty() && self.text.is_empty() && self.grid.is_empty())
    }
    fn badge(&self, row: &ComponentRow) -> &'static str {
        state_words(&self.page, &row.state).0
    }
    fn state(&self, row: &ComponentRow) -> String {
        state_words(&self.page, &row.state).1
    }
}

/// `GET /city_management/components`.
pub async fn show(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let by = narrowing(&asked, &scopes);
    let mut conn = app.db.read().await?;
    let rows = Paged::from_rows(store::list(&mut conn, &by, asked.page()).await?, asked.page());
    let box_of = store::bounds(&mut conn, &by).await?;
    let majors = category::majors(&mut conn, "component").await?;
    let classes = category::list(&mut conn, "component", None, None, china_day(page.now()), 2_000, 0).await?;
    let named = |code: &str, name: &str| (code.to_owned(), format!("{code} {name}"));
    let mut categories = vec![(String::new(), page.t("web-all"))];
    let mut below = classes.iter().peekable();
    for (major, name, name_en) in &majors {
        categories.push(named(major, page.pick(name, name_en)));
        while let Some(class) = below.next_if(|class| class.code.starts_with(major.as_str())) {
            categories.push(named(&class.code, page.pick(&class.name, &class.name_en)));
        }
    }
    let mut states = vec![("", page.t("web-all"))];
    states.extend(STATES.iter().map(|(word, ..)| (*word, state_words(&page, word).1)));
    let text = |name: &str| asked.get(name).to_owned();
    let may_import = page.may(IMPORT);
    let pager = asked.before_page("/city_management/components");
    render(&ListPage {
        source: pager.replacen("/components?", "/components.geojson?", 1),
        majors: majors
            .iter()
            .map(|(code, name, name_en)| (code.clone(), page.pick(name, name_en).to_owned()))
            .collect(),
        categories,
        states,
        category: text("category"),
        state: text("state"),
        text: text("q"),
        grid: text("grid"),
        map_bounds: box_of.as_deref().map(|at| bounds(at, 0.05)).unwrap_or_default(),
        rows,
        pager,
        may_import,
        page: page.with_title("city-management-components-title"),
    })
}

fn feature(row: FeatureRow) -> Value {
    let title = match (&row.name, &row.code) {
        (Some(name), Some(code)) => format!("{name} · {code}"),
        _ => String::new(),
    };
    let href = row.code.map(|code| format!("/city_management/components/{code}"));
    // Six colours: the standard's five major classes, and all else.
    let colour = if row.count > 1 || row.major == 0 { 0 } else { row.major.min(6) };
    json!({
        "type": "Feature", "geometry": row.geometry.0,
        "properties": { "title": title, "href": href, "colour": colour, "count": row.count },
    })
}

/// `GET /city_management/components.geojson?bbox=`: the components of a box, or how many stand where when there are more
/// than a map can draw.
pub async fn geojson(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let by = narrowing(&asked, &scopes);
    let bbox = bbox(asked.get("bbox")).ok_or_else(|| Failure::new(Kind::Invalid, "city-management-bbox"))?;
    let mut conn = app.db.read().await?;
    let mut rows = store::features(&mut conn, &by, bbox).await?;
    let gathered = rows.len() as i64 > FEATURES_MAX;
    if gathered {
        rows = store::gathered(&mut conn, &by, bbox, cells(&asked)).await?;
    }
    Ok(answer(rows.into_iter().map(feature).collect(), gathered))
}

#[derive(Template)]
#[template(path = "city_management/component.html")]
struct OnePage {
    page: Page,
    it: ComponentWhole,
    category: Option<CategoryRow>,
    map_bounds: String,
}

impl OnePage {
    fn badge(&self) -> &'static str {
        state_words(&self.page, &self.it.row.state).0
    }
    fn state(&self) -> String {
        state_words(&self.page, &self.it.row.state).1
    }
    fn limit(&self, category: &CategoryRow) -> String {
        let key = crate::code::LimitUnit::key(&category.limit_unit);
        self.page.t1(key, "n", category.limit_amount)
    }
}

/// `GET /city_management/components/{code}`.
pub async fn one(State(app): State<App>, Path(code): Path<String>, page: Page) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let known = if digits(&code, 16) { store::one(&mut conn, &scopes, &code).await? } else { None };
    let it = known.ok_or_else(Failure::not_found)?;
    let category = category::one(&mut conn, "component", &it.row.category_code, china_day(page.now())).await?;
    let at = [it.lon, it.lat, it.lon, it.lat];
    render(&OnePage {
        category,
        map_bounds: bounds(&at, 2.0),
        page: page
            .crumb_key("/city_management/components", "city-management-components-title")
            .with_title_text(it.row.name.clone()),
        it,
    })
}
