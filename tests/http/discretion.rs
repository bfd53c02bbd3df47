//! What nobody is told: private links, not by a log and not by the store; and abuse, before a person has read it, whichever way it came.
use std::io::Write;
use std::sync::{Arc, Mutex};

use jh_db::Work;
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::json;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::casework::{CENTRE, PIXEL, act};
use super::open311::{Edge, HERE, V2, text};

/// Where the log goes while a test listens.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one thread").write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("one thread")).into_owned()
    }
}

/// The hotline has a centre, so that reports are taken in.
async fn opened(city: &City) {
    let centre = city.organisation("NT-XXZX").await;
    let mut work = Work::begin(&city.base, &city.command()).await.expect("a transaction");
    sqlx::query(
        "INSERT INTO hotline.setting (centre_id, reports_an_hour, changed_at, changed_by) VALUES ($1, 20, now(), 'tests')",
    )
    .bind(centre)
    .execute(work.conn())
    .await
    .expect("a setting");
    work.commit().await.expect("committed");
}

#[tokio::test]
async fn no_log_line_tells_a_private_link_whatever_goes_wrong_with_it() {
    let log = Log::default();
    let writer = log.clone();
    let _listening = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .set_default();
    let city = City::found().await;
    opened(&city).await;
    let somebody = Browser::open(city.address);
    let secret = "dDm3-private-link-9x";
    somebody.get(&format!("/reports/follow/{secret}")).await.expect(404);
    somebody.submit("/report", &format!("/reports/follow/{secret}/acts/rating"), &[("stars", "5")]).await.expect(404);
    somebody.upload("/report", &format!("/reports/follow/{secret}/photos"), &[], ("a.png", PIXEL.to_vec())).await;
    somebody.get(&format!("{V2}/tokens/{secret}.json")).await.expect(404);
    somebody.get(&format!("/no/such/{secret}?q={secret}")).await.expect(404);
    somebody.post(&format!("/reports/{secret}"), &[]).await.expect(405);
    city.base.db.close().await;
    somebody.get(&format!("/reports/follow/{secret}?q={secret}")).await.expect(503);
    somebody.get(&format!("{V2}/tokens/{secret}.json")).await.expect(503);
    let said = log.text();
    for route in
        ["/reports/follow/{token}\"", "/reports/follow/{token}/photos", "/open311/v2/tokens/{file}", "unmatched"]
    {
        assert!(said.contains(route), "nothing is logged of {route}: {said}");
    }
    assert!(said.contains("request failed") && said.contains("refused"), "{said}");
    let told: Vec<&str> = said.lines().filter(|line| line.contains(secret)).collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[tokio::test]
async fn a_report_sent_twice_gets_its_receipt_twice_and_the_store_knows_no_way_to_it() {
    let city = City::found().await;
    opened(&city).await;
    let somebody = Browser::open(city.address);
    let page = somebody.get("/report").await.expect(200);
    let hidden = |name: &str| page.hidden(name).expect("a form");
    let (csrf, key) = (hidden("_csrf"), hidden("_key"));
    let fields = [
        ("_csrf", csrf.as_str()),
        ("_key", key.as_str()),
        ("step", "check"),
        ("description", "夜间施工声音很大，一直到两点"),
        ("category", "noise"),
        ("point", "120.8600,32.0100"),
        ("different", "yes"),
        ("contact", "no"),
    ];
    let first = somebody.post("/reports", &fields).await.expect(303);
    let again = somebody.post("/reports", &fields).await.expect(303);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.location, first.location);
    let link = first.location.expect("a receipt");
    somebody.get(&link).await.expect(200);
    let token = link.split('?').next().and_then(|path| path.rsplit('/').next()).expect("a token").to_owned();
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT concat(t::text, encode(t.location_sealed, 'escape'), encode(t.body_sealed, 'escape')) FROM db.idempotency t",
    )
    .fetch_all(city.base.db.pool())
    .await
    .expect("the keys");
    assert!(!rows.is_empty(), "nothing was kept");
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    for row in rows {
        assert!(!row.contains(&token) && !row.contains(&hex) && !row.contains("follow"), "{row}");
    }
}

/// What nobody but the centre may find before it is released.
async fn found_by_nobody(edge: &Edge, number: &str) {
    for path in
        [format!("{V2}/requests/{number}.json"), format!("{V2}/request/{number}.xml"), format!("/reports/{number}")]
    {
        edge.program.get(&path).await.expect(404);
    }
    assert!(edge.ids("").await.is_empty() && edge.ids(&format!("service_request_id={number}")).await.is_empty());
    for path in ["/reports", "/reports/places.geojson"] {
        assert!(!edge.program.get(path).await.expect(200).text.contains(number), "{path}");
    }
}

