//! A database of its own for every test.
//!
//! All test processes of one user share one throwaway cluster in the temp dir (nextest runs every test in a process
//! of its own). Whoever comes first starts it, without fsync; a small shell process ends it and removes its data a
//! minute after the last test. Each set of migrations is applied once, into a template; a test's database is a copy
//! of that. With `JIANGHAI_TEST_DATABASE_URL` the copies are made on that server instead, as a role that may create
//! databases and extensions.
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr as _;
use std::sync::Arc;

use jh_core::actor::Command as Change;
use jh_core::clock::Clock;
use jh_crypto::keyring::Keyring;
use jh_crypto::sm3;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use time::macros::datetime;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::cluster::{Durability, PrivateCluster};
use crate::files::FileStore;
use crate::jobs::{self, JobDef};
use crate::migrate::{self, Migrations};
use crate::{Base, Db, Services, audit};

/// Connections a test may hold at once.
const CONNECTIONS: u32 = 8;

/// A base whose database, files, keys and clock are the test's own, and are gone after it.
pub struct TestBase {
    base: Base,
    name: String,
    server: PgConnectOptions,
    // Removed when dropped.
    _files: tempfile::TempDir,
}

impl Deref for TestBase {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl TestBase {
    /// The base itself, to give to what wants one.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Where the test's database is, for a second pool or a program of its own.
    pub fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: time::Duration) {
        self.base.clock.advance(by);
    }

    /// A change made by the program itself, now.
    pub fn command(&self) -> Change {
        Change::system("test", self.base.clock.now())
    }

    /// Runs every job that is due, one after another; panics with the database's error.
    pub async fn run_due(&self, defs: &[JobDef]) -> u64 {
        jobs::run_due(&self.base, defs).await.expect("jobs run")
    }

    /// Links all audit rows; panics with the database's error.
    pub async fn chain(&self) -> u64 {
        audit::chain_all(&self.base).await.expect("audit rows are linked")
    }
}

impl Drop for TestBase {
    fn drop(&mut self) {
        let (name, server) = (std::mem::take(&mut self.name), self.server.clone());
        // A thread of its own: this is dropped on a thread that a runtime drives, and must be done before it ends.
        let dropping = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            // A database left behind by a failure here goes with the whole cluster.
            let _ = runtime.block_on(async move {
                let mut connection = server.connect().await?;
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::query(AssertSqlSafe(drop)).execute(&mut connection).await?;
                connection.close().await
            });
        });
        let _ = dropping.join();
    }
}

/// A base with the migrations applied. Its clock stands at Monday 2 March 2026, 09:00 in China, until moved.
pub async fn base(migrations: &[Migrations]) -> TestBase {
    let server = server().await;
    let mut connection = server.connect().await.expect("the test server answers");
    let template = template(&server, &mut connection, migrations).await;
    let name = format!("x_{}", Uuid::new_v4().simple());
    // FILE_COPY and not the default WAL_LOG: measured at half the time for a database with PostGIS in it.
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.expect("the template is copied");
    connection.close().await.expect("the test server answers");

    let dir = tempfile::tempdir().expect("the temp dir is writable");
    let url = server.clone().database(&name).to_url_lossy();
    let base = Base {
        db: Db::connect(url.as_str(), CONNECTIONS).await.expect("the copy answers"),
        files: FileStore::open(dir.path()).expect("the temp dir is writable"),
        keys: Arc::new(Keyring::ephemeral()),
        clock: Clock::manual(datetime!(2026-03-02 01:00 UTC)),
        services: Services::new(),
    };
    TestBase { base, name, server, _files: dir }
}

/// The server's maintenance database.
async fn server() -> PgConnectOptions {
    static SERVER: OnceCell<PgConnectOptions> = OnceCell::const_new();
    let found = SERVER.get_or_init(|| async {
        let url = match std::env::var("JIANGHAI_TEST_DATABASE_URL") {
            Ok(url) => url,
            Err(_) => shared_cluster().await,
        };
        PgConnectOptions::from_str(&url).expect("JIANGHAI_TEST_DATABASE_URL is a PostgreSQL URL")
    });
    found.await.clone()
}

