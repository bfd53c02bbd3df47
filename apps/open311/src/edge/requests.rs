//! Reports: posted, listed, and one by one. What is shown is what the case engine says the public may see, and never who reported.
use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use casework::api::{PublicAsk, PublicRow};
use jh_web::{App, Failure, Page, Pairs, Peer};

use super::{Answered, FORM_BYTES_MAX, answer, file, setting};
use crate::asked::{self, Asked};
use crate::document::{Document, Format, Node};
use crate::fault::Open311Error;
use crate::form::merged;
use crate::intake::{self, Post, Taken};
use crate::shown::{self, Shown, request};

/// `GET /open311/v2/requests.{format}`
pub async fn list(State(app): State<App>, page: Page, arguments: Pairs) -> Response {
    let format = Format::of(&page.path);
    answer(&page, format, listed(&app, &page, &arguments).await)
}

async fn listed(app: &App, page: &Page, arguments: &Pairs) -> Answered {
    setting(app, arguments).await?;
    let asked = asked::read(arguments, page.now())?;
    found(app, page, &asked).await.map(|rows| Document::list("service_requests", "request", rows))
}

/// `GET /open311/v2/requests/{service_request_id}.{format}`
pub async fn show(
    State(app): State<App>,
    page: Page,
    arguments: Pairs,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let format = Format::of(&page.path);
    let given = path.map(|Path(given)| given).unwrap_or_default();
    let found = one(&app, &page, &arguments, &given).await;
    answer(&page, format, found.map(|body| Document::list("service_requests", "request", vec![body])))
}

/// `GET /open311/v2/request/{service_request_id}.{format}`: the specification says `requests/…` and a list of one, the published
/// Swagger this address and the report by itself. Who follows either finds it.
pub async fn alone(
    State(app): State<App>,
    page: Page,
    arguments: Pairs,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let format = Format::of(&page.path);
    let given = path.map(|Path(given)| given).unwrap_or_default();
    let found = one(&app, &page, &arguments, &given).await;
    answer(&page, format, found.map(|body| Document { root: "request", body }))
}

async fn one(app: &App, page: &Page, arguments: &Pairs, given: &str) -> Result<Node, Failure> {
    let (number, _) = file(given)?;
    setting(app, arguments).await?;
    if let Some(row) = found(app, page, &Asked::one(number)).await?.pop() {
        return Ok(row);
    }
    let case = casework::api::by_number(&mut *app.db.read().await?, number).await?;
    let merged = case.filter(|case| case.merged_into.is_some() && case.shown != "nothing");
    let merged = merged.ok_or(Open311Error::NotFound("request"))?;
    let row = told(app, page, vec![shown::merged(merged)]).await?.pop();
    Ok(row.ok_or(Open311Error::NotFound("request"))?)
}

/// The rows of a question, read a hundred at a time.
async fn found(app: &App, page: &Page, asked: &Asked) -> Result<Vec<Node>, Failure> {
    let mut conn = app.db.read().await?;
    let mut rows = Vec::new();
    for slice in asked.slices() {
        let ask = PublicAsk {
            numbers: asked.numbers.as_deref(),
            kinds: None,
            categories: asked.services.as_deref(),
            frame: asked.frame,
            closed: asked.closed,
            from_at: asked.stretch.map(|(from, _)| from),
            to_at: asked.stretch.map(|(_, to)| to),
            page: slice,
        };
        let mut part = casework::api::public(&mut conn, &ask).await?;
        let more = part.len() > slice.size() as usize;
        part.truncate(slice.size() as usize);
        rows.append(&mut part);
        if !more {
            break;
        }
    }
    drop(conn);
    told(app, page, rows).await
}

