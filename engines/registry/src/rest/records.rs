//! Finding base records. Sensitive values come masked; reading one in clear is a page's business, with a purpose.
use axum::Json;
use axum::extract::{Query, State};
use catalogue::api::RowKind;
use jh_core::actor::Actor;
use jh_core::code::citizen_id::CitizenId;
use jh_core::code::phone::Phone;
use jh_core::mask;
use jh_core::paging::{PageRequest, Paged};
use jh_db::Base;
use jh_web::{App, Body, Caller, Failure, Page};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::actions::look;
use crate::fault::RegistryError;
use crate::land::{identifier_key, phone_search_key};
use crate::model::SubjectId;
use crate::permission::SEARCH;
use crate::reading::readings;
use crate::store::subject;
use crate::store::views::subjects::{self as store, Found, Narrow};

/// A base record in a list.
#[derive(Serialize, ToSchema)]
pub struct Listed {
    /// Its id.
    subject_id: SubjectId,
    /// Its name.
    name: String,
    /// The number by which it is known; masked for a person.
    identifier: Option<String>,
    /// The telephone number of a person; masked.
    phone: Option<String>,
    /// Its county by GB/T 2260.
    division_code: Option<String>,
    /// Sex of a person, industry of an organisation, category of a place: the code.
    sort: Option<String>,
    /// A person's day of birth, an organisation's of establishment.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "jh_core::clock::serialize_day_or_null")]
    day_on: Option<Date>,
    /// How many departments have spoken of it.
    providers: i64,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    revised_at: OffsetDateTime,
}

/// What to find by.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The beginning of the name.
    name: Option<String>,
    /// An organisation's credit code, a place's statistical or facility code.
    code: Option<String>,
    /// A county's code by GB/T 2260.
    division: Option<String>,
    /// From 1.
    page: Option<u32>,
    /// Rows a page, 1 to 100.
    size: Option<u32>,
}

/// What to find a person by that may stand in no address.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub struct Known {
    /// The citizen ID number, of 18 characters or 15.
    id_number: Option<String>,
    /// The telephone number.
    phone: Option<String>,
}

fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty())
}

/// Persons by name and county
#[utoipa::path(get, path = "/api/registry/people", tag = "registry", params(Wanted),
    responses((status = 200, description = "A page of persons by name", body = Paged<Listed>),
        (status = 400, description = "The query cannot be read"), (status = 422, description = "Nothing to search for")),
    security(("department" = [])))]
pub async fn people(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Paged<Listed>>, Failure> {
    let wanted = Wanted { code: None, ..wanted };
    Ok(Json(search(&app, &actor, RowKind::Person, wanted).await?))
}

/// A person by identity number or telephone
///
/// A POST so that the number stands in no address; it changes nothing.
#[utoipa::path(post, path = "/api/registry/people/search", tag = "registry", request_body = Known,
    responses((status = 200, description = "Who has this number, within the caller's scope", body = Paged<Listed>),
        (status = 422, description = "Nothing to search for, or no such number")), security(("department" = [])))]
pub async fn find_people(
    State(app): State<App>,
    Caller(actor): Caller,
    page: Page,
    Body(known): Body<Known>,
) -> Result<Json<Paged<Listed>>, Failure> {
    let mut narrow = Narrow { scopes: actor.scopes(SEARCH), ..Narrow::default() };
    let mut by = Vec::new();
    let (id_number, phone) = (given(known.id_number), given(known.phone));
    if id_number.is_none() && phone.is_none() {
        return Err(RegistryError::SearchEmpty.into());
    }
    let mut connection = app.db.read().await?;
    if let Some(text) = id_number {
        let id = CitizenId::parse(&text).map_err(|fault| RegistryError::Field("id_number", fault.code()))?;
        let key = identifier_key(&app.keys, "citizen_id", id.normalised());
        let subjects = subject::of_keys(&mut connection, &Vec::from_iter(key)).await?;
        narrow.subjects = Some(subjects.into_values().collect());
        by.push("id_number");
    }
    if let Some(text) = phone {
        let phone = Phone::parse(&text).map_err(|fault| RegistryError::Field("phone", fault.code()))?;
        narrow.phone_key = Some(phone_search_key(&app.keys, phone.normalised()));
        by.push("phone");
    }
    let request = PageRequest { page: None, size: Some(100) };
    let found = store::people(&mut connection, &narrow, request).await?;
    let listed = listed(&app, &mut connection, (RowKind::Person, &narrow.scopes), found).await?;
    drop(connection);
    let answer = Paged::from_rows(listed, request);
    let shown: Vec<Uuid> = answer.items.iter().map(|person| person.subject_id.0).collect();
    look::searched(&app, &page.command(), &by.join(", "), &shown).await?;
    Ok(Json(answer))
}

