//! What residents do without an account: report, follow, rate, have it handled again; what everybody sees of it; and letters.
use jh_db::Work;
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::{Value, json};

use crate::casework::{CENTRE, PIXEL, act, post};

/// The centre's organisation, and one of its clerks.
async fn opened_with(city: &City, reports_an_hour: i32) -> Browser {
    let centre = city.organisation("NT-XXZX").await;
    let mut work = Work::begin(&city.base, &city.command()).await.expect("a transaction");
    sqlx::query(
        "INSERT INTO hotline.setting (centre_id, reports_an_hour, changed_at, changed_by) VALUES ($1, $2, now(), 'tests')",
    )
    .bind(centre)
    .bind(reports_an_hour)
    .execute(work.conn())
    .await
    .expect("a setting");
    work.commit().await.expect("committed");
    city.staff("NT-XXZX", CENTRE).await
}

pub async fn opened(city: &City) -> Browser {
    opened_with(city, 20).await
}

/// Every hidden field of a page, as the browser would send it again.
fn hidden(page: &Answer) -> Vec<(String, String)> {
    let parts = page.text.split("<input type=\"hidden\" name=\"").skip(1);
    let mut all: Vec<(String, String)> = Vec::new();
    for part in parts {
        let Some((name, rest)) = part.split_once("\" value=\"") else { continue };
        let value = rest.split('"').next().unwrap_or("");
        // Other forms of the page, such as signing out, have their own key; the report's comes last.
        all.retain(|(known, _)| known != name);
        all.push((name.to_owned(), value.to_owned()));
    }
    all
}

