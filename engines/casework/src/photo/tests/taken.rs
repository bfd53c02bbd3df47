//! What is taken and what is refused, before anything is decoded.
use jh_core::fault::Fault as _;

use super::made::{self, HEIGHT, WIDTH};
use super::{inspect, public_version};
use crate::photo::{FILE_BYTES_MAX, Format, PhotoFault};

#[test]
fn a_photograph_is_known_by_its_content() {
    for (bytes, format) in [
        (made::usual_jpeg(), Format::Jpeg),
        (made::progressive(&made::scene(WIDTH, HEIGHT), WIDTH, HEIGHT), Format::Jpeg),
        (made::usual_png(), Format::Png),
        (made::usual_webp(), Format::WebP),
    ] {
        let photo = inspect(&bytes).expect("a photograph");
        assert_eq!((photo.format, photo.width, photo.height), (format, WIDTH, HEIGHT));
        assert_eq!((photo.place, photo.taken_at), (None, None));
    }
}

#[test]
fn what_is_no_photograph_is_refused() {
    let page = b"<html><script>alert(1)</script></html>".to_vec();
    let pdf = b"%PDF-1.7 \xff\xd8\xff\xe0".to_vec();
    for bytes in [Vec::new(), vec![0xff], b"GIF89a\x01\0\x01\0".to_vec(), page, pdf, b"RIFF\0\0\0\0WAVE".to_vec()] {
        assert_eq!(inspect(&bytes), Err(PhotoFault::Unrecognised));
        assert_eq!(public_version(&bytes, 320), Err(PhotoFault::Unrecognised));
    }
}

#[test]
fn an_iphone_is_told_to_send_jpeg() {
    for brand in [b"heic", b"mif1", b"heix", b"avif"] {
        let bytes = [&b"\0\0\0\x18ftyp"[..], brand, b"\0\0\0\0"].concat();
        assert_eq!(inspect(&bytes), Err(PhotoFault::Heic));
    }
    assert_eq!(PhotoFault::Heic.refusal().code, "photo-heic");
    let film = b"\0\0\0\x18ftypisom\0\0\0\0";
    assert_eq!(inspect(film), Err(PhotoFault::Unrecognised));
}

#[test]
fn a_file_over_twenty_megabytes_is_refused_unread() {
    let mut bytes = made::usual_jpeg();
    bytes.resize(FILE_BYTES_MAX, 0);
    assert!(inspect(&bytes).is_ok());
    bytes.push(0);
    assert_eq!(inspect(&bytes), Err(PhotoFault::FileTooLarge(FILE_BYTES_MAX + 1)));
}

#[test]
fn a_photograph_cut_off_anywhere_is_refused_and_said_to_be_cut_off() {
    let small = made::scene(40, 30);
    let exif = made::Exif::default().segment();
    for bytes in [
        made::with_segments(&made::jpeg(&small, 40, 30), &exif),
        made::progressive(&small, 40, 30),
        made::png(&small, (40, 30), png::ColorType::Rgb, png::BitDepth::Eight),
        made::webp(&small, 40, 30, image_webp::ColorType::Rgb8),
        made::lossy_webp(),
        made::transparent_lossy_webp(),
    ] {
        assert!(public_version(&bytes, 320).is_ok());
        for end in 12..bytes.len() {
            assert_eq!(inspect(&bytes[..end]), Err(PhotoFault::Truncated), "{end} of {} bytes", bytes.len());
            assert_eq!(public_version(&bytes[..end], 320), Err(PhotoFault::Truncated));
        }
    }
}

#[test]
fn what_a_phone_hangs_behind_the_picture_does_no_harm() {
    let film =
        [made::usual_jpeg(), b"\0\0\0\x18ftypisom film of the second before".to_vec(), made::usual_jpeg()].concat();
    let alone = public_version(&made::usual_jpeg(), 320).expect("a picture");
    assert_eq!(public_version(&film, 320), Ok(alone));
}

#[test]
fn padding_between_segments_does_no_harm() {
    let comment = made::segment(0xfe, b"a camera that pads");
    for padding in [&[0xff, 0xff, 0xff][..], &[&comment[..], &[0, 0, 0, 0xff, 0xff]].concat()] {
        let padded = made::with_segments(&made::usual_jpeg(), padding);
        assert_eq!(inspect(&padded).map(|photo| photo.width), Ok(WIDTH));
        assert_eq!(public_version(&padded, 320), public_version(&made::usual_jpeg(), 320));
    }
}

#[test]
fn a_png_with_a_wrong_checksum_is_damaged() {
    let mut bytes = made::usual_png();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert!(inspect(&bytes).is_ok());
    assert!(matches!(public_version(&bytes, 320), Err(PhotoFault::Damaged(_))));
}

#[test]
fn what_we_do_not_read_is_named() {
    for marker in [0xc9, 0xca] {
        let bytes = made::jpeg_of_size(marker, (64, 64), 1);
        assert_eq!(inspect(&bytes), Err(PhotoFault::Unsupported("JPEG arithmetic coding")));
    }
    // Each component in a scan of its own.
    let mut apart = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut apart, 90);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.encode(&made::scene(40, 30), 40, 30, jpeg_encoder::ColorType::Rgb).expect("a JPEG");
    assert_eq!(inspect(&apart), Err(PhotoFault::Unsupported("JPEG components apart")));
    assert_eq!(inspect(&made::jpeg_of_size(0xc3, (64, 64), 1)), Err(PhotoFault::Unsupported("JPEG process")));
}

#[test]
fn a_moving_webp_is_refused_and_a_moving_png_stands_still() {
    let head = [0x02, 0, 0, 0, 31, 0, 0, 23, 0, 0];
    let moving = made::riff(&[made::chunk(b"VP8X", &head), made::chunk(b"ANIM", &[0; 6])].concat());
    assert_eq!(inspect(&moving), Err(PhotoFault::Animated));

    let still = made::usual_png();
    let control = made::png_chunk(b"acTL", &[0, 0, 0, 9, 0, 0, 0, 0]);
    let moving = made::with_png_chunks(&still, &control);
    assert_eq!(public_version(&moving, 320), public_version(&still, 320));
}

#[test]
fn each_refusal_has_words_of_its_own() {
    let faults = [
        PhotoFault::FileTooLarge(1),
        PhotoFault::Unrecognised,
        PhotoFault::Heic,
        PhotoFault::Truncated,
        PhotoFault::Damaged(String::new()),
        PhotoFault::Unsupported(""),
        PhotoFault::Animated,
        PhotoFault::TooManyPixels { width: 1, height: 1 },
        PhotoFault::TooCostly(""),
        PhotoFault::Busy,
    ];
    let codes: std::collections::BTreeSet<_> = faults.iter().map(|fault| fault.refusal().code).collect();
    assert_eq!(codes.len(), faults.len());
    assert!(codes.iter().all(|code| code.starts_with("photo-")));
}
