//! Whoever telephoned asks how his case stands with the number and the code that the agent told him.
use jh_tests::{Answer, Browser, City};

use crate::hotline_desk::{AGENT, DESK};

const HOLE: &str = "人民中路与濠南路交叉口路面塌陷，电动车容易摔倒";
const LOOKUP: &str = "/reports/lookup";

/// A call, with its case, its number and the code on the agent's page.
async fn called(agent: &Browser, words: &str) -> (String, String, String) {
    let fields = [
        ("phone", "13912345678"),
        ("description", words),
        ("address", "人民中路与濠南路交叉口"),
        ("category", "road-damage"),
        ("wants_answer", "1"),
        // The same call twice within a moment is asked about.
        ("again", "1"),
        ("way", "ticket"),
    ];
    let desk = agent.submit(DESK, DESK, &fields).await.expect(303).location.expect("an address");
    let part = |name: &str| {
        let found = desk.split(name).nth(1).expect("a part of the address");
        found.split('&').next().expect("its value").to_owned()
    };
    let told = agent.get(&desk).await.expect(200).text;
    let code: String =
        told.split("查询码").nth(1).expect("a code").chars().filter(char::is_ascii_digit).take(8).collect();
    (part("case="), part("taken="), code)
}

async fn ask(caller: &Browser, number: &str, code: &str) -> Answer {
    caller.submit(LOOKUP, LOOKUP, &[("number", number), ("code", code)]).await
}

#[tokio::test]
async fn number_and_code_lead_whoever_called_to_his_case() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let (_, number, code) = called(&agent, HOLE).await;
    let caller = Browser::open(city.address);
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    let link = ask(&caller, &number, &spaced).await.expect(303).location.expect("a link");
    let shown = caller.get(&link).await.expect(200).text;
    assert!(shown.contains(&number) && shown.contains("电动车容易摔倒"), "the page is not the caller's own");
}

#[tokio::test]
async fn a_wrong_code_opens_nothing_and_is_not_asked_without_end() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let (_, number, code) = called(&agent, HOLE).await;
    let (_, other, _) = called(&agent, "青年路路灯整段不亮").await;
    let caller = Browser::open(city.address);
    assert!(ask(&caller, &other, &code).await.expect(422).text.contains("对不上"), "a code opens somebody else's case");
    assert!(ask(&caller, &number, "").await.expect(422).text.contains("请填写"), "nothing is asked for a code");
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..19 {
        ask(&caller, &number, wrong).await.expect(422);
    }
    ask(&caller, &number, &code).await.expect(429);
}

#[tokio::test]
async fn the_code_is_told_to_whoever_took_the_call_and_to_no_colleague() {
    let city = City::found().await;
    let agent = city.staff("NT-XXZX", AGENT).await;
    let (id, number, code) = called(&agent, HOLE).await;
    let colleague = city.staff("NT-XXZX", AGENT).await;
    let seen = colleague.get(&format!("{DESK}?taken={number}&case={id}")).await.expect(200).text;
    assert!(!seen.contains(&code) && !seen.contains("查询码"), "a colleague reads the caller's code");
}
