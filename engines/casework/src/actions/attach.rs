//! Photos of a case: kept as they came for who works on it, and drawn anew, without a word about who took them where, for everybody else.
use jh_core::actor::Command;
use jh_db::files::FileRef;
use jh_db::{Base, Work};
use tokio::io::AsyncReadExt as _;

use super::doing::{Doing, act_in};
use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::{AttachmentId, CaseId, Point};
use crate::photo::{self, FILE_BYTES_MAX};
use crate::store;
use crate::store::attachment::AttachmentRow;

/// A photo as it was received and stored.
#[derive(Clone, Debug)]
pub struct PhotoFile {
    /// The name the sender gave it.
    pub name: String,
    /// Its digest and size in the file store.
    pub file: FileRef,
}

/// A photo that can be kept: looked at, and drawn anew.
#[derive(Clone, Debug)]
pub struct Picture {
    name: String,
    original: FileRef,
    shown: FileRef,
    small: FileRef,
    media_type: &'static str,
    /// When the device says that it was taken.
    pub taken_at: Option<time::OffsetDateTime>,
    /// Where the device says that it was taken.
    pub point: Option<Point>,
}

/// Looks at a stored file and draws both its pictures; before a case is opened, since a photo that cannot be read refuses the report.
pub async fn prepare(base: &Base, photo: PhotoFile) -> Result<Picture, CaseError> {
    if photo.file.size > FILE_BYTES_MAX as u64 {
        return Err(photo::PhotoFault::FileTooLarge(usize::try_from(photo.file.size).unwrap_or(usize::MAX)).into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(photo.file.size).unwrap_or(0));
    let mut file = base.files.open_read(&photo.file.sm3).await?;
    file.read_to_end(&mut bytes).await.map_err(CaseError::Read)?;
    let prepared = photo::process(bytes).await?;
    let shown = base.files.put(&prepared.shown.jpeg).await?;
    let small = base.files.put(&prepared.thumbnail.jpeg).await?;
    Ok(Picture {
        name: photo.name,
        original: photo.file,
        shown,
        small,
        media_type: prepared.photo.format.media_type(),
        taken_at: prepared.photo.taken_at,
        point: prepared.photo.place.and_then(|place| Point::new(place.longitude, place.latitude)),
    })
}

/// Keeps a photo with a case. `role` says as what the person added it (`reporter`, `staff`); `shown` whether the public may see it.
pub async fn keep(
    work: &mut Work,
    case_id: CaseId,
    picture: &Picture,
    role: &str,
    shown: bool,
) -> Result<AttachmentId, CaseError> {
    let row = AttachmentRow {
        case_id,
        attachment_id: AttachmentId::at(work.now()),
        kind: "photo".into(),
        name: picture.name.chars().take(200).collect(),
        media_type: picture.media_type.into(),
        size_bytes: i64::try_from(picture.original.size).unwrap_or(i64::MAX),
        original_sm3: picture.original.sm3.to_vec(),
        shown_sm3: Some(picture.shown.sm3.to_vec()),
        small_sm3: Some(picture.small.sm3.to_vec()),
        taken_at: picture.taken_at,
        lon: picture.point.map(|point| point.lon),
        lat: picture.point.map(|point| point.lat),
        added_at: work.now(),
        added_by: work.actor().name.to_string(),
        added_role: role.to_owned(),
        shown,
    };
    store::attachment::insert_attachment(work.conn(), &row).await?;
    Ok(row.attachment_id)
}

/// Looks at a photo and keeps it with a case, in a transaction of the caller's.
pub async fn add_photo(
    base: &Base,
    work: &mut Work,
    case_id: CaseId,
    photo: PhotoFile,
    role: &str,
    shown: bool,
) -> Result<AttachmentId, CaseError> {
    let picture = prepare(base, photo).await?;
    keep(work, case_id, &picture, role, shown).await
}

/// Does an act with a photo: an inspection, a result, or adding the photo itself.
pub async fn act_with(
    base: &Base,
    command: &Command,
    id: CaseId,
    act: Act,
    mut doing: Doing,
    photo: Option<PhotoFile>,
) -> Result<super::doing::Done, CaseError> {
    let picture = match photo {
        Some(photo) => Some(prepare(base, photo).await?),
        None => None,
    };
    let mut work = Work::begin(base, command).await?;
    doing.photo = picture.is_some();
    let done = act_in(base, &mut work, id, act, doing).await?;
    if let Some(picture) = &picture {
        keep(&mut work, id, picture, "staff", false).await?;
    }
    work.commit().await?;
    Ok(done)
}
