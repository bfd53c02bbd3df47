//! Data elements and code sets: what they mean, their versions, and importing them.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Upload, redirect, render, render_with};
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use crate::actions::standard::{Files, import};
use crate::fault::CatalogueError;
use crate::pages::{Worded, given, href, pager_href, paging, pick, tidy};
use crate::permission::STANDARD;
use crate::standard::{CodeSet, Element};
use crate::store::standard as store;

/// The largest standard file taken.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A search in the standards.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    q: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/elements.html")]
struct ElementsPage {
    page: Page,
    q: String,
    elements: Paged<Element>,
    may_manage: bool,
    href: String,
}

/// `GET /catalogue/elements`.
pub async fn elements(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let paged = paging(&choice.page);
    let mut conn = app.db.read().await?;
    let rows = store::elements_like(&mut conn, given(&choice.q), paged.limit(), paged.offset()).await?;
    drop(conn);
    let href = pager_href(&href("/catalogue/elements", &[("q", &choice.q)]));
    let may_manage = page.may(STANDARD);
    let page = page.with_title("catalogue-elements-title");
    render(&ElementsPage { page, q: choice.q, elements: Paged::from_rows(rows, paged), may_manage, href })
}

#[derive(Template)]
#[template(path = "catalogue/element.html")]
struct ElementPage {
    page: Page,
    element: Element,
    older: Vec<Element>,
    set: Option<CodeSet>,
    used: Vec<store::Use>,
}

/// `GET /catalogue/elements/{identifier}`.
pub async fn element(State(app): State<App>, page: Page, Path(identifier): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let mut versions = store::element_versions(&mut conn, &identifier).await?.into_iter();
    let element = versions.next().ok_or(CatalogueError::NotFound("element"))?;
    let set = match &element.code_set {
        Some(identifier) => store::code_set(&mut conn, identifier).await?,
        None => None,
    };
    let used = store::uses(&mut conn, &identifier).await?;
    drop(conn);
    let crumb = page.t("catalogue-elements-title");
    let title = pick(&page, &element.name, &element.name_en).to_owned();
    let page = page.with_title_text(title).crumb("/catalogue/elements", crumb);
    render(&ElementPage { page, element, older: versions.collect(), set, used })
}

#[derive(Template)]
#[template(path = "catalogue/code_sets.html")]
struct CodeSetsPage {
    page: Page,
    q: String,
    sets: Paged<CodeSet>,
    may_manage: bool,
    href: String,
}

/// `GET /catalogue/code-sets`.
pub async fn code_sets(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let paged = paging(&choice.page);
    let mut conn = app.db.read().await?;
    let rows = store::code_sets_like(&mut conn, given(&choice.q), paged.limit(), paged.offset()).await?;
    drop(conn);
    let href = pager_href(&href("/catalogue/code-sets", &[("q", &choice.q)]));
    let may_manage = page.may(STANDARD);
    let page = page.with_title("catalogue-code-sets-title");
    render(&CodeSetsPage { page, q: choice.q, sets: Paged::from_rows(rows, paged), may_manage, href })
}

#[derive(Template)]
#[template(path = "catalogue/code_set.html")]
struct CodeSetPage {
    page: Page,
    set: CodeSet,
}

/// `GET /catalogue/code-sets/{identifier}`.
pub async fn code_set(State(app): State<App>, page: Page, Path(identifier): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let set = store::code_set(&mut conn, &identifier).await?.ok_or(CatalogueError::NotFound("code-set"))?;
    drop(conn);
    let crumb = page.t("catalogue-code-sets-title");
    let title = pick(&page, &set.name, &set.name_en).to_owned();
    render(&CodeSetPage { page: page.with_title_text(title).crumb("/catalogue/code-sets", crumb), set })
}

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage {
    page: Page,
    kind: String,
    errors: FieldErrors,
}

fn import_page(page: Page, kind: String) -> ImportPage {
    let crumb = page.t("catalogue-elements-title");
    let page = page.with_title("catalogue-import-title").crumb("/catalogue/elements", crumb);
    ImportPage { page, kind, errors: FieldErrors::default() }
}

/// `GET /catalogue/standards/import`.
pub async fn import_form(page: Page) -> Result<Response, Failure> {
    render(&import_page(page, "elements".into()))
}

/// `POST /catalogue/standards/import`.
pub async fn import_file(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let kind = sent.field("kind").to_owned();
    match import_sent(&app, &sent, &kind).await {
        Ok(()) => Ok(redirect(if kind == "code_sets" { "/catalogue/code-sets" } else { "/catalogue/elements" })),
        Err(failure) if failure.refusal.kind == Kind::Invalid => {
            let mut shown = import_page(page, kind);
            shown.errors = FieldErrors::new(&shown.page, &failure.refusal);
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(failure) => Err(failure),
    }
}

async fn import_sent(app: &App, sent: &Upload, kind: &str) -> Result<(), Failure> {
    let missing = || Failure::refused(Refusal::new(Kind::Invalid, "catalogue-file-missing"));
    let uploaded = sent.file.as_ref().ok_or_else(missing)?;
    let mut bytes = Vec::new();
    let reader = app.files.open_read(&uploaded.file.sm3).await?;
    reader.take(FILE_BYTES_MAX as u64).read_to_end(&mut bytes).await.map_err(Failure::internal)?;
    let files = match kind {
        "elements" => Files { elements: &bytes, ..Files::default() },
        "code_sets" => Files { code_sets: &bytes, ..Files::default() },
        _ => return Err(missing()),
    };
    import(app, &sent.command, &files).await.map_err(|error| {
        let mut failure = Failure::refused(error.refusal());
        failure.cause = error.to_string().into();
        failure
    })?;
    Ok(())
}
