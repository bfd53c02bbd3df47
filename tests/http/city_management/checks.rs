//! A case that has to be looked at is always in somebody's list, and what the pages call things is what they do.
use jh_tests::Browser;
use serde_json::json;

use crate::casework::{PIXEL, act, seen};
use crate::city_management_cases::{HERE, HOLDER, PAGE, PATROL, Streets, resolved};

const CHECKS: &str = "/city_management/checks";

/// From now on nobody walks the one grid; its officers still walk, elsewhere.
async fn nobody_walks_here(streets: &Streets) {
    sqlx::query("UPDATE city_management.officer_grid_member SET ends_at = now()")
        .execute(streets.city.base.db.pool())
        .await
        .expect("no members");
}

/// A case of an officer that waits to be inspected: its id and number.
async fn waiting(streets: &Streets) -> (String, String) {
    let police = streets.city.staff("NT-GA", HOLDER).await;
    let made = streets.reported("event-0506").await;
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (id, number) = (text("case_id"), text("number"));
    resolved(streets, &police, &id).await;
    (id, number)
}

async fn lists(browser: &Browser, page: &str, number: &str) -> bool {
    browser.get(page).await.expect(200).text.contains(number)
}

#[tokio::test]
async fn what_nobody_walks_by_is_in_the_centres_list_until_an_officer_is_sent_and_then_in_his() {
    let streets = Streets::of().await;
    let (id, number) = waiting(&streets).await;
    assert!(!lists(&streets.centre, CHECKS, &number).await, "where an officer walks, nobody has to be sent");
    nobody_walks_here(&streets).await;
    assert!(!lists(&streets.officer, PAGE, &number).await);
    let page = streets.centre.get(CHECKS).await.expect(200).text;
    assert!(page.contains(&number) && page.contains("还没有人"), "the case is in nobody's list");
    assert!(lists(&streets.centre, "/workbench", &number).await, "the centre's to-do list does not say so");
    let elsewhere = streets.city.staff("NT-GS", &["city_management.check.manage"]).await;
    assert!(!lists(&elsewhere, CHECKS, &number).await, "another organisation sees the centre's list");
    elsewhere.submit(CHECKS, CHECKS, &[("case", &id), ("officer", "reporter")]).await.expect(422);

    streets.centre.submit(CHECKS, CHECKS, &[("officer", "reporter")]).await.expect(422);
    let reporter_only =
        streets.city.account("collector", "NT-XXZX", "NT-XXZX", &["city_management.patrol.report"]).await;
    let refused = [("case", id.as_str()), ("officer", &reporter_only.to_string())];
    let refused = streets.centre.submit(CHECKS, CHECKS, &refused).await.expect(422);
    assert!(refused.text.contains("派了他也看不到"), "somebody is sent who would not see it");
    streets.centre.submit(CHECKS, CHECKS, &[("case", &id), ("officer", "reporter")]).await.expect(303);
    assert!(lists(&streets.officer, PAGE, &number).await, "who was sent has it not in his list");
    let other = streets.city.staff_scoped("NT-XXZX", "NT-XXZX", PATROL).await;
    assert!(!lists(&other, PAGE, &number).await);
    let task = format!("{PAGE}/tasks/{id}");
    other.upload(PAGE, &task, &[("finding", "yes")], ("a.png", PIXEL.to_vec())).await.expect(404);
    streets.officer.upload(PAGE, &task, &[("finding", "yes")], ("a.png", PIXEL.to_vec())).await.expect(303);
    act(&streets.centre, &id, "closure", json!({})).await.expect(200);
    assert!(!lists(&streets.centre, CHECKS, &number).await);
}

#[tokio::test]
async fn who_walks_by_and_may_not_inspect_is_nobody() {
    let streets = Streets::of().await;
    let (_, number) = waiting(&streets).await;
    sqlx::query("DELETE FROM identity.role_permission WHERE permission = 'casework.case.inspect'")
        .execute(streets.city.base.db.pool())
        .await
        .expect("no inspectors");
    assert!(lists(&streets.centre, CHECKS, &number).await, "the case is in nobody's list");
}

