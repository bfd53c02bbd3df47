//! Bringing the schemas up to date: one schema a crate, each file once and in one transaction, under a lock that lets
//! one process do it at a time.
use sqlx::postgres::PgQueryResult;
use sqlx::{Connection as _, PgConnection};
use time::OffsetDateTime;

use jh_crypto::sm3;

use crate::Db;

/// One crate's files, in order.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// The crate's schema.
    pub schema: &'static str,
    /// Name and SQL: `("0001_base", include_str!("../migrations/0001_base.sql"))`.
    pub files: &'static [(&'static str, &'static str)],
}

/// This crate's own, always run first.
pub const OWN: Migrations = Migrations {
    schema: "db",
    files: &[
        ("0001_base", include_str!("../migrations/0001_base.sql")),
        ("0002_sealed_answers", include_str!("../migrations/0002_sealed_answers.sql")),
        ("0003_outbox", include_str!("../migrations/0003_outbox.sql")),
    ],
};

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A file that was applied has other contents now.
    #[error(
        "migration {schema}/{name} was applied on {applied_at} and its text has changed since. An applied migration \
         is never edited: put the text back as it was and write the change as a new file after the last one. \
         (A database that holds nothing of worth may be dropped and made anew instead.)"
    )]
    Changed {
        /// The schema.
        schema: &'static str,
        /// The file.
        name: String,
        /// When it was applied.
        applied_at: OffsetDateTime,
    },
    /// The database has files this program does not know.
    #[error(
        "the database has migration {schema}/{name}, which this program does not know: the program is older than the \
         database. Run the newer version, or restore the backup made before it."
    )]
    Newer {
        /// The schema.
        schema: &'static str,
        /// The file.
        name: String,
    },
    /// A new file sorts before one that was applied.
    #[error("migration {schema}/{name} comes before {last}, which is applied already: give it the next free number")]
    OutOfOrder {
        /// The schema.
        schema: &'static str,
        /// The new file.
        name: &'static str,
        /// The last one applied.
        last: String,
    },
    /// The SQL of a file was refused.
    #[error("migration {schema}/{name} failed and was undone: {source}")]
    Failed {
        /// The schema.
        schema: &'static str,
        /// The file.
        name: &'static str,
        /// The database's answer.
        source: sqlx::Error,
    },
    /// An extension is not there and we may not, or cannot, create it.
    #[error(
        "the extension {extension} is missing and could not be created ({reason}). Install it on the database server \
         (Debian: apt-get install postgresql-15-postgis-3 postgresql-contrib), then let a superuser run, in this \
         database: CREATE EXTENSION {extension};"
    )]
    Extension {
        /// The extension.
        extension: &'static str,
        /// The database's words.
        reason: String,
    },
    /// The server is too old.
    #[error("PostgreSQL {found} is too old: version 15 or later is needed")]
    TooOld {
        /// What it says it is.
        found: String,
    },
    /// The database went away or refused something that is no file's fault.
    #[error("the migrations could not be run: {0}")]
    Sqlx(#[from] sqlx::Error),
}

/// A file that was applied in this run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The schema.
    pub schema: &'static str,
    /// The file.
    pub name: &'static str,
}

/// Applies what is missing and returns it. `migrations` in the order of dependence: engines before apps.
pub async fn run(db: &Db, migrations: &[Migrations]) -> Result<Vec<Applied>, MigrateError> {
    let mut connection = db.pool().acquire().await?;
    // Building an index takes as long as it takes, and so does waiting for another process to have built it.
    sqlx::query("SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)")
        .execute(&mut *connection)
        .await?;
    sqlx::query("SELECT pg_advisory_lock(hashtext('jianghai.migrate'))").execute(&mut *connection).await?;
    let applied = apply_all(&mut connection, migrations).await;
    // Closing ends the lock and the settings above with it, whatever happened.
    let _ = connection.close().await;
    applied
}

/// How many files are still to be applied, without applying them; for `doctor`. Refuses what [`run`] would refuse.
pub async fn waiting(db: &Db, migrations: &[Migrations]) -> Result<usize, MigrateError> {
    let mut connection = db.pool().acquire().await?;
    let begun: bool =
        sqlx::query_scalar("SELECT to_regclass('db.migration') IS NOT NULL").fetch_one(&mut *connection).await?;
    let mut waiting = 0;
    for crate_own in all(migrations) {
        let done = if begun { check(&mut connection, crate_own).await? } else { 0 };
        waiting += crate_own.files.len() - done;
    }
    Ok(waiting)
}

/// This crate's own first.
fn all(migrations: &[Migrations]) -> impl Iterator<Item = &Migrations> {
    std::iter::once(&OWN).chain(migrations.iter().filter(|one| one.schema != OWN.schema))
}

