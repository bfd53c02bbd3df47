//! Fills the database with the cases of three years, as fast as it takes them: rows are copied, indexes made afterwards, and
//! statistics taken, so that what is measured next finds a database that has settled.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use jh_db::Base;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};
use time::{Duration, OffsetDateTime};

use super::city::City;
use super::rows::{Seed, Sheets};

/// Cases copied in one transaction.
const CHUNK: u32 = 5_000;
/// Chunks under way at a time: one is made while another is copied.
const WRITERS: usize = 2;
/// How far the cases go back.
const YEARS_DAYS: i64 = 3 * 365;
/// How many open cases the first department has, of a database that is large enough.
const LONG_LIST: u32 = 50_000;

/// Which cases there are to be.
#[derive(Clone, Copy)]
struct Plan {
    cases: u32,
    now: OffsetDateTime,
}

impl Plan {
    /// One of ten is open. They are among the newest fifth; half of them are the first department's, at most fifty thousand.
    fn seed(&self, number: u32, rng: &mut ChaCha8Rng, departments: usize) -> Seed {
        let open = number >= self.cases / 5 * 4 && rng.random_range(0..2) == 0;
        let share = f64::from(LONG_LIST.min(self.cases / 20)) / f64::from(self.cases / 10).max(1.0);
        let first = open && rng.random_bool(share.clamp(0.0, 1.0));
        let department = if first { 0 } else { rng.random_range(1..departments) };
        let span = Duration::days(YEARS_DAYS);
        let at = self.now - span + span * (f64::from(number) / f64::from(self.cases));
        // The last days are left to what is done now.
        let at = at - Duration::days(4);
        Seed { serial: number % 1_000_000, at, closed: !open, department, now: self.now }
    }
}

/// Fills.
pub async fn fill(base: &Base, city: Arc<City>, cases: u32) -> Result<()> {
    let mut conn = base.db.pool().acquire().await?;
    // Our own cluster: what a copy writes need not be kept twice for long.
    conn.execute("ALTER SYSTEM SET max_wal_size = '512MB'").await?;
    conn.execute("SELECT pg_reload_conf()").await?;
    conn.execute("SELECT set_config('statement_timeout', '0', false)").await?;
    let indexes = put_indexes_away(&mut conn).await?;
    let plan = Plan { cases, now: base.clock.now() };
    let next = Arc::new(AtomicU32::new(0));
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(tokio::spawn(write(base.clone(), city.clone(), plan, next.clone())));
    }
    for writer in writers {
        writer.await??;
    }
    for definition in indexes {
        conn.execute(AssertSqlSafe(definition)).await?;
    }
    for table in ["file", "words", "step", "party", "caller", "deadline", "callback"] {
        conn.execute(AssertSqlSafe(format!("VACUUM (ANALYZE) casework.{table}"))).await?;
    }
    conn.execute("ALTER SYSTEM RESET max_wal_size").await?;
    conn.execute("SELECT pg_reload_conf()").await?;
    conn.execute("CHECKPOINT").await?;
    conn.close_on_drop();
    Ok(())
}

/// Drops the indexes that are no constraint's, and answers how they are made.
async fn put_indexes_away(conn: &mut PgConnection) -> Result<Vec<String>> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = 'casework'::regnamespace AND NOT i.indisunique
           AND c.relname IN ('file', 'words', 'step', 'party', 'caller', 'deadline', 'callback')
         ORDER BY 1",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (name, _) in &found {
        conn.execute(AssertSqlSafe(format!("DROP INDEX {name}"))).await?;
    }
    Ok(found.into_iter().map(|(_, definition)| definition).collect())
}

/// Makes and copies chunks until there are none left.
async fn write(base: Base, city: Arc<City>, plan: Plan, next: Arc<AtomicU32>) -> Result<()> {
    let mut conn = base.db.pool().acquire().await?;
    conn.execute("SELECT set_config('statement_timeout', '0', false), set_config('synchronous_commit', 'off', false)")
        .await?;
    conn.close_on_drop();
    loop {
        let from = next.fetch_add(CHUNK, Ordering::Relaxed);
        if from >= plan.cases {
            return Ok(());
        }
        let (city, keys) = (city.clone(), base.keys.clone());
        let made = tokio::task::spawn_blocking(move || {
            let mut rng = ChaCha8Rng::seed_from_u64(u64::from(from));
            let mut sheets = Sheets::new();
            for number in from..(from + CHUNK).min(plan.cases) {
                let seed = plan.seed(number, &mut rng, city.departments.len());
                sheets.add(&city, &keys, &mut rng, &seed);
            }
            sheets.into_sheets()
        });
        conn.execute("BEGIN").await?;
        for sheet in made.await? {
            let mut copy = conn.copy_in_raw(sheet.copy).await?;
            copy.send(sheet.text.as_bytes()).await?;
            copy.finish().await.with_context(|| sheet.copy.to_owned())?;
        }
        conn.execute("COMMIT").await?;
    }
}
