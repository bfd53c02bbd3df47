//! What it costs. `cargo test -p casework photo::tests::figures -- --ignored --nocapture` prints the table anew.
use std::time::Instant;

use super::{made, public_version};
use crate::photo::decode::frame;
use crate::photo::{SHOWN_SIDE, THUMBNAIL_SIDE};

#[test]
#[ignore = "measures this machine"]
fn figures() {
    let large = made::scene(4_032, 3_024);
    let screen = made::scene(1_080, 2_400);
    let phone = |side| {
        if side == 4_032 {
            made::jpeg(&large, 4_032, 3_024)
        } else {
            made::jpeg(&made::scene(8_192, 6_144), 8_192, 6_144)
        }
    };
    for (name, bytes) in [
        ("JPEG, 12 megapixels", phone(4_032)),
        ("JPEG, 50 megapixels", phone(8_192)),
        ("progressive JPEG, 12 megapixels", made::progressive(&large, 4_032, 3_024)),
        ("PNG, a phone's screen", made::png(&screen, (1_080, 2_400), png::ColorType::Rgb, png::BitDepth::Eight)),
        ("lossy WebP, 32 by 24", made::lossy_webp()),
    ] {
        let reckoned = frame(&bytes).expect("a photograph").memory_bytes() / (1024 * 1024);
        let began = Instant::now();
        let shown = public_version(&bytes, SHOWN_SIDE).expect("a picture");
        let took = began.elapsed().as_millis();
        let thumbnail = public_version(&shown, THUMBNAIL_SIDE).expect("a picture");
        println!(
            "| {name} | {} KB | {took} ms | {reckoned} MiB | {} KB | {} KB |",
            bytes.len() / 1024,
            shown.len() / 1024,
            thumbnail.len() / 1024
        );
    }
}
