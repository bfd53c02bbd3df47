//! The page of keys and the form of the setting, for whoever looks after the interface.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jh_core::fault::Kind;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};

use crate::actions::{self, Issued, NewSetting};
use crate::fault::Open311Error;
use crate::store::{self, KeyRow};

/// Organisations offered under the centre's field.
const OFFERED_MAX: usize = 60;

#[derive(Template)]
#[template(path = "open311/keys.html")]
struct KeysPage {
    page: Page,
    /// What the setting says, in words.
    facts: Vec<(&'static str, String)>,
    rows: Paged<KeyRow>,
    pager: String,
    name: String,
    contact: String,
    errors: FieldErrors,
}

async fn keys_page(
    app: &App,
    page: Page,
    query: &Pairs,
    form: &Pairs,
    (status, errors): (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    actions::at_the_root(&mut conn, page.actor()?).await?;
    let rows = Paged::from_rows(store::keys(&mut conn, query.page()).await?, query.page());
    let facts = facts(&mut conn, &page).await?;
    let pager = query.before_page("/open311/keys");
    let page = page.with_title("open311-keys-title");
    let (name, contact) = (form.get("name").to_owned(), form.get("contact").to_owned());
    render_with(status, &KeysPage { page, facts, rows, pager, name, contact, errors })
}

async fn facts(conn: &mut sqlx::PgConnection, page: &Page) -> Result<Vec<(&'static str, String)>, Open311Error> {
    let setting = store::setting(conn).await?;
    let centre = match setting.centre_id {
        Some(id) => {
            identity::api::organisation(conn, jh_core::actor::OrganisationId(id)).await?.map(|found| found.name)
        }
        None => None,
    };
    let yes = |yes: bool| page.t(if yes { "open311-yes" } else { "open311-no" });
    let any = page.t("open311-jurisdiction-any");
    Ok(vec![
        ("open311-address", format!("{}/open311/v2", page.public_url())),
        ("open311-centre", centre.unwrap_or_else(|| page.t("open311-centre-none"))),
        ("open311-jurisdiction", if setting.jurisdiction.is_empty() { any } else { setting.jurisdiction }),
        ("open311-anonymous", yes(setting.anonymous)),
        ("open311-held", yes(setting.held)),
        ("open311-posts", page.number(setting.posts_a_minute)),
    ])
}

/// The keys, and the form for one more.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    keys_page(&app, page, &query, &Pairs::default(), (StatusCode::OK, FieldErrors::default())).await
}

#[derive(Template)]
#[template(path = "open311/key_shown.html")]
struct ShownPage {
    page: Page,
    issued: Issued,
}

/// What a form is shown again with; anything but a broken rule is a failure.
fn on_form(page: &Page, error: Open311Error) -> Result<(StatusCode, FieldErrors), Failure> {
    let failure = Failure::from(error);
    match failure.refusal.kind {
        Kind::Invalid if !failure.refusal.fields.is_empty() => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::new(page, &failure.refusal)))
        }
        _ => Err(failure),
    }
}

/// Issues a key and shows it, this once.
pub async fn issue(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Pairs>,
) -> Result<Response, Failure> {
    match actions::issue(&app, &command, form.get("name"), form.get("contact")).await {
        Ok(issued) => {
            let page = page.crumb_key("/open311/keys", "open311-keys-title").with_title("open311-key-shown-title");
            let mut response = render(&ShownPage { page, issued })?;
            // Kept nowhere: neither by a browser, nor for a repeat of the form.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
            Ok(response)
        }
        Err(error) => {
            let answer = on_form(&page, error)?;
            keys_page(&app, page, &Pairs::default(), &form, answer).await
        }
    }
}

/// Revokes a key.
pub async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    actions::revoke(&app, &command, id).await?;
    Ok(redirect("/open311/keys"))
}

#[derive(Template)]
#[template(path = "open311/setting.html")]
struct SettingPage {
    page: Page,
    new: NewSetting,
    posts: String,
    offered: Vec<(String, String)>,
    errors: FieldErrors,
}

async fn setting_page(
    app: &App,
    page: Page,
    form: Option<&Pairs>,
    (status, errors): (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    actions::at_the_root(&mut conn, page.actor()?).await?;
    let new = match form {
        Some(form) => read(form),
        None => stored(&mut conn).await?,
    };
    let tree = identity::api::tree(&mut conn).await.map_err(Open311Error::from)?;
    let offered = tree.into_iter().map(|one| (one.code, one.name)).take(OFFERED_MAX).collect();
    let posts = form.map_or_else(
        || new.posts_a_minute.map(|n| n.to_string()).unwrap_or_default(),
        |form| form.get("posts_a_minute").to_owned(),
    );
    let page = page.crumb_key("/open311/keys", "open311-keys-title").with_title("open311-setting-title");
    render_with(status, &SettingPage { page, new, posts, offered, errors })
}

async fn stored(conn: &mut sqlx::PgConnection) -> Result<NewSetting, Open311Error> {
    let setting = store::setting(conn).await?;
    let centre = match setting.centre_id {
        Some(id) => identity::api::organisation(conn, jh_core::actor::OrganisationId(id)).await?,
        None => None,
    };
    Ok(NewSetting {
        centre: centre.map(|found| found.code).unwrap_or_default(),
        jurisdiction: setting.jurisdiction,
        anonymous: setting.anonymous,
        held: setting.held,
        posts_a_minute: Some(setting.posts_a_minute),
        contact: setting.contact,
    })
}

fn read(form: &Pairs) -> NewSetting {
    NewSetting {
        centre: form.get("centre").to_owned(),
        jurisdiction: form.get("jurisdiction").to_owned(),
        anonymous: form.given("anonymous").is_some(),
        held: form.given("held").is_some(),
        posts_a_minute: form.whole("posts_a_minute"),
        contact: form.get("contact").to_owned(),
    }
}

/// The form of the setting.
pub async fn setting(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    setting_page(&app, page, None, (StatusCode::OK, FieldErrors::default())).await
}

/// Sets how the city takes part.
pub async fn set(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Pairs>,
) -> Result<Response, Failure> {
    match actions::set(&app, &command, &read(&form)).await {
        Ok(()) => Ok(redirect("/open311/keys")),
        Err(error) => {
            let answer = on_form(&page, error)?;
            setting_page(&app, page, Some(&form), answer).await
        }
    }
}
