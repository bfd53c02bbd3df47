//! Sharing between departments, as people and programs meet it: asking, narrowing, calling, revoking.
use jh_core::actor::{Actor, ActorKind, Command, Grant, OrganisationId};
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::{Value, json};

const ASK: &[&str] = &["exchange.request.create", "exchange.agreement.read"];
const DECIDE: &[&str] = &["exchange.request.decide", "exchange.agreement.read"];
const DRAFT: &[&str] = &["catalogue.resource.draft"];
const PUBLISH: &[&str] = &["catalogue.resource.review", "catalogue.resource.publish"];

const RESOURCES: &str = "\
code,provider,title,title_en,description,description_en,keywords,theme,format,update_cycle,classification,sharing,terms,open,contact,rows
306001-000001,NT-GA,常住人口,Residents,南通市常住人口登记信息，用于跨部门核对。,Registered residents.,人口,population,database,daily,sensitive,conditional,仅用于办理社会救助,false,户政支队 0513-85512345,dataset
306001-000002,NT-GA,道路停车泊位,Parking places,南通市区道路停车泊位登记信息。,Parking places on streets.,停车,transport,table,monthly,internal,unconditional,,false,交警支队 0513-85512346,dataset
306001-000003,NT-GA,涉密人员名单,Withheld list,依法不予共享的人员名单。,A list withheld by law.,名单,safety,database,daily,sensitive,withheld,《中华人民共和国保守国家秘密法》第九条,false,户政支队 0513-85512345,dataset
";
const FIELDS: &str = "\
resource,name,label,label_en,type,element,required,classification,unit
306001-000001,name,姓名,Name,text,,true,internal,
306001-000001,citizen_id,公民身份号码,Citizen ID,text,,true,sensitive,
306001-000001,phone,联系电话,Phone,text,,false,sensitive,
306001-000001,division,行政区划,Division,text,,true,internal,
306001-000001,address,住址,Address,text,,false,internal,
306001-000002,place,泊位编号,Place,text,,true,internal,
306001-000002,street,道路,Street,text,,true,internal,
306001-000003,name,姓名,Name,text,,true,sensitive,
";

/// A city whose public security bureau has three resources in the catalogue.
async fn city() -> City {
    let city = City::found().await;
    let provider = city.organisation("NT-GA").await;
    let drafter = person(&city, "drafter", provider, DRAFT).await;
    let publisher = person(&city, "publisher", provider, PUBLISH).await;
    catalogue::api::import_resources(&city.base, &drafter, &publisher, RESOURCES.as_bytes(), FIELDS.as_bytes())
        .await
        .expect("the resources");
    city
}

async fn person(city: &City, name: &str, organisation: OrganisationId, permissions: &[&str]) -> Command {
    let account = city.account(name, "NT-GA", "NT-GA", &[]).await;
    let grant = |permission: &&str| Grant { permission: (*permission).to_owned(), scope: organisation };
    let actor = Actor {
        account: Some(account),
        kind: ActorKind::Staff,
        name: name.into(),
        organisation: Some(organisation),
        organisation_name: "南通市公安局".into(),
        grants: permissions.iter().map(grant).collect(),
    };
    Command { actor, now: city.base.clock.now(), key: None, request_id: name.into() }
}

async fn post_json(browser: &Browser, path: &str, body: Value) -> Answer {
    let headers = [("content-type", "application/json")];
    browser.request(Method::POST, path, &headers, Some(body.to_string())).await
}

fn residents() -> Value {
    json!({
        "resource_code": "306001-000001",
        "purpose": "办理最低生活保障时核对申请人户籍",
        "legal_basis": "《社会救助暂行办法》第五十八条",
        "fields": [
            {"name": "name"},
            {"name": "citizen_id"},
            {"name": "phone", "clear_reason": "电话通知申请人补充材料"},
            {"name": "division"},
        ],
        "from_on": "2026-03-02", "to_on": "2027-03-01", "calls_a_day": 1000,
    })
}

/// Asks as `asker` and answers the request's id.
async fn asked(asker: &Browser, body: Value) -> String {
    let outcome = post_json(asker, "/api/exchange/requests", body).await.expect(201).json();
    outcome["request_id"].as_str().expect("an id").to_owned()
}

/// An agreement in force on name, masked citizen ID and division, rows of one district; with a credential of its user.
async fn agreed(city: &City) -> (String, String) {
    let asker = city.staff("NT-MZ", ASK).await;
    let decider = city.staff("NT-GA", DECIDE).await;
    let id = asked(&asker, residents()).await;
    let grant = json!({
        "decision": "grant",
        "fields": [{"name": "name"}, {"name": "citizen_id"}, {"name": "division"}],
        "added_conditions": [{"field": "division", "op": "prefix", "value": "320602"}],
        "calls_a_day": 3,
    });
    let offered = post_json(&decider, &format!("/api/exchange/requests/{id}/decision"), grant).await.expect(200).json();
    assert_eq!(offered["state"], "offered");
    let made =
        post_json(&asker, &format!("/api/exchange/requests/{id}/acceptance"), json!({})).await.expect(200).json();
    let credential = city.credential("NT-MZ", &["exchange.call"]).await;
    (made["agreement_id"].as_str().expect("an agreement").to_owned(), credential)
}