/// The shared cluster's URL; it is kept from stopping as long as this process lives.
async fn shared_cluster() -> String {
    let user = nix::unistd::Uid::effective();
    let dir = std::env::temp_dir().join(format!("jianghai-tests-{user}"));
    if let Some(url) = join_running(&dir).await {
        return url;
    }
    let mut cluster =
        PrivateCluster::start_as(&dir, Durability::Throwaway).await.unwrap_or_else(|error| panic!("{error}"));
    cluster.linger();
    if cluster.was_started() {
        watch(&dir);
    }
    let url = cluster.url_of("postgres");
    // Never dropped: its lock ends with the process, however that ends.
    std::mem::forget(cluster);
    url
}

/// The usual case, without looking for an installation first: the cluster runs, and holding its lock keeps it so.
async fn join_running(dir: &Path) -> Option<String> {
    let in_use = std::fs::File::open(dir.join("in-use.lock")).ok()?;
    in_use.lock_shared().ok()?;
    let url = format!("postgresql://jianghai@localhost/postgres?host={}", dir.join("socket").display());
    PgConnection::connect(&url).await.ok()?.close().await.ok()?;
    std::mem::forget(in_use);
    Some(url)
}

/// Ends the cluster once nobody has held its lock for a minute.
fn watch(dir: &Path) {
    const SCRIPT: &str = r#"
        cd "$1" || exit
        idle=0
        while sleep 15; do
            pid=$(head -n 1 data/postmaster.pid 2>/dev/null) || exit
            if flock --nonblock in-use.lock true; then idle=$((idle + 1)); else idle=0; fi
            if [ "$idle" -ge 4 ]; then
                # Not stopped while someone starts it or has just come. Its record goes when it has ended.
                flock --nonblock starting.lock flock --nonblock in-use.lock sh -c '
                    kill -QUIT "$1"
                    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e data/postmaster.pid ] && sleep 0.5; done
                    rm -rf data' sh "$pid" && exit
                idle=0
            fi
        done
    "#;
    use std::os::unix::process::CommandExt as _;
    let watching = Command::new("sh")
        .args(["-c", SCRIPT, "jianghai-tests"])
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    if let Err(error) = watching {
        eprintln!("the test cluster in {} will keep running: {error}", dir.display());
    }
}

/// The template with these migrations applied, made by whoever needs it first.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection, migrations: &[Migrations]) -> String {
    let name = format!("t_{}", fingerprint(migrations));
    if !exists(connection, &name).await {
        // Others who need it too wait here. The lock goes with the connection.
        sqlx::query("SELECT pg_advisory_lock(hashtext($1))")
            .bind(&name)
            .execute(&mut *connection)
            .await
            .expect("a lock");
        if !exists(connection, &name).await {
            make_template(server, connection, migrations, &name).await;
        }
        sqlx::query("SELECT pg_advisory_unlock_all()").execute(connection).await.expect("a lock");
    }
    name
}

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .expect("the test server answers")
}

/// Made under another name and renamed when complete, so that one cut off in the middle is never copied.
async fn make_template(
    server: &PgConnectOptions,
    connection: &mut PgConnection,
    migrations: &[Migrations],
    name: &str,
) {
    let unfinished = format!("{name}_unfinished");
    for statement in [
        format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"),
        format!("CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"),
    ] {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut *connection)
            .await
            .expect("the test role may create databases");
    }
    let url = server.clone().database(&unfinished).to_url_lossy();
    let db = Db::connect(url.as_str(), 2).await.expect("the template answers");
    migrate::run(&db, migrations).await.unwrap_or_else(|error| panic!("{error}"));
    db.close().await;
    let rename = format!("ALTER DATABASE {unfinished} RENAME TO {name}");
    sqlx::query(AssertSqlSafe(rename)).execute(connection).await.expect("nobody else uses the template");
}

/// Of everything that decides what the template holds.
fn fingerprint(migrations: &[Migrations]) -> String {
    let mut hasher = sm3::Hasher::new();
    for one in std::iter::once(&migrate::OWN).chain(migrations) {
        for (name, sql) in one.files {
            hasher.update(format!("{}\0{name}\0{}\0", one.schema, migrate::digest(sql)).as_bytes());
        }
    }
    sm3::hex(&hasher.finalize()[..12])
}

/// The folder of a test's own, for clusters and files that must outlive a `TestBase`.
pub fn temp_dir() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("the temp dir is writable");
    let path = dir.path().to_owned();
    (dir, path)
}
