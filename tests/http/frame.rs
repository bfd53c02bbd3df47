//! The frame itself: health, errors in words, languages, headers, the API's description.
use jh_tests::{Browser, City, PASSWORD};
use jh_web::app::Settings;
use reqwest::Method;

#[tokio::test]
async fn the_city_is_alive_and_ready_and_measures_itself() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    assert_eq!(browser.get("/healthz").await.expect(200).text, "ok\n");
    assert_eq!(browser.get("/readyz").await.expect(200).text, "ready\n");
    browser.get("/metrics").await.expect(200);
    let passed_on = browser.get_with("/metrics", &[("x-forwarded-for", "203.0.113.7")]).await;
    assert_ne!(passed_on.status, 200, "figures are shown to whoever comes through the proxy");
}

#[tokio::test]
async fn without_its_database_the_city_is_alive_but_not_ready() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    city.base.db.close().await;
    browser.get("/healthz").await.expect(200);
    browser.get("/readyz").await.expect(503);
}

#[tokio::test]
async fn an_unknown_address_is_a_page_for_people_and_a_problem_for_programs() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let page = browser.get("/no/such/thing").await.expect(404);
    assert!(page.text.contains("lang=\"zh-CN\"") && page.text.contains("没有找到"), "{}", page.text);
    let id = page.headers["x-request-id"].to_str().expect("text").to_owned();
    assert!(page.text.contains(&id), "the page does not show the number to quote");
    let problem = browser.get("/api/no-such-thing").await.expect(404);
    assert_eq!(problem.headers["content-type"], "application/problem+json");
    assert_eq!(problem.json()["code"], "not-found");
    assert_eq!(problem.json()["status"], 404);
}

#[tokio::test]
async fn english_is_a_choice_that_is_remembered() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let answer = browser.get("/preferences?lang=en&back=/no/such/thing").await.expect(303);
    assert_eq!(answer.location.as_deref(), Some("/no/such/thing"));
    let page = browser.get("/no/such/thing").await.expect(404);
    assert!(page.text.contains("lang=\"en\""), "{}", page.text);
}

#[tokio::test]
async fn a_preference_never_leads_to_another_site() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    for back in [
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "/%5Celsewhere.example",
        "/%09/elsewhere.example",
        "/%0A/elsewhere.example",
        "%20//elsewhere.example",
        "/%C2%A0/elsewhere.example",
    ] {
        let answer = browser.get(&format!("/preferences?elder=1&back={back}")).await.expect(303);
        assert_eq!(answer.location.as_deref(), Some("/"), "back={back}");
    }
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let city = City::found().await;
    city.account("traveller", "NT-GA", "NT-GA", &[]).await;
    for next in ["/\t/elsewhere.example", "/\r\n/elsewhere.example", "\t//elsewhere.example", "/\\elsewhere.example"] {
        let fields = [("name", "traveller"), ("password", PASSWORD), ("next", next)];
        let browser = Browser::open(city.address);
        let answer = browser.submit("/identity/session", "/identity/session", &fields).await.expect(303);
        assert_eq!(answer.location.as_deref(), Some("/workbench"), "next={next:?}");
    }
}