/// Cases in the words of the specification.
async fn told(app: &App, page: &Page, rows: Vec<PublicRow>) -> Result<Vec<Node>, Failure> {
    let mut conn = app.db.read().await?;
    let known = casework::api::categories(app, &mut conn, false).await?;
    let names = known.into_iter().map(|(_, one)| (one.code, (one.name, one.name_en))).collect::<HashMap<_, _>>();
    let versions = rows.iter().map(|row| (row.kind.clone(), row.version));
    let stages = casework::api::stage_names(page, app, &mut conn, versions).await?;
    let cases: Vec<_> = rows.iter().map(|row| row.case_id).collect();
    let photos = casework::api::photos_shown(&mut conn, &cases).await?.into_iter().collect();
    let shown = Shown { names: &names, stages: &stages, photos: &photos };
    Ok(rows.iter().map(|row| request(page, row, &shown)).collect())
}

/// `GET /open311/v2/requests/{service_request_id}/photos/{photo}`: where `media_url` leads, for as long as the photo is shown.
pub async fn photo(
    State(app): State<App>,
    page: Page,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let (number, photo) = path.map(|Path(given)| given).unwrap_or_default();
    match picture(&app, &number, &photo).await {
        Ok(picture) => picture,
        Err(failure) => answer(&page, Format::Xml, Err(failure)),
    }
}

async fn picture(app: &App, number: &str, photo: &str) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let numbers = [number.to_owned()];
    let ask = PublicAsk { numbers: Some(&numbers), ..PublicAsk::default() };
    let case = casework::api::public(&mut conn, &ask).await?.into_iter().next();
    let case = case.ok_or(Open311Error::NotFound("request"))?;
    let all = casework::api::attachments(&mut conn, case.case_id).await?;
    let row = all.into_iter().find(|row| row.shown && row.attachment_id.to_string() == photo);
    let row = row.ok_or(Open311Error::NotFound("photo"))?;
    drop(conn);
    casework::api::photo_answer(app, &row, casework::api::Size::Shown).await
}

/// `POST /open311/v2/requests.{format}`
pub async fn post(
    State(app): State<App>,
    page: Page,
    Peer(peer): Peer,
    query: Pairs,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let format = Format::of(&page.path);
    let given_key = headers.get("idempotency-key").map(|value| value.to_str().unwrap_or(""));
    let taken = match form(&headers, body) {
        Ok(form) => {
            let form = merged(query, form);
            let post = Post { form: &form, given_key, peer, command: page.command() };
            taken(&app, &page, post).await
        }
        Err(error) => Err(error.into()),
    };
    answer(&page, format, taken)
}

fn form(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Pairs, Open311Error> {
    let body = body.map_err(|_| Open311Error::TooLarge)?;
    if body.len() > FORM_BYTES_MAX {
        return Err(Open311Error::TooLarge);
    }
    let kind = headers.get(header::CONTENT_TYPE).map_or(b"".as_slice(), header::HeaderValue::as_bytes);
    // Some clients put everything into the address, as the published Swagger says, and send nothing else.
    if body.is_empty() {
        return Ok(Pairs::default());
    }
    if !kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded") {
        return Err(Open311Error::parameter("open311-form-type"));
    }
    let text = std::str::from_utf8(&body).map_err(|_| Open311Error::parameter("open311-form-unreadable"))?;
    serde_html_form::from_str(text).map_err(|_| Open311Error::parameter("open311-form-unreadable"))
}

async fn taken(app: &App, page: &Page, post: Post<'_>) -> Answered {
    let setting = setting(app, post.form).await?;
    let id = match intake::take(app, &setting, post).await? {
        Taken::Number { number, unread } => {
            let notice = if unread { "open311-notice-unread" } else { "open311-notice-taken" };
            vec![("service_request_id", Node::Text(number)), ("service_notice", Node::Text(page.t(notice)))]
        }
        Taken::Token(token) => {
            vec![("token", Node::Text(token)), ("service_notice", Node::Text(page.t("open311-notice-held")))]
        }
    };
    Ok(Document::list("service_requests", "request", vec![Node::Fields(id)]))
}
