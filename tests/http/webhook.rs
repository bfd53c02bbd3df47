//! Strangers are told of every stage: a real receiver on a real port, and everything it may do to us.
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jh_tests::{Browser, City};
use regex::Regex;
use serde_json::{Value, json};
use sha2::Sha256;

use super::casework::{CENTRE, HOLDER, act, reported};

/// What came, in its order, and what is answered.
#[derive(Clone, Default)]
struct Receiver {
    heard: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    status: Arc<AtomicU16>,
    followed: Arc<AtomicU16>,
}

impl Receiver {
    async fn listen() -> (Self, SocketAddr) {
        let receiver = Self { status: Arc::new(AtomicU16::new(204)), ..Self::default() };
        let take = async |State(it): State<Self>, headers: HeaderMap, body: Bytes| -> Response {
            it.heard.lock().expect("unpoisoned").push((headers, body));
            let status = StatusCode::from_u16(it.status.load(Ordering::SeqCst)).expect("a status");
            if status.is_redirection() {
                (status, [(header::LOCATION, "/followed")]).into_response()
            } else {
                status.into_response()
            }
        };
        let followed = async |State(it): State<Self>| {
            it.followed.fetch_add(1, Ordering::SeqCst);
        };
        let router = Router::new()
            .route("/hook", post(take))
            .route("/followed", get(followed).post(followed))
            .with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, address)
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Everything heard since the last time this was asked.
    fn heard(&self) -> Vec<(HeaderMap, Value)> {
        let taken = std::mem::take(&mut *self.heard.lock().expect("unpoisoned"));
        taken.into_iter().map(|(headers, body)| (headers, serde_json::from_slice(&body).expect("JSON"))).collect()
    }

    fn events(&self) -> Vec<String> {
        self.heard().iter().map(|(_, body)| body["event"].as_str().expect("an event").to_owned()).collect()
    }
}

const PAGE: &str = "/casework/webhooks";

/// A city, whoever looks after its webhooks, and a receiver on this machine that may be called.
struct Stage {
    city: City,
    keeper: Browser,
    receiver: Receiver,
    address: SocketAddr,
}

impl Stage {
    async fn set() -> Self {
        let city = City::found().await;
        let keeper = city.staff_scoped("NT", "NT", &["casework.procedure.manage"]).await;
        let (receiver, address) = Receiver::listen().await;
        Self { city, keeper, receiver, address }
    }

    async fn allow_this_machine(&self) {
        self.keeper.submit(PAGE, "/casework/webhooks/networks", &[("network", "127.0.0.0/8")]).await.expect(303);
    }

    /// Sets a webhook up; answers its address among our pages, and its secret.
    async fn hook(&self, extra: &[(&str, &str)]) -> (String, String) {
        let url = format!("http://127.0.0.1:{}/hook", self.address.port());
        let mut fields = vec![("name", "网格平台"), ("url", url.as_str())];
        fields.extend_from_slice(extra);
        if !extra.iter().any(|(name, _)| *name == "organisation") {
            fields.push(("organisation", "NT"));
        }
        let shown = self.keeper.submit(PAGE, PAGE, &fields).await.expect(200);
        assert!(shown.headers["cache-control"].to_str().expect("text").contains("no-store"));
        let find = |pattern: &str| {
            Regex::new(pattern).expect("a pattern").find(&shown.text).expect(pattern).as_str().to_owned()
        };
        (find("/casework/webhooks/[0-9a-f-]{36}"), find("jhw_[A-Za-z0-9_-]{43}"))
    }

    async fn tell(&self) {
        self.city.work().await;
        self.city.run_scheduled("casework.webhook").await;
    }
}

