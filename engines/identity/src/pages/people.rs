//! Staff accounts: the list, and making a new one.
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::paging::PageRequest;
use jh_web::{App, Failure, FieldErrors, Page, Submission, render, render_with};
use serde::Deserialize;

use super::{address, on_form, shown_once, suggestions, wanted};
use crate::actions::account::{NewStaff, WithOneTime, create_staff};
use crate::actions::permission;
use crate::store::account::{Filter, Listed};
use crate::store::{self, scope};

/// What the address bar asks.
#[derive(Deserialize, Default)]
pub struct Asked {
    q: Option<String>,
    organisation: Option<String>,
    state: Option<String>,
    page: Option<u32>,
}

#[derive(Template)]
#[template(path = "identity/people.html")]
struct PeoplePage {
    page: Page,
    q: String,
    organisation: String,
    state: String,
    states: Vec<(String, String)>,
    suggestions: Vec<(String, String)>,
    unknown_organisation: bool,
    people: Vec<Listed>,
    number: u32,
    has_more: bool,
    pager: String,
}

/// Staff within the actor's scope.
pub async fn list(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let reach = scope(page.actor()?, permission::ACCOUNT);
    let organisation = wanted(asked.organisation.as_ref());
    let under = match &organisation {
        Some(text) => store::organisation::named(&mut conn, reach.as_deref(), text).await?.first().map(|(id, _)| *id),
        None => None,
    };
    let state = asked.state.as_deref().filter(|state| matches!(*state, "working" | "suspended"));
    let text = wanted(asked.q.as_ref());
    let filter = Filter {
        text: text.clone(),
        under,
        suspended: state.map(|state| state == "suspended"),
        english: page.english(),
    };
    let unknown_organisation = organisation.is_some() && under.is_none();
    let request = PageRequest { page: asked.page, size: Some(50) };
    let mut people = match unknown_organisation {
        true => Vec::new(),
        false => store::account::list(&mut conn, reach.as_deref(), &filter, page.now(), request).await?,
    };
    let has_more = people.len() > request.size() as usize;
    people.truncate(request.size() as usize);
    let suggestions = suggestions(&mut conn, reach.as_deref()).await?;
    let pager = address(
        "/identity/accounts",
        &[("q", text.as_deref()), ("organisation", organisation.as_deref()), ("state", state)],
    );
    let states =
        [("", "identity-state-any"), ("working", "identity-state-working"), ("suspended", "identity-state-suspended")];
    let states = states.iter().map(|(value, key)| ((*value).to_owned(), page.t(key))).collect();
    render(&PeoplePage {
        page: page.with_title("identity-accounts-title"),
        q: text.unwrap_or_default(),
        organisation: organisation.unwrap_or_default(),
        state: state.unwrap_or_default().to_owned(),
        states,
        suggestions,
        unknown_organisation,
        people,
        number: request.number(),
        has_more,
        pager,
    })
}

/// A new account as sent.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    username: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    organisation: String,
}

#[derive(Template)]
#[template(path = "identity/person_new.html")]
struct NewPage {
    page: Page,
    form: Form,
    suggestions: Vec<(String, String)>,
    errors: FieldErrors,
}

async fn new_page(app: &App, page: Page, form: Form, answer: (StatusCode, FieldErrors)) -> Result<Response, Failure> {
    let reach = scope(page.actor()?, permission::ACCOUNT);
    let suggestions = suggestions(&mut *app.db.read().await?, reach.as_deref()).await?;
    let list = page.t("identity-accounts-title");
    let page = page.crumb("/identity/accounts", list).with_title("identity-account-new-title");
    let (status, errors) = answer;
    render_with(status, &NewPage { page, form, suggestions, errors })
}

/// The form for a new account.
pub async fn new(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let form = Form { organisation: asked.organisation.unwrap_or_default(), ..Form::default() };
    new_page(&app, page, form, (StatusCode::OK, FieldErrors::default())).await
}

/// Makes an account and shows its one-time password.
pub async fn submit_new(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = NewStaff { username: &form.username, name: &form.name, organisation: &form.organisation };
    match create_staff(&app, &command, &input).await {
        Ok(made) => one_time(page, &made, form.username.trim().to_lowercase(), form.name),
        Err(error) => {
            let answer = on_form(&page, error)?;
            new_page(&app, page, form, answer).await
        }
    }
}

#[derive(Template)]
#[template(path = "identity/one_time.html")]
struct OneTimePage {
    page: Page,
    href: String,
    username: String,
    name: String,
    password: String,
}

/// Shows a one-time password, once.
pub(super) fn one_time(page: Page, made: &WithOneTime, username: String, name: String) -> Result<Response, Failure> {
    let list = page.t("identity-accounts-title");
    let page = page.crumb("/identity/accounts", list).with_title("identity-one-time-title");
    let href = format!("/identity/accounts/{}", made.id);
    let shown = OneTimePage { page, href, username, name, password: made.password.reveal().to_owned() };
    Ok(shown_once(render(&shown)?))
}
