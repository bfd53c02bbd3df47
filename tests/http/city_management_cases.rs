//! What an officer sees becomes a case in its grid, by form and by phone, once; and goes through the seven stages to its end.
use jh_core::actor::OrganisationId;
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::{Value, json};

use crate::casework::{PIXEL, act, post, seen};

pub const PATROL: &[&str] = &["city_management.patrol.report", "casework.case.read", "casework.case.inspect"];
pub const CENTRE: &[&str] = &[
    "casework.case.read",
    "casework.case.manage",
    "city_management.category.manage",
    "city_management.check.manage",
    "city_management.component.read",
];
pub const HOLDER: &[&str] = &["casework.case.read", "casework.case.handle"];
/// In the one grid of the test city.
pub const HERE: (&str, &str) = ("120.8605", "32.0105");
const GRID: &str = "320613900000001";
const REPORTS: &str = "/api/city_management/patrol/reports";
pub const PAGE: &str = "/city_management/patrol";

/// A city with one unit grid of 崇川区, an officers' grid over it, its classes, and the centre at NT-XXZX.
pub struct Streets {
    pub city: City,
    pub officer: Browser,
    pub centre: Browser,
}

impl Streets {
    pub async fn of() -> Self {
        let city = City::found().await;
        let county = city.organisation("NT-320613").await;
        lay(&city, county).await;
        let officer = city.staff_scoped("NT-XXZX", "NT-XXZX", PATROL).await;
        walks(&city, county, "patrol").await;
        let centre = city.staff("NT-XXZX", CENTRE).await;
        let keeper = city.staff_scoped("NT-XXZX", "NT", CENTRE).await;
        let classes = "/city_management/categories";
        keeper.submit(classes, "/city_management/categories/standard", &[]).await.expect(303);
        let place = city.organisation("NT-XXZX").await.to_string();
        let to = "/city_management/centre";
        keeper.submit(to, to, &[("organisation", &place)]).await.expect(303);
        Self { city, officer, centre }
    }

    async fn sent(&self, key: &str, query: &str, photo: &[u8]) -> Answer {
        let headers = [("content-type", "application/octet-stream"), ("idempotency-key", key)];
        // A phone's photo is bytes; what the test sends is text, so the picture goes through the form instead.
        assert!(photo.is_empty(), "the phone's way is tested without a photo");
        self.officer.request(Method::POST, &format!("{REPORTS}?{query}"), &headers, Some(String::new())).await
    }

    pub async fn reported(&self, category: &str) -> Value {
        let query =
            format!("category={category}&lon={}&lat={}&note=%E7%8E%B0%E5%9C%BA%E6%83%85%E5%86%B5", HERE.0, HERE.1);
        let key = jh_core::id::uuid_at(self.city.base.clock.now()).to_string();
        self.sent(&key, &query, &[]).await.expect(201).json()
    }

    pub async fn cases(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM casework.v_case WHERE kind = 'city_management.case'");
        count.fetch_one(self.city.base.db.pool()).await.expect("a count")
    }
}

async fn lay(city: &City, county: OrganisationId) {
    sqlx::query(
        "INSERT INTO city_management.unit_grid (grid_id, code, organisation_id, geom, area_m2, origin, valid_from_on,
             created_at, created_by_name)
         VALUES (gen_random_uuid(), $1, $2, ST_MakeEnvelope(120.86, 32.01, 120.861, 32.011, 4326), 10000, 'generated',
                 '2015-01-01', now(), '测试')",
    )
    .bind(GRID)
    .bind(county)
    .execute(city.base.db.pool())
    .await
    .expect("a grid");
}

