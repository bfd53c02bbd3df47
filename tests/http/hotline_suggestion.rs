//! The dispatch suggestion as a dispatcher, whoever brings past cases, and a program meet it.
use jh_tests::{Answer, Browser, City};
use reqwest::Method;
use serde_json::{Value, json};

const USE: &str = "hotline.suggestion.use";
const MANAGE: &str = "hotline.suggestion.manage";
const HOME: &str = "/hotline/suggestion";
const HISTORY: &str = "/hotline/suggestion/history";
const NAMES: &str = "/hotline/suggestion/names";
const DUTIES: &str = "/hotline/suggestion/duties";

/// What goes to whom, with two parts to vary.
const MATTERS: [(&str, [&str; 4]); 3] = [
    ("NT-GA", ["小区有人聚众赌博", "接到诈骗电话被骗了钱", "身份证丢了怎么补办", "路口红绿灯坏了车辆乱停"]),
    ("南通市工商局", ["超市卖过期食品不退钱", "健身房倒闭预付卡不退", "买到假冒伪劣的手机", "菜场缺斤少两商家不认账"]),
    ("南通市民政局", ["家里困难想申请低保", "养老院收费高服务差", "结婚登记要带什么材料", "高龄老人补贴没有发放"]),
];
const PLACES: [&str; 12] = [
    "学田新村",
    "青年路",
    "工农路",
    "濠西路",
    "光明新村",
    "文峰街道",
    "虹桥北村",
    "任港路",
    "新城桥",
    "城东",
    "钟秀",
    "观音山",
];

/// Past cases: three departments, twelve places, four matters each; and five rows that are not right.
fn history() -> String {
    let mut file = String::from("日期,诉求内容,承办单位\n");
    for (place, day) in PLACES.iter().zip(1..) {
        for (department, matters) in MATTERS {
            for matter in matters {
                file += &format!("2025-11-{day:02},居民反映{place}{matter}，请核实,{department}\n");
            }
        }
    }
    file += ",,NT-GA\n";
    file += "2025-11-01,没有写部门的一条,\n";
    file += "前天,日期不对的一条,NT-GA\n";
    file += "2025-11-01,河道里漂着垃圾,市水务局\n2025-11-02,河水发黑,市水务局\n";
    file
}

struct Desk {
    city: City,
    keeper: Browser,
    dispatcher: Browser,
}

impl Desk {
    async fn open() -> Self {
        let city = City::found().await;
        let keeper = city.staff_scoped("NT-XXZX", "NT", &[USE, MANAGE]).await;
        let dispatcher = city.staff_scoped("NT-XXZX", "NT", &[USE]).await;
        Self { city, keeper, dispatcher }
    }

    /// Brings a file and lets the jobs read it. Answers the file's page.
    async fn bring(&self, text: &str) -> String {
        let sent = self.keeper.upload(HISTORY, HISTORY, &[], ("工单.csv", text.as_bytes().to_vec())).await.expect(303);
        self.city.work().await;
        sent.location.expect("the file's page")
    }

    async fn learn(&self) {
        self.keeper.submit(HOME, "/hotline/suggestion/learning", &[]).await.expect(303);
        self.city.work().await;
    }

    async fn ask(&self, text: &str) -> Value {
        suggestions(&self.dispatcher, text).await.expect(200).json()
    }
}

async fn suggestions(browser: &Browser, text: &str) -> Answer {
    let headers = [("content-type", "application/json")];
    let body = json!({ "text": text }).to_string();
    browser.request(Method::POST, "/api/hotline/suggestions", &headers, Some(body)).await
}

#[tokio::test]
async fn without_a_model_the_answer_says_so_and_duties_speak_alone() {
    let desk = Desk::open().await;
    let gs = desk.city.organisation("NT-GS").await.to_string();
    let duty = [
        ("organisation_id", gs.as_str()),
        ("clause", "负责流通领域食品安全监督管理，查处销售过期食品的行为"),
        ("source", "市工商局三定规定第三条"),
    ];
    desk.keeper.submit(DUTIES, DUTIES, &duty).await.expect(303);
    let answer = desk.ask("超市里卖过期食品").await;
    assert_eq!(
        (&answer["learned"], &answer["sure"], &answer["doubt"]),
        (&json!(false), &json!(false), &json!("not_learned"))
    );
    assert_eq!(answer["suggestions"], json!([]));
    assert_eq!(answer["duties"][0]["organisation_name"], "南通市工商局");
    let page = desk.dispatcher.get(HOME).await.expect(200);
    assert!(page.text.contains("还没有学习过"), "{}", page.text);
}

