//! The directory over HTTP: writing, reviewing and publishing by form, and what the public and CKAN's clients then find.
use jh_tests::{Browser, City};

const READ: &str = "catalogue.resource.read";
const DRAFT: &str = "catalogue.resource.draft";
const REVIEW: &str = "catalogue.resource.review";
const PUBLISH: &str = "catalogue.resource.publish";

/// The form of a small open resource of `NT-MZ`.
fn form(provider: &str) -> Vec<(&'static str, String)> {
    let text = |text: &str| text.to_owned();
    vec![
        ("provider", provider.to_owned()),
        ("code", text("305001/000007")),
        ("title", text("养老机构名录")),
        ("title_en", text("Homes for the elderly")),
        ("description", text("全市养老机构的名称与床位数。每季度更新。")),
        ("keywords", text("养老；床位")),
        ("theme", text("population")),
        ("format", text("table")),
        ("update_cycle", text("quarterly")),
        ("classification", text("sensitive")),
        ("sharing", text("unconditional")),
        ("open", text("yes")),
        ("contact", text("民政局 12345")),
        ("rows", text("dataset")),
        ("field_name", text("name")),
        ("field_label", text("机构名称")),
        ("field_type", text("text")),
        ("field_required", text("yes")),
        ("field_class", text("public")),
        ("field_name", text("manager_phone")),
        ("field_label", text("负责人手机")),
        ("field_type", text("text")),
        ("field_required", text("no")),
        ("field_class", text("sensitive")),
    ]
}

