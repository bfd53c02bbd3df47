//! Loading the national arrangement, adding the city's own classes, and changing what the city sets. A change is a new
//! version that holds from a day on; nothing that once held is overwritten, for cases are judged by what held then.
use std::collections::HashMap;

use jh_core::actor::{Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, Duration};
use uuid::Uuid;

use super::store::{self, NewCategory, Terms};
use crate::code::{LimitUnit, digits};
use crate::fault::CityError;

/// The national arrangement as it comes with the program.
pub const SHIPPED: &str = include_str!("../../../../data/city_management/categories.csv");
/// The major class of what has no place in the standard's.
pub const EXTENSION_MAJOR: (&str, &str, &str) = ("21", "扩展类", "The city's own");
/// The first minor class that is the city's own within a major class of the standard.
const EXTENSION_MINOR_FROM: u8 = 51;
/// A change is not dated further ahead than a plan reaches.
const AHEAD: Duration = Duration::days(366);
/// The longest condition, in characters.
const CONDITION_CHARS_MAX: usize = 500;

#[derive(Deserialize)]
struct Shipped {
    kind: String,
    major_code: String,
    major_name: String,
    major_name_en: String,
    minor_code: String,
    name: String,
    name_en: String,
    organisation_code: String,
    filing_condition: String,
    limit_amount: i32,
    limit_unit: String,
    closing_condition: String,
}

/// Adds the classes of the national arrangement that are not there yet, with the shipped terms. Returns how many.
pub async fn load_standard(base: &Base, command: &Command) -> Result<usize, CityError> {
    let mut work = Work::begin(base, command).await?;
    let organisations: HashMap<String, OrganisationId> =
        identity::api::tree(work.conn()).await?.into_iter().map(|one| (one.code, one.id)).collect();
    let mut added = 0;
    for row in csv::Reader::from_reader(SHIPPED.as_bytes()).deserialize() {
        let row: Shipped = row.map_err(|error| CityError::Shipped(error.to_string()))?;
        let unit = LimitUnit::parse(&row.limit_unit).ok_or_else(|| CityError::Shipped(row.limit_unit.clone()))?;
        let code = format!("{}{}", row.major_code, row.minor_code);
        let new = NewCategory {
            kind: &row.kind,
            code: &code,
            major: (&row.major_name, &row.major_name_en),
            name: (&row.name, &row.name_en),
            extension: false,
        };
        if store::insert(work.conn(), &new, command.now).await? {
            let terms = Terms {
                // Cases of before the day of loading may be entered later, and are judged by the same.
                valid_from_on: time::macros::date!(2000 - 01 - 01),
                organisation_id: organisations.get(&row.organisation_code).copied(),
                filing_condition: row.filing_condition,
                limit_amount: row.limit_amount,
                limit_unit: unit.word(),
                closing_condition: row.closing_condition,
            };
            put(&mut work, &row.kind, &code, 1, &terms).await?;
            added += 1;
        }
    }
    work.audit(Entry::new("city_management.category.loaded", Uuid::nil()).detail(json!({ "added": added })));
    work.commit().await?;
    Ok(added)
}

async fn put(work: &mut Work, kind: &str, code: &str, version: i32, terms: &Terms) -> Result<(), CityError> {
    let (now, by, name) = (work.now(), work.actor().account.map(Into::into), work.actor().name.to_string());
    Ok(store::insert_version(work.conn(), (kind, code, version), terms, (now, by, &name)).await?)
}

/// What a form says a class is to be.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// From which day.
    pub valid_from_on: Option<Date>,
    /// Who answers; an organisation's id, or empty for nobody yet.
    pub organisation: String,
    /// 立案条件.
    pub filing_condition: String,
    /// 处置时限.
    pub limit_amount: String,
    /// In which unit.
    pub limit_unit: String,
    /// 结案条件.
    pub closing_condition: String,
}

/// Changes what the city sets of a class, from a day on.
pub async fn change(base: &Base, command: &Command, kind: &str, code: &str, wish: &Wish) -> Result<(), CityError> {
    if !digits(code, 4) {
        return Err(CityError::NotFound);
    }
    let mut work = Work::begin(base, command).await?;
    let (version, _) = store::lock_newest(work.conn(), kind, code).await?.ok_or(CityError::NotFound)?;
    let terms = checked(work.conn(), wish, china_day(command.now)).await?;
    put(&mut work, kind, code, version + 1, &terms).await?;
    told(&mut work, "city_management.category.changed", kind, code, version + 1, &terms).await?;
    work.commit().await?;
    Ok(())
}

/// A class of the city's own.
#[derive(Clone, Debug, Default)]
pub struct NewWish {
    /// `component` or `event`.
    pub kind: String,
    /// Four digits.
    pub code: String,
    /// 名称.
    pub name: String,
    /// In English; the same when left out.
    pub name_en: String,
    /// The rest.
    pub terms: Wish,
}

