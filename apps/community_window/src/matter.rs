//! Which matters the window takes, and for whom.
use jh_core::actor::{Command, OrganisationId};
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use crate::MANAGE;
use crate::fault::WindowError;
use crate::store::{self, MatterRow};

/// A matter, as somebody writes it.
#[derive(Clone, Debug, Default)]
pub struct Matter {
    /// Empty for a new one.
    pub code: String,
    /// 2 to 200 characters.
    pub name: String,
    /// Up to 200 characters.
    pub name_en: String,
    /// Name or code of the department that decides it.
    pub organisation: String,
    /// What must be brought, one thing a line; up to 2,000 characters.
    pub materials: String,
    /// 1 to 60.
    pub working_days: i16,
    /// Whether it is taken now.
    pub active: bool,
}

/// Whether any matter is there.
pub async fn any(base: &Base) -> Result<bool, WindowError> {
    Ok(!store::list(&mut *base.db.read().await?, &[], None, false, 1, 0).await?.is_empty())
}

/// Writes a matter; answers its code.
///
/// # Errors
/// What is wrong with its fields; a department, of now or before, outside the scope; another of this name there.
pub async fn write(base: &Base, command: &Command, matter: &Matter) -> Result<String, WindowError> {
    let mut work = Work::begin(base, command).await?;
    let before = match matter.code.as_str() {
        "" => None,
        code => Some(store::find(work.conn(), code).await?.ok_or(WindowError::NotFound)?),
    };
    let decides = casework::api::organisation_named(work.conn(), &matter.organisation).await?;
    let mut faults = faults(matter);
    let mut fault = |field, code| faults.push(FieldError { field, code, args: Vec::new() });
    if decides.is_none() {
        fault("organisation", "community-window-organisation");
    }
    let Some(decides) = decides.filter(|_| faults.is_empty()) else { return Err(WindowError::Invalid(faults)) };
    in_scope(&mut work, decides.id).await?;
    if let Some(before) = before {
        in_scope(&mut work, before.organisation_id).await?;
    }
    let row = MatterRow {
        code: matter.code.clone(),
        name: matter.name.trim().to_owned(),
        name_en: matter.name_en.trim().to_owned(),
        organisation_id: decides.id,
        organisation_name: decides.name,
        materials: matter.materials.trim().replace("\r\n", "\n"),
        working_days: matter.working_days,
        active: matter.active,
    };
    let (now, by) = (work.now(), work.actor().name.to_string());
    let code = store::put(work.conn(), &row, now, &by).await?;
    let code = code.ok_or_else(|| WindowError::field("name", "community-window-name-taken"))?;
    let facts = json!({ "code": code, "name": row.name, "working_days": row.working_days, "active": row.active });
    work.audit(Entry::new("community_window.matter.changed", decides.id).organisation(decides.id).detail(facts));
    work.commit().await?;
    Ok(code)
}

fn faults(matter: &Matter) -> Vec<FieldError> {
    let within = |text: &str, min: usize, max: usize| (min..=max).contains(&text.trim().chars().count());
    let checks = [
        ("name", within(&matter.name, 2, 200), "community-window-name"),
        ("name_en", within(&matter.name_en, 0, 200), "community-window-name"),
        ("materials", within(&matter.materials, 0, 2_000), "community-window-materials"),
        ("working_days", (1..=60).contains(&matter.working_days), "community-window-days"),
    ];
    let wrong = checks.into_iter().filter(|(_, right, _)| !right);
    wrong.map(|(field, _, code)| FieldError { field, code, args: Vec::new() }).collect()
}

async fn in_scope(work: &mut Work, organisation: OrganisationId) -> Result<(), WindowError> {
    let scopes = work.actor().scopes(MANAGE);
    match identity::api::in_scope(work.conn(), &scopes, organisation).await.map_err(casework::api::CaseError::from)? {
        true => Ok(()),
        false => Err(WindowError::OutOfScope(MANAGE)),
    }
}
