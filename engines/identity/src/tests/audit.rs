//! A signed day leaves the house as an archive that anyone checks with `openssl` alone.
use std::io::Read as _;
use std::process::Command as Shell;

use jh_core::paging::PageRequest;
use time::Duration;
use time::macros::date;

use super::City;
use crate::pages::audit::commands;
use crate::pages::audit_export::pack;
use crate::store;
use crate::store::audit::Filter;

#[tokio::test]
async fn the_archive_is_checked_by_the_commands_it_brings() {
    let city = City::build().await;
    city.by("admin").await;
    city.base.advance(Duration::hours(24));
    // The clock began at 2026-03-02.
    let day = date!(2026 - 03 - 02);
    let folder = tempfile::tempdir().unwrap();
    let export = jh_db::audit::export_day(&city.base, day, folder.path()).await.unwrap();
    assert_eq!(commands(day), export.commands);
    let how = export.commands.join("\n");
    let mut archive = zip::ZipArchive::new(pack(folder.path(), &how).unwrap()).unwrap();
    let home = tempfile::tempdir().unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        std::fs::write(home.path().join(&*file.name().unwrap()), bytes).unwrap();
    }
    for command in std::fs::read_to_string(home.path().join("verify.txt")).unwrap().lines() {
        let done = Shell::new("sh").args(["-c", command]).current_dir(home.path()).output().unwrap();
        assert!(done.status.success(), "{command}: {done:?}");
    }
}

#[tokio::test]
async fn the_trail_is_read_within_the_scope() {
    let city = City::build().await;
    city.by("ga.admin").await;
    city.by("rs.clerk").await;
    let now = city.base.clock.now();
    let filter = span(now);
    let mut conn = city.base.db.read().await.unwrap();
    let page = PageRequest { page: None, size: Some(100) };
    let all = store::audit::search(&mut conn, None, &filter, page).await.unwrap();
    let ga = [city.id("NT-GA").0];
    let own = store::audit::search(&mut conn, Some(&ga), &filter, page).await.unwrap();
    assert!(own.len() < all.len() && own.iter().any(|row| row.actor_name == "公安管理员"));
    assert!(own.iter().all(|row| row.actor_name != "社保数据员"), "{own:?}");
    let begun = Filter { action: Some("identity.session".into()), actor: Some("社保数据员".into()), ..filter };
    let rows = store::audit::search(&mut conn, None, &begun, page).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["identity.session.begun"]);
    let subject = city.accounts["rs.clerk"].0;
    let of = store::audit::of_subject(&mut conn, None, subject, &Filter { actor: None, ..begun }, page).await.unwrap();
    assert_eq!(of.len(), 1);
    let hidden = store::audit::of_subject(&mut conn, Some(&ga), subject, &span(now), page).await.unwrap();
    assert!(hidden.is_empty(), "a record out of scope has no trail");
}

fn span(now: time::OffsetDateTime) -> Filter {
    Filter { actor: None, action: None, actions: Vec::new(), from_at: now - Duration::DAY, to_at: now + Duration::DAY }
}
