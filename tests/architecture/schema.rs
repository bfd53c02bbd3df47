//! The migrated schema keeps the conventions of time and money, and what a sharded PostgreSQL asks for.
use sqlx::FromRow;

#[derive(FromRow)]
struct Column {
    place: String,
    name: String,
    kind: String,
}

async fn columns() -> (jh_db::testing::TestBase, Vec<Column>) {
    let base = jh_db::testing::base(&jianghai::modules::migrations()).await;
    let columns = sqlx::query_as(
        "SELECT table_schema || '.' || table_name || '.' || column_name AS place, column_name::text AS name,
                data_type::text AS kind
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema IN ('db', 'identity', 'catalogue', 'registry', 'exchange', 'casework', 'portal', 'workbench',
             'operations', 'hotline', 'city_management', 'community_window', 'open311')
           AND table_type = 'BASE TABLE'",
    )
    .fetch_all(base.db.pool())
    .await
    .expect("the columns");
    (base, columns)
}

#[tokio::test]
async fn instants_are_timestamptz_and_days_are_dates() {
    let (_base, columns) = columns().await;
    assert!(columns.len() > 100, "only {} columns: the schema was not migrated", columns.len());
    for Column { place, name, kind } in &columns {
        assert!(
            kind != "timestamp without time zone",
            "{place} is a timestamp without a zone, which means another instant on another server; use timestamptz"
        );
        if name.ends_with("_at") {
            assert_eq!(kind, "timestamp with time zone", "{place} ends in _at and so is an instant: use timestamptz");
        }
        if name.ends_with("_on") {
            assert_eq!(kind, "date", "{place} ends in _on and so is a day: use date");
        }
    }
}

#[tokio::test]
async fn money_is_whole_fen() {
    let (_base, columns) = columns().await;
    for Column { place, name, kind } in &columns {
        assert!(kind != "money", "{place}: PostgreSQL's money depends on the server's locale; use bigint and _fen");
        if name.ends_with("_fen") {
            assert_eq!(kind, "bigint", "{place} is money: whole fen in a bigint, never a float");
        }
    }
}

#[tokio::test]
async fn no_table_has_a_trigger_and_every_table_has_a_primary_key() {
    let (base, _) = columns().await;
    let triggers: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname || ': ' || t.tgname FROM pg_trigger t
         JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE NOT t.tgisinternal AND n.nspname NOT IN ('topology', 'tiger', 'public')",
    )
    .fetch_all(base.db.pool())
    .await
    .expect("the triggers");
    assert!(triggers.is_empty(), "triggers do not exist on distributed tables; do it in the action: {triggers:?}");
    let keyless: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'topology', 'tiger', 'tiger_data')
           AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')",
    )
    .fetch_all(base.db.pool())
    .await
    .expect("the tables");
    assert!(keyless.is_empty(), "logical replication and sharding need a primary key on: {keyless:?}");
}