/// Organisations by name, credit code and county
#[utoipa::path(get, path = "/api/registry/organisations", tag = "registry", params(Wanted),
    responses((status = 200, description = "A page of organisations by name", body = Paged<Listed>),
        (status = 400, description = "The query cannot be read"), (status = 422, description = "Nothing to search for")),
    security(("department" = [])))]
pub async fn organisations(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Paged<Listed>>, Failure> {
    Ok(Json(search(&app, &actor, RowKind::Organisation, wanted).await?))
}

/// Places by name, code and county
#[utoipa::path(get, path = "/api/registry/places", tag = "registry", params(Wanted),
    responses((status = 200, description = "A page of places by name", body = Paged<Listed>),
        (status = 400, description = "The query cannot be read"), (status = 422, description = "Nothing to search for")),
    security(("department" = [])))]
pub async fn places(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Paged<Listed>>, Failure> {
    Ok(Json(search(&app, &actor, RowKind::Place, wanted).await?))
}

async fn search(base: &Base, actor: &Actor, kind: RowKind, wanted: Wanted) -> Result<Paged<Listed>, RegistryError> {
    let request = PageRequest { page: wanted.page, size: wanted.size };
    let (name, code, division) = (given(wanted.name), given(wanted.code), given(wanted.division));
    if name.is_none() && code.is_none() && division.is_none() {
        return Err(RegistryError::SearchEmpty);
    }
    let mut connection = base.db.read().await?;
    let subjects = match code {
        Some(code) => Some(coded(base, &mut connection, kind, &code).await?),
        None => None,
    };
    let narrow = Narrow {
        name,
        divisions: division.map(|code| vec![code]),
        phone_key: None,
        subjects,
        scopes: actor.scopes(SEARCH),
    };
    let found = match kind {
        RowKind::Organisation => store::organisations(&mut connection, &narrow, request).await?,
        RowKind::Place => store::places(&mut connection, &narrow, request).await?,
        RowKind::Person | RowKind::Dataset => store::people(&mut connection, &narrow, request).await?,
    };
    let listed = listed(base, &mut connection, (kind, &narrow.scopes), found).await?;
    Ok(Paged::from_rows(listed, request))
}

/// The subjects that a code names under any scheme of the kind.
async fn coded(
    base: &Base,
    connection: &mut PgConnection,
    kind: RowKind,
    code: &str,
) -> Result<Vec<Uuid>, RegistryError> {
    let schemes: &[&str] = if kind == RowKind::Organisation { &["uscc"] } else { &["statistical_code", "asset_code"] };
    let code = if kind == RowKind::Organisation { code.to_uppercase() } else { code.to_owned() };
    let keys: Vec<Uuid> = schemes.iter().filter_map(|scheme| identifier_key(&base.keys, scheme, &code)).collect();
    Ok(subject::of_keys(connection, &keys).await?.into_values().collect())
}

/// What providers within the scopes have said, with what is sealed opened and masked.
async fn listed(
    base: &Base,
    connection: &mut PgConnection,
    (kind, scopes): (RowKind, &[Uuid]),
    found: Vec<Found>,
) -> Result<Vec<Listed>, RegistryError> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.subject_id.0).collect();
    let mut readings = readings(base, connection, kind, &ids, scopes).await?;
    let line = |row: Found| {
        let reading = readings.remove(&row.subject_id.0)?;
        let own = |element: &str| reading.value(element).map(str::to_owned);
        let identifier = match kind {
            RowKind::Person => reading.value("citizen_id").map(mask::id_number),
            RowKind::Organisation => own("uscc"),
            RowKind::Place | RowKind::Dataset => own("statistical_code").or_else(|| own("asset_code")),
        };
        Some(Listed {
            identifier,
            phone: reading.value("mobile_phone").map(mask::phone),
            subject_id: row.subject_id,
            name: reading.name().to_owned(),
            division_code: reading.division().map(str::to_owned),
            sort: reading.sort().map(str::to_owned),
            day_on: reading.day_on(),
            providers: i64::try_from(reading.records.len()).unwrap_or(i64::MAX),
            revised_at: row.revised_at,
        })
    };
    Ok(found.into_iter().filter_map(line).collect())
}
