//! One server on one data directory: made, started, taken over and stopped.
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use super::owner::Owner;
use super::settings::{self, Durability};
use super::{ClusterError, Installation, Layout, find_installation};
use crate::DbError;

/// The role that owns everything. Reached through a socket that only we can open.
const ROLE: &str = "jianghai";
/// Lines of `postmaster.pid`, from 0 (PostgreSQL's miscadmin.h).
const PID_LINE: usize = 0;
const PORT_LINE: usize = 3;
/// How long a start may take: recovery after a crash reads up to max_wal_size of log.
const START_TIMEOUT: Duration = Duration::from_secs(300);
/// How long the processes of a killed postmaster get to notice before they are told.
const LEFTOVER_PATIENCE: Duration = Duration::from_secs(3);
/// How long they get in all.
const LEFTOVER_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) struct Server {
    pub(super) layout: Layout,
    /// Whether we started it, and did not find it running.
    pub(super) started: bool,
    owner: Owner,
    installation: Installation,
}

impl Server {
    /// Makes the cluster if there is none, and takes over the running server or starts one.
    pub(super) fn bring_up(layout: Layout, owner: Owner, durability: Durability) -> Result<Self, ClusterError> {
        let made_by = version_of(&layout.data);
        let installation = find_installation(made_by).map_err(|error| match error {
            ClusterError::OtherVersion { made_by, found, .. } => {
                ClusterError::OtherVersion { data: layout.data.clone(), made_by, found }
            }
            other => other,
        })?;
        let mut server = Self { layout, owner, installation, started: false };
        super::make_private_dir(&server.layout.log, &server.owner)?;
        // Twice, for a server found running may turn out to be one that is just shutting down.
        for _ in 0..2 {
            if !server.is_running()? {
                server.make_if_needed(durability)?;
                server.configure(durability)?;
                server.clear_leftovers()?;
                server.start()?;
                server.started = true;
            }
            match server.make_database() {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => {
                    // Nobody would stop it otherwise.
                    if server.started {
                        let _ = server.stop();
                    }
                    return Err(error);
                }
            }
        }
        Ok(server)
    }

    pub(super) fn url(&self, database: &str) -> String {
        let socket = encode(&self.layout.socket.to_string_lossy());
        // The port names the socket, and an operator may have set another in local.conf.
        let port = recorded(&self.layout.data, PORT_LINE).unwrap_or(super::PORT);
        format!("postgresql://{ROLE}@localhost:{port}/{database}?host={socket}")
    }

    fn make_if_needed(&self, durability: Durability) -> Result<(), ClusterError> {
        let data = &self.layout.data;
        if durability == Durability::Throwaway && data.exists() {
            std::fs::remove_dir_all(data).map_err(|error| ClusterError::io("remove", data, error))?;
        }
        if version_of(data).is_some() { Ok(()) } else { self.make(durability) }
    }

