//! Where a call is about: the point that the agent pointed at or typed, which has to lie in the city, and places that earlier cases
//! know by words like those that were typed. No gazetteer is installed; what the city has been told before stands in for one.
use casework::api::{PlaceRow, Point};
use jh_core::fault::FieldError;
use jh_db::Base;
use jh_web::{Page, Pairs};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::fault::HotlineError;

/// The point of a form. An address may bring it as two numbers (`lon`, `lat`), as a telephone system writes it.
pub fn point(form: &Pairs) -> Option<Point> {
    match form.given("point") {
        Some(typed) => Point::typed(typed),
        None => Point::new(form.get("lon").parse().ok()?, form.get("lat").parse().ok()?),
    }
}

/// What is wrong with the point of a form, as the public's page and Open311 find it.
pub fn fault(base: &Base, page: &Page, form: &Pairs) -> Option<FieldError> {
    let fault = |code, args| Some(FieldError { field: "point", code, args });
    match point(form) {
        None if form.given("point").is_some() => fault("hotline-report-point", Vec::new()),
        Some(point) if !catalogue::api::Ground::of(base).covers(point.lon, point.lat) => {
            fault("hotline-desk-outside", vec![("city", page.city().to_owned())])
        }
        _ => None,
    }
}

/// Places that earlier cases know by what was typed; nothing once the point is there.
pub async fn known(conn: &mut PgConnection, form: &Pairs, scopes: &[Uuid]) -> Result<Vec<PlaceRow>, HotlineError> {
    let typed = form.get("address");
    if point(form).is_some() || typed.is_empty() {
        return Ok(Vec::new());
    }
    Ok(casework::api::places_like(conn, typed, scopes).await?)
}
