//! Changes that bring a file: it goes straight into the file store, never into memory. A form brings it after its token and
//! key; a program sends it as the body. If the change is refused, the file goes again.
use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::PoisonError;

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use http_body::Body as _;
use jh_core::actor::Command;
use jh_core::fault::Kind;
use jh_db::files::{FileRef, FileWriter};

use crate::app::App;
use crate::failure::Failure;
use crate::submission::{Hidden, admit, too_large, visit_of};
use crate::visit::Visit;

/// The most text fields beside the file.
const FIELDS_MAX: usize = 40;
/// The longest text field beside the file.
const FIELD_BYTES_MAX: usize = 16 * 1024;
/// The one part of a form that may be a file.
const FILE_FIELD: &str = "file";

/// A file as it was received and durably stored.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// The name the sender gave it, without any folder.
    pub name: String,
    /// Its digest and size in the file store.
    pub file: FileRef,
}

/// A multipart form of ours.
pub struct Upload {
    /// The text fields.
    pub fields: HashMap<String, String>,
    /// The file, if one was chosen.
    pub file: Option<UploadedFile>,
    /// Who, when, and under which key.
    pub command: Command,
}

impl Upload {
    /// A text field, empty when absent.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Adds what was sent to what the key stands for: in the order of the names, for the map has none. The form's token
    /// belongs to the session and not to the content.
    fn cover(&self, visit: &Visit) {
        let fields: BTreeMap<_, _> = self.fields.iter().filter(|(name, _)| *name != "_csrf").collect();
        for (name, value) in fields {
            visit.cover(name.as_bytes());
            visit.cover(value.as_bytes());
        }
        if let Some(sent) = &self.file {
            visit.cover(sent.name.as_bytes());
            visit.cover(&sent.file.sm3);
        }
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let visit = visit_of(request.extensions())?;
        let mut form = Multipart::from_request(request, app).await.map_err(|_| broken())?;
        let (mut fields, mut file, mut command) = (HashMap::new(), None, None);
        while let Some(field) = form.next_field().await.map_err(|e| refused(&e))? {
            let name = field.name().unwrap_or("").to_owned();
            if field.file_name().is_none() {
                if fields.len() >= FIELDS_MAX {
                    return Err(broken());
                }
                fields.insert(name, text(field).await?);
                continue;
            }
            // Each file costs a place on the disk, so nobody sends more of them than the form asks for.
            if name != FILE_FIELD || command.is_some() {
                return Err(Failure::new(Kind::Invalid, "one-file-only"));
            }
            // Nothing of a file is kept for someone who has not shown the form's token.
            command = Some(admit(app, &visit, &hidden(&fields))?);
            file = store(app, &visit, field).await?;
        }
        let command = match command {
            Some(command) => command,
            None => admit(app, &visit, &hidden(&fields))?,
        };
        let sent = Self { fields, file, command };
        sent.cover(&visit);
        Ok(sent)
    }
}

fn hidden(fields: &HashMap<String, String>) -> Hidden {
    let take = |name| fields.get(name).cloned().unwrap_or_default();
    Hidden { _csrf: take("_csrf"), _key: take("_key") }
}

async fn text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| refused(&e))? {
        if bytes.len() + chunk.len() > FIELD_BYTES_MAX {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

async fn store(app: &App, visit: &Visit, mut field: Field<'_>) -> Result<Option<UploadedFile>, Failure> {
    let name = field.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("").to_owned();
    if name.is_empty() {
        return Ok(None);
    }
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let mut writer = app.files.writer(u64::MAX).await?;
    // The route's body limit ends an upload that is too long.
    while let Some(chunk) = field.chunk().await.map_err(|e| refused(&e))? {
        writer.write(&chunk).await?;
    }
    let file = keep(visit, writer).await?;
    Ok(Some(UploadedFile { name, file }))
}

/// Finishes a file and remembers that this request brought it.
async fn keep(visit: &Visit, writer: FileWriter) -> Result<FileRef, Failure> {
    let receipt = writer.finish_receipt().await?;
    let file = receipt.file;
    visit.taken.lock().unwrap_or_else(PoisonError::into_inner).push(receipt);
    Ok(file)
}

/// A body that is a file: an extractor, which stores nothing until the handler says so.
pub struct FileBody {
    body: Body,
    app: App,
    visit: Visit,
}

impl FromRequest<App> for FileBody {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let visit = visit_of(request.extensions())?;
        Ok(Self { body: request.into_body(), app: app.clone(), visit })
    }
}

impl FileBody {
    /// Stores the body, up to `limit_bytes`.
    pub async fn store(mut self, limit_bytes: u64) -> Result<FileRef, Failure> {
        let mut writer = self.app.files.writer(limit_bytes).await?;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context)).await {
            // The sender hung up, or its chunks cannot be read.
            let frame = frame.map_err(|_| Failure::new(Kind::Invalid, "malformed-request"))?;
            if let Ok(bytes) = frame.into_data() {
                writer.write(&bytes).await?;
            }
        }
        let file = keep(&self.visit, writer).await?;
        self.visit.cover(&file.sm3);
        Ok(file)
    }
}

/// Gives back the files of a request that was refused. Only after a plain refusal: after our own fault or a time-out
/// nobody can say whether the change was committed, and what it left is swept when a day has passed.
pub(crate) async fn give_back(app: &App, visit: &Visit, status: StatusCode) {
    let taken = std::mem::take(&mut *visit.taken.lock().unwrap_or_else(PoisonError::into_inner));
    if taken.is_empty() || !status.is_client_error() {
        return;
    }
    if let Err(error) = jh_db::files::give_back(app, &taken).await {
        tracing::warn!(%error, "a refused file could not be given back; it is swept tomorrow");
    }
}

fn broken() -> Failure {
    Failure::new(Kind::Invalid, "malformed-form")
}

fn refused(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { broken() }
}
