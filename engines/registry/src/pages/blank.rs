//! A blank file to fill in: the header of a base kind, as this platform knows it.
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use catalogue::api::RowKind;
use jh_web::{App, Failure};
use serde::Deserialize;

use super::words::tidy;
use crate::standards;

/// Which columns.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    #[serde(deserialize_with = "tidy")]
    kind: String,
}

/// `GET /registry/deliveries/blank.csv`: in UTF-8 with the mark that spreadsheets look for.
pub async fn download(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let kind =
        RowKind::from_word(&asked.kind).filter(|kind| *kind != RowKind::Dataset).ok_or_else(Failure::not_found)?;
    let mut conn = app.db.read().await?;
    let schema = standards::schema(&mut conn, kind, None).await?;
    drop(conn);
    let labels: Vec<String> = schema.attributes.iter().map(|attribute| attribute.label.clone()).collect();
    let text = crate::report::header_line(&labels);
    let disposition = format!("attachment; filename=\"blank-{}.csv\"", kind.word());
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &disposition)];
    Ok((headers, text).into_response())
}
