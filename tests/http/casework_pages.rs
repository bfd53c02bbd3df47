//! What the pages of cases offer, to whom, and what they say afterwards.
use jh_tests::{Browser, City};
use serde_json::json;

use crate::casework::{CENTRE, HOLDER, People, act, reported, seen};

async fn with_police(city: &City, people: &People) -> String {
    let id = reported(&people.centre).await;
    let police = city.organisation("NT-GA").await;
    act(&people.centre, &id, "dispatch", json!({ "organisation": police })).await.expect(200);
    act(&people.police, &id, "signing", json!({})).await.expect(200);
    id
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.expect(200).text
}

async fn waits_for(browser: &Browser, id: &str) -> bool {
    let (home, inbox) = (text(browser, "/workbench").await, text(browser, "/casework/inbox").await);
    assert_eq!(home.contains(id), inbox.contains(id), "home and inbox do not say the same of {id}");
    inbox.contains(id)
}

#[tokio::test]
async fn what_waits_for_somebody_is_what_he_can_do_something_about_where_he_works() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    // Both may accept it; but one of them works elsewhere, and may only step in.
    let elsewhere = city.staff_scoped("NT-GS", "NT", CENTRE).await;
    let handler = city.staff("NT-XXZX", HOLDER).await;
    assert!(waits_for(&people.centre, &id).await);
    assert!(!waits_for(&elsewhere, &id).await, "it waits for somebody who works elsewhere");
    assert!(!waits_for(&handler, &id).await, "it waits for somebody who has no act in this stage");
    let police = city.organisation("NT-GA").await;
    act(&people.centre, &id, "dispatch", json!({ "organisation": police })).await.expect(200);
    assert!(!waits_for(&people.centre, &id).await, "it waits for the centre while the holder has it");
    assert!(waits_for(&people.police, &id).await);
    // A return is for who arbitrates, too.
    act(&people.police, &id, "return", json!({ "note": "不属于公安职责" })).await.expect(200);
    assert!(waits_for(&people.above, &id).await && waits_for(&people.centre, &id).await);
}

#[tokio::test]
async fn a_home_that_cannot_show_all_says_how_many_there_are() {
    let city = City::found().await;
    let people = People::of(&city).await;
    for _ in 0..22 {
        reported(&people.centre).await;
    }
    let home = text(&people.centre, "/workbench").await;
    assert!(home.contains("待办案件共 22 件"), "{home}");
}

#[tokio::test]
async fn more_time_is_decided_on_only_where_somebody_asked_and_beside_what_was_asked() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = with_police(&city, &people).await;
    let case = format!("/casework/cases/{id}");
    let (grant, reply) = (format!("{case}/extension_granted"), format!("{case}/supervision_reply"));
    let before = text(&people.centre, &case).await;
    assert!(!before.contains(&grant) && !before.contains(&reply), "an answer is offered to what nobody asked");
    let ask = json!({ "note": "需要开挖检测", "limit": "handling", "amount": 3, "unit": "working_day" });
    act(&people.police, &id, "extension_asked", ask).await.expect(200);
    let asked = text(&people.centre, &case).await;
    assert!(asked.contains(&grant) && asked.contains("申请把“办理”时限延长 3 个工作日：需要开挖检测"), "{asked}");
    assert!(!asked.contains("handling"), "a code stands on the page");
    let own = text(&people.police, &case).await;
    assert!(!own.contains(&format!("{case}/extension_asked")), "what is asked already can be asked again");
    let waiting = text(&people.centre, "/casework/inbox?tab=asked").await;
    assert!(waiting.contains(&id) && waiting.contains("延期待审批"));
    assert!(text(&people.centre, "/workbench").await.contains("延期待审批"));
    assert!(text(&people.police, "/casework/inbox").await.contains("延期待审批"), "the line has no sign");
    people.centre.submit(&case, &grant, &[]).await.expect(303);
    assert!(!text(&people.centre, &case).await.contains(&grant), "it is decided, and still offered");
    assert!(!text(&people.centre, "/casework/inbox?tab=asked").await.contains(&id));
    act(&people.above, &id, "supervision", json!({ "note": "群众多次反映，请抓紧" })).await.expect(200);
    let supervised = text(&people.police, &case).await;
    assert!(supervised.contains(&reply) && supervised.contains("群众多次反映，请抓紧"));
    assert!(text(&people.police, "/casework/inbox?tab=asked").await.contains("督办待答复"));
}