/// Sends one page of the report, with what it carries.
async fn step(browser: &Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    let own: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    for (name, value) in hidden(page).into_iter().chain(own) {
        body.push_str(&format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--edge--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=edge")];
    browser.request(Method::POST, "/report/draft", &kind, Some(body)).await
}

const WHAT: &str = "人民中路路面塌陷有一个大坑，昨晚有人摔倒";
const POINT: &str = "120.8600,32.0100";

/// From the first page to the one that shows everything once more.
pub async fn to_check(browser: &Browser, what: &str, who: &[(&str, &str)]) -> Answer {
    let page = browser.get("/report").await.expect(200);
    let page = step(browser, &page, &[]).await.expect(200);
    let page = step(browser, &page, &[("description", what)]).await.expect(200);
    let page = step(browser, &page, &[("category", "road-damage")]).await.expect(200);
    let page = step(browser, &page, &[("a.size", "large")]).await.expect(200);
    let mut page = step(browser, &page, &[("address", "人民中路 20 号门口"), ("point", POINT)]).await.expect(200);
    if page.text.contains("是不是同一件事") {
        page = step(browser, &page, &[]).await.expect(200);
    }
    let page = step(browser, &page, who).await.expect(200);
    assert!(page.text.contains("核对一下"), "{}", page.text);
    page
}

pub async fn send(browser: &Browser, check: &Answer) -> Answer {
    let fields = hidden(check);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post("/reports", &fields).await
}

pub const NAMED: &[(&str, &str)] =
    &[("contact", "yes"), ("name", "王小明"), ("phone", "13912345678"), ("answer", "yes")];

/// Reports, and answers the private address and the case's number.
pub async fn reported(browser: &Browser) -> (String, String) {
    let check = to_check(browser, WHAT, NAMED).await;
    let sent = send(browser, &check).await.expect(303);
    let path = sent.location.expect("a receipt");
    let receipt = browser.get(&path).await.expect(200);
    (path.split('?').next().expect("an address").to_owned(), number(&receipt))
}

pub fn number(receipt: &Answer) -> String {
    let at = receipt.text.find("jh-receipt-number\">").expect("a number on the receipt");
    receipt.text[at + 19..].split('<').next().expect("a number").to_owned()
}

pub async fn cases(centre: &Browser) -> Vec<Value> {
    let listed = centre.get("/api/casework/cases").await.expect(200).json();
    listed["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn a_report_with_a_photo_needs_no_account_and_its_receipt_says_what_comes_next() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let page = walker.upload("/report", "/report/draft", &[("step", "photo")], ("坑.png", PIXEL.to_vec())).await;
    let page = page.expect(200);
    assert!(page.text.contains("是什么情况"), "{}", page.text);
    let short = step(&walker, &page, &[("description", "坑")]).await.expect(422);
    assert!(short.text.contains("情况说明太短") && short.text.contains("jh-summary"));
    let page = step(&walker, &page, &[("description", WHAT)]).await.expect(200);
    assert!(page.text.contains("id=\"category-road-damage\""), "what the words speak for is not offered");
    let page = step(&walker, &page, &[("category", "road-damage")]).await.expect(200);
    let page = step(&walker, &page, &[("a.size", "large")]).await.expect(200);
    let page = step(&walker, &page, &[("address", "人民中路"), ("point", POINT)]).await.expect(200);
    let page = step(&walker, &page, NAMED).await.expect(200);
    for words in ["坑.png", WHAT, "道路坑洼破损", "大于脸盆", "人民中路", "13912345678"] {
        assert!(page.text.contains(words), "what was answered is not shown again: {words}");
    }
    let sent = send(&walker, &page).await.expect(303).location.expect("a receipt");
    let receipt = walker.get(&sent).await.expect(200);
    assert!(receipt.text.contains("受理：2 小时内") && receipt.text.contains("办理：5 个工作日内"), "{}", receipt.text);
    assert!(!receipt.text.contains("裁定"), "what happens only when offices disagree is promised");
    let link = sent.split('?').next().expect("an address");
    let at = receipt.text.find(&format!("{link}/photos/")).expect("the photo");
    let small = receipt.text[at..].split('"').next().expect("an address");
    assert_eq!(walker.get(small).await.expect(200).headers["content-type"], "image/jpeg");
    let mine = cases(&centre).await;
    assert_eq!((mine.len(), mine[0]["channel"].as_str()), (1, Some("web")));
    let case = format!("/casework/cases/{}", mine[0]["case_id"].as_str().expect("an id"));
    let shown = centre.get(&case).await.expect(200).text;
    assert!(shown.contains("大于脸盆") && shown.contains("/photos/") && !shown.contains("web.visitor"));
}

#[tokio::test]
async fn a_report_sent_twice_over_a_dying_network_is_one() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let check = to_check(&walker, WHAT, NAMED).await;
    let one = send(&walker, &check).await.expect(303);
    let two = send(&walker, &check).await.expect(303);
    assert_eq!(one.location, two.location);
    assert_eq!(cases(&centre).await.len(), 1);
}

#[tokio::test]
async fn within_wechat_it_is_the_same_page_and_another_channel() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let check = to_check(&walker, WHAT, &[("contact", "no")]).await;
    let fields = hidden(&check);
    let body = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let body = body.collect::<Vec<_>>().join("&");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("user-agent", "X MicroMessenger/8.0")];
    walker.request(Method::POST, "/reports", &headers, Some(body)).await.expect(303);
    assert_eq!(cases(&centre).await[0]["channel"], "wechat");
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn what_lies_outside_the_city_and_what_somebody_else_sent_is_refused_by_name() {
    let city = City::found().await;
    opened(&city).await;
    let walker = Browser::open(city.address);
    let page = walker.get("/report").await.expect(200);
    let page = step(&walker, &page, &[]).await.expect(200);
    let page = step(&walker, &page, &[("description", WHAT)]).await.expect(200);
    let page = step(&walker, &page, &[("category", "noise")]).await.expect(200);
    let page = step(&walker, &page, &[]).await.expect(200);
    let away = step(&walker, &page, &[("point", "116.4074,39.9042")]).await.expect(422);
    assert!(away.text.contains("这个位置不在南通"), "{}", away.text);
    let page = walker.get("/report").await.expect(200);
    let digest = "ab".repeat(32);
    let forged = format!("{digest}:68::{}", "cd".repeat(32));
    let forged = step(&walker, &page, &[("photo", &forged), ("photo_name", "x.jpg")]).await.expect(422);
    assert!(forged.text.contains("照片没有保存下来"), "{}", forged.text);
    let junk = walker.upload("/report", "/report/draft", &[("step", "photo")], ("a.jpg", b"no picture".to_vec())).await;
    assert!(junk.expect(422).text.contains("不是能识别的照片"));
}

#[tokio::test]
async fn what_reads_as_abuse_is_held_for_a_person_and_nobody_else_sees_it() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let check = to_check(&walker, "你们这帮王八蛋，路坏了没人修", &[("contact", "no")]).await;
    let sent = send(&walker, &check).await.expect(303).location.expect("a receipt");
    let receipt = walker.get(&sent).await.expect(200);
    assert!(receipt.text.contains("会先由工作人员看过"), "{}", receipt.text);
    let number = number(&receipt);
    assert_eq!(cases(&centre).await[0]["stage"], "held");
    assert!(!walker.get("/reports").await.expect(200).text.contains(&number));
    walker.get(&format!("/reports/{number}")).await.expect(404);
}

