//! Searching, reading one record, and reading a sensitive value in clear.
use uuid::Uuid;

use super::{Desk, insurance, police};
use crate::permission::{REVEAL, SEARCH, STATISTICS};
use crate::tests::{City, citizen_id, people};

async fn filled() -> City {
    let city = City::new().await;
    city.deliver(city.police, &people(0, 30)).await;
    city
}

async fn first_record(desk: &Desk) -> String {
    let answer = desk.post("/registry/people/search", &[("id_number", &citizen_id(0))]).await.expect(303);
    answer.leads_to().to_owned()
}

#[tokio::test]
async fn a_number_leads_to_its_record_and_never_stands_in_an_address_or_a_list() {
    let city = filled().await;
    let desk = police(&city);
    let path = first_record(&desk).await;
    assert!(path.starts_with("/registry/people/") && !path.contains(&citizen_id(0)), "{path}");
    let record = desk.get(&path).await.expect(200);
    record.has("公安局").has("唯一来源").has("3206***********").lacks(&citizen_id(0)).lacks("人民路0号");
    let list = desk.post("/registry/people/search", &[("phone", "13810000000")]).await.expect(303);
    assert!(list.leads_to().contains("phone_key=") && !list.leads_to().contains("13810000000"));
    desk.get(list.leads_to()).await.expect(200).has(&path).lacks("13810000000").lacks(&citizen_id(0));
    let nobody = desk.post("/registry/people/search", &[("id_number", &citizen_id(900))]).await.expect(303);
    desk.get(nobody.leads_to()).await.expect(200).has("没有找到");
}

#[tokio::test]
async fn a_search_says_what_it_needs() {
    let city = filled().await;
    let desk = police(&city);
    let search = "/registry/people/search";
    desk.post(search, &[]).await.expect(422).has("至少一项");
    desk.post(search, &[("name", "王")]).await.expect(422).has("至少填两个字");
    desk.post(search, &[("id_number", "123")]).await.expect(422).has("18 位").lacks("value=\"123\"");
    desk.post(search, &[("phone", "12")]).await.expect(422).has("完整的手机号");
    desk.get("/registry/organisations?code=123").await.expect(422).has("统一社会信用代码");
    desk.get("/registry/people").await.expect(200).has("请输入要查找的人").lacks("王伟");
    let found = desk.post(search, &[("name", "王伟")]).await.expect(303);
    desk.get(found.leads_to()).await.expect(200).has("王伟");
}

#[tokio::test]
async fn old_division_codes_are_found_under_the_county_of_today() {
    let city = City::new().await;
    let text = format!("姓名,身份证号,居住地区划\n王伟,{},320602\n李芳,{},320611\n", citizen_id(0), citizen_id(1));
    city.deliver(city.police, &text).await;
    let desk = police(&city);
    desk.get("/registry/people?division=320613").await.expect(200).has("王伟").has("李芳");
    let map = desk.get("/registry/map.geojson").await.expect(200);
    assert_eq!(map.headers["content-type"], "application/geo+json");
    let document: serde_json::Value = serde_json::from_str(&map.text).unwrap();
    let features = document["features"].as_array().unwrap();
    let chongchuan = features.iter().find(|feature| feature["id"] == "320613").unwrap();
    assert_eq!(chongchuan["properties"]["population"], 2);
    desk.get("/registry/map").await.expect(200).has("jh-map").has("division=320613");
}

#[tokio::test]
async fn the_map_leads_to_the_rows_of_its_measure_and_offers_nothing_to_who_may_not_search() {
    let city = filled().await;
    let links = async |desk: &Desk, measure: &str| {
        let map = desk.get(&format!("/registry/map.geojson?measure={measure}")).await.expect(200);
        let document: serde_json::Value = serde_json::from_str(&map.text).unwrap();
        document["features"][0]["properties"]["href"].clone()
    };
    let reader = Desk::of(&city, city.police, city.police, &[STATISTICS]);
    assert!(links(&reader, "population").await.is_null());
    reader.get("/registry/map").await.expect(200).lacks("/registry/people").lacks("/registry/organisations");
    let desk = police(&city);
    assert_eq!(links(&desk, "population").await, "/registry/people?division=320612");
    assert_eq!(links(&desk, "enterprises").await, "/registry/organisations?division=320612");
}

#[tokio::test]
async fn a_department_that_never_spoke_of_a_person_does_not_find_them() {
    let city = filled().await;
    let path = first_record(&police(&city)).await;
    let other = insurance(&city);
    other.get(&path).await.expect(404);
    let absent = other.post("/registry/people/search", &[("id_number", &citizen_id(0))]).await.expect(303);
    assert_eq!(absent.leads_to(), "/registry/people?absent=1");
    other.get("/registry/people?name=%E7%8E%8B%E4%BC%9F").await.expect(200).has("没有找到");
}

