//! The private cluster: made, shared, killed and recovered.
use jh_db::Db;
use jh_db::cluster::PrivateCluster;

/// A folder that the user `postgres` can reach when the tests run as root.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    dir
}

/// Whether the process lives; a zombie that nobody has reaped yet does not.
fn lives(pid: i32) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok()
}

async fn one(db: &Db, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(db.pool()).await.unwrap()
}

#[tokio::test]
async fn after_kill_9_of_the_postmaster_a_start_recovers_what_was_committed() {
    let dir = folder();
    let cluster = PrivateCluster::start(dir.path().join("pg")).await.unwrap();
    let db = Db::connect(cluster.url(), 2).await.unwrap();
    sqlx::query("CREATE TABLE kept (n int)").execute(db.pool()).await.unwrap();
    sqlx::query("INSERT INTO kept SELECT generate_series(1, 1000)").execute(db.pool()).await.unwrap();
    let pid = cluster.server_pid().unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL).unwrap();

    let again = PrivateCluster::start(dir.path().join("pg")).await.unwrap();
    assert_ne!(again.server_pid().unwrap(), pid);
    // The old pool finds its way to the new server by itself.
    assert_eq!(one(&db, "SELECT count(*)::text FROM kept").await, "1000");
    drop(cluster);
    again.stop().await.unwrap();
}

#[tokio::test]
async fn two_users_of_a_cluster_share_one_server_and_the_last_to_go_stops_it() {
    let dir = folder();
    let path = dir.path().join("pg");
    let first = PrivateCluster::start(&path).await.unwrap();
    let pid = first.server_pid().unwrap();
    let second = PrivateCluster::start(&path).await.unwrap();
    assert!(first.was_started() && !second.was_started());
    assert_eq!(second.server_pid(), Some(pid));
    first.stop().await.unwrap();
    let db = Db::connect(second.url(), 1).await.unwrap();
    db.ready().await.unwrap();
    db.close().await;
    second.stop().await.unwrap();
    assert!(!lives(pid));
}

#[tokio::test]
async fn the_cluster_is_utf8_with_c_order_and_checksums_and_listens_nowhere_but_its_socket() {
    let dir = folder();
    let cluster = PrivateCluster::start(dir.path().join("pg")).await.unwrap();
    let db = Db::connect(cluster.url(), 1).await.unwrap();
    assert_eq!(one(&db, "SHOW server_encoding").await, "UTF8");
    assert_eq!(one(&db, "SHOW data_checksums").await, "on");
    assert_eq!(one(&db, "SHOW listen_addresses").await, "");
    assert_eq!(one(&db, "SHOW synchronous_commit").await, "on");
    assert_eq!(one(&db, "SHOW shared_preload_libraries").await, "pg_stat_statements");
    assert_eq!(one(&db, "SELECT datcollate::text FROM pg_database WHERE datname = current_database()").await, "C.UTF-8");
    assert_eq!(one(&db, "SHOW application_name").await, "jianghai");
    assert_eq!(one(&db, "SHOW statement_timeout").await, "30s");
}

#[tokio::test]
async fn a_data_folder_with_a_long_path_still_gets_a_socket_short_enough() {
    let dir = folder();
    let path = dir.path().join("江海".repeat(12)).join("a folder with blanks & signs?");
    let cluster = PrivateCluster::start(&path).await.unwrap();
    let db = Db::connect(cluster.url(), 1).await.unwrap();
    db.ready().await.unwrap();
    db.close().await;
    cluster.stop().await.unwrap();
}