    /// `initdb` beside the final place and a rename, so that a run killed in the middle leaves nothing that looks
    /// like a cluster.
    fn make(&self, durability: Durability) -> Result<(), ClusterError> {
        let unfinished = self.layout.dir.join("data.unfinished");
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished).map_err(|error| ClusterError::io("remove", &unfinished, error))?;
        }
        let mut initdb = self.owner.command(&self.installation.bin.join("initdb"));
        initdb.arg("--pgdata").arg(&unfinished).args(["--username", ROLE, "--encoding=UTF8", "--locale=C.UTF-8"]);
        // Whoever can open the socket is us: its folder and the socket itself are closed to all other users, and
        // there is no other way in. A password in a file beside it would add nothing.
        initdb.args(["--data-checksums", "--auth-local=trust", "--auth-host=reject"]);
        if durability == Durability::Throwaway {
            initdb.arg("--no-sync");
        }
        self.run("initdb", &mut initdb)?;
        let own = unfinished.join("postgresql.conf");
        let mut text = std::fs::read_to_string(&own).map_err(|error| ClusterError::io("read", &own, error))?;
        text.push_str("\ninclude = 'jianghai.conf'\n");
        std::fs::write(&own, text).map_err(|error| ClusterError::io("write", &own, error))?;
        let local = unfinished.join("local.conf");
        std::fs::write(&local, "# Settings of your own. Read last, never written to.\n")
            .map_err(|error| ClusterError::io("write", &local, error))?;
        std::fs::rename(&unfinished, &self.layout.data).map_err(|error| ClusterError::io("rename", &unfinished, error))
    }

    fn configure(&self, durability: Durability) -> Result<(), ClusterError> {
        let control = self.installation.share.join("extension/pg_stat_statements.control");
        let path = self.layout.data.join("jianghai.conf");
        let write = |wal_compression: &str| {
            let (socket, log) = (&self.layout.socket, &self.layout.log);
            let text = settings::text(socket, log, control.is_file(), wal_compression, durability);
            // Readable by the server's user: we may be root, and there is nothing secret in it.
            std::fs::write(&path, text).map_err(|error| ClusterError::io("write", &path, error))
        };
        write("on")?;
        if self.takes("wal_compression", "lz4") { write("lz4") } else { Ok(()) }
    }

    /// Whether this build of the server knows a value of a setting; it reads its configuration for that and does not start.
    fn takes(&self, setting: &str, value: &str) -> bool {
        let mut asked = self.owner.command(&self.installation.bin.join("postgres"));
        asked.arg("-D").arg(&self.layout.data).args(["-c", &format!("{setting}={value}"), "-C", setting]);
        asked.output().is_ok_and(|output| output.status.success())
    }

    fn is_running(&self) -> Result<bool, ClusterError> {
        let mut status = self.pg_ctl("status");
        let output = status.output().map_err(|error| ClusterError::io("run", &self.installation.bin, error))?;
        // 3 is "not running" (pg_ctl(1)). A recorded pid that lives but is another program's also answers 0, after
        // the machine was restarted; so the process is looked at as well.
        if !output.status.success() {
            return Ok(false);
        }
        Ok(self.pid().is_some_and(|pid| works_in(pid, &self.layout.data)))
    }

    /// After `kill -9` of the postmaster its children end within moments, but while one lives the next start is
    /// refused; and a stale record naming a pid that now is another program's would also refuse it.
    fn clear_leftovers(&self) -> Result<(), ClusterError> {
        let begun = Instant::now();
        loop {
            let living = leftovers(&self.layout.data);
            if living.is_empty() {
                break;
            }
            if begun.elapsed() > LEFTOVER_PATIENCE {
                for pid in &living {
                    let mut quit = self.pg_ctl("kill");
                    let _ = quit.args(["QUIT", &pid.to_string()]).output();
                }
            }
            if begun.elapsed() > LEFTOVER_TIMEOUT {
                let output =
                    format!("processes {living:?} still use {}; end them and try again", self.layout.data.display());
                return Err(ClusterError::Program { program: "postgres".into(), status: "left over".into(), output });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // Nothing lives that works here; what the records name is dead, a zombie nobody reaps (in a container without
        // an init), or another program by now. PostgreSQL would believe each of these to be a rival.
        let mut records = vec![self.layout.data.join("postmaster.pid")];
        let sockets = std::fs::read_dir(&self.layout.socket).into_iter().flatten().flatten();
        records.extend(sockets.map(|entry| entry.path()));
        for record in records {
            match std::fs::remove_file(&record) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ClusterError::io("remove", &record, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn start(&self) -> Result<(), ClusterError> {
        let log = self.layout.log.join("start.log");
        let _ = std::fs::remove_file(&log);
        let mut start = self.pg_ctl("start");
        start.args(["--wait", "--timeout", &START_TIMEOUT.as_secs().to_string()]).arg("--log").arg(&log);
        self.run("pg_ctl start", &mut start)
    }

    /// Ends sessions at once, writes everything, and waits until the server is gone.
    pub(super) fn stop(&self) -> Result<(), ClusterError> {
        if !self.is_running()? {
            return Ok(());
        }
        let mut stop = self.pg_ctl("stop");
        stop.args(["--mode", "fast", "--wait", "--timeout", "120"]);
        self.run("pg_ctl stop", &mut stop)
    }

    /// Waits until the server answers and makes sure that our database is there. False if the server went away.
    fn make_database(&self) -> Result<bool, ClusterError> {
        let begun = Instant::now();
        loop {
            let url = self.url("postgres");
            // A thread of its own: a runtime cannot be started on a thread that another runtime drives.
            let made = std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(sqlx::Error::Io)?;
                runtime.block_on(create_database(&url))
            });
            let made = made.join().unwrap_or(Err(sqlx::Error::WorkerCrashed)).map_err(DbError::from);
            match made {
                Ok(()) => return Ok(true),
                // Still reading its log after a crash, or already shutting down.
                Err(DbError::Unavailable(_)) if begun.elapsed() < START_TIMEOUT => {
                    if !self.is_running()? {
                        return Ok(false);
                    }
                    std::thread::sleep(Duration::from_millis(100));
                }
                Err(error) => {
                    let error = std::io::Error::other(error);
                    return Err(ClusterError::io("create the database jianghai in", &self.layout.data, error));
                }
            }
        }
    }

    /// The postmaster's process id, from its own record.
    pub(super) fn pid(&self) -> Option<i32> {
        recorded(&self.layout.data, PID_LINE)
    }

    fn pg_ctl(&self, action: &str) -> std::process::Command {
        let mut command = self.owner.command(&self.installation.bin.join("pg_ctl"));
        command.arg(action);
        if action != "kill" {
            command.arg("--pgdata").arg(&self.layout.data);
        }
        command
    }

    fn run(&self, name: &str, command: &mut std::process::Command) -> Result<(), ClusterError> {
        let program = PathBuf::from(command.get_program());
        let output = command.output().map_err(|error| ClusterError::io("run", &program, error))?;
        if output.status.success() {
            return Ok(());
        }
        Err(ClusterError::Program {
            program: name.into(),
            status: output.status.to_string(),
            output: self.said(&output),
        })
    }

    /// What the program said, and the end of the logs, where the reason usually is.
    fn said(&self, output: &Output) -> String {
        let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stdout));
        let entries = std::fs::read_dir(&self.layout.log).into_iter().flatten().flatten();
        let newest = entries.max_by_key(|entry| entry.metadata().and_then(|about| about.modified()).ok());
        for path in newest.map(|entry| entry.path()).into_iter().chain([self.layout.log.join("start.log")]) {
            let log = std::fs::read_to_string(&path).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(12)..].join("\n");
            text.push_str(&format!("\n{}:\n{last}", path.display()));
        }
        text
    }
}

async fn create_database(url: &str) -> Result<(), sqlx::Error> {
    use sqlx::{Connection as _, PgConnection};
    let mut connection = PgConnection::connect(url).await?;
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = 'jianghai')")
            .fetch_one(&mut connection)
            .await?;
    if !there {
        sqlx::query("CREATE DATABASE jianghai").execute(&mut connection).await?;
    }
    connection.close().await
}

/// The major version that made the data, or none if there is no cluster.
fn version_of(data: &Path) -> Option<u32> {
    std::fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// A number from the running server's own record, `postmaster.pid`.
fn recorded(data: &Path, line: usize) -> Option<i32> {
    std::fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().nth(line)?.trim().parse().ok()
}

/// Whether the process is a server on this data directory: PostgreSQL's processes all work inside it.
/// Where there is no /proc it is believed.
fn works_in(pid: i32, data: &Path) -> bool {
    if !Path::new("/proc/self").exists() {
        return true;
    }
    let data = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data)
}

/// PostgreSQL processes that still work inside the data directory.
fn leftovers(data: &Path) -> Vec<i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|&pid| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim() == "postgres" && works_in(pid, data)
    })
    .collect()
}

/// Percent-encodes a path for a URL's query.
fn encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
