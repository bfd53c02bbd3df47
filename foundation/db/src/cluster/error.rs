//! Why a private cluster could not be started or stopped; every message says what to do.
use std::path::{Path, PathBuf};

/// Why the private cluster could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No fitting installation.
    #[error(
        "PostgreSQL 15 or later with PostGIS is not installed here. On Debian or Ubuntu: \
         `apt-get install postgresql postgresql-postgis`; or set DATABASE_URL to a server you have. Looked at: {}",
        seen.join("; ")
    )]
    NotInstalled {
        /// Each folder looked at and what it lacks.
        seen: Vec<String>,
    },
    /// The data was made by another major version than those installed.
    #[error(
        "the data in {} was made by PostgreSQL {made_by}, and that version is not installed (found: {found}). \
         Install postgresql-{made_by} with its PostGIS, or move the data over with pg_upgrade.",
        data.display()
    )]
    OtherVersion {
        /// The data directory.
        data: PathBuf,
        /// The version that made it.
        made_by: u32,
        /// What is installed.
        found: String,
    },
    /// Run as root, and there is no user to drop to.
    #[error(
        "PostgreSQL does not run as root and there is no user `postgres` to run it as. Install the distribution's \
         PostgreSQL package, which makes that user, or start this program as another user."
    )]
    NoUser,
    /// A folder on the way is closed to the server's user.
    #[error(
        "the folder {} is closed to the user {user}, who runs the database server. Choose a data folder outside of it \
         (for example /var/lib/jianghai), or open it for passing through: chmod o+x {}",
        closed.display(), closed.display()
    )]
    Closed {
        /// The first folder that is closed.
        closed: PathBuf,
        /// The server's user.
        user: String,
    },
    /// No folder with a path short enough for a socket.
    #[error("the data folder {} and the temp dir both have paths too long for a unix socket (100 bytes); choose a shorter one", dir.display())]
    PathTooLong {
        /// The data folder.
        dir: PathBuf,
    },
    /// The socket's folder in the temp dir is somebody else's.
    #[error("{} exists and is not ours or is open to others; remove it, or choose a data folder with a shorter path", dir.display())]
    SocketDirForeign {
        /// The folder.
        dir: PathBuf,
    },
    /// Another process of ours is starting or stopping the cluster and does not come to an end.
    #[error("another process has been starting or stopping the cluster in {} for over a minute; see its log folder, end that process and try again", dir.display())]
    NeighbourBusy {
        /// The data folder.
        dir: PathBuf,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed ({status}):\n{output}")]
    Program {
        /// Which.
        program: String,
        /// How it ended.
        status: String,
        /// What it said, and the end of the server's log.
        output: String,
    },
    /// The operating system refused a step.
    #[error("cannot {step} {}: {source}", path.display())]
    Io {
        /// What was tried.
        step: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl ClusterError {
    pub(super) fn io(step: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { step, path: path.to_owned(), source }
    }
}