#[tokio::test]
async fn the_public_sees_category_place_and_stage_and_nothing_of_the_reporter() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, number) = reported(&walker).await;
    let stranger = Browser::open(city.address);
    let pages = ["/reports".to_owned(), format!("/reports/{number}"), "/reports/places.geojson".into()];
    for path in &pages {
        let text = stranger.get(path).await.expect(200).text;
        assert!(text.contains(&number), "{path} does not show the report");
        for private in ["王小明", "13912345678", "昨晚有人摔倒"] {
            assert!(!text.contains(private), "{path} shows {private}");
        }
        assert!(!text.contains(link.rsplit('/').next().expect("a token")), "{path} shows the private link");
    }
    let here = stranger.get("/reports/places.geojson?bbox=120.85,32.00,120.87,32.02").await.expect(200).json();
    let there = stranger.get("/reports/places.geojson?bbox=121.85,32.00,121.87,32.02").await.expect(200).json();
    let count = |places: &Value| places["features"].as_array().map_or(0, Vec::len);
    assert_eq!((count(&here), count(&there)), (1, 0));
    // Words are shown once the centre has published them, and then without numbers of people.
    let id = cases(&centre).await[0]["case_id"].as_str().expect("an id").to_owned();
    act(&centre, &id, "publication", json!({ "shown": "words" })).await.expect(200);
    let text = stranger.get(&format!("/reports/{number}")).await.expect(200).text;
    assert!(text.contains("昨晚有人摔倒") && !text.contains("王小明"));
    act(&centre, &id, "publication", json!({ "shown": "nothing" })).await.expect(200);
    stranger.get(&format!("/reports/{number}")).await.expect(404);
    stranger.get("/reports/99999999-999999").await.expect(404);
}

#[tokio::test]
async fn who_has_the_link_adds_rates_and_has_it_handled_again_and_a_wrong_link_is_nothing() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let walker = Browser::open(city.address);
    let (link, _) = reported(&walker).await;
    let id = cases(&centre).await[0]["case_id"].as_str().expect("an id").to_owned();
    walker.get("/reports/follow/nonsense").await.expect(404);
    let early = walker.submit(&link, &format!("{link}/acts/rating"), &[("stars", "5")]).await;
    assert_eq!(early.expect(422).text.matches("jh-alert-bad").count(), 1);
    walker
        .upload(&link, &format!("{link}/photos"), &[("note", "今天的样子")], ("b.png", PIXEL.to_vec()))
        .await
        .expect(303);
    walker.submit(&link, &format!("{link}/acts/closure"), &[]).await.expect(404);
    act(&centre, &id, "answer", json!({ "answer": "已通知养护单位当日修补" })).await.expect(200);
    let page = walker.get(&link).await.expect(200).text;
    assert!(page.contains("已通知养护单位当日修补") && page.contains("今天的样子"), "{page}");
    walker.submit(&link, &format!("{link}/acts/rating"), &[("stars", "9")]).await.expect(422);
    walker.submit(&link, &format!("{link}/acts/rating"), &[("stars", "2"), ("note", "还有一半没补")]).await.expect(303);
    walker.submit(&link, &format!("{link}/acts/reopening"), &[("note", "没")]).await.expect(422);
    walker.submit(&link, &format!("{link}/acts/reopening"), &[("note", "坑还在，只补了一半")]).await.expect(303);
    let case = centre.get(&format!("/api/casework/cases/{id}")).await.expect(200).json();
    assert_eq!((case["stage"].as_str(), case["stars"].as_i64()), (Some("dispatching"), Some(2)));
    walker.submit(&link, &format!("{link}/acts/withdrawal"), &[]).await.expect(303);
    let case = centre.get(&format!("/api/casework/cases/{id}")).await.expect(200).json();
    assert_eq!((case["closed"].as_bool(), case["outcome"].as_str()), (Some(true), Some("withdrawn")));
}

