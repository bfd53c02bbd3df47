//! WebP (RFC 9649): the walk from chunk to chunk, and the decoder that gets a file written anew around the picture alone.
use std::io::Cursor;
use std::ops::Range;

use image_webp::WebPDecoder;

use super::decode::{Frame, check_size};
use super::{Format, PhotoFault};

/// What one byte of a lossless picture may cost: its prefix codes can be written in ten bytes and unfold into a table of
/// four kilobytes, as often as the file likes.
const LOSSLESS_BYTE_COSTS: usize = 450;
/// Flags of the extended header.
const ANIMATION: u8 = 0x02;
const ALPHA: u8 = 0x10;

/// The chunks that matter, in the order in which they may come.
#[derive(Default)]
struct Chunks<'a> {
    extended: Option<&'a [u8]>,
    alpha: Option<Range<usize>>,
    picture: Option<(Range<usize>, bool)>,
    exif: Option<&'a [u8]>,
}

/// Walks through the chunks.
pub fn walk(bytes: &[u8]) -> Result<Frame<'_>, PhotoFault> {
    let found = chunks(bytes)?;
    if found.extended.is_some_and(|head| head.first().is_some_and(|flags| flags & ANIMATION != 0)) {
        return Err(PhotoFault::Animated);
    }
    let (range, lossless) = found.picture.ok_or(PhotoFault::damaged("no picture"))?;
    let body = bytes.get(range.start + 8..range.end).ok_or(PhotoFault::Truncated)?;
    let (width, height, alpha) = if lossless { lossless_size(body)? } else { lossy_size(body)? };
    check_size(width, height)?;
    let pixels = width as usize * height as usize;
    let (mut kept, mut channels, mut working_bytes) = (vec![range.clone()], 3, range.len() * 2);
    if lossless {
        channels += usize::from(alpha);
        working_bytes += pixels * 5 + range.len() * LOSSLESS_BYTE_COSTS;
    } else {
        // Luma, half as much of colour, and their edges.
        working_bytes += pixels * 2;
    }
    if let (Some(alpha), false) = (found.alpha, lossless) {
        channels = 4;
        // Its first byte says how it is written; written without loss it is decoded like a picture.
        let folded = bytes.get(alpha.start + 8).is_some_and(|how| how & 3 != 0);
        working_bytes += pixels * 5 + if folded { alpha.len() * LOSSLESS_BYTE_COSTS } else { 0 };
        kept.insert(0, alpha);
    }
    let exif = found.exif.map(|block| block.strip_prefix(b"Exif\0\0").unwrap_or(block));
    Ok(Frame { format: Format::WebP, width, height, channels, working_bytes, kept, exif })
}

/// Finds the chunks up to the length that the file itself states.
fn chunks(bytes: &[u8]) -> Result<Chunks<'_>, PhotoFault> {
    let mut found = Chunks::default();
    let stated = bytes.get(4..8).and_then(little_endian).ok_or(PhotoFault::Truncated)?;
    let file = bytes.get(..stated.saturating_add(8)).ok_or(PhotoFault::Truncated)?;
    let mut at = 12;
    while at + 8 <= file.len() {
        let length = file.get(at + 4..at + 8).and_then(little_endian).ok_or(PhotoFault::Truncated)?;
        let body = file.get(at + 8..).and_then(|rest| rest.get(..length)).ok_or(PhotoFault::Truncated)?;
        let range = at..at + 8 + length;
        match &file[at..at + 4] {
            b"VP8X" => found.extended = found.extended.or(Some(body)),
            b"ANIM" | b"ANMF" => return Err(PhotoFault::Animated),
            b"ALPH" => found.alpha = found.alpha.or(Some(range)),
            b"VP8 " => found.picture = found.picture.or(Some((range, false))),
            b"VP8L" => found.picture = found.picture.or(Some((range, true))),
            b"EXIF" => found.exif = found.exif.or(Some(body)),
            _ => {}
        }
        at += 8 + length + length % 2;
    }
    Ok(found)
}

fn little_endian(bytes: &[u8]) -> Option<usize> {
    let four: [u8; 4] = bytes.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Of a VP8 key frame: width, height.
fn lossy_size(body: &[u8]) -> Result<(u32, u32, bool), PhotoFault> {
    let [tag, _, _, 0x9d, 0x01, 0x2a, w1, w2, h1, h2, ..] = body else {
        return Err(PhotoFault::damaged("no key frame"));
    };
    if tag & 1 != 0 {
        return Err(PhotoFault::damaged("no key frame"));
    }
    let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok((side(*w1, *w2), side(*h1, *h2), false))
}

/// Of a lossless picture: width, height, whether it has an alpha channel.
fn lossless_size(body: &[u8]) -> Result<(u32, u32, bool), PhotoFault> {
    let [0x2f, a, b, c, d, ..] = body else {
        return Err(PhotoFault::damaged("no lossless header"));
    };
    let bits = u32::from_le_bytes([*a, *b, *c, *d]);
    Ok(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1, bits >> 28 & 1 == 1))
}

/// The picture in a file of its own.
fn written_anew(bytes: &[u8], frame: &Frame<'_>) -> Vec<u8> {
    let mut chunks = Vec::new();
    if frame.kept.len() > 1 {
        chunks.extend_from_slice(b"VP8X\x0a\0\0\0");
        chunks.extend_from_slice(&[ALPHA, 0, 0, 0]);
        chunks.extend_from_slice(&(frame.width - 1).to_le_bytes()[..3]);
        chunks.extend_from_slice(&(frame.height - 1).to_le_bytes()[..3]);
    }
    for range in &frame.kept {
        chunks.extend_from_slice(bytes.get(range.clone()).unwrap_or_default());
        if range.len() % 2 == 1 {
            chunks.push(0);
        }
    }
    let length = u32::try_from(chunks.len() + 4).unwrap_or(u32::MAX);
    [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat()
}

/// Decodes to RGB or RGBA.
pub fn decode(bytes: &[u8], frame: &Frame<'_>) -> Result<Vec<u8>, PhotoFault> {
    let essence = written_anew(bytes, frame);
    let mut decoder = WebPDecoder::new(Cursor::new(&essence)).map_err(PhotoFault::damaged)?;
    let size = frame.width as usize * frame.height as usize * frame.channels;
    if decoder.dimensions() != (frame.width, frame.height) || decoder.output_buffer_size() != Some(size) {
        return Err(PhotoFault::damaged("two sizes"));
    }
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(PhotoFault::damaged)?;
    Ok(pixels)
}
