//! What an officer may say of a case, by whatever way he says it: where he walks, not of himself, with a photo of now.
use casework::api::{Channel, Point, Priority, Report, open_in};
use jh_core::actor::Command;
use jh_core::clock::CHINA;
use jh_db::Work;
use jh_tests::{Answer, Browser};
use reqwest::Method;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::casework::{PIXEL, act, post, seen};
use crate::city_management_cases::{CENTRE, HERE, HOLDER, PAGE, PATROL, Streets, resolved};

const TASKS: &str = "/api/city_management/patrol/tasks";
const PLACE: [(&str, &str); 3] = [("lon", HERE.0), ("lat", HERE.1), ("category", "event-0505")];

/// A picture like no other, which says when it was taken or nothing of it.
fn picture(taken_at: Option<OffsetDateTime>, salt: &str) -> Vec<u8> {
    let mut extra = chunk(b"tEXt", &[b"salt\0", salt.as_bytes()].concat());
    if let Some(at) = taken_at {
        let at = at.to_offset(CHINA);
        let (date, time) = (at.date(), at.time());
        let said = format!(
            "{:04}:{:02}:{:02} {:02}:{:02}:{:02}\0",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        );
        // A directory that leads to the one with the time, and the time.
        let word = u32::to_be_bytes;
        let head = [b"MM\0*".as_slice(), &word(8), &[0, 1, 0x87, 0x69, 0, 4], &word(1), &word(26), &word(0)].concat();
        let own = [[0, 1, 0x90, 0x03, 0, 2].as_slice(), &word(20), &word(44), &word(0)].concat();
        extra.extend(chunk(b"eXIf", &[head, own, said.into_bytes()].concat()));
    }
    [&PIXEL[..33], &extra, &PIXEL[33..]].concat()
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), body].concat();
    let check = !named.iter().fold(u32::MAX, |all, byte| {
        (0..8).fold(all ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    let length = u32::try_from(body.len()).expect("short");
    [&length.to_be_bytes(), named.as_slice(), &check.to_be_bytes()].concat()
}

impl Streets {
    /// What a sensor has seen at the usual place.
    async fn sensed(&self) -> String {
        let sensor = self.city.staff("NT-XXZX", &["city_management.report.submit"]).await;
        let reading = json!({ "category": "event-0406", "lon": 120.8605, "lat": 32.0105, "note": "积水 18 厘米" });
        let made = post(&sensor, "/api/city_management/reports", reading).await.expect(201).json();
        made["case_id"].as_str().expect("an id").to_owned()
    }

    /// An officer of the centre who walks nowhere.
    async fn stranger(&self) -> Browser {
        self.city.staff_scoped("NT-XXZX", "NT-XXZX", PATROL).await
    }

    /// Everybody walks the one grid from now on.
    async fn all_walk(&self) {
        sqlx::query(
            "INSERT INTO city_management.patrol (officer_grid_id, account_id, shift, begins_at)
             SELECT og.officer_grid_id, a.account_id, 'whole_day', now()
             FROM city_management.officer_grid og, identity.v_account a
             WHERE NOT EXISTS (SELECT 1 FROM city_management.patrol p WHERE p.account_id = a.account_id)",
        )
        .execute(self.city.base.db.pool())
        .await
        .expect("walks");
    }

    /// A case that waits to be inspected.
    async fn waiting(&self) -> String {
        let police = self.city.staff("NT-GA", HOLDER).await;
        let id = self.sensed().await;
        self.city.base.advance(Duration::hours(1));
        resolved(self, &police, &id).await;
        id
    }

    async fn inspects(&self, id: &str, photo: Vec<u8>) -> Answer {
        let task = format!("{PAGE}/tasks/{id}");
        self.officer.upload(PAGE, &task, &[("finding", "yes")], ("a.png", photo)).await
    }

    async fn reports(&self, photo: Vec<u8>) -> Answer {
        let fields = [PLACE.as_slice(), &[("anyway", "yes")]].concat();
        self.officer.upload(PAGE, PAGE, &fields, ("a.png", photo)).await
    }
}

async fn finds(browser: &Browser, id: &str, finding: &str) -> Answer {
    let headers = [("content-type", "application/octet-stream")];
    browser.request(Method::POST, &format!("{TASKS}/{id}?finding={finding}"), &headers, Some(String::new())).await
}

#[tokio::test]
async fn an_officer_verifies_and_inspects_only_where_he_walks_by_whatever_way_he_tries() {
    let streets = Streets::of().await;
    let stranger = streets.stranger().await;
    let id = streets.sensed().await;
    let refused = act(&stranger, &id, "acceptance", json!({})).await.expect(404).json();
    assert_eq!(refused["code"], "city-management-task-elsewhere");
    finds(&stranger, &id, "yes").await.expect(404);
    assert_eq!(seen(&streets.centre, &id).await["stage"], "collection");
    act(&streets.officer, &id, "acceptance", json!({})).await.expect(200);

    let id = streets.waiting().await;
    let note = json!({ "note": "现场仍有积水，没有整改到位" });
    act(&stranger, &id, "inspection_failed", note.clone()).await.expect(404);
    finds(&stranger, &id, "no").await.expect(404);
    assert_eq!(seen(&streets.centre, &id).await["stage"], "inspection");
    act(&streets.officer, &id, "inspection_failed", note).await.expect(200);
}

#[tokio::test]
async fn the_centres_own_staff_verify_and_inspect_what_lies_anywhere() {
    let streets = Streets::of().await;
    let id = streets.sensed().await;
    let inspector = streets.city.staff("NT-XXZX", &["casework.case.read", "casework.case.inspect"]).await;
    act(&inspector, &id, "acceptance", json!({})).await.expect(200);
    let id = streets.waiting().await;
    let keeper = [CENTRE, PATROL].concat();
    let keeper = streets.city.staff("NT-XXZX", &keeper).await;
    act(&keeper, &id, "inspection_failed", json!({ "note": "回访反映仍有积水" })).await.expect(200);
}

#[tokio::test]
async fn nobody_verifies_what_he_reported_himself() {
    let streets = Streets::of().await;
    let made = streets.reported("event-0505").await;
    let id = made["case_id"].as_str().expect("an id");
    let refused = act(&streets.officer, id, "acceptance", json!({})).await.expect(409).json();
    assert_eq!(refused["code"], "city-management-own-report");
    let refused = finds(&streets.officer, id, "yes").await.expect(409).json();
    assert_eq!(refused["code"], "city-management-own-report");
    let other = streets.stranger().await;
    streets.all_walk().await;
    finds(&other, id, "yes").await.expect(200);
    let again = streets.reported("event-0504").await;
    act(&streets.centre, again["case_id"].as_str().expect("an id"), "acceptance", json!({})).await.expect(200);
}

#[tokio::test]
async fn a_photo_of_the_future_is_no_report() {
    let streets = Streets::of().await;
    let now = streets.city.base.clock.now();
    let refused = streets.reports(picture(Some(now + Duration::minutes(11)), "late")).await.expect(422);
    assert!(refused.text.contains("比现在还晚"), "{}", refused.text);
    assert_eq!(streets.cases().await, 0);
    // Phones' clocks are not all right to the minute, and many pictures say nothing.
    streets.reports(picture(Some(now + Duration::minutes(9)), "ahead")).await.expect(303);
    streets.reports(picture(Some(now - Duration::days(1)), "yesterday")).await.expect(303);
    streets.reports(picture(None, "silent")).await.expect(303);
    assert_eq!(streets.cases().await, 3);
}

#[tokio::test]
async fn a_photo_taken_before_a_task_began_does_not_prove_it() {
    let streets = Streets::of().await;
    let clock = &streets.city.base.clock;
    let id = streets.sensed().await;
    let task = format!("{PAGE}/tasks/{id}");
    let early = picture(Some(clock.now() - Duration::minutes(1)), "before the report");
    let refused = streets.officer.upload(PAGE, &task, &[("finding", "yes")], ("a.png", early)).await.expect(422);
    assert!(refused.text.contains("任务开始之前"), "{}", refused.text);
    let then = picture(Some(clock.now()), "at the report");
    streets.officer.upload(PAGE, &task, &[("finding", "yes")], ("a.png", then)).await.expect(303);

    let reported_at = clock.now();
    let id = streets.waiting().await;
    // After the report, and before the department had said that it was put right.
    let early = picture(Some(reported_at + Duration::minutes(30)), "before the result");
    let refused = streets.inspects(&id, early).await.expect(422);
    assert!(refused.text.contains("任务开始之前"), "{}", refused.text);
    streets.inspects(&id, picture(Some(clock.now() + Duration::days(400)), "future")).await.expect(422);
    assert_eq!(seen(&streets.centre, &id).await["stage"], "inspection");
    streets.inspects(&id, picture(Some(clock.now()), "after the result")).await.expect(303);
    act(&streets.centre, &id, "closure", json!({})).await.expect(200);
}

#[tokio::test]
async fn one_picture_proves_one_thing_once() {
    let streets = Streets::of().await;
    streets.reports(picture(None, "the same")).await.expect(303);
    let number: String = sqlx::query_scalar("SELECT number FROM casework.v_case")
        .fetch_one(streets.city.base.db.pool())
        .await
        .expect("the one case");
    let refused = streets.reports(picture(None, "the same")).await.expect(422);
    assert!(refused.text.contains(&format!("已经用于案件 {number}")), "{}", refused.text);
    assert_eq!(streets.cases().await, 1);
    let id = streets.waiting().await;
    let refused = streets.inspects(&id, picture(None, "the same")).await.expect(422);
    assert!(refused.text.contains(&number), "{}", refused.text);
    streets.inspects(&id, picture(None, "another")).await.expect(303);
}

#[tokio::test]
async fn the_cases_own_page_is_no_way_around_the_looks_at_a_photo() {
    let streets = Streets::of().await;
    let id = streets.waiting().await;
    let (form, to) =
        (format!("/casework/cases/{id}/inspection_passed"), format!("/casework/cases/{id}/inspection_passed/photo"));
    let old = picture(Some(streets.city.base.clock.now() - Duration::days(900)), "old");
    let refused = streets.officer.upload(&form, &to, &[], ("a.png", old)).await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    assert!(refused.text.contains("巡查上报"), "the refusal does not say where: {}", refused.text);
    let story = seen(&streets.centre, &id).await["timeline"].to_string();
    assert!(story.contains("\"result\"") && !story.contains("inspection_passed"), "{story}");
    act(&streets.centre, &id, "closure", json!({})).await.expect(409);
    let inspector = streets.city.staff("NT-XXZX", &["casework.case.read", "casework.case.inspect"]).await;
    inspector.upload(&form, &to, &[], ("a.png", picture(None, "the centre's"))).await.expect(303);
}

#[tokio::test]
async fn what_a_sensor_calls_its_report_can_be_kept_and_shown() {
    let streets = Streets::of().await;
    let sensor = streets.city.staff("NT-XXZX", &["city_management.report.submit"]).await;
    let reading = |own: &str| json!({ "category": "event-0406", "lon": 120.8605, "lat": 32.0105, "own_ref": own });
    for own in ["a\0b", "a\u{7}b", "a\nb", &"x".repeat(81)] {
        let refused = post(&sensor, "/api/city_management/reports", reading(own)).await.expect(422).json();
        assert_eq!(refused["fields"][0]["field"], "own_ref", "{refused}");
    }
    assert_eq!(streets.cases().await, 0);
    post(&sensor, "/api/city_management/reports", reading("WATER-07/2026-11-23")).await.expect(201);
}

#[tokio::test]
async fn no_telephone_reaches_the_public_with_the_place_that_an_officer_typed() {
    let streets = Streets::of().await;
    let fields = [PLACE.as_slice(), &[("address", "青年中路 88 号门前，联系 139-1234-5678")]].concat();
    let sent = streets.officer.upload(PAGE, PAGE, &fields, ("", Vec::new())).await.expect(303);
    let number = sent.location.expect("a page").rsplit('=').next().expect("a number").to_owned();
    let shown = Browser::open(streets.city.address).get(&format!("/reports/{number}")).await.expect(200).text;
    assert!(shown.contains("青年中路 88 号门前") && !shown.contains("1234-5678"), "{shown}");
    let id = sqlx::query_scalar::<_, uuid::Uuid>("SELECT case_id FROM casework.v_case")
        .fetch_one(streets.city.base.db.pool())
        .await
        .expect("the case");
    let kept = seen(&streets.centre, &id.to_string()).await;
    assert!(!kept["address"].as_str().expect("an address").contains("5678"), "{kept}");
}

/// A report to an organisation, as its app would open it.
async fn told(streets: &Streets, to: &str, words: &str, shown: &'static str) {
    let command = Command::system("tests.report", streets.city.base.clock.now());
    let centre = streets.city.organisation(to).await;
    let report = Report {
        kind: "hotline.request",
        title: String::new(),
        description: words.into(),
        category: "road-damage".into(),
        priority: Priority::Normal,
        channel: Channel::Phone,
        centre,
        address: String::new(),
        point: Point::new(120.8605, 32.0105),
        reporter: None,
        held: false,
        photo: false,
        shown,
        app_ref: None,
        note: String::new(),
        attributes: Vec::new(),
    };
    let mut work = Work::begin(&streets.city.base, &command).await.expect("a transaction");
    open_in(&streets.city.base, &mut work, report).await.expect("a case");
    work.commit().await.expect("committed");
}

#[tokio::test]
async fn an_officer_is_told_of_cases_near_by_only_what_he_may_see_or_the_public_may() {
    let streets = Streets::of().await;
    told(&streets, "NT-GS", "举报邻居占道经营，请保密", "nothing").await;
    told(&streets, "NT-GS", "占道经营的摊主姓季", "place").await;
    told(&streets, "NT-GS", "占道经营影响通行", "words").await;
    told(&streets, "NT-XXZX", "占道经营无人管", "nothing").await;
    let asked = "category=event-0505&lon=120.8605&lat=32.0105&note=%E5%8D%A0%E9%81%93%E7%BB%8F%E8%90%A5";
    let near = streets.officer.get(&format!("/api/city_management/patrol/near?{asked}")).await.expect(200).json();
    let mut titles: Vec<&str> =
        near.as_array().expect("a list").iter().map(|one: &Value| one["title"].as_str().expect("a title")).collect();
    titles.sort_unstable();
    let mut expected = ["占道经营影响通行", "占道经营无人管", "道路坑洼破损"];
    expected.sort_unstable();
    assert_eq!(titles, expected);
}

#[tokio::test]
async fn a_note_that_begins_like_a_formula_is_a_text_in_the_export() {
    let streets = Streets::of().await;
    // What officers report is called by its class; what the centre takes down, by its own words.
    let desk =
        streets.city.staff("NT-XXZX", &["casework.case.create", "casework.case.read", "casework.case.manage"]).await;
    for note in ["\u{200b}=HYPERLINK(1)", "＠SUM(A1)"] {
        let report = json!({ "kind": "city_management.case", "category": "event-0505", "description": note });
        post(&desk, "/api/casework/cases", report).await.expect(201);
    }
    let table = streets.centre.get("/casework/cases.csv").await.expect(200).text;
    assert!(table.contains("'＠SUM(A1)") && table.contains("=HYPERLINK(1)"), "{table}");
    assert!(!table.contains(",＠") && !table.contains(",=") && !table.contains(",\u{200b}"), "{table}");
}

#[tokio::test]
async fn a_year_that_no_calendar_has_is_no_period() {
    let streets = Streets::of().await;
    let reader = streets.city.staff("NT-XXZX", &["city_management.appraisal.read"]).await;
    for day in ["-9999-01-01", "9999-12-31", "1899-12-31", "2201-01-01"] {
        for name in ["from", "to"] {
            for page in ["appraisal", "appraisal.csv"] {
                reader.get(&format!("/city_management/{page}?{name}={day}")).await.expect(200);
            }
        }
    }
}
