//! Showing one sensitive value in clear: with a purpose, once, audited, kept by nobody.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jh_core::actor::Command;
use jh_core::fault::{Fault, Kind};
use jh_db::Work;
use jh_db::audit::Entry;
use jh_web::{App, Failure, Page, Submission, render};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::records::Shelf;
use super::subject;
use super::words::tidy;
use crate::fault::RegistryError;
use crate::permission::REVEAL;
use crate::reading::reading;
use crate::standards;
use crate::store::views::subjects as store;

/// The shortest purpose that can say anything.
const PURPOSE_CHARS_MIN: usize = 4;

/// What is asked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Form {
    #[serde(deserialize_with = "tidy")]
    column: String,
    #[serde(deserialize_with = "tidy")]
    purpose: String,
}

#[derive(Template)]
#[template(path = "registry/revelation.html")]
struct RevelationPage {
    page: Page,
    path: String,
    label: String,
    value: String,
    purpose: String,
    at: OffsetDateTime,
}

/// `POST /registry/people/{id}/revelation`.
pub async fn person(
    State(app): State<App>,
    page: Page,
    Path(id): Path<Uuid>,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    reveal(&app, page, Shelf::People, id, submission).await
}

/// `POST /registry/organisations/{id}/revelation`.
pub async fn organisation(
    State(app): State<App>,
    page: Page,
    Path(id): Path<Uuid>,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    reveal(&app, page, Shelf::Organisations, id, submission).await
}

/// `POST /registry/places/{id}/revelation`.
pub async fn place(
    State(app): State<App>,
    page: Page,
    Path(id): Path<Uuid>,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    reveal(&app, page, Shelf::Places, id, submission).await
}

async fn reveal(
    app: &App,
    page: Page,
    shelf: Shelf,
    id: Uuid,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    let Submission { form, command } = submission;
    let revealed = match clear(app, &command, shelf, id, &form).await {
        Ok(revealed) => revealed,
        Err(error) => {
            let refusal = error.refusal();
            return match refusal.kind {
                Kind::Invalid => subject::refused(app, page, shelf, id, (&form.column, &refusal)).await,
                _ => Err(error.into()),
            };
        }
    };
    let path = format!("{}/{id}", shelf.path());
    let title = page.t1("registry-page-revealed-title", "label", &revealed.label);
    let page = page.crumb_key(shelf.path(), shelf.title()).crumb(path.clone(), revealed.name).with_title_text(title);
    let mut response = render(&RevelationPage {
        label: revealed.label,
        value: revealed.value,
        purpose: form.purpose,
        at: command.now,
        path,
        page,
    })?;
    // Beginning with no-store, so that neither a browser nor the table of answers to repeats keeps it.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A value in clear, with what its page says beside it.
struct Revealed {
    name: String,
    label: String,
    value: String,
}

/// The value that stands, opened in the same transaction that writes who read it and why.
async fn clear(app: &App, command: &Command, shelf: Shelf, id: Uuid, form: &Form) -> Result<Revealed, RegistryError> {
    if form.purpose.chars().count() < PURPOSE_CHARS_MIN {
        return Err(RegistryError::Field("purpose", "registry-page-purpose"));
    }
    let mut work = Work::begin(app, command).await?;
    let scopes = command.actor.scopes(REVEAL);
    let reading = reading(app, work.conn(), shelf.kind(), id, &scopes).await?;
    let schema = standards::schema(work.conn(), shelf.kind(), None).await?;
    let at = schema.position(&form.column).filter(|at| schema.attributes[*at].sensitive);
    let at = at.ok_or(RegistryError::AttributeUnknown)?;
    let record = reading.standing(at).ok_or(RegistryError::RecordNotFound)?;
    let provider = store::providers(work.conn(), &[record.provider_no]).await?.into_iter().next();
    // The column and never the value: the audit is read by more people than the record is.
    let facts = json!({ "kind": shelf.kind().word(), "column": form.column });
    let mut entry = Entry::new("registry.record.revealed", id).purpose(&form.purpose).detail(facts);
    if let Some(provider) = provider {
        entry = entry.organisation(provider.organisation_id);
    }
    work.audit(entry);
    work.commit().await?;
    let value = record.value(at).unwrap_or_default().to_owned();
    Ok(Revealed { name: reading.name().to_owned(), label: schema.attributes[at].label.clone(), value })
}
