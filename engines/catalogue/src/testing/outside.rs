//! What the public and strangers' programs are given, through the real router.
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use jh_core::actor::Actor;
use jh_db::testing::TestBase;
use jh_db::{Base, DbError};
use jh_web::app::Settings;
use jh_web::{App, Authenticator};
use serde_json::Value;
use tower::ServiceExt;

use super::city::{POLICE, Shelf, by, found, publish, with_elements, writer};
use crate::actions::draft::create;
use crate::sample;

struct Nobody;

#[async_trait]
impl Authenticator for Nobody {
    async fn session(&self, _base: &Base, _token: &str) -> Result<Option<jh_web::provide::Entered>, DbError> {
        Ok(None)
    }
    async fn bearer(&self, _base: &Base, _token: &str) -> Result<Option<Actor>, DbError> {
        Ok(None)
    }
}

/// A published open resource with three rows, one of them wicked.
async fn city() -> (TestBase, axum::Router, String) {
    let base = found().await;
    with_elements(&base).await;
    let rows = vec![
        vec![("name", "<script>alert(1)</script>"), ("citizen_id", "320602199001011234")],
        vec![("name", "=1+1"), ("citizen_id", "320602199001015678")],
        vec![("name", "南大街停车场"), ("citizen_id", "320602199001019012")],
    ];
    Shelf { rows }.register(&base);
    let draft =
        create(&base, &by(&base, &writer(POLICE)), POLICE, Some("304001/000001"), sample::content()).await.unwrap();
    publish(&base, &draft).await;
    let composed = App::compose((*base).clone(), Settings::default(), Arc::new(Nobody), vec![crate::module()])
        .expect("modules fit");
    (base, composed.router, draft.code)
}

