//! One change and all that belongs to it.
use jh_db::testing;

#[tokio::test]
async fn a_test_gets_a_migrated_database_of_its_own() {
    let base = testing::base(&[]).await;
    base.db.ready().await.unwrap();
    let n: i64 = sqlx::query_scalar("SELECT count(*) FROM db.migration").fetch_one(base.db.pool()).await.unwrap();
    assert_eq!(n, 1);
}
