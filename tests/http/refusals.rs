//! Every route of the house, walked by those who may not use it.
use jh_tests::{Browser, City};
use jh_web::Access;
use reqwest::Method;

/// A path with every parameter filled by something that parses and does not exist.
fn filled(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        out.push('/');
        match part {
            "{*path}" => out.push_str("nothing.css"),
            part if part.contains('{') => out.push_str("0190d6a0-0000-7000-8000-000000000000"),
            part => out.push_str(part),
        }
    }
    out
}

/// Routes that anyone may use. A new one is added here by hand, after thinking about what it shows.
const PUBLIC: &[&str] = &[
    "/",
    "/api",
    "/assets/",
    "/api/openapi.json",
    "/api/problems/",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/preferences",
    "/search",
    "/services",
    "/data",
    "/catalogue.ttl",
    "/catalogue.jsonld",
    "/api/3/",
    "/api/action/",
    "/api/catalogue/",
    "/identity/session",
    "/identity/registration",
    "/about",
    "/answers",
    "/report",
    "/sitemap.xml",
    "/robots.txt",
    "/open311/v2/",
];

fn known_public(path: &str) -> bool {
    PUBLIC.iter().any(|known| path == *known || (known.len() > 1 && path.starts_with(known)))
}

#[tokio::test]
async fn every_route_refuses_who_is_not_signed_in_and_who_holds_nothing() {
    let city = City::found().await;
    let stranger = Browser::open(city.address);
    let nobody = city.staff("NT-MZ", &[]).await;
    let (mut walked, mut wrong) = (0, Vec::new());
    for (module, spec) in city.app.routes() {
        let path = filled(spec.path);
        match spec.access {
            Access::Public => {
                if !known_public(spec.path) {
                    wrong.push(format!(
                        "{} {} ({module}) is public without being listed as such",
                        spec.method, spec.path
                    ));
                }
                continue;
            }
            Access::Operator(_) => continue,
            Access::SignedIn | Access::Permission(_) => {}
        }
        walked += 1;
        let answer = stranger.request(spec.method.clone(), &path, &[], None).await;
        let to_sign_in =
            answer.status == 303 && answer.location.as_deref().is_some_and(|to| to.starts_with("/identity/session"));
        if !(answer.status == 401 || to_sign_in) {
            wrong.push(format!("{} {path} answers {} to a stranger", spec.method, answer.status));
        }
        if let Access::Permission(permission) = spec.access {
            let answer = nobody.request(spec.method.clone(), &path, &[], None).await;
            if answer.status != 403 {
                wrong.push(format!(
                    "{} {path} answers {} to an account without {permission}",
                    spec.method, answer.status
                ));
            }
        }
    }
    assert!(walked > 50, "only {walked} protected routes were walked");
    assert!(wrong.is_empty(), "{} routes let in who should stay out:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let city = City::found().await;
    let all: Vec<_> = city.app.permissions().to_vec();
    let browser = city.staff_scoped("NT", "NT", &all).await;
    let mut wrong = Vec::new();
    for (_, spec) in city.app.routes().iter().filter(|(_, spec)| spec.method == Method::POST) {
        if spec.path.starts_with("/api/") {
            continue;
        }
        let answer = browser.post(&filled(spec.path), &[("anything", "1")]).await;
        // An unknown id may be told first; what must not happen is that the change is looked at.
        if !matches!(answer.status.as_u16(), 403 | 404 | 422) {
            wrong.push(format!("POST {} answers {} without a token", spec.path, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let shown = browser.get("/identity/session").await;
    let token = shown.hidden("_csrf").expect("a token");
    let body = format!("_csrf={token}&_key=0190d6a0-0000-7000-8000-000000000001&name=a&password=b");
    let form = ("content-type", "application/x-www-form-urlencoded");
    for from in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")] {
        let answer = browser.request(Method::POST, "/identity/session", &[form, from], Some(body.clone())).await;
        assert_eq!(answer.status, 403, "a form from {from:?} was taken");
    }
}
