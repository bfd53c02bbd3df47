//! Unit grids and officers' grids: where something is, and who walks there. It must not know what is reported in a grid.
pub mod actions;
pub mod jobs;
pub mod pages;
pub mod rest;
pub mod store;

use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};

use pages::{lay, list, officer, one};

/// Seeing grids and officers' grids.
pub const READ: &str = "city_management.grid.read";
/// Laying, dividing, merging and redrawing grids; setting up officers' grids.
pub const MANAGE: &str = "city_management.grid.manage";
/// The largest GeoJSON file of outlines: every community of a county at the detail of a survey.
pub const OUTLINE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    let (read, manage) = (Permission(READ), Permission(MANAGE));
    routes
        .get("/city_management", read, list::front)
        .get("/city_management/grids", read, list::show)
        .get("/city_management/grids.geojson", read, list::geojson)
        .get("/city_management/grids/new", manage, lay::form)
        .get("/city_management/grids/{code}", read, one::show)
        .get("/city_management/grids/{code}/around.geojson", read, one::around)
        .post("/city_management/grids/{code}/division", manage, one::divide)
        .post("/city_management/grids/{code}/merger", manage, one::merge)
        .post_limit("/city_management/grids/{code}/boundary", manage, one::redraw, OUTLINE_BYTES_MAX)
        .get("/city_management/counties.geojson", read, list::counties)
        .get("/city_management/generations", read, lay::list)
        .post_limit("/city_management/generations", manage, lay::submit, OUTLINE_BYTES_MAX)
        .get("/city_management/generations/{id}", read, lay::show)
        .get("/city_management/generations/{id}/progress", read, lay::progress)
        .post("/city_management/generations/{id}/cancellation", manage, lay::cancel)
        .get("/city_management/officer_grids", read, officer::list)
        .post("/city_management/officer_grids", manage, officer::create)
        .get("/city_management/officer_grids/{id}", read, officer::show)
        .post("/city_management/officer_grids/{id}/grids", manage, officer::take)
        .post("/city_management/officer_grids/{id}/release", manage, officer::release)
        .post("/city_management/officer_grids/{id}/patrols", manage, officer::appoint)
        .post("/city_management/officer_grids/{id}/relief", manage, officer::relieve)
        .post("/city_management/officer_grids/{id}/closure", manage, officer::close)
        .get("/api/city_management/grid_at", read, rest::grid_at)
}

/// The part's entries of the menu.
pub fn menu() -> [MenuItem; 2] {
    let item = |label, path, icon| MenuItem { label, path, permission: Some(READ), group: Group::Map, icon };
    [
        item("city-management-menu-grids", "/city_management/grids", "map-2"),
        item("city-management-menu-officer-grids", "/city_management/officer_grids", "users-group"),
    ]
}
