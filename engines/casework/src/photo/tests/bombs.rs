//! Small files that would unfold into much memory or much time: refused by their frame, before anything is decoded.
use super::{inspect, made};
use crate::photo::decode::frame;
use crate::photo::{MEMORY_MAX, PhotoFault};

fn pixels_refused(bytes: &[u8]) -> bool {
    matches!(inspect(bytes), Err(PhotoFault::TooManyPixels { .. }))
}

#[test]
fn more_pixels_than_a_phone_has_are_refused() {
    assert!(pixels_refused(&made::png_of_size(20_001, 1, 2)));
    assert!(pixels_refused(&made::png_of_size(1, u32::MAX, 2)));
    assert!(pixels_refused(&made::png_of_size(10_000, 5_201, 0)));
    assert!(pixels_refused(&made::jpeg_of_size(0xc0, (65_535, 65_535), 1)));
    let lossless = [&[0x2f][..], &(16_383_u32 | 16_383 << 14).to_le_bytes()].concat();
    assert!(pixels_refused(&made::riff(&made::chunk(b"VP8L", &lossless))));
    let lossy = [0x10, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
    assert!(pixels_refused(&made::riff(&made::chunk(b"VP8 ", &lossy))));
    assert!(inspect(&made::png_of_size(10_000, 5_200, 0)).is_ok());
    assert!(inspect(&made::png_of_size(20_000, 2_600, 0)).is_ok());
}

#[test]
fn a_side_of_no_length_is_damage() {
    assert!(matches!(inspect(&made::png_of_size(0, 9, 2)), Err(PhotoFault::Damaged(_))));
    assert!(matches!(inspect(&made::jpeg_of_size(0xc0, (9, 0), 1)), Err(PhotoFault::Damaged(_))));
}

#[test]
fn fifty_megapixels_of_a_phone_are_taken() {
    let bytes = made::jpeg_of_size(0xc0, (8_192, 6_144), 1);
    assert!(frame(&bytes).expect("a photograph").memory_bytes() <= MEMORY_MAX);
}

#[test]
fn few_pixels_that_take_much_memory_are_refused() {
    let memory = Err(PhotoFault::TooCostly("memory"));
    // All coefficients of a progressive JPEG are held until its last scan.
    assert!(inspect(&made::jpeg_of_size(0xc2, (6_000, 4_000), 10)).is_ok());
    assert_eq!(inspect(&made::jpeg_of_size(0xc2, (8_192, 6_144), 2)), memory);
    // Four channels instead of one.
    assert_eq!(inspect(&made::png_of_size(10_000, 5_200, 6)), memory);
    // A phone's screen as lossless WebP, and tables that grow four hundredfold.
    let screen = |length| {
        let mut body = [&[0x2f][..], &(1_079_u32 | 2_399 << 14).to_le_bytes()].concat();
        body.resize(length, 0);
        made::riff(&made::chunk(b"VP8L", &body))
    };
    assert!(inspect(&screen(300_000)).is_ok());
    assert_eq!(inspect(&screen(1_000_000)), memory);
    // The same tables in the transparency of a lossy one.
    let mut alpha = vec![1; 1_000_000];
    alpha[0] = 1;
    let head = [0x10, 0, 0, 0, 31, 0, 0, 23, 0, 0];
    let lossy = made::lossy_webp();
    let chunks = [&made::chunk(b"VP8X", &head)[..], &made::chunk(b"ALPH", &alpha), &lossy[12..]].concat();
    assert_eq!(inspect(&made::riff(&chunks)), memory);
}

#[test]
fn ten_thousand_scans_are_refused() {
    let scans = Err(PhotoFault::TooCostly("scans"));
    assert_eq!(inspect(&made::jpeg_of_size(0xc2, (64, 64), 10_000)), scans);
    assert_eq!(inspect(&made::jpeg_of_size(0xc0, (64, 64), 2)), Err(PhotoFault::Unsupported("JPEG components apart")));
    // Fewer scans of more pixels are as much work.
    assert!(inspect(&made::jpeg_of_size(0xc2, (64, 64), 64)).is_ok());
    assert_eq!(inspect(&made::jpeg_of_size(0xc2, (4_000, 3_000), 40)), scans);
}

#[test]
fn a_thousand_tables_are_refused() {
    let table = made::segment(0xc4, &[&[0; 17][..], &[0; 240]].concat());
    let bytes = made::with_segments(&made::usual_jpeg(), &table.repeat(1_000));
    assert_eq!(inspect(&bytes), Err(PhotoFault::TooCostly("tables")));
}

#[test]
fn segments_that_say_nothing_of_the_picture_cost_nothing() {
    let body = [&b"http://ns.adobe.com/xmp/extension/\0"[..], &[b'A'; 32], &[0xff; 8]].concat();
    let bytes = made::with_segments(&made::usual_jpeg(), &made::segment(0xe1, &body).repeat(200_000));
    let clean = frame(&bytes).expect("a photograph").essence(&bytes);
    assert!(clean.len() < made::usual_jpeg().len());
}

#[test]
fn directories_that_name_each_other_come_to_an_end() {
    // Each entry points to the directory itself, as EXIF and as GPS; and there are as many as a block can hold.
    let mut block = b"II\x2a\0\x08\0\0\0\xff\xff".to_vec();
    for tag in [0x8769_u16, 0x8825].iter().cycle().take(5_000) {
        block.extend(tag.to_le_bytes());
        block.extend([4, 0, 1, 0, 0, 0, 8, 0, 0, 0]);
    }
    let bytes = made::with_segments(&made::usual_jpeg(), &made::segment(0xe1, &[&b"Exif\0\0"[..], &block].concat()));
    let photo = inspect(&bytes).expect("a photograph");
    assert_eq!((photo.place, photo.taken_at), (None, None));
}

#[test]
fn two_frame_headers_or_none_are_damage() {
    let twice =
        made::with_segments(&made::jpeg_of_size(0xc0, (64, 64), 1), &made::jpeg_of_size(0xc0, (8, 8), 0)[2..21]);
    for bytes in [twice, [&[0xff, 0xd8][..], &made::segment(0xda, &[0; 6]), &[0xff, 0xd9]].concat()] {
        assert!(matches!(inspect(&bytes), Err(PhotoFault::Damaged(_))));
    }
}