#[tokio::test]
async fn a_case_is_split_by_who_may_take_reports_in_and_each_part_says_what_it_is_about() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    let (case, form) = (format!("/casework/cases/{id}"), format!("/casework/cases/{id}/split"));
    let leads = city.staff("NT-XXZX", &["casework.case.read", "casework.case.manage"]).await;
    assert!(!text(&leads, &case).await.contains(&form), "splitting is offered to who may not");
    leads.get(&form).await.expect(403);
    let fields = [
        ("title", "路灯不亮"),
        ("description", "路口东侧路灯三天不亮"),
        ("category", "street-light"),
        ("note", "两件事"),
    ];
    let short = people.centre.submit(&form, &form, &fields).await.expect(422).text;
    assert!(short.contains("请写明理由或说明，至少 4 个字") && short.contains("路口东侧路灯三天不亮"), "{short}");
    let fields = [&fields[..3], &[("note", "来电说了两件事")]].concat();
    let made = people.centre.submit(&form, &form, &fields).await.expect(303).location.expect("the part");
    let part = text(&people.centre, &made).await;
    assert!(part.contains("路口东侧路灯三天不亮") && part.contains("已拆分"), "{part}");
    assert_eq!(seen(&people.centre, &id).await["category"], "road-damage");
}

#[tokio::test]
async fn an_act_is_confirmed_and_who_comes_late_is_told_what_happened() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    let (case, form) = (format!("/casework/cases/{id}"), format!("/casework/cases/{id}/dispatch"));
    let several = people.centre.submit(&form, &form, &[("organisation", "南通市")]).await.expect(422).text;
    assert!(several.contains("个单位符合，请选择一个") && !several.contains("没有找到"), "{several}");
    let done = people.centre.submit(&form, &form, &[("organisation", "南通市公安局")]).await.expect(303);
    let after = text(&people.centre, &done.location.expect("the case")).await;
    assert!(after.contains("已派单") && after.contains("案件现在：待签收，由 南通市公安局 办理"), "{after}");
    let forged = text(&people.centre, &format!("{case}?done=closure")).await;
    assert!(!forged.contains("已结案"), "an address says what nobody did");
    let revision = seen(&people.police, &id).await["revision"].to_string();
    act(&people.police, &id, "signing", json!({})).await.expect(200);
    let back = format!("{case}/return");
    let fields = [("revision", revision.as_str()), ("note", "道路养护不属于公安职责")];
    let late = people.police.submit(&back, &back, &fields).await.expect(422).text;
    for words in ["查看最新情况", "已签收", "道路养护不属于公安职责"] {
        assert!(late.contains(words), "the form does not say {words}");
    }
}

#[tokio::test]
async fn a_spreadsheet_names_the_kind_and_has_its_code_beside() {
    let city = City::found().await;
    let people = People::of(&city).await;
    reported(&people.centre).await;
    let sheet = text(&people.centre, "/casework/cases.csv").await;
    assert!(sheet.contains("案件类型,案件类型代码") && sheet.contains("12345 热线诉求,hotline.request"), "{sheet}");
}

#[tokio::test]
async fn lists_of_an_english_page_are_in_english_where_there_are_names() {
    let city = City::found().await;
    let people = People::of(&city).await;
    reported(&people.centre).await;
    people.centre.get("/preferences?lang=en&back=/workbench").await.expect(303);
    let home = text(&people.centre, "/workbench").await;
    assert!(home.contains("To be accepted"), "the stage is not in English");
    let inbox = text(&people.centre, "/casework/inbox").await;
    assert!(inbox.contains("To be accepted") && !inbox.contains(">道路破损"), "{inbox}");
}
