//! Files kept under the SM3 of their bytes: the same file twice is stored once, and a stored file can be checked
//! against its name for ever. A file is acknowledged only after it and its folder are on the disk.
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jh_crypto::sm3;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use uuid::Uuid;

use crate::DbError;

mod keep;

pub use keep::{FileKeeper, give_back, sweep};

/// Each put of bytes that are there already moves the file's time on by at least this, so that everybody who holds an
/// earlier time sees that somebody came after. The coarsest file systems that a server has count seconds.
const TOUCH_STEP: Duration = Duration::from_secs(1);

/// Bytes gathered before they are hashed and written: large enough that a thread hop is worth it.
const PORTION_BYTES: usize = 256 * 1024;

/// A stored file: what it is called and how long it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileRef {
    /// The digest of its bytes, which is its name.
    pub sm3: [u8; 32],
    /// Its length in bytes.
    pub size: u64,
}

impl FileRef {
    /// The name in hexadecimal.
    pub fn hex(&self) -> String {
        sm3::hex(&self.sm3)
    }
}

/// What a put leaves with whoever made it: with it the file can be taken back, as long as nobody else put the same.
#[derive(Debug)]
pub struct Receipt {
    /// The stored file.
    pub file: FileRef,
    /// The time this put gave it; none if the same bytes were there before.
    brought_at: Option<SystemTime>,
}

/// A folder of files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FileStore {
    dir: Arc<Path>,
}

