//! What people do to deliveries: permission, rule, store, audit and outbox in one transaction.
pub mod look;
pub mod rule;

use catalogue::api::RowKind;
use jh_core::actor::Command;
use jh_db::audit::Entry;
use jh_db::files::FileRef;
use jh_db::{Base, Work};
use serde_json::json;

use crate::fault::RegistryError;
use crate::ingest::JOB;
use crate::mapping::{Choice, folded};
use crate::model::{DeliveryId, State, Step, Target};
use crate::permission::{SUBMIT, require};
use crate::standards;
use crate::store::delivery::{self, Delivery, NewDelivery};
use crate::store::reference;
use crate::store::settlement;

/// The largest file of a delivery.
pub const FILE_BYTES_MAX: u64 = 4 << 30;
/// The most choices of one mapping.
const CHOICES_MAX: usize = crate::reader::COLUMNS_MAX;

/// A file to be delivered.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// Where its rows go.
    pub target: Target,
    /// The file's name, for people.
    pub file_name: String,
    /// The stored file.
    pub file: FileRef,
    /// What headers mean that we do not know; kept as the provider's profile.
    pub choices: Vec<Choice>,
    /// The delivery whose rejected rows this file brings corrected.
    pub corrects: Option<DeliveryId>,
}

/// Acknowledges a delivery. The file is on the disk already; after this it is taken to its end, whatever happens.
pub async fn submit(base: &Base, command: &Command, submitted: Submitted) -> Result<DeliveryId, RegistryError> {
    let Submitted { target, file_name, file, choices, corrects } = submitted;
    if file.size == 0 {
        return Err(RegistryError::Field("file", "registry-file-empty"));
    }
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    let file_name = if file_name.trim().is_empty() { "未命名".to_owned() } else { file_name };
    let delivery_id = DeliveryId::at(command.now);
    let mut work = Work::begin(base, command).await?;
    require(work.conn(), &command.actor, SUBMIT, target.provider_id).await?;
    check_target(&mut work, target).await?;
    if let Some(corrected) = corrects {
        let found = delivery::find(work.conn(), corrected).await?;
        found.filter(|found| found.target() == target).ok_or(RegistryError::DeliveryNotFound)?;
    }
    if !choices.is_empty() {
        keep_choices(&mut work, target, &choices).await?;
    }
    let provider_no = reference::provider_no(work.conn(), target.provider_id, command.now).await?;
    let new = NewDelivery {
        delivery_id,
        target,
        provider_no,
        file_name: &file_name,
        file,
        submitted_by: command.actor.account,
        submitted_by_name: &command.actor.name,
        received_at: command.now,
        corrects,
    };
    delivery::insert(work.conn(), &new).await?;
    let facts = json!({ "kind": target.kind, "file": file_name, "sm3": file.hex(), "bytes": file.size });
    let entry = Entry::new("registry.delivery.submitted", delivery_id).organisation(target.provider_id);
    work.audit(entry.detail(facts));
    enqueue(&mut work, delivery_id).await?;
    work.commit().await?;
    Ok(delivery_id)
}

async fn enqueue(work: &mut Work, delivery: DeliveryId) -> Result<(), RegistryError> {
    let key = delivery.to_string();
    Ok(work.enqueue(JOB, Some(&key), json!({ "delivery_id": delivery })).await?)
}

/// A dataset's rows are delivered by the resource's own provider and nobody else.
async fn check_target(work: &mut Work, target: Target) -> Result<(), RegistryError> {
    match (target.kind, target.resource_id) {
        (RowKind::Dataset, Some(resource)) => {
            let version = catalogue::api::newest(work.conn(), resource).await?;
            let takes = version.is_some_and(|version| {
                version.provider_id == target.provider_id && version.content.rows == Some(RowKind::Dataset)
            });
            if takes { Ok(()) } else { Err(RegistryError::ResourceTakesNone) }
        }
        (RowKind::Dataset, None) => Err(RegistryError::Field("resource", "registry-resource-missing")),
        (_, None) => Ok(()),
        (_, Some(_)) => Err(RegistryError::ResourceTakesNone),
    }
}

