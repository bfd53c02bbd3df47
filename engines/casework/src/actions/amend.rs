//! What a case is about and where it is, put right by who keeps it: an agent mishears, a letter fits no category.
//! Limits that run keep the time they were given; those that begin later ask the new category.
use jh_core::fault::FieldError;
use jh_db::{Base, Work};

use super::doing::{Doing, Scene};
use crate::fault::CaseError;
use crate::kind::{self, Category};
use crate::model::NOTE_CHARS_MAX;
use crate::model::act::Act;
use crate::model::words::Words;
use crate::store;
use crate::store::file::FileRow;
use crate::store::step::Step;

/// The category that an amendment names, if it is another one.
///
/// # Errors
/// `category` is none of the kind's, or nothing at all would change.
pub async fn category(
    base: &Base,
    work: &mut Work,
    row: &FileRow,
    act: Act,
    doing: &Doing,
) -> Result<Option<Category>, CaseError> {
    if act != Act::Amendment {
        return Ok(None);
    }
    let given = doing.category.as_deref().filter(|code| !code.is_empty() && *code != row.category);
    let Some(code) = given else {
        let moved = doing.point.is_some_and(|point| row.point() != Some(point));
        let named = doing.address.as_ref().is_some_and(|address| *address != row.address);
        let nothing = FieldError { field: "category", code: "casework-amendment-nothing", args: Vec::new() };
        return if moved || named { Ok(None) } else { Err(CaseError::Invalid(vec![nothing])) };
    };
    let kind = kind::find(base, &row.kind).ok_or_else(|| CaseError::UnknownKind(row.kind.clone()))?;
    let found = kind.categories(work.conn()).await?.into_iter().find(|category| category.code == code);
    found.map(Some).ok_or_else(|| CaseError::field("category", "casework-category-unknown"))
}

/// Puts the case right; the step says what was written before.
pub async fn amend(work: &mut Work, row: &mut FileRow, scene: &Scene<'_>, step: &mut Step) -> Result<(), CaseError> {
    let mut changes = Vec::new();
    if let Some(category) = &scene.category {
        changes.push(format!("{} → {}", row.category_name, category.name));
        row.category.clone_from(&category.code);
        row.category_name.clone_from(&category.name);
    }
    if let Some(address) = scene.doing.address.as_ref().filter(|address| **address != row.address) {
        changes.push(format!("{} → {address}", if row.address.is_empty() { "—" } else { &row.address }));
        row.address.clone_from(address);
    }
    if let Some(point) = scene.doing.point.filter(|point| row.point() != Some(*point)) {
        let degrees = |lon: f64, lat: f64| format!("{lon:.6},{lat:.6}");
        let before = row.point().map_or_else(|| "—".to_owned(), |point| degrees(point.lon, point.lat));
        changes.push(format!("{before} → {}", degrees(point.lon, point.lat)));
        (row.lon, row.lat) = (Some(point.lon), Some(point.lat));
    }
    let note = [changes.join("\n"), scene.doing.note.clone()].join("\n");
    step.note = note.trim().chars().take(NOTE_CHARS_MAX).collect();
    let words = Words::of(&[&row.title, &row.description, &row.address, &row.category_name], row.reported_at);
    Ok(store::file::amend(work.conn(), row, &words).await?)
}
