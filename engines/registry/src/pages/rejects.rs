//! The report of a delivery: rows that did not land, by rule; and the same as a file to correct and deliver again.
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt as _};
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_web::{App, Failure, Lang, Page, encoded, render};
use serde::Deserialize;

use super::delivery;
use super::words::{FaultLine, RuleLine, given, href, pager_href, tidy};
use crate::actions::look;
use crate::fault::RegistryError;
use crate::model::DeliveryId;
use crate::report;
use crate::store::reject;
use crate::store::views::deliveries::{self as store, Shown};

/// Which part of the report.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    rule: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

#[derive(Template)]
#[template(path = "registry/rejects.html")]
struct RejectsPage {
    page: Page,
    it: Shown,
    may_submit: bool,
    chosen: String,
    rules: Vec<RuleLine>,
    rejects: Vec<FaultLine>,
    pager: String,
    number: u32,
    has_more: bool,
}

impl RejectsPage {
    fn all_href(&self) -> String {
        format!("/registry/deliveries/{}/rejects", self.it.delivery_id)
    }
}

/// `GET /registry/deliveries/{id}/rejects`.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DeliveryId>,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let request = PageRequest { page: choice.page.parse().ok(), size: Some(50) };
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    let may_submit = delivery::may_submit(&mut conn, &page, id).await?;
    let rules = store::rules(&mut conn, id).await?;
    let mut faults = reject::list(&mut conn, id, given(&choice.rule), request.offset(), request.limit()).await?;
    drop(conn);
    let has_more = faults.len() > request.size() as usize;
    faults.truncate(request.size() as usize);
    let address = href(&format!("/registry/deliveries/{id}/rejects"), &[("rule", &choice.rule)]);
    render(&RejectsPage {
        may_submit,
        rules: rules.into_iter().map(|count| RuleLine::of(&page, count)).collect(),
        rejects: faults.into_iter().map(|fault| FaultLine::of(&page, fault)).collect(),
        chosen: choice.rule,
        pager: pager_href(&address),
        number: request.number(),
        has_more,
        page: page
            .crumb_key("/registry/deliveries", "registry-page-deliveries-title")
            .crumb(format!("/registry/deliveries/{id}"), it.file_name.clone())
            .with_title("registry-page-rejects-title"),
        it,
    })
}

/// `GET /registry/deliveries/{id}/rejects.csv`: the columns as they were sent and one more that says what is wrong.
pub async fn download(State(app): State<App>, page: Page, Path(id): Path<DeliveryId>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    // The rows are in clear: only whoever delivers corrects them.
    if !delivery::may_submit(&mut conn, &page, id).await? {
        return Err(Failure::not_found());
    }
    drop(conn);
    look::downloaded(&app, &page.command(), id, OrganisationId(it.provider_id), it.rows_rejected).await?;
    Ok(file(&app, page.lang, (id, &it.file_name), &it.columns.unwrap_or_default()))
}

/// The report as a file. Read from the database a part at a time, so that a long report needs no more memory than a
/// short one.
pub fn file(app: &App, lang: Lang, (id, name): (DeliveryId, &str), columns: &[String]) -> Response {
    let (head, width) = (report::head(columns, lang), columns.len());
    let parts = stream::try_unfold((app.clone(), 0_i64), move |(app, after)| async move {
        let part = report::part(&app, id, width, after, lang).await?;
        Ok::<_, RegistryError>(part.map(|(text, last)| (text, (app, last))))
    });
    let body = Body::from_stream(stream::once(async { Ok(head) }).chain(parts));
    let disposition = disposition(id, name);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &disposition)];
    (headers, body).into_response()
}

/// Under the name of the file it came from (RFC 6266, 4.3), so that a folder of reports can be told apart.
fn disposition(id: DeliveryId, name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let full = encoded(&format!("{stem}-退回.csv"));
    format!("attachment; filename=\"rejects-{id}.csv\"; filename*=UTF-8''{full}")
}
