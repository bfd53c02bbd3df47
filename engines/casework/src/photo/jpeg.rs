//! JPEG (ITU-T T.81): the walk from marker to marker, and the decoder that gets what the walk kept.
//!
//! Of a JPEG the decoder needs tables, one frame header, the scans and Adobe's marker that names the colours. All other segments
//! stay behind, and so does what follows the end: films of moving pictures, depth maps, second views.
use std::ops::Range;

use memchr::memchr;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decode::{Frame, check_size};
use super::{Format, PhotoFault, SIDE_MAX};

/// Scans of a progressive picture; phones and programs write about ten.
const PROGRESSIVE_SCANS_MAX: usize = 64;
/// Scans times pixels of a progressive picture. Each scan may visit every block, however few bytes it has.
const PROGRESSIVE_WORK_MAX: u64 = 400_000_000;
/// All Huffman and quantisation tables; ten scans with tables of their own have some 10 KB.
const TABLE_BYTES_MAX: usize = 128 * 1024;

const EXIF_HEADER: &[u8] = b"Exif\0\0";

/// The frame header.
struct Header {
    width: u32,
    height: u32,
    progressive: bool,
    /// Horizontal and vertical sampling of each component.
    sampling: Vec<(usize, usize)>,
}

/// How far the walk has come.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    header: Option<Header>,
    scans: usize,
    table_bytes: usize,
    kept: Vec<Range<usize>>,
    exif: Option<&'a [u8]>,
}

/// Walks to the end of the picture.
pub fn walk(bytes: &[u8]) -> Result<Frame<'_>, PhotoFault> {
    let mut walk = Walk {
        bytes,
        at: 2,
        header: None,
        scans: 0,
        table_bytes: 0,
        kept: vec![Range { start: 0, end: 2 }],
        exif: None,
    };
    while walk.step()? {}
    walk.finish()
}

impl<'a> Walk<'a> {
    /// Takes the next marker with its segment; false at the end of the picture.
    fn step(&mut self) -> Result<bool, PhotoFault> {
        let (start, marker) = self.marker()?;
        match marker {
            0xd9 => {
                self.keep(start..self.at);
                return Ok(false);
            }
            0xd8 => return Err(PhotoFault::damaged("a second beginning")),
            // Markers without a segment mean nothing between segments.
            0x00 | 0x01 | 0xd0..=0xd7 => return Ok(true),
            _ => {}
        }
        let body = self.segment()?;
        match marker {
            0xc0..=0xc2 => self.frame_header(body, marker == 0xc2)?,
            0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf => return Err(PhotoFault::Unsupported("JPEG process")),
            0xc9 | 0xca | 0xcc => return Err(PhotoFault::Unsupported("JPEG arithmetic coding")),
            0xdc => return Err(PhotoFault::Unsupported("JPEG height after the picture")),
            0xda => {
                self.scan(body)?;
                self.keep(start..self.at);
                return Ok(true);
            }
            0xc4 | 0xdb => {
                self.table_bytes += body.len();
                if self.table_bytes > TABLE_BYTES_MAX {
                    return Err(PhotoFault::TooCostly("tables"));
                }
            }
            0xdd => {}
            0xee if body.starts_with(b"Adobe") => {}
            0xe1 => {
                if self.exif.is_none() {
                    self.exif = body.strip_prefix(EXIF_HEADER);
                }
                return Ok(true);
            }
            _ => return Ok(true),
        }
        self.keep(start..self.at);
        Ok(true)
    }