#[tokio::test]
async fn bad_rows_are_told_by_line_and_names_nobody_knows_wait_to_be_explained() {
    let desk = Desk::open().await;
    let page = desk.bring(&history()).await;
    let shown = desk.keeper.get(&page).await.expect(200).text;
    for said in ["诉求内容是空的", "承办单位是空的", "日期不对", "市水务局：2 行", "<dd>144</dd>", "<dd>149</dd>"]
    {
        assert!(shown.contains(said), "{said} is not in {shown}");
    }
    let mz = desk.city.organisation("NT-MZ").await.to_string();
    desk.keeper.submit(NAMES, NAMES, &[("department", "市水务局"), ("organisation", "")]).await.expect(422);
    desk.keeper.submit(NAMES, NAMES, &[("department", "市水务局"), ("organisation", &mz)]).await.expect(303);
    let names = desk.keeper.get(NAMES).await.expect(200).text;
    assert!(names.contains("没有待说明的名称"), "{names}");
    // The same file again: all of it is known, and the name too.
    let again = desk.bring(&history()).await;
    let shown = desk.keeper.get(&again).await.expect(200).text;
    assert!(shown.contains("<dd>146</dd>") && !shown.contains("市水务局"), "{shown}");
}

#[tokio::test]
async fn a_file_without_the_columns_says_which_and_one_in_gb18030_is_read() {
    let desk = Desk::open().await;
    let page = desk.bring("甲,乙\n1,2\n").await;
    let shown = desk.keeper.get(&page).await.expect(200).text;
    assert!(shown.contains("第一行里没有找到"), "{shown}");
    // 内容,部门 / 路灯坏了,NT-GA
    let gb = b"\xc4\xda\xc8\xdd,\xb2\xbf\xc3\xc5\n\xc2\xb7\xb5\xc6\xbb\xb5\xc1\xcb,NT-GA\n".to_vec();
    let sent = desk.keeper.upload(HISTORY, HISTORY, &[], ("gb.csv", gb)).await.expect(303);
    desk.city.work().await;
    let shown = desk.keeper.get(&sent.location.expect("its page")).await.expect(200).text;
    assert!(shown.contains("<dd>1</dd>"), "{shown}");
}

#[tokio::test]
async fn a_suggestion_names_the_department_its_words_and_past_cases() {
    let desk = Desk::open().await;
    desk.bring(&history()).await;
    desk.learn().await;
    let answer = desk.ask("我妈住的养老院服务差，收费还高").await;
    assert_eq!(answer["learned"], json!(true), "{answer}");
    let first = &answer["suggestions"][0];
    assert_eq!((&first["organisation_code"], &first["organisation_name"]), (&json!("NT-MZ"), &json!("南通市民政局")));
    assert!(first["probability"].as_f64().expect("a number") > 0.5, "{answer}");
    let words = first["terms"].to_string();
    assert!(words.contains("养老院"), "{words}");
    let case = &first["cases"][0];
    assert!(case["text"].as_str().expect("a text").contains("养老院收费高服务差"), "{answer}");
    assert!(case["likeness"].as_f64().expect("a number") > 0.1 && case["happened_on"].is_string(), "{answer}");
    assert!(answer["model"]["top1"].as_f64().expect("a number") > 0.8, "{answer}");
    // The page says the same in words.
    let text = [("text", "我妈住的养老院服务差，收费还高")];
    let page = desk.dispatcher.submit(HOME, "/hotline/suggestion/trial", &text).await.expect(200).text;
    for said in ["南通市民政局", "养老院收费高服务差", "首选正确率", "说有几成把握"] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
}

#[tokio::test]
async fn what_is_unlike_anything_learned_is_left_to_the_person() {
    let desk = Desk::open().await;
    desk.bring(&history()).await;
    desk.learn().await;
    for text in ["", "xyzzy", "zzz 12345678901"] {
        let answer = desk.ask(text).await;
        assert_eq!((&answer["learned"], &answer["sure"]), (&json!(true), &json!(false)), "{text}: {answer}");
        assert!(answer["doubt"].is_string(), "{answer}");
    }
    let page = desk.dispatcher.submit(HOME, "/hotline/suggestion/trial", &[("text", "xyzzy")]).await.expect(200).text;
    assert!(page.contains("没有把握，请您自己判断"), "{page}");
}

