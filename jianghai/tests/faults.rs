//! The real program and a real server under what happens to both: killed, cut off, out of room.
//!
//! Each test delivers one file and holds the outcome to what the file truly holds, however often the run was broken
//! off: nothing acknowledged is lost, nothing lands twice, nothing half-written is visible.
#![allow(clippy::unwrap_used)]
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jh_db::Db;
use jh_db::cluster::PrivateCluster;
use jianghai::cli::Place;
use jianghai::demo::extracts::{self, PersonExtract, Plan};
use jianghai::{boot, demo};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Rows enough for several chunks of 16,384.
const PEOPLE: u64 = 60_000;

/// A city with departments and standards, without any rows, on a server that the test can hurt.
struct City {
    cluster: Option<PrivateCluster>,
    db: Db,
    file: PathBuf,
    truth: extracts::Counts,
    /// Last, for it goes last.
    folder: tempfile::TempDir,
}

impl City {
    async fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let cluster = PrivateCluster::start(folder.path().join("pg")).await.unwrap();
        let place = Place { data: Some(folder.path().join("data")), database_url: Some(cluster.url().to_owned()) };
        let booted = boot::boot(&place).await.unwrap();
        let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default()).unwrap();
        demo::found(&composed.app).await.unwrap();
        booted.stop().await.unwrap();
        let file = folder.path().join("户籍人口.csv");
        let plan = Plan { people: PEOPLE, enterprises: 1, ..Plan::default() };
        let to = BufWriter::new(File::create(&file).unwrap());
        let truth = extracts::write_person_extract(PersonExtract::Police, &plan, to).unwrap();
        let db = Db::connect(cluster.url(), 2).await.unwrap();
        Self { folder, cluster: Some(cluster), db, file, truth }
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jianghai"));
        command.env("JIANGHAI_DATA", self.folder.path().join("data"));
        command.env("DATABASE_URL", self.cluster.as_ref().unwrap().url());
        command.stdout(Stdio::null()).stderr(File::create(self.folder.path().join("log")).unwrap());
        command
    }

    fn deliver(&self, provider: &str) -> Child {
        let mut command = self.program();
        command.args(["ingest", "--json", "--kind", "person", "--provider", provider]).arg(&self.file);
        command.spawn().unwrap()
    }

    fn serve(&self) -> Child {
        self.program().args(["serve", "--listen", "127.0.0.1:0"]).spawn().unwrap()
    }

    async fn one(&self, sql: &'static str) -> i64 {
        // A connection may have died with the server; the next one is new.
        for _ in 0..3 {
            if let Ok(value) = sqlx::query_scalar(sql).fetch_one(self.db.pool()).await {
                return value;
            }
        }
        sqlx::query_scalar(sql).fetch_one(self.db.pool()).await.unwrap()
    }

    async fn rows_read(&self) -> i64 {
        self.one("SELECT COALESCE(sum(rows_read), 0)::bigint FROM registry.delivery").await
    }

    async fn until(&self, what: &str, sql: &'static str) {
        let begun = Instant::now();
        while self.one(sql).await == 0 {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(120), "waited too long until {what}:\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn until_some_rows_landed(&self) {
        self.until("some rows landed", "SELECT count(*) FROM registry.delivery WHERE rows_read > 0").await;
    }

    async fn until_done(&self) {
        self.until("the delivery is done", "SELECT count(*) FROM registry.delivery WHERE state = 'done'").await;
    }

    /// Everything that is stored agrees with the file and with itself.
    async fn assert_whole(&self, deliveries: i64) {
        let truth = |count: u64| i64::try_from(count).unwrap();
        assert_eq!(self.rows_read().await, truth(self.truth.rows) * deliveries);
        assert_eq!(
            self.one("SELECT sum(rows_rejected)::bigint FROM registry.delivery").await,
            truth(self.truth.faulty) * deliveries
        );
        assert_eq!(
            self.one("SELECT count(*) FROM registry.delivery_reject").await,
            truth(self.truth.faulty) * deliveries
        );
        let people = truth(self.truth.accepted());
        assert_eq!(self.one("SELECT count(*) FROM registry.person").await, people);
        assert_eq!(self.one("SELECT count(*) FROM registry.identifier").await, people);
        assert_eq!(self.one("SELECT count(*) FROM registry.record").await, people * deliveries);
        assert_eq!(self.one("SELECT sum(records)::bigint FROM registry.provider_tally").await, people * deliveries);
        assert_eq!(self.one("SELECT sum(people)::bigint FROM registry.v_population").await, people);
        let orphans = "SELECT count(*) FROM registry.record r WHERE NOT EXISTS
            (SELECT 1 FROM registry.person p WHERE p.person_id = r.subject_id)";
        assert_eq!(self.one(orphans).await, 0);
    }
}

