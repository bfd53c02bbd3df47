//! Open311 as strangers' programs meet it: reporting, following, and everything that is refused, in both formats.
use jh_db::Work;
use jh_tests::{Answer, Browser, City};
use open311::api::NewSetting;
use regex::Regex;
use reqwest::Method;
use serde_json::{Value, json};

use super::casework::{CENTRE, act, seen};

pub const V2: &str = "/open311/v2";
/// In 崇川.
pub const HERE: [(&str, &str); 2] = [("lat", "32.0146"), ("long", "120.8617")];

/// A city that takes part, and a program with a key.
pub struct Edge {
    pub city: City,
    pub program: Browser,
    pub key: String,
}

impl Edge {
    pub async fn found() -> Self {
        Self::found_with(|_| {}).await
    }

    pub async fn found_with(change: impl FnOnce(&mut NewSetting)) -> Self {
        let city = City::found().await;
        let mut setting = NewSetting {
            centre: "NT-XXZX".into(),
            jurisdiction: "nantong.gov.cn".into(),
            posts_a_minute: Some(60),
            contact: "0513-12345".into(),
            ..NewSetting::default()
        };
        change(&mut setting);
        let mut work = Work::begin(&city.base, &city.command()).await.expect("a transaction");
        open311::api::set_in(&mut work, &setting).await.expect("the setting");
        let key = open311::api::issue_in(&mut work, "随手拍小程序", "张工 0513-85098765").await.expect("a key").key;
        work.commit().await.expect("committed");
        let program = Browser::open(city.address);
        Self { city, program, key }
    }

    pub async fn post_with(&self, format: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", jh_web::encoded(name), jh_web::encoded(value)))
            .collect();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        all.extend_from_slice(headers);
        self.program.request(Method::POST, &format!("{V2}/requests.{format}"), &all, Some(pairs.join("&"))).await
    }