#[tokio::test]
async fn a_model_that_was_used_before_can_be_put_to_use_again() {
    let desk = Desk::open().await;
    desk.bring(&history()).await;
    desk.learn().await;
    desk.city.base.clock.advance(time::Duration::minutes(10));
    desk.learn().await;
    let page = desk.keeper.get(HOME).await.expect(200).text;
    assert!(page.contains("在用") && page.contains("曾经使用"), "{page}");
    let marker = "/hotline/suggestion/models/";
    let rest = &page[page.find(marker).expect("a button") + marker.len()..];
    let action = format!("{marker}{}", &rest[..rest.find('"').expect("an end")]);
    desk.keeper.submit(HOME, &action, &[]).await.expect(303);
    assert!(desk.ask("申请低保").await["learned"].as_bool().expect("a truth"));
}

#[tokio::test]
async fn every_night_only_what_is_new_is_learned() {
    let desk = Desk::open().await;
    desk.bring(&history()).await;
    desk.city.run_scheduled("hotline.learn").await;
    let first = desk.ask("申请低保").await["model"]["model_id"].clone();
    assert!(first.is_string());
    desk.city.base.clock.advance(time::Duration::minutes(10));
    desk.city.run_scheduled("hotline.learn").await;
    assert_eq!(desk.ask("申请低保").await["model"]["model_id"], first, "nothing was new");
}

#[tokio::test]
async fn past_cases_are_shown_within_ones_scope_only() {
    let desk = Desk::open().await;
    desk.bring(&history()).await;
    desk.learn().await;
    let police = desk.city.staff("NT-GA", &[USE]).await;
    let answer = suggestions(&police, "养老院收费高").await.expect(200).json();
    assert_eq!(answer["suggestions"][0]["organisation_code"], "NT-MZ", "{answer}");
    assert_eq!(answer["suggestions"][0]["cases"], json!([]), "what residents said to another department is not shown");
}

#[tokio::test]
async fn whoever_may_only_ask_brings_nothing_and_whoever_may_not_is_refused() {
    let desk = Desk::open().await;
    desk.dispatcher.get(HISTORY).await.expect(403);
    desk.dispatcher.get(NAMES).await.expect(403);
    let stranger = desk.city.staff("NT-GA", &[]).await;
    stranger.get(HOME).await.expect(403);
    suggestions(&stranger, "路灯坏了").await.expect(403);
    let page = desk.dispatcher.get(DUTIES).await.expect(200);
    assert!(!page.text.contains("保存职责依据"), "a form that would be refused is not offered");
}

#[tokio::test]
async fn a_duty_says_what_is_missing_and_ends_on_its_day() {
    let desk = Desk::open().await;
    let refused = desk.keeper.submit(DUTIES, DUTIES, &[("clause", "短"), ("source", "")]).await.expect(422).text;
    for said in ["请写 4 到 1000 个字", "请写明出自哪个文件", "请选择您管理范围内的机构"] {
        assert!(refused.contains(said), "{said} is not in {refused}");
    }
    let mz = desk.city.organisation("NT-MZ").await.to_string();
    let duty = [
        ("organisation_id", mz.as_str()),
        ("clause", "负责最低生活保障的审核确认"),
        ("source", "市民政局权责清单"),
        ("valid_from_on", "2020-01-01"),
    ];
    desk.keeper.submit(DUTIES, DUTIES, &duty).await.expect(303);
    let page = desk.keeper.get(DUTIES).await.expect(200).text;
    let marker = "/hotline/suggestion/duties/";
    let rest = &page[page.find(marker).expect("a button") + marker.len()..];
    let action = format!("{marker}{}", &rest[..rest.find('"').expect("an end")]);
    assert_eq!(desk.ask("最低生活保障怎么办").await["duties"].as_array().map(Vec::len), Some(1));
    desk.keeper.submit(DUTIES, &action, &[]).await.expect(303);
    assert_eq!(desk.ask("最低生活保障怎么办").await["duties"], json!([]));
}
