//! Credentials of departments' systems: the list, issuing, rotating, revoking.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::paging::PageRequest;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::organisations::parse;
use super::session::Nothing;
use super::{address, on_form, role_words, shown_once, suggestions, wanted};
use crate::actions::credential::{Issued, NewCredential, OVERLAPS_H, issue, revoke, rotate};
use crate::actions::permission;
use crate::fault::IdentityError;
use crate::model::role::Audience;
use crate::store::credential::{CredentialId, Filter, Listed};
use crate::store::{self, scope};

/// A credential this near its end is worth a colour.
const NEAR: Duration = Duration::days(14);
/// What the form proposes.
const PROPOSED: Duration = Duration::days(180);

/// What the address bar asks.
#[derive(Deserialize, Default)]
pub struct Asked {
    q: Option<String>,
    ended: Option<String>,
    organisation: Option<String>,
    page: Option<u32>,
}

#[derive(Template)]
#[template(path = "identity/credentials.html")]
struct CredentialsPage {
    page: Page,
    q: String,
    with_ended: bool,
    credentials: Vec<Listed>,
    now: OffsetDateTime,
    number: u32,
    has_more: bool,
    pager: String,
}

impl Listed {
    /// `revoked`, `expired`, `near` or `live`.
    fn state(&self, now: &OffsetDateTime) -> &'static str {
        match self.revoked_at {
            Some(_) => "revoked",
            None if self.expires_at <= *now => "expired",
            None if self.expires_at <= *now + NEAR => "near",
            None => "live",
        }
    }
}

/// Credentials within the actor's scope.
pub async fn list(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let reach = scope(page.actor()?, permission::CREDENTIAL);
    let text = wanted(asked.q.as_ref());
    let with_ended = asked.ended.is_some();
    let filter = Filter { text: text.clone(), with_ended, english: page.english(), ..Filter::default() };
    let request = PageRequest { page: asked.page, size: Some(50) };
    let now = page.now();
    let mut conn = app.db.read().await?;
    let mut credentials = store::credential::list(&mut conn, reach.as_deref(), &filter, now, request).await?;
    let has_more = credentials.len() > request.size() as usize;
    credentials.truncate(request.size() as usize);
    let pager = address("/identity/credentials", &[("q", text.as_deref()), ("ended", with_ended.then_some("1"))]);
    render(&CredentialsPage {
        page: page.with_title("identity-credentials-title"),
        q: text.unwrap_or_default(),
        with_ended,
        credentials,
        now,
        number: request.number(),
        has_more,
        pager,
    })
}

/// The forms for issuing and rotating as sent.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    expires_on: String,
    #[serde(default)]
    overlap_h: String,
}

#[derive(Template)]
#[template(path = "identity/credential_new.html")]
struct NewPage {
    page: Page,
    form: Form,
    roles: Vec<(String, String)>,
    suggestions: Vec<(String, String)>,
    errors: FieldErrors,
}

async fn new_page(app: &App, page: Page, form: Form, answer: (StatusCode, FieldErrors)) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let actor = page.actor()?;
    let reach = scope(actor, permission::CREDENTIAL);
    let roles = store::role::list(&mut conn, Some(Audience::System)).await?;
    let roles = roles.iter().map(|role| (role.id.to_string(), role_words(&page, role).0.to_owned())).collect();
    let suggestions = suggestions(&mut conn, reach.as_deref()).await?;
    let list = page.t("identity-credentials-title");
    let page = page.crumb("/identity/credentials", list).with_title("identity-credential-new-title");
    let (status, errors) = answer;
    render_with(status, &NewPage { page, form, roles, suggestions, errors })
}

fn proposed(page: &Page) -> String {
    page.day(china_day(page.now() + PROPOSED))
}

/// The form for a new credential.
pub async fn new(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let own = page.actor()?.organisation;
    let mut organisation = asked.organisation.unwrap_or_default();
    if let (true, Some(own)) = (organisation.is_empty(), own) {
        organisation =
            store::organisation::find(&mut *app.db.read().await?, own).await?.map(|o| o.code).unwrap_or_default();
    }
    let form = Form { organisation, expires_on: proposed(&page), ..Form::default() };
    new_page(&app, page, form, (StatusCode::OK, FieldErrors::default())).await
}

/// Issues a credential and shows its token.
pub async fn submit_new(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = NewCredential {
        organisation: &form.organisation,
        name: &form.name,
        role: form.role.parse().ok(),
        expires_on: &form.expires_on,
    };
    match issue(&app, &command, &input).await {
        Ok(issued) => shown(page, issued, form.name, 0),
        Err(error) => {
            let answer = on_form(&page, error)?;
            new_page(&app, page, form, answer).await
        }
    }
}

#[derive(Template)]
#[template(path = "identity/credential_shown.html")]
struct ShownPage {
    page: Page,
    name: String,
    token: String,
    /// How long the old token goes on; nothing for a first one.
    overlap_h: i64,
}

fn shown(page: Page, issued: Issued, name: String, overlap_h: i64) -> Result<Response, Failure> {
    let list = page.t("identity-credentials-title");
    let page = page.crumb("/identity/credentials", list).with_title("identity-credential-shown-title");
    Ok(shown_once(render(&ShownPage { page, name, token: issued.token, overlap_h })?))
}

#[derive(Template)]
#[template(path = "identity/credential_rotate.html")]
struct RotatePage {
    page: Page,
    credential: Listed,
    form: Form,
    overlaps: Vec<(String, String)>,
    errors: FieldErrors,
}

fn rotate_page(
    page: Page,
    credential: Listed,
    form: Form,
    answer: (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let overlaps = OVERLAPS_H.iter().map(|hours| (hours.to_string(), page.t(&format!("identity-overlap-{hours}"))));
    let overlaps = overlaps.collect();
    let list = page.t("identity-credentials-title");
    let page = page.crumb("/identity/credentials", list).with_title("identity-credential-rotate-title");
    let (status, errors) = answer;
    render_with(status, &RotatePage { page, credential, form, overlaps, errors })
}

async fn find(app: &App, page: &Page, id: CredentialId) -> Result<Listed, Failure> {
    let reach = scope(page.actor()?, permission::CREDENTIAL);
    let filter = Filter { only: Some(id), with_ended: true, english: page.english(), ..Filter::default() };
    let one = PageRequest { page: None, size: Some(1) };
    let mut conn = app.db.read().await?;
    let found = store::credential::list(&mut conn, reach.as_deref(), &filter, page.now(), one).await?;
    Ok(found.into_iter().next().ok_or(IdentityError::CredentialNotFound)?)
}

/// The form for a new token of the same system.
pub async fn rotation(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    let credential = find(&app, &page, parse(&id)?).await?;
    let form = Form { expires_on: proposed(&page), overlap_h: "24".into(), ..Form::default() };
    rotate_page(page, credential, form, (StatusCode::OK, FieldErrors::default()))
}

/// Rotates and shows the new token.
pub async fn submit_rotation(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let credential = find(&app, &page, id).await?;
    let overlap_h = form.overlap_h.parse().unwrap_or(-1);
    match rotate(&app, &command, id, overlap_h, &form.expires_on).await {
        Ok(issued) => shown(page, issued, credential.name, overlap_h),
        Err(error) => {
            let answer = on_form(&page, error)?;
            rotate_page(page, credential, form, answer)
        }
    }
}

/// Revokes.
pub async fn submit_revocation(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    revoke(&app, &command, parse(&id)?).await?;
    Ok(redirect("/identity/credentials"))
}
