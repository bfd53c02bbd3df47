//! A photograph that a citizen or an officer sends becomes what may be kept and shown: known by its content, measured before it
//! is decoded, and drawn anew without a word about who took it where.
//!
//! **Why.** A phone writes into each photograph where and when it was taken, on which device, and a small picture of it as it was
//! before it was cropped. The place and the time help the case; shown to the public they say where a reporter lives. And a file
//! from anybody is the cheapest attack there is: a few kilobytes may unfold into gigabytes, or into minutes of work.
//!
//! **What it does.** [`inspect`] reads what a file is without decoding it. [`public_version`] decodes it, turns it upright, puts
//! what is transparent on white, makes it smaller and writes a JPEG whose segments are all our own. [`process`] does both for a
//! request: a picture to look at and a thumbnail, off the threads that answer, a few at a time.
//!
//! **How it stays bounded.**
//! - The frame is walked here first ([`jpeg`], [`png`], [`webp`]): size, scans, end. A file whose end is missing is refused and
//!   named so, for that is what a dying network leaves.
//! - The decoders get a copy that holds only what pixels need. Profiles, texts, second frames, previews and whatever phones hang
//!   behind the picture never reach them; a JPEG with a quarter of a million XMP segments would keep one busy for minutes.
//! - What decoding will take is reckoned from the frame, and refused above [`MEMORY_MAX`]. Together, all that run at one time stay
//!   below the same figure, because each takes its share of one bench; at most two find room on it.
//! - The files that wait for the bench are at most [`WAITING_MAX`], so at most 280 MB; who comes then is told to come again.
//! - EXIF is read by [`exif`], which asks for six fields. Readers that list every field first can be made to list millions.
//!
//! **Limits.** 20 MB; 20 000 pixels a side; 52 million pixels, which is a phone's 50-megapixel mode. The memory figure refuses
//! earlier what is costly: progressive JPEG from 22 to 33 million pixels on (as its colours are sampled), transparent PNG from 40,
//! transparent WebP from 18. Lossless WebP may be some 400 KB, because its tables can grow four hundredfold. Of an animated PNG
//! the still picture is kept; animated WebP is refused, and so is HEIC, with the advice how to send JPEG; and so is a JPEG whose
//! components come one after the other, which no phone writes and the decoder draws wrongly. Colour profiles are dropped, not
//! converted: a picture from a wide-gamut phone shows slightly paler.
//!
//! **Figures**, on one core of a server, optimised, while others used it (`tests/figures.rs` measures anew; the memory was counted
//! by an allocator, and each time lay below what had been reckoned):
//!
//! | photograph | took | memory |
//! | --- | --- | --- |
//! | JPEG, 12 megapixels | 0.35 s | 54 MiB |
//! | JPEG, 12 megapixels, progressive | 0.5 s | 71 MiB |
//! | JPEG, 50 megapixels | 1.5 s | 177 MiB |
//! | JPEG, 12 megapixels of noise in 26 scans, as an attacker writes it | 1.8 s | 73 MiB |
//! | PNG, 38 megapixels, transparent, from 158 KB | 0.6 s | 178 MiB |
//! | WebP, 12 megapixels | 0.6 s | 55 MiB |
//!
//! Without optimisation it takes ten times as long, because the codecs are generic and are compiled here.
//!
//! The place is what the phone says (WGS 84 by the standard; some programs write the shifted Chinese system without saying so),
//! and the time is what its clock said. Neither is proof, and both may be missing.
//!
//! It must not know cases, people, files on a disk, the database, or what time it is.
mod decode;
mod exif;
mod fault;
mod jpeg;
mod png;
mod queue;
mod raster;
#[cfg(test)]
mod tests;
mod webp;

use time::OffsetDateTime;

use decode::Frame;
pub use fault::PhotoFault;
pub use queue::process;

/// The largest file, which is what the route lets in.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// The longest side.
pub const SIDE_MAX: u32 = 20_000;
/// The most pixels.
pub const PIXELS_MAX: u64 = 52_000_000;
/// The most memory that decoding and shrinking one photograph may take beside the file itself; also what all take together.
pub const MEMORY_MAX: usize = 192 * 1024 * 1024;
/// The longer side of the picture that people look at.
pub const SHOWN_SIDE: u32 = 1_600;
/// The longer side of the picture in a list.
pub const THUMBNAIL_SIDE: u32 = 320;

/// How a photograph was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG; of an animated one its still picture.
    Png,
    /// WebP, a single picture.
    WebP,
}

impl Format {
    /// The media type of the file as it came.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// Where the phone says it was, in degrees of WGS 84.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// East is positive; -180 to 180.
    pub longitude: f64,
    /// North is positive; -90 to 90.
    pub latitude: f64,
}

/// What a file says of itself, read without decoding it.
#[derive(Clone, PartialEq, Debug)]
pub struct Photo {
    /// How it was written.
    pub format: Format,
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// Where it was taken, if the phone says so and it can be true.
    pub place: Option<Place>,
    /// When it was taken by the phone's clock: with the offset that it wrote, else as the time of China. It may lie in the future.
    pub taken_at: Option<OffsetDateTime>,
}

/// What is known of it, and how it must be turned.
fn described(frame: &Frame<'_>) -> (Photo, exif::Orientation) {
    let said = frame.exif.map(exif::read).unwrap_or_default();
    let (width, height) = said.orientation.upright((frame.width, frame.height));
    let photo = Photo { format: frame.format, width, height, place: said.place, taken_at: said.taken_at };
    (photo, said.orientation)
}
