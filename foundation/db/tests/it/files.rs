//! Files kept under the SM3 of their bytes.
use jh_core::fault::Fault;
use jh_crypto::sm3;
use jh_db::DbError;
use jh_db::files::FileStore;
use tokio::io::AsyncReadExt as _;

fn store() -> (tempfile::TempDir, FileStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = FileStore::open(dir.path()).unwrap();
    (dir, store)
}

fn incoming(store: &FileStore) -> usize {
    std::fs::read_dir(store.dir().join("incoming")).unwrap().count()
}

#[tokio::test]
async fn a_file_is_stored_under_its_digest_and_read_back() {
    let (_dir, store) = store();
    let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let stored = store.put_stream(&bytes[..], 10_000_000).await.unwrap();
    assert_eq!(stored.sm3, sm3::digest(&bytes));
    assert_eq!(stored.size, 4_000_000);
    let mut read = Vec::new();
    store.open_read(&stored.sm3).await.unwrap().read_to_end(&mut read).await.unwrap();
    assert_eq!(read, bytes);
    assert_eq!(store.check(&stored.sm3).await.unwrap(), stored);
}

#[tokio::test]
async fn the_same_bytes_twice_are_stored_once() {
    let (_dir, store) = store();
    assert_eq!(store.put(b"twice").await.unwrap(), store.put(b"twice").await.unwrap());
    assert_eq!(store.put(b"").await.unwrap().size, 0);
    assert_eq!(incoming(&store), 0);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_and_leaves_nothing() {
    let (_dir, store) = store();
    let error = store.put_stream(&vec![7; 2_000_000][..], 1_999_999).await.unwrap_err();
    assert!(matches!(error, DbError::TooLarge { limit_bytes: 1_999_999 }));
    assert_eq!(store.put_stream(&vec![7; 2_000_000][..], 2_000_000).await.unwrap().size, 2_000_000);
    assert_eq!(incoming(&store), 0);
}

#[tokio::test]
async fn an_upload_given_up_leaves_nothing_and_one_cut_off_by_a_crash_is_swept_later() {
    let (_dir, store) = store();
    let mut writer = store.writer(1_000_000).await.unwrap();
    writer.write(&[1; 300_000]).await.unwrap();
    assert_eq!((incoming(&store), writer.received()), (1, 300_000));
    drop(writer);
    assert_eq!(incoming(&store), 0);

    let mut writer = store.writer(1_000_000).await.unwrap();
    writer.write(&[1; 300_000]).await.unwrap();
    std::mem::forget(writer);
    let now = std::time::SystemTime::now();
    assert_eq!(store.sweep(now - std::time::Duration::from_secs(3_600)).await.unwrap(), 0);
    assert_eq!(store.sweep(now + std::time::Duration::from_secs(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_damaged_file_and_a_missing_one_are_told_apart() {
    let (_dir, store) = store();
    let stored = store.put(b"as it was").await.unwrap();
    let hex = stored.hex();
    std::fs::write(store.dir().join(&hex[..2]).join(&hex), b"as it is").unwrap();
    assert!(matches!(store.check(&stored.sm3).await, Err(DbError::FileDamaged(name)) if name == hex));
    assert!(matches!(store.open_read(&[0; 32]).await, Err(DbError::FileMissing(_))));
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_full_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(dir.path())
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        eprintln!("not root, so no small disk could be made");
        return;
    }
    let store = FileStore::open(dir.path()).unwrap();
    let error = store.put(&vec![1; 3_000_000]).await.unwrap_err();
    let left = incoming(&store);
    let unmounted = std::process::Command::new("umount").arg(dir.path()).status();
    assert_eq!(error.refusal().code, "disk-full", "{error}");
    assert_eq!(left, 0);
    assert!(unmounted.unwrap().success());
}
