//! What somebody who reports, follows or stands beside must not learn or do: held reports, confidential ones, other people's answers.
use jh_tests::{Answer, Browser, City};
use serde_json::json;

use crate::casework::{ABOVE, CENTRE, HOLDER, PIXEL, act, post, seen};
use crate::hotline_public::{NAMED, cases, number, opened, reported, send, to_check};

const ABUSE: &str = "你们这帮王八蛋，路坏了没人修，去人民中路看看";

/// A report that is held: its private address and number.
async fn held(walker: &Browser) -> (String, String) {
    let check = to_check(walker, ABUSE, NAMED).await;
    let path = send(walker, &check).await.expect(303).location.expect("a receipt");
    let receipt = walker.get(&path).await.expect(200);
    (path.split('?').next().expect("an address").to_owned(), number(&receipt))
}

async fn id_of(centre: &Browser, number: &str) -> String {
    let all = cases(centre).await;
    let one = all.iter().find(|case| case["number"] == number).expect("the case");
    one["case_id"].as_str().expect("an id").to_owned()
}

async fn is_public(number: &str, anybody: &Browser) -> bool {
    let page = anybody.get(&format!("/reports/{number}")).await.status;
    let map = anybody.get("/reports/places.geojson").await.expect(200).text.contains(number);
    assert_eq!(page == 200, map, "page and map disagree about {number}");
    map
}

fn acts_of(link: &str, act: &str) -> String {
    format!("{link}/acts/{act}")
}

#[tokio::test]
async fn what_was_held_is_nobodys_to_see_whatever_becomes_of_it_until_a_person_releases_it() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let anybody = Browser::open(city.address);
    let (link, withdrawn) = held(&anybody).await;
    anybody.submit(&link, &acts_of(&link, "withdrawal"), &[]).await.expect(303);
    assert!(!is_public(&withdrawn, &anybody).await, "a held report is public once its reporter took it back");
    anybody.submit(&link, &acts_of(&link, "reopening"), &[("note", "还是要办的")]).await.expect(303);
    assert!(!is_public(&withdrawn, &anybody).await, "a held report is public once its reporter reopened it");
    let (_, rejected) = held(&anybody).await;
    let id = id_of(&centre, &rejected).await;
    act(&centre, &id, "rejection", json!({ "note": "没有具体诉求" })).await.expect(200);
    assert!(!is_public(&rejected, &anybody).await, "a held report is public once it was rejected");
    let (_, released) = held(&anybody).await;
    let id = id_of(&centre, &released).await;
    act(&centre, &id, "release", json!({})).await.expect(200);
    assert!(is_public(&released, &anybody).await, "a released report is not public");
}

#[tokio::test]
async fn a_held_report_is_not_offered_as_a_like_one() {
    let city = City::found().await;
    opened(&city).await;
    let anybody = Browser::open(city.address);
    let (_, number) = held(&anybody).await;
    // The walk to the last page passes the question whether it is the same, where there is any.
    let check = to_check(&anybody, "人民中路路面塌陷有一个大坑", NAMED).await;
    assert!(!check.text.contains(&number));
    assert!(!anybody.get("/reports").await.expect(200).text.contains(&number));
}

#[tokio::test]
async fn who_only_follows_reads_no_answer_that_was_not_published_and_nothing_once_it_is_hidden() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let id = id_of(&centre, &number).await;
    let neighbour = city.staff("NT-GS", &[]).await;
    let public = format!("/reports/{number}");
    neighbour.submit(&public, &format!("{public}/followers"), &[]).await.expect(303);
    act(&centre, &id, "answer", json!({ "answer": "已电话联系139 1234 5678的王先生说明情况" })).await.expect(200);
    let mine = format!("/my/reports/{id}");
    assert!(walker.get(&link).await.expect(200).text.contains("已电话联系"));
    assert!(!neighbour.get(&mine).await.expect(200).text.contains("已电话联系"), "a follower reads the answer");
    act(&centre, &id, "publication", json!({ "shown": "words" })).await.expect(200);
    let published = neighbour.get(&mine).await.expect(200).text;
    assert!(published.contains("已电话联系") && !published.contains("1234 5678"));
    act(&centre, &id, "publication", json!({ "shown": "nothing" })).await.expect(200);
    neighbour.get(&mine).await.expect(404);
    assert!(!neighbour.get("/my/reports").await.expect(200).text.contains(&mine));
    assert!(walker.get(&link).await.expect(200).text.contains("已电话联系"));
}