impl FileStore {
    /// Opens the folder, making it if it is not there.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, DbError> {
        let dir = dir.as_ref();
        make_dir(&dir.join("incoming"))?;
        // All 256 folders at once, so that a put never has to make one last on the disk first.
        for first in 0..=u8::MAX {
            make_dir(&dir.join(sm3::hex(&[first])))?;
        }
        sync_dir(dir)?;
        Ok(Self { dir: dir.into() })
    }

    /// Stores what the reader gives, up to `limit_bytes`; more is [`DbError::TooLarge`] and leaves nothing.
    pub async fn put_stream(&self, mut reader: impl AsyncRead + Unpin, limit_bytes: u64) -> Result<FileRef, DbError> {
        let mut writer = self.writer(limit_bytes).await?;
        let mut portion = vec![0; PORTION_BYTES];
        loop {
            let read =
                reader.read(&mut portion).await.map_err(|error| DbError::io("read the file being sent", error))?;
            if read == 0 {
                return writer.finish().await;
            }
            writer.write(&portion[..read]).await?;
        }
    }

    /// Stores bytes that are all in memory.
    pub async fn put(&self, bytes: &[u8]) -> Result<FileRef, DbError> {
        let mut writer = self.writer(u64::MAX).await?;
        writer.write(bytes).await?;
        writer.finish().await
    }

    /// Begins a file whose bytes come in portions, as an upload's do.
    pub async fn writer(&self, limit_bytes: u64) -> Result<FileWriter, DbError> {
        let path = self.dir.join("incoming").join(Uuid::new_v4().to_string());
        let dir = self.dir.clone();
        off_thread(move || {
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map_err(|error| DbError::io(format!("create {}", path.display()), error))?;
            let open = Open { file, path: Unfinished(path), hasher: sm3::Hasher::new(), size: 0 };
            Ok(FileWriter { dir, open: Some(open), gathered: Vec::new(), received: 0, limit_bytes })
        })
        .await
    }

    /// Opens a stored file for reading.
    pub async fn open_read(&self, sm3: &[u8; 32]) -> Result<tokio::fs::File, DbError> {
        let path = self.path(sm3);
        tokio::fs::File::open(&path).await.map_err(|error| missing_or(error, sm3, &path))
    }

    /// Opens a stored file for readers that are not asynchronous, such as a spreadsheet's.
    pub fn open_blocking(&self, sm3: &[u8; 32]) -> Result<File, DbError> {
        let path = self.path(sm3);
        File::open(&path).map_err(|error| missing_or(error, sm3, &path))
    }

    /// Reads a stored file again and compares its digest with its name.
    pub async fn check(&self, sm3: &[u8; 32]) -> Result<FileRef, DbError> {
        let mut file = self.open_blocking(sm3)?;
        let wanted = *sm3;
        off_thread(move || {
            let mut hasher = sm3::Hasher::new();
            let size =
                std::io::copy(&mut file, &mut hasher).map_err(|error| DbError::io("read a stored file", error))?;
            if hasher.finalize() == wanted {
                Ok(FileRef { sm3: wanted, size })
            } else {
                Err(DbError::FileDamaged(sm3::hex(&wanted)))
            }
        })
        .await
    }

    /// Takes back a file that was put and came to nothing. It stays if it was there before that put, or if somebody has
    /// put the same since. Ask the keepers first: [`give_back`] does both.
    pub(crate) async fn take_back(&self, receipt: &Receipt) -> Result<bool, DbError> {
        let Some(brought_at) = receipt.brought_at else { return Ok(false) };
        self.remove_if(receipt.file.sm3, move |at| at == brought_at).await
    }

    /// Removes a file that nobody put since `before`.
    pub(crate) async fn remove_older(&self, sm3: [u8; 32], before: SystemTime) -> Result<bool, DbError> {
        self.remove_if(sm3, move |at| at < before).await
    }

    async fn remove_if(
        &self,
        sm3: [u8; 32],
        due: impl FnOnce(SystemTime) -> bool + Send + 'static,
    ) -> Result<bool, DbError> {
        let (dir, path) = (self.dir.clone(), self.path(&sm3));
        off_thread(move || {
            let step = || format!("remove {}", path.display());
            // Looked at and removed under the lock that a put holds too: whoever puts it later stores it anew.
            let _held = hold(&dir)?;
            match std::fs::metadata(&path).and_then(|about| about.modified()) {
                Ok(at) if due(at) => std::fs::remove_file(&path).map_err(|error| DbError::io(step(), error))?,
                Ok(_) => return Ok(false),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(DbError::io(step(), error)),
            }
            Ok(true)
        })
        .await
    }

    /// The files whose names begin with `first` and that nobody put since `before`.
    pub(crate) async fn older(&self, first: u8, before: SystemTime) -> Result<Vec<[u8; 32]>, DbError> {
        let folder = self.dir.join(sm3::hex(&[first]));
        off_thread(move || {
            let step = || format!("list {}", folder.display());
            let mut found = Vec::new();
            for entry in std::fs::read_dir(&folder).map_err(|error| DbError::io(step(), error))? {
                let entry = entry.map_err(|error| DbError::io(step(), error))?;
                let old = entry.metadata().and_then(|about| about.modified()).is_ok_and(|at| at < before);
                // What does not have a name of ours is not ours to remove.
                found.extend(entry.file_name().to_str().and_then(named).filter(|_| old));
            }
            Ok(found)
        })
        .await
    }

    /// Whether the store has this mark. One without any gets it.
    pub(crate) async fn is_marked(&self, mark: &str) -> Result<bool, DbError> {
        let (path, mark) = (self.dir.join("database"), mark.to_owned());
        off_thread(move || {
            let step = || format!("read {}", path.display());
            match std::fs::read_to_string(&path) {
                Ok(found) => Ok(found.trim() == mark),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    std::fs::write(&path, &mark).map_err(|error| DbError::io(step(), error))?;
                    Ok(true)
                }
                Err(error) => Err(DbError::io(step(), error)),
            }
        })
        .await
    }

    /// Removes uploads cut off before `before`, which a killed program leaves behind. Returns how many.
    pub async fn sweep(&self, before: SystemTime) -> Result<u64, DbError> {
        let incoming = self.dir.join("incoming");
        off_thread(move || {
            let step = || format!("sweep {}", incoming.display());
            let mut swept = 0;
            for entry in std::fs::read_dir(&incoming).map_err(|error| DbError::io(step(), error))? {
                let entry = entry.map_err(|error| DbError::io(step(), error))?;
                let old = entry.metadata().and_then(|about| about.modified()).is_ok_and(|at| at < before);
                if old && std::fs::remove_file(entry.path()).is_ok() {
                    swept += 1;
                }
            }
            Ok(swept)
        })
        .await
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn path(&self, sm3: &[u8; 32]) -> PathBuf {
        place(&self.dir, sm3)
    }
}

/// A file being received. Dropped before [`FileWriter::finish`], it leaves nothing.
pub struct FileWriter {
    dir: Arc<Path>,
    open: Option<Open>,
    gathered: Vec<u8>,
    received: u64,
    limit_bytes: u64,
}

struct Open {
    file: File,
    path: Unfinished,
    hasher: sm3::Hasher,
    size: u64,
}

