//! The map and list of grids, and what the map asks for.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::fault::Kind;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, redirect, render};
use serde_json::{Value, json};

use super::{area, bounds, feature, geojson as answer};

use crate::code::OfficerGridId;
use crate::geojson::bbox;
use crate::grid::store::{self, Extent, FEATURES_MAX, GridRow, Narrowing, officer};
use crate::grid::{MANAGE, READ};
use crate::ground;

/// The room's own address leads to the map.
pub async fn front() -> Response {
    redirect("/city_management/grids")
}

#[derive(Template)]
#[template(path = "city_management/grids.html")]
struct ListPage {
    page: Page,
    extent: Extent,
    map_bounds: String,
    code: String,
    state: String,
    states: Vec<(&'static str, String)>,
    officer_grid: String,
    officer_grids: Vec<(String, String)>,
    rows: Paged<GridRow>,
    pager: String,
    may_manage: bool,
}

impl ListPage {
    fn area(&self, square_m: &f64) -> String {
        area(&self.page, *square_m)
    }
    fn narrowed(&self) -> bool {
        !(self.code.is_empty() && self.state.is_empty() && self.officer_grid.is_empty())
    }
}

/// `GET /city_management/grids`.
pub async fn show(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let code = asked.given("code").filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
    let officer_grid: Option<OfficerGridId> = asked.get("officer_grid").parse().ok();
    let by = Narrowing {
        scopes: &scopes,
        code,
        ended: asked.get("state") == "ended",
        officer_grid,
        unassigned: asked.get("officer_grid") == "none",
        page: asked.page(),
    };
    let rows = Paged::from_rows(store::list(&mut conn, &by).await?, asked.page());
    let extent = store::extent(&mut conn, &scopes).await?;
    let walks = officer::list(&mut conn, &scopes, None, 300, 0).await?;
    let mut officer_grids =
        vec![(String::new(), page.t("web-all")), ("none".into(), page.t("city-management-unassigned"))];
    officer_grids.extend(walks.into_iter().map(|walk| (walk.officer_grid_id.to_string(), walk.name)));
    let may_manage = page.may(MANAGE);
    render(&ListPage {
        map_bounds: extent.bounds.as_deref().map(|at| bounds(at, 0.02)).unwrap_or_default(),
        extent,
        code: asked.get("code").to_owned(),
        state: asked.get("state").to_owned(),
        states: vec![("", page.t("city-management-grid-standing")), ("ended", page.t("city-management-grid-ended"))],
        officer_grid: asked.get("officer_grid").to_owned(),
        officer_grids,
        rows,
        pager: asked.before_page("/city_management/grids"),
        may_manage,
        page: page.with_title("city-management-grids-title"),
    })
}

/// `GET /city_management/grids.geojson?bbox=`: the standing grids of a box, or how many stand where when there are more
/// than a map can draw.
pub async fn geojson(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let bbox = bbox(asked.get("bbox")).ok_or_else(|| Failure::new(Kind::Invalid, "city-management-bbox"))?;
    let mut conn = app.db.read().await?;
    let officer_grid = asked.get("officer_grid").parse().ok();
    let mut rows = store::features(&mut conn, &scopes, bbox, officer_grid).await?;
    let gathered = rows.len() as i64 > FEATURES_MAX;
    if gathered {
        rows = store::gathered(&mut conn, &scopes, bbox, cells(&asked)).await?;
    }
    Ok(answer(rows.into_iter().map(feature).collect(), gathered))
}

/// Into how many squares the longer side of a map is cut to count what is in each: the map asks for what its figures fit in.
pub fn cells(asked: &Pairs) -> i32 {
    asked.whole("cells").unwrap_or(14).clamp(4, 30)
}

/// `GET /city_management/counties.geojson`: the outlines under the maps.
pub async fn counties(State(app): State<App>) -> Result<Response, Failure> {
    let mut features = Vec::new();
    for county in ground::counties(&app) {
        for outline in &county.outlines {
            let geometry: Value = serde_json::from_str(outline).map_err(Failure::internal)?;
            let properties = json!({ "code": county.code, "name": county.name });
            features.push(json!({ "type": "Feature", "properties": properties, "geometry": geometry }));
        }
    }
    Ok(answer(features, false))
}