#[tokio::test]
async fn a_value_is_shown_in_clear_once_with_a_purpose_and_the_audit_says_so() {
    let city = filled().await;
    let desk = police(&city);
    let path = first_record(&desk).await;
    let reveal = format!("{path}/revelation");
    let short = desk.post(&reveal, &[("column", "citizen_id"), ("purpose", "看看")]).await.expect(422);
    short.has("至少四个字").lacks(&citizen_id(0));
    assert_eq!(city.count("SELECT count(*) FROM db.audit WHERE action = 'registry.record.revealed'").await, 0);
    let shown = desk.post(&reveal, &[("column", "citizen_id"), ("purpose", "办理低保复核")]).await.expect(200);
    assert_eq!(shown.headers["cache-control"], "no-store");
    shown.has(&citizen_id(0)).has("办理低保复核");
    let audited = "SELECT count(*) FROM db.audit WHERE action = 'registry.record.revealed' AND purpose = '办理低保复核'
                   AND detail::text NOT LIKE '%3206%'";
    assert_eq!(city.count(audited).await, 1);
    // Kept answers are sealed: whatever is longer than a sealed nothing says something.
    let kept = "SELECT count(*) FROM db.idempotency WHERE status = 200 AND octet_length(body_sealed) > 29";
    assert_eq!(city.count(kept).await, 0, "the answer with the value was kept");
    desk.post(&reveal, &[("column", "person_name"), ("purpose", "办理低保复核")]).await.expect(404);
    desk.get(&path).await.expect(200).lacks(&citizen_id(0));
}

#[tokio::test]
async fn searching_alone_reveals_nothing() {
    let city = filled().await;
    let path = first_record(&police(&city)).await;
    let searcher = Desk::of(&city, city.police, city.police, &[SEARCH]);
    searcher.get(&path).await.expect(200).lacks("/revelation");
    let asked = [("column", "citizen_id"), ("purpose", "办理低保复核")];
    searcher.post(&format!("{path}/revelation"), &asked).await.expect(403);
}

#[tokio::test]
async fn departments_that_differ_are_shown_side_by_side_with_the_reason() {
    let city = City::new().await;
    let row = |name: &str| format!("姓名,身份证号,居住地区划\n{name},{},320613\n", citizen_id(0));
    city.deliver(city.police, &row("王伟")).await;
    city.deliver(city.insurance, &row("王玮")).await;
    let root = identity::api::root(&mut city.base.db.read().await.unwrap()).await.unwrap().unwrap();
    let desk = Desk::of(&city, city.police, root, &[SEARCH]);
    let path = first_record(&desk).await;
    let page = desk.get(&path).await.expect(200);
    page.has("王玮").has("另有 1 个不同的值").has("取最近收到的").has("2 个部门的值一致").has("人社局");
}

#[tokio::test]
async fn delivering_a_row_about_somebody_opens_nothing_that_others_have_said() {
    let city = City::new().await;
    city.deliver(city.police, &people(0, 1)).await;
    let outside = Desk::of(&city, city.insurance, city.insurance, &[SEARCH, REVEAL]);
    let path = first_record(&police(&city)).await;
    outside.get(&path).await.expect(404);
    city.deliver(city.insurance, &format!("姓名,身份证号\n某某,{}\n", citizen_id(0))).await;
    outside.get(&path).await.expect(200).has("某某").lacks("公安局").lacks("138****").lacks("崇川");
    let phone = [("column", "mobile_phone"), ("purpose", "办理低保复核")];
    outside.post(&format!("{path}/revelation"), &phone).await.expect(404);
    let listed = outside.get("/registry/people?division=320613").await.expect(200);
    listed.lacks("王");
}

#[tokio::test]
async fn looking_for_somebody_by_a_number_and_opening_his_record_are_written_down() {
    let city = filled().await;
    let desk = police(&city);
    let path = first_record(&desk).await;
    desk.get(&path).await.expect(200);
    desk.post("/registry/people/search", &[("id_number", &citizen_id(900))]).await.expect(303);
    desk.post("/registry/people/search", &[("phone", "13810000000")]).await.expect(303);
    desk.post("/registry/people/search", &[("phone", "13819999999")]).await.expect(303);
    let known = serde_json::json!({ "phone": "13810000000" });
    let listed = desk.post_json("/api/registry/people/search", &known).await.expect(200);
    assert!(listed.text.contains(path.trim_start_matches("/registry/people/")), "{}", listed.text);
    let trail: Vec<(Uuid, String, bool, i64)> = sqlx::query_as(
        "SELECT subject_id, detail->>'by' AS by, (detail->>'found')::boolean AS found, count(*)
         FROM db.v_audit WHERE action = 'registry.person.searched' GROUP BY 1, 2, 3 ORDER BY by, found",
    )
    .fetch_all(city.base.db.pool())
    .await
    .unwrap();
    let (nobody, person) = (Uuid::nil(), path.trim_start_matches("/registry/people/").parse().unwrap());
    let once = |whom, by: &str, found| (whom, by.to_owned(), found, 1);
    let expected = [once(nobody, "id_number", false), once(person, "id_number", true), once(nobody, "phone", false)];
    assert_eq!(trail[..3], expected);
    assert_eq!(trail[3..], [(person, "phone".to_owned(), true, 2)], "by page and by interface");
    let viewed = "SELECT count(*) FROM db.v_audit WHERE action = 'registry.person.viewed'";
    assert_eq!(city.count(viewed).await, 1);
    let numbers = "SELECT count(*) FROM db.v_audit WHERE detail::text ~ '320602[0-9]{11}'";
    assert_eq!(city.count(numbers).await, 0, "a number stands in the audit");
}