#[tokio::test]
async fn every_answer_forbids_foreign_scripts_and_frames() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    for path in ["/", "/no/such/thing", "/api/openapi.json", "/healthz"] {
        let answer = browser.get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn the_description_of_the_api_names_every_api_route() {
    let city = City::found().await;
    let document = Browser::open(city.address).get("/api/openapi.json").await.expect(200).json();
    let undescribed: Vec<_> = city
        .app
        .routes()
        .iter()
        .filter(|(module, spec)| spec.path.starts_with("/api/") && *module != "web")
        // The CKAN action API is described by CKAN's own documentation.
        .filter(|(_, spec)| !spec.path.starts_with("/api/3/") && !spec.path.starts_with("/api/action/"))
        .filter(|(_, spec)| document["paths"][spec.path][spec.method.as_str().to_lowercase()].is_null())
        .map(|(_, spec)| format!("{} {}", spec.method, spec.path))
        .collect();
    assert!(undescribed.is_empty(), "add #[utoipa::path] to: {undescribed:?}");
    Browser::open(city.address).get("/api").await.expect(200);
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_the_callers_error_and_not_ours() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let problem = browser.get("/api/catalogue/elements?q=%00").await.expect(422).json();
    assert_eq!(problem["code"], "character-unstorable");
    assert!(problem["detail"].as_str().is_some_and(|words| words.contains("U+0000")), "{problem}");
    // CKAN's clients read CKAN's form of an error.
    for action in ["package_show?id=%00", "package_search?q=%00", "organization_show?id=%00"] {
        let answer = browser.get(&format!("/api/3/action/{action}")).await;
        assert!(answer.status.as_u16() < 500, "{action}: {}", answer.text);
        let (ok, document) = (answer.status.is_success(), answer.json());
        assert_eq!(document["success"], ok, "{action}: {document}");
        assert!(ok || document["error"]["__type"].is_string(), "{action}: {document}");
    }
    for path in ["/data?q=%00", "/search?q=%00", "/data/%00", "/api/catalogue/resources?q=%00&theme=%00"] {
        let answer = browser.get(path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn a_day_that_no_calendar_holds_is_as_none_and_no_failure_of_ours() {
    let city = City::found().await;
    let permissions = &["casework.case.read", "casework.procedure.manage", "city_management.appraisal.read"];
    let staff = city.staff("NT", permissions).await;
    for day in ["-9999-01-01", "0000-01-01", "9999-12-31", "99999-01-01", "2026-02-30"] {
        for path in ["/casework/cases", "/casework/cases.csv", "/city_management/appraisal", "/hotline/bulletin"] {
            let answer = staff.get(&format!("{path}?from={day}&to={day}&day={day}")).await;
            assert!(answer.status.as_u16() < 500, "{path} {day}: {} {}", answer.status, answer.text);
        }
        for days in
            [[("from", day), ("to", "2026-05-01")], [("from", "2026-05-01"), ("to", day)], [("from", day), ("to", day)]]
        {
            let fields = [days[0], days[1], ("kind", "holiday"), ("name", "劳动节"), ("source", "国办发明电")];
            let refused = staff.submit("/casework/setup", "/casework/calendar", &fields).await.expect(422);
            assert!(refused.text.contains("jh-field-error"), "{days:?}: {}", refused.text);
        }
    }
}

#[tokio::test]
async fn whoever_must_wait_before_signing_in_is_told_how_long_in_the_header_too() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let page = "/identity/session";
    let wrong = [("name", "nobody.here"), ("password", "not the password")];
    for _ in 0..6 {
        let refused = browser.submit(page, page, &wrong).await.expect(422);
        assert!(!refused.headers.contains_key("retry-after"));
    }
    let held = browser.submit(page, page, &wrong).await.expect(429);
    let seconds: u32 = held.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=2).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn behind_a_proxy_the_address_is_the_one_that_the_proxy_saw() {
    let city = City::found_with(Settings { behind_proxy: true, ..Settings::default() }).await;
    city.account("traveller", "NT-GA", "NT-GA", &[]).await;
    let browser = Browser::open(city.address);
    let shown = browser.get("/identity/session").await;
    let [token, key] = ["_csrf", "_key"].map(|name| shown.hidden(name).expect("a form"));
    let body = format!("_csrf={token}&_key={key}&name=traveller&password={PASSWORD}");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "10.0.0.9, 203.0.113.7"),
    ];
    browser.request(Method::POST, "/identity/session", &headers, Some(body)).await.expect(303);
    let seen: Vec<String> = sqlx::query_scalar("SELECT address FROM identity.session")
        .fetch_all(city.base.db.pool())
        .await
        .expect("the sessions");
    assert_eq!(seen, ["203.0.113.7"]);
}
