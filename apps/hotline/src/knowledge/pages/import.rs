//! Many entries from one file: the form, the file to fill in, and what became of the rows.
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::fault::{Fault, FieldError};
use jh_web::{App, Failure, Page, Upload, render, render_with};
use tokio::io::AsyncReadExt as _;

use super::super::import::{BYTES_MAX, COLUMNS, Imported, ROWS_MAX, RowFault, import};
use crate::fault::HotlineError;

/// Rows with faults that the page shows; whoever has more mends these first.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "hotline/knowledge_import.html")]
struct ImportPage {
    page: Page,
    columns: [&'static str; 11],
    rows_max: usize,
    /// Why nothing was read.
    refused: String,
    done: Option<Imported>,
}

impl ImportPage {
    fn new(page: Page, refused: String, done: Option<Imported>) -> Self {
        let page = page.with_title("hotline-knowledge-import-title");
        let page = page.crumb_key("/hotline/knowledge", "hotline-knowledge-title");
        Self { page, columns: COLUMNS, rows_max: ROWS_MAX, refused, done }
    }

    fn shown<'a>(&self, done: &'a Imported) -> &'a [RowFault] {
        &done.refused[..done.refused.len().min(SHOWN)]
    }

    fn column(&self, name: &str) -> String {
        self.page.t(&format!("hotline-knowledge-column-{}", name.replace('_', "-")))
    }

    fn fault(&self, fault: &FieldError) -> String {
        self.page.ta(&format!("error-{}", fault.code), &fault.args)
    }
}

/// The form.
pub async fn show(page: Page) -> Result<Response, Failure> {
    page.actor()?;
    render(&ImportPage::new(page, String::new(), None))
}

/// The file to fill in: the heading and one row as an example. With a byte order mark, by which spreadsheets know UTF-8.
pub async fn template(page: Page) -> Result<Response, Failure> {
    page.actor()?;
    let example = COLUMNS.map(|name| page.t(&format!("hotline-knowledge-example-{}", name.replace('_', "-"))));
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(COLUMNS).and_then(|()| writer.write_record(&example)).map_err(Failure::internal)?;
    let bytes = writer.into_inner().map_err(Failure::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"knowledge.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

/// Reads the file and shows what became of its rows.
pub async fn submit(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let outcome = match &sent.file {
        Some(uploaded) => {
            let mut bytes = Vec::new();
            let file = app.files.open_read(&uploaded.file.sm3).await?;
            file.take(BYTES_MAX as u64).read_to_end(&mut bytes).await.map_err(Failure::internal)?;
            import(&app, &sent.command, &bytes).await
        }
        None => Err(HotlineError::File("hotline-knowledge-file-none")),
    };
    match outcome {
        Ok(done) => render(&ImportPage::new(page, String::new(), Some(done))),
        Err(error @ HotlineError::File(_)) => {
            let refusal = error.refusal();
            let refused = page.ta(&format!("error-{}", refusal.code), &refusal.args);
            render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &ImportPage::new(page, refused, None))
        }
        Err(error) => Err(error.into()),
    }
}