    /// A report with the key.
    pub async fn post(&self, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("api_key", self.key.as_str())];
        all.extend_from_slice(fields);
        self.post_with("json", &[], &all).await
    }

    /// The id of a report of this service, here.
    pub async fn reported(&self, service: &str, description: &str) -> String {
        let fields = [HERE[0], HERE[1], ("service_code", service), ("description", description)];
        text(&self.post(&fields).await.expect(200).json()[0]["service_request_id"])
    }

    pub async fn get(&self, path: &str) -> Value {
        self.program.get(&format!("{V2}/{path}")).await.expect(200).json()
    }

    /// The ids of a list.
    pub async fn ids(&self, query: &str) -> Vec<String> {
        let list = self.get(&format!("requests.json?{query}")).await;
        list.as_array().expect("a list").iter().map(|one| text(&one["service_request_id"])).collect()
    }

    /// The case behind a number, as the centre knows it.
    pub async fn case_id(&self, number: &str) -> String {
        let mut conn = self.city.base.db.read().await.expect("a connection");
        let found = casework::api::by_number(&mut conn, number).await.expect("a query");
        found.expect("a case").case_id.to_string()
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Makes sure that every element is closed where it was opened, and that nothing else looks like one.
#[track_caller]
fn well_formed(xml: &str) {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>").expect("the declaration");
    let tag = Regex::new(r"<(/?)([a-z_]+)(/?)>|([<&][^;]{0,9};?)").expect("a pattern");
    let mut open = Vec::new();
    for found in tag.captures_iter(body) {
        match (found.get(2).map(|name| name.as_str()), &found[0]) {
            (None, other) => {
                assert!(["&lt;", "&gt;", "&amp;", "&#13;"].iter().any(|e| other.starts_with(e)), "{other}")
            }
            (Some(_), whole) if whole.ends_with("/>") => {}
            (Some(name), whole) if whole.starts_with("</") => assert_eq!(open.pop(), Some(name), "{xml}"),
            (Some(name), _) => open.push(name),
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[tokio::test]
async fn a_program_finds_a_service_reports_and_reads_back_what_it_reported() {
    let edge = Edge::found().await;
    let discovery = edge.get("discovery.json").await;
    assert_eq!(discovery["endpoints"][0]["specification"], "http://wiki.open311.org/GeoReport_v2");
    assert_eq!(discovery["contact"], "0513-12345");
    let services = edge.get("services.json").await;
    let damage = services.as_array().expect("services").iter().find(|one| one["service_code"] == "road-damage");
    let damage = damage.expect("the service");
    assert_eq!(
        (&damage["metadata"], &damage["type"], &damage["group"]),
        (&json!(true), &json!("realtime"), &json!("道路交通"))
    );
    let definition = edge.get("services/road-damage.json").await;
    let size = &definition["attributes"][0];
    assert_eq!(
        (&size["code"], &size["datatype"], &size["order"]),
        (&json!("size"), &json!("singlevaluelist"), &json!(1))
    );
    assert_eq!(size["values"][2]["key"], "lane");
    let fields = [
        ("api_key", edge.key.as_str()),
        ("jurisdiction_id", "nantong.gov.cn"),
        ("service_code", "road-damage"),
        HERE[0],
        HERE[1],
        ("address_string", "人民中路 <与> 濠南路口"),
        ("description", "路面塌陷 & 积水"),
        ("attribute[size]", "lane"),
        ("media_url", "https://example.org/a.jpg?x=1&y=2"),
    ];
    let taken = edge.post_with("xml", &[], &fields).await.expect(200);
    assert_eq!(taken.headers["content-type"], "text/xml; charset=utf-8");
    well_formed(&taken.text);
    let id = Regex::new("<service_request_id>([^<]+)<").expect("a pattern").captures(&taken.text).expect("an id")[1]
        .to_owned();
    let shown = edge.get(&format!("requests/{id}.json?jurisdiction_id=nantong.gov.cn")).await;
    let shown = &shown[0];
    assert_eq!((&shown["status"], &shown["service_code"]), (&json!("open"), &json!("road-damage")));
    assert_eq!(shown["address"], "人民中路 <与> 濠南路口");
    assert_eq!((shown["lat"].as_f64(), shown["long"].as_f64()), (Some(32.0146), Some(120.8617)));
    assert!(text(&shown["requested_datetime"]).ends_with("+08:00"), "{shown}");
    let xml = edge.program.get(&format!("{V2}/requests/{id}.xml")).await.expect(200);
    well_formed(&xml.text);
    assert!(xml.text.contains("<address>人民中路 &lt;与&gt; 濠南路口</address>"), "{}", xml.text);
    let case = seen(&edge.city.staff("NT-XXZX", CENTRE).await, &edge.case_id(&id).await).await;
    assert_eq!(case["channel"], "api");
    let mut conn = edge.city.base.db.read().await.expect("a connection");
    let case_id = edge.case_id(&id).await.parse().expect("an id");
    let answers = casework::api::attribute_values(&mut conn, case_id).await.expect("a query");
    assert_eq!((answers[0].key.as_str(), answers[0].value.as_str()), ("lane", "占一个车道以上"));
    let steps = casework::api::timeline(&mut conn, case_id).await.expect("a query");
    assert_eq!(steps[0].note, "https://example.org/a.jpg?x=1&y=2");
    assert_eq!(steps[0].actor_name, "Open311 · 随手拍小程序");
}

#[tokio::test]
async fn every_document_of_the_interface_is_well_formed_and_speaks_english_when_asked() {
    let edge = Edge::found().await;
    edge.reported("noise", "夜间施工").await;
    for path in
        ["discovery", "services", "services/noise", "services/waste", "requests", "requests/nothing", "tokens/x"]
    {
        let xml = edge.program.get(&format!("{V2}/{path}.xml")).await;
        assert_eq!(xml.headers["content-type"], "text/xml; charset=utf-8", "{path}");
        well_formed(&xml.text);
        let found = edge.program.get_with(&format!("{V2}/{path}.json"), &[("accept-language", "en")]).await;
        assert_eq!(found.headers["content-type"], "application/json; charset=utf-8", "{path}");
        assert_eq!(found.status, xml.status, "{path}");
        found.json();
    }
    let list = edge.program.get_with(&format!("{V2}/requests.json"), &[("accept-language", "en")]).await.json();
    assert_eq!((&list[0]["service_name"], &list[0]["status_notes"]), (&json!("Noise"), &json!("To be accepted")));
    let document = edge.get("openapi.json").await;
    assert!(text(&document["servers"][0]["url"]).ends_with(V2), "{}", document["servers"]);
}

#[tokio::test]
async fn each_bad_report_is_refused_in_the_specifications_form_and_says_why() {
    let edge = Edge::found().await;
    let long = "长".repeat(4_001);
    let place = [("service_code", "noise"), HERE[0], HERE[1]];
    let with = |extra: &[(&'static str, &str)]| -> Vec<(String, String)> {
        place.iter().chain(extra).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let own = |fields: &[(&str, &str)]| -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    type Refused = (Vec<(String, String)>, u16, &'static str);
    let cases: Vec<Refused> = vec![
        (own(&[HERE[0], HERE[1]]), 400, "service_code"),
        (own(&[("service_code", "no-such"), HERE[0], HERE[1]]), 404, "service_code"),
        (own(&[("service_code", "noise")]), 400, "address_string"),
        (own(&[("service_code", "noise"), ("address_id", "12")]), 400, "地址编码库"),
        (own(&[("service_code", "noise"), HERE[0]]), 400, "必须同时提供"),
        (own(&[("service_code", "noise"), ("lat", "north"), ("long", "1")]), 400, "WGS84"),
        (own(&[("service_code", "noise"), ("lat", "31.23"), ("long", "121.47")]), 400, "南通市"),
        (with(&[("jurisdiction_id", "elsewhere.gov.cn")]), 404, "jurisdiction_id"),
        (with(&[("description", &long)]), 400, "4000"),
        (with(&[("media_url", "ftp://x")]), 400, "media_url"),
        (with(&[("phone", "12")]), 400, "phone"),
        (with(&[("email", "nobody")]), 400, "email"),
        (with(&[("attribute[when]", "always")]), 400, "when"),
        (with(&[("attribute[colour]", "red")]), 400, "colour"),
        (own(&[("service_code", "consumer"), HERE[0], HERE[1]]), 400, "merchant"),
    ];
    for (fields, status, word) in cases {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = edge.post(&fields).await;
        assert_eq!(refused.status.as_u16(), status, "{fields:?}: {}", refused.text);
        let errors = refused.json();
        assert_eq!(errors[0]["code"], status, "{errors}");
        assert!(text(&errors[0]["description"]).contains(word), "{fields:?}: {errors}");
    }
    let xml = edge.post_with("xml", &[], &[("api_key", "jho_wrong"), place[0], HERE[0], HERE[1]]).await.expect(403);
    well_formed(&xml.text);
    assert!(xml.text.contains("<errors>\n  <error>\n    <code>403</code>"), "{}", xml.text);
    edge.post_with("json", &[], &place).await.expect(403);
    let body = Some("{\"service_code\":\"noise\"}".to_owned());
    let path = format!("{V2}/requests.json");
    edge.program.request(Method::POST, &path, &[("content-type", "application/json")], body).await.expect(400);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    edge.program.request(Method::POST, &path, &form, Some("a=".to_owned() + &"x".repeat(200_000))).await.expect(413);
    assert!(edge.ids("").await.is_empty(), "something was taken all the same");
}

#[tokio::test]
async fn each_bad_question_is_refused_and_says_why() {
    let edge = Edge::found().await;
    for (path, status, word) in [
        ("requests.json?start_date=soon", 400, "start_date"),
        ("requests.json?start_date=2026-01-01&end_date=2026-12-01", 400, "90"),
        ("requests.json?start_date=2026-03-01&end_date=2026-01-01", 400, "end_date"),
        ("requests.json?status=done", 400, "status"),
        ("requests.json?bbox=1,2", 400, "bbox"),
        ("requests.json?page_size=5000", 400, "page_size"),
        ("requests.json?jurisdiction_id=elsewhere", 404, "jurisdiction_id"),
        ("services/no-such.json", 404, "service_code"),
        ("requests/20260101-000001.json", 404, "编号"),
        ("tokens/nothing.json", 404, "token"),
        ("no/such/thing.json", 404, "discovery"),
    ] {
        let refused = edge.program.get(&format!("{V2}/{path}")).await;
        assert_eq!(refused.status.as_u16(), status, "{path}: {}", refused.text);
        assert!(text(&refused.json()[0]["description"]).contains(word), "{path}: {}", refused.text);
    }
    let plain = edge.program.get(&format!("{V2}/services/noise")).await.expect(404);
    well_formed(&plain.text);
    for odd in ["requests/%00.json", "requests/%ff.xml", "services/%00.xml", "requests.json?service_request_id=%00"] {
        let answer = edge.program.get(&format!("{V2}/{odd}")).await;
        assert!(answer.status.as_u16() < 500, "{odd}: {}", answer.text);
    }
}

#[tokio::test]
async fn nothing_of_a_reporter_is_ever_shown() {
    let edge = Edge::found().await;
    let fields = [
        ("service_code", "noise"),
        HERE[0],
        HERE[1],
        ("description", "楼上夜里装修，请打我电话13912345678"),
        ("first_name", "江海"),
        ("last_name", "顾"),
        ("phone", "13912345678"),
        ("email", "gu@example.cn"),
        ("account_id", "acc-7788"),
        ("device_id", "dev-9900"),
        ("attribute[when][]", "night"),
    ];
    let id = text(&edge.post(&fields).await.expect(200).json()[0]["service_request_id"]);
    let secrets = ["13912345678", "顾", "江海", "gu@example", "acc-7788", "dev-9900"];
    let shown = async |words: &str| {
        for path in [format!("requests/{id}.xml"), "requests.json".to_owned(), "requests.xml".to_owned()] {
            let answer = edge.program.get(&format!("{V2}/{path}")).await.expect(200).text;
            let leak = secrets.iter().find(|secret| answer.contains(**secret));
            assert_eq!(leak, None, "{path}: {answer}");
            assert!(answer.contains(words), "{path}: {answer}");
        }
    };
    shown("噪声扰民").await;
    let page = edge.get(&format!("requests/{id}.json")).await;
    assert_eq!(page[0]["description"], "噪声扰民", "the words are shown before the centre published them");
    let centre = edge.city.staff("NT-XXZX", CENTRE).await;
    let case = edge.case_id(&id).await;
    act(&centre, &case, "publication", json!({ "shown": "words" })).await.expect(200);
    shown("楼上夜里装修").await;
    act(&centre, &case, "publication", json!({ "shown": "nothing" })).await.expect(200);
    edge.program.get(&format!("{V2}/requests/{id}.json")).await.expect(404);
    assert!(edge.ids("").await.is_empty());
}

#[tokio::test]
async fn the_same_report_sent_again_is_one_case_and_gets_the_first_answer() {
    let edge = Edge::found().await;
    let first = edge.reported("noise", "夜间施工").await;
    assert_eq!(edge.reported("noise", "夜间施工").await, first, "the button was pressed twice");
    assert_ne!(edge.reported("noise", "夜间施工，第二处").await, first);
    edge.city.base.clock.advance(time::Duration::minutes(3));
    assert_ne!(edge.reported("noise", "夜间施工").await, first, "later it is another evening");
    let fields = [("api_key", edge.key.as_str()), ("service_code", "waste"), HERE[0], HERE[1]];
    let keyed =
        async |fields: &[(&str, &str)]| edge.post_with("json", &[("idempotency-key", "report-1")], fields).await;
    let one = text(&keyed(&fields).await.expect(200).json()[0]["service_request_id"]);
    edge.city.base.clock.advance(time::Duration::hours(30));
    assert_eq!(text(&keyed(&fields).await.expect(200).json()[0]["service_request_id"]), one);
    let other = [fields[0], ("service_code", "noise"), HERE[0], HERE[1]];
    let refused = keyed(&other).await.expect(400).json();
    assert!(text(&refused[0]["description"]).contains("Idempotency-Key"), "{refused}");
    assert_eq!(edge.ids("").await.len(), 4);
}

#[tokio::test]
async fn eight_posts_of_one_report_at_the_same_moment_are_one_case() {
    let edge = Edge::found().await;
    let fields = [HERE[0], HERE[1], ("service_code", "manhole"), ("description", "井盖没了")];
    let (a, b, c, d) = (edge.post(&fields), edge.post(&fields), edge.post(&fields), edge.post(&fields));
    let (e, f, g, h) = (edge.post(&fields), edge.post(&fields), edge.post(&fields), edge.post(&fields));
    let (a, b, c, d, e, f, g, h) = tokio::join!(a, b, c, d, e, f, g, h);
    let mut ids: Vec<String> =
        [a, b, c, d, e, f, g, h].map(|answer| text(&answer.expect(200).json()[0]["service_request_id"])).into();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(edge.ids("").await, ids);
}

#[tokio::test]
async fn where_a_person_reads_first_a_token_becomes_an_id_when_the_report_is_released() {
    let edge = Edge::found_with(|setting| setting.held = true).await;
    assert_eq!(edge.get("services.json").await[0]["type"], "batch");
    let fields = [HERE[0], HERE[1], ("service_code", "noise"), ("description", "夜间施工")];
    let taken = edge.post(&fields).await.expect(200).json();
    assert!(taken[0]["service_request_id"].is_null(), "{taken}");
    let token = text(&taken[0]["token"]);
    assert_eq!(text(&edge.post(&fields).await.expect(200).json()[0]["token"]), token, "a repeat gets the same token");
    let early = edge.program.get(&format!("{V2}/tokens/{token}.json")).await.expect(404).json();
    assert!(text(&early[0]["description"]).contains("核实"), "{early}");
    assert!(edge.ids("").await.is_empty(), "a report that nobody has read is shown");
    let centre = edge.city.staff("NT-XXZX", CENTRE).await;
    let inbox = centre.get("/api/casework/inbox").await.expect(200).json();
    assert_eq!(inbox["items"].as_array().expect("items").len(), 1);
    act(&centre, &text(&inbox["items"][0]["case_id"]), "release", json!({})).await.expect(200);
    let resolved = edge.get(&format!("tokens/{token}.json")).await;
    assert_eq!(resolved[0]["token"], token.as_str());
    assert_eq!(edge.ids("").await, [text(&resolved[0]["service_request_id"])]);
}

#[tokio::test]
async fn a_list_is_narrowed_by_service_status_time_place_and_page() {
    let edge = Edge::found().await;
    let noise = edge.reported("noise", "夜间施工").await;
    edge.city.base.clock.advance(time::Duration::days(1));
    let fields = [("service_code", "waste"), ("lat", "32.05"), ("long", "120.90"), ("description", "垃圾没有清运")];
    let waste = text(&edge.post(&fields).await.expect(200).json()[0]["service_request_id"]);
    assert_eq!(edge.ids("").await, [waste.clone(), noise.clone()], "newest first");
    assert_eq!(edge.ids("service_code=noise").await, std::slice::from_ref(&noise));
    assert_eq!(edge.ids("service_code=noise,waste&page_size=1&page=2").await, std::slice::from_ref(&noise));
    assert_eq!(edge.ids("bbox=120.88,32.0,121.0,32.1").await, std::slice::from_ref(&waste));
    let day = jh_core::clock::china_day(edge.city.base.clock.now());
    assert_eq!(edge.ids(&format!("start_date={day}")).await, std::slice::from_ref(&waste));
    assert_eq!(edge.ids(&format!("service_request_id={noise},{waste}&status=closed")).await.len(), 2);
    let centre = edge.city.staff("NT-XXZX", CENTRE).await;
    let case = edge.case_id(&noise).await;
    act(&centre, &case, "answer", json!({ "answer": "已责令停工", "outcome": "answered" })).await.expect(200);
    assert_eq!(edge.ids("status=closed").await, std::slice::from_ref(&noise));
    assert_eq!(edge.ids("status=open").await, [waste]);
    let closed = edge.get(&format!("requests/{noise}.json")).await;
    assert_eq!((&closed[0]["status"], &closed[0]["status_notes"]), (&json!("closed"), &json!("已答复")));
    assert!(closed[0]["expected_datetime"].is_null());
    edge.city.base.clock.advance(time::Duration::days(91));
    assert!(edge.ids("").await.is_empty(), "older than the last ninety days");
}

#[tokio::test]
async fn a_report_that_was_merged_into_another_is_still_found_closed_as_a_duplicate() {
    let edge = Edge::found().await;
    let (first, second) = (edge.reported("noise", "夜间施工").await, edge.reported("noise", "夜里还在施工").await);
    let centre = edge.city.staff("NT-XXZX", CENTRE).await;
    let (into, gone) = (edge.case_id(&first).await, edge.case_id(&second).await);
    let body = json!({ "into": into }).to_string();
    let path = format!("/api/casework/cases/{gone}/merger");
    centre.request(Method::POST, &path, &[("content-type", "application/json")], Some(body)).await.expect(204);
    assert_eq!(edge.ids("").await, [first]);
    let shown = edge.get(&format!("requests/{second}.json")).await;
    assert_eq!((&shown[0]["status"], &shown[0]["status_notes"]), (&json!("closed"), &json!("已并案")));
}
