//! Changing the organisation tree: a form for each of creating, renaming, moving and closing.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::{Command, OrganisationId};
use jh_core::clock::china_day;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render_with};
use serde::Deserialize;

use super::organisations::{kinds, parse, with_lineage};
use super::{on_form, suggestions};
use crate::actions::organisation::{Closure, Creation, close, create, put_under, rename};
use crate::actions::permission;
use crate::fault::IdentityError;
use crate::store::organisation::Organisation;
use crate::store::{self, scope};

/// Every field of these forms; each form sends its own.
#[derive(Deserialize, Default, Clone)]
pub struct Form {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub parent: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub short_name: String,
    #[serde(default)]
    pub division_code: String,
    #[serde(default)]
    pub opened_on: String,
    #[serde(default)]
    pub closed_on: String,
    #[serde(default)]
    pub successor: String,
}

#[derive(Template)]
#[template(path = "identity/organisation_new.html")]
struct CreationPage {
    page: Page,
    form: Form,
    kinds: Vec<(String, String)>,
    suggestions: Vec<(String, String)>,
    errors: FieldErrors,
}

async fn creation_page(
    app: &App,
    page: Page,
    form: Form,
    answer: (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let reach = scope(page.actor()?, permission::ORGANISATION);
    let suggestions = suggestions(&mut *app.db.read().await?, reach.as_deref()).await?;
    let list = page.t("identity-organisations-title");
    let page = page.crumb("/identity/organisations", list).with_title("identity-organisation-new-title");
    let kinds = kinds(&page, "identity-kind-choose");
    let (status, errors) = answer;
    render_with(status, &CreationPage { page, form, kinds, suggestions, errors })
}

/// Under which organisation the new one is to stand.
#[derive(Deserialize)]
pub struct Under {
    parent: Option<String>,
}

/// The form for a new organisation.
pub async fn new(State(app): State<App>, page: Page, Query(under): Query<Under>) -> Result<Response, Failure> {
    let form = Form { parent: under.parent.unwrap_or_default(), ..Form::default() };
    creation_page(&app, page, form, (StatusCode::OK, FieldErrors::default())).await
}

/// Creates an organisation.
pub async fn submit_new(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = Creation {
        code: &form.code,
        parent: &form.parent,
        kind: &form.kind,
        name: &form.name,
        short_name: &form.short_name,
        division_code: &form.division_code,
        opened_on: &form.opened_on,
    };
    match create(&app, &command, &input).await {
        Ok(id) => Ok(redirect(&format!("/identity/organisations/{id}?done=created"))),
        Err(error) => {
            let answer = on_form(&page, error)?;
            creation_page(&app, page, form, answer).await
        }
    }
}

/// Which change of an existing organisation a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Name,
    Parent,
    Closure,
}

impl Change {
    /// The title's Fluent key.
    fn title(self) -> &'static str {
        match self {
            Self::Name => "identity-organisation-rename-title",
            Self::Parent => "identity-organisation-move-title",
            Self::Closure => "identity-organisation-close-title",
        }
    }

    /// What the page afterwards says was done.
    fn done(self) -> &'static str {
        match self {
            Self::Name => "renamed",
            Self::Parent => "moved",
            Self::Closure => "closed",
        }
    }
}

#[derive(Template)]
#[template(path = "identity/organisation_change.html")]
struct ChangePage {
    page: Page,
    change: Change,
    organisation: Organisation,
    parent: String,
    form: Form,
    suggestions: Vec<(String, String)>,
    errors: FieldErrors,
}

async fn change_page(
    app: &App,
    page: Page,
    change: Change,
    id: OrganisationId,
    form: Option<Form>,
    answer: (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let reach = scope(page.actor()?, permission::ORGANISATION);
    // Out of scope and unknown look the same.
    store::organisation::standing(&mut conn, reach.as_deref(), id).await?.ok_or(IdentityError::OrganisationNotFound)?;
    let organisation = store::organisation::find(&mut conn, id).await?.ok_or(IdentityError::OrganisationNotFound)?;
    let parent = match organisation.parent_id {
        Some(parent) => store::organisation::find(&mut conn, parent).await?.map(|o| o.path).unwrap_or_default(),
        None => String::new(),
    };
    let suggestions = match change {
        Change::Name => Vec::new(),
        _ => suggestions(&mut conn, reach.as_deref()).await?,
    };
    let form = form.unwrap_or_else(|| Form {
        name: organisation.name.clone(),
        short_name: organisation.short_name.clone(),
        closed_on: page.day(china_day(page.now())),
        ..Form::default()
    });
    let page = with_lineage(&mut conn, page, &organisation).await?;
    let page =
        page.crumb(format!("/identity/organisations/{id}"), organisation.name.clone()).with_title(change.title());
    let (status, errors) = answer;
    render_with(status, &ChangePage { page, change, organisation, parent, form, suggestions, errors })
}

async fn show(app: &App, page: Page, change: Change, id: &str) -> Result<Response, Failure> {
    change_page(app, page, change, parse(id)?, None, (StatusCode::OK, FieldErrors::default())).await
}

async fn carry_out(
    app: &App,
    page: Page,
    change: Change,
    id: &str,
    form: Form,
    command: Command,
) -> Result<Response, Failure> {
    let id: OrganisationId = parse(id)?;
    let outcome = match change {
        Change::Name => rename(app, &command, id, &form.name, &form.short_name).await,
        Change::Parent => put_under(app, &command, id, &form.parent).await,
        Change::Closure => {
            let input = Closure { closed_on: &form.closed_on, successor: &form.successor };
            close(app, &command, id, &input).await
        }
    };
    match outcome {
        Ok(()) => Ok(redirect(&format!("/identity/organisations/{id}?done={}", change.done()))),
        Err(error) => {
            let answer = on_form(&page, error)?;
            change_page(app, page, change, id, Some(form), answer).await
        }
    }
}

/// The form for another name.
pub async fn name(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&app, page, Change::Name, &id).await
}

/// Renames.
pub async fn submit_name(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    carry_out(&app, page, Change::Name, &id, form, command).await
}

/// The form for another parent.
pub async fn parent(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&app, page, Change::Parent, &id).await
}

/// Moves.
pub async fn submit_parent(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    carry_out(&app, page, Change::Parent, &id, form, command).await
}

/// The form for closing.
pub async fn closure(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&app, page, Change::Closure, &id).await
}

/// Closes.
pub async fn submit_closure(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    carry_out(&app, page, Change::Closure, &id, form, command).await
}
