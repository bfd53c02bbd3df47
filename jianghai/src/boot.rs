//! From options to a running base: folders, keys, database, schema. Every command that needs data starts here.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use jh_core::clock::Clock;
use jh_crypto::keyring::Keyring;
use jh_db::audit::City;
use jh_db::cluster::PrivateCluster;
use jh_db::files::FileStore;
use jh_db::{Base, Db, Services};
use jh_web::App;
use jh_web::app::{Composed, Settings};

use crate::cli::Place;
use crate::modules::{migrations, modules};

/// Connections of the pool for each core, and the fewest and most: more of them only make the database's processes push each
/// other's plans and pages out of the cores' caches. On two cores 12 lived 149 cases a second where 24 lived 133.
const CONNECTIONS_PER_CORE: u32 = 6;
const CONNECTIONS_MIN: u32 = 12;
const CONNECTIONS_MAX: u32 = 64;

fn connections() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
    (cores * CONNECTIONS_PER_CORE).clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

/// A base, and the private cluster under it if there is one. Call [`Booted::stop`] before leaving.
pub struct Booted {
    /// What every room is given.
    pub base: Base,
    cluster: Option<PrivateCluster>,
}

impl Booted {
    /// Closes connections and stops the private cluster.
    pub async fn stop(self) -> Result<()> {
        self.base.db.close().await;
        match self.cluster {
            Some(cluster) => cluster.stop().await.context("cannot stop the private database"),
            None => Ok(()),
        }
    }
}

/// The data folder of these options.
pub fn data_dir(place: &Place) -> Result<PathBuf> {
    if let Some(folder) = &place.data {
        return std::path::absolute(folder).context("the data folder's path cannot be made absolute");
    }
    // The database refuses to run as root and drops to its own user, which cannot reach into root's home.
    let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home != Path::new("/root"));
    Ok(match home {
        Some(home) => home.join(".local/share/jianghai"),
        None => PathBuf::from("/var/lib/jianghai"),
    })
}

/// Opens everything and brings the schema up to date.
pub async fn boot(place: &Place) -> Result<Booted> {
    let booted = open(place).await?;
    jh_db::migrate::run(&booted.base.db, &migrations())
        .await
        .context("the database's schema cannot be brought up to date")?;
    Ok(booted)
}

/// Opens everything and leaves the schema as it is.
pub async fn open(place: &Place) -> Result<Booted> {
    let folder = data_dir(place)?;
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the data folder {}", folder.display()))?;
    let keys = Keyring::open_or_create(&folder.join("keys")).context("cannot open the keys")?;
    let files = FileStore::open(folder.join("files")).context("cannot open the file store")?;
    let (url, cluster) = match &place.database_url {
        Some(url) => (url.clone(), None),
        None => {
            let cluster = PrivateCluster::start(&folder.join("postgres"))
                .await
                .context("cannot start the private database; `jianghai doctor` says what is missing")?;
            (cluster.url().to_owned(), Some(cluster))
        }
    };
    let db = Db::connect(&url, connections()).await.context("cannot connect to the database")?;
    let base = Base { db, files, keys: Arc::new(keys), clock: Clock::System, services: Services::new() };
    base.services.register(Arc::new(City(format!("{}市", Settings::default().city.0))));
    Ok(Booted { base, cluster })
}

/// Puts all rooms together over a base.
pub fn compose(base: Base, settings: Settings) -> Result<Composed> {
    let authenticator = Arc::new(identity::api::SessionAuthenticator);
    let composed = App::compose(base, settings, authenticator, modules()).context("the modules do not fit together")?;
    if let Err(wrong) = casework::api::check_all(&composed.app) {
        anyhow::bail!("a kind of case cannot be lived by: {} at {}", wrong.code, wrong.place);
    }
    Ok(composed)
}
