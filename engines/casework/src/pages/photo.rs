//! Photos of a case as pictures: small, to look at, or as they came.
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_db::Base;
use jh_web::{App, Failure, Page};
use tokio::io::AsyncReadExt as _;

use super::case::seen;
use super::case_id;
use crate::actions::MANAGE;
use crate::fault::CaseError;
use crate::store;
use crate::store::attachment::AttachmentRow;

/// Which of the pictures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// For lists.
    Small,
    /// To look at.
    Shown,
    /// As it came, with all that is in it; for who works on the case.
    Original,
}

impl Size {
    /// From an address.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "small" => Some(Self::Small),
            "shown" => Some(Self::Shown),
            "original" => Some(Self::Original),
            _ => None,
        }
    }
}

/// A photo as an answer. Pictures are drawn by us; an original is only ever offered for saving, since we did not write it.
pub async fn answer(base: &Base, row: &AttachmentRow, size: Size) -> Result<Response, Failure> {
    let digest = match size {
        Size::Small => row.small_sm3.as_ref(),
        Size::Shown => row.shown_sm3.as_ref(),
        Size::Original => Some(&row.original_sm3),
    };
    let digest: Option<[u8; 32]> = digest.and_then(|digest| digest.clone().try_into().ok());
    let mut file = base.files.open_read(&digest.ok_or(CaseError::NotFound("photo"))?).await?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.map_err(CaseError::Read)?;
    let (kind, place) = match size {
        Size::Original => ("application/octet-stream", "attachment"),
        _ => ("image/jpeg", "inline"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, place),
        (header::CACHE_CONTROL, "private, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// A photo of a case that the reader may see.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path((text, photo, size)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let size = Size::parse(&size).ok_or(CaseError::NotFound("photo"))?;
    let photo = photo.parse().map_err(|_| CaseError::NotFound("photo"))?;
    let mut conn = app.db.read().await?;
    let held = seen(&mut conn, &page, case_id(&text)?).await?;
    // What a device wrote into a picture says who took it, and where he lives: for who keeps the case, not for its holder.
    if size == Size::Original && !(held.as_centre || held.as_inspector || held.as_supervisor) {
        return Err(CaseError::OutOfScope(MANAGE).into());
    }
    let row = store::attachment::attachment(&mut conn, held.file.case_id, photo).await?;
    let row = row.ok_or(CaseError::NotFound("photo"))?;
    drop(conn);
    answer(&app, &row, size).await
}
