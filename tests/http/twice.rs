//! Twice is once, for programs: one key is one change with one content.
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::json;

const SUBMIT: &[&str] = &["registry.delivery.submit", "registry.delivery.read"];
const PEOPLE: &str = "姓名,身份证号\n王芳,320602195001010023\n";
const KEY: &str = "0190d6a0-0000-7000-8000-0000000000a1";

async fn send(city: &City, method: Method, path: &str, token: &str, key: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key), ("content-type", "application/json")];
    Browser::open(city.address).request(method, path, &headers, Some(body.to_owned())).await
}

async fn deliveries(city: &City) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM registry.delivery").fetch_one(city.base.db.pool()).await.expect("a count")
}

#[tokio::test]
async fn the_same_delivery_under_the_same_key_is_answered_once_more_and_made_once() {
    let city = City::found().await;
    let token = city.credential("NT-GA", SUBMIT).await;
    let path = "/api/registry/deliveries?provider=NT-GA&kind=person&file_name=a.csv";
    let first = send(&city, Method::POST, path, &token, KEY, PEOPLE).await.expect(202);
    let again = send(&city, Method::POST, path, &token, KEY, PEOPLE).await.expect(202);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!((again.location, again.text), (first.location, first.text));
    assert_eq!(deliveries(&city).await, 1);
}

#[tokio::test]
async fn another_file_under_a_used_key_is_refused_and_not_lost_without_a_word() {
    let city = City::found().await;
    let token = city.credential("NT-GA", SUBMIT).await;
    let path = "/api/registry/deliveries?provider=NT-GA&kind=person&file_name=a.csv";
    send(&city, Method::POST, path, &token, KEY, PEOPLE).await.expect(202);
    let other_file = PEOPLE.replace("王芳", "李娜");
    let other_kind = "/api/registry/deliveries?provider=NT-GA&kind=organisation&file_name=a.csv";
    for (path, body) in [(path, other_file.as_str()), (other_kind, PEOPLE)] {
        let refused = send(&city, Method::POST, path, &token, KEY, body).await.expect(422);
        assert_eq!(refused.json()["code"], "key-reused", "{}", refused.text);
    }
    send(&city, Method::POST, path, &token, "0190d6a0-0000-7000-8000-0000000000a2", &other_file).await.expect(202);
    assert_eq!(deliveries(&city).await, 2);
}

#[tokio::test]
async fn another_document_under_a_used_key_is_refused() {
    let city = City::found().await;
    let token = city.credential("NT", &["identity.organisation.manage"]).await;
    let document = |code: &str| {
        json!({ "code": code, "parent": "NT", "kind": "department", "name": "南通市水利局", "short_name": "水利局",
            "division_code": "", "opened_on": "2026-01-01" })
        .to_string()
    };
    let path = "/api/identity/organisations";
    send(&city, Method::POST, path, &token, KEY, &document("NT-SL")).await.expect(201);
    send(&city, Method::POST, path, &token, KEY, &document("NT-SL")).await.expect(201);
    let refused = send(&city, Method::POST, path, &token, KEY, &document("NT-SW")).await.expect(422);
    assert_eq!(refused.json()["code"], "key-reused", "{}", refused.text);
}
