//! A case's life as staff meet it: dispatched, returned, arbitrated, solved, called back, closed; and who may do none of it.
use jh_core::actor::OrganisationId;
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::{Value, json};

pub const CENTRE: &[&str] =
    &["casework.case.create", "casework.case.read", "casework.case.manage", "casework.case.inspect"];
pub const HOLDER: &[&str] = &["casework.case.read", "casework.case.handle"];
pub const ABOVE: &[&str] = &["casework.case.read", "casework.case.supervise"];

/// The people of a case: the centre's, two departments', and who stands above.
pub struct People {
    pub centre: Browser,
    pub police: Browser,
    pub business: Browser,
    pub above: Browser,
}

impl People {
    pub async fn of(city: &City) -> Self {
        Self {
            centre: city.staff("NT-XXZX", CENTRE).await,
            police: city.staff("NT-GA", HOLDER).await,
            business: city.staff("NT-GS", HOLDER).await,
            above: city.staff_scoped("NT", "NT", ABOVE).await,
        }
    }
}

pub async fn post(browser: &Browser, path: &str, body: Value) -> Answer {
    browser.request(Method::POST, path, &[("content-type", "application/json")], Some(body.to_string())).await
}

pub async fn reported(centre: &Browser) -> String {
    let report = json!({
        "kind": "hotline.request", "category": "road-damage", "channel": "phone",
        "description": "人民中路与濠南路交叉口路面塌陷，已有电动车摔倒。", "address": "人民中路与濠南路交叉口",
        "place": { "lon": 120.86, "lat": 32.01 }, "name": "王小明", "phone": "13912345678",
    });
    let made = post(centre, "/api/casework/cases", report).await.expect(201).json();
    made["case_id"].as_str().expect("an id").to_owned()
}

pub async fn act(browser: &Browser, id: &str, act: &str, body: Value) -> Answer {
    post(browser, &format!("/api/casework/cases/{id}/acts/{act}"), body).await
}

pub async fn seen(browser: &Browser, id: &str) -> Value {
    browser.get(&format!("/api/casework/cases/{id}")).await.expect(200).json()
}

fn acts(case: &Value) -> Vec<String> {
    let steps = case["timeline"].as_array().expect("a timeline");
    steps.iter().map(|step| step["act"].as_str().expect("an act").to_owned()).collect()
}

async fn dispatched(city: &City, people: &People) -> String {
    let id = reported(&people.centre).await;
    act(&people.centre, &id, "acceptance", json!({})).await.expect(200);
    let police = city.organisation("NT-GA").await;
    act(&people.centre, &id, "dispatch", json!({ "organisation": police })).await.expect(200);
    id
}

#[tokio::test]
async fn a_call_is_dispatched_returned_arbitrated_solved_called_back_and_closed() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = dispatched(&city, &people).await;
    let business = city.organisation("NT-GS").await;
    act(&people.police, &id, "return", json!({ "note": "道路养护不属于公安职责" })).await.expect(200);
    act(&people.above, &id, "redirection", json!({ "organisation": business, "note": "由工商局牵头" }))
        .await
        .expect(200);
    act(&people.business, &id, "signing", json!({})).await.expect(200);
    let done = json!({ "answer": "已于当日修复路面并设置警示", "outcome": "solved" });
    act(&people.business, &id, "result", done).await.expect(200);
    let early = act(&people.centre, &id, "closure", json!({})).await.expect(409).json();
    assert_eq!(early["type"].as_str().expect("a type").rsplit('/').next(), Some("casework-callback-missing"));
    act(&people.centre, &id, "callback_solved", json!({ "stars": 5 })).await.expect(200);
    act(&people.centre, &id, "closure", json!({})).await.expect(200);
    let case = seen(&people.centre, &id).await;
    assert_eq!(
        (case["closed"].as_bool(), case["outcome"].as_str(), case["stars"].as_i64()),
        (Some(true), Some("solved"), Some(5))
    );
    let story = [
        "opening",
        "acceptance",
        "dispatch",
        "return",
        "redirection",
        "signing",
        "result",
        "callback_solved",
        "closure",
    ];
    assert_eq!(acts(&case), story);
    // Who held it before still sees what became of it.
    assert_eq!(seen(&people.police, &id).await["closed"], true);
    let page = people.centre.get(&format!("/casework/cases/{id}")).await.expect(200).text;
    for words in ["已解决", "改派", "道路养护不属于公安职责", "已于当日修复路面并设置警示"]
    {
        assert!(page.contains(words), "the page does not say {words}");
    }
    assert!(!page.contains("13912345678"), "the telephone stands in clear");
}