#[tokio::test]
async fn who_is_signed_in_finds_his_reports_and_follows_others_without_doing_what_is_theirs() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let (reporter, neighbour) = (city.staff("NT-MZ", &[]).await, city.staff("NT-GS", &[]).await);
    let (_, number) = reported(&reporter).await;
    let id = cases(&centre).await[0]["case_id"].as_str().expect("an id").to_owned();
    let mine = format!("/my/reports/{id}");
    assert!(reporter.get("/my/reports").await.expect(200).text.contains(&mine));
    assert!(reporter.get(&mine).await.expect(200).text.contains("撤回诉求"));
    neighbour.get(&mine).await.expect(404);
    neighbour.submit(&format!("/reports/{number}"), &format!("/reports/{number}/followers"), &[]).await.expect(303);
    let seen = neighbour.get(&mine).await.expect(200).text;
    assert!(seen.contains(&number) && !seen.contains("撤回诉求") && !seen.contains("昨晚有人摔倒"));
    neighbour.submit("/report", &format!("{mine}/acts/withdrawal"), &[]).await.expect(404);
    Browser::open(city.address).get(&mine).await.expect(303);
    // The same place and the same words: the next one is asked whether it is the same.
    let walker = Browser::open(city.address);
    let page = walker.get("/report").await.expect(200);
    let page = step(&walker, &page, &[]).await.expect(200);
    let page = step(&walker, &page, &[("description", WHAT)]).await.expect(200);
    let page = step(&walker, &page, &[("category", "road-damage")]).await.expect(200);
    let page = step(&walker, &page, &[]).await.expect(200);
    let page = step(&walker, &page, &[("point", POINT)]).await.expect(200);
    assert!(page.text.contains("是不是同一件事") && page.text.contains(&format!("/reports/{number}")));
    assert!(!page.text.contains("王小明"));
}

#[tokio::test]
async fn who_sends_too_much_is_asked_to_wait() {
    let city = City::found().await;
    let centre = opened_with(&city, 1).await;
    let walker = Browser::open(city.address);
    let check = to_check(&walker, WHAT, &[("contact", "no")]).await;
    send(&walker, &check).await.expect(303);
    // The same report again is still the same report.
    send(&walker, &check).await.expect(303);
    let other = to_check(&walker, "另一条路上的路灯坏了很久了", &[("contact", "no")]).await;
    let refused = send(&walker, &other).await.expect(429);
    assert!(refused.headers.contains_key("retry-after") && refused.text.contains("12345"));
    assert_eq!(cases(&centre).await.len(), 1);
}

#[tokio::test]
async fn without_a_centre_nobody_is_asked_for_a_report() {
    let city = City::found().await;
    let shown = Browser::open(city.address).get("/report").await.expect(503);
    assert!(shown.text.contains("12345"));
}

/// A mail server's call.
async fn letter(city: &City, token: &str, raw: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "message/rfc822")];
    Browser::open(city.address).request(Method::POST, "/api/hotline/letters", &headers, Some(raw.to_owned())).await
}

fn mail(id: &str, subject: &str, extra: &str, body: &str) -> String {
    format!(
        "From: 王小明 <wang@example.cn>\r\nMessage-ID: <{id}@example.cn>\r\nSubject: {subject}\r\n{extra}\r\n{body}\r\n"
    )
}

