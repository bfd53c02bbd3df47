//! What photographs the rest of the house may rely on; all are made here.
mod bombs;
mod crowd;
mod drawn;
mod figures;
mod hostile;
mod made;
mod said;
mod stripped;
mod taken;

use super::{Photo, PhotoFault, SHOWN_SIDE, decode, described};

/// Reads what a photograph is, by its content; its name and declared type are not asked.
fn inspect(bytes: &[u8]) -> Result<Photo, PhotoFault> {
    Ok(described(&decode::frame(bytes)?).0)
}

/// The photograph upright, on white, at most `max_side` pixels on its longer side, as a JPEG that holds nothing but the picture.
/// It is never larger than it was, nor larger than [`SHOWN_SIDE`], for which the memory is reckoned.
fn public_version(bytes: &[u8], max_side: u32) -> Result<Vec<u8>, PhotoFault> {
    let frame = decode::frame(bytes)?;
    let (_, orientation) = described(&frame);
    Ok(decode::pixels(bytes, &frame)?.shrunk(max_side.min(SHOWN_SIDE))?.upright(orientation).jpeg()?.jpeg)
}
