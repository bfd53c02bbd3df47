//! Many photographs at once.
use futures::future::join_all;
use tokio::sync::Mutex;

use super::inspect;
use super::made::{self, Exif};
use crate::photo::queue::WAITING_MAX;
use crate::photo::{PhotoFault, THUMBNAIL_SIDE, process};

/// The bench is one for the whole program; these tests take turns at it.
static TURN: Mutex<()> = Mutex::const_new(());

fn sent() -> Vec<u8> {
    made::with_segments(
        &made::jpeg(&made::scene(800, 600), 800, 600),
        &Exif { orientation: 6, ..Exif::default() }.segment(),
    )
}

#[tokio::test]
async fn a_request_gets_both_pictures_and_what_the_phone_said() {
    let _turn = TURN.lock().await;
    let prepared = process(sent()).await.expect("pictures");
    assert_eq!((prepared.photo.width, prepared.photo.height), (600, 800));
    assert!(prepared.photo.place.is_some() && prepared.photo.taken_at.is_some());
    assert_eq!((prepared.shown.width, prepared.shown.height), (600, 800));
    assert_eq!((prepared.thumbnail.width, prepared.thumbnail.height), (240, THUMBNAIL_SIDE));
    for picture in [&prepared.shown, &prepared.thumbnail] {
        let seen = inspect(&picture.jpeg).expect("our own picture");
        assert_eq!((seen.width, seen.height, seen.place), (picture.width, picture.height, None));
    }
}

#[tokio::test]
async fn a_refusal_gives_its_place_back() {
    let _turn = TURN.lock().await;
    for _ in 0..WAITING_MAX + 1 {
        assert_eq!(process(b"no photograph".to_vec()).await, Err(PhotoFault::Unrecognised));
    }
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_told_to_come_again() {
    let _turn = TURN.lock().await;
    let bytes = sent();
    let answers = join_all((0..WAITING_MAX + 3).map(|_| process(bytes.clone()))).await;
    let busy = answers.iter().filter(|answer| **answer == Err(PhotoFault::Busy)).count();
    assert_eq!(busy, 3);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), WAITING_MAX);
    assert!(process(bytes).await.is_ok());
}

#[tokio::test]
async fn one_that_needs_the_whole_bench_has_its_turn() {
    let _turn = TURN.lock().await;
    let large = made::png_of_size(10_000, 5_200, 2);
    let (small, large) = tokio::join!(process(sent()), process(large));
    assert!(small.is_ok());
    // It has no pixels; what matters is that it came to be decoded.
    assert!(matches!(large, Err(PhotoFault::Damaged(_))));
}