#[tokio::test]
async fn abuse_from_a_strangers_program_gets_its_id_and_is_found_by_nobody_until_it_is_released() {
    let edge = Edge::found().await;
    opened(&edge.city).await;
    let calm = [("service_code", "noise"), HERE[0], HERE[1], ("description", "夜间施工")];
    let abusive: [&[(&str, &str)]; 3] = [
        &[calm[0], HERE[0], HERE[1], ("description", "你们这帮王 八 蛋，夜里施工没人管")],
        &[calm[0], HERE[0], HERE[1], calm[3], ("address_string", "刘局长是王八蛋")],
        &[calm[0], HERE[0], HERE[1], calm[3], ("first_name", "傻逼"), ("phone", "13912345678")],
    ];
    let mut numbers = Vec::new();
    for fields in abusive {
        let taken = edge.post(fields).await.expect(200).json();
        assert!(text(&taken[0]["service_notice"]).contains("看过"), "{taken}");
        let number = text(&taken[0]["service_request_id"]);
        assert_eq!(text(&edge.post(fields).await.expect(200).json()[0]["service_request_id"]), number);
        found_by_nobody(&edge, &number).await;
        numbers.push(number);
    }
    let centre = edge.city.staff("NT-XXZX", CENTRE).await;
    let case = edge.case_id(&numbers[0]).await;
    assert_eq!(super::casework::seen(&centre, &case).await["stage"], "held");
    act(&centre, &case, "release", json!({})).await.expect(200);
    assert_eq!(edge.ids("").await, [numbers[0].clone()]);
    edge.get(&format!("requests/{}.json", numbers[0])).await;
    // Refused, it stays where it is.
    let refused = edge.case_id(&numbers[1]).await;
    act(&centre, &refused, "rejection", json!({ "note": "辱骂内容，不予受理" })).await.expect(200);
    edge.program.get(&format!("{V2}/requests/{}.json", numbers[1])).await.expect(404);
}

#[tokio::test]
async fn an_address_tells_strangers_programs_nobodys_number() {
    let edge = Edge::found().await;
    for (address, number) in [
        ("虹桥新村12幢，找13912345678", "13912345678"),
        ("和平桥街道 身份证320602199001011234", "199001011234"),
        ("虹桥新村 139 1234 5678", "1234 5678"),
        ("虹桥新村 １３９１２３４５６７８", "１２３４５６７８"),
    ] {
        let fields = [("service_code", "noise"), ("description", "夜间施工"), ("address_string", address)];
        let id = text(&edge.post(&fields).await.expect(200).json()[0]["service_request_id"]);
        for path in [format!("requests/{id}.json"), format!("request/{id}.xml"), "requests.json".into()] {
            let shown = edge.program.get(&format!("{V2}/{path}")).await.expect(200).text;
            assert!(shown.contains(&address[..6]) && !shown.contains(number), "{path}: {shown}");
        }
    }
}

/// A letter with a picture, as a mail server hands it over.
async fn letter(city: &City, token: &str, n: usize, subject: &str) -> Answer {
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let raw = format!(
        "From: 王小明 <wang@example.cn>\r\nMessage-ID: <{n}@example.cn>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         第 {n} 封：路灯还是不亮\r\n--b\r\nContent-Type: image/png; name=a.png\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{picture}\r\n--b--\r\n"
    );
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    Browser::open(city.address).request(Method::POST, "/api/hotline/letters", &headers, Some(raw)).await
}

#[tokio::test]
async fn letters_bring_a_case_twelve_photos_and_no_more_and_the_words_all_the_same() {
    let city = City::found().await;
    opened(&city).await;
    let token = city.credential("NT-XXZX", &["hotline.letter.submit"]).await;
    let number = text(&letter(&city, &token, 0, "路灯不亮").await.expect(201).json()["number"]);
    for n in 1..=12 {
        let added = letter(&city, &token, n, &format!("回复：{number}")).await.expect(200).json();
        assert_eq!(added["outcome"], "added", "{added}");
    }
    let mut conn = city.base.db.read().await.expect("a connection");
    let case = casework::api::by_number(&mut conn, &number).await.expect("a query").expect("the case");
    let photos = casework::api::attachments(&mut conn, case.case_id).await.expect("a query");
    assert_eq!(photos.len(), 12);
    let steps = casework::api::timeline(&mut conn, case.case_id).await.expect("a query");
    let notes: Vec<&str> = steps.iter().map(|step| step.note.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("第 12 封") && note.contains("未保存")), "{notes:?}");
    assert_eq!(notes.iter().filter(|note| note.contains("未保存")).count(), 1, "{notes:?}");
}

#[tokio::test]
async fn abuse_by_letter_is_held_whether_it_stands_in_the_words_or_in_the_writers_name() {
    let city = City::found().await;
    opened(&city).await;
    let token = city.credential("NT-XXZX", &["hotline.letter.submit"]).await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    for (name, words) in [("王八蛋局长", "路灯不亮"), ("王小明", "再不修就砍死你们")] {
        let raw = format!("From: {name} <w@example.cn>\r\nMessage-ID: <{words}>\r\nSubject: x\r\n\r\n{words}\r\n");
        let sent = Browser::open(city.address).request(Method::POST, "/api/hotline/letters", &headers, Some(raw)).await;
        let number = text(&sent.expect(201).json()["number"]);
        let mut conn = city.base.db.read().await.expect("a connection");
        let case = casework::api::by_number(&mut conn, &number).await.expect("a query").expect("the case");
        assert_eq!(case.stage, "held", "{name}: {words}");
    }
}
