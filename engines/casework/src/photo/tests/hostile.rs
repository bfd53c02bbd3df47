//! Files that nobody made on purpose, and some that somebody did: whatever comes, there is an answer, and it stays small.
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::made::{self, Exif};
use super::{inspect, public_version};
use crate::photo::MEMORY_MAX;
use crate::photo::decode::frame;

const SIDE: u32 = 64;

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (width, height) = (70, 50);
    let scene = made::scene(width, height);
    let rgba: Vec<u8> = scene.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], rgb[0]]).collect();
    vec![
        made::with_segments(&made::jpeg(&scene, width, height), &Exif { orientation: 8, ..Exif::default() }.segment()),
        made::progressive(&scene, width, height),
        made::png(&rgba, (width, height), png::ColorType::Rgba, png::BitDepth::Eight),
        made::png(&scene, (width, height), png::ColorType::Rgb, png::BitDepth::Eight),
        made::webp(&rgba, width, height, image_webp::ColorType::Rgba8),
        made::lossy_webp(),
        made::transparent_lossy_webp(),
    ]
});

/// Whatever the bytes are: an answer, memory within the limit, and a picture no larger than asked for.
fn answers(bytes: &[u8]) -> Result<(), TestCaseError> {
    let seen = inspect(bytes);
    if let Ok(frame) = frame(bytes) {
        prop_assert!(frame.memory_bytes() <= MEMORY_MAX);
    }
    if let Ok(picture) = public_version(bytes, SIDE) {
        prop_assert!(seen.is_ok());
        prop_assert!(picture.len() < 64 * 1024);
        let drawn = inspect(&picture).expect("our own picture");
        prop_assert!(drawn.width <= SIDE && drawn.height <= SIDE);
        prop_assert!(drawn.place.is_none() && drawn.taken_at.is_none());
    }
    Ok(())
}

/// What is done to a good file.
#[derive(Clone, Debug)]
enum Harm {
    Flip(usize, u8),
    Cut(usize, usize),
    Repeat(usize, usize),
    Insert(usize, Vec<u8>),
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        4 => (any::<usize>(), 1..=255_u8).prop_map(|(at, mask)| Harm::Flip(at, mask)),
        1 => (any::<usize>(), 1..200_usize).prop_map(|(at, length)| Harm::Cut(at, length)),
        1 => (any::<usize>(), 1..200_usize).prop_map(|(at, length)| Harm::Repeat(at, length)),
        1 => (any::<usize>(), vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
    ]
}

fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match harm {
            Harm::Flip(at, mask) => bytes[at % length] ^= mask,
            Harm::Cut(at, count) => drop(bytes.drain(at % length..(at % length + count).min(length))),
            Harm::Repeat(at, count) => {
                let piece = bytes[at % length..(at % length + count).min(length)].to_vec();
                bytes.splice(at % length..at % length, piece);
            }
            Harm::Insert(at, new) => drop(bytes.splice(at % length..at % length, new.iter().copied())),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_have_an_answer(bytes in vec(any::<u8>(), 0..2_000)) {
        answers(&bytes)?;
    }

    #[test]
    fn random_bytes_behind_a_good_beginning_have_an_answer(seed in 0..7_usize, keep in 8..120_usize, bytes in vec(any::<u8>(), 0..2_000)) {
        let good = &SEEDS[seed];
        answers(&[&good[..keep.min(good.len())], &bytes].concat())?;
    }

    #[test]
    fn a_good_file_that_was_harmed_has_an_answer(seed in 0..7_usize, harms in vec(harm(), 1..6)) {
        answers(&harmed(SEEDS[seed].clone(), &harms))?;
    }

    #[test]
    fn a_harmed_block_of_exif_has_an_answer(harms in vec(harm(), 1..12)) {
        let block = harmed(Exif::default().block(), &harms);
        let said = crate::photo::exif::read(&block);
        if let Some(place) = said.place {
            prop_assert!(place.longitude.abs() <= 180.0 && place.latitude.abs() <= 90.0);
        }
    }
}
