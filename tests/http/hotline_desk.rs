//! A call as the agent takes it: answered, dispatched, or the same as another; and what the supervisor sees of it.
use jh_tests::{Browser, City};

use crate::casework::{ABOVE, HOLDER, act, seen};

pub const AGENT: &[&str] = &[
    "hotline.desk.use",
    "hotline.knowledge.read",
    "hotline.suggestion.use",
    "casework.case.create",
    "casework.case.read",
    "casework.case.manage",
    "casework.case.inspect",
];
pub const DESK: &str = "/hotline/desk";

/// A call about a hole in the road, decided as `way` says; with the id of its case.
async fn call(agent: &Browser, more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("phone", "13912345678"),
        ("name", "王小明"),
        ("description", "人民中路与濠南路交叉口路面塌陷，电动车容易摔倒"),
        ("address", "人民中路与濠南路交叉口"),
        ("category", "road-damage"),
        ("wants_answer", "1"),
    ];
    fields.extend_from_slice(more);
    let taken = agent.submit(DESK, DESK, &fields).await.expect(303).location.expect("an address");
    let id = taken.split("case=").nth(1).expect("a case").split('&').next().expect("an id");
    id.to_owned()
}

#[tokio::test]
async fn a_call_answered_on_the_line_is_closed_with_its_answer_and_nobody_is_called_back() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let id = call(&agent, &[("way", "answer"), ("answer", "该路段今晚维修，明早恢复通行。")]).await;
    let case = seen(&agent, &id).await;
    assert_eq!((case["closed"].as_bool(), case["outcome"].as_str()), (Some(true), Some("answered")));
    let without = [("description", "路灯不亮"), ("category", "street-light"), ("way", "answer")];
    agent.submit(DESK, DESK, &without).await.expect(422);
}

#[tokio::test]
async fn who_calls_and_what_is_like_it_stand_beside_the_call() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let first = call(&agent, &[("way", "ticket")]).await;
    let number = seen(&agent, &first).await["number"].as_str().expect("a number").to_owned();
    let said = [("phone", "139 1234 5678"), ("description", "人民中路路面塌陷"), ("category", "road-damage")];
    let beside = agent.submit(DESK, "/hotline/desk/beside", &said).await.expect(200).text;
    assert!(beside.matches(&number).count() >= 2, "the case is not both the caller's earlier one and a like one");
    assert!(beside.contains("还没有学习过"), "the suggestion is silent about knowing nothing");
    let second = call(&agent, &[("way", &format!("same:{first}"))]).await;
    let merged = seen(&agent, &second).await;
    assert_eq!(merged["merged_into"], first);
    let own = merged["number"].as_str().expect("a number");
    let told = agent.get(&format!("{DESK}?taken={own}&case={second}")).await.expect(200).text;
    assert!(told.contains(&format!("已登记 {own}，并入 {number}")), "the desk does not say where the call went");
    // The number that the caller was told leads to the case that it went into.
    let anybody = Browser::open(city.address);
    let gone = anybody.get(&format!("/reports/{own}")).await.expect(303);
    assert_eq!(gone.location.as_deref(), Some(format!("/reports/{number}").as_str()));
}

#[tokio::test]
async fn a_dispatched_call_moves_the_board_and_the_bulletin_says_of_how_many() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let holder = city.staff("NT-GS", HOLDER).await;
    let supervisor = city.staff_scoped("NT", "NT", &[ABOVE, &["hotline.board.read"]].concat()).await;
    let before = supervisor.get("/hotline/board").await.expect(200).text;
    assert!(before.contains("近 14 天还没有诉求"), "an empty board does not say so");
    let id = call(&agent, &[("way", "dispatch"), ("organisation", "南通市工商局")]).await;
    act(&holder, &id, "signing", serde_json::json!({})).await.expect(200);
    act(&holder, &id, "result", serde_json::json!({ "answer": "已修复" })).await.expect(200);
    act(&agent, &id, "callback_solved", serde_json::json!({ "stars": 5 })).await.expect(200);
    act(&agent, &id, "closure", serde_json::json!({})).await.expect(200);
    let board = supervisor.get("/hotline/board").await.expect(200).text;
    assert!(board.contains("1/1") && board.contains("南通市工商局"), "the board did not move");
    let bulletin = supervisor.get("/hotline/bulletin?day=2026-03-02").await.expect(200).text;
    assert!(bulletin.contains("1/1"), "the bulletin has no denominators");
    city.work().await;
    city.run_scheduled("casework.count").await;
    let again = supervisor.get("/hotline/bulletin?day=2026-03-02").await.expect(200).text;
    assert!(again.contains("1/1"), "adding up changed the figures");
    supervisor.get("/hotline/bulletin.csv?day=2026-03-02").await.expect(200);
    holder.get("/hotline/board").await.expect(403);
}