/// Everybody who may report walks the one grid.
async fn walks(city: &City, county: OrganisationId, name: &str) {
    sqlx::query(
        "WITH og AS (
             INSERT INTO city_management.officer_grid (officer_grid_id, name, organisation_id, colour, created_at)
             VALUES (gen_random_uuid(), $1, $2, 1, now()) RETURNING officer_grid_id
         ), members AS (
             INSERT INTO city_management.officer_grid_member (grid_id, officer_grid_id, begins_at)
             SELECT grid_id, officer_grid_id, now() FROM og, city_management.unit_grid)
         INSERT INTO city_management.patrol (officer_grid_id, account_id, shift, begins_at)
         SELECT og.officer_grid_id, a.account_id, 'whole_day', now() FROM og, identity.v_account a",
    )
    .bind(name)
    .bind(county)
    .execute(city.base.db.pool())
    .await
    .expect("a walk");
}

#[tokio::test]
async fn a_form_with_a_photo_becomes_a_case_in_its_grid() {
    let streets = Streets::of().await;
    let page = streets.officer.get(PAGE).await.expect(200);
    assert!(page.text.contains("占道经营"), "what officers see most is not offered");
    let fields = [("lon", HERE.0), ("lat", HERE.1), ("category", "component-0103"), ("note", "雨水井盖碎裂，露出洞口")];
    let sent = streets.officer.upload(PAGE, PAGE, &fields, ("a.png", PIXEL.to_vec())).await.expect(303);
    let number = sent.location.expect("a page").rsplit('=').next().expect("a number").to_owned();
    let (id, stage, photos, grid): (uuid::Uuid, String, i64, String) = sqlx::query_as(
        "SELECT c.case_id, c.stage, (SELECT count(*) FROM casework.attachment a WHERE a.case_id = c.case_id), g.code
         FROM casework.v_case c JOIN city_management.case_course k USING (case_id)
         JOIN city_management.unit_grid g USING (grid_id) WHERE c.number = $1",
    )
    .bind(&number)
    .fetch_one(streets.city.base.db.pool())
    .await
    .expect("the case");
    assert_eq!((stage.as_str(), photos, grid.as_str()), ("collection", 1, GRID));
    let case = seen(&streets.centre, &id.to_string()).await;
    assert_eq!((case["channel"].as_str(), case["category_name"].as_str()), (Some("patrol"), Some("雨水井盖")));
    // The same thing seen again is asked about before it is a second case.
    let again = streets.officer.upload(PAGE, PAGE, &fields, ("", Vec::new())).await.expect(422);
    assert!(again.text.contains(&number), "the case that may be the same is not named");
    let mut sure = fields.to_vec();
    sure.push(("anyway", "yes"));
    streets.officer.upload(PAGE, PAGE, &sure, ("", Vec::new())).await.expect(303);
    assert_eq!(streets.cases().await, 2);
}

#[tokio::test]
async fn what_a_phone_sends_twice_is_one_case() {
    let streets = Streets::of().await;
    let query = format!("category=event-0505&lon={}&lat={}", HERE.0, HERE.1);
    let key = jh_core::id::uuid_at(streets.city.base.clock.now()).to_string();
    let first = streets.sent(&key, &query, &[]).await.expect(201).json();
    let second = streets.sent(&key, &query, &[]).await.expect(201).json();
    assert_eq!(first, second);
    assert_eq!((streets.cases().await, first["grid"].as_str()), (1, Some(GRID)));
    // Another report under the same key is not the same report.
    streets.sent(&key, &query.replace("0505", "0504"), &[]).await.expect(422);
    let near = streets.officer.get(&format!("/api/city_management/patrol/near?{query}")).await.expect(200).json();
    assert_eq!(near[0]["number"], first["number"]);
}

