//! Accounts, organisations, roles, credentials and the audit trail, as people and programs meet them.
use jh_tests::{Answer, Browser, City, PASSWORD};
use reqwest::Method;
use serde_json::json;

const ORGANISATION: &str = "identity.organisation.manage";
const ACCOUNT: &str = "identity.account.manage";
const CREDENTIAL: &str = "identity.credential.manage";
const AUDIT: &str = "audit.read";

/// The text of the element with this id, which holds nothing but text.
#[track_caller]
fn element(answer: &Answer, id: &str) -> String {
    let opening = format!("id=\"{id}\">");
    let rest = answer.text.split_once(&opening).unwrap_or_else(|| panic!("no #{id}: {}", answer.text)).1;
    rest.split_once('<').expect("an end").0.to_owned()
}

async fn sign_in(browser: &Browser, name: &str, password: &str) -> Answer {
    let page = "/identity/session";
    browser.submit(page, page, &[("name", name), ("password", password)]).await
}

async fn post_json(browser: &Browser, path: &str, headers: &[(&str, &str)], body: serde_json::Value) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend_from_slice(headers);
    browser.request(Method::POST, path, &all, Some(body.to_string())).await
}

#[tokio::test]
async fn one_signs_in_and_out() {
    let city = City::found().await;
    city.account("wang.li", "NT-GA", "NT-GA", &[]).await;
    let browser = Browser::open(city.address);
    let asked = browser.get("/identity/account").await.expect(303);
    assert_eq!(asked.location.as_deref(), Some("/identity/session?next=%2Fidentity%2Faccount"));
    let page = "/identity/session?next=%2Fidentity%2Faccount";
    let fields = [("name", " Wang.Li "), ("password", PASSWORD), ("next", "/identity/account")];
    let entered = browser.submit(page, "/identity/session", &fields).await.expect(303);
    assert_eq!(entered.location.as_deref(), Some("/identity/account"));
    let cookie = entered.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let account = browser.get("/identity/account").await.expect(200);
    assert!(account.text.contains("wang.li") && account.text.contains("当前设备"), "{}", account.text);
    assert!(!account.text.contains(&cookie["jh_session=".len()..60]), "the page shows the token");
    let left = browser.submit("/identity/account", "/identity/session/deletion", &[]).await.expect(303);
    assert_eq!(left.location.as_deref(), Some("/identity/session"));
    browser.get("/identity/account").await.expect(303);
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let city = City::found().await;
    city.account("wang.li", "NT-GA", "NT-GA", &[]).await;
    for next in ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example"] {
        let browser = Browser::open(city.address);
        let fields = [("name", "wang.li"), ("password", PASSWORD), ("next", next)];
        let entered = browser.submit("/identity/session", "/identity/session", &fields).await.expect(303);
        assert_eq!(entered.location.as_deref(), Some("/workbench"), "next={next}");
    }
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_read_the_same_and_then_must_wait() {
    let city = City::found().await;
    city.account("wang.li", "NT-GA", "NT-GA", &[]).await;
    for name in ["wang.li", "nobody.here"] {
        let browser = Browser::open(city.address);
        for _ in 0..6 {
            let refused = sign_in(&browser, name, "not-the-password").await.expect(422);
            assert!(refused.text.contains("用户名或密码不对"), "{}", refused.text);
            assert!(!refused.text.contains("not-the-password"), "the page repeats the password");
        }
        let held = sign_in(&browser, name, PASSWORD).await.expect(429);
        assert!(held.text.contains("请等"), "{}", held.text);
    }
}

#[tokio::test]
async fn a_resident_registers_and_is_told_that_the_phone_is_unconfirmed() {
    let city = City::found().await;
    let browser = Browser::open(city.address);
    let page = "/identity/registration";
    assert!(browser.get(page).await.expect(200).text.contains("还没有开通短信验证"));
    let wrong = [("phone", "0513-85123456"), ("name", ""), ("password", "1234567890"), ("repeat", "other")];
    let refused = browser.submit(page, page, &wrong).await.expect(422);
    for text in ["请填写 11 位手机号", "请填写这一项", "重复或连续", "两次输入的密码不一样"]
    {
        assert!(refused.text.contains(text), "{text} is missing: {}", refused.text);
    }
    let right = [("phone", "138 1234 5678"), ("name", "<b>陈小海</b>"), ("password", PASSWORD), ("repeat", PASSWORD)];
    browser.submit(page, page, &right).await.expect(303);
    let account = browser.get("/identity/account").await.expect(200);
    assert!(account.text.contains("未验证") && account.text.contains("138****5678"), "{}", account.text);
    assert!(!account.text.contains("13812345678") && !account.text.contains("<b>陈"), "{}", account.text);
    let other = Browser::open(city.address);
    sign_in(&other, "13812345678", PASSWORD).await.expect(303);
    other.get("/identity/accounts").await.expect(403);
}

