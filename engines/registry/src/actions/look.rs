//! Looking at people leaves a trace: who searched by a number, opened a person's record, took rejected rows home.
use catalogue::api::RowKind;
use jh_core::actor::{Command, OrganisationId};
use jh_core::code::citizen_id::CitizenId;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::land::identifier_key;
use crate::model::DeliveryId;
use crate::permission::REVEAL;
use crate::reading::readings;
use crate::store::subject;

/// Somebody searched for a person by a number and was shown these: one row for each of them, so that it is found under
/// the person, and one row without a person where there was none.
pub async fn searched(base: &Base, command: &Command, by: &str, found: &[Uuid]) -> Result<(), RegistryError> {
    let whom = if found.is_empty() { &[Uuid::nil()] } else { found };
    let facts = json!({ "by": by, "found": !found.is_empty() });
    let mut work = Work::begin(base, command).await?;
    for person in whom {
        work.audit(Entry::new("registry.person.searched", *person).detail(facts.clone()));
    }
    work.commit().await?;
    Ok(())
}

/// What a form takes over of a person who stands in front of a clerk, so that it is not asked again.
#[derive(Clone, Debug)]
pub struct Known {
    /// The person in the base.
    pub subject: Uuid,
    /// How he is called.
    pub name: String,
    /// His mobile telephone; may be empty.
    pub phone: String,
    /// Where he lives, else where he is registered; may be empty.
    pub address: String,
    /// Whether he has died.
    pub died: bool,
}

/// Reads a person by his ID number for a form and a stated purpose, within the scopes of [`REVEAL`]; the look is audited in the
/// caller's transaction. None where nobody in scope has spoken of him, or nobody at all: which of both is nothing to tell.
///
/// # Errors
/// The number is none (GB 11643).
pub async fn known(
    base: &Base,
    work: &mut Work,
    id_number: &str,
    purpose: &str,
) -> Result<Option<Known>, RegistryError> {
    let number = CitizenId::parse(id_number);
    let number = number.map_err(|_| RegistryError::Field("id_number", "registry-page-id-number"))?;
    let scopes = work.actor().scopes(REVEAL);
    let keys: Vec<Uuid> = identifier_key(&base.keys, "citizen_id", number.normalised()).into_iter().collect();
    let found = subject::of_keys(work.conn(), &keys).await?.into_values().next();
    let mut known = None;
    if let Some(id) = found {
        let reading = readings(base, work.conn(), RowKind::Person, &[id], &scopes).await?.remove(&id);
        known = reading.map(|reading| {
            let value = |element| reading.value(element).unwrap_or_default().to_owned();
            let lives = value("residence_address");
            Known {
                subject: id,
                name: reading.name().to_owned(),
                phone: value("mobile_phone"),
                address: if lives.is_empty() { value("registered_address") } else { lives },
                died: !value("died_on").is_empty(),
            }
        });
    }
    let whom = known.as_ref().map_or_else(Uuid::nil, |known| known.subject);
    let facts = json!({ "found": known.is_some() });
    work.audit(Entry::new("registry.person.prefilled", whom).purpose(purpose).detail(facts));
    Ok(known)
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
    work.audit(entry.detail(facts));
    work.commit().await?;
    Ok(())
}
