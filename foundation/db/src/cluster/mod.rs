//! A private PostgreSQL cluster in the data folder, for a city that has no database server of its own yet.
//!
//! It listens on a unix socket only. Every process of ours that uses it holds a shared lock; the first to come starts
//! it, the last to go stops it. A server left running by a killed process is taken over as it is.
mod error;
mod install;
mod owner;
mod server;
mod settings;

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jh_crypto::sm3;

pub use error::ClusterError;
pub use install::{Installation, find_installation};
pub use owner::reachable;
pub use settings::Durability;

use owner::Owner;
use server::Server;

/// The longest path of a unix socket is 107 bytes on Linux and 103 on macOS; a little is left for the lock's suffix.
const SOCKET_PATH_MAX_BYTES: usize = 100;
/// The port that names the socket; nothing listens on it.
const PORT: i32 = 5432;
/// The socket's name in its folder.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// How long another process of ours may take to start or stop the cluster before we give up waiting for it.
const NEIGHBOUR_TIMEOUT: Duration = Duration::from_secs(90);

/// A running private cluster. When the last process that holds one stops or drops it, the server stops.
pub struct PrivateCluster {
    server: Server,
    url: String,
    /// Shared while we use the server. `None` once it is stopped.
    in_use: Option<File>,
    linger: bool,
}

/// How the folder of a cluster is laid out.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Holds everything below.
    pub dir: PathBuf,
    /// PostgreSQL's own data directory.
    pub data: PathBuf,
    /// The server's logs.
    pub log: PathBuf,
    /// The socket's folder.
    pub socket: PathBuf,
}

impl PrivateCluster {
    /// Starts the cluster in `data_dir`, making it the first time, and makes sure that the database `jianghai` is
    /// there. The folder is the cluster's alone; run as root it is given to the user `postgres`.
    pub async fn start(data_dir: impl AsRef<Path>) -> Result<Self, ClusterError> {
        Self::start_as(data_dir.as_ref(), Durability::Full).await
    }

    /// As [`PrivateCluster::start`]; with [`Durability::Throwaway`] it is fast, and empty unless it is running.
    pub async fn start_as(data_dir: &Path, durability: Durability) -> Result<Self, ClusterError> {
        let dir = std::path::absolute(data_dir).map_err(|error| ClusterError::io("resolve", data_dir, error))?;
        match tokio::task::spawn_blocking(move || Self::start_blocking(&dir, durability)).await {
            Ok(started) => started,
            Err(gone) => Err(ClusterError::io("start the cluster in", data_dir, std::io::Error::other(gone))),
        }
    }

    fn start_blocking(dir: &Path, durability: Durability) -> Result<Self, ClusterError> {
        let owner = Owner::for_this_process()?;
        make_private_dir(dir, &owner)?;
        reachable(dir)?;
        let layout = Layout {
            dir: dir.to_owned(),
            data: dir.join("data"),
            log: dir.join("log"),
            socket: socket_dir(dir, &owner)?,
        };
        // Held while starting, so that two who come at once do not both start it, nor one start what another stops.
        let starting = lock_file(&dir.join("starting.lock"))?;
        wait_for(&starting, dir)?;
        let in_use = lock_file(&dir.join("in-use.lock"))?;
        in_use.lock_shared().map_err(|error| ClusterError::io("lock", dir, error))?;

        let server = Server::bring_up(layout, owner, durability)?;
        let url = server.url("jianghai");
        drop(starting);
        Ok(Self { server, url, in_use: Some(in_use), linger: false })
    }