#[tokio::test]
async fn what_cannot_be_a_case_is_refused_at_its_field() {
    let streets = Streets::of().await;
    let key = || jh_core::id::uuid_at(streets.city.base.clock.now()).to_string();
    for (query, field) in [
        ("category=event-0505&lon=118.78&lat=32.04", "grid"),
        ("category=event-0505", "grid"),
        ("category=event-0505&grid=320613900000999", "grid"),
        ("category=no-such&lon=120.8605&lat=32.0105", "category"),
        ("category=event-0505&lon=999&lat=32.0105", "lon"),
    ] {
        let refused = streets.sent(&key(), query, &[]).await.expect(422).json();
        assert_eq!(refused["fields"][0]["field"], field, "{refused}");
    }
    let fields = [("lon", "118.78"), ("lat", "32.04"), ("category", "event-0505")];
    let refused = streets.officer.upload(PAGE, PAGE, &fields, ("", Vec::new())).await.expect(422);
    assert!(refused.text.contains("不在本市任何单元网格内"), "the form does not say what is wrong");
    assert_eq!(streets.cases().await, 0);
    // By the grid's code alone, and by the name of a class.
    streets.sent(&key(), &format!("other=%E5%8D%A0%E9%81%93%E7%BB%8F%E8%90%A5&grid={GRID}"), &[]).await.expect(201);
}

#[tokio::test]
async fn nobody_reports_where_his_permission_does_not_reach() {
    let streets = Streets::of().await;
    let elsewhere = streets.city.staff("NT-GS", PATROL).await;
    let query = format!("category=event-0505&lon={}&lat={}", HERE.0, HERE.1);
    let headers = [("content-type", "application/octet-stream")];
    let to = format!("{REPORTS}?{query}");
    elsewhere.request(Method::POST, &to, &headers, Some(String::new())).await.expect(403);
    assert_eq!(streets.cases().await, 0);
    let made = streets.reported("event-0505").await;
    let task = format!("/api/city_management/patrol/tasks/{}?finding=yes", made["case_id"].as_str().expect("an id"));
    elsewhere.request(Method::POST, &task, &headers, Some(String::new())).await.expect(404);
    let sensor = streets.city.staff("NT-GS", &["city_management.report.submit"]).await;
    let reading = json!({ "category": "event-0406", "lon": 120.8605, "lat": 32.0105, "note": "积水 18 厘米" });
    post(&sensor, "/api/city_management/reports", reading.clone()).await.expect(403);
    let sensor = streets.city.staff("NT-XXZX", &["city_management.report.submit"]).await;
    post(&sensor, "/api/city_management/reports", reading).await.expect(201);
    assert_eq!(streets.cases().await, 2);
}

/// A case that a department has said it has dealt with, and the centre has taken that to be looked at.
pub async fn resolved(streets: &Streets, police: &Browser, id: &str) {
    let holder = streets.city.organisation("NT-GA").await;
    let answer = json!({ "answer": "已清理完毕，恢复通行", "outcome": "solved" });
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    act(&streets.centre, id, "dispatch", json!({ "organisation": holder })).await.expect(200);
    act(police, id, "result", answer).await.expect(200);
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    streets.city.work().await;
}

#[tokio::test]
async fn a_case_goes_through_the_seven_stages_and_is_not_closed_before_it_was_inspected() {
    let streets = Streets::of().await;
    let police = streets.city.staff("NT-GA", HOLDER).await;
    let made = streets.reported("event-0506").await;
    let id = made["case_id"].as_str().expect("an id");
    resolved(&streets, &police, id).await;
    let early = act(&streets.centre, id, "closure", json!({})).await.expect(409).json();
    assert_eq!(early["code"], "casework-inspection-missing");
    let page = streets.officer.get(PAGE).await.expect(200);
    assert!(page.text.contains(made["number"].as_str().expect("a number")), "the task is not on the officer's page");
    let task = format!("{PAGE}/tasks/{id}");
    let found = [("finding", "yes")];
    let bare = streets.officer.upload(PAGE, &task, &found, ("", Vec::new())).await.expect(422);
    assert!(bare.text.contains("照片"), "the refusal does not ask for a photo");
    let not_yet = [("finding", "no"), ("note", "车还停在人行道上")];
    streets.officer.upload(PAGE, &task, &not_yet, ("", Vec::new())).await.expect(303);
    assert_eq!(seen(&police, id).await["stage"], "handling");
    act(&police, id, "result", json!({ "answer": "已拖移", "outcome": "solved" })).await.expect(200);
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    streets.officer.upload(PAGE, &task, &found, ("a.png", PIXEL.to_vec())).await.expect(303);
    act(&streets.centre, id, "closure", json!({})).await.expect(200);
    assert_eq!(seen(&streets.centre, id).await["stage"], "appraisal");
    streets.city.work().await;
    let went: (bool, i16, bool) = sqlx::query_as(
        "SELECT passed_first, inspections, filed_on IS NOT NULL AND closed_on IS NOT NULL
         FROM city_management.case_course WHERE case_id = $1::uuid",
    )
    .bind(id)
    .fetch_one(streets.city.base.db.pool())
    .await
    .expect("its course");
    assert_eq!(went, (false, 2, true));
}