async fn apply_all(connection: &mut PgConnection, migrations: &[Migrations]) -> Result<Vec<Applied>, MigrateError> {
    prepare(connection).await?;
    let mut applied = Vec::new();
    for crate_own in all(migrations) {
        let done = check(connection, crate_own).await?;
        for &(name, sql) in &crate_own.files[done..] {
            apply(connection, crate_own.schema, name, sql).await.map_err(|source| MigrateError::Failed {
                schema: crate_own.schema,
                name,
                source,
            })?;
            applied.push(Applied { schema: crate_own.schema, name });
        }
    }
    Ok(applied)
}

/// The server's version, the extensions, and the table that remembers.
async fn prepare(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let (number, found): (i32, String) =
        sqlx::query_as("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
            .fetch_one(&mut *connection)
            .await?;
    if number < 150_000 {
        return Err(MigrateError::TooOld { found });
    }
    extensions(connection).await?;
    sqlx::query("CREATE SCHEMA IF NOT EXISTS db").execute(&mut *connection).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS db.migration (
             schema text NOT NULL, name text NOT NULL, sm3 text NOT NULL, applied_at timestamptz NOT NULL,
             PRIMARY KEY (schema, name))",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the schemas are written with. Looked up first: `IF NOT EXISTS` wants the right to create even where there is
/// nothing to create.
async fn extensions(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let there: Vec<String> =
        sqlx::query_scalar("SELECT extname::text FROM pg_catalog.pg_extension").fetch_all(&mut *connection).await?;
    let missing = |name: &str| !there.iter().any(|one| one == name);
    if missing("postgis") {
        let created = sqlx::query("CREATE EXTENSION IF NOT EXISTS postgis").execute(&mut *connection).await;
        told("postgis", created)?;
    }
    if missing("pg_trgm") {
        let created = sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_trgm").execute(&mut *connection).await;
        told("pg_trgm", created)?;
    }
    if missing("pg_stat_statements") {
        let created = sqlx::query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").execute(&mut *connection).await;
        told("pg_stat_statements", created)?;
    }
    Ok(())
}

/// The database's refusal to create an extension, as an error that says who can.
fn told(extension: &'static str, created: Result<PgQueryResult, sqlx::Error>) -> Result<(), MigrateError> {
    match created {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) => {
            Err(MigrateError::Extension { extension, reason: error.message().to_owned() })
        }
        Err(other) => Err(other.into()),
    }
}

/// Compares what was applied with the files; returns how many are.
async fn check(connection: &mut PgConnection, crate_own: &Migrations) -> Result<usize, MigrateError> {
    let schema = crate_own.schema;
    let rows: Vec<(String, String, OffsetDateTime)> =
        sqlx::query_as("SELECT name, sm3, applied_at FROM db.migration WHERE schema = $1 ORDER BY name")
            .bind(schema)
            .fetch_all(connection)
            .await?;
    for (name, sm3, applied_at) in &rows {
        match crate_own.files.iter().find(|(known, _)| known == name) {
            None => return Err(MigrateError::Newer { schema, name: name.clone() }),
            Some((_, sql)) if digest(sql) != *sm3 => {
                return Err(MigrateError::Changed { schema, name: name.clone(), applied_at: *applied_at });
            }
            Some(_) => {}
        }
    }
    // All applied are known; so if any of the first `rows` files is not among them, it came in before a later one.
    for &(name, _) in &crate_own.files[..rows.len()] {
        if !rows.iter().any(|(applied, _, _)| applied == name) {
            let last = rows.last().map(|(last, _, _)| last.clone()).unwrap_or_default();
            return Err(MigrateError::OutOfOrder { schema, name, last });
        }
    }
    Ok(rows.len())
}

async fn apply(connection: &mut PgConnection, schema: &str, name: &str, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT set_config('jianghai.schema', $1, true)").bind(schema).execute(&mut *transaction).await?;
    // A name cannot be a parameter of CREATE SCHEMA; format's %I quotes it.
    sqlx::query(
        "DO $$ BEGIN EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', current_setting('jianghai.schema')); END $$",
    )
    .execute(&mut *transaction)
    .await?;
    // Names without a schema are the crate's own; public holds the extensions' types.
    sqlx::query("SELECT set_config('search_path', quote_ident($1) || ', public', true)")
        .bind(schema)
        .execute(&mut *transaction)
        .await?;
    sqlx::raw_sql(sql).execute(&mut *transaction).await?;
    sqlx::query("INSERT INTO db.migration (schema, name, sm3, applied_at) VALUES ($1, $2, $3, clock_timestamp())")
        .bind(schema)
        .bind(name)
        .bind(digest(sql))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// Over the text with its line ends made plain, so that a checkout on another system is no change.
pub(crate) fn digest(sql: &str) -> String {
    sm3::hex(&sm3::digest(sql.replace("\r\n", "\n").as_bytes()))
}
