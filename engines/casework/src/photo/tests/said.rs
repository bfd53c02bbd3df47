//! What a photograph says of where and when it was taken, and what of that is not believed.
use time::macros::datetime;

use super::inspect;
use super::made::{self, Exif, HEIGHT, WIDTH};
use crate::photo::Photo;

fn read(exif: &Exif) -> Photo {
    inspect(&exif.on_jpeg()).expect("a photograph")
}

fn place(exif: &Exif) -> Option<(f64, f64)> {
    read(exif).place.map(|place| (place.longitude, place.latitude))
}

#[test]
fn the_place_is_read_in_both_orders_of_bytes() {
    for little_endian in [true, false] {
        let (longitude, latitude) = place(&Exif { little_endian, ..Exif::default() }).expect("a place");
        assert!((latitude - (31.0 + 14.0 / 60.0 + 9.5 / 3_600.0)).abs() < 1e-9);
        assert!((longitude - (121.0 + 28.0 / 60.0 + 30.25 / 3_600.0)).abs() < 1e-9);
    }
}

#[test]
fn south_and_west_are_negative() {
    let (longitude, latitude) = place(&Exif { sides: ("S", "W"), ..Exif::default() }).expect("a place");
    assert!(longitude < -121.0 && latitude < -31.0);
}

#[test]
fn a_place_that_cannot_be_is_no_place() {
    let usual = [(31, 1), (14, 1), (95, 10), (121, 1), (28, 1), (3_025, 100)];
    let but = |index: usize, ratio| {
        let mut place = usual;
        place[index] = ratio;
        place
    };
    let wrong = [
        but(2, (0, 0)),
        but(0, (31, 0)),
        but(0, (91, 1)),
        but(3, (181, 1)),
        but(1, (61, 1)),
        but(5, (6_100, 100)),
        but(0, (u32::MAX, 1)),
        [(0, 1); 6],
        [(0, 0); 6],
    ];
    for ratios in wrong {
        assert_eq!(place(&Exif { place: Some(ratios), ..Exif::default() }), None, "{ratios:?}");
    }
    assert_eq!(place(&Exif { sides: ("", ""), ..Exif::default() }), None);
    assert_eq!(place(&Exif { sides: ("E", "N"), ..Exif::default() }), None);
    assert_eq!(place(&Exif { status: Some("V"), ..Exif::default() }), None);
    assert_eq!(place(&Exif { place: None, ..Exif::default() }), None);
    assert!(place(&Exif { status: Some("A"), ..Exif::default() }).is_some());
}

#[test]
fn the_time_is_that_of_china_unless_the_phone_says_otherwise() {
    let at = |offset| read(&Exif { offset, ..Exif::default() }).taken_at;
    assert_eq!(at(None), Some(datetime!(2026-03-14 08:05:09 +8)));
    assert_eq!(at(Some("+08:00")), Some(datetime!(2026-03-14 08:05:09 +8)));
    assert_eq!(at(Some("-03:30")), Some(datetime!(2026-03-14 08:05:09 -3:30)));
    for nonsense in ["   :  ", "+99:00", "+0x:00", "08:00+"] {
        assert_eq!(at(Some(nonsense)), Some(datetime!(2026-03-14 08:05:09 +8)), "{nonsense}");
    }
}

#[test]
fn a_time_that_cannot_be_is_no_time() {
    for taken in [
        "0000:00:00 00:00:00",
        "1970:01:01 00:00:00",
        "2026:02:30 10:00:00",
        "2026:03:14 25:00:00",
        "yesterday at noon ..",
        "2026:03:14",
    ] {
        assert_eq!(read(&Exif { taken: Some(taken), ..Exif::default() }).taken_at, None, "{taken}");
    }
    assert_eq!(read(&Exif { taken: None, ..Exif::default() }).taken_at, None);
}

#[test]
fn a_photograph_held_upright_is_as_high_as_people_see_it() {
    for orientation in 0..=9 {
        let photo = read(&Exif { orientation, ..Exif::default() });
        let turned = (5..=8).contains(&orientation);
        assert_eq!((photo.width, photo.height), if turned { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) });
    }
}

#[test]
fn png_and_webp_say_it_too() {
    let block = Exif::default().block();
    let png = made::with_png_chunks(&made::usual_png(), &made::png_chunk(b"eXIf", &block));
    let webp = made::usual_webp();
    let webp = made::riff(&[&webp[12..], &made::chunk(b"EXIF", &block)].concat());
    for bytes in [png, webp] {
        let photo = inspect(&bytes).expect("a photograph");
        assert!(photo.place.is_some() && photo.taken_at.is_some());
    }
}

#[test]
fn a_block_behind_another_segment_is_found() {
    let xmp = made::segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
    let bytes = made::with_segments(&made::usual_jpeg(), &[xmp, Exif::default().segment()].concat());
    assert!(inspect(&bytes).expect("a photograph").place.is_some());
}

#[test]
fn an_independent_reader_reads_the_same() {
    for little_endian in [true, false] {
        let bytes = Exif { little_endian, orientation: 6, ..Exif::default() }.on_jpeg();
        let theirs = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes)).expect("EXIF");
        let field = |tag| theirs.get_field(tag, exif::In::PRIMARY).expect("the field");
        let exif::Value::Rational(latitude) = &field(exif::Tag::GPSLatitude).value else { panic!("no fractions") };
        let latitude = latitude[0].to_f64() + latitude[1].to_f64() / 60.0 + latitude[2].to_f64() / 3_600.0;
        let ours = inspect(&bytes).expect("a photograph");
        assert_eq!(ours.place.map(|place| place.latitude), Some(latitude));
        assert_eq!(field(exif::Tag::Orientation).value.get_uint(0), Some(6));
        assert_eq!(field(exif::Tag::DateTimeOriginal).display_value().to_string(), "2026-03-14 08:05:09");
    }
}

#[test]
fn a_block_broken_anywhere_never_refuses_the_photograph() {
    let block = Exif::default().block();
    for end in 0..block.len() {
        let bytes = made::segment(0xe1, &[&b"Exif\0\0"[..], &block[..end]].concat());
        assert!(inspect(&made::with_segments(&made::usual_jpeg(), &bytes)).is_ok());
    }
}
