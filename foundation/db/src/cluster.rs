//! (being written) A private PostgreSQL cluster in the data folder.
use std::path::Path;

/// Why the private cluster could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No fitting installation.
    #[error("PostgreSQL 15 or later with PostGIS was not found")]
    NotInstalled,
}

/// A running private cluster. Dropped, it is stopped.
pub struct PrivateCluster {
    url: String,
}

impl PrivateCluster {
    /// Starts the cluster in `data_dir`, making it the first time.
    pub async fn start(_data_dir: impl AsRef<Path>) -> Result<Self, ClusterError> {
        Err(ClusterError::NotInstalled)
    }

    /// Where it listens, as [`crate::Db::connect`] and `psql` take it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it, if no other process of ours uses it.
    pub async fn stop(self) -> Result<(), ClusterError> {
        Ok(())
    }
}
