//! The six fields of EXIF (JEITA CP-3451) that a case needs: how the picture was held, where and when it was taken.
//!
//! Asked for by name, one directory each, so that the cost is bounded whatever the block says. A block that cannot be read says
//! nothing; a photograph is not refused for it. Serial numbers, owners, makers' notes and the small picture are never looked at.
use jh_core::clock::CHINA;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::Place;

/// Entries that are looked at in one directory; cameras write a few dozen.
const ENTRIES_MAX: usize = 256;
/// Cameras of earlier years had no clock worth believing; an unset clock says 1970 or 1980.
const FIRST_YEAR: i32 = 1990;

const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
/// When the picture was taken and its offset, then when it was made digital, which old phones write instead.
const TIMES: [(u16, u16); 2] = [(0x9003, 0x9011), (0x9004, 0x9012)];
const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;
const GPS_STATUS: u16 = 9;

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// How the picture was held: the eight values of tag 0x0112.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self(1)
    }
}

impl Orientation {
    fn from_tag(value: u16) -> Self {
        match u8::try_from(value) {
            Ok(known @ 1..=8) => Self(known),
            _ => Self::default(),
        }
    }

    /// The sides when it stands upright.
    pub fn upright(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.0 >= 5 { (height, width) } else { (width, height) }
    }

    /// Where in the stored picture of size (w, h) the upright pixel at (x, y) is.
    pub fn source(self, (x, y): (u32, u32), (w, h): (u32, u32)) -> (u32, u32) {
        match self.0 {
            2 => (w - 1 - x, y),
            3 => (w - 1 - x, h - 1 - y),
            4 => (x, h - 1 - y),
            5 => (y, x),
            6 => (y, h - 1 - x),
            7 => (w - 1 - y, h - 1 - x),
            8 => (w - 1 - y, x),
            _ => (x, y),
        }
    }
}

/// What the block says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Said {
    /// How it was held.
    pub orientation: Orientation,
    /// Where it was taken.
    pub place: Option<Place>,
    /// When it was taken.
    pub taken_at: Option<OffsetDateTime>,
}

/// Reads a TIFF block.
pub fn read(bytes: &[u8]) -> Said {
    let Some((block, first)) = Block::open(bytes) else { return Said::default() };
    let orientation = block.short(first, ORIENTATION).map(Orientation::from_tag).unwrap_or_default();
    let place = block.long(first, GPS_DIRECTORY).and_then(|gps| block.place(gps));
    let taken_at = block.long(first, EXIF_DIRECTORY).and_then(|exif| block.taken_at(exif));
    Said { orientation, place, taken_at }
}

/// A TIFF block and the order of its bytes.
#[derive(Clone, Copy)]
struct Block<'a> {
    bytes: &'a [u8],
    little_endian: bool,
}

impl<'a> Block<'a> {
    /// The block and where its first directory is.
    fn open(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let little_endian = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let block = Self { bytes, little_endian };
        (block.u16(2)? == 42).then_some(())?;
        Some((block, block.offset(4)?))
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little_endian { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little_endian { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn offset(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }

    /// Where the value of a field is: of this type, and of at least this many items.
    fn field(&self, directory: usize, tag: u16, kind: u16, items: usize) -> Option<usize> {
        let entries = usize::from(self.u16(directory)?).min(ENTRIES_MAX);
        let entry = (0..entries).map(|n| directory + 2 + n * 12).find(|at| self.u16(*at) == Some(tag))?;
        if self.u16(entry + 2)? != kind || self.offset(entry + 4)? < items {
            return None;
        }
        let size = match kind {
            ASCII => 1,
            SHORT => 2,
            LONG => 4,
            _ => 8,
        };
        // A value of up to four bytes stands in the entry itself.
        if self.offset(entry + 4)?.checked_mul(size)? <= 4 { Some(entry + 8) } else { self.offset(entry + 8) }
    }

    fn short(&self, directory: usize, tag: u16) -> Option<u16> {
        self.u16(self.field(directory, tag, SHORT, 1)?)
    }

    fn long(&self, directory: usize, tag: u16) -> Option<usize> {
        self.offset(self.field(directory, tag, LONG, 1)?)
    }

    fn text(&self, directory: usize, tag: u16, length: usize) -> Option<&'a [u8]> {
        let at = self.field(directory, tag, ASCII, length)?;
        self.bytes.get(at..at.checked_add(length)?)
    }

    fn place(&self, gps: usize) -> Option<Place> {
        // V is written while the receiver is still looking; what stands there is where it was last time.
        if self.text(gps, GPS_STATUS, 1) == Some(b"V") {
            return None;
        }
        let latitude = self.degrees(gps, (LATITUDE, 90.0), (LATITUDE_REF, b'N', b'S'))?;
        let longitude = self.degrees(gps, (LONGITUDE, 180.0), (LONGITUDE_REF, b'E', b'W'))?;
        // Where the equator meets the meridian of Greenwich there is only sea: a receiver without a fix.
        let nowhere = latitude.abs() < 1e-6 && longitude.abs() < 1e-6;
        (!nowhere).then_some(Place { longitude, latitude })
    }

    /// Degrees, minutes and seconds with their direction.
    fn degrees(&self, gps: usize, (tag, most): (u16, f64), (side, plus, minus): (u16, u8, u8)) -> Option<f64> {
        let at = self.field(gps, tag, RATIONAL, 3)?;
        let (degrees, minutes, seconds) =
            (self.rational(at)?, self.rational(at.checked_add(8)?)?, self.rational(at.checked_add(16)?)?);
        if minutes > 60.0 || seconds > 60.0 {
            return None;
        }
        let value = degrees + minutes / 60.0 + seconds / 3_600.0;
        let sign = match self.text(gps, side, 1)? {
            [letter] if *letter == plus => 1.0,
            [letter] if *letter == minus => -1.0,
            _ => return None,
        };
        (value.is_finite() && value <= most).then_some(value * sign)
    }

    /// A fraction; nothing divided by nothing is nothing.
    fn rational(&self, at: usize) -> Option<f64> {
        let (above, below) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
        (below != 0).then(|| f64::from(above) / f64::from(below))
    }

    fn taken_at(&self, exif: usize) -> Option<OffsetDateTime> {
        TIMES.iter().find_map(|(local, offset)| {
            let local = local_time(self.text(exif, *local, 19)?)?;
            let offset = self.text(exif, *offset, 6).and_then(utc_offset).unwrap_or(CHINA);
            Some(local.assume_offset(offset))
        })
    }
}

/// `2026:03:14 08:05:09`, whatever stands between the numbers.
fn local_time(text: &[u8]) -> Option<PrimitiveDateTime> {
    let year = number(text.get(0..4)?)?;
    let part = |at: usize| u8::try_from(number(text.get(at..at + 2)?)?).ok();
    if year < FIRST_YEAR {
        return None;
    }
    let date = Date::from_calendar_date(year, Month::try_from(part(5)?).ok()?, part(8)?).ok()?;
    Some(PrimitiveDateTime::new(date, Time::from_hms(part(11)?, part(14)?, part(17)?).ok()?))
}

/// `+08:00`.
fn utc_offset(text: &[u8]) -> Option<UtcOffset> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let seconds = number(text.get(1..3)?)? * 3_600 + number(text.get(4..6)?)? * 60;
    // The widest offsets on earth are -12 and +14 hours.
    (seconds <= 14 * 3_600).then(|| UtcOffset::from_whole_seconds(sign * seconds).ok())?
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i32::from(digit - b'0')))
}