async fn call(city: &City, credential: &str, agreement: &str, query: &str) -> Answer {
    let bearer = format!("Bearer {credential}");
    let path = format!("/api/exchange/agreements/{agreement}/rows{query}");
    Browser::open(city.address).get_with(&path, &[("authorization", &bearer)]).await
}

#[tokio::test]
async fn two_departments_agree_through_the_forms_and_revoking_stops_the_next_call() {
    let city = city().await;
    let asker = city.staff("NT-MZ", ASK).await;
    let decider = city.staff("NT-GA", DECIDE).await;
    let form = "/exchange/requests/new?resource=306001-000001";
    asker.get("/exchange/requests/new?q=人口").await.expect(200).text.find(form).expect("the resource is offered");
    let fields = [
        ("resource", "306001-000001"),
        ("purpose", "核对"),
        ("field", "name"),
        ("field", "citizen_id"),
        ("from_on", "2026-03-02"),
        ("to_on", "2026-02-30"),
        ("calls_a_day", "1,000"),
        ("onward", "forbidden"),
    ];
    let again = asker.submit(form, "/exchange/requests", &fields).await.expect(422);
    assert!(again.text.contains("href=\"#purpose\"") && again.text.contains("href=\"#to_on\""), "{}", again.text);
    assert!(again.text.contains("value=\"2026-02-30\""), "what was typed is kept");
    let mut fields = fields;
    fields[1].1 = "办理最低生活保障时核对<script>alert(1)</script>";
    fields[5].1 = "2027-03-01";
    let made = asker.submit(form, "/exchange/requests", &fields).await.expect(303);
    let request = made.location.expect("a place to go on");
    let shown = asker.get(&request).await.expect(200);
    assert!(!shown.text.contains("<script>alert") && shown.text.contains("script"), "a purpose shows as text");
    let decision = format!("{request}/decision");
    decider.get(&decision).await.expect(200);
    let narrowed = [
        ("field", "name"),
        ("calls_a_day", "100"),
        ("rate_a_minute", "60"),
        ("from_on", "2026-03-02"),
        ("to_on", "2026-12-31"),
        ("onward", "forbidden"),
        ("note", "身份号码不需要"),
        ("decision", "grant"),
    ];
    decider.submit(&decision, &decision, &narrowed).await.expect(303);
    let offer = asker.get(&request).await.expect(200);
    assert!(offer.text.contains("身份号码不需要") && offer.text.contains("不提供"), "{}", offer.text);
    let accepted = asker.submit(&request, &format!("{request}/acceptance"), &[]).await.expect(303);
    let page = accepted.location.expect("the agreement");
    let id = page.rsplit('/').next().expect("an id").to_owned();
    let clauses = asker.get(&page).await.expect(200);
    assert!(
        clauses.text.contains("只提供下列字段：姓名（name）。") && clauses.text.contains("curl -H"),
        "{}",
        clauses.text
    );

    let credential = city.credential("NT-MZ", &["exchange.call"]).await;
    let answer = call(&city, &credential, &id, "").await.expect(200).json();
    assert_eq!(answer["fields"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["quota_left"], 99);
    let reason = format!("{page}/revocation");
    let short = decider.submit(&reason, &reason, &[("reason", "停")]).await.expect(422);
    assert!(short.text.contains("href=\"#reason\""), "{}", short.text);
    decider.submit(&reason, &reason, &[("reason", "户籍数据改由省平台提供")]).await.expect(303);
    let problem = call(&city, &credential, &id, "").await.expect(403).json();
    assert_eq!((&problem["code"], &problem["args"]["clause"]), (&json!("exchange-revoked"), &json!("10")));
    let detail = problem["detail"].as_str().expect("words");
    assert!(
        detail.contains("第 10 条") && detail.contains("南通市公安局") && detail.contains("户籍数据改由省平台提供"),
        "{detail}"
    );
    for browser in [&asker, &decider] {
        sees_both_calls(browser, &page).await;
    }
}

/// The log shows the answered and the refused call, on the page and as a file.
async fn sees_both_calls(browser: &Browser, page: &str) {
    let log = browser.get(&format!("{page}/calls")).await.expect(200);
    assert!(log.text.contains("已答复") && log.text.contains("被拒绝"), "{}", log.text);
    let csv = browser.get(&format!("{page}/calls.csv")).await.expect(200);
    assert_eq!(csv.text.lines().count(), 3, "{}", csv.text);
}

#[tokio::test]
async fn every_refusal_of_a_call_names_its_clause_and_its_text() {
    let city = city().await;
    let (id, credential) = agreed(&city).await;
    for (query, code, clause) in [
        ("?fields=name,address", "exchange-field-not-agreed", "3"),
        ("?citizen_id.prefix=3206", "exchange-masked-search", "3"),
        ("?division=320611001", "exchange-outside-rows", "4"),
    ] {
        let problem = call(&city, &credential, &id, query).await.expect(403);
        assert_eq!(problem.headers["content-type"], "application/problem+json");
        let problem = problem.json();
        assert_eq!((&problem["code"], &problem["args"]["clause"]), (&json!(code), &json!(clause)), "{query}");
        assert!(problem["args"]["clause_text"].as_str().is_some_and(|text| text.len() > 10), "{problem}");
    }
    call(&city, &credential, &id, "?size=0").await.expect(422);
    for _ in 0..3 {
        call(&city, &credential, &id, "?fields=name").await.expect(200);
    }
    let over = call(&city, &credential, &id, "").await.expect(429);
    assert!(over.headers.contains_key("retry-after"));
    let over = over.json();
    assert_eq!(
        (&over["code"], &over["args"]["resets_at"]),
        (&json!("exchange-over-quota"), &json!("2026-03-03 00:00"))
    );
    let stranger = city.credential("NT-GS", &["exchange.call"]).await;
    let problem = call(&city, &stranger, &id, "").await.expect(403).json();
    assert_eq!((&problem["code"], &problem["args"]["clause"]), (&json!("exchange-not-party"), &json!("1")));
    assert!(problem["args"]["clause_text"].is_null() && !problem.to_string().contains("民政"), "{problem}");
    call(&city, &credential, "0190d6a0-0000-7000-8000-000000000000", "").await.expect(404);
    city.base.advance(time::Duration::days(365));
    let renewed = city.credential("NT-MZ", &["exchange.call"]).await;
    let problem = call(&city, &renewed, &id, "").await.expect(403).json();
    assert_eq!((&problem["code"], &problem["args"]["to_on"]), (&json!("exchange-term-over"), &json!("2027-03-01")));
}

#[tokio::test]
async fn an_unconditional_resource_is_approved_by_rule_and_says_so() {
    let city = city().await;
    let asker = city.staff("NT-MZ", ASK).await;
    let body = json!({
        "resource_code": "306001-000002", "purpose": "规划社区停车设施时统计泊位", "fields": [{"name": "place"}],
        "from_on": "2026-03-02", "to_on": "2026-12-31", "calls_a_day": 100,
    });
    let outcome = post_json(&asker, "/api/exchange/requests", body).await.expect(201).json();
    assert_eq!(outcome["state"], "agreed");
    let id = outcome["request_id"].as_str().expect("an id");
    let request = asker.get(&format!("/api/exchange/requests/{id}")).await.expect(200).json();
    assert_eq!(request["by_rule"], true);
    let page = asker.get(&format!("/exchange/requests/{id}")).await.expect(200);
    assert!(page.text.contains("按规则自动同意"), "{}", page.text);
}

#[tokio::test]
async fn a_withheld_resource_is_refused_with_its_legal_basis() {
    let city = city().await;
    let asker = city.staff("NT-MZ", ASK).await;
    let page = asker.get("/exchange/requests/new?resource=306001-000003").await.expect(200);
    assert!(page.text.contains("保守国家秘密法") && page.hidden("resource").is_none(), "{}", page.text);
    let mut body = residents();
    body["resource_code"] = json!("306001-000003");
    let problem = post_json(&asker, "/api/exchange/requests", body).await.expect(403).json();
    assert_eq!(problem["code"], "exchange-withheld");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("第九条")), "{problem}");
}