#[tokio::test]
async fn the_limit_of_the_class_holds_and_a_case_without_a_grid_is_not_filed() {
    let streets = Streets::of().await;
    let made = streets.reported("event-0404").await;
    let id = made["case_id"].as_str().expect("an id");
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    act(&streets.centre, id, "acceptance", json!({})).await.expect(200);
    streets.city.staff("NT-GA", HOLDER).await;
    let holder = streets.city.organisation("NT-GA").await;
    streets.city.staff("NT-GA", HOLDER).await;
    act(&streets.centre, id, "dispatch", json!({ "organisation": holder })).await.expect(200);
    let (amount, unit): (i32, String) =
        sqlx::query_as("SELECT amount, unit FROM casework.deadline WHERE case_id = $1::uuid AND code = 'handling'")
            .bind(id)
            .fetch_one(streets.city.base.db.pool())
            .await
            .expect("a clock");
    assert_eq!((amount, unit.as_str()), (4, "hour"));
    let desk =
        streets.city.staff("NT-XXZX", &["casework.case.create", "casework.case.read", "casework.case.manage"]).await;
    let report =
        json!({ "kind": "city_management.case", "category": "event-0505", "description": "说不清在哪里的摊贩" });
    let bare = post(&desk, "/api/casework/cases", report).await.expect(201).json();
    let bare = bare["case_id"].as_str().expect("an id");
    let refused = act(&streets.centre, bare, "acceptance", json!({})).await.expect(409).json();
    assert_eq!(refused["code"], "city-management-case-no-grid");
}

#[tokio::test]
async fn what_was_done_is_appraised_by_organisation_officer_and_grid_within_scope() {
    let streets = Streets::of().await;
    let police = streets.city.staff("NT-GA", HOLDER).await;
    let made = streets.reported("event-0506").await;
    resolved(&streets, &police, made["case_id"].as_str().expect("an id")).await;
    streets.reported("event-0505").await;
    streets.city.run_scheduled("casework.count").await;
    let reader = streets.city.staff("NT-XXZX", &["city_management.appraisal.read"]).await;
    let page = "/city_management/appraisal";
    let organisations = reader.get(page).await.expect(200).text;
    assert!(
        organisations.contains("南通市公安局") && organisations.contains("100.0%（1/1）"),
        "the police is not there"
    );
    let officers = reader.get("/city_management/appraisal.csv?by=officer").await.expect(200).text;
    let line = officers.lines().nth(1).expect("an officer");
    assert!(line.ends_with(",2,1,1,1,0,0,0,0,0"), "{officers}");
    let grids = reader.get(&format!("{page}?by=grid")).await.expect(200).text;
    assert!(grids.contains(GRID) && grids.contains("50.0%（1/2）"), "the grid's filing rate is not there");
    let backwards = reader.get(&format!("{page}?from=2026-03-09&to=2026-03-01")).await.expect(422);
    assert!(backwards.text.contains("先后有序"), "the refusal does not say what is wrong");
    let elsewhere = streets.city.staff("NT-GS", &["city_management.appraisal.read"]).await;
    let nothing = elsewhere.get(&format!("{page}?by=grid")).await.expect(200).text;
    assert!(!nothing.contains(GRID), "a grid outside the scope is shown");
}