/// Waits for a program that is to succeed.
fn succeed(city: &City, child: &mut Child) {
    let status = child.wait().unwrap();
    let log = std::fs::read_to_string(city.folder.path().join("log")).unwrap_or_default();
    assert!(status.success(), "{log}");
}

fn kill_9(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn end(mut child: Child) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGTERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn a_killed_run_keeps_what_was_acknowledged_and_goes_on_from_there() {
    let city = City::found().await;
    let child = city.deliver("NT-GA");
    city.until_some_rows_landed().await;
    kill_9(child);
    let acknowledged = city.rows_read().await;
    assert!(acknowledged > 0 && acknowledged < i64::try_from(city.truth.rows).unwrap(), "{acknowledged}");
    let landed = city.one("SELECT count(*) FROM registry.record").await;
    assert_eq!(landed, city.one("SELECT sum(rows_new)::bigint FROM registry.delivery").await);

    // Killed again at once, while it takes over; then left to finish.
    kill_9(city.serve());
    let server = city.serve();
    city.until_done().await;
    assert_eq!(city.one("SELECT count(*) FROM registry.delivery").await, 1);
    city.assert_whole(1).await;
    end(server);
}

#[tokio::test]
async fn the_database_killed_in_the_middle_and_started_again_costs_nothing_but_time() {
    let mut city = City::found().await;
    let mut child = city.deliver("NT-GA");
    city.until_some_rows_landed().await;
    let cluster = city.cluster.take().unwrap();
    kill(Pid::from_raw(cluster.server_pid().unwrap()), Signal::SIGKILL).unwrap();
    city.cluster = Some(PrivateCluster::start(city.folder.path().join("pg")).await.unwrap());
    drop(cluster);
    succeed(&city, &mut child);
    city.until_done().await;
    city.assert_whole(1).await;
}

#[tokio::test]
async fn two_deliveries_of_the_same_people_at_once_make_each_person_once() {
    let city = City::found().await;
    let mut children = ["NT-GA", "NT-MZ"].map(|provider| city.deliver(provider));
    for child in &mut children {
        succeed(&city, child);
    }
    city.assert_whole(2).await;
}

#[tokio::test]
async fn a_full_disk_is_said_and_waited_for_and_nothing_is_lost() {
    let mut city = City::found().await;
    let Some(small) = SmallDisk::under(&city.folder.path().join("pg/data/pg_tblspc")) else {
        eprintln!("not root, so no small disk could be made");
        return;
    };
    // The records alone are on the small disk, as on a volume of their own.
    let statements = format!(
        "CREATE TABLESPACE small LOCATION '{}'; ALTER TABLE registry.record SET TABLESPACE small",
        small.path.display()
    );
    for statement in statements.split("; ") {
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned())).execute(city.db.pool()).await.unwrap();
    }
    let mut child = city.deliver("NT-GA");
    city.until("it says so", "SELECT count(*) FROM registry.delivery WHERE paused = 'disk-full'").await;
    let landed = city.one("SELECT count(*) FROM registry.record").await;
    assert_eq!(landed, city.one("SELECT sum(rows_new)::bigint FROM registry.delivery").await);
    small.grow();
    succeed(&city, &mut child);
    city.assert_whole(1).await;
    city.cluster.take().unwrap().stop().await.unwrap();
}

/// A file system in memory that holds about one chunk of records.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    fn under(beside: &Path) -> Option<Self> {
        let path = beside.ancestors().nth(3)?.join("small");
        std::fs::create_dir(&path).ok()?;
        let mount = |arguments: &[&str]| {
            Command::new("mount").args(arguments).arg(&path).output().is_ok_and(|output| output.status.success())
        };
        mount(&["-t", "tmpfs", "-o", "size=12m,mode=0777", "tmpfs"]).then_some(())?;
        let owner = std::fs::metadata(beside).ok()?;
        let ids = std::os::unix::fs::MetadataExt::uid(&owner);
        std::os::unix::fs::chown(&path, Some(ids), None).ok()?;
        Some(Self { path })
    }

    fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=1g"]).arg(&self.path).status().unwrap();
        assert!(grown.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server may still have files open there.
        let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}
