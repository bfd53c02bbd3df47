//! Measuring a delivery: the very path of anybody's file, from the first byte received to the last row committed.
use std::time::Instant;

use catalogue::api::RowKind;
use jh_core::actor::{Command, OrganisationId};
use jh_db::Base;
use serde::Serialize;
use tokio::io::AsyncRead;
use tokio_util::sync::CancellationToken;

use crate::actions::{FILE_BYTES_MAX, Submitted, submit};
use crate::fault::RegistryError;
use crate::ingest::ingest;
use crate::model::{DeliveryId, State, Target};
use crate::store::delivery;

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Where it stands: `done` unless something went wrong.
    pub state: State,
    /// Rows read, checked, and landed or rejected.
    pub rows: i64,
    /// Of them rejected.
    pub rows_rejected: i64,
    /// From the first byte received to the last row committed.
    pub seconds: f64,
    /// Rows by seconds.
    pub rows_per_s: f64,
    /// The most memory this process has held, in MB; the database's is not in it.
    pub peak_rss_mb: f64,
}

/// Delivers a file and takes it to its end in this task. No job runner needs to be running.
pub async fn bench_ingest(
    base: &Base,
    provider_id: OrganisationId,
    kind: RowKind,
    file: impl AsyncRead + Unpin,
) -> Result<Measured, RegistryError> {
    let begun = Instant::now();
    let command = Command::system("registry.bench", base.clock.now());
    let file = base.files.put_stream(file, FILE_BYTES_MAX).await?;
    let target = Target { kind, resource_id: None, provider_id };
    let submitted = Submitted { target, file_name: "bench.csv".to_owned(), file, choices: Vec::new(), corrects: None };
    let delivery_id = submit(base, &command, submitted).await?;
    ingest(base, delivery_id, &CancellationToken::new()).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut connection = base.db.read().await?;
    let counts = delivery::counts(&mut connection, delivery_id).await?;
    let found = delivery::find(&mut connection, delivery_id).await?.ok_or(RegistryError::DeliveryNotFound)?;
    #[expect(clippy::cast_precision_loss, reason = "a row count far below 2^52")]
    let rows_per_s = counts.rows_read as f64 / seconds;
    Ok(Measured {
        delivery_id,
        state: found.state,
        rows: counts.rows_read,
        rows_rejected: counts.rows_rejected,
        seconds,
        rows_per_s,
        peak_rss_mb: peak_rss_mb(),
    })
}

/// `VmHWM` of Linux; 0 where there is none.
fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
