//! The registry's only door: deliveries for whoever brings files, their progress and reports, and the settings of a city.
//!
//! Rows go out through the catalogue's `RowSource`, which `module()` registers.
use jh_db::{Base, Work};
use jh_web::Lang;
use tokio_util::sync::CancellationToken;

pub use crate::actions::look::{Known, known};
pub use crate::actions::rule::{Source, set_keeper, set_order};
pub use crate::actions::{FILE_BYTES_MAX, Submitted, cancel, map, settle, submit};
pub use crate::fault::RegistryError;
pub use crate::mapping::Choice;
pub use crate::model::{Counts, DeliveryId, State, SubjectId, Target};
pub use crate::store::progress::Progress;

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
