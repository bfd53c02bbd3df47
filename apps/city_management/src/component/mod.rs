//! The register of components: what the city has put into its streets, where it stands, whose it is. It must not know what
//! is reported about one.
pub mod actions;
pub mod check;
pub mod jobs;
pub mod land;
pub mod pages;
pub mod read;
pub mod rest;
pub mod store;

use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};

use pages::{import, list};

/// Seeing components.
pub const READ: &str = "city_management.component.read";
/// Delivering surveys of components.
pub const IMPORT: &str = "city_management.component.import";
/// The largest survey: some three hundred thousand rows.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    let (read, deliver) = (Permission(READ), Permission(IMPORT));
    routes
        .get("/city_management/components", read, list::show)
        .get("/city_management/components.geojson", read, list::geojson)
        .get("/city_management/components/{code}", read, list::one)
        .get("/city_management/imports", deliver, import::list)
        .get("/city_management/imports/new", deliver, import::form)
        .get("/city_management/imports/blank.csv", deliver, import::blank)
        .post_limit("/city_management/imports", deliver, import::submit, FILE_BYTES_MAX)
        .get("/city_management/imports/{id}", deliver, import::show)
        .get("/city_management/imports/{id}/progress", deliver, import::progress)
        .get("/city_management/imports/{id}/errors.csv", deliver, import::errors)
        .post("/city_management/imports/{id}/cancellation", deliver, import::cancel)
        .get("/api/city_management/components_near", read, rest::components_near)
}

/// The part's entry of the menu.
pub fn menu() -> MenuItem {
    MenuItem {
        label: "city-management-menu-components",
        path: "/city_management/components",
        permission: Some(READ),
        group: Group::Map,
        icon: "map-pin",
    }
}