#[tokio::test]
async fn every_stage_is_told_in_order_signed_and_without_words_or_names() {
    let stage = Stage::set().await;
    stage.allow_this_machine().await;
    let (hook, secret) = stage.hook(&[]).await;
    let centre = stage.city.staff("NT-XXZX", CENTRE).await;
    let police = stage.city.staff("NT-GA", HOLDER).await;
    let id = reported(&centre).await;
    act(&centre, &id, "acceptance", json!({})).await.expect(200);
    let holder = stage.city.organisation("NT-GA").await;
    act(&centre, &id, "dispatch", json!({ "organisation": holder })).await.expect(200);
    act(&police, &id, "signing", json!({})).await.expect(200);
    stage.tell().await;
    let heard = stage.receiver.heard();
    let events: Vec<&str> = heard.iter().map(|(_, body)| body["event"].as_str().expect("an event")).collect();
    assert_eq!(
        events,
        ["casework.case.opened", "casework.case.accepted", "casework.case.dispatched", "casework.case.signed"]
    );
    for (headers, body) in &heard {
        let raw = body.to_string();
        for secret in ["王小明", "13912345678", "塌陷", "人民中路"] {
            assert!(!raw.contains(secret), "{raw}");
        }
        assert_eq!(headers["x-jianghai-event"], body["event"].as_str().expect("text"));
        assert_eq!(headers["x-jianghai-delivery"], body["id"].as_str().expect("text"));
    }
    let (_, dispatched) = &heard[2];
    assert_eq!((&dispatched["from"], &dispatched["to"]), (&json!("dispatching"), &json!("signing")));
    assert_eq!(dispatched["holder"], json!({ "code": "NT-GA", "name": "南通市公安局" }));
    assert!(dispatched["occurred_at"].as_str().is_some_and(|at| at.ends_with("+08:00")), "{dispatched}");
    // Again with the raw bytes: what was signed is what came.
    stage.keeper.submit(&hook, &format!("{hook}/test"), &[]).await.expect(303);
    stage.tell().await;
    let (headers, body) = stage.receiver.heard.lock().expect("unpoisoned").pop().expect("a test");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(headers["x-jianghai-timestamp"].as_bytes());
    mac.update(b".");
    mac.update(&body);
    let expected = format!("sha256={}", jh_crypto::sm3::hex(&mac.finalize().into_bytes()));
    assert_eq!(headers["x-jianghai-signature"], expected);
    let page = stage.keeper.get(&hook).await.expect(200).text;
    assert!(page.contains("对方答复 204") && page.contains("派单") && page.contains("测试"), "{page}");
    assert!(!page.contains(&secret), "the secret is shown again");
}

#[tokio::test]
async fn a_webhook_hears_only_of_its_organisation_its_kinds_and_its_events() {
    let stage = Stage::set().await;
    stage.allow_this_machine().await;
    stage
        .hook(&[("organisation", "NT-GA"), ("events", "casework.case.dispatched"), ("events", "casework.case.signed")])
        .await;
    let centre = stage.city.staff("NT-XXZX", CENTRE).await;
    let police = stage.city.staff("NT-GA", HOLDER).await;
    stage.city.staff("NT-GS", HOLDER).await;
    for (code, staff) in [("NT-GA", Some(&police)), ("NT-GS", None)] {
        let id = reported(&centre).await;
        act(&centre, &id, "acceptance", json!({})).await.expect(200);
        let holder = stage.city.organisation(code).await;
        act(&centre, &id, "dispatch", json!({ "organisation": holder })).await.expect(200);
        if let Some(staff) = staff {
            act(staff, &id, "signing", json!({})).await.expect(200);
        }
    }
    stage.tell().await;
    assert_eq!(stage.receiver.events(), ["casework.case.dispatched", "casework.case.signed"]);
}

#[tokio::test]
async fn what_failed_is_told_again_before_anything_later_of_the_same_case() {
    let stage = Stage::set().await;
    stage.allow_this_machine().await;
    let (hook, _) = stage.hook(&[]).await;
    stage.receiver.answers(503);
    let centre = stage.city.staff("NT-XXZX", CENTRE).await;
    let first = reported(&centre).await;
    act(&centre, &first, "acceptance", json!({})).await.expect(200);
    stage.tell().await;
    assert_eq!(stage.receiver.events(), ["casework.case.opened"], "the second waits for the first");
    stage.tell().await;
    assert!(stage.receiver.events().is_empty(), "tried again before its time");
    let page = stage.keeper.get(&hook).await.expect(200).text;
    assert!(page.contains("对方答复 503") && page.contains("正在重试"), "{page}");
    stage.receiver.answers(200);
    stage.city.base.clock.advance(time::Duration::seconds(11));
    stage.tell().await;
    let heard = stage.receiver.heard();
    let events: Vec<_> = heard.iter().map(|(_, body)| body["event"].as_str().expect("text")).collect();
    assert_eq!(events, ["casework.case.opened", "casework.case.accepted"]);
}

