//! What the public is told when the database fails us.
use std::time::{Duration, Instant};

use jh_core::fault::{Fault, Kind};
use jh_db::cluster::PrivateCluster;
use jh_db::{Db, DbError, testing};

fn code(error: sqlx::Error) -> (Kind, &'static str) {
    let refusal = DbError::from(error).refusal();
    (refusal.kind, refusal.code)
}

#[tokio::test]
async fn a_connection_ended_by_the_administrator_is_database_away() {
    let test = testing::base(&[]).await;
    let error = sqlx::query("SELECT pg_terminate_backend(pg_backend_pid())").execute(test.db.pool()).await.unwrap_err();
    assert_eq!(code(error), (Kind::Unavailable, "database-away"));
    test.db.ready().await.unwrap();
}

#[tokio::test]
async fn a_statement_over_its_time_is_took_too_long() {
    let test = testing::base(&[]).await;
    let mut connection = test.db.read().await.unwrap();
    sqlx::query("SELECT set_config('statement_timeout', '50ms', false)").execute(&mut *connection).await.unwrap();
    let error = sqlx::query("SELECT pg_sleep(5)").execute(&mut *connection).await.unwrap_err();
    assert_eq!(code(error), (Kind::Unavailable, "took-too-long"));
}

#[tokio::test]
async fn a_text_with_nul_is_the_callers_error() {
    let test = testing::base(&[]).await;
    let error = sqlx::query("SELECT $1::text").bind("a\0b").execute(test.db.pool()).await.unwrap_err();
    assert_eq!(code(error), (Kind::Invalid, "character-unstorable"));
    let error =
        sqlx::query("SELECT $1::text::jsonb").bind(r#"{"a":"\u0000"}"#).execute(test.db.pool()).await.unwrap_err();
    assert_eq!(code(error), (Kind::Invalid, "character-unstorable"));
}

#[tokio::test]
async fn a_caller_waits_three_seconds_for_a_connection_and_no_longer() {
    let test = testing::base(&[]).await;
    let db = Db::connect(&test.url(), 1).await.unwrap();
    let _held = db.read().await.unwrap();
    let begun = Instant::now();
    let error = db.read().await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error}");
    assert!((2..6).contains(&begun.elapsed().as_secs()));
}

#[tokio::test]
async fn the_database_gone_is_said_at_once_and_back_it_is_used_again() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = dir.path().join("pg");
    let cluster = PrivateCluster::start(&path).await.unwrap();
    let db = Db::connect(cluster.url(), 3).await.unwrap();
    db.ready().await.unwrap();
    cluster.stop().await.unwrap();
    let begun = Instant::now();
    let error = db.ready().await.unwrap_err();
    assert_eq!(error.refusal().code, "database-away");
    assert!(begun.elapsed() < Duration::from_secs(5));

    let _again = PrivateCluster::start(&path).await.unwrap();
    db.ready().await.unwrap();
}

#[tokio::test]
async fn a_server_that_wants_tls_is_reached_over_it_and_its_name_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = dir.path().join("pg");
    let cluster = PrivateCluster::start(&path).await.unwrap();
    let data = cluster.data_directory().to_owned();
    cluster.stop().await.unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = format!(
        "set -e; cd '{}'
         openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
             -addext basicConstraints=critical,CA:FALSE \
             -keyout server.key -out server.crt 2>/dev/null
         chmod 600 server.key; chown --reference=PG_VERSION server.key server.crt
         cp server.crt '{}/root.crt'
         echo \"listen_addresses = '127.0.0.1'
         port = {port}
         ssl = on\" > local.conf
         sed -i '1i hostssl all all 127.0.0.1/32 trust' pg_hba.conf",
        data.display(),
        dir.path().display(),
    );
    assert!(std::process::Command::new("sh").args(["-c", &script]).status().unwrap().success());
    let cluster = PrivateCluster::start(&path).await.unwrap();
    Db::connect(cluster.url(), 1).await.unwrap().ready().await.unwrap();
    let url = |host: &str| {
        let root = dir.path().join("root.crt");
        format!("postgresql://jianghai@{host}:{port}/postgres?sslmode=verify-full&sslrootcert={}", root.display())
    };
    let db = Db::connect(&url("localhost"), 1).await.unwrap();
    let encrypted: bool = sqlx::query_scalar("SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()")
        .fetch_one(db.pool())
        .await
        .unwrap();
    assert!(encrypted);
    assert!(Db::connect(&url("127.0.0.1"), 1).await.is_err(), "the certificate is for another name");
}
