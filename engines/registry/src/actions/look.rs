//! Looking at people leaves a trace: who searched by a number, opened a person's record, took rejected rows home.
use jh_core::actor::{Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::model::DeliveryId;

/// Somebody searched for a person by a number and was shown these: one row for each of them, so that it is found under
/// the person, and one row without a person where there was none.
pub async fn searched(base: &Base, command: &Command, by: &str, found: &[Uuid]) -> Result<(), RegistryError> {
    let whom = if found.is_empty() { &[Uuid::nil()] } else { found };
    let facts = json!({ "by": by, "found": !found.is_empty() });
    let mut work = Work::begin(base, command).await?;
    for person in whom {
        work.audit(Entry::new("registry.person.searched", *person).detail(facts.clone())).await?;
    }
    work.commit().await?;
    Ok(())
}

/// Somebody opened a person's record.
pub async fn viewed(base: &Base, command: &Command, person: Uuid) -> Result<(), RegistryError> {
    note(base, command, Entry::new("registry.person.viewed", person), json!({})).await
}

/// Somebody took the rejected rows of a delivery, in clear, to correct them.
pub async fn downloaded(
    base: &Base,
    command: &Command,
    delivery: DeliveryId,
    provider: OrganisationId,
    rows: i64,
) -> Result<(), RegistryError> {
    let entry = Entry::new("registry.report.downloaded", delivery).organisation(provider);
    note(base, command, entry, json!({ "rows": rows })).await
}

async fn note(base: &Base, command: &Command, entry: Entry<'_>, facts: Value) -> Result<(), RegistryError> {
    let mut work = Work::begin(base, command).await?;
    work.audit(entry.detail(facts)).await?;
    work.commit().await?;
    Ok(())
}
