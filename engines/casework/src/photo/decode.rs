//! From bytes to pixels, whichever of the three formats they are: first the frame, then what it will cost, then the decoder.
//!
//! It must not know what the metadata means; it only carries the EXIF block along.
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::raster::Raster;
use super::{FILE_BYTES_MAX, Format, MEMORY_MAX, PIXELS_MAX, PhotoFault, SHOWN_SIDE, SIDE_MAX};
use super::{jpeg, png, webp};

/// What walking through a file finds, before anything is decoded.
#[derive(Debug)]
pub struct Frame<'a> {
    /// By content.
    pub format: Format,
    /// As it is stored, not yet upright.
    pub width: u32,
    /// As it is stored, not yet upright.
    pub height: u32,
    /// Bytes of each decoded pixel.
    pub channels: usize,
    /// What the decoder takes beside the decoded pixels and its copy of the file.
    pub working_bytes: usize,
    /// What of the file the decoder needs, in its order.
    pub kept: Vec<Range<usize>>,
    /// The TIFF block of the EXIF.
    pub exif: Option<&'a [u8]>,
}

impl Frame<'_> {
    fn decoded_bytes(&self) -> usize {
        self.width as usize * self.height as usize * self.channels
    }

    /// The most memory that is taken at one time: by the decoder, or when the decoded picture is made smaller (rows of the
    /// smaller width come between).
    pub fn memory_bytes(&self) -> usize {
        let copy: usize = self.kept.iter().map(Range::len).sum();
        let side = SHOWN_SIDE as usize;
        let shrinking = (self.width as usize).min(side) * self.height as usize * self.channels + side * side * 3;
        self.decoded_bytes() + shrinking.max(copy + self.working_bytes)
    }

    /// What of the file the decoder needs, and nothing else.
    pub fn essence(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.kept.iter().map(Range::len).sum::<usize>() + 64);
        for range in &self.kept {
            out.extend_from_slice(bytes.get(range.clone()).unwrap_or_default());
        }
        out
    }
}

/// Walks through the file, and refuses what is too large, cut off or too costly.
pub fn frame(bytes: &[u8]) -> Result<Frame<'_>, PhotoFault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(PhotoFault::FileTooLarge(bytes.len()));
    }
    let frame = match bytes {
        [0xff, 0xd8, 0xff, ..] => jpeg::walk(bytes)?,
        _ if bytes.starts_with(png::SIGNATURE) => png::walk(bytes)?,
        _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => webp::walk(bytes)?,
        _ if is_heic(bytes) => return Err(PhotoFault::Heic),
        _ => return Err(PhotoFault::Unrecognised),
    };
    if frame.memory_bytes() > MEMORY_MAX {
        return Err(PhotoFault::TooCostly("memory"));
    }
    Ok(frame)
}

/// Refuses a frame by its size; the walkers ask as soon as they have read it.
pub fn check_size(width: u32, height: u32) -> Result<(), PhotoFault> {
    if width == 0 || height == 0 {
        return Err(PhotoFault::damaged("a side of no length"));
    }
    if width > SIDE_MAX || height > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PhotoFault::TooManyPixels { width, height });
    }
    Ok(())
}

/// ISO base media file: `ftyp` with one of the brands of HEIF or AVIF.
fn is_heic(bytes: &[u8]) -> bool {
    let brands: [&[u8]; 10] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

/// Decodes what [`frame`] let through.
pub fn pixels(bytes: &[u8], frame: &Frame<'_>) -> Result<Raster, PhotoFault> {
    // A decoder that gives up in a panic has met a damaged file; it holds nothing of ours that could be left half done.
    let decoded = catch_unwind(AssertUnwindSafe(|| match frame.format {
        Format::Jpeg => jpeg::decode(bytes, frame),
        Format::Png => png::decode(bytes, frame),
        Format::WebP => webp::decode(bytes, frame),
    }));
    let pixels = decoded.unwrap_or_else(|_| Err(PhotoFault::damaged("the decoder gave up")))?;
    Raster::new(frame.width, frame.height, frame.channels, pixels)
}
