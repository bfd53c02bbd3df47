//! Reports by programs: sensors, and the officer's phone, which sends later what it could not send at once.
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use casework::api::{CaseId, Channel, Done, PhotoFile};
use jh_core::fault::Kind;
use jh_web::{ApiCommand, App, Body, Caller, Failure, FileBody, Page, Pairs};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::patrol::{WAY, near as alike, seen};
use super::report::{self, Reported, Seen, Way};
use super::task::{self, Finding};
use super::{BODY_BYTES_MAX, SUBMIT};

/// What a sensor or another system reports.
#[derive(Deserialize, ToSchema)]
pub struct SensorReport {
    /// A category's code: `component-` or `event-` and four digits.
    #[schema(example = "event-0406")]
    category: String,
    /// Longitude in degrees, WGS 84.
    lon: f64,
    /// Latitude in degrees, WGS 84.
    lat: f64,
    /// What was measured or seen; up to 500 characters.
    #[serde(default)]
    note: String,
    /// Where, in words.
    #[serde(default)]
    address: String,
    /// What its sender knows it by; up to 80 bytes without control characters.
    #[serde(default)]
    own_ref: Option<String>,
}

/// Takes a report of a sensor or another system in, by the rules that hold for officers.
#[utoipa::path(post, path = "/api/city_management/reports", tag = "city_management", security(("department" = [])),
    request_body = SensorReport, responses((status = 201, body = Reported)))]
pub async fn submit(
    State(app): State<App>,
    by: ApiCommand,
    Body(sent): Body<SensorReport>,
) -> Result<(StatusCode, Json<Reported>), Failure> {
    let seen = Seen {
        category: sent.category,
        note: sent.note.trim().to_owned(),
        address: sent.address,
        place: report::position(&sent.lon.to_string(), &sent.lat.to_string())?,
        grid: String::new(),
        own_ref: report::own_ref(sent.own_ref.as_deref())?,
    };
    let way = Way { channel: Channel::Sensor, permission: SUBMIT };
    let reported = report::take(&app, &by.command, way, &seen, None).await?;
    Ok((StatusCode::CREATED, Json(reported)))
}

/// The fields of an officer's report. The photo, if there is one, is the body.
#[derive(Deserialize, IntoParams)]
#[allow(dead_code, reason = "describes the address; it is read leniently as pairs")]
pub struct PatrolFields {
    /// A category's code.
    category: Option<String>,
    /// Or the name of a class.
    other: Option<String>,
    /// Longitude in degrees, WGS 84.
    lon: Option<f64>,
    /// Latitude in degrees, WGS 84.
    lat: Option<f64>,
    /// The unit grid's 15 digits, where no position is known.
    grid: Option<String>,
    /// What was seen; up to 500 characters.
    note: Option<String>,
    /// Where, in words.
    address: Option<String>,
}

async fn body_photo(body: FileBody) -> Result<Option<PhotoFile>, Failure> {
    let file = body.store(BODY_BYTES_MAX as u64).await?;
    Ok((file.size > 0).then(|| PhotoFile { name: "photo".to_owned(), file }))
}

/// Takes an officer's report in. The body is the photo, or empty.
///
/// A phone keeps a report until the network is back and sends it under the `Idempotency-Key` it was given when it was made, so
/// that a report whose answer was lost is not a second case.
#[utoipa::path(post, path = "/api/city_management/patrol/reports", tag = "city_management", security(("department" = [])),
    params(PatrolFields), request_body(content_type = "application/octet-stream", content = Vec<u8>),
    responses((status = 201, body = Reported)))]
pub async fn patrol(
    State(app): State<App>,
    fields: Pairs,
    by: ApiCommand,
    body: FileBody,
) -> Result<(StatusCode, Json<Reported>), Failure> {
    let seen = seen(&fields)?;
    let reported = report::take(&app, &by.command, WAY, &seen, body_photo(body).await?).await?;
    Ok((StatusCode::CREATED, Json(reported)))
}

/// What an officer found.
#[derive(Deserialize, IntoParams)]
#[allow(dead_code, reason = "describes the address; it is read leniently as pairs")]
pub struct FindingFields {
    /// `yes` when it is as reported, or put right; else `no`.
    finding: String,
    /// What was seen.
    note: Option<String>,
}

/// Tells what an officer found where he was sent. The body is the photo, or empty.
#[utoipa::path(post, path = "/api/city_management/patrol/tasks/{id}", tag = "city_management", security(("department" = [])),
    params(("id" = uuid::Uuid, Path), FindingFields),
    request_body(content_type = "application/octet-stream", content = Vec<u8>), responses((status = 200, body = Done)))]
pub async fn task(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    fields: Pairs,
    page: Page,
    by: ApiCommand,
    body: FileBody,
) -> Result<Json<Done>, Failure> {
    let finding = Finding::parse(fields.get("finding")).ok_or_else(|| Failure::new(Kind::Invalid, "required"))?;
    let photo = body_photo(body).await?;
    let otherwise = page.t("city-management-task-not-so");
    Ok(Json(task::find(&app, &by.command, id, finding, (fields.get("note"), &otherwise), photo).await?))
}

/// An open case near by.
#[derive(Serialize, ToSchema)]
pub struct NearCase {
    /// Its number.
    number: String,
    /// What it is, in a line.
    title: String,
    /// How far away, in metres.
    metres: f64,
    /// 0 to 1: how likely it is the same.
    likeness: f64,
}

/// Open cases near a position that may be the same as what an officer is about to report, most likely first.
#[utoipa::path(get, path = "/api/city_management/patrol/near", tag = "city_management", security(("department" = [])),
    params(PatrolFields), responses((status = 200, body = Vec<NearCase>)))]
pub async fn near(
    State(app): State<App>,
    Caller(actor): Caller,
    fields: Pairs,
) -> Result<Json<Vec<NearCase>>, Failure> {
    let found = alike(&app, &actor, &seen(&fields)?).await?;
    let shown = found.into_iter().map(|alike| NearCase {
        number: alike.case.number,
        title: alike.case.title,
        metres: alike.case.metres.round(),
        likeness: (alike.likeness * 100.0).round() / 100.0,
    });
    Ok(Json(shown.collect()))
}
