//! Versions of procedures: the one that comes with the program is installed when first needed; a city's own take its place.
use jh_core::actor::Command;
use jh_crypto::sm3;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use uuid::Uuid;

use super::CONFIGURE;
use crate::fault::CaseError;
use crate::kind::{self, CaseKind};
use crate::model::procedure::{Procedure, Unsound};
use crate::store;
use crate::store::procedure::VersionRow;

/// The number of the version that new cases of a kind begin with. The definition that came with this program is installed if
/// nobody of the city wrote one.
pub async fn current(base: &Base, work: &mut Work, kind: &dyn CaseKind) -> Result<i32, CaseError> {
    let newest = store::procedure::newest(work.conn(), kind.code()).await?;
    let shipped = sm3::digest(kind.procedure().as_bytes()).to_vec();
    match &newest {
        // A city's own version stands until the city changes it, and this program's is installed already.
        Some(row) if row.shipped.as_ref().is_none_or(|known| *known == shipped) => return Ok(row.version),
        _ => {}
    }
    let content = kind::shipped(kind).ok_or_else(|| CaseError::UnknownKind(kind.code().to_owned()))?;
    let row = VersionRow {
        kind: kind.code().to_owned(),
        version: newest.map_or(1, |row| row.version + 1),
        name: content.name.clone(),
        name_en: content.name_en.clone(),
        held_stage: content.held.clone(),
        shipped: Some(shipped),
        note: String::new(),
        published_at: base.clock.now(),
        published_by: "jianghai".into(),
    };
    content.check().map_err(CaseError::Unsound)?;
    // Two cases may be the first at once: whoever comes second uses what the first wrote.
    store::procedure::insert(work.conn(), &row, &content).await?;
    Ok(row.version)
}

/// Publishes a new version of a kind's procedure. Running cases keep theirs.
pub async fn publish(
    base: &Base,
    command: &Command,
    kind_code: &str,
    content: Procedure,
    note: &str,
) -> Result<i32, CaseError> {
    let kind =
        kind::find(base, kind_code).ok_or_else(|| CaseError::UnknownKind(kind_code.chars().take(60).collect()))?;
    content.check().map_err(CaseError::Unsound)?;
    let mut work = Work::begin(base, command).await?;
    at_root(&mut work).await?;
    let before = current(base, &mut work, kind.as_ref()).await?;
    let row = VersionRow {
        kind: kind_code.to_owned(),
        version: before + 1,
        name: content.name.clone(),
        name_en: content.name_en.clone(),
        held_stage: content.held.clone(),
        shipped: None,
        note: note.trim().chars().take(200).collect(),
        published_at: command.now,
        published_by: command.actor.name.to_string(),
    };
    if !store::procedure::insert(work.conn(), &row, &content).await? {
        return Err(CaseError::MovedOn);
    }
    let detail = json!({ "kind": kind_code, "version": row.version, "note": row.note });
    work.audit(Entry::new("casework.procedure.published", subject(kind_code)).detail(detail.clone()));
    work.emit("casework.procedure.published", subject(kind_code), detail);
    work.commit().await?;
    Ok(row.version)
}

/// A kind as the subject of an audit row: made of its code, for it has no id of its own.
fn subject(kind_code: &str) -> Uuid {
    let digest = sm3::digest(kind_code.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes)
}

/// Procedures and the calendar are the whole city's.
pub async fn at_root(work: &mut Work) -> Result<(), CaseError> {
    let scopes = work.actor().scopes(CONFIGURE);
    let root = identity::api::root(work.conn()).await?.ok_or(CaseError::OutOfScope(CONFIGURE))?;
    match store::organisation::organisation_within(work.conn(), root, &scopes).await? {
        Some(_) => Ok(()),
        None => Err(CaseError::OutOfScope(CONFIGURE)),
    }
}

/// Whether every registered kind has a procedure that can be read and that cases can live by: looked at when the program starts.
pub fn check_all(base: &Base) -> Result<(), Unsound> {
    for kind in base.services.all::<dyn CaseKind>() {
        let content = kind::shipped(kind.as_ref());
        let content = content.ok_or_else(|| Unsound { code: "unreadable", place: kind.code().to_owned() })?;
        content.check().map_err(|wrong| Unsound { place: format!("{}: {}", kind.code(), wrong.place), ..wrong })?;
    }
    Ok(())
}
