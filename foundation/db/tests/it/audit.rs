//! The audit: complete, linked without gaps, signed by the day, and checkable by anyone.
use std::process::Command as Program;

use jh_crypto::keyring::Keyring;
use jh_crypto::{chain, sm3};
use jh_db::audit::{self, Broken, City, Entry, Wrong};
use jh_db::testing::{self, TestBase};
use jh_db::{Base, DbError, Work};
use serde_json::json;
use std::sync::Arc;
use time::macros::date;
use uuid::Uuid;

async fn note(base: &Base, n: i64) {
    let command = jh_core::actor::Command::system("test", base.clock.now());
    let mut work = Work::begin(base, &command).await.unwrap();
    let entry =
        Entry::new("test.thing.counted", Uuid::new_v4()).purpose("核实身份").detail(json!({ "n": n, "名": "值" }));
    work.audit(entry);
    work.commit().await.unwrap();
}

/// Twelve linked rows of a day that is over.
async fn a_day() -> TestBase {
    let test = testing::base(&[]).await;
    for n in 0..12 {
        note(&test, n).await;
    }
    test.chain().await;
    test.advance(time::Duration::DAY);
    test
}

async fn id_at(test: &TestBase, seq: i64) -> Uuid {
    sqlx::query_scalar("SELECT audit_id FROM db.audit_link WHERE seq = $1")
        .bind(seq)
        .fetch_one(test.db.pool())
        .await
        .unwrap()
}

async fn run(test: &TestBase, sql: &'static str) {
    sqlx::query(sql).execute(test.db.pool()).await.unwrap();
}