#[tokio::test]
async fn nobody_sees_or_does_what_is_outside_his_scope() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = dispatched(&city, &people).await;
    people.business.get(&format!("/api/casework/cases/{id}")).await.expect(404);
    people.business.get(&format!("/casework/cases/{id}")).await.expect(404);
    act(&people.business, &id, "signing", json!({})).await.expect(404);
    // The holder sees it and may not do what is the centre's.
    act(&people.police, &id, "closure", json!({})).await.expect(409);
    act(&people.police, &id, "merger", json!({})).await.expect(404);
    act(&people.police, &id, "publication", json!({ "shown": "words" })).await.expect(403);
    let listed = people.business.get("/api/casework/cases").await.expect(200).json();
    assert_eq!(listed["items"].as_array().expect("items").len(), 0);
    let inbox = people.police.get("/api/casework/inbox").await.expect(200).json();
    assert_eq!(inbox["items"][0]["case_id"], id);
    let elsewhere = city.organisation("NT-GS").await;
    let report =
        json!({ "kind": "hotline.request", "category": "noise", "description": "夜间施工", "centre": elsewhere });
    post(&people.centre, "/api/casework/cases", report).await.expect(403);
}

#[tokio::test]
async fn an_act_on_a_case_that_moved_on_is_refused() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = dispatched(&city, &people).await;
    let revision = seen(&people.police, &id).await["revision"].clone();
    act(&people.police, &id, "signing", json!({ "revision": revision })).await.expect(200);
    let late = json!({ "revision": revision, "note": "不属于本单位职责" });
    act(&people.police, &id, "return", late).await.expect(409);
    act(&people.police, &id, "signing", json!({})).await.expect(409);
}

#[tokio::test]
async fn what_comes_with_an_act_is_looked_at() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    act(&people.centre, &id, "dispatch", json!({})).await.expect(422);
    let nowhere = OrganisationId::at(city.base.clock.now());
    act(&people.centre, &id, "dispatch", json!({ "organisation": nowhere })).await.expect(422);
    act(&people.centre, &id, "rejection", json!({ "note": "不" })).await.expect(422);
    act(&people.centre, &id, "answer", json!({ "answer": "字".repeat(4_001) })).await.expect(422);
    act(&people.centre, &id, "nonsense", json!({})).await.expect(404);
    act(&people.centre, &id, "miss", json!({})).await.expect(404);
    for (field, value) in [
        ("category", json!("no-such")),
        ("description", json!("")),
        ("phone", json!("12")),
        ("place", json!({ "lon": 0.0, "lat": 0.0 })),
        ("kind", json!("no.such")),
    ] {
        let mut report = json!({ "kind": "hotline.request", "category": "noise", "description": "夜间施工噪声" });
        report[field] = value;
        let status = post(&people.centre, "/api/casework/cases", report).await.status;
        assert!(status == 422 || status == 404, "{field} is answered by {status}");
    }
}

#[tokio::test]
async fn the_forms_do_what_the_interface_does() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    let case = format!("/casework/cases/{id}");
    let form = format!("{case}/dispatch");
    let wrong = people.centre.submit(&form, &form, &[("organisation", "南通市")]).await.expect(422);
    assert!(wrong.text.contains("南通市公安局"), "the form does not offer who may be meant");
    people.centre.submit(&form, &form, &[("organisation", "南通市公安局")]).await.expect(303);
    people.police.submit(&case, &format!("{case}/signing"), &[]).await.expect(303);
    let result = format!("{case}/result");
    people.police.submit(&result, &result, &[("answer", "")]).await.expect(422);
    people.police.submit(&result, &result, &[("answer", "已修复"), ("outcome", "solved")]).await.expect(303);
    let closing = people.centre.submit(&case, &format!("{case}/closure"), &[]).await;
    assert!(
        closing.status == 422 && closing.text.contains("回访"),
        "closing without a callback is not refused in words"
    );
    let callback = format!("{case}/callback_solved");
    people.centre.submit(&callback, &callback, &[("stars", "4")]).await.expect(303);
    people.centre.submit(&case, &format!("{case}/closure"), &[]).await.expect(303);
    assert_eq!(seen(&people.centre, &id).await["closed"], true);
}