#[tokio::test]
async fn who_is_joined_to_a_case_rates_it_and_its_reporter_withdraws_for_himself_only() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let (first, second) = (Browser::open(city.address), Browser::open(city.address));
    let ((one, kept), (other, gone)) = (reported(&first).await, reported(&second).await);
    let (kept, gone) = (id_of(&centre, &kept).await, id_of(&centre, &gone).await);
    let merger = format!("/api/casework/cases/{gone}/merger");
    post(&centre, &merger, json!({ "into": kept, "note": "同一处塌陷" })).await.expect(204);
    second.submit("/report", &acts_of(&other, "withdrawal"), &[]).await.expect(422);
    first.submit(&one, &acts_of(&one, "withdrawal"), &[]).await.expect(303);
    let case = seen(&centre, &kept).await;
    assert_eq!(case["closed"], false, "one reporter's withdrawal closed everybody's case");
    first.submit("/report", &acts_of(&one, "rating"), &[("stars", "1")]).await.expect(404);
    act(&centre, &kept, "answer", json!({ "answer": "已修复" })).await.expect(200);
    second.submit(&other, &acts_of(&other, "rating"), &[("stars", "4")]).await.expect(303);
    assert_eq!(seen(&centre, &kept).await["stars"], 4);
}

#[tokio::test]
async fn a_case_is_rated_once_for_each_closing() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "answer", json!({ "answer": "已修复" })).await.expect(200);
    let rating = acts_of(&link, "rating");
    walker.submit(&link, &rating, &[("stars", "5")]).await.expect(303);
    assert!(!walker.get(&link).await.expect(200).text.contains(&rating), "the form stands there still");
    walker.submit(&link, &rating, &[("stars", "1")]).await.expect(422);
    walker.submit(&link, &acts_of(&link, "reopening"), &[("note", "坑还在，只补了一半")]).await.expect(303);
    city.base.advance(time::Duration::hours(1));
    act(&centre, &id, "answer", json!({ "answer": "已全部修复" })).await.expect(200);
    walker.submit(&link, &rating, &[("stars", "3")]).await.expect(303);
    let counted: Vec<(String, i64)> = sqlx::query_as(
        "SELECT measure, sum(n)::bigint FROM casework.count_delta WHERE measure LIKE 'stars.%'
         GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1",
    )
    .fetch_all(city.base.db.pool())
    .await
    .expect("counts");
    assert_eq!(counted, [("stars.3".to_owned(), 1)], "a case counts once");
    // What was withdrawn is not rated.
    let (link, _) = reported(&walker).await;
    walker.submit(&link, &acts_of(&link, "withdrawal"), &[]).await.expect(303);
    walker.submit(&link, &acts_of(&link, "rating"), &[("stars", "1")]).await.expect(422);
}

#[tokio::test]
async fn a_split_leaves_the_reporter_his_case_and_a_part_tells_no_more_than_the_whole() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "publication", json!({ "shown": "nothing" })).await.expect(200);
    let form = format!("/casework/cases/{id}/split");
    let part = [("title", "路灯不亮"), ("description", "同一路口路灯也不亮，请路灯所处理"), ("note", "不是一件事")];
    centre.submit(&form, &form, &part).await.expect(303);
    assert!(walker.get(&link).await.expect(200).text.contains(&number), "the link leads elsewhere after a split");
    let part = cases(&centre).await[0]["number"].as_str().expect("a number").to_owned();
    assert_ne!(part, number);
    assert!(!is_public(&part, &walker).await, "a part of what is hidden is public");
    walker.submit(&link, &acts_of(&link, "withdrawal"), &[]).await.expect(303);
}

#[tokio::test]
async fn a_confidential_report_is_shown_to_nobody_by_whatever_way_it_came() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let report = json!({
        "kind": "hotline.request", "category": "noise", "description": "楼上夜间扰民", "address": "学田北苑12幢301室",
        "place": { "lon": 120.86, "lat": 32.01 }, "name": "王小明", "phone": "13912345678", "confidential": true,
    });
    let made = post(&centre, "/api/casework/cases", report).await.expect(201).json();
    assert!(!is_public(made["number"].as_str().expect("a number"), &Browser::open(city.address)).await);
}

#[tokio::test]
async fn beside_a_call_stands_only_what_the_agent_may_see() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let (_, number) = reported(&Browser::open(city.address)).await;
    let said = [("description", "人民中路路面塌陷"), ("category", "road-damage")];
    let placed = [&said[..], &[("point", "120.86,32.01")]].concat();
    let agent = city.staff("NT-XXZX", &[CENTRE, &["hotline.desk.use", "hotline.knowledge.read"]].concat()).await;
    let elsewhere = city.staff("NT-GA", &["hotline.desk.use", "hotline.knowledge.read", "casework.case.read"]).await;
    for said in [&said[..], &placed] {
        let beside = async |who: &Browser| {
            who.submit("/hotline/desk", "/hotline/desk/beside", said).await.expect(200).text.contains(&number)
        };
        assert!(beside(&agent).await, "the agent is not told of it: {said:?}");
        assert!(!beside(&elsewhere).await, "another office is told of it: {said:?}");
    }
    drop(centre);
}

