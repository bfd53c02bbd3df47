//! Names of departments in files that nobody has explained yet: for each, which organisation it is.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::OrganisationId;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, Submission, redirect, render, render_with};

use super::super::store::imports::{self, WaitingName};
use super::super::{MANAGE, store};
use super::choices;

const PATH: &str = "/hotline/suggestion/names";
/// The choice that leaves rows of a name out.
const LEFT_OUT: &str = "left-out";

#[derive(Template)]
#[template(path = "hotline/suggestion_names.html")]
struct NamesPage {
    page: Page,
    rows: Paged<WaitingName>,
    choices: Vec<(String, String)>,
    pager: String,
    refused: String,
}

async fn names(app: &App, page: Page, query: &Pairs, refused: String) -> Result<NamesPage, Failure> {
    let scopes = page.actor()?.scopes(MANAGE);
    let mut conn = app.db.read().await?;
    let rows = Paged::from_rows(imports::waiting_names(&mut conn, None, query.page()).await?, query.page());
    let organisations = store::names(&mut conn, &scopes).await?;
    let mut choices = choices(&page, "hotline-names-choose", &organisations);
    choices.push((LEFT_OUT.to_owned(), page.t("hotline-names-leave-out")));
    let page = page.with_title("hotline-names-title").crumb_key("/hotline/suggestion", "hotline-suggestion-title");
    Ok(NamesPage { page, rows, choices, pager: query.before_page(PATH), refused })
}

/// Names that wait.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    render(&names(&app, page, &query, String::new()).await?)
}

/// One is explained.
pub async fn explain(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let organisation = match sent.form.get("organisation") {
        LEFT_OUT => None,
        _ => match sent.form.id("organisation") {
            Some(id) => Some(OrganisationId(id)),
            None => {
                let refused = page.t("error-hotline-names-none");
                let shown = names(&app, page, &Pairs::default(), refused).await?;
                return render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
            }
        },
    };
    super::super::imports::explain(&app, &sent.command, sent.form.get("department"), organisation).await?;
    Ok(redirect(PATH))
}