#[tokio::test]
async fn merging_keeps_every_reporter_and_says_where_the_case_went() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let (one, other) = (reported(&people.centre).await, reported(&people.centre).await);
    let merger = |from: &str| format!("/api/casework/cases/{from}/merger");
    post(&people.centre, &merger(&one), json!({ "into": one })).await.expect(422);
    post(&people.centre, &merger(&other), json!({ "into": one, "note": "同一处塌陷" })).await.expect(204);
    let gone = seen(&people.centre, &other).await;
    assert_eq!((gone["outcome"].as_str(), gone["merged_into"].as_str()), (Some("merged"), Some(one.as_str())));
    assert_eq!(acts(&seen(&people.centre, &one).await), ["opening", "absorption"]);
    let page = people.centre.get(&format!("/casework/cases/{one}")).await.expect(200).text;
    assert!(page.contains("反映同一问题"), "the reporter of the merged case does not follow this one");
    // What is closed takes nobody in.
    let third = reported(&people.centre).await;
    post(&people.centre, &merger(&third), json!({ "into": other })).await.expect(422);
}

#[tokio::test]
async fn time_is_asked_by_the_holder_and_granted_by_somebody_else() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = dispatched(&city, &people).await;
    act(&people.police, &id, "signing", json!({})).await.expect(200);
    let before = seen(&people.police, &id).await["due_at"].clone();
    let ask = json!({ "note": "需要开挖检测", "limit": "handling", "amount": 3, "unit": "working_day" });
    act(&people.police, &id, "extension_asked", ask.clone()).await.expect(200);
    act(&people.police, &id, "extension_asked", ask).await.expect(409);
    act(&people.police, &id, "extension_granted", json!({})).await.expect(403);
    act(&people.centre, &id, "extension_granted", json!({})).await.expect(200);
    let after = seen(&people.police, &id).await["due_at"].clone();
    assert!(after.as_str() > before.as_str(), "{after} is not later than {before}");
    act(&people.centre, &id, "extension_granted", json!({})).await.expect(409);
}

#[tokio::test]
async fn whoever_leaves_leaves_no_case_behind() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let leaving = city.account("leaving", "NT-GA", "NT-GA", HOLDER).await;
    let staying = city.account("staying", "NT-GA", "NT-GA", HOLDER).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = dispatched(&city, &people).await;
        act(&people.police, &id, "signing", json!({})).await.expect(200);
        act(&people.police, &id, "assignment", json!({ "person": leaving })).await.expect(200);
        ids.push(id);
    }
    act(&people.police, &ids[0], "result", json!({ "answer": "已处理" })).await.expect(200);
    let (from, to) = (leaving.to_string(), staying.to_string());
    let form = "/casework/handover";
    people.above.submit(form, form, &[("from", ""), ("to", &to)]).await.expect(422);
    let done = people.above.submit(form, form, &[("from", &from), ("to", &to)]).await.expect(200);
    assert!(done.text.contains("已交接 2 件"), "the page does not say how many");
    for id in &ids[1..] {
        assert_eq!(seen(&people.police, id).await["assignee_id"], to);
    }
    let stranger = city.account("stranger", "NT-GS", "NT-GS", HOLDER).await.to_string();
    people.above.submit(form, form, &[("from", &to), ("to", &stranger)]).await.expect(422);
    assert_eq!(seen(&people.police, &ids[1]).await["assignee_id"], to, "half of a handover was done");
}

