//! The registry's only door: deliveries for whoever brings files, their progress and reports, and the settings of a city.
//!
//! Rows go out through the catalogue's `RowSource`, which `module()` registers.
use jh_core::actor::OrganisationId;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use jh_web::Lang;
use serde_json::json;
use tokio_util::sync::CancellationToken;

pub use crate::actions::{FILE_BYTES_MAX, Submitted, cancel, map, settle, submit};
pub use crate::fault::RegistryError;
pub use crate::mapping::Choice;
pub use crate::model::{Counts, DeliveryId, State, SubjectId, Target};
pub use crate::store::progress::Progress;
pub use crate::store::reference::NewRule;

/// Where a delivery stands, for the program itself.
pub async fn progress(base: &Base, delivery: DeliveryId) -> Result<Option<Progress>, RegistryError> {
    Ok(crate::store::progress::find(&mut *base.db.read().await?, None, delivery).await?)
}

/// The rejected rows of a delivery as a CSV file in Chinese, ready to be corrected and delivered again.
pub async fn reject_report(base: &Base, delivery: DeliveryId) -> Result<Vec<u8>, RegistryError> {
    crate::report::whole(base, delivery, Lang::Zh).await
}

/// Takes a delivery to its end in this task instead of the job's. True unless it was told to stop before.
pub async fn ingest(base: &Base, delivery: DeliveryId, stop: &CancellationToken) -> Result<bool, RegistryError> {
    crate::ingest::ingest(base, delivery, stop).await
}

/// Sets what division codes or names of other schemes are in GB/T 2260, for example 统计用 320671: 320613.
pub async fn set_division_aliases(work: &mut Work, aliases: &[(String, String)]) -> Result<(), RegistryError> {
    Ok(crate::store::reference::set_division_aliases(work.conn(), aliases).await?)
}

/// Says whose value of an attribute stands before others'. Holds for what lands from now on.
pub async fn set_attribute_rule(work: &mut Work, rule: &NewRule<'_>) -> Result<(), RegistryError> {
    let shape = crate::kind::shape_of(rule.kind);
    if !shape.is_some_and(|shape| shape.elements.contains(&rule.attribute)) {
        return Err(RegistryError::AttributeUnknown);
    }
    let now = work.now();
    crate::store::reference::set_rule(work.conn(), rule, now).await?;
    let facts = json!({ "kind": rule.kind, "attribute": rule.attribute, "rank": rule.rank, "basis": rule.basis });
    work.audit(Entry::new("registry.rule.set", rule.provider).organisation(rule.provider).detail(facts)).await?;
    Ok(())
}

/// Names the organisation that keeps a base database as a whole: its resources show the golden records.
pub async fn set_keeper(
    work: &mut Work,
    kind: catalogue::api::RowKind,
    organisation: OrganisationId,
) -> Result<(), RegistryError> {
    crate::store::reference::set_keeper(work.conn(), kind, organisation).await?;
    let entry = Entry::new("registry.keeper.set", organisation).organisation(organisation);
    work.audit(entry.detail(json!({ "kind": kind }))).await?;
    Ok(())
}