#[tokio::test]
async fn a_new_colleague_gets_a_password_that_is_shown_once() {
    let city = City::found().await;
    let admin = city.staff("NT-GA", &[ACCOUNT, AUDIT]).await;
    let fields = [("name", "李娜"), ("username", "li.na"), ("organisation", "NT-GA")];
    let made = admin.submit("/identity/accounts/new", "/identity/accounts", &fields).await.expect(200);
    assert!(made.headers["cache-control"].to_str().expect("text").starts_with("no-store"));
    let password = element(&made, "one-time");
    let href = made.text.split("href=\"/identity/accounts/").nth(1).and_then(|rest| rest.split('"').next());
    let _ = href.expect("a link to the account");
    let outside = [("name", "王五"), ("username", "wang.wu"), ("organisation", "NT-GS")];
    let refused = admin.submit("/identity/accounts/new", "/identity/accounts", &outside).await.expect(422);
    assert!(refused.text.contains("不在您管理范围内"), "{}", refused.text);

    let colleague = Browser::open(city.address);
    let entered = sign_in(&colleague, "li.na", &password).await.expect(303);
    assert_eq!(entered.location.as_deref(), Some("/identity/password"));
    colleague.get("/identity/accounts").await.expect(403);
    let new = [("current", &*password), ("new", "river-and-sea-88"), ("repeat", "river-and-sea-88")];
    colleague.submit("/identity/password", "/identity/password", &new).await.expect(303);
    colleague.get("/identity/account").await.expect(200);
    sign_in(&Browser::open(city.address), "li.na", &password).await.expect(422);

    let list = admin.get("/identity/accounts?q=li.na").await.expect(200);
    assert!(list.text.contains("李娜") && !list.text.contains("wang.wu"));
    let trail = admin.get("/identity/audit?action=identity.account").await.expect(200);
    assert!(trail.text.contains("开通账号"), "{}", trail.text);
}

/// The link to an account in the list.
async fn account_path(admin: &Browser, username: &str) -> String {
    let list = admin.get(&format!("/identity/accounts?q={username}")).await.expect(200);
    let id = list.text.split("href=\"/identity/accounts/").filter_map(|rest| rest.split('"').next());
    let id = id.into_iter().find(|id| id.len() == 36).unwrap_or_else(|| panic!("no {username}: {}", list.text));
    format!("/identity/accounts/{id}")
}

#[tokio::test]
async fn what_is_out_of_scope_is_not_found() {
    let city = City::found().await;
    city.account("gs.clerk", "NT-GS", "NT-GS", &[]).await;
    let everyone = city.staff_scoped("NT", "NT", &[ACCOUNT, ORGANISATION, CREDENTIAL]).await;
    let clerk = account_path(&everyone, "gs.clerk").await;
    let local = city.staff("NT-GA", &[ACCOUNT, ORGANISATION, CREDENTIAL, AUDIT]).await;
    let gs = city.organisation("NT-GS").await;
    let forged = "0190d6a0-0000-7000-8000-000000000000";
    for path in [
        clerk.clone(),
        format!("/identity/organisations/{gs}/name"),
        format!("/identity/organisations/{gs}/parent"),
        format!("/identity/organisations/{gs}/closure"),
        format!("/identity/organisations/{forged}/closure"),
        format!("/identity/organisations/{forged}"),
        format!("/identity/credentials/{forged}/rotation"),
        "/identity/accounts/not-an-id".into(),
    ] {
        local.get(&path).await.expect(404);
    }
    let home = "/identity/account";
    for (action, fields) in [
        (format!("{clerk}/suspension"), vec![("reason", "试一试")]),
        (format!("{clerk}/password"), vec![]),
        (format!("/identity/organisations/{gs}/name"), vec![("name", "新名"), ("short_name", "新名")]),
        (format!("/identity/organisations/{gs}/parent"), vec![("parent", "NT-GA")]),
        (format!("/identity/organisations/{gs}/closure"), vec![]),
    ] {
        local.submit(home, &action, &fields).await.expect(404);
    }
    let new = [("code", "GA-9"), ("parent", "NT-GS"), ("kind", "office"), ("name", "新科")];
    local.submit("/identity/organisations/new", "/identity/organisations", &new).await.expect(422);
    local.get(&format!("/identity/organisations/{gs}")).await.expect(200);
    assert!(!local.get("/identity/accounts").await.expect(200).text.contains("gs.clerk"));
    local.get("/identity/audit/days/2026-03-01").await.expect(403);
}