    /// The next marker, and where it begins. Some cameras pad between segments.
    fn marker(&mut self) -> Result<(usize, u8), PhotoFault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let start = self.at + memchr(0xff, rest).ok_or(PhotoFault::Truncated)?;
        let fill = self.bytes[start..].iter().take_while(|byte| **byte == 0xff).count();
        let marker = *self.bytes.get(start + fill).ok_or(PhotoFault::Truncated)?;
        self.at = start + fill + 1;
        Ok((start + fill - 1, marker))
    }

    /// The segment behind a marker, without its length.
    fn segment(&mut self) -> Result<&'a [u8], PhotoFault> {
        let length = self.bytes.get(self.at..self.at + 2).ok_or(PhotoFault::Truncated)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            return Err(PhotoFault::damaged("a segment shorter than its length"));
        }
        let body = self.bytes.get(self.at + 2..self.at + length).ok_or(PhotoFault::Truncated)?;
        self.at += length;
        Ok(body)
    }

    fn frame_header(&mut self, body: &[u8], progressive: bool) -> Result<(), PhotoFault> {
        let [precision, h1, h2, w1, w2, count, components @ ..] = body else {
            return Err(PhotoFault::damaged("a short frame header"));
        };
        if self.header.is_some() {
            return Err(PhotoFault::damaged("two frame headers"));
        }
        if *precision != 8 {
            return Err(PhotoFault::Unsupported("JPEG precision"));
        }
        let (width, height) = (u32::from(u16::from_be_bytes([*w1, *w2])), u32::from(u16::from_be_bytes([*h1, *h2])));
        check_size(width, height)?;
        if !matches!(count, 1 | 3 | 4) || components.len() != usize::from(*count) * 3 {
            return Err(PhotoFault::damaged("a wrong number of components"));
        }
        let sampling: Vec<_> =
            components.chunks_exact(3).map(|c| (usize::from(c[1] >> 4), usize::from(c[1] & 15))).collect();
        if sampling.iter().any(|(h, v)| !(1..=4).contains(h) || !(1..=4).contains(v)) {
            return Err(PhotoFault::damaged("a wrong sampling"));
        }
        self.header = Some(Header { width, height, progressive, sampling });
        Ok(())
    }

    /// Counts the scan and goes to its end.
    fn scan(&mut self, body: &[u8]) -> Result<(), PhotoFault> {
        let header = self.header.as_ref().ok_or(PhotoFault::damaged("a scan before the frame header"))?;
        self.scans += 1;
        let work = self.scans as u64 * u64::from(header.width) * u64::from(header.height);
        if header.progressive {
            if self.scans > PROGRESSIVE_SCANS_MAX || work > PROGRESSIVE_WORK_MAX {
                return Err(PhotoFault::TooCostly("scans"));
            }
        } else if self.scans > 1 || body.first().is_none_or(|count| usize::from(*count) != header.sampling.len()) {
            // The decoder draws these in wrong colours and says nothing (zune-image, issues 419 and 448); no phone writes them.
            return Err(PhotoFault::Unsupported("JPEG components apart"));
        }
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let next = self.at + memchr(0xff, rest).ok_or(PhotoFault::Truncated)?;
            match self.bytes.get(next + 1) {
                None => return Err(PhotoFault::Truncated),
                // A byte of the picture, or a place to begin anew after a fault.
                Some(0x00 | 0xd0..=0xd7) => self.at = next + 2,
                Some(0xff) => self.at = next + 1,
                Some(_) => {
                    self.at = next;
                    return Ok(());
                }
            }
        }
    }

    fn keep(&mut self, range: Range<usize>) {
        match self.kept.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.kept.push(range),
        }
    }

    fn finish(self) -> Result<Frame<'a>, PhotoFault> {
        let header = self.header.ok_or(PhotoFault::damaged("no frame header"))?;
        if self.scans == 0 {
            return Err(PhotoFault::damaged("no scan"));
        }
        let working_bytes = if header.progressive { coefficient_bytes(&header) } else { row_bytes(&header) };
        Ok(Frame {
            format: Format::Jpeg,
            width: header.width,
            height: header.height,
            channels: 3,
            working_bytes,
            kept: self.kept,
            exif: self.exif,
        })
    }
}

/// All coefficients, two bytes each, which are held until the last scan.
fn coefficient_bytes(header: &Header) -> usize {
    let across = header.sampling.iter().map(|(h, _)| *h).max().unwrap_or(1);
    let down = header.sampling.iter().map(|(_, v)| *v).max().unwrap_or(1);
    let units = (header.width as usize).div_ceil(8 * across) * (header.height as usize).div_ceil(8 * down);
    let blocks: usize = header.sampling.iter().map(|(h, v)| h * v).sum();
    units * blocks * 64 * 2 + row_bytes(header)
}

/// A few rows of blocks of each component.
fn row_bytes(header: &Header) -> usize {
    header.width as usize * 256 * header.sampling.len()
}

/// Decodes to RGB.
pub fn decode(bytes: &[u8], frame: &Frame<'_>) -> Result<Vec<u8>, PhotoFault> {
    let options = DecoderOptions::default()
        .set_max_width(SIDE_MAX as usize)
        .set_max_height(SIDE_MAX as usize)
        .jpeg_set_max_scans(PROGRESSIVE_SCANS_MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let essence = frame.essence(bytes);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&essence), options);
    decoder.decode_headers().map_err(PhotoFault::damaged)?;
    // The decoder must see what the walk saw, for the memory was reckoned from that.
    if decoder.dimensions() != Some((frame.width as usize, frame.height as usize)) {
        return Err(PhotoFault::damaged("two sizes"));
    }
    decoder.decode().map_err(PhotoFault::damaged)
}
