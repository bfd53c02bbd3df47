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