#[tokio::test]
async fn what_is_looked_up_and_filled_in_travels_in_no_address() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let id = call(&agent, &[("way", "ticket"), ("point", "120.8600,32.0100")]).await;
    let said =
        [("phone", "13912345678"), ("description", "路面又塌了"), ("address", "人民中路"), ("category", "noise")];
    let found = agent.submit(DESK, "/hotline/desk/lookup", &said).await.expect(200).text;
    assert!(found.contains("路面又塌了"), "what was typed is gone");
    assert!(!found.contains("formmethod=\"get\"") && !found.contains("method=\"get\" action=\"/hotline/desk"));
    // The earlier case knows the place, and a button fills it in without a script.
    assert!(found.contains("人民中路与濠南路交叉口 <span"), "the place of the earlier case is not offered");
    let fill = r#"{"address":"人民中路与濠南路交叉口","point":"120.860000,32.010000"}"#;
    let filled =
        agent.submit(DESK, "/hotline/desk/lookup", &[&said[..], &[("fill", fill)]].concat()).await.expect(200).text;
    assert!(filled.contains("value=\"人民中路与濠南路交叉口\"") && filled.contains("120.860000,32.010000</textarea>"));
    agent.get("/hotline/desk/beside?phone=13912345678").await.expect(405);
    drop(id);
}

#[tokio::test]
async fn a_caller_who_calls_again_adds_to_his_case_or_asks_after_it_and_no_second_one_is_made() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let id = call(&agent, &[("way", "ticket")]).await;
    let fields = [("phone", "13912345678"), ("description", "今天又有人摔倒了")];
    let with = |way: &str| {
        [&fields[..], &[("way", way)]].concat().iter().map(|(a, b)| (*a, (*b).to_owned())).collect::<Vec<_>>()
    };
    for (way, told) in [("add", "已追加到"), ("urge", "已为")] {
        let sent = with(&format!("{way}:{id}"));
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = agent.submit(DESK, DESK, &sent).await.expect(303).location.expect("an address");
        assert!(agent.get(&path).await.expect(200).text.contains(told), "{path}");
    }
    let case = seen(&agent, &id).await;
    let notes = case["timeline"].to_string();
    assert!(notes.contains("补充：今天又有人摔倒了") && notes.contains("催问"), "{notes}");
    let empty = [("phone", "13912345678"), ("way", &*format!("add:{id}"))];
    let refused = agent.submit(DESK, DESK, &empty).await.expect(422).text;
    assert!(refused.contains("补充的话"), "{refused}");
}

#[tokio::test]
async fn the_same_call_sent_twice_is_warned_of_and_a_second_case_is_made_only_if_that_is_said() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let first = call(&agent, &[("way", "ticket")]).await;
    let number = seen(&agent, &first).await["number"].as_str().expect("a number").to_owned();
    let fields = [
        ("phone", "13912345678"),
        ("description", "人民中路与濠南路交叉口路面塌陷，电动车容易摔倒"),
        ("category", "road-damage"),
        ("way", "ticket"),
    ];
    let warned = agent.submit(DESK, DESK, &fields).await.expect(422).text;
    assert!(warned.contains(&format!("刚刚登记过同样的内容：{number}")) && warned.contains("name=\"again\""));
    agent.submit(DESK, DESK, &[&fields[..], &[("again", "1")]].concat()).await.expect(303);
}

#[tokio::test]
async fn a_call_that_reports_nothing_is_no_case_and_is_counted_apart() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let supervisor = city.staff_scoped("NT", "NT", &[ABOVE, &["hotline.board.read"]].concat()).await;
    let fields = [("phone", "13912345678"), ("description", "一直骂人"), ("way", "dismiss")];
    agent.submit(DESK, DESK, &fields).await.expect(422);
    agent.submit(DESK, DESK, &[&fields[..], &[("reason", "abuse")]].concat()).await.expect(303);
    let beside = agent.submit(DESK, "/hotline/desk/beside", &[("phone", "13912345678")]).await.expect(200).text;
    assert!(beside.contains("1 次无效来电"), "whoever answers next is not told");
    let board = supervisor.get("/hotline/board").await.expect(200).text;
    assert!(board.contains("无效来电") && board.contains("/hotline/board/dismissed"), "the board does not count it");
    let rows = supervisor.get("/hotline/board/dismissed?day=2026-03-02").await.expect(200).text;
    assert!(rows.contains("骚扰辱骂") && rows.contains("一直骂人"), "its row is not behind the figure");
    assert!(!agent.get("/casework/cases").await.expect(200).text.contains("一直骂人"));
}

#[tokio::test]
async fn a_call_about_another_city_or_too_long_is_refused_in_words_that_name_the_field() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let away = [("description", "路灯不亮"), ("category", "street-light"), ("point", "116.4,39.9"), ("way", "ticket")];
    let refused = agent.submit(DESK, DESK, &away).await.expect(422).text;
    assert!(refused.contains("不在南通"), "Beijing is taken for Nantong");
    let long = "路".repeat(4_001);
    let long = [("description", long.as_str()), ("category", "street-light"), ("way", "ticket")];
    let refused = agent.submit(DESK, DESK, &long).await.expect(422).text;
    assert!(refused.contains("4,001 字"), "what is too long is cut in silence");
    let empty = agent.submit(DESK, DESK, &[("way", "ticket")]).await.expect(422).text;
    assert!(empty.contains("请填写诉求内容") && empty.contains("请选择类别"), "the summary names no fields");
}
