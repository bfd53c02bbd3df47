//! What came with the form of an act, read: organisations by name, places, a part that becomes a case of its own.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::fault::FieldError;
use jh_web::{App, Failure, Pairs};
use sqlx::PgConnection;
use uuid::Uuid;

use super::case::{CANDIDATES_MAX, find_organisation};
use super::wrong;
use crate::actions::doing::Doing;
use crate::actions::open::Report;
use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::calendar::Unit;
use crate::model::{Outcome, Point, Priority};
use crate::store::file::Held;

/// The report of a part of a case, of the same kind: what the clerk wrote of it, where and of what he says; the rest as in the whole.
pub fn part(app: &App, held: &Held, form: &Pairs) -> Result<Report, CaseError> {
    let file = &held.file;
    let kind = crate::kind::find(app, &file.kind).ok_or_else(|| CaseError::UnknownKind(file.kind.clone()))?;
    Ok(Report {
        kind: kind.code(),
        title: form.line("title", 101),
        description: form.get("description").to_owned(),
        category: form.given("category").unwrap_or(&file.category).to_owned(),
        priority: file.priority,
        channel: file.channel,
        centre: file.centre_id,
        address: form.given("address").map_or_else(|| file.address.clone(), |_| form.line("address", 201)),
        point: file.point(),
        reporter: None,
        held: false,
        photo: false,
        shown: "place",
        app_ref: None,
        attributes: Vec::new(),
        note: file.number.clone(),
    })
}

/// What came with a form, or what of it could not be read, with the organisations that may be meant.
pub async fn read(
    conn: &mut PgConnection,
    act: Act,
    form: &Pairs,
) -> Result<Result<Doing, (CaseError, Vec<String>)>, Failure> {
    let mut doing = Doing {
        note: form.get("note").to_owned(),
        answer: form.get("answer").to_owned(),
        outcome: Outcome::parse(form.get("outcome")),
        stars: form.get("stars").parse().ok(),
        limit: form.given("limit").map(str::to_owned),
        amount: form.whole("amount"),
        unit: Unit::parse(form.get("unit")),
        priority: Priority::parse(form.get("priority")),
        shown: form.given("shown").map(str::to_owned),
        category: form.given("category").map(str::to_owned),
        address: form.all("address").next().is_some().then(|| form.line("address", 201)),
        person: form.id("person").map(AccountId),
        revision: form.whole("revision"),
        ..Doing::default()
    };
    if let Some(text) = form.given("organisation").filter(|_| act.gives_to_organisation() || act == Act::Assistance) {
        match organisation(conn, text).await? {
            Ok(id) => doing.organisation = Some(id),
            Err(candidates) => return Ok(Err((which("organisation", &candidates), candidates))),
        }
    }
    if let Some(text) = form.given("point").filter(|_| act == Act::Amendment) {
        match Point::typed(text) {
            Some(point) => doing.point = Some(point),
            None => return Ok(Err((wrong("point", "casework-point"), Vec::new()))),
        }
    }
    for text in form.all("assistant").filter(|text| !text.is_empty()).take(11) {
        match organisation(conn, text).await? {
            Ok(id) => doing.assistants.push(id),
            Err(candidates) => return Ok(Err((which("assistant", &candidates), candidates))),
        }
    }
    Ok(Ok(doing))
}

/// None fits, or several do, of which the form offers some.
pub fn which(field: &'static str, candidates: &[String]) -> CaseError {
    let code = match candidates.len() {
        0 => "casework-organisation-unknown",
        n if n < CANDIDATES_MAX => "casework-organisation-several",
        _ => "casework-organisation-many",
    };
    CaseError::Invalid(vec![FieldError { field, code, args: vec![("n", candidates.len().to_string())] }])
}

async fn organisation(conn: &mut PgConnection, text: &str) -> Result<Result<OrganisationId, Vec<String>>, Failure> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(Ok(OrganisationId(id)));
    }
    let text: String = text.chars().take(60).collect();
    let found = find_organisation(conn, &text).await?;
    Ok(found.map(|row| row.organisation_id).map_err(|rows| rows.into_iter().map(|row| row.name).collect()))
}