async fn ask(router: &axum::Router, request: Request<Body>) -> (StatusCode, String) {
    let mut request = request;
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 4 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn get(router: &axum::Router, path: &str) -> (StatusCode, String) {
    ask(router, Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_sensitive_cell_leaves_by_no_door() {
    let (_base, router, code) = city().await;
    let doors = [
        format!("/data/{code}"),
        format!("/data/{code}/rows.csv"),
        format!("/data/{code}/rows.json"),
        format!("/data/{code}/interface"),
        format!("/data/{code}.ttl"),
        format!("/api/catalogue/resources/{code}"),
        format!("/api/catalogue/resources/{code}/rows"),
        format!("/api/3/action/package_show?id={code}"),
    ];
    for door in doors {
        let (status, text) = get(&router, &door).await;
        assert_eq!(status, 200, "{door}: {text}");
        assert!(!text.contains("32060219900101") && !text.contains("citizen_id"), "{door} lets out: {text}");
    }
    for way in ["fields=citizen_id", "where=citizen_id:prefix:3", "sort=citizen_id"] {
        let (status, text) = get(&router, &format!("/data/{code}/rows.json?{way}")).await;
        assert_eq!(status, 422, "{way}: {text}");
    }
}

#[tokio::test]
async fn wicked_cells_are_text_on_pages_and_in_spreadsheets() {
    let (_base, router, code) = city().await;
    let (_, page) = get(&router, &format!("/data/{code}?sort=name&dir=desc")).await;
    assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{page}");
    assert!(page.contains(r#"aria-sort="descending""#));
    let (_, csv) = get(&router, &format!("/data/{code}/rows.csv")).await;
    assert!(csv.contains("\r\n'=1+1\r\n"), "{csv}");
}

#[tokio::test]
async fn rows_come_in_pages_that_go_on() {
    let (_base, router, code) = city().await;
    let (status, text) = get(&router, &format!("/data/{code}/rows.json?limit=2")).await;
    let first: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{status} {e}: {text}"));
    assert_eq!(first["rows"].as_array().unwrap().len(), 2);
    let after = first["next"].as_str().unwrap();
    let (_, text) = get(&router, &format!("/data/{code}/rows.json?limit=2&after={after}")).await;
    let second: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((second["rows"][0]["name"].as_str(), second["next"].is_null()), (Some("南大街停车场"), true));
}

#[tokio::test]
async fn what_is_not_open_is_not_there() {
    let (base, router, _) = city().await;
    let mut content = sample::content();
    content.open = false;
    let closed = create(&base, &by(&base, &writer(POLICE)), POLICE, Some("306001-9"), content).await.unwrap();
    for _ in 0..2 {
        for path in
            ["/data/306001-9", "/data/306001-9/rows.csv", "/data/306001-9.ttl", "/api/catalogue/resources/306001-9"]
        {
            assert_eq!(get(&router, path).await.0, 404, "{path}");
        }
        let (_, list) = get(&router, "/api/3/action/package_list").await;
        assert!(!list.contains("306001-9"), "{list}");
        // The second time it is published, but still not open.
        if crate::actions::step::take(
            &base,
            &by(&base, &writer(POLICE)),
            &closed.code,
            crate::model::Step::Submission,
            "",
        )
        .await
        .is_ok()
        {
            let publisher = super::city::publisher(POLICE);
            crate::actions::step::take(
                &base,
                &by(&base, &publisher),
                &closed.code,
                crate::model::Step::Publication,
                "",
            )
            .await
            .unwrap();
        }
    }
}

#[tokio::test]
async fn pages_of_the_open_data_stand_in_both_languages() {
    let (_base, router, code) = city().await;
    for path in [
        "/data".to_owned(),
        "/data?q=停车&theme=transport&order=title".to_owned(),
        "/data?q=没有这个词".to_owned(),
        format!("/data/{code}"),
        format!("/data/{code}/interface"),
    ] {
        for (language, word) in [("zh-CN", "公共数据"), ("en", "Open data")] {
            let request =
                Request::get(path.replace("停车", "%E5%81%9C%E8%BD%A6").replace("没有这个词", "%E6%B2%A1%E6%9C%89"))
                    .header("accept-language", language);
            let (status, text) = ask(&router, request.body(Body::empty()).unwrap()).await;
            assert_eq!(status, 200, "{path}: {text}");
            assert!(text.contains(word), "{path} in {language}: {text}");
            assert!(!text.contains(">catalogue-"), "{path} in {language} shows a key: {text}");
        }
    }
}

#[tokio::test]
async fn ckan_keeps_ckans_manners() {
    let (_base, router, code) = city().await;
    let post = |action: &str, body: &str| {
        let request = Request::post(format!("/api/action/{action}")).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let router = router.clone();
        async move {
            let (status, text) = ask(&router, request).await;
            (status, serde_json::from_str::<Value>(&text).unwrap())
        }
    };
    let (status, answer) = post("package_show", &format!("{{\"id\": \"{code}\"}}")).await;
    assert_eq!((status.as_u16(), &answer["success"]), (200, &Value::Bool(true)));
    assert_eq!(answer["result"]["organization"]["name"], "nt-ga");
    let (status, answer) = post("package_show", "{\"id\": \"no-such\"}").await;
    assert_eq!((status.as_u16(), answer["error"]["__type"].as_str()), (404, Some("Not Found Error")));
    let (status, answer) = post("package_show", "{}").await;
    assert_eq!((status.as_u16(), answer["error"]["__type"].as_str()), (409, Some("Validation Error")));
    let (status, _) = post("package_delete", "{}").await;
    assert_eq!(status, 400);
    let (_, answer) =
        post("package_search", "{\"q\": \"停车\", \"fq\": \"+organization:nt-ga\", \"facet.field\": [\"tags\"]}").await;
    assert_eq!(answer["result"]["count"], 1);
    assert_eq!(answer["result"]["facets"]["tags"]["泊位"], 1);
    let (_, answer) = post("package_search", "{\"rows\": 0}").await;
    assert_eq!(
        (answer["result"]["count"].as_i64(), answer["result"]["results"].as_array().map(Vec::len)),
        (Some(1), Some(0))
    );
}

#[tokio::test]
async fn the_catalogue_is_turtle_that_reads_back() {
    let (_base, router, code) = city().await;
    for path in ["/catalogue.ttl".to_owned(), format!("/data/{code}.ttl")] {
        let (status, text) = get(&router, &path).await;
        assert_eq!(status, 200);
        let triples = oxttl::TurtleParser::new().for_slice(&text).collect::<Result<Vec<_>, _>>().unwrap();
        assert!(triples.len() > 20, "{text}");
        assert!(text.contains("dcat:Dataset") && text.contains("公共停车场"), "{text}");
    }
}
