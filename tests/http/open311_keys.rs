//! Who may post how often, and with which key.
use super::open311::{Edge, HERE, V2};
use jh_db::Work;
use jh_tests::{Browser, City};
use regex::Regex;

#[tokio::test]
async fn who_posts_too_often_waits_for_the_next_minute() {
    let edge = Edge::found_with(|setting| setting.posts_a_minute = Some(3)).await;
    for n in 0..3 {
        edge.reported("noise", &format!("第 {n} 处施工")).await;
    }
    let fields = [HERE[0], HERE[1], ("service_code", "noise"), ("description", "第四处施工")];
    let late = edge.post(&fields).await.expect(429);
    let wait: i64 = late.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    edge.city.base.clock.advance(time::Duration::seconds(wait));
    edge.post(&fields).await.expect(200);
}

#[tokio::test]
async fn a_city_may_take_reports_without_a_key_and_one_without_a_centre_takes_none() {
    let edge = Edge::found_with(|setting| setting.anonymous = true).await;
    let fields = [("service_code", "noise"), ("address_string", "人民中路 1 号")];
    let taken = edge.post_with("json", &[], &fields).await.expect(200).json();
    assert_eq!(edge.get("requests.json").await[0]["service_request_id"], taken[0]["service_request_id"]);
    edge.post_with("json", &[], &[fields[0], fields[1], ("api_key", "jho_wrong")]).await.expect(403);
    let bare = City::found().await;
    let key = {
        let mut work = Work::begin(&bare.base, &bare.command()).await.expect("a transaction");
        let key = open311::api::issue_in(&mut work, "程序", "某人").await.expect("a key").key;
        work.commit().await.expect("committed");
        key
    };
    let program = Browser::open(bare.address);
    let path = format!("{V2}/requests.json");
    let fields = [("api_key", key.as_str()), ("service_code", "noise"), ("address_string", "人民中路 1 号")];
    program.post(&path, &fields).await.expect(503);
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_is_revoked_by_whoever_looks_after_the_whole_city() {
    let edge = Edge::found().await;
    let keeper = edge.city.staff_scoped("NT", "NT", &["open311.key.manage"]).await;
    let below = edge.city.staff("NT-XXZX", &["open311.key.manage"]).await;
    below.get("/open311/keys").await.expect(403);
    let page = "/open311/keys";
    keeper.submit(page, page, &[("name", "x"), ("contact", "")]).await.expect(422);
    let shown = keeper.submit(page, page, &[("name", "城市观察"), ("contact", "李工 13900000000")]).await.expect(200);
    assert!(shown.headers["cache-control"].to_str().expect("text").contains("no-store"));
    let key =
        Regex::new("jho_[A-Za-z0-9_-]{43}").expect("a pattern").find(&shown.text).expect("the key").as_str().to_owned();
    let listed = keeper.get(page).await.expect(200).text;
    assert!(listed.contains("城市观察") && !listed.contains(&key), "{listed}");
    let fields = [("api_key", key.as_str()), ("service_code", "noise"), HERE[0], HERE[1]];
    edge.post_with("json", &[], &fields).await.expect(200);
    let revocation = Regex::new("/open311/keys/[0-9a-f-]{36}/revocation").expect("a pattern");
    let first = revocation.find(&listed).expect("a form").as_str();
    keeper.submit(page, first, &[]).await.expect(303);
    edge.city.base.clock.advance(time::Duration::minutes(3));
    edge.post_with("json", &[], &fields).await.expect(403);
    let form = "/open311/setting";
    let wrong = [("centre", "NT-NOBODY"), ("posts_a_minute", "0")];
    let refused = keeper.submit(form, form, &wrong).await.expect(422).text;
    assert!(refused.contains("没有这个机构代码") && refused.contains("1 到 6000"), "{refused}");
    let right = [("centre", "NT-MZ"), ("posts_a_minute", "30"), ("jurisdiction", "nantong.gov.cn"), ("anonymous", "1")];
    keeper.submit(form, form, &right).await.expect(303);
    edge.post_with("json", &[], &fields[1..]).await.expect(200);
}

#[tokio::test]
async fn the_reference_of_the_house_leads_to_open311() {
    let city = City::found().await;
    let reference = Browser::open(city.address).get("/api").await.expect(200).text;
    assert!(reference.contains(r#"href="/open311/v2/openapi.json""#), "nobody who reads /api learns of Open311");
}
