//! Which stored files are still needed. Their names stand in tables of rooms above, so the rooms are asked; what none of
//! them needs may go. In doubt a file stays: a keeper that cannot answer keeps everything, and so does having no keeper.
//!
//! Between a put and the row that refers to it a file is protected by its time: a put of the same bytes moves it on,
//! and a removal looks at it once more under the store's lock, after the keepers have answered.
use std::collections::HashSet;
use std::time::SystemTime;

use async_trait::async_trait;

use super::Receipt;
use crate::{Base, DbError};

/// Names asked about at a time.
const ASKED_MAX: usize = 500;

/// A room whose tables refer to stored files. Registered in `Services` by every room that does.
#[async_trait]
pub trait FileKeeper: Send + Sync {
    /// Those of `among` that the room still refers to.
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError>;
}

/// Those that no room refers to.
async fn unneeded(base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
    let keepers = base.services.all::<dyn FileKeeper>();
    if keepers.is_empty() {
        return Ok(Vec::new());
    }
    let mut left: HashSet<[u8; 32]> = among.iter().copied().collect();
    for keeper in keepers {
        for needed in keeper.needed(base, among).await? {
            left.remove(&needed);
        }
    }
    Ok(left.into_iter().collect())
}

/// Takes back files of a change that was refused, unless somebody needs them or put the same. Returns how many went.
pub async fn give_back(base: &Base, receipts: &[Receipt]) -> Result<u64, DbError> {
    let names: Vec<_> = receipts.iter().map(|receipt| receipt.file.sm3).collect();
    let unneeded = unneeded(base, &names).await?;
    let mut gone = 0;
    for receipt in receipts.iter().filter(|receipt| unneeded.contains(&receipt.file.sm3)) {
        gone += u64::from(base.files.take_back(receipt).await?);
    }
    Ok(gone)
}

/// Removes files that nobody put since `before` and no room refers to: what refused or broken-off changes left behind.
/// `before` lies further back than any change takes from its put to its commit. Returns how many went.
///
/// The first sweep leaves the database's mark in the store. A store with another's mark is left alone: somebody has pointed the
/// program at a new database, whose tables know nothing of what the old one's refer to.
pub async fn sweep(base: &Base, before: SystemTime) -> Result<u64, DbError> {
    let mark: String = sqlx::query_scalar("SELECT extract(epoch FROM min(applied_at))::text FROM db.migration")
        .fetch_one(base.db.pool())
        .await?;
    if !base.files.is_marked(&mark).await? {
        tracing::warn!("the file store belongs to another database; no file is removed");
        return Ok(0);
    }
    let mut gone = 0;
    for first in 0..=u8::MAX {
        let old = base.files.older(first, before).await?;
        for portion in old.chunks(ASKED_MAX) {
            for name in unneeded(base, portion).await? {
                gone += u64::from(base.files.remove_older(name, before).await?);
            }
        }
    }
    Ok(gone)
}
