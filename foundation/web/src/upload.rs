//! A form that brings a file: token and key first, then the file straight into the file store, never into memory.
use std::collections::HashMap;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use jh_core::actor::Command;
use jh_core::fault::Kind;
use jh_db::files::FileRef;

use crate::app::App;
use crate::failure::Failure;
use crate::submission::{Hidden, admit, too_large, visit_of};

/// The most text fields beside the file.
const FIELDS_MAX: usize = 40;
/// The longest text field beside the file.
const FIELD_BYTES_MAX: usize = 16 * 1024;

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
            // Nothing of a file is kept for someone who has not shown the form's token.
            let hidden = hidden(&fields);
            command = Some(admit(app, &visit, &hidden, hidden._key.as_bytes())?);
            file = store(app, field).await?;
        }
        let command = match command {
            Some(command) => command,
            None => {
                let hidden = hidden(&fields);
                admit(app, &visit, &hidden, hidden._key.as_bytes())?
            }
        };
        Ok(Self { fields, file, command })
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

async fn store(app: &App, field: Field<'_>) -> Result<Option<UploadedFile>, Failure> {
    let name = field.file_name().unwrap_or("").rsplit(['/', '\\']).next().unwrap_or("").to_owned();
    if name.is_empty() {
        return Ok(None);
    }
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let mut writer = app.files.writer(u64::MAX).await?;
    let mut field = field;
    // The route's body limit ends an upload that is too long.
    while let Some(chunk) = field.chunk().await.map_err(|e| refused(&e))? {
        writer.write(&chunk).await?;
    }
    let file = writer.finish().await?;
    Ok(Some(UploadedFile { name, file }))
}

fn broken() -> Failure {
    Failure::new(Kind::Invalid, "malformed-form")
}

fn refused(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { broken() }
}
