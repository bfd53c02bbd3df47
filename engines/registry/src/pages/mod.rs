//! The registry's pages: deliveries, base records, map and statistics. They read through `store::views` and change
//! through `actions`; a rule is never decided here.
mod blank;
mod boundaries;
mod census;
mod deliver;
mod deliveries;
mod delivery;
mod dissolve;
mod finder;
mod glance;
mod landed;
mod map;
mod mapping;
mod records;
mod rejects;
mod reveal;
mod rules;
mod search;
mod statistics;
mod subject;
#[cfg(test)]
mod tests;
mod waiting;
mod words;

use jh_web::{Access, Group, MenuItem, Routes};

pub use boundaries::CountyOutlines;
pub use finder::DeliveryFinder;
pub use glance::CityFigures;
pub use rejects::file as report_file;
pub use waiting::WaitingDeliveries;

use crate::permission::{READ, REVEAL, RULE, SEARCH, STATISTICS, SUBMIT};

/// A gigabyte: some seven million rows of a person file.
const UPLOAD_BYTES_MAX: usize = 1 << 30;

/// Adds the pages' routes.
pub fn routes(routes: Routes) -> Routes {
    let read = Access::Permission(READ);
    let submit = Access::Permission(SUBMIT);
    let routes = routes
        .get("/registry/deliveries", read, deliveries::list)
        .post_limit("/registry/deliveries", submit, deliver::submit, UPLOAD_BYTES_MAX)
        .get("/registry/deliveries/new", submit, deliver::form)
        .get("/registry/deliveries/blank.csv", submit, blank::download)
        .get("/registry/deliveries/{id}", read, delivery::show)
        .get("/registry/deliveries/{id}/progress", read, delivery::progress)
        .get("/registry/deliveries/{id}/records", read, landed::show)
        .get("/registry/deliveries/{id}/rejects", read, rejects::show)
        .get("/registry/deliveries/{id}/rejects.csv", submit, rejects::download)
        .get("/registry/deliveries/{id}/mapping", submit, mapping::form)
        .post("/registry/deliveries/{id}/mapping", submit, mapping::submit)
        .post("/registry/deliveries/{id}/cancellation", submit, delivery::cancel)
        .post("/registry/deliveries/{id}/settlement", submit, delivery::settle);
    let search = Access::Permission(SEARCH);
    let reveal = Access::Permission(REVEAL);
    let statistics = Access::Permission(STATISTICS);
    let rule = Access::Permission(RULE);
    routes
        .get("/registry/people", search, search::people)
        .post("/registry/people/search", search, search::find_people)
        .get("/registry/people/{id}", search, subject::person)
        .post("/registry/people/{id}/revelation", reveal, reveal::person)
        .get("/registry/organisations", search, search::organisations)
        .get("/registry/organisations/{id}", search, subject::organisation)
        .post("/registry/organisations/{id}/revelation", reveal, reveal::organisation)
        .get("/registry/places", search, search::places)
        .get("/registry/places/{id}", search, subject::place)
        .post("/registry/places/{id}/revelation", reveal, reveal::place)
        .get("/registry/map", statistics, map::show)
        .get("/registry/map.geojson", statistics, map::geojson)
        .get("/registry/statistics", statistics, statistics::show)
        .get("/registry/rules", rule, rules::list)
        .post("/registry/rules/{base}", rule, rules::keep)
        .get("/registry/rules/{base}/{attribute}", rule, rules::form)
        .post("/registry/rules/{base}/{attribute}", rule, rules::submit)
}

/// The pages' entries in the workbench's menu.
pub fn menu() -> Vec<MenuItem> {
    let item =
        |label, path, permission, group, icon| MenuItem { label, path, permission: Some(permission), group, icon };
    vec![
        item("registry-page-menu-deliveries", "/registry/deliveries", READ, Group::Data, "inbox"),
        item("registry-page-menu-people", "/registry/people", SEARCH, Group::Data, "users"),
        item("registry-page-menu-organisations", "/registry/organisations", SEARCH, Group::Data, "building"),
        item("registry-page-menu-places", "/registry/places", SEARCH, Group::Data, "map-pin"),
        item("registry-page-menu-statistics", "/registry/statistics", STATISTICS, Group::Data, "chart-bar"),
        item("registry-page-menu-rules", "/registry/rules", RULE, Group::Data, "sort-ascending"),
        item("registry-page-menu-map", "/registry/map", STATISTICS, Group::Map, "map-2"),
    ]
}
