//! The community's window: a resident comes once, a clerk takes the matter, the department decides it, and it is followed to its end.
use jh_tests::{Browser, City};
use serde_json::{Value, json};

use super::casework::{HOLDER, act, seen};

const WINDOW: &[&str] = &[
    "community_window.window.use",
    "casework.case.create",
    "casework.case.read",
    "casework.case.manage",
    "casework.case.inspect",
];
const PEOPLE: &str = "姓名,身份证号,联系方式,住址\n王芳,320602195001010028,13912345678,南通市崇川区人民中路1号\n";

/// A city with one matter of the civil affairs bureau, whose base knows one person.
struct Stage {
    city: City,
    clerk: Browser,
    bureau: Browser,
    matter: String,
}

/// A matter of the civil affairs bureau; its code.
pub async fn matter(city: &City, working_days: &str) -> String {
    let keeper = city.staff("NT-MZ", &["community_window.matter.manage"]).await;
    let fields = [
        ("name", "80周岁以上老年人尊老金"),
        ("organisation", "NT-MZ"),
        ("working_days", working_days),
        ("materials", "身份证\n银行卡"),
        ("active", "1"),
    ];
    let page = "/community_window/matters";
    let added = keeper.submit(page, page, &fields).await.expect(303).location.expect("the matter");
    let again = keeper.submit(page, page, &fields).await.expect(422).text;
    assert!(again.contains("已有同名事项"), "{again}");
    added.rsplit('/').next().expect("a code").to_owned()
}

impl Stage {
    async fn set() -> Self {
        let city = City::found().await;
        let standards = catalogue::api::StandardFiles {
            elements: include_bytes!("../../data/standards/elements.csv"),
            code_sets: include_bytes!("../../data/standards/code_sets.csv"),
        };
        let imported = catalogue::api::import_standards(&city.base, &city.command(), &standards).await;
        imported.expect("the city's data standards");
        let police = city.staff("NT-GA", &["registry.delivery.submit", "registry.delivery.read"]).await;
        let own = city.organisation("NT-GA").await.to_string();
        let fields = [("kind", "person"), ("provider", own.as_str()), ("resource", ""), ("corrects", "")];
        let file = ("人员.csv", PEOPLE.as_bytes().to_vec());
        police.upload("/registry/deliveries/new", "/registry/deliveries", &fields, file).await.expect(303);
        city.work().await;
        let matter = matter(&city, "10").await;
        let clerk = city.staff("NT-XXZX", WINDOW).await;
        let bureau = city.staff("NT-MZ", HOLDER).await;
        Self { city, clerk, bureau, matter }
    }

    fn form(&self) -> String {
        format!("/community_window/window/{}", self.matter)
    }

    async fn sent(&self, clerk: &Browser, fields: &[(&str, &str)], expected: u16) -> jh_tests::Answer {
        let form = self.form();
        clerk.submit(&form, &form, fields).await.expect(expected)
    }

    async fn case(&self) -> Value {
        let listed = self.clerk.get("/api/casework/cases").await.expect(200).json();
        listed["items"][0].clone()
    }
}

