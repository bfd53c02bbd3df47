//! Which rooms this city runs. A new room is one line here; `docs/add-an-app.md` has the rest of the checklist.
use jh_db::migrate::Migrations;
use jh_web::Module;

/// Every room, engines first.
pub fn modules() -> Vec<Module> {
    vec![
        identity::module(),
        catalogue::module(),
        registry::module(),
        exchange::module(),
        casework::module(),
        portal::module(),
        workbench::module(),
        operations::module(),
        hotline::module(),
        city_management::module(),
        open311::module(),
        community_window::module(),
    ]
}

/// Every schema, in the order in which they may refer to each other.
pub fn migrations() -> Vec<Migrations> {
    modules().into_iter().filter_map(|module| module.migrations).collect()
}
