//! The pictures that are drawn anew, looked at through an independent decoder.
use png::{BitDepth, ColorType};

use super::made::{self, Exif, HEIGHT, WIDTH};
use super::{inspect, public_version};
use crate::photo::SHOWN_SIDE;

/// A decoded picture of a test.
struct Seen {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Seen {
    fn of(jpeg: &[u8]) -> Self {
        let mut decoder = zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(jpeg));
        let rgb = decoder.decode().expect("a JPEG");
        let (width, height) = decoder.dimensions().expect("a size");
        Self {
            width,
            height,
            rgb: if rgb.len() == width * height { rgb.iter().flat_map(|grey| [*grey; 3]).collect() } else { rgb },
        }
    }

    /// The colour at a place given in hundredths of the sides.
    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let start = (self.height * y / 100 * self.width + self.width * x / 100) * 3;
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    fn looks(&self, (x, y): (usize, usize), colour: [u8; 3]) -> bool {
        self.at(x, y).iter().zip(colour).all(|(seen, wanted)| seen.abs_diff(wanted) < 40)
    }
}

fn shown(bytes: &[u8]) -> Seen {
    Seen::of(&public_version(bytes, SHOWN_SIDE).expect("a picture"))
}

const RED: [u8; 3] = [220, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];
const BLUE: [u8; 3] = [20, 20, 220];
const YELLOW: [u8; 3] = [230, 220, 20];
const WHITE: [u8; 3] = [255, 255, 255];

#[test]
fn what_was_up_is_up_however_the_phone_was_held() {
    const LEFT_UP: (usize, usize) = (20, 20);
    const RIGHT_UP: (usize, usize) = (80, 20);
    const LEFT_DOWN: (usize, usize) = (20, 80);
    const RIGHT_DOWN: (usize, usize) = (80, 80);
    // By the standard's table: where the first row and the first column of the stored picture are seen, so where its first
    // pixel (red) and the end of its first row (green) come to lie.
    let table = [
        (1, LEFT_UP, RIGHT_UP),
        (2, RIGHT_UP, LEFT_UP),
        (3, RIGHT_DOWN, LEFT_DOWN),
        (4, LEFT_DOWN, RIGHT_DOWN),
        (5, LEFT_UP, LEFT_DOWN),
        (6, RIGHT_UP, RIGHT_DOWN),
        (7, RIGHT_DOWN, RIGHT_UP),
        (8, LEFT_DOWN, LEFT_UP),
    ];
    let stored = made::jpeg(&made::quarters(WIDTH, HEIGHT), WIDTH, HEIGHT);
    for (orientation, red, green) in table {
        let exif = Exif { orientation, ..Exif::default() };
        let bytes = made::with_segments(&stored, &exif.segment());
        let seen = shown(&bytes);
        let photo = inspect(&bytes).expect("a photograph");
        assert_eq!((seen.width, seen.height), (photo.width as usize, photo.height as usize));
        assert!(seen.looks(red, RED) && seen.looks(green, GREEN), "orientation {orientation}");
    }
}

#[test]
fn colours_stay_whatever_the_format() {
    let quarters = made::quarters(WIDTH, HEIGHT);
    for bytes in [
        made::jpeg(&quarters, WIDTH, HEIGHT),
        made::progressive(&quarters, WIDTH, HEIGHT),
        made::png(&quarters, (WIDTH, HEIGHT), ColorType::Rgb, BitDepth::Eight),
        made::webp(&quarters, WIDTH, HEIGHT, image_webp::ColorType::Rgb8),
    ] {
        let seen = shown(&bytes);
        for (place, colour) in [((20, 20), RED), ((80, 20), GREEN), ((20, 80), BLUE), ((80, 80), YELLOW)] {
            assert!(seen.looks(place, colour));
        }
    }
    let lossy = shown(&made::lossy_webp());
    assert!(lossy.looks((20, 50), [200, 32, 32]) && lossy.looks((80, 50), [32, 32, 200]));
}

#[test]
fn what_is_transparent_comes_on_white() {
    let (width, height) = (32, 24);
    let right_clear = |x: usize| if x % 32 < 16 { 255 } else { 0 };
    let rgba: Vec<u8> = (0..32 * 24).flat_map(|x| [220, 20, 20, right_clear(x)]).collect();
    let grey: Vec<u8> = (0..32 * 24).flat_map(|x| [60, right_clear(x)]).collect();
    for bytes in [
        made::png(&rgba, (width, height), ColorType::Rgba, BitDepth::Eight),
        made::webp(&rgba, width, height, image_webp::ColorType::Rgba8),
    ] {
        let seen = shown(&bytes);
        assert!(seen.looks((20, 50), RED) && seen.looks((80, 50), WHITE));
    }
    let seen = shown(&made::png(&grey, (width, height), ColorType::GrayscaleAlpha, BitDepth::Eight));
    assert!(seen.looks((20, 50), [60; 3]) && seen.looks((80, 50), WHITE));
    let seen = shown(&made::transparent_lossy_webp());
    assert!(seen.looks((20, 50), [200, 32, 32]) && seen.looks((80, 50), WHITE));
}