#[tokio::test]
async fn an_organisation_is_created_renamed_moved_and_closed() {
    let city = City::found().await;
    let admin = city.staff_scoped("NT", "NT", &[ORGANISATION]).await;
    let list = "/identity/organisations";
    let fields = [("code", "ga-01"), ("parent", "NT-GA"), ("kind", "office"), ("name", "<i>户政</i>支队")];
    let made = admin.submit("/identity/organisations/new", list, &fields).await.expect(303);
    let path = made.location.expect("a place").split('?').next().expect("a path").to_owned();
    let shown = admin.get(&path).await.expect(200);
    assert!(shown.text.contains("GA-01") && !shown.text.contains("<i>户政"), "{}", shown.text);
    let again = admin.submit("/identity/organisations/new", list, &fields).await.expect(422);
    assert!(again.text.contains("这个代码已经用过"), "{}", again.text);

    city.base.advance(time::Duration::minutes(1));
    let name = format!("{path}/name");
    admin.submit(&name, &name, &[("name", "人口支队"), ("short_name", "人口")]).await.expect(303);
    city.base.advance(time::Duration::minutes(1));
    let parent = format!("{path}/parent");
    admin.submit(&parent, &parent, &[("parent", "NT-MZ")]).await.expect(303);
    let shown = admin.get(&path).await.expect(200);
    assert!(shown.text.contains("南通市民政局 / 人口支队") && shown.text.contains("户政"), "{}", shown.text);
    let mz = city.organisation("NT-MZ").await;
    let into = admin.submit(&parent, &format!("/identity/organisations/{mz}/parent"), &[("parent", "GA-01")]).await;
    assert!(into.expect(422).text.contains("不能移到它自己"));
    let closure = format!("{path}/closure");
    let early = admin.submit(&closure, &closure, &[("closed_on", "2099-01-01")]).await.expect(422);
    assert!(early.text.contains("不能晚于今天"), "{}", early.text);
    admin.submit(&closure, &closure, &[("successor", "NT-GA")]).await.expect(303);
    assert!(admin.get(&path).await.expect(200).text.contains("承接机构"));
    let tree = admin.get("/identity/organisations").await.expect(200);
    assert!(tree.text.contains("南通市公安局") && !tree.text.contains("人口支队"));
    let found = admin.get("/identity/organisations?q=%E4%BA%BA%E5%8F%A3&closed=1").await.expect(200);
    assert!(found.text.contains("已撤销"), "{}", found.text);
}

#[tokio::test]
async fn nobody_gives_what_he_does_not_hold() {
    let city = City::found().await;
    city.account("clerk", "NT-GA", "NT-GA", &["registry.record.reveal"]).await;
    city.account("other", "NT-GA", "NT-GA", &[]).await;
    let admin = city.staff_scoped("NT", "NT", &[ACCOUNT]).await;
    let clerk = account_path(&admin, "clerk").await;
    // To set the password of somebody who may read in clear is to be able to read in clear.
    let taken = admin.submit(&clerk, &format!("{clerk}/password"), &[]).await.expect(403);
    assert!(taken.text.contains("因此不能授予"), "{}", taken.text);
    let other = account_path(&admin, "other").await;
    admin.submit(&other, &format!("{other}/suspension"), &[("reason", "调离岗位")]).await.expect(303);
    sign_in(&Browser::open(city.address), "other", PASSWORD).await.expect(422);
    admin.submit(&other, &format!("{other}/restoration"), &[]).await.expect(303);
    sign_in(&Browser::open(city.address), "other", PASSWORD).await.expect(303);
    let role = [("code", "reader"), ("audience", "staff"), ("name", "查询"), ("permissions", "registry.record.reveal")];
    admin.submit("/identity/roles/new", "/identity/roles", &role).await.expect(403);
    let role = [("code", "keeper"), ("audience", "staff"), ("name", "账号员"), ("permissions", ACCOUNT)];
    admin.submit("/identity/roles/new", "/identity/roles", &role).await.expect(303);
    assert!(admin.get("/identity/roles").await.expect(200).text.contains("账号员"));
}