async fn keep_choices(work: &mut Work, target: Target, choices: &[Choice]) -> Result<(), RegistryError> {
    let schema = standards::schema(work.conn(), target.kind, target.resource_id).await?;
    let known = |choice: &Choice| choice.attribute.as_deref().is_none_or(|name| schema.position(name).is_some());
    if choices.len() > CHOICES_MAX || !choices.iter().all(known) {
        return Err(RegistryError::AttributeUnknown);
    }
    // One row each: two headers that fold to the same would break the statement.
    let mut kept: Vec<Choice> = Vec::with_capacity(choices.len());
    for choice in choices.iter().filter(|choice| !folded(&choice.column).is_empty()) {
        if !kept.iter().any(|other| other.column == choice.column) {
            kept.push(choice.clone());
        }
    }
    let now = work.now();
    Ok(reference::set_choices(work.conn(), target, &kept, now).await?)
}

/// A delivery that the actor may act on.
async fn own(work: &mut Work, command: &Command, delivery: DeliveryId) -> Result<Delivery, RegistryError> {
    let found = delivery::find(work.conn(), delivery).await?.ok_or(RegistryError::DeliveryNotFound)?;
    match require(work.conn(), &command.actor, SUBMIT, found.provider_id).await {
        // What is outside the scope does not exist for the actor.
        Err(RegistryError::OutsideScope) => Err(RegistryError::DeliveryNotFound),
        answer => answer.map(|()| found),
    }
}

/// Says what the columns of a waiting delivery mean, and sends it on.
pub async fn map(
    base: &Base,
    command: &Command,
    delivery: DeliveryId,
    choices: &[Choice],
) -> Result<(), RegistryError> {
    let mut work = Work::begin(base, command).await?;
    let found = own(&mut work, command, delivery).await?;
    let to = found.state.after(Step::Map).ok_or(RegistryError::WrongState(found.state.word()))?;
    keep_choices(&mut work, found.target(), choices).await?;
    if !delivery::set_state(work.conn(), delivery, &[State::Mapping], to, command.now).await? {
        return Err(RegistryError::WrongState(found.state.word()));
    }
    let facts = json!({ "columns": choices.len() });
    let entry = Entry::new("registry.delivery.mapped", delivery).organisation(found.provider_id).detail(facts);
    work.audit(entry);
    enqueue(&mut work, delivery).await?;
    work.commit().await?;
    Ok(())
}

/// Stops a delivery at the next chunk. What has landed stays: it was acknowledged row by row.
pub async fn cancel(base: &Base, command: &Command, delivery: DeliveryId) -> Result<(), RegistryError> {
    let mut work = Work::begin(base, command).await?;
    let found = own(&mut work, command, delivery).await?;
    if found.state.after(Step::Cancel).is_none() {
        return Err(RegistryError::WrongState(found.state.word()));
    }
    settlement::ask_cancel(work.conn(), delivery, command.now).await?;
    let entry = Entry::new("registry.delivery.cancellation_asked", delivery).organisation(found.provider_id);
    work.audit(entry);
    enqueue(&mut work, delivery).await?;
    work.commit().await?;
    Ok(())
}

/// Lets the rejected rows of a delivery go: they no longer wait for anybody.
pub async fn settle(base: &Base, command: &Command, delivery: DeliveryId) -> Result<(), RegistryError> {
    let mut work = Work::begin(base, command).await?;
    let found = own(&mut work, command, delivery).await?;
    if !settlement::settle(work.conn(), delivery, command.now).await? {
        return Err(RegistryError::WrongState(found.state.word()));
    }
    work.audit(Entry::new("registry.delivery.settled", delivery).organisation(found.provider_id));
    work.commit().await?;
    Ok(())
}