/// Adds a class of the city's own.
pub async fn add(base: &Base, command: &Command, wish: &NewWish) -> Result<(), CityError> {
    let mut work = Work::begin(base, command).await?;
    let majors = store::majors(work.conn(), &wish.kind).await?;
    let mut faults = Vec::new();
    let fault = |field, code| FieldError { field, code, args: Vec::new() };
    let own = digits(&wish.code, 4)
        && (wish.code.starts_with(EXTENSION_MAJOR.0)
            || wish.code[2..].parse().is_ok_and(|minor: u8| minor >= EXTENSION_MINOR_FROM));
    let major = majors.iter().find(|(code, ..)| own && wish.code.starts_with(code.as_str()));
    let major = match major {
        Some((_, name, name_en)) => Some((name.as_str(), name_en.as_str())),
        None if own && wish.code.starts_with(EXTENSION_MAJOR.0) => Some((EXTENSION_MAJOR.1, EXTENSION_MAJOR.2)),
        None => None,
    };
    if !matches!(wish.kind.as_str(), "component" | "event") {
        faults.push(fault("kind", "required"));
    }
    if major.is_none() {
        faults.push(fault("code", "city-management-extension-code"));
    }
    if !(1..=40).contains(&wish.name.chars().count()) {
        faults.push(fault("name", "city-management-name-length"));
    }
    if wish.name_en.len() > 80 {
        faults.push(fault("name_en", "city-management-name-length"));
    }
    let terms = match checked(work.conn(), &wish.terms, china_day(command.now)).await {
        Err(CityError::Invalid(more)) => {
            faults.extend(more);
            None
        }
        other => Some(other?),
    };
    let (Some(major), Some(terms), true) = (major, terms, faults.is_empty()) else {
        return Err(CityError::Invalid(faults));
    };
    let name_en = if wish.name_en.is_empty() { &wish.name } else { &wish.name_en };
    let (kind, code) = (wish.kind.as_str(), wish.code.as_str());
    let new = NewCategory { kind, code, major, name: (&wish.name, name_en), extension: true };
    if !store::insert(work.conn(), &new, command.now).await? {
        return Err(CityError::field("code", "city-management-code-taken"));
    }
    put(&mut work, kind, code, 1, &terms).await?;
    told(&mut work, "city_management.category.added", kind, code, 1, &terms).await?;
    work.commit().await?;
    Ok(())
}

async fn told(
    work: &mut Work,
    action: &'static str,
    kind: &str,
    code: &str,
    version: i32,
    terms: &Terms,
) -> Result<(), CityError> {
    let detail = json!({
        "kind": kind, "code": code, "version": version, "valid_from_on": terms.valid_from_on.to_string(),
        "organisation_id": terms.organisation_id, "limit_amount": terms.limit_amount, "limit_unit": terms.limit_unit,
    });
    // A class has no id of its own; its events keep their order under the nil one.
    work.audit(Entry::new(action, Uuid::nil()).detail(detail.clone()));
    work.emit("city_management.category.changed", Uuid::nil(), detail);
    Ok(())
}

/// The terms of a form, or all that is wrong with them.
async fn checked(conn: &mut PgConnection, wish: &Wish, today: Date) -> Result<Terms, CityError> {
    let mut faults = Vec::new();
    let fault = |field, code| FieldError { field, code, args: Vec::new() };
    let day = wish.valid_from_on.unwrap_or(today);
    // What held yesterday was told to people yesterday.
    if wish.valid_from_on.is_none() || day < today || day > today + AHEAD {
        faults.push(fault("valid_from_on", "city-management-from-range"));
    }
    let amount = wish.limit_amount.trim().parse().ok().filter(|amount| (1..=999).contains(amount));
    if amount.is_none() {
        faults.push(fault("limit_amount", "city-management-limit-range"));
    }
    let unit = LimitUnit::parse(&wish.limit_unit);
    if unit.is_none() {
        faults.push(fault("limit_unit", "required"));
    }
    for (field, text) in [("filing_condition", &wish.filing_condition), ("closing_condition", &wish.closing_condition)]
    {
        if !(2..=CONDITION_CHARS_MAX).contains(&text.trim().chars().count()) {
            faults.push(fault(field, "city-management-condition-length"));
        }
    }
    let wanted = wish.organisation.parse::<Uuid>().ok().map(OrganisationId);
    let known = match wanted {
        Some(id) => identity::api::organisation(conn, id).await?.is_some_and(|one| one.closed_on.is_none()),
        None => wish.organisation.is_empty(),
    };
    if !known {
        faults.push(fault("organisation", "city-management-organisation-unknown"));
    }
    match (amount, unit, faults.is_empty()) {
        (Some(limit_amount), Some(unit), true) => Ok(Terms {
            valid_from_on: day,
            organisation_id: wanted,
            filing_condition: wish.filing_condition.trim().to_owned(),
            limit_amount,
            limit_unit: unit.word(),
            closing_condition: wish.closing_condition.trim().to_owned(),
        }),
        _ => Err(CityError::Invalid(faults)),
    }
}