    /// Where it listens, as [`crate::Db::connect`] and `psql` take it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same server with another database.
    pub fn url_of(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// PostgreSQL's own data directory.
    pub fn data_directory(&self) -> &Path {
        &self.server.layout.data
    }

    /// The server's newest log file, for an operator to read.
    pub fn log_directory(&self) -> &Path {
        &self.server.layout.log
    }

    /// The server's process id, from its own record.
    pub fn server_pid(&self) -> Option<i32> {
        self.server.pid()
    }

    /// Leaves the server running when this is dropped; someone else sees to its end.
    #[cfg(feature = "testing")]
    pub(crate) fn linger(&mut self) {
        self.linger = true;
    }

    /// Whether this process started the server, and did not find it running.
    pub fn was_started(&self) -> bool {
        self.server.started
    }

    /// Stops the server, unless another process of ours still uses it. Waits until it has written everything.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        let stopped = tokio::task::spawn_blocking(move || self.stop_blocking()).await;
        stopped.unwrap_or_else(|gone| {
            Err(ClusterError::io("stop the cluster in", Path::new("."), std::io::Error::other(gone)))
        })
    }

    fn stop_blocking(&mut self) -> Result<(), ClusterError> {
        let Some(in_use) = self.in_use.take() else { return Ok(()) };
        if self.linger {
            return Ok(());
        }
        let dir = &self.server.layout.dir;
        let starting = lock_file(&dir.join("starting.lock"))?;
        wait_for(&starting, dir)?;
        // flock trades shared for exclusive only if nobody else holds it: then we are the last.
        drop(in_use);
        let alone = lock_file(&dir.join("in-use.lock"))?;
        match alone.try_lock() {
            Ok(()) => self.server.stop(),
            Err(_) => Ok(()),
        }
    }
}

impl Drop for PrivateCluster {
    fn drop(&mut self) {
        if let Err(error) = self.stop_blocking() {
            tracing::warn!(%error, "the private cluster could not be stopped; the next start takes it over");
        }
    }
}

/// Waits for a neighbour's start or stop to end.
fn wait_for(lock: &File, dir: &Path) -> Result<(), ClusterError> {
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(std::fs::TryLockError::WouldBlock) if begun.elapsed() < NEIGHBOUR_TIMEOUT => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(std::fs::TryLockError::WouldBlock) => return Err(ClusterError::NeighbourBusy { dir: dir.to_owned() }),
            Err(std::fs::TryLockError::Error(error)) => return Err(ClusterError::io("lock", dir, error)),
        }
    }
}

fn lock_file(path: &Path) -> Result<File, ClusterError> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| ClusterError::io("open", path, error))
}

/// Makes the folder if it is missing, open to its owner only, and gives it to the server's user.
fn make_private_dir(dir: &Path, owner: &Owner) -> Result<(), ClusterError> {
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent).map_err(|error| ClusterError::io("create", parent, error))?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(ClusterError::io("create", dir, error)),
        _ => owner.take(dir),
    }
}

/// Inside the data folder; or, where that path is too long for a socket, a folder in the temp dir that is named after
/// it. Others can write to the temp dir, so what lies there is used only if it is ours and closed to others.
fn socket_dir(dir: &Path, owner: &Owner) -> Result<PathBuf, ClusterError> {
    let inside = dir.join("socket");
    if inside.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_MAX_BYTES {
        make_private_dir(&inside, owner)?;
        return Ok(inside);
    }
    let digest = sm3::digest(dir.as_os_str().as_encoded_bytes());
    let name = format!("jianghai-{}-{}", owner.uid(), sm3::hex(&digest[..5]));
    let short = [std::env::temp_dir(), PathBuf::from("/tmp")]
        .into_iter()
        .map(|temp| temp.join(&name))
        .find(|short| short.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_MAX_BYTES)
        .ok_or_else(|| ClusterError::PathTooLong { dir: dir.to_owned() })?;
    match DirBuilder::new().mode(0o700).create(&short) {
        Ok(()) => owner.take(&short)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let about =
                std::fs::symlink_metadata(&short).map_err(|error| ClusterError::io("look at", &short, error))?;
            let ours = about.is_dir() && about.uid() == owner.uid() && about.permissions().mode() & 0o077 == 0;
            if !ours {
                return Err(ClusterError::SocketDirForeign { dir: short });
            }
        }
        Err(error) => return Err(ClusterError::io("create", &short, error)),
    }
    Ok(short)
}
