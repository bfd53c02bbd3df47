//! Which stored files stay: what a room refers to, what somebody put again, and everything while nobody can be asked.
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use jh_db::files::{FileKeeper, FileRef, FileStore, Receipt, give_back, sweep};
use jh_db::{Base, DbError, testing};

/// A room that needs these, does something first, or cannot answer.
#[derive(Default)]
struct Room {
    needs: Mutex<Vec<[u8; 32]>>,
    away: bool,
    puts_meanwhile: Option<&'static [u8]>,
}

#[async_trait]
impl FileKeeper for Room {
    async fn needed(&self, base: &Base, among: &[[u8; 32]]) -> Result<Vec<[u8; 32]>, DbError> {
        if self.away {
            return Err(DbError::Replayed);
        }
        if let Some(bytes) = self.puts_meanwhile {
            base.files.put(bytes).await?;
        }
        let needs = self.needs.lock().unwrap();
        Ok(among.iter().filter(|name| needs.contains(name)).copied().collect())
    }
}

async fn received(files: &FileStore, bytes: &[u8]) -> Receipt {
    let mut writer = files.writer(1_000).await.unwrap();
    writer.write(bytes).await.unwrap();
    writer.finish_receipt().await.unwrap()
}

fn there(files: &FileStore, file: FileRef) -> bool {
    files.open_blocking(&file.sm3).is_ok()
}

/// Makes a file look as if nobody had put it for an hour.
fn age(files: &FileStore, file: FileRef) -> SystemTime {
    let path = files.dir().join(&file.hex()[..2]).join(file.hex());
    let handle = std::fs::File::options().write(true).open(path).unwrap();
    let at = handle.metadata().unwrap().modified().unwrap() - Duration::from_secs(3_600);
    handle.set_modified(at).unwrap();
    at + Duration::from_secs(1)
}

#[tokio::test]
async fn without_a_keeper_nothing_goes() {
    let test = testing::base(&[]).await;
    let receipt = received(&test.files, b"kept").await;
    assert_eq!(give_back(&test, std::slice::from_ref(&receipt)).await.unwrap(), 0);
    let before = age(&test.files, receipt.file);
    assert_eq!(sweep(&test, before).await.unwrap(), 0);
    assert!(there(&test.files, receipt.file));
}

#[tokio::test]
async fn a_store_of_another_database_is_left_alone() {
    let test = testing::base(&[]).await;
    test.services.register::<dyn FileKeeper>(Arc::new(Room::default()));
    let receipt = received(&test.files, b"the old database's").await;
    let before = age(&test.files, receipt.file);
    std::fs::write(test.files.dir().join("database"), "1.5").unwrap();
    assert_eq!(sweep(&test, before).await.unwrap(), 0);
    assert!(there(&test.files, receipt.file));
    std::fs::remove_file(test.files.dir().join("database")).unwrap();
    assert_eq!(sweep(&test, before).await.unwrap(), 1);
}

#[tokio::test]
async fn a_keeper_that_cannot_answer_keeps_everything() {
    let test = testing::base(&[]).await;
    test.services.register::<dyn FileKeeper>(Arc::new(Room::default()));
    test.services.register::<dyn FileKeeper>(Arc::new(Room { away: true, ..Room::default() }));
    let receipt = received(&test.files, b"kept").await;
    give_back(&test, std::slice::from_ref(&receipt)).await.unwrap_err();
    let before = age(&test.files, receipt.file);
    sweep(&test, before).await.unwrap_err();
    assert!(there(&test.files, receipt.file));
}

#[tokio::test]
async fn what_any_room_needs_stays_and_the_rest_goes() {
    let test = testing::base(&[]).await;
    let (one, two, none) = (Arc::new(Room::default()), Arc::new(Room::default()), b"unneeded");
    let files = [&b"first"[..], b"second", none];
    let mut receipts = Vec::new();
    for bytes in files {
        receipts.push(received(&test.files, bytes).await);
    }
    one.needs.lock().unwrap().push(receipts[0].file.sm3);
    two.needs.lock().unwrap().push(receipts[1].file.sm3);
    test.services.register::<dyn FileKeeper>(one);
    test.services.register::<dyn FileKeeper>(two);
    assert_eq!(give_back(&test, &receipts).await.unwrap(), 1);
    let left: Vec<_> = receipts.iter().map(|receipt| there(&test.files, receipt.file)).collect();
    assert_eq!(left, [true, true, false]);
    let again = test.files.put(none).await.unwrap();
    let before = receipts.iter().map(|receipt| age(&test.files, receipt.file)).max().unwrap();
    assert_eq!(sweep(&test, before).await.unwrap(), 1);
    assert!(!there(&test.files, again) && there(&test.files, receipts[0].file));
}

#[tokio::test]
async fn a_file_that_was_there_before_or_was_put_since_is_not_taken_back() {
    let test = testing::base(&[]).await;
    test.services.register::<dyn FileKeeper>(Arc::new(Room::default()));
    let first = received(&test.files, b"the same").await;
    let second = received(&test.files, b"the same").await;
    // Either may be about to refer to it; only the sweep can tell when that is over.
    assert_eq!(give_back(&test, &[first, second]).await.unwrap(), 0);
    let alone = received(&test.files, b"another").await;
    assert_eq!(give_back(&test, &[alone]).await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_put_while_the_keepers_are_asked_stays() {
    let test = testing::base(&[]).await;
    let room = Room { puts_meanwhile: Some(b"raced for"), ..Room::default() };
    test.services.register::<dyn FileKeeper>(Arc::new(room));
    let receipt = received(&test.files, b"raced for").await;
    let file = receipt.file;
    assert_eq!(give_back(&test, &[receipt]).await.unwrap(), 0);
    let before = age(&test.files, file);
    assert_eq!(sweep(&test, before).await.unwrap(), 0);
    assert!(there(&test.files, file));
}

#[tokio::test]
async fn the_same_bytes_put_by_many_at_once_are_there_for_whoever_was_not_refused() {
    let test = testing::base(&[]).await;
    test.services.register::<dyn FileKeeper>(Arc::new(Room::default()));
    for round in 0..20_u8 {
        let bytes = [round; 64];
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let base = test.base().clone();
                tokio::spawn(async move {
                    let receipt = received(&base.files, &bytes).await;
                    let file = receipt.file;
                    // All but one are refused.
                    if n > 0 {
                        give_back(&base, &[receipt]).await.unwrap();
                    }
                    file
                })
            })
            .collect();
        let mut file = None;
        for task in tasks {
            file = Some(task.await.unwrap());
        }
        assert!(there(&test.files, file.unwrap()), "round {round}");
    }
}
