//! Which stored files deliveries refer to: a delivery's file is read again when its run is resumed, and downloaded later.
use async_trait::async_trait;
use jh_db::files::FileKeeper;
use jh_db::{Base, DbError};

/// Keeps the files of deliveries, of whatever state: what was delivered stays evidence.
pub struct DeliveredFiles;

#[async_trait]
impl FileKeeper for DeliveredFiles {
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
        let among: Vec<&[u8]> = among.iter().map(<[u8; 32]>::as_slice).collect();
        let kept: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT DISTINCT file_sm3 FROM registry.delivery WHERE file_sm3 = ANY($1)")
                .bind(among)
                .fetch_all(base.db.pool())
                .await?;
        // The column's check holds the length.
        Ok(kept.into_iter().filter_map(|name| name.try_into().ok()).collect())
    }
}