#[tokio::test]
async fn a_matter_is_taken_once_corrected_decided_delivered_and_followed_by_the_resident() {
    let stage = Stage::set().await;
    let fields = [("way", "take"), ("name", "王芳"), ("phone", "13912345678"), ("words", "本人到窗口")];
    let taken = stage.sent(&stage.clerk, &fields, 303).await.location.expect("a receipt");
    let receipt = stage.clerk.get(&taken).await.expect(200).text;
    assert!(!taken.contains("token"), "the resident's secret stands in the clerk's address: {taken}");
    let at = receipt.find("/reports/follow/").expect("the resident's link");
    let link = receipt[at..].split('"').next().expect("an address").to_owned();
    let id = stage.case().await["case_id"].as_str().expect("an id").to_owned();
    let case = seen(&stage.bureau, &id).await;
    assert_eq!((&case["stage"], &case["category_name"]), (&json!("examining"), &json!("80周岁以上老年人尊老金")));
    act(&stage.bureau, &id, "signing", json!({})).await.expect(200);
    act(&stage.bureau, &id, "return", json!({ "note": "缺银行卡复印件" })).await.expect(200);
    let form = stage.clerk.get(&format!("/casework/cases/{id}/dispatch")).await.expect(200).text;
    assert!(form.contains("南通市民政局") && form.contains("窗口代办事项"), "whom it goes to is not said");
    let bureau = stage.city.organisation("NT-MZ").await;
    let again = json!({ "organisation": bureau, "note": "已补交银行卡复印件" });
    act(&stage.clerk, &id, "dispatch", again).await.expect(200);
    act(&stage.bureau, &id, "signing", json!({})).await.expect(200);
    act(&stage.bureau, &id, "result", json!({ "answer": "已核准，下月起发放。", "outcome": "solved" }))
        .await
        .expect(200);
    act(&stage.clerk, &id, "closure", json!({})).await.expect(409);
    act(&stage.clerk, &id, "callback_solved", json!({ "stars": 5 })).await.expect(200);
    act(&stage.clerk, &id, "closure", json!({})).await.expect(200);
    let resident = Browser::open(stage.city.address);
    let followed = resident.get(&link).await.expect(200).text;
    assert!(followed.contains("已核准，下月起发放"), "the resident does not see the end: {followed}");
}

#[tokio::test]
async fn what_the_base_of_persons_knows_is_not_asked_again_and_the_number_is_not_kept() {
    let stage = Stage::set().await;
    let reader = [WINDOW, &["registry.record.reveal"]].concat();
    let clerk = stage.city.staff_scoped("NT-XXZX", "NT", &reader).await;
    let number = ("id_number", "320602195001010028");
    let shown = stage.sent(&clerk, &[("way", "look_up"), number], 200).await;
    assert!(shown.text.contains("value=\"王芳\"") && shown.text.contains("人民中路1号"), "{}", shown.text);
    assert_eq!(shown.headers["cache-control"], "no-store");
    stage.sent(&clerk, &[("way", "look_up"), ("id_number", "320602195001010021")], 422).await;
    stage.sent(&clerk, &[("way", "take"), number], 303).await;
    let id = stage.case().await["case_id"].as_str().expect("an id").to_owned();
    let page = clerk.get(&format!("/casework/cases/{id}")).await.expect(200).text;
    assert!(page.contains("/registry/people/") && page.contains("银行卡"), "whom it is for is not said");
    let looks: i64 = sqlx::query_scalar("SELECT count(*) FROM db.audit WHERE action = 'registry.person.prefilled'")
        .fetch_one(stage.city.base.db.pool())
        .await
        .expect("a count");
    assert_eq!(looks, 2);
    let kept: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM casework.file WHERE file::text LIKE '%32060219500101002%')
             OR EXISTS (SELECT 1 FROM casework.step WHERE step::text LIKE '%32060219500101002%')
             OR EXISTS (SELECT 1 FROM community_window.applicant WHERE applicant::text LIKE '%32060219500101002%')",
    )
    .fetch_one(stage.city.base.db.pool())
    .await
    .expect("an answer");
    assert!(!kept, "the number stands in a row");
}

#[tokio::test]
async fn who_may_not_read_the_base_learns_nothing_of_it_and_without_a_name_nothing_is_taken() {
    let stage = Stage::set().await;
    let number = ("id_number", "320602195001010028");
    let shown = stage.sent(&stage.clerk, &[("way", "look_up"), number], 200).await.text;
    assert!(!shown.contains("王芳") && shown.contains("不在可查的范围内"), "{shown}");
    let refused = stage.sent(&stage.clerk, &[("way", "take"), number], 422).await.text;
    assert!(refused.contains("请填姓名"), "{refused}");
    let keeper = stage.city.staff("NT-GA", &["community_window.matter.manage"]).await;
    keeper.get(&format!("/community_window/matters/{}", stage.matter)).await.expect(404);
    let elsewhere = [("name", "别人的事项"), ("organisation", "NT-MZ"), ("working_days", "5"), ("active", "1")];
    let page = "/community_window/matters";
    keeper.submit(page, page, &elsewhere).await.expect(403);
}
