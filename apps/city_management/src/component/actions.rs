//! Delivering a survey: the file is kept, checked for what can be told at once, and read by a job.
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use jh_web::UploadedFile;
use serde_json::json;
use time::Date;

use super::IMPORT;
use super::jobs::JOB;
use super::store::import::{self, NewImport};
use crate::code::{ImportId, plausible};
use crate::fault::CityError;

/// What a survey's form says.
pub struct Wish<'a> {
    /// The file, if one was chosen.
    pub file: Option<&'a UploadedFile>,
    /// `wgs84` or `gcj02`.
    pub datum: &'a str,
    /// Whether known codes are renewed.
    pub renew: bool,
    /// The survey.
    pub source: &'a str,
    /// Of rows that say no day.
    pub surveyed_on: Option<Date>,
}

/// Takes a survey in. Its rows are read by the job, within what the deliverer's permission covers now.
pub async fn submit(base: &Base, command: &Command, wish: Wish<'_>) -> Result<ImportId, CityError> {
    let mut faults = Vec::new();
    let mut fault = |field, code| faults.push(FieldError { field, code, args: Vec::new() });
    let lower = wish.file.map(|sent| sent.name.to_lowercase()).unwrap_or_default();
    let format = match lower.rsplit('.').next() {
        Some("csv" | "txt") => "csv",
        Some("geojson" | "json") => "geojson",
        _ => {
            fault(
                "file",
                if wish.file.is_some() { "city-management-file-kind" } else { "city-management-file-missing" },
            );
            ""
        }
    };
    let datum = ["wgs84", "gcj02"].into_iter().find(|known| *known == wish.datum).unwrap_or_else(|| {
        fault("datum", "required");
        ""
    });
    if !(1..=80).contains(&wish.source.chars().count()) {
        fault("source", "city-management-name-length");
    }
    let today = china_day(command.now);
    let surveyed_on = wish.surveyed_on.filter(|day| plausible(day) && *day <= today).unwrap_or_else(|| {
        fault("surveyed_on", "city-management-survey-day");
        today
    });
    let (Some(sent), true) = (wish.file, faults.is_empty()) else { return Err(CityError::Invalid(faults)) };
    let organisation = command.actor.organisation.ok_or(CityError::OutOfScope(IMPORT))?;
    let mut work = Work::begin(base, command).await?;
    let id = ImportId::at(command.now);
    let bytes = i64::try_from(sent.file.size).unwrap_or(i64::MAX);
    let new = NewImport {
        id,
        file: (&sent.file.sm3, &sent.name, bytes),
        format,
        datum,
        renew: wish.renew,
        source: wish.source,
        surveyed_on,
        organisation,
        scopes: &command.actor.scopes(IMPORT),
        by: (command.now, command.actor.account.map(Into::into), &command.actor.name),
    };
    import::insert(work.conn(), &new).await?;
    let detail = json!({ "file": sent.name, "sm3": sent.file.hex(), "datum": datum, "renew": wish.renew });
    work.audit(Entry::new("city_management.component.delivered", id).detail(detail));
    work.enqueue(JOB, Some(&id.to_string()), json!({ "import_id": id })).await?;
    work.commit().await?;
    Ok(id)
}

/// Asks a survey to stop. What has landed stays.
pub async fn cancel(base: &Base, command: &Command, id: ImportId) -> Result<(), CityError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(IMPORT);
    if import::list(work.conn(), Some(&scopes), Some(id), 1, 0).await?.is_empty() {
        return Err(CityError::NotFound);
    }
    if !import::want_cancelled(work.conn(), id).await? {
        return Err(CityError::Conflict("city-management-run-ended"));
    }
    work.audit(Entry::new("city_management.component.cancelled", id));
    work.enqueue(JOB, Some(&id.to_string()), json!({ "import_id": id })).await?;
    work.commit().await?;
    Ok(())
}