#[tokio::test]
async fn after_a_day_without_success_it_is_switched_off_and_somebody_is_told() {
    let stage = Stage::set().await;
    stage.allow_this_machine().await;
    let (hook, _) = stage.hook(&[]).await;
    stage.receiver.answers(500);
    let centre = stage.city.staff("NT-XXZX", CENTRE).await;
    reported(&centre).await;
    for _ in 0..30 {
        stage.tell().await;
        stage.city.base.clock.advance(time::Duration::hours(2));
    }
    // Who set it up was signed out long ago.
    let keeper = stage.city.staff_scoped("NT", "NT", &["casework.procedure.manage"]).await;
    let page = keeper.get(&hook).await.expect(200).text;
    assert!(page.contains("已自动停用"), "{page}");
    let tried = stage.receiver.heard().len();
    assert!((12..=22).contains(&tried), "{tried} tries in a day");
    let todo = keeper.get("/workbench").await.expect(200).text;
    assert!(todo.contains("推送“网格平台”连续失败"), "{todo}");
    stage.receiver.answers(200);
    keeper.submit(&hook, &format!("{hook}/activation"), &[]).await.expect(303);
    let centre = stage.city.staff("NT-XXZX", CENTRE).await;
    let later = reported(&centre).await;
    act(&centre, &later, "acceptance", json!({})).await.expect(200);
    stage.tell().await;
    assert!(stage.receiver.events().contains(&"casework.case.accepted".to_owned()));
    let todo = keeper.get("/workbench").await.expect(200).text;
    assert!(!todo.contains("推送“网格平台”连续失败"), "{todo}");
}

#[tokio::test]
async fn the_citys_own_network_is_not_called_unless_it_was_written_down_and_redirects_lead_nowhere() {
    let stage = Stage::set().await;
    // What can be seen to be private is refused at once, with everything else that is wrong.
    let private = format!("http://127.0.0.1:{}/hook", stage.address.port());
    let fields = [("name", ""), ("url", private.as_str()), ("organisation", "公安")];
    let refused = stage.keeper.submit(PAGE, PAGE, &fields).await.expect(422).text;
    for words in ["请填写“名称”", "这是内网地址", "南通市公安局"] {
        assert!(refused.contains(words), "the form does not say {words}");
    }
    stage.allow_this_machine().await;
    let (named, _) = stage.hook(&[("organisation", "南通市公安局")]).await;
    assert!(stage.keeper.get(&named).await.expect(200).text.contains("南通市公安局"));
    let (hook, _) = stage.hook(&[]).await;
    let gone = [("network", "127.0.0.0/8"), ("remove", "1")];
    stage.keeper.submit(PAGE, "/casework/webhooks/networks", &gone).await.expect(303);
    stage.keeper.submit(&hook, &format!("{hook}/test"), &[]).await.expect(303);
    stage.tell().await;
    assert!(stage.receiver.heard().is_empty(), "a private address was called");
    assert!(stage.keeper.get(&hook).await.expect(200).text.contains("内网地址"));
    stage.allow_this_machine().await;
    stage.receiver.answers(307);
    stage.city.base.clock.advance(time::Duration::minutes(1));
    stage.tell().await;
    assert_eq!(stage.receiver.heard().len(), 1);
    assert_eq!(stage.receiver.followed.load(Ordering::SeqCst), 0, "a redirect was followed");
    for url in [
        "http://grid.example.gov.cn/x",
        "ftp://127.0.0.1/",
        "https://user:pass@example.cn/",
        "https://",
        "nonsense",
        "http://10.0.0.1/",
    ] {
        let fields = [("name", "网格"), ("url", url), ("organisation", "NT")];
        let refused = stage.keeper.submit(PAGE, PAGE, &fields).await.expect(422).text;
        assert!(refused.contains("https://"), "{url}");
    }
    let fields = [("name", "网格"), ("url", "https://example.cn/"), ("organisation", "NT-NOBODY"), ("events", "x.y.z")];
    stage.keeper.submit(PAGE, PAGE, &fields).await.expect(422);
    stage.keeper.submit(PAGE, "/casework/webhooks/networks", &[("network", "everything")]).await.expect(422);
    let below = stage.city.staff("NT-GA", &["casework.procedure.manage"]).await;
    let fields = [("name", "网格"), ("url", "https://example.cn/"), ("organisation", "NT-GA")];
    below.submit(PAGE, PAGE, &fields).await.expect(403);
    below.get(&hook).await.expect(404);
    stage.keeper.submit(&hook, &format!("{hook}/removal"), &[]).await.expect(303);
    stage.keeper.get(&hook).await.expect(404);
}
