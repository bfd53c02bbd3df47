//! Classes of components and events: who answers for each, from when a case is opened, by when it must be done. It must
//! not know any case or component.
pub mod actions;
pub mod pages;
pub mod store;

use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};

use crate::component;

/// Setting who answers, limits and conditions; adding the city's own classes.
pub const MANAGE: &str = "city_management.category.manage";

/// The part's routes. Whoever may read grids or components may read the classes: nothing in them is about anybody.
pub fn routes(routes: Routes) -> Routes {
    let read = Permission(component::READ);
    routes
        .get("/city_management/categories", read, pages::list)
        .get("/city_management/categories/new", Permission(MANAGE), pages::new)
        .post("/city_management/categories", Permission(MANAGE), pages::add)
        .post("/city_management/categories/standard", Permission(MANAGE), pages::load)
        .get("/city_management/categories/{kind}/{code}", read, pages::show)
        .post("/city_management/categories/{kind}/{code}/versions", Permission(MANAGE), pages::change)
}

/// The part's entry of the menu.
pub fn menu() -> MenuItem {
    MenuItem {
        label: "city-management-menu-categories",
        path: "/city_management/categories",
        permission: Some(component::READ),
        group: Group::Map,
        icon: "list-tree",
    }
}