#[tokio::test]
async fn a_letter_becomes_a_case_once_and_an_answer_to_it_a_note() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let token = city.credential("NT-XXZX", &["hotline.letter.submit"]).await;
    // GB2312 in quoted-printable: 路灯不亮, and a picture beside it.
    let plain = "Content-Type: text/plain; charset=GBK\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        =C2=B7=B5=C6=B2=BB=C1=C1=A3=AC=D2=D1=BE=AD=C8=FD=CC=EC";
    let picture = "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let extra = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    let raw = mail("1", "人民路", extra, &format!("--b\r\n{plain}\r\n--b\r\n{picture}\r\n--b--"));
    let made = letter(&city, &token, &raw).await.expect(201).json();
    let number = made["number"].as_str().expect("a number").to_owned();
    let again = letter(&city, &token, &raw).await.expect(200).json();
    assert_eq!((again["number"].as_str(), again["again"].as_bool()), (Some(number.as_str()), Some(true)));
    let listed = cases(&centre).await;
    assert_eq!((listed.len(), listed[0]["channel"].as_str()), (1, Some("email")));
    let id = listed[0]["case_id"].as_str().expect("an id").to_owned();
    let case = centre.get(&format!("/api/casework/cases/{id}")).await.expect(200).json();
    assert_eq!(case["category"], "street-light");
    assert!(case["description"].as_str().expect("words").contains("路灯不亮，已经三天"), "{case}");
    assert!(!case.to_string().contains("wang@example.cn"), "the address stands in clear");
    assert!(centre.get(&format!("/casework/cases/{id}")).await.expect(200).text.contains("/photos/"));
    let subject = format!("回复：{number}");
    let body = "还是不亮，请再来看看\r\n\r\n在 2026年11月22日，12345 写道：\r\n> 已派单";
    let added = letter(&city, &token, &mail("2", &subject, "", body)).await.expect(200).json();
    assert_eq!((added["outcome"].as_str(), added["number"].as_str()), (Some("added"), Some(number.as_str())));
    let case = centre.get(&format!("/api/casework/cases/{id}")).await.expect(200).json().to_string();
    assert!(case.contains("还是不亮，请再来看看") && !case.contains("已派单"));
    // Somebody else's answer, or an answer when it is closed, is a case of its own.
    let other = mail("3", &subject, "", "我也要说").replace("wang@", "li@");
    assert_eq!(letter(&city, &token, &other).await.expect(201).json()["outcome"], "opened");
    post(&centre, &format!("/api/casework/cases/{id}/acts/answer"), json!({ "answer": "已修好，请查看" }))
        .await
        .expect(200);
    let late = letter(&city, &token, &mail("4", &subject, "", "修好一天又灭了")).await.expect(201).json();
    assert_ne!(late["number"].as_str(), Some(number.as_str()));
}

#[tokio::test]
async fn what_no_person_wrote_what_is_no_letter_and_what_comes_without_the_right_is_not_taken_in() {
    let city = City::found().await;
    let centre = opened(&city).await;
    let token = city.credential("NT-XXZX", &["hotline.letter.submit"]).await;
    for (id, head) in
        [("a", "Auto-Submitted: auto-replied\r\n"), ("b", "Precedence: bulk\r\n"), ("c", "List-Id: <x.y>\r\n")]
    {
        let answer = letter(&city, &token, &mail(id, "外出", head, "我在休假")).await.expect(200).json();
        assert_eq!(answer["outcome"], "ignored");
    }
    letter(&city, &token, "").await.expect(422);
    letter(&city, &token, "Subject: nobody wrote this\r\n\r\nwords").await.expect(422);
    letter(&city, &token, &mail("d", "x", "Content-Type: multipart/mixed; boundary=b\r\n", "--b")).await.expect(201);
    let held = letter(&city, &token, &mail("e", "王八蛋", "", "再不修就砍死你们")).await.expect(201).json();
    assert!(held["number"].is_string());
    let elsewhere = city.credential("NT-GA", &["hotline.letter.submit"]).await;
    letter(&city, &elsewhere, &mail("f", "x", "", "路灯不亮")).await.expect(403);
    let nothing = city.credential("NT-XXZX", &[]).await;
    letter(&city, &nothing, &mail("g", "x", "", "路灯不亮")).await.expect(403);
    let bearer = format!("Bearer {token}");
    let wrong = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let wrong =
        Browser::open(city.address).request(Method::POST, "/api/hotline/letters", &wrong, Some("{}".into())).await;
    wrong.expect(422);
    let large = mail("h", "x", "", &"路".repeat(11 * 1024 * 1024 / 3));
    letter(&city, &token, &large).await.expect(413);
    let stages: Vec<String> = cases(&centre).await.iter().map(|case| case["stage"].to_string()).collect();
    assert_eq!((stages.len(), stages.iter().filter(|stage| stage.contains("held")).count()), (2, 1));
}
