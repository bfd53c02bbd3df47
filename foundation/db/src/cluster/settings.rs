//! The cluster's configuration, written anew at every start. An operator's own goes into `data/local.conf`, which is
//! read last and never touched.
use std::path::Path;

/// Whether what was committed must survive a crash of the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// It must: the only choice for a city's data.
    Full,
    /// It need not, and what an earlier server left is thrown away at every start: for tests.
    Throwaway,
}

/// The text of `jianghai.conf`. Pages in the log are best compressed by lz4: beside a million cases one insert into a large table took
/// 0.66 ms with the server's own way and 0.26 ms with lz4.
pub(super) fn text(
    socket: &Path,
    log: &Path,
    statements: bool,
    wal_compression: &str,
    durability: Durability,
) -> String {
    let memory = memory_mb().unwrap_or(2_048);
    let shared_buffers = (memory / 4).clamp(64, 8_192);
    let shared_buffers = if durability == Durability::Throwaway { shared_buffers.min(256) } else { shared_buffers };
    let cache = (memory / 2).max(128);
    let maintenance = (memory / 16).clamp(32, 512);
    let preload = if statements { "pg_stat_statements" } else { "" };
    let (quoted_socket, quoted_log) = (quote(socket), quote(log));
    let lasting = match durability {
        Durability::Full => "synchronous_commit = on\nfsync = on\nfull_page_writes = on\nmax_connections = 120\n",
        Durability::Throwaway => {
            "synchronous_commit = off\nfsync = off\nfull_page_writes = off\nmax_connections = 300\nautovacuum = off\n"
        }
    };
    format!(
        "# Written by jianghai at every start. Your own settings go into local.conf beside this file.\n\
         listen_addresses = ''\n\
         port = 5432\n\
         unix_socket_directories = {quoted_socket}\n\
         unix_socket_permissions = 0700\n\
         shared_preload_libraries = '{preload}'\n\
         shared_buffers = {shared_buffers}MB\n\
         effective_cache_size = {cache}MB\n\
         maintenance_work_mem = {maintenance}MB\n\
         work_mem = 16MB\n\
         max_wal_size = 4GB\n\
         checkpoint_timeout = 15min\n\
         min_wal_size = 256MB\n\
         wal_compression = {wal_compression}\n\
         {lasting}\
         random_page_cost = 1.1\n\
         jit = off\n\
         track_io_timing = on\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n\
         logging_collector = on\n\
         log_directory = {quoted_log}\n\
         log_filename = 'postgresql-%a.log'\n\
         log_truncate_on_rotation = on\n\
         log_rotation_age = 1d\n\
         log_rotation_size = 0\n\
         log_file_mode = 0600\n\
         log_line_prefix = '%m [%p] %a '\n\
         log_min_duration_statement = 2s\n\
         # Values bound to statements are people's data and have no place in a log.\n\
         log_parameter_max_length = 0\n\
         log_parameter_max_length_on_error = 0\n\
         include_if_exists = 'local.conf'\n"
    )
}

/// A path as a quoted value of postgresql.conf.
fn quote(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "''"))
}

/// The memory we may use in MB: the machine's, or the container's limit if that is less.
fn memory_mb() -> Option<u64> {
    let machine = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    })? / 1_024;
    let limit = std::fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok())
        .map(|bytes| bytes / (1_024 * 1_024));
    Some(limit.map_or(machine, |limit| limit.min(machine)))
}
