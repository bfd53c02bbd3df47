//! The keyring's two files. They are made together, whole and on disk, or not at all; and what is there is never
//! overwritten, because a value sealed with a lost key cannot be read again by anyone.
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sm2::SecretKey;
use sm2::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

use crate::CryptoError;
use crate::signature::generate;
use crate::sm3;

const MASTER: &str = "master.key";
const SIGNING: &str = "signing.pem";
const LOCK: &str = "lock";
/// Present from before the first key file is written until after the last: what lies beside it was never used.
const UNFINISHED: &str = "unfinished";
const TITLE: &str = "jianghai master key v1";
const DIR_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// Both files are a few hundred bytes; more is not ours.
const FILE_BYTES_MAX: u64 = 8 * 1024;

type Keys = (Zeroizing<[u8; 32]>, SecretKey);

pub(crate) fn open_or_create(dir: &Path) -> Result<Keys, CryptoError> {
    make_dir(dir)?;
    check_mode(dir, DIR_MODE)?;
    // Two processes that start at once must not each make keys. The lock ends with the file handle.
    let _lock = lock(&dir.join(LOCK))?;
    let (master, signing) = (dir.join(MASTER), dir.join(SIGNING));
    if dir.join(UNFINISHED).exists() {
        for path in [&master, &signing] {
            remove(path)?;
        }
        create(dir)?;
    }
    match (master.exists(), signing.exists()) {
        (true, true) => {}
        (false, false) => create(dir)?,
        (true, false) => return Err(CryptoError::Incomplete { path: signing }),
        (false, true) => return Err(CryptoError::Incomplete { path: master }),
    }
    Ok((read_master(&master)?, read_signing(&signing)?))
}

fn create(dir: &Path) -> Result<(), CryptoError> {
    let marker = dir.join(UNFINISHED);
    write_new(dir, UNFINISHED, b"keys are being made; this file is removed when both are on disk\n")?;
    let secret = Zeroizing::new(crate::random::bytes::<32>());
    write_new(dir, MASTER, master_text(&secret).as_bytes())?;
    let signing = dir.join(SIGNING);
    let pem = generate()
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|_| CryptoError::Damaged { path: signing, reason: "a new key did not encode" })?;
    write_new(dir, SIGNING, pem.as_bytes())?;
    remove(&marker)?;
    sync_dir(dir)
}

/// Two lines: the title, then the secret and the first half of its digest, so that damage is seen and named.
fn master_text(secret: &[u8; 32]) -> Zeroizing<String> {
    let secret_hex = Zeroizing::new(sm3::hex(secret));
    let check = sm3::hex(&sm3::digest(secret)[..8]);
    Zeroizing::new(format!("{TITLE}\n{} {check}\n", *secret_hex))
}

fn read_master(path: &Path) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    let damaged = |reason| CryptoError::Damaged { path: path.into(), reason };
    let text = read(path)?;
    let mut lines = text.lines();
    if lines.next() != Some(TITLE) {
        return Err(damaged("its first line is not the title"));
    }
    let (secret_hex, check) =
        lines.next().and_then(|line| line.split_once(' ')).ok_or_else(|| damaged("its second line is cut short"))?;
    let secret = from_hex(secret_hex).ok_or_else(|| damaged("the secret is not 64 hexadecimal digits"))?;
    if sm3::hex(&sm3::digest(secret.as_slice())[..8]) != check {
        return Err(damaged("its check value does not fit"));
    }
    Ok(secret)
}

fn read_signing(path: &Path) -> Result<SecretKey, CryptoError> {
    let text = read(path)?;
    SecretKey::from_pkcs8_pem(&text)
        .map_err(|_| CryptoError::Damaged { path: path.into(), reason: "it is not an SM2 private key in PKCS#8 PEM" })
}

fn from_hex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = Zeroizing::new([0; 32]);
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(out)
}

fn read(path: &Path) -> Result<Zeroizing<String>, CryptoError> {
    check_mode(path, FILE_MODE)?;
    let mut text = Zeroizing::new(String::with_capacity(1024));
    let file = File::open(path).map_err(|source| io("open", path, source))?;
    match file.take(FILE_BYTES_MAX).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(CryptoError::Damaged { path: path.into(), reason: "it is not text" })
        }
        Err(source) => Err(io("read", path, source)),
    }
}

/// Writes a file under another name, brings it to disk, then gives it its own name: it is whole or absent.
fn write_new(dir: &Path, name: &str, content: &[u8]) -> Result<(), CryptoError> {
    let path = dir.join(name);
    let draft = dir.join(format!("{name}.new"));
    remove(&draft)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(&draft)
        .map_err(|source| io("create", &draft, source))?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|source| io("write", &draft, source))?;
    fs::rename(&draft, &path).map_err(|source| io("name", &path, source))?;
    sync_dir(dir)
}

fn make_dir(dir: &Path) -> Result<(), CryptoError> {
    // Parents get the usual mode: only the keys' own directory is ours to close.
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(|source| io("create", parent, source))?;
    }
    match DirBuilder::new().mode(DIR_MODE).create(dir) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(io("create", dir, source)),
    }
}

fn check_mode(path: &Path, wanted: u32) -> Result<(), CryptoError> {
    let mode = fs::metadata(path).map_err(|source| io("look at", path, source))?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(CryptoError::TooOpen { path: path.into(), mode, wanted });
    }
    Ok(())
}

fn lock(path: &Path) -> Result<File, CryptoError> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
        .map_err(|source| io("open", path, source))?;
    file.lock().map_err(|source| io("lock", path, source))?;
    Ok(file)
}

fn remove(path: &Path) -> Result<(), CryptoError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(io("remove", path, source)),
    }
}

fn sync_dir(dir: &Path) -> Result<(), CryptoError> {
    File::open(dir).and_then(|handle| handle.sync_all()).map_err(|source| io("sync", dir, source))
}

fn io(step: &'static str, path: &Path, source: std::io::Error) -> CryptoError {
    CryptoError::Io { step, path: PathBuf::from(path), source }
}
