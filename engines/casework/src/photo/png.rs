//! PNG (W3C, third edition): the walk from chunk to chunk, and the decoder that gets what the walk kept.
//!
//! The decoder gets header, palette, transparency, picture and end. Texts, profiles and the frames of an animation stay behind; what
//! is then left of an animated PNG is the still picture that its maker meant for programs like this one.
use std::ops::Range;

use ::png::{ColorType, Decoder, Limits, Transformations};

use super::decode::{Frame, check_size};
use super::{Format, MEMORY_MAX, PhotoFault};

/// The eight bytes that every PNG begins with.
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The rows of the inflater and what it looks back to.
const WORKING_BYTES: usize = 4 * 1024 * 1024;

/// Walks to the end chunk.
pub fn walk(bytes: &[u8]) -> Result<Frame<'_>, PhotoFault> {
    let mut frame = header(bytes)?;
    let (mut at, mut transparent, mut pictured) = (SIGNATURE.len(), false, false);
    loop {
        let head = bytes.get(at..at + 8).ok_or(PhotoFault::Truncated)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let body = at + 8;
        let end = body + length + 4;
        let content = bytes.get(body..body + length).ok_or(PhotoFault::Truncated)?;
        if bytes.len() < end {
            return Err(PhotoFault::Truncated);
        }
        let kind = &head[4..8];
        if matches!(kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND") {
            match frame.kept.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => frame.kept.push(at..end),
            }
        }
        match kind {
            b"tRNS" => transparent = true,
            b"IDAT" => pictured = true,
            b"eXIf" => frame.exif = frame.exif.or(Some(content)),
            b"IEND" => break,
            _ => {}
        }
        at = end;
    }
    if !pictured {
        return Err(PhotoFault::damaged("no picture"));
    }
    // Transparency in a chunk of its own becomes a channel of its own.
    if transparent && matches!(frame.channels, 1 | 3) {
        frame.channels += 1;
    }
    Ok(frame)
}

fn header(bytes: &[u8]) -> Result<Frame<'_>, PhotoFault> {
    let start = SIGNATURE.len();
    let head = bytes.get(start..start + 25).ok_or(PhotoFault::Truncated)?;
    if &head[..8] != b"\0\0\0\x0dIHDR" {
        return Err(PhotoFault::damaged("no header chunk"));
    }
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (width, height) = (number(8), number(12));
    check_size(width, height)?;
    let channels = match head[17] {
        0 => 1,
        2 | 3 => 3,
        4 => 2,
        6 => 4,
        _ => return Err(PhotoFault::damaged("no such colour type")),
    };
    let kept = vec![Range { start: 0, end: start }];
    Ok(Frame { format: Format::Png, width, height, channels, working_bytes: WORKING_BYTES, kept, exif: None })
}

/// Decodes to eight bits a channel, palette and transparency unfolded.
pub fn decode(bytes: &[u8], frame: &Frame<'_>) -> Result<Vec<u8>, PhotoFault> {
    let essence = frame.essence(bytes);
    let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(&essence), Limits { bytes: MEMORY_MAX });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(PhotoFault::damaged)?;
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb | ColorType::Indexed => 3,
        ColorType::Rgba => 4,
    };
    let size = frame.width as usize * frame.height as usize * frame.channels;
    if channels != frame.channels || reader.output_buffer_size() != Some(size) {
        return Err(PhotoFault::damaged("two sizes"));
    }
    let mut pixels = vec![0; size];
    reader.next_frame(&mut pixels).map_err(PhotoFault::damaged)?;
    Ok(pixels)
}