#[tokio::test]
async fn the_centre_inspects_itself_with_a_photo_and_calls_nobody_back_who_does_not_wait() {
    let streets = Streets::of().await;
    let (id, _) = waiting(&streets).await;
    nobody_walks_here(&streets).await;
    let case = format!("/casework/cases/{id}");
    let page = streets.centre.get(&case).await.expect(200).text;
    assert!(!page.contains("callback_solved"), "a callback is offered where nobody waits for one");
    assert!(page.contains(CHECKS), "the page does not lead to where somebody is sent");
    let refused = act(&streets.centre, &id, "callback_solved", json!({})).await.expect(409).json();
    assert_eq!(refused["code"], "casework-nobody-awaits");
    let (form, to) = (format!("{case}/inspection_passed"), format!("{case}/inspection_passed/photo"));
    let bare = streets.centre.upload(&form, &to, &[("note", "现场已恢复")], ("", Vec::new())).await.expect(422);
    assert!(bare.text.contains("照片"));
    streets.centre.upload(&form, &to, &[("note", "现场已恢复")], ("a.png", PIXEL.to_vec())).await.expect(303);
    act(&streets.centre, &id, "closure", json!({})).await.expect(200);
}

#[tokio::test]
async fn what_was_found_right_leaves_the_officers_list_at_once_and_comes_back_when_it_is_done_again() {
    let streets = Streets::of().await;
    let (id, number) = waiting(&streets).await;
    assert!(lists(&streets.officer, PAGE, &number).await);
    let task = format!("{PAGE}/tasks/{id}");
    streets.officer.upload(PAGE, &task, &[("finding", "yes")], ("a.png", PIXEL.to_vec())).await.expect(303);
    assert!(!lists(&streets.officer, PAGE, &number).await, "it is still among what is to be looked at");
    streets.city.work().await;
    assert!(!lists(&streets.officer, PAGE, &number).await);
    let again = streets.officer.upload(PAGE, &task, &[("finding", "yes")], ("", Vec::new())).await.expect(409);
    assert!(again.text.contains("已经不用核实或核查"));
    let police = streets.city.staff("NT-GA", HOLDER).await;
    act(&streets.officer, &id, "inspection_failed", json!({ "note": "第二天又停了三辆" })).await.expect(200);
    act(&police, &id, "result", json!({ "answer": "已拖移", "outcome": "solved" })).await.expect(200);
    act(&streets.centre, &id, "acceptance", json!({})).await.expect(200);
    streets.city.work().await;
    assert!(lists(&streets.officer, PAGE, &number).await, "it has to be looked at again");
}

#[tokio::test]
async fn who_gives_a_case_back_has_earned_nothing_by_that() {
    let streets = Streets::of().await;
    let (police, business) = (streets.city.staff("NT-GA", HOLDER).await, streets.city.staff("NT-GS", HOLDER).await);
    let made = streets.reported("event-0506").await;
    let id = made["case_id"].as_str().expect("an id");
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    let to = streets.city.organisation("NT-GS").await;
    act(&streets.centre, id, "dispatch", json!({ "organisation": to })).await.expect(200);
    act(&business, id, "return", json!({ "note": "不属于本单位职责" })).await.expect(200);
    let to = streets.city.organisation("NT-GA").await;
    act(&streets.centre, id, "dispatch", json!({ "organisation": to })).await.expect(200);
    act(&police, id, "result", json!({ "answer": "已处理", "outcome": "solved" })).await.expect(200);
    streets.city.run_scheduled("casework.count").await;
    let reader = streets.city.staff("NT-XXZX", &["city_management.appraisal.read"]).await;
    let table = reader.get("/city_management/appraisal.csv?by=organisation").await.expect(200).text;
    let counts: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split_once(',').map(|(_, all)| all)).collect();
    // Dispatched, in time, late, returned.
    assert!(counts.iter().any(|all| all.starts_with("0,0,1,0,0,1,")), "{table}");
    assert!(counts.iter().any(|all| all.starts_with("0,0,1,1,0,0,")), "{table}");
}

