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
    let beside = agent.get("/hotline/desk/beside?phone=139%201234%205678&description=%E4%BA%BA%E6%B0%91%E4%B8%AD%E8%B7%AF%E8%B7%AF%E9%9D%A2%E5%A1%8C%E9%99%B7&category=road-damage").await.expect(200).text;
    assert!(beside.matches(&number).count() >= 2, "the case is not both the caller's earlier one and a like one");
    assert!(beside.contains("还没有学习过"), "the suggestion is silent about knowing nothing");
    let second = call(&agent, &[("way", &format!("same:{first}"))]).await;
    assert_eq!(seen(&agent, &second).await["merged_into"], first);
}

#[tokio::test]
async fn a_dispatched_call_moves_the_board_and_the_bulletin_says_of_how_many() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let holder = city.staff("NT-GS", HOLDER).await;
    let supervisor = city.staff_scoped("NT", "NT", &[ABOVE, &["hotline.board.read"]].concat()).await;
    let before = supervisor.get("/hotline/board").await.expect(200).text;
    assert!(before.contains("近 7 天还没有诉求"), "an empty board does not say so");
    let id = call(&agent, &[("way", "dispatch"), ("organisation", "南通市工商局")]).await;
    act(&holder, &id, "signing", serde_json::json!({})).await.expect(200);
    act(&holder, &id, "result", serde_json::json!({ "answer": "已修复" })).await.expect(200);
    act(&agent, &id, "callback_solved", serde_json::json!({ "stars": 5 })).await.expect(200);
    act(&agent, &id, "closure", serde_json::json!({})).await.expect(200);
    let board = supervisor.get("/hotline/board").await.expect(200).text;
    assert!(board.contains("100.00%") && board.contains("南通市工商局"), "the board did not move");
    let bulletin = supervisor.get("/hotline/bulletin?day=2026-03-02").await.expect(200).text;
    assert!(bulletin.contains("100.00%（1/1）"), "the bulletin has no denominators");
    city.work().await;
    city.run_scheduled("casework.count").await;
    let again = supervisor.get("/hotline/bulletin?day=2026-03-02").await.expect(200).text;
    assert!(again.contains("100.00%（1/1）"), "adding up changed the figures");
    supervisor.get("/hotline/bulletin.csv?day=2026-03-02").await.expect(200);
    holder.get("/hotline/board").await.expect(403);
}