async fn broken(test: &TestBase) -> Broken {
    audit::verify(test).await.unwrap().broken.expect("the tampering is seen")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn audits_and_linkers_at_once_give_one_chain_without_gaps() {
    let test = testing::base(&[]).await;
    let mut tasks = Vec::new();
    for writer in 0..6 {
        let base = test.base().clone();
        tasks.push(tokio::spawn(async move {
            for n in 0..40 {
                note(&base, writer * 100 + n).await;
                if n % 7 == 0 {
                    audit::chain(&base).await.unwrap();
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    test.chain().await;
    let report = audit::verify(&test).await.unwrap();
    assert_eq!((report.rows, report.pending, report.broken), (240, 0, None));
    let (count, distinct, last): (i64, i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT seq), max(seq) FROM db.audit_link")
            .fetch_one(test.db.pool())
            .await
            .unwrap();
    assert_eq!((count, distinct, last), (240, 240, 240));
}

#[tokio::test]
async fn a_changed_row_is_named() {
    let test = a_day().await;
    let id = id_at(&test, 7).await;
    sqlx::query("UPDATE db.audit SET actor_name = 'nobody' WHERE audit_id = $1")
        .bind(id)
        .execute(test.db.pool())
        .await
        .unwrap();
    let broken = broken(&test).await;
    assert_eq!((broken.seq, broken.audit_id, broken.wrong), (Some(7), Some(id), Wrong::RowChanged));
    assert!(broken.to_string().contains(&id.to_string()), "{broken}");
    assert!(matches!(audit::seal_day(&test, date!(2026 - 03 - 02)).await, Err(DbError::AuditBroken { seq: 7, .. })));
}

#[tokio::test]
async fn even_a_blank_put_into_the_detail_is_seen() {
    let test = a_day().await;
    run(&test, "UPDATE db.audit SET detail = (detail::text || ' ')::json WHERE audit_id = (SELECT audit_id FROM db.audit_link WHERE seq = 3)").await;
    assert_eq!(broken(&test).await.seq, Some(3));
}

#[tokio::test]
async fn a_removed_row_a_removed_place_a_changed_link_a_cut_end_and_a_smuggled_row_are_each_seen() {
    let test = a_day().await;
    run(&test, "CREATE TABLE saved AS SELECT * FROM db.audit").await;
    run(&test, "CREATE TABLE saved_link AS SELECT * FROM db.audit_link").await;
    for (tamper, seq, wrong) in [
        (
            "DELETE FROM db.audit WHERE audit_id = (SELECT audit_id FROM db.audit_link WHERE seq = 5)",
            Some(5),
            Wrong::RowMissing,
        ),
        ("DELETE FROM db.audit_link WHERE seq = 5", Some(5), Wrong::PlaceMissing),
        ("UPDATE db.audit_link SET link = digest WHERE seq = 9", Some(9), Wrong::LinkChanged),
        ("DELETE FROM db.audit_link WHERE seq > 10", Some(11), Wrong::EndMoved),
        (
            "INSERT INTO db.audit SELECT gen_random_uuid(), happened_at, action, subject_id, account_id, actor_kind, actor_name, actor_organisation_id, organisation_id, purpose, request_id, detail FROM db.audit LIMIT 1",
            None,
            Wrong::RowUnlinked,
        ),
    ] {
        run(&test, tamper).await;
        let broken = broken(&test).await;
        assert_eq!((broken.seq, broken.wrong), (seq, wrong), "{tamper}");
        run(&test, "DELETE FROM db.audit").await;
        run(&test, "DELETE FROM db.audit_link").await;
        run(&test, "INSERT INTO db.audit SELECT * FROM saved").await;
        run(&test, "INSERT INTO db.audit_link SELECT * FROM saved_link").await;
    }
    assert!(audit::verify(&test).await.unwrap().is_intact());
}

#[tokio::test]
async fn who_rewrites_the_whole_chain_still_cannot_rewrite_a_signed_day() {
    let test = a_day().await;
    audit::seal_finished_days(&test).await.unwrap();
    assert_eq!(audit::verify(&test).await.unwrap().days, 1);
    // Everything anew from the changed rows, as one who may write to every table would do it.
    run(&test, "UPDATE db.audit SET actor_name = 'nobody'").await;
    run(&test, "INSERT INTO db.audit_pending SELECT audit_id, happened_at FROM db.audit").await;
    run(&test, "DELETE FROM db.audit_link").await;
    run(&test, "UPDATE db.audit_head SET seq = 0, link = decode(repeat('00', 32), 'hex'), day_on = '0001-01-01'").await;
    test.chain().await;
    let found = broken(&test).await;
    assert_eq!((found.day, found.wrong), (Some(date!(2026 - 03 - 02)), Wrong::RootDiffers));

    // With a root signed by a key of their own, put beside it.
    let mut forger = test.base().clone();
    forger.keys = Arc::new(Keyring::ephemeral());
    run(&test, "DELETE FROM db.audit_root").await;
    audit::seal_day(&forger, date!(2026 - 03 - 02)).await.unwrap();
    assert_eq!(broken(&test).await.wrong, Wrong::SignatureInvalid);
}

#[tokio::test]
async fn a_row_that_comes_after_its_day_was_sealed_goes_to_the_next() {
    let test = a_day().await;
    let late = jh_core::actor::Command::system("test", test.clock.now() - time::Duration::DAY);
    let mut work = Work::begin(&test, &late).await.unwrap();
    work.audit(Entry::new("test.thing.late", Uuid::new_v4()));
    audit::seal_finished_days(&test).await.unwrap();
    work.commit().await.unwrap();
    test.chain().await;
    let day: time::Date =
        sqlx::query_scalar("SELECT day_on FROM db.audit_link WHERE seq = 13").fetch_one(test.db.pool()).await.unwrap();
    assert_eq!(day, date!(2026 - 03 - 03));
    test.advance(time::Duration::DAY);
    assert_eq!(audit::seal_finished_days(&test).await.unwrap(), [date!(2026 - 03 - 03)]);
    assert_eq!(audit::verify(&test).await.unwrap().days, 2);
}

#[tokio::test]
async fn a_day_that_is_not_over_is_not_sealed_but_can_be_checked_so_far() {
    let test = testing::base(&[]).await;
    note(&test, 1).await;
    let today = date!(2026 - 03 - 02);
    assert!(matches!(audit::seal_day(&test, today).await, Err(DbError::DayOpen { .. })));
    let so_far = audit::day_so_far(&test, today).await.unwrap().unwrap();
    assert!(so_far.root.ends_with("so_far: the day was not over\n"), "{}", so_far.root);
    note(&test, 1).await;
    let later = audit::day_so_far(&test, today).await.unwrap().unwrap();
    assert_eq!(later.last_seq, so_far.last_seq + 1);
    // Nothing of it stays: the day's own root covers all of it.
    assert!(audit::sealed_day(&test, today).await.unwrap().is_none());
    let dir = tempfile::tempdir().unwrap();
    let export = audit::export_day(&test, today, dir.path()).await.unwrap();
    assert_eq!(export.rows, 2);
    assert!(matches!(audit::export_day(&test, date!(2026 - 03 - 03), dir.path()).await, Err(DbError::DayOpen { .. })));
}

#[tokio::test]
async fn plain_openssl_checks_an_exported_day_and_sees_a_changed_byte() {
    let test = a_day().await;
    test.services.register(Arc::new(City("南通市".into())));
    let dir = tempfile::tempdir().unwrap();
    let export = audit::export_day(&test, date!(2026 - 03 - 02), dir.path()).await.unwrap();
    assert_eq!(export.rows, 12);
    let check = |command: &str| {
        let output = Program::new("sh").args(["-c", command]).current_dir(dir.path()).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for command in &export.commands {
        let (fine, said) = check(command);
        assert!(fine, "{command}: {said}");
    }
    let root = std::fs::read_to_string(dir.path().join("root.txt")).unwrap();
    assert!(root.contains("city: 南通市\nday: 2026-03-02\nfirst_seq: 1\nlast_seq: 12\n"), "{root}");

    // The lines alone lead from the link before the day to its last, as the root says.
    let lines = std::fs::read_to_string(&export.lines).unwrap();
    let last = lines.lines().fold(chain::GENESIS, |last, line| chain::link(&last, &sm3::digest(line.as_bytes())));
    assert!(root.contains(&format!("final_link: {}", sm3::hex(&last))));

    std::fs::write(&export.lines, lines.replacen("核实身份", "核实身价", 1)).unwrap();
    assert!(!check(&export.commands[0]).0);
    std::fs::write(dir.path().join("root.txt"), root.replace("last_seq: 12", "last_seq: 11")).unwrap();
    assert!(!check(&export.commands[1]).0);
}

#[tokio::test]
async fn whatever_a_form_sends_is_written_and_verifies() {
    let test = testing::base(&[]).await;
    let mut work = Work::begin(&test, &test.command()).await.unwrap();
    let odd = json!({"b": 1.5e300, "a": [-0.0, u64::MAX, i64::MIN, null, "\u{0}\u{feff}\"\\\u{2028}<script>"], "": {"z": 1, "é": 2}});
    work.audit(Entry::new("test.odd", Uuid::new_v4()).purpose("nul \0 inside").detail(odd));
    work.commit().await.unwrap();
    test.chain().await;
    assert!(audit::verify(&test).await.unwrap().is_intact());
}