#[tokio::test]
async fn each_stage_calls_its_acts_by_what_they_do_and_the_class_names_who_answers() {
    let streets = Streets::of().await;
    let police = streets.city.staff("NT-GA", HOLDER).await;
    let holder = streets.city.organisation("NT-GA").await;
    sqlx::query(
        "UPDATE city_management.category_version SET organisation_id = $1 WHERE kind = 'event' AND code = '0506'",
    )
    .bind(holder)
    .execute(streets.city.base.db.pool())
    .await
    .expect("an answerable organisation");
    let made = streets.reported("event-0506").await;
    let id = made["case_id"].as_str().expect("an id");
    let case = format!("/casework/cases/{id}");
    for words in [">核实属实</button>", ">立案</button>"] {
        let page = streets.centre.get(&case).await.expect(200).text;
        assert!(page.contains(words), "the button does not say {words}");
        act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    }
    let form = streets.centre.get(&format!("{case}/dispatch")).await.expect(200).text;
    assert!(
        form.contains("value=\"南通市公安局\" list") && form.contains("责任单位"),
        "who answers is not in the form"
    );
    act(&streets.centre, id, "dispatch", json!({ "organisation": holder })).await.expect(200);
    act(&police, id, "return", json!({ "note": "不属于本单位职责" })).await.expect(200);
    let form = streets.centre.get(&format!("{case}/dispatch")).await.expect(200).text;
    assert!(form.contains("value=\"\" list"), "who has given it back is offered it again");
}

#[tokio::test]
async fn a_report_is_called_by_its_class_and_place_and_staff_see_the_officer_who_made_it() {
    let streets = Streets::of().await;
    let fields = [("lon", HERE.0), ("lat", HERE.1), ("category", "event-0505"), ("anyway", "yes")];
    let mut titles = Vec::new();
    for more in
        [[("note", ""), ("address", "")], [("note", "水果摊占住半条慢车道，行人绕行"), ("address", "青年中路 88 号")]]
    {
        let sent =
            streets.officer.upload(PAGE, PAGE, &[&fields[..], &more].concat(), ("", Vec::new())).await.expect(303);
        let number = sent.location.expect("a page").rsplit('=').next().expect("a number").to_owned();
        let row: (uuid::Uuid, String) = sqlx::query_as("SELECT case_id, title FROM casework.v_case WHERE number = $1")
            .bind(&number)
            .fetch_one(streets.city.base.db.pool())
            .await
            .expect("the case");
        titles.push(row);
    }
    assert_eq!(titles[0].1, "占道经营·崇川区 1 号网格");
    assert_eq!(titles[1].1, "占道经营 水果摊占住半条慢车道·青年中路 88 号");
    let id = titles[0].0.to_string();
    let page = streets.centre.get(&format!("/casework/cases/{id}")).await.expect(200).text;
    assert!(page.contains("（信息采集员）") && !page.contains("匿名"), "staff do not see who reported it");
    assert_eq!(seen(&streets.centre, &id).await["title"], "占道经营·崇川区 1 号网格");
}

#[tokio::test]
async fn what_a_phone_keeps_of_the_page_holds_nobodys_case() {
    let streets = Streets::of().await;
    let (_, number) = waiting(&streets).await;
    assert!(lists(&streets.officer, PAGE, &number).await);
    let kept = streets.officer.get(&format!("{PAGE}?shell=1")).await.expect(200).text;
    assert!(!kept.contains(&number) && kept.contains(" shell"), "a case would lie on the phone");
    let worker = streets.officer.get("/city_management/worker.js").await.expect(200);
    assert!(worker.text.starts_with("importScripts(\"/assets/worker"), "{}", worker.text);
    let bare = streets.city.staff("NT-GS", HOLDER).await;
    bare.get("/city_management/worker.js").await.expect(403);
}
