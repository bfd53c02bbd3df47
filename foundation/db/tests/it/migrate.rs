//! Bringing schemas up to date.
use jh_db::Db;
use jh_db::migrate::{self, MigrateError, Migrations};
use jh_db::testing::{self, TestBase};

const FIRST: (&str, &str) = ("0001_base", "CREATE TABLE thing (thing_id uuid PRIMARY KEY);");
const ONE: Migrations = Migrations { schema: "example", files: &[FIRST] };

/// A second pool: the migrations close their connection, and a test's own must not be the one.
async fn fresh(test: &TestBase) -> Db {
    Db::connect(&test.url(), 3).await.unwrap()
}

#[tokio::test]
async fn tables_land_in_the_crates_schema_and_a_second_run_changes_nothing() {
    let test = testing::base(&[]).await;
    let db = fresh(&test).await;
    assert_eq!(migrate::waiting(&db, &[ONE]).await.unwrap(), 1);
    let applied = migrate::run(&db, &[ONE]).await.unwrap();
    assert_eq!(migrate::waiting(&db, &[ONE]).await.unwrap(), 0);
    assert_eq!(applied.iter().map(|one| (one.schema, one.name)).collect::<Vec<_>>(), [("example", "0001_base")]);
    sqlx::query("INSERT INTO example.thing VALUES (gen_random_uuid())").execute(db.pool()).await.unwrap();
    assert!(migrate::run(&db, &[ONE]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_changed_after_it_was_applied_is_refused_and_the_message_says_what_to_do() {
    let test = testing::base(&[ONE]).await;
    let edited = Migrations { schema: "example", files: &[("0001_base", "CREATE TABLE thing (thing_id bigint);")] };
    let error = migrate::run(&fresh(&test).await, &[edited]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Changed { schema: "example", .. }));
    assert!(error.to_string().contains("write the change as a new file"), "{error}");
    // Line ends are no change: a checkout on another system may have others.
    let other_ends = Migrations { schema: "example", files: &[FIRST, ("0002_more", "SELECT 1;\r\nSELECT 2;\r\n")] };
    migrate::run(&fresh(&test).await, &[other_ends]).await.unwrap();
    let plain_ends = Migrations { schema: "example", files: &[FIRST, ("0002_more", "SELECT 1;\nSELECT 2;\n")] };
    migrate::run(&fresh(&test).await, &[plain_ends]).await.unwrap();
}

#[tokio::test]
async fn a_program_older_than_the_database_is_refused() {
    let test = testing::base(&[ONE]).await;
    let older = Migrations { schema: "example", files: &[] };
    let error = migrate::run(&fresh(&test).await, &[older]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Newer { .. }), "{error}");
}

#[tokio::test]
async fn a_new_file_before_an_applied_one_is_refused() {
    let test = testing::base(&[ONE]).await;
    let late = Migrations { schema: "example", files: &[("0000_late", "SELECT 1"), FIRST] };
    let error = migrate::run(&fresh(&test).await, &[late]).await.unwrap_err();
    assert!(matches!(error, MigrateError::OutOfOrder { name: "0000_late", .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_fails_leaves_nothing_of_itself() {
    let test = testing::base(&[]).await;
    let db = fresh(&test).await;
    let half =
        Migrations { schema: "example", files: &[FIRST, ("0002_half", "CREATE TABLE a (n int); SELECT 1 / 0;")] };
    let error = migrate::run(&db, &[half]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Failed { name: "0002_half", .. }), "{error}");
    let left: bool =
        sqlx::query_scalar("SELECT to_regclass('example.a') IS NOT NULL").fetch_one(db.pool()).await.unwrap();
    assert!(!left);
    let whole = Migrations { schema: "example", files: &[FIRST, ("0002_half", "CREATE TABLE a (n int);")] };
    assert_eq!(migrate::run(&db, &[whole]).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_migrate_at_once_apply_each_file_once() {
    let test = testing::base(&[]).await;
    let slow =
        Migrations { schema: "example", files: &[("0001_slow", "CREATE TABLE t (n int); SELECT pg_sleep(0.3);")] };
    let (one, two) = (fresh(&test).await, fresh(&test).await);
    let files = [slow];
    let (first, second) = tokio::join!(migrate::run(&one, &files), migrate::run(&two, &files));
    assert_eq!(first.unwrap().len() + second.unwrap().len(), 1);
}

#[tokio::test]
async fn a_role_that_may_not_create_extensions_is_told_who_must() {
    let test = testing::base(&[]).await;
    let db = Db::connect(&test.url(), 1).await.unwrap();
    sqlx::query("DROP EXTENSION pg_trgm CASCADE").execute(db.pool()).await.unwrap();
    let role = "jianghai_test_plain";
    let mut connection = db.read().await.unwrap();
    sqlx::query("DO $$ BEGIN CREATE ROLE jianghai_test_plain; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
        .execute(&mut *connection)
        .await
        .unwrap();
    sqlx::query("SELECT set_config('role', $1, false)").bind(role).execute(&mut *connection).await.unwrap();
    drop(connection);
    let error = migrate::run(&db, &[]).await.unwrap_err();
    assert!(matches!(error, MigrateError::Extension { extension: "pg_trgm", .. }), "{error}");
    assert!(error.to_string().contains("CREATE EXTENSION pg_trgm"), "{error}");
}
