//! Nothing of who, where and with what is left in what the public may see.
use std::io::Cursor;

use super::made::{self, Exif};
use super::public_version;
use crate::photo::{SHOWN_SIDE, THUMBNAIL_SIDE};

/// Everything that phones and programs write beside the picture, each with a word to look for.
fn full_of_secrets() -> Vec<u8> {
    let preview = made::jpeg(&made::quarters(16, 16), 16, 16);
    let segments = [
        made::segment(0xe0, b"JFXX\0\x10JFIF-THUMBNAIL-SECRET"),
        Exif { orientation: 6, ..Exif::default() }.segment(),
        made::segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>XMP-SECRET"),
        made::segment(0xe2, b"ICC_PROFILE\0\x01\x01PROFILE-SECRET"),
        made::segment(0xe2, b"MPF\0SECOND-VIEW-SECRET"),
        made::segment(0xed, b"Photoshop 3.0\08BIM\x04\x04IPTC-SECRET"),
        made::segment(0xee, b"NOT-ADOBES-SECRET"),
        made::segment(0xfe, b"COMMENT-SECRET"),
        made::segment(0xe5, &preview),
    ];
    let jpeg = made::with_segments(&made::usual_jpeg(), &segments.concat());
    [&jpeg[..], b"BEHIND-THE-END-SECRET", &preview].concat()
}

fn pictures() -> Vec<Vec<u8>> {
    let block = Exif::default().block();
    let texts = [made::png_chunk(b"eXIf", &block), made::png_chunk(b"tEXt", b"Comment\0TEXT-SECRET")].concat();
    let png = made::with_png_chunks(&made::usual_png(), &texts);
    let webp = made::usual_webp();
    let extra = [made::chunk(b"EXIF", &block), made::chunk(b"XMP ", b"XMP-SECRET")].concat();
    let webp = made::riff(&[&webp[12..], &extra].concat());
    let lossy = made::riff(&[&made::transparent_lossy_webp()[12..], &extra].concat());
    let sent = [full_of_secrets(), png, webp, lossy];
    assert!(sent.iter().all(|bytes| contains(bytes, b"SECRET")));
    sent.iter()
        .flat_map(|bytes| [SHOWN_SIDE, THUMBNAIL_SIDE, 16].map(|side| public_version(bytes, side).expect("a picture")))
        .collect()
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn an_independent_reader_finds_no_exif() {
    let sent = full_of_secrets();
    assert!(exif::Reader::new().read_from_container(&mut Cursor::new(&sent)).is_ok());
    for picture in pictures() {
        let found = exif::Reader::new().read_from_container(&mut Cursor::new(&picture));
        assert!(matches!(found, Err(exif::Error::NotFound(_))));
    }
}

#[test]
fn no_word_of_it_is_left() {
    for picture in pictures() {
        for word in [&b"SECRET"[..], b"Exif", b"GPS", b"ns.adobe", b"ICC_PROFILE", b"MPF", b"8BIM", b"JFXX", b"2026"] {
            assert!(!contains(&picture, word), "{}", String::from_utf8_lossy(word));
        }
    }
}

#[test]
fn each_segment_is_one_of_those_that_a_picture_needs() {
    for picture in pictures() {
        let mut at = 2;
        let mut markers = Vec::new();
        while picture[at + 1] != 0xda {
            assert_eq!(picture[at], 0xff);
            let length = usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
            if picture[at + 1] == 0xe0 {
                // Version 1.2 or 1.1, no unit or dots per inch, no thumbnail.
                assert_eq!(length, 16);
                assert_eq!(&picture[at + 4..at + 9], b"JFIF\0");
                assert_eq!(&picture[at + 16..at + 18], &[0, 0]);
            }
            markers.push(picture[at + 1]);
            at += 2 + length;
        }
        assert!(markers.iter().all(|marker| [0xe0, 0xdb, 0xc0, 0xc4].contains(marker)), "{markers:x?}");
        // The scan has no marker inside but restarts, so nothing hides between it and the end.
        let scan = &picture[at + 2..];
        let inside = scan.windows(2).filter(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7)).count();
        assert_eq!(inside, 1);
        assert!(picture.ends_with(&[0xff, 0xd9]));
    }
}

#[test]
fn the_decoder_never_sees_it() {
    let sent = full_of_secrets();
    let frame = crate::photo::decode::frame(&sent).expect("a photograph");
    assert!(!contains(&frame.essence(&sent), b"SECRET"));
}
