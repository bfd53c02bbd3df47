//! Every statement in the source is prepared on the migrated schema, and names only what its room may name.
use std::collections::BTreeSet;

use regex::Regex;
use sqlx::{Executor, SqlSafeStr, SqlStr};

use super::source::{Room, read, rooms, rust_files, shown};

/// What a room's SQL may name besides its own schema: views of the engines it depends on, and PostgreSQL's own.
fn below(room: &Room) -> &'static [&'static str] {
    match (room.layer.as_str(), room.name.as_str()) {
        ("foundation", _) | ("engines", "identity") => &["db"],
        ("engines", "catalogue") => &["db", "identity"],
        ("engines", "registry" | "exchange") => &["db", "identity", "catalogue"],
        ("engines", "casework") => &["db", "identity"],
        _ => &["db", "identity", "catalogue", "registry", "exchange", "casework"],
    }
}

struct Found {
    place: String,
    statement: String,
}

fn statements(room: &Room) -> Vec<Found> {
    let mut found = Vec::new();
    for path in rust_files(&room.folder.join("src")) {
        // A test's own set-up may reach anywhere.
        if shown(&path).contains("testing")
            || shown(&path).contains("/tests/")
            || path.file_name().is_some_and(|name| name == "tests.rs")
        {
            continue;
        }
        for (line, statement) in read(&path).statements {
            found.push(Found { place: format!("{}:{line}", shown(&path)), statement });
        }
    }
    found
}

#[tokio::test]
async fn every_statement_prepares_on_the_migrated_schema() {
    let base = jh_db::testing::base(&jianghai::modules::migrations()).await;
    let mut connection = base.db.read().await.expect("a connection");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for room in rooms() {
        for Found { place, statement } in statements(&room) {
            count += 1;
            let text: SqlStr = sqlx::AssertSqlSafe(statement.clone()).into_sql_str();
            if let Err(error) = connection.prepare(text).await {
                wrong.push(format!(
                    "  {place}: {error}\n    {}",
                    statement.split_whitespace().collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    assert!(count > 100, "only {count} statements were found; the reading of the source is broken");
    assert!(wrong.is_empty(), "{} of {count} statements do not fit the schema:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sql_names_only_its_own_schema_and_views_below_it() {
    let table = Regex::new(r"(?i)\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES|ONLY)\s+([a-z_]+)\.([a-z_0-9]+)")
        .expect("a pattern");
    let schemas: BTreeSet<String> = rooms().iter().map(|room| room.name.clone()).collect();
    let mut breaches = Vec::new();
    for room in rooms() {
        for Found { place, statement } in statements(&room) {
            for found in table.captures_iter(&statement) {
                let (schema, name) = (&found[1], &found[2]);
                let foreign = schemas.contains(schema) && schema != room.name;
                let allowed = below(&room).contains(&schema) && name.starts_with("v_");
                if foreign && !allowed {
                    breaches.push(format!("  {place} names {schema}.{name}"));
                }
            }
        }
    }
    assert!(
        breaches.is_empty(),
        "A crate's SQL names its own schema and the v_* views that engines below it publish, so that a table can change \
         without a search through the whole house. Publish a view there, or ask through its api.rs:\n{}",
        breaches.join("\n")
    );
}

#[test]
fn sql_is_written_out_and_never_put_together() {
    let mut dynamic = Vec::new();
    for room in rooms().iter().filter(|room| room.layer != "foundation") {
        for path in rust_files(&room.folder.join("src")) {
            if path.file_name().is_some_and(|name| name == "tests.rs") || shown(&path).contains("/tests/") {
                continue;
            }
            for line in read(&path).dynamic {
                dynamic.push(format!("  {}:{line}", shown(&path)));
            }
        }
    }
    assert!(
        dynamic.is_empty(),
        "These statements are not literals, so that nothing can check them beforehand. Write optional filters as \
         `($1::text IS NULL OR name = $1)`:\n{}",
        dynamic.join("\n")
    );
}

#[test]
fn the_reader_of_statements_sees_literals_constants_and_dynamic_ones() {
    let folder = std::env::temp_dir().join(format!("jianghai-source-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("sample.rs");
    let text =
        "const A: &str = \"SELECT 1\";\nfn f() { sqlx::query(A); sqlx::query_as(\"SELECT 2\"); sqlx::query(&g()); }";
    std::fs::write(&file, text).expect("a file");
    let contents = read(&file);
    std::fs::remove_dir_all(&folder).expect("removed");
    let texts: Vec<_> = contents.statements.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["SELECT 1", "SELECT 2"]);
    assert_eq!(contents.dynamic, [2]);
}
