//! How this city's hotline takes part: which organisation keeps what comes in, and how many reports one sender may make.
//!
//! It must not know who asks: the call desk, the public's pages and the letters all do.
mod page;
mod store;

use jh_core::actor::OrganisationId;
use jh_core::fault::FieldError;
use jh_db::Work;
use jh_db::audit::Entry;
use jh_web::Access::Permission;
use jh_web::{Group, MenuItem, Routes};
use serde_json::json;
use sqlx::PgConnection;

use crate::fault::HotlineError;
pub use store::Setting;

/// Setting the hotline up, for the organisations in scope.
pub const MANAGE: &str = "hotline.setting.manage";

/// The part's routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/hotline/setting", Permission(MANAGE), page::show).post(
        "/hotline/setting",
        Permission(MANAGE),
        page::submit,
    )
}

/// The part's entry in the menu.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        label: "menu-hotline-setting",
        path: "/hotline/setting",
        permission: Some(MANAGE),
        group: Group::Admin,
        icon: "settings",
    }]
}

/// The setting; as the columns' defaults are where nobody has set anything.
pub async fn get(conn: &mut PgConnection) -> Result<Setting, HotlineError> {
    Ok(store::get(conn).await?.unwrap_or(Setting { centre_id: None, reports_an_hour: 20 }))
}

/// Who keeps what comes in, if anybody was set.
pub async fn centre(conn: &mut PgConnection) -> Result<Option<OrganisationId>, HotlineError> {
    Ok(get(conn).await?.centre_id)
}

/// Sets who keeps what comes in and how many reports a sender may make in an hour. The caller has looked at the right to.
pub async fn set(work: &mut Work, centre: OrganisationId, reports_an_hour: i32) -> Result<(), HotlineError> {
    if !(1..=10_000).contains(&reports_an_hour) {
        let field = FieldError { field: "reports_an_hour", code: "hotline-setting-reports", args: Vec::new() };
        return Err(HotlineError::Invalid(vec![field]));
    }
    let (now, by) = (work.now(), work.actor().name.to_string());
    store::set(work.conn(), centre, reports_an_hour, now, &by).await?;
    let detail = json!({ "reports_an_hour": reports_an_hour });
    work.audit(Entry::new("hotline.setting.changed", centre).organisation(centre).detail(detail));
    Ok(())
}