#[tokio::test]
async fn who_asked_may_not_decide_and_who_decided_may_not_accept() {
    let city = city().await;
    let all = [ASK, DECIDE].concat();
    let both = city.staff_scoped("NT-MZ", "NT", &all).await;
    let id = asked(&both, residents()).await;
    let decision = format!("/api/exchange/requests/{id}/decision");
    let refused = post_json(&both, &decision, json!({"decision": "refuse", "reason": "不符合条件"})).await.expect(403);
    assert_eq!(refused.json()["code"], "exchange-same-person");
    let other = city.staff_scoped("NT-GA", "NT", &all).await;
    let grant = json!({"decision": "grant", "fields": [{"name": "name"}]});
    post_json(&other, &decision, grant).await.expect(200);
    let own = post_json(&other, &format!("/api/exchange/requests/{id}/acceptance"), json!({})).await.expect(403);
    assert_eq!(own.json()["code"], "exchange-same-person");
    post_json(&both, &format!("/api/exchange/requests/{id}/acceptance"), json!({})).await.expect(200);
}

#[tokio::test]
async fn an_offer_is_never_wider_than_what_was_asked() {
    let city = city().await;
    let (asker, decider) = (city.staff("NT-MZ", ASK).await, city.staff("NT-GA", DECIDE).await);
    let id = asked(&asker, residents()).await;
    let decision = format!("/api/exchange/requests/{id}/decision");
    for (part, field) in [
        (json!({"fields": [{"name": "name"}, {"name": "address"}]}), "fields"),
        (json!({"fields": [{"name": "citizen_id", "clear_reason": "顺便给明文"}]}), "fields"),
        (json!({"fields": [{"name": "name"}], "calls_a_day": 1001}), "calls_a_day"),
        (json!({"fields": [{"name": "name"}], "to_on": "2027-03-02"}), "to_on"),
        (json!({"fields": [{"name": "name"}], "onward": "own_offices"}), "onward"),
        // Left as asked, but the phone was asked in clear and nobody says why it is given so.
        (json!({}), "fields"),
    ] {
        let mut body = part;
        body["decision"] = json!("grant");
        let problem = post_json(&decider, &decision, body.clone()).await.expect(422).json();
        let named = problem["fields"].as_array().expect("fields").iter().any(|fault| fault["field"] == field);
        assert!(named, "{body} gave {problem}");
    }
}

