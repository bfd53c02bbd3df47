//! What can go wrong between us and the store, with the two halves kept apart: what the public reads, and the cause.
use jh_core::fault::{Fault, Kind, Refusal};

use crate::cluster::ClusterError;
use crate::migrate::MigrateError;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The command's idempotency key was used before: the change is already made.
    #[error("this idempotency key was used before")]
    Replayed,
    /// The idempotency key was used before, with other contents.
    #[error("this idempotency key was used before for a request with other contents")]
    KeyReused,
    /// The database cannot be reached just now.
    #[error("the database is away: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A statement ran into its time limit.
    #[error("a statement took too long and was stopped: {0}")]
    TooSlow(#[source] sqlx::Error),
    /// Two changes stood in each other's way and the database chose this one to yield; doing it again is right.
    #[error("the change collided with another and was undone: {0}")]
    Collided(#[source] sqlx::Error),
    /// A text holds a character that PostgreSQL stores in no column: U+0000.
    #[error("a text holds a character that cannot be stored: {0}")]
    Unstorable(#[source] sqlx::Error),
    /// Any other answer of the database.
    #[error(transparent)]
    Sqlx(sqlx::Error),
    /// The disk, or the account's share of it, is full.
    #[error("the disk is full ({0})")]
    DiskFull(String),
    /// More bytes than the caller allowed.
    #[error("larger than the limit of {limit_bytes} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit_bytes: u64,
    },
    /// No file of this digest is stored.
    #[error("no stored file has the SM3 {0}")]
    FileMissing(String),
    /// A stored file's bytes no longer have the digest they were stored under.
    #[error("the stored file {0} is damaged: its bytes have another SM3")]
    FileDamaged(String),
    /// The operating system refused a step on a file.
    #[error("cannot {step}: {source}")]
    Io {
        /// What was tried, with the path.
        step: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The day cannot be sealed or exported yet.
    #[error("the audit of {day} cannot be sealed: {why}")]
    DayOpen {
        /// The day.
        day: time::Date,
        /// What is missing.
        why: &'static str,
    },
    /// The audit does not fit together, so its day is not signed or handed out.
    #[error("the audit of {day} is broken at place {seq} of the chain; run `jianghai audit verify` to see how")]
    AuditBroken {
        /// The day.
        day: time::Date,
        /// The first place that does not fit.
        seq: i64,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The private cluster could not be started or stopped.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => return Self::Unavailable(error),
            sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
            _ => return Self::Sqlx(error),
        };
        // SQLSTATE, PostgreSQL manual appendix A.
        match code.as_str() {
            "53100" => Self::DiskFull("database".into()),
            // query_canceled is the statement timeout; lock_not_available is the lock timeout.
            "57014" | "55P03" => Self::TooSlow(error),
            "40001" | "40P01" => Self::Collided(error),
            // Shutting down, crashed, starting up, gone read-only after a failover, too many connections.
            "57P01" | "57P02" | "57P03" | "57P05" | "25006" | "53300" => Self::Unavailable(error),
            // character_not_in_repertoire, and untranslatable_character for the same within JSON. Both mean U+0000: our
            // strings are UTF-8 otherwise, and so is every database. Nobody types it; whoever sends it is told so.
            "22021" | "22P05" => Self::Unstorable(error),
            class if class.starts_with("08") => Self::Unavailable(error),
            _ => Self::Sqlx(error),
        }
    }
}

impl DbError {
    /// An operating system's refusal of a file operation, with a full disk told apart.
    pub(crate) fn io(step: impl Into<String>, source: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(step.into()),
            _ => Self::Io { step: step.into(), source },
        }
    }

    /// Whether the same call may well succeed a little later, without anybody mending anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Collided(_) | Self::TooSlow(_))
    }
}

impl Fault for DbError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::Replayed => Refusal::new(Kind::Conflict, "already-done"),
            Self::KeyReused => Refusal::new(Kind::Invalid, "key-reused"),
            Self::Unavailable(_) => Refusal::new(Kind::Unavailable, "database-away"),
            Self::TooSlow(_) => Refusal::new(Kind::Unavailable, "took-too-long"),
            Self::Unstorable(_) => Refusal::new(Kind::Invalid, "character-unstorable"),
            Self::Collided(_) => Refusal::new(Kind::Conflict, "collided"),
            Self::DiskFull(_) => Refusal::new(Kind::Unavailable, "disk-full"),
            Self::TooLarge { limit_bytes } => Refusal::new(Kind::TooLarge, "too-large").arg("limit_bytes", limit_bytes),
            Self::FileMissing(_) => Refusal::new(Kind::NotFound, "file-missing"),
            Self::DayOpen { day, .. } => Refusal::new(Kind::Conflict, "audit-day-open").arg("day", day),
            Self::AuditBroken { day, .. } => Refusal::new(Kind::Internal, "audit-broken").arg("day", day),
            Self::FileDamaged(_) | Self::Sqlx(_) | Self::Io { .. } | Self::Migrate(_) | Self::Cluster(_) => {
                Refusal::new(Kind::Internal, "internal")
            }
        }
    }
}