async fn send(browser: &Browser, page: &str, action: &str, form: &[(&'static str, String)]) -> jh_tests::Answer {
    let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit(page, action, &fields).await
}

/// Writes, submits and publishes; answers the resource's address in the workbench.
async fn published(city: &City) -> String {
    let writer = city.staff("NT-MZ", &[READ, DRAFT]).await;
    let checker = city.staff("NT-MZ", &[READ, REVIEW, PUBLISH]).await;
    let provider = city.organisation("NT-MZ").await.to_string();
    let made = send(&writer, "/catalogue/resources/new", "/catalogue/resources", &form(&provider)).await.expect(303);
    let at = made.location.expect("an address");
    writer.submit(&at, &format!("{at}/submission"), &[]).await.expect(303);
    checker.submit(&at, &format!("{at}/publication"), &[]).await.expect(303);
    at
}

#[tokio::test]
async fn a_resource_is_written_reviewed_published_and_found() {
    let city = City::found().await;
    let at = published(&city).await;
    assert_eq!(at, "/catalogue/resources/305001-000007");
    let public = Browser::open(city.address);
    let page = public.get("/data?q=%E5%85%BB%E8%80%81").await.expect(200);
    assert!(page.text.contains("养老机构名录") && page.text.contains("/data/305001-000007"), "{}", page.text);
    let page = public.get("/data/305001-000007").await.expect(200);
    assert!(page.text.contains("机构名称") && !page.text.contains("manager_phone"), "{}", page.text);
}

#[tokio::test]
async fn the_writer_is_shown_no_way_to_publish_and_finds_none() {
    let city = City::found().await;
    let both = city.staff("NT-MZ", &[READ, DRAFT, REVIEW, PUBLISH]).await;
    let provider = city.organisation("NT-MZ").await.to_string();
    let made = send(&both, "/catalogue/resources/new", "/catalogue/resources", &form(&provider)).await.expect(303);
    let at = made.location.expect("an address");
    both.submit(&at, &format!("{at}/submission"), &[]).await.expect(303);
    let page = both.get(&at).await.expect(200);
    assert!(!page.text.contains(&format!("{at}/publication")), "the button is offered to the writer");
    both.submit(&at, &format!("{at}/publication"), &[]).await.expect(403);
}

#[tokio::test]
async fn a_forged_organisation_is_refused_and_anothers_draft_is_not_there() {
    let city = City::found().await;
    let police = city.staff("NT-GA", &[READ, DRAFT, REVIEW, PUBLISH]).await;
    let foreign = city.organisation("NT-MZ").await.to_string();
    send(&police, "/catalogue/resources/new", "/catalogue/resources", &form(&foreign)).await.expect(403);
    let writer = city.staff("NT-MZ", &[READ, DRAFT]).await;
    let made = send(&writer, "/catalogue/resources/new", "/catalogue/resources", &form(&foreign)).await.expect(303);
    let at = made.location.expect("an address");
    police.get(&at).await.expect(404);
    police.get(&format!("{at}/draft")).await.expect(404);
    police.submit("/catalogue/resources", &format!("{at}/submission"), &[]).await.expect(404);
    let list = police.get("/catalogue/resources").await.expect(200);
    assert!(!list.text.contains("养老机构名录"), "another department's draft is listed");
}

#[tokio::test]
async fn a_form_with_errors_keeps_what_was_typed_and_names_the_field() {
    let city = City::found().await;
    let writer = city.staff("NT-MZ", &[READ, DRAFT]).await;
    let provider = city.organisation("NT-MZ").await.to_string();
    let mut wrong = form(&provider);
    wrong[2].1 = String::new();
    wrong[14].1 = "Name<script>".into();
    let answer = send(&writer, "/catalogue/resources/new", "/catalogue/resources", &wrong).await.expect(422);
    assert!(answer.text.contains("href=\"#title\"") && answer.text.contains("全市养老机构"), "{}", answer.text);
    assert!(!answer.text.contains("Name<script>"), "typed text came back as markup");
}

#[tokio::test]
async fn more_rows_come_without_saving() {
    let city = City::found().await;
    let writer = city.staff("NT-MZ", &[READ, DRAFT]).await;
    let provider = city.organisation("NT-MZ").await.to_string();
    let mut more = form(&provider);
    more.push(("act", "rows".into()));
    let answer = send(&writer, "/catalogue/resources/new", "/catalogue/resources", &more).await.expect(200);
    assert_eq!(answer.text.matches("name=\"field_name\"").count(), 12);
    let list = writer.get("/catalogue/resources").await.expect(200);
    assert!(!list.text.contains("养老机构名录"));
}

#[tokio::test]
async fn the_next_version_is_compared_with_the_published_one() {
    let city = City::found().await;
    let at = published(&city).await;
    let writer = city.staff("NT-MZ", &[READ, DRAFT]).await;
    let provider = city.organisation("NT-MZ").await.to_string();
    let mut next = form(&provider);
    next[2].1 = "养老机构与床位".into();
    let seen = writer.get(&format!("{at}/draft")).await.expect(200).hidden("seen").expect("the text it was made from");
    next.push(("seen", seen));
    send(&writer, &format!("{at}/draft"), &format!("{at}/draft"), &next).await.expect(303);
    let page = writer.get(&format!("{at}/changes")).await.expect(200);
    assert!(
        page.text.contains("<del>养老机构名录</del>") && page.text.contains("<ins>养老机构与床位</ins>"),
        "{}",
        page.text
    );
    // The public still reads what was published, and a writer who opened the form earlier overwrites nothing.
    let public = Browser::open(city.address).get("/data/305001-000007").await.expect(200);
    assert!(public.text.contains("养老机构名录"));
    send(&writer, &format!("{at}/draft"), &format!("{at}/draft"), &next).await.expect(409);
}

#[tokio::test]
async fn withdrawal_needs_a_reason_and_closes_the_public_page() {
    let city = City::found().await;
    let at = published(&city).await;
    let checker = city.staff("NT-MZ", &[READ, REVIEW, PUBLISH]).await;
    checker.submit(&at, &format!("{at}/withdrawal"), &[]).await.expect(422);
    checker.submit(&at, &format!("{at}/withdrawal"), &[("reason", "数据有误")]).await.expect(303);
    Browser::open(city.address).get("/data/305001-000007").await.expect(404);
    assert!(checker.get(&at).await.expect(200).text.contains("数据有误"));
}

#[tokio::test]
async fn a_system_writes_by_json_and_cannot_publish_for_another_department() {
    let city = City::found().await;
    let bearer = |token: &str| format!("Bearer {token}");
    let token = bearer(&city.credential("NT-MZ", &[READ, DRAFT]).await);
    let content = serde_json::json!({
        "title": "社区名录", "title_en": "", "description": "全市社区的名称。", "description_en": "", "keywords": ["社区"],
        "theme": "population", "format": "table", "update_cycle": "yearly", "classification": "public",
        "sharing": { "kind": "unconditional" }, "open": true, "contact": "12345", "rows": null,
        "fields": [{ "name": "name", "label": "名称", "label_en": "", "element": null, "field_type": "text",
                     "required": true, "classification": "public", "unit": "" }],
    });
    let system = Browser::open(city.address);
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let send = |path: String, body: serde_json::Value| {
        let (system, headers) = (&system, &headers);
        async move { system.request(reqwest::Method::POST, &path, headers, Some(body.to_string())).await }
    };
    let new = serde_json::json!({ "provider": "NT-MZ", "content": content });
    let made = send("/api/catalogue/entries".into(), new).await.expect(200).json();
    let code = made["code"].as_str().expect("a code").to_owned();
    assert_eq!(made["state"], "draft");
    let foreign = serde_json::json!({ "provider": "NT-GA", "content": content });
    send("/api/catalogue/entries".into(), foreign).await.expect(403);
    let step = |name: &str| format!("/api/catalogue/entries/{code}/{name}");
    assert_eq!(send(step("submission"), serde_json::json!({})).await.expect(200).json()["state"], "in_review");
    send(step("publication"), serde_json::json!({})).await.expect(403);
    let other = bearer(&city.credential("NT-GA", &[READ, DRAFT, REVIEW, PUBLISH]).await);
    let headers = [("authorization", other.as_str()), ("content-type", "application/json")];
    let refused = system.request(reqwest::Method::POST, &step("publication"), &headers, Some("{}".into())).await;
    assert_eq!(refused.status, 404);
    let own = bearer(&city.credential("NT-MZ", &[READ, REVIEW, PUBLISH]).await);
    let headers = [("authorization", own.as_str()), ("content-type", "application/json")];
    let refused = system.request(reqwest::Method::POST, &step("publication"), &headers, Some("{}".into())).await;
    assert_eq!(refused.status, 403, "a second credential is no second pair of eyes");
}

#[tokio::test]
async fn standards_are_imported_and_read_by_everyone_signed_in() {
    let city = City::found().await;
    let keeper = city.staff_scoped("NT-XXZX", "NT", &[READ, "catalogue.standard.manage"]).await;
    let file = "key,name_zh,name_en,definition_zh,type,rule\nplate_number,机动车号牌,Plate number,公安机关核发的号牌号码,text,text\n";
    let import = "/catalogue/standards/import";
    let sent = keeper.upload(import, import, &[("kind", "elements")], ("elements.csv", file.as_bytes().to_vec())).await;
    sent.expect(303);
    let reader = city.staff("NT-MZ", &[]).await;
    let page = reader.get("/catalogue/elements/plate_number").await.expect(200);
    assert!(page.text.contains("机动车号牌") && page.text.contains("公安机关核发"), "{}", page.text);
    let wrong = "key,name_zh,type,rule\nx,某,text,nonsense\n";
    let sent = keeper.upload(import, import, &[("kind", "elements")], ("wrong.csv", wrong.as_bytes().to_vec())).await;
    let told = sent.expect(422).text;
    assert!(told.contains("nonsense"), "{told}");
}

#[tokio::test]
async fn ckan_and_dcat_answer_anyone() {
    let city = City::found().await;
    published(&city).await;
    let stranger = Browser::open(city.address);
    let list = stranger.get("/api/3/action/package_list").await.expect(200).json();
    assert_eq!(list["result"], serde_json::json!(["305001-000007"]));
    let body = Some(r#"{"id": "305001-000007"}"#.to_owned());
    let json = [("content-type", "application/json")];
    let shown =
        stranger.request(reqwest::Method::POST, "/api/action/package_show", &json, body).await.expect(200).json();
    assert_eq!(shown["result"]["organization"]["title"], "南通市民政局");
    let turtle = stranger.get("/catalogue.ttl").await.expect(200);
    assert!(turtle.text.contains("dcat:Catalog") && turtle.text.contains("养老机构名录"), "{}", turtle.text);
}