/// Removes the file when dropped; after the rename there is nothing left to remove.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl FileWriter {
    /// Adds the next portion.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DbError> {
        self.received = self.received.saturating_add(bytes.len() as u64);
        if self.received > self.limit_bytes {
            self.open = None;
            return Err(DbError::TooLarge { limit_bytes: self.limit_bytes });
        }
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PORTION_BYTES { self.flush().await } else { Ok(()) }
    }

    /// Bytes received so far, for showing progress.
    pub fn received(&self) -> u64 {
        self.received
    }

    async fn flush(&mut self) -> Result<(), DbError> {
        let gathered = std::mem::take(&mut self.gathered);
        let mut open = self.open.take().ok_or_else(closed)?;
        let (open, gathered) = off_thread(move || {
            open.file
                .write_all(&gathered)
                .map_err(|error| DbError::io(format!("write {}", open.path.0.display()), error))?;
            open.hasher.update(&gathered);
            open.size += gathered.len() as u64;
            Ok((open, gathered))
        })
        .await?;
        self.open = Some(open);
        self.gathered = gathered;
        self.gathered.clear();
        Ok(())
    }

    /// Makes the file last and tells its name. Only after this may anything refer to it.
    pub async fn finish(self) -> Result<FileRef, DbError> {
        Ok(self.finish_receipt().await?.file)
    }

    /// As [`FileWriter::finish`], for whoever may have to give the file back.
    pub async fn finish_receipt(mut self) -> Result<Receipt, DbError> {
        self.flush().await?;
        let open = self.open.take().ok_or_else(closed)?;
        let dir = self.dir;
        off_thread(move || {
            let sm3 = open.hasher.clone().finalize();
            let target = place(&dir, &sm3);
            let step = || format!("store {}", target.display());
            let brought_at = settle(&dir, &open, &target).map_err(|error| DbError::io(step(), error))?;
            sync_dir(target.parent().unwrap_or(&dir))?;
            Ok(Receipt { file: FileRef { sm3, size: open.size }, brought_at })
        })
        .await
    }
}

/// Gives a received file its name, or touches the one that has it already. Answers the time of a file that is new.
fn settle(dir: &Path, open: &Open, target: &Path) -> std::io::Result<Option<SystemTime>> {
    let same = || std::fs::metadata(target).ok().filter(|about| about.len() == open.size);
    // Whoever stored the same bytes before us synced them before giving them their name. Ours are synced before the
    // lock is taken: everybody else's put waits for it.
    let synced = same().is_none();
    if synced {
        open.file.sync_all()?;
    }
    let _held = hold_raw(dir)?;
    let received_at = open.file.metadata()?.modified()?;
    if let Some(there) = same() {
        let later = received_at.max(there.modified()? + TOUCH_STEP);
        OpenOptions::new().write(true).open(target)?.set_modified(later)?;
        return Ok(None);
    }
    if !synced {
        open.file.sync_all()?;
    }
    std::fs::rename(&open.path.0, target)?;
    Ok(Some(received_at))
}

/// Holds the store against every other process that puts or removes, until dropped; a killed one lets go by itself.
fn hold(dir: &Path) -> Result<File, DbError> {
    hold_raw(dir).map_err(|error| DbError::io(format!("lock {}", dir.display()), error))
}

fn hold_raw(dir: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(dir.join("lock"))?;
    file.lock()?;
    Ok(file)
}

fn closed() -> DbError {
    DbError::io("write on", std::io::Error::other("the file was given up after an earlier error"))
}

fn place(dir: &Path, sm3: &[u8; 32]) -> PathBuf {
    dir.join(sm3::hex(&sm3[..1])).join(sm3::hex(sm3))
}

/// The digest that a file's name is.
fn named(name: &str) -> Option<[u8; 32]> {
    let mut sm3 = [0; 32];
    let digits = name.as_bytes().chunks_exact(2);
    if name.len() != 64 || !name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, pair) in sm3.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(sm3)
}

fn missing_or(error: std::io::Error, sm3: &[u8; 32], path: &Path) -> DbError {
    if error.kind() == std::io::ErrorKind::NotFound {
        return DbError::FileMissing(sm3::hex(sm3));
    }
    DbError::io(format!("open {}", path.display()), error)
}

fn make_dir(dir: &Path) -> Result<(), DbError> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| DbError::io(format!("create {}", dir.display()), error))
}

/// A rename is on the disk only once its folder is.
fn sync_dir(dir: &Path) -> Result<(), DbError> {
    let step = || format!("sync {}", dir.display());
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| DbError::io(step(), error))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(gone) => Err(DbError::io("finish a step on a file", std::io::Error::other(gone))),
    }
}