#[tokio::test]
async fn a_photo_that_comes_later_is_public_only_once_somebody_published_it() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "publication", json!({ "shown": "words" })).await.expect(200);
    let sent = walker.upload(&link, &format!("{link}/photos"), &[("note", "")], ("b.png", PIXEL.to_vec())).await;
    sent.expect(303);
    let public = format!("/reports/{number}");
    let photos = |page: Answer| page.text.matches(&format!("{public}/photos/")).count();
    assert_eq!(photos(walker.get(&public).await.expect(200)), 0, "nobody has looked at it yet");
    act(&centre, &id, "publication", json!({ "shown": "words" })).await.expect(200);
    assert!(photos(walker.get(&public).await.expect(200)) > 0);
    // What is over takes no photo, and looks at none.
    walker.submit(&link, &acts_of(&link, "withdrawal"), &[]).await.expect(303);
    let late =
        walker.upload(&link, &format!("{link}/photos"), &[("note", "")], ("c.jpg", b"no picture".to_vec())).await;
    assert!(!late.expect(422).text.contains("不是能识别的照片"), "the photo was looked at before the case was");
}

#[tokio::test]
async fn what_a_device_wrote_into_a_photo_is_for_the_centre_and_not_for_the_holder() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let police = city.staff("NT-GA", HOLDER).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let sent = walker.upload(&link, &format!("{link}/photos"), &[("note", "")], ("b.png", PIXEL.to_vec())).await;
    sent.expect(303);
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "dispatch", json!({ "organisation": city.organisation("NT-GA").await })).await.expect(200);
    let page = police.get(&format!("/casework/cases/{id}")).await.expect(200).text;
    let start = page.find(&format!("/casework/cases/{id}/photos/")).expect("a photo");
    let photo = page[start..].split('"').next().expect("an address").rsplit_once('/').expect("a size").0.to_owned();
    police.get(&format!("{photo}/shown")).await.expect(200);
    police.get(&format!("{photo}/original")).await.expect(403);
    centre.get(&format!("{photo}/original")).await.expect(200);
}

#[tokio::test]
async fn an_answers_remark_is_for_colleagues() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let id = id_of(&centre, &number).await;
    let answer = json!({ "answer": "已通知养护单位", "note": "此人多次来电，注意措辞" });
    act(&centre, &id, "answer", answer).await.expect(200);
    let page = walker.get(&link).await.expect(200).text;
    assert!(page.contains("已通知养护单位") && !page.contains("注意措辞"));
    assert!(centre.get(&format!("/casework/cases/{id}")).await.expect(200).text.contains("注意措辞"));
}

#[tokio::test]
async fn who_stands_above_the_holder_alone_decides_nothing_in_its_matter() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let (police, head) = (city.staff("NT-GA", HOLDER).await, city.staff("NT-GA", ABOVE).await);
    let (_, number) = reported(&Browser::open(city.address)).await;
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "dispatch", json!({ "organisation": city.organisation("NT-GA").await })).await.expect(200);
    act(&police, &id, "signing", json!({})).await.expect(200);
    let ask = json!({ "note": "需要开挖检测", "limit": "handling", "amount": 3, "unit": "working_day" });
    act(&police, &id, "extension_asked", ask.clone()).await.expect(200);
    act(&head, &id, "extension_granted", json!({})).await.expect(404);
    act(&police, &id, "return", json!({ "note": "道路养护不属于公安职责" })).await.expect(200);
    let away = json!({ "organisation": city.organisation("NT-GS").await, "note": "由工商局牵头" });
    act(&head, &id, "redirection", away.clone()).await.expect(404);
    // What was asked for by the last holder is nothing to the next one.
    act(&centre, &id, "redirection", away.clone()).await.expect(422);
    let business = city.staff("NT-GS", HOLDER).await;
    act(&centre, &id, "redirection", away).await.expect(200);
    act(&business, &id, "signing", json!({})).await.expect(200);
    act(&centre, &id, "extension_granted", json!({})).await.expect(409);
    for _ in 0..2 {
        act(&business, &id, "extension_asked", ask.clone()).await.expect(200);
        act(&centre, &id, "extension_granted", json!({})).await.expect(200);
    }
    act(&business, &id, "extension_asked", ask).await.expect(409);
}

#[tokio::test]
async fn calls_that_reach_nobody_are_half_an_hour_apart() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let police = city.staff("NT-GA", HOLDER).await;
    let (_, number) = reported(&Browser::open(city.address)).await;
    let id = id_of(&centre, &number).await;
    act(&centre, &id, "dispatch", json!({ "organisation": city.organisation("NT-GA").await })).await.expect(200);
    act(&police, &id, "signing", json!({})).await.expect(200);
    act(&police, &id, "result", json!({ "answer": "已修复", "outcome": "solved" })).await.expect(200);
    for _ in 0..3 {
        act(&centre, &id, "callback_unreached", json!({})).await.expect(200);
        act(&centre, &id, "callback_unreached", json!({})).await.expect(409);
        city.base.advance(time::Duration::minutes(31));
    }
    act(&centre, &id, "closure", json!({})).await.expect(200);
}
