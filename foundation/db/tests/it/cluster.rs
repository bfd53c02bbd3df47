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
    // The old pool finds its way to the new server by itself. A connection used a moment ago is trusted, so as many
    // calls may fail as the pool is wide, and no more.
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer: Result<i64, _> = sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(db.pool()).await;
        answers.push(answer);
    }
    assert_eq!(answers.pop().unwrap().unwrap(), 1000, "{answers:?}");
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
    assert_eq!(
        one(&db, "SELECT datcollate::text FROM pg_database WHERE datname = current_database()").await,
        "C.UTF-8"
    );
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

#[tokio::test]
async fn a_server_left_by_a_killed_run_is_taken_over_and_stopped_with_us() {
    let dir = folder();
    let path = dir.path().join("pg");
    let killed = crate::child::start("holds_a_cluster", path.to_str().unwrap());
    crate::child::until("the server runs", || async {
        path.join("data/postmaster.pid").exists() && path.join("socket/.s.PGSQL.5432").exists()
    })
    .await;
    crate::child::kill_9(killed);

    let cluster = PrivateCluster::start(&path).await.unwrap();
    let pid = cluster.server_pid().unwrap();
    Db::connect(cluster.url(), 1).await.unwrap().ready().await.unwrap();
    cluster.stop().await.unwrap();
    assert!(!lives(pid));
}

#[tokio::test]
async fn a_first_start_cut_off_in_the_middle_is_begun_anew() {
    let dir = folder();
    let path = dir.path().join("pg");
    std::fs::create_dir_all(path.join("data.unfinished/base")).unwrap();
    std::fs::write(path.join("data.unfinished/PG_VERSION"), "15\n").unwrap();
    let cluster = PrivateCluster::start(&path).await.unwrap();
    Db::connect(cluster.url(), 1).await.unwrap().ready().await.unwrap();
    assert!(!path.join("data.unfinished").exists());
}

#[tokio::test]
async fn a_stale_record_that_names_another_living_process_does_not_hinder_a_start() {
    let dir = folder();
    let path = dir.path().join("pg");
    PrivateCluster::start(&path).await.unwrap().stop().await.unwrap();
    let ours = std::process::id();
    let record = format!(
        "{ours}\n{}\n1\n5432\n{}\n\n  0 0\nready\n",
        path.join("data").display(),
        path.join("socket").display()
    );
    std::fs::write(path.join("data/postmaster.pid"), record).unwrap();
    let cluster = PrivateCluster::start(&path).await.unwrap();
    assert_ne!(cluster.server_pid(), Some(i32::try_from(ours).unwrap()));
}

#[tokio::test]
async fn an_operators_own_settings_are_read_last_and_kept() {
    let dir = folder();
    let path = dir.path().join("pg");
    PrivateCluster::start(&path).await.unwrap().stop().await.unwrap();
    std::fs::write(path.join("data/local.conf"), "work_mem = '33MB'\n").unwrap();
    let cluster = PrivateCluster::start(&path).await.unwrap();
    let db = Db::connect(cluster.url(), 1).await.unwrap();
    assert_eq!(one(&db, "SHOW work_mem").await, "33MB");
}

#[test]
fn data_below_a_folder_closed_to_the_server_is_refused_with_what_to_do() {
    if !nix::unistd::Uid::effective().is_root() {
        return; // Only root runs the server as somebody else.
    }
    let dir = folder();
    let closed = dir.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let refused = jh_db::cluster::reachable(&closed.join("pg")).unwrap_err().to_string();
    assert!(refused.contains("chmod o+x") && refused.contains("closed"), "{refused}");
}