#[tokio::test]
async fn what_other_departments_agree_does_not_exist() {
    let city = city().await;
    let (agreement, _) = agreed(&city).await;
    let outsider = city.staff("NT-GS", &[ASK, DECIDE].concat()).await;
    let asker = city.staff("NT-MZ", ASK).await;
    let request = asked(&asker, residents()).await;
    for path in [
        format!("/exchange/requests/{request}"),
        format!("/exchange/requests/{request}/decision"),
        format!("/exchange/agreements/{agreement}"),
        format!("/exchange/agreements/{agreement}/revocation"),
        format!("/exchange/agreements/{agreement}/calls"),
        format!("/exchange/agreements/{agreement}/calls.csv"),
        format!("/api/exchange/requests/{request}"),
        format!("/api/exchange/agreements/{agreement}"),
        format!("/api/exchange/agreements/{agreement}/calls"),
    ] {
        assert_eq!(outsider.get(&path).await.status, 404, "{path}");
    }
    for (path, body) in [
        (format!("/api/exchange/requests/{request}/decision"), json!({"decision": "refuse", "reason": "不符合条件"})),
        (format!("/api/exchange/requests/{request}/acceptance"), json!({})),
        (format!("/api/exchange/requests/{request}/withdrawal"), json!({})),
        (format!("/api/exchange/agreements/{agreement}/revocation"), json!({"reason": "不再提供这些数据"})),
        (format!("/api/exchange/agreements/{agreement}/ending"), json!({})),
    ] {
        assert_eq!(post_json(&outsider, &path, body).await.status, 404, "{path}");
    }
    for path in ["/api/exchange/requests", "/api/exchange/agreements"] {
        assert_eq!(outsider.get(path).await.expect(200).json()["items"], json!([]), "{path}");
    }
    let list = asker.get("/exchange/requests?side=asking&state=requested&q=常住").await.expect(200);
    assert!(list.text.contains("SQ-2026-00002") && !list.text.contains("SQ-2026-00001"), "{}", list.text);
}

#[tokio::test]
async fn a_request_sent_twice_is_one_request() {
    let city = city().await;
    let asker = city.staff("NT-MZ", ASK).await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "0190d6a0-0000-7000-8000-000000000042")];
    let send = |body: Value| asker.request(Method::POST, "/api/exchange/requests", &headers, Some(body.to_string()));
    let (first, second) = (send(residents()).await.expect(201).json(), send(residents()).await.expect(201).json());
    assert_eq!(first["number"], second["number"]);
    let mut other = residents();
    other["calls_a_day"] = json!(5);
    assert_eq!(send(other).await.expect(422).json()["code"], "key-reused");
    assert_eq!(asker.get("/api/exchange/requests").await.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_term_that_is_over_is_written_down_by_the_job() {
    let city = city().await;
    let (agreement, _) = agreed(&city).await;
    city.base.advance(time::Duration::days(365));
    city.run_scheduled("exchange.expire").await;
    let reader = city.staff("NT-GA", DECIDE).await;
    let shown = reader.get(&format!("/api/exchange/agreements/{agreement}")).await.expect(200).json();
    assert_eq!(shown["state"], "expired");
    let revocation = format!("/api/exchange/agreements/{agreement}/revocation");
    let late = post_json(&reader, &revocation, json!({"reason": "不再提供这些数据"})).await;
    assert_eq!(late.expect(409).json()["code"], "exchange-wrong-state");
}
