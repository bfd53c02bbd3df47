//! Photographs of many requests at once: off the threads that answer, within one stated memory, and with an honest "busy".
use tokio::sync::Semaphore;

use super::decode::{self, Frame};
use super::{MEMORY_MAX, Photo, PhotoFault, SHOWN_SIDE, THUMBNAIL_SIDE, described};

/// Photographs that wait or are worked on; at a third of a second each the last of them waits some two seconds.
pub const WAITING_MAX: usize = 14;
/// Room on the bench, in mebibytes: what all that are worked on may take together.
const BENCH_MIB: u32 = (MEMORY_MAX / MIB) as u32;
/// The least that one takes, so that no more than two are worked on: decoding keeps a core busy, and there are others to answer.
const SHARE_MIN_MIB: u32 = BENCH_MIB / 2;
const MIB: usize = 1024 * 1024;

static BENCH: Semaphore = Semaphore::const_new(BENCH_MIB as usize);
static WAITING: Semaphore = Semaphore::const_new(WAITING_MAX);

/// A picture as it is kept and shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// A JPEG without metadata.
    pub jpeg: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What becomes of a photograph.
#[derive(Clone, PartialEq, Debug)]
pub struct Prepared {
    /// What it said of itself.
    pub photo: Photo,
    /// To look at, at most [`SHOWN_SIDE`] on its longer side.
    pub shown: Picture,
    /// For lists, at most [`THUMBNAIL_SIDE`] on its longer side.
    pub thumbnail: Picture,
}

/// Reads a photograph and draws both its pictures. It has no time-out: what it does is bounded by the limits of the photograph,
/// and work once begun goes on to its end and keeps its room on the bench even if nobody waits for it any more.
pub async fn process(bytes: Vec<u8>) -> Result<Prepared, PhotoFault> {
    let place = WAITING.try_acquire().map_err(|_| PhotoFault::Busy)?;
    let (bytes, share) = off_thread(move || {
        let share = decode::frame(&bytes).map(|frame| share_mib(&frame))?;
        Ok((bytes, share))
    })
    .await?;
    let room = BENCH.acquire_many(share).await.map_err(|e| PhotoFault::Internal(e.to_string()))?;
    off_thread(move || {
        let _held = (place, room);
        prepare(&bytes)
    })
    .await
}

fn share_mib(frame: &Frame<'_>) -> u32 {
    let needed = u32::try_from(frame.memory_bytes().div_ceil(MIB)).unwrap_or(BENCH_MIB);
    needed.clamp(SHARE_MIN_MIB, BENCH_MIB)
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PhotoFault> + Send + 'static,
) -> Result<T, PhotoFault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| PhotoFault::Internal(e.to_string()))?
}

/// Both pictures from one decoding; the thumbnail is made from the shown one.
fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoFault> {
    let frame = decode::frame(bytes)?;
    let (photo, orientation) = described(&frame);
    let shown = decode::pixels(bytes, &frame)?.shrunk(SHOWN_SIDE)?.upright(orientation);
    let picture = shown.jpeg()?;
    let thumbnail = shown.shrunk(THUMBNAIL_SIDE)?.jpeg()?;
    Ok(Prepared { photo, shown: picture, thumbnail })
}
