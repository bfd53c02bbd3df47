//! The connection pool, and the base that every room is given.
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use jh_core::clock::Clock;
use jh_crypto::keyring::Keyring;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool, Postgres};
use tokio::sync::Notify;

use crate::error::DbError;
use crate::files::FileStore;
use crate::services::Services;

/// How long a caller waits for a free connection before it is told that the database is away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection idle for longer than this is asked whether it still lives before it is handed out. Asking every time
/// would cost each page a round trip; never asking would hand out dead ones after the server restarted.
const TRUSTED_IDLE: Duration = Duration::from_millis(500);
/// Prepared statements kept on each connection. The whole house has a few hundred.
const STATEMENTS_KEPT: usize = 512;

/// What every room is given: the store, the files, the keys, the clock, and the services others registered.
#[derive(Clone)]
pub struct Base {
    /// The database.
    pub db: Db,
    /// Content-addressed files.
    pub files: FileStore,
    /// The city's keys.
    pub keys: Arc<Keyring>,
    /// The only place to ask the time.
    pub clock: Clock,
    /// What the binary registered: row sources, to-do lists, finders.
    pub services: Services,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: PgPool,
    bells: Arc<Bells>,
}

/// Rung after a commit, so that work begins at once in this process; other processes look every second.
/// `NOTIFY` would reach them too, but it takes a lock at commit that makes all commits queue behind one another.
#[derive(Default)]
pub(crate) struct Bells {
    pub(crate) jobs: Notify,
    pub(crate) outbox: Notify,
    pub(crate) audit: Notify,
}

impl Db {
    /// Opens a pool of at most `max` connections and makes sure that the server answers.
    pub async fn connect(url: &str, max: u32) -> Result<Self, DbError> {
        let options =
            PgConnectOptions::from_str(url)?.application_name("jianghai").statement_cache_capacity(STATEMENTS_KEPT);
        let pool = PgPoolOptions::new()
            .max_connections(max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > TRUSTED_IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(|connection, _| Box::pin(set_limits(connection)))
            .connect_with(options)
            .await?;
        Ok(Self { pool, bells: Arc::default() })
    }

    /// The pool, for `sqlx::query…().fetch_…(db.pool())`.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A connection for reading. Changes go through [`crate::Work`].
    pub async fn read(&self) -> Result<PoolConnection<Postgres>, DbError> {
        Ok(self.pool.acquire().await?)
    }

    /// Whether the server answers now; what `/readyz` asks.
    pub async fn ready(&self) -> Result<(), DbError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections once they are idle. Calls after it fail with `database-away`.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn bells(&self) -> &Bells {
        &self.bells
    }
}

/// The limits that hold for every statement unless a transaction sets its own. They are set after connecting and not
/// in the connection string because PgBouncer refuses start-up options it does not know.
async fn set_limits(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config('statement_timeout', '30s', false), set_config('lock_timeout', '10s', false),
                set_config('idle_in_transaction_session_timeout', '5min', false), set_config('timezone', 'UTC', false)",
    )
    .execute(connection)
    .await?;
    Ok(())
}