#[tokio::test]
async fn a_credential_works_until_the_very_call_after_its_revocation() {
    let city = City::found().await;
    let token = city.credential("NT-GA", &["registry.delivery.submit"]).await;
    let system = Browser::open(city.address);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer)];
    let me = system.get_with("/api/identity/me", &headers).await.expect(200).json();
    assert_eq!(me["kind"], "service");
    let admin = city.staff("NT-GA", &[CREDENTIAL]).await;
    let list = admin.get("/identity/credentials").await.expect(200);
    assert!(!list.text.contains(&token) && list.text.contains(&token[token.len() - 4..]), "{}", list.text);
    let id = list.text.split("/identity/credentials/").filter_map(|rest| rest.get(..36)).find(|id| id.contains("-7"));
    let path = format!("/identity/credentials/{}", id.expect("a credential"));

    let rotation = format!("{path}/rotation");
    let fields = [("overlap_h", "1"), ("expires_on", "2026-06-30")];
    let rotated = admin.submit(&rotation, &rotation, &fields).await.expect(200);
    assert!(rotated.headers["cache-control"].to_str().expect("text").starts_with("no-store"));
    let fresh = format!("Bearer {}", element(&rotated, "token"));
    system.get_with("/api/identity/me", &[("authorization", &*fresh)]).await.expect(200);
    system.get_with("/api/identity/me", &headers).await.expect(200);
    admin.submit("/identity/credentials", &format!("{path}/revocation"), &[]).await.expect(303);
    let refused = system.get_with("/api/identity/me", &headers).await.expect(401);
    assert_eq!(refused.json()["code"], "credential-unknown");
    system.get_with("/api/identity/me", &[("authorization", &*fresh)]).await.expect(200);
    system.get_with("/api/identity/me", &[("authorization", "Bearer jhc_x")]).await.expect(401);
}

#[tokio::test]
async fn the_tree_is_served_to_programs() {
    let city = City::found().await;
    let admin = city.staff("NT-GA", &[ORGANISATION]).await;
    let list = admin.get("/api/identity/organisations?kind=department&size=2").await.expect(200).json();
    assert_eq!((list["items"].as_array().map(Vec::len), &list["has_more"]), (Some(2), &json!(true)));
    let one = admin.get("/api/identity/organisations/nt-ga").await.expect(200).json();
    assert_eq!((&one["kind"], &one["closed_on"]), (&json!("department"), &json!(null)));
    assert_eq!(one["opened_on"].as_str().map(str::len), Some(10));
    admin.get("/api/identity/organisations/NT-NONE").await.expect(404);
    admin.get("/api/identity/organisations?page=x").await.expect(422);

    let new = json!({ "code": "GA-01", "parent": "NT-GA", "kind": "office", "name": "户政支队" });
    let key = [("idempotency-key", "0190d6a0-0000-7000-8000-00000000aaaa")];
    let made = post_json(&admin, "/api/identity/organisations", &key, new.clone()).await.expect(201).json();
    let again = post_json(&admin, "/api/identity/organisations", &key, new).await.expect(201).json();
    assert_eq!(made["id"], again["id"], "the same key twice is one change");
    let path = format!("/api/identity/organisations/{}", made["id"].as_str().expect("an id"));
    let renamed =
        post_json(&admin, &format!("{path}/name"), &[], json!({ "name": "人口支队", "short_name": "人口" })).await;
    assert_eq!(renamed.expect(200).json()["path"], "南通市人民政府 / 南通市公安局 / 人口支队");
    let beyond =
        post_json(&admin, &format!("{path}/parent"), &[], json!({ "parent": "NT-GS" })).await.expect(422).json();
    assert_eq!(beyond["fields"][0]["field"], "parent");
    post_json(&admin, &format!("{path}/closure"), &[], json!({})).await.expect(200);
    let nobody = city.staff("NT-GS", &[]).await;
    post_json(&nobody, &format!("{path}/closure"), &[], json!({})).await.expect(403);
}

#[tokio::test]
async fn the_auditor_takes_a_signed_day_home() {
    let city = City::found().await;
    let auditor = city.staff_scoped("NT", "NT", &[AUDIT]).await;
    let today = auditor.get("/identity/audit").await.expect(200);
    assert!(today.text.contains("登录") && today.text.contains("截至现在"), "{}", today.text);
    city.base.advance(time::Duration::hours(23));
    jh_db::audit::seal_finished_days(&city.base).await.expect("a signed day");
    // Nobody stays signed in overnight.
    auditor.get("/identity/audit").await.expect(303);
    let auditor = city.staff_scoped("NT", "NT", &[AUDIT]).await;
    let day = auditor.get("/identity/audit/days/2026-03-02").await.expect(200);
    assert!(day.text.contains("openssl pkeyutl -verify") && day.text.contains("BEGIN PUBLIC KEY"), "{}", day.text);
    let today = auditor.get("/identity/audit/days/2026-03-03").await.expect(200);
    assert!(today.text.contains("so_far: the day was not over"), "{}", today.text);
    auditor.get("/identity/audit/days/2026-03-04").await.expect(404);
    auditor.get("/identity/audit/days/1999-01-01").await.expect(404);
    let archive = auditor.get("/identity/audit/days/2026-03-02/export").await.expect(200);
    assert_eq!(archive.headers["content-type"], "application/zip");
}