#[test]
fn half_transparent_is_half_white() {
    let rgba = [0, 0, 0, 128].repeat(64);
    assert!(shown(&made::png(&rgba, (8, 8), ColorType::Rgba, BitDepth::Eight)).looks((50, 50), [127; 3]));
}

#[test]
fn a_palette_with_transparency_comes_on_white() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 32, 24);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(vec![220, 20, 20, 20, 20, 220]);
    encoder.set_trns(vec![255, 0]);
    let pixels: Vec<u8> = (0..32 * 24).map(|x| u8::from(x % 32 >= 16)).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a PNG");
    let seen = shown(&bytes);
    assert!(seen.looks((20, 50), RED) && seen.looks((80, 50), WHITE));
}

#[test]
fn grey_and_deep_pictures_are_drawn() {
    let grey = made::png(&[77; 64], (8, 8), ColorType::Grayscale, BitDepth::Eight);
    assert!(shown(&grey).looks((50, 50), [77; 3]));
    let bits = made::png(&[0xff; 8], (8, 8), ColorType::Grayscale, BitDepth::One);
    assert!(shown(&bits).looks((50, 50), WHITE));
    let deep = made::png(&[0xdc, 0, 0x14, 0, 0x14, 0].repeat(64), (8, 8), ColorType::Rgb, BitDepth::Sixteen);
    assert!(shown(&deep).looks((50, 50), RED));
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
    encoder.encode(&[77; 64], 8, 8, jpeg_encoder::ColorType::Luma).expect("a JPEG");
    assert!(shown(&jpeg).looks((50, 50), [77; 3]));
}

#[test]
fn an_interlaced_png_is_drawn() {
    // Eight grey pixels a side, in the seven passes of Adam7; each row begins with its filter, none. Deflate may store.
    let rows: &[(usize, usize)] = &[(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)];
    let raw: Vec<u8> = rows.iter().flat_map(|(w, h)| [&[0][..], &vec![77; *w]].concat().repeat(*h)).collect();
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    let length = raw.len() as u16;
    let sizes = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    let stored = [&[0x78, 0x01, 0x01][..], &sizes, &raw, &(b << 16 | a).to_be_bytes()].concat();
    let head = [&8_u32.to_be_bytes()[..], &8_u32.to_be_bytes(), &[8, 0, 0, 0, 1]].concat();
    let chunks = [made::png_chunk(b"IHDR", &head), made::png_chunk(b"IDAT", &stored), made::png_chunk(b"IEND", b"")];
    let seen = shown(&[b"\x89PNG\r\n\x1a\n", &chunks.concat()[..]].concat());
    assert_eq!((seen.width, seen.height), (8, 8));
    assert!(seen.rgb.iter().all(|value| value.abs_diff(77) < 4));
}

#[test]
fn a_picture_becomes_smaller_and_never_larger() {
    let wide = made::jpeg(&made::scene(1_000, 500), 1_000, 500);
    let size = |bytes: &[u8], side| {
        let seen = Seen::of(&public_version(bytes, side).expect("a picture"));
        (seen.width, seen.height)
    };
    assert_eq!(size(&wide, 320), (320, 160));
    assert_eq!(size(&wide, 1_600), (1_000, 500));
    assert_eq!(size(&wide, 0), (1, 1));
    let large = made::jpeg(&made::scene(2_000, 100), 2_000, 100);
    assert_eq!(size(&large, u32::MAX), (1_600, 80));
    let strip = made::png(&[9; 20_000], (20_000, 1), ColorType::Grayscale, BitDepth::Eight);
    assert_eq!(size(&strip, 320), (320, 1));
}

#[test]
fn a_printers_four_colours_are_drawn() {
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 95);
    encoder.encode(&[0, 230, 230, 30].repeat(256), 16, 16, jpeg_encoder::ColorType::Cmyk).expect("a JPEG");
    let seen = shown(&jpeg);
    let [red, green, blue] = seen.at(50, 50);
    assert!(red > 180 && green < 60 && blue < 60, "{red} {green} {blue}");
}