#[tokio::test]
async fn a_running_case_keeps_its_procedure_when_a_new_version_is_published() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let old = dispatched(&city, &people).await;
    let setter = city.staff_scoped("NT", "NT", &["casework.procedure.manage"]).await;
    let page = "/casework/kinds/hotline.request";
    let spans = [
        ("acceptance", "hour"),
        ("dispatch", "hour"),
        ("signing", "working_day"),
        ("arbitration", "working_day"),
        ("callback", "working_day"),
    ];
    let mut fields: Vec<(String, String)> =
        vec![("amount.handling".into(), "2".into()), ("unit.handling".into(), "hour".into())];
    for (code, unit) in spans {
        fields.push((format!("amount.{code}"), "3".into()));
        fields.push((format!("unit.{code}"), unit.into()));
    }
    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    setter.submit(page, page, &sent[..2]).await.expect(422);
    setter.submit(page, page, &sent).await.expect(303);
    let new = dispatched(&city, &people).await;
    let (old, new) = (seen(&people.police, &old).await, seen(&people.police, &new).await);
    assert_eq!((old["version"].as_i64(), new["version"].as_i64()), (Some(1), Some(2)));
    assert!(new["due_at"].as_str() < old["due_at"].as_str(), "the new limit does not hold for the new case");
    let department = city.staff("NT-GA", &["casework.procedure.manage"]).await;
    department.submit(page, page, &sent).await.expect(403);
}

/// A picture of one pixel.
pub const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf,
    0x50, 0x0f, 0, 0x03, 0x86, 0x01, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42,
    0x60, 0x82,
];

#[tokio::test]
async fn a_photo_is_kept_with_its_case_and_what_is_none_is_refused_in_words() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = reported(&people.centre).await;
    let (case, form) = (format!("/casework/cases/{id}"), format!("/casework/cases/{id}/attachment"));
    let to = format!("{form}/photo");
    let junk =
        people.centre.upload(&form, &to, &[("note", "现场照片")], ("a.jpg", b"no picture".to_vec())).await.expect(422);
    assert!(junk.text.contains("不是能识别的照片"), "the refusal does not say what is wrong");
    people.centre.upload(&form, &to, &[("note", "现场照片")], ("a.png", PIXEL.to_vec())).await.expect(303);
    let page = people.centre.get(&case).await.expect(200).text;
    let at = page.find(&format!("{case}/photos/")).expect("the photo is on the page");
    let small = page[at..].split('"').next().expect("an address").to_owned();
    let shown = people.centre.get(&small).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/jpeg");
    people.business.get(&small).await.expect(404);
}

#[tokio::test]
async fn what_was_misheard_is_put_right_and_the_timeline_says_what_it_was() {
    let city = City::found().await;
    let people = People::of(&city).await;
    let id = dispatched(&city, &people).await;
    let put_right =
        json!({ "category": "street-light", "address": "濠南路 12 号", "point": { "lon": 120.87, "lat": 32.02 } });
    act(&people.police, &id, "amendment", put_right.clone()).await.expect(403);
    let nothing = act(&people.centre, &id, "amendment", json!({ "category": "road-damage" })).await.expect(422).json();
    assert_eq!(nothing["fields"][0]["field"], "category");
    act(&people.centre, &id, "amendment", json!({ "category": "no-such" })).await.expect(422);
    act(&people.centre, &id, "amendment", json!({ "point": { "lon": 0.0, "lat": 0.0 } })).await.expect(422);
    act(&people.centre, &id, "amendment", put_right).await.expect(200);
    let case = seen(&people.centre, &id).await;
    assert_eq!((&case["category"], &case["address"]), (&json!("street-light"), &json!("濠南路 12 号")));
    let step = case["timeline"].as_array().and_then(|steps| steps.last()).expect("a step");
    let note = step["note"].as_str().expect("a note");
    assert!(note.contains("人民中路与濠南路交叉口 → 濠南路 12 号") && note.contains("120.870000,32.020000"), "{note}");
    let found = people.centre.get("/casework/cases?q=%E6%BF%A0%E5%8D%97%E8%B7%AF+12+%E5%8F%B7").await.expect(200).text;
    assert!(found.contains(&id), "what it is called now does not find it");
    let form = format!("/casework/cases/{id}/amendment");
    let fields = [("category", "road-damage"), ("address", ""), ("point", "32.03，120.88")];
    people.centre.submit(&form, &form, &fields).await.expect(303);
    assert_eq!(seen(&people.centre, &id).await["category"], "road-damage");
    people.centre.submit(&form, &form, &[("category", "road-damage"), ("point", "那里")]).await.expect(422);
}
