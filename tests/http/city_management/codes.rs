//! Classes of components and events: the national arrangement, the city's own, and versions that hold from a day on.
use super::{CATEGORIES, COMPONENTS, city};

#[tokio::test]
async fn a_change_is_a_version_that_holds_from_its_day_on() {
    let city = city().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", CATEGORIES).await;
    let list = "/city_management/categories";
    assert!(browser.get(list).await.expect(200).text.contains("还没有分类"));
    browser.submit(list, "/city_management/categories/standard", &[]).await.expect(303);
    assert!(browser.get(list).await.expect(200).text.contains("上水井盖"));
    assert!(browser.get(&format!("{list}?kind=event&q=暴露垃圾")).await.expect(200).text.contains("暴露垃圾"));

    let page = "/city_management/categories/component/0118";
    let shown = browser.get(page).await.expect(200).text;
    assert!(shown.contains("路灯") && shown.contains("2 个工作日"), "{shown}");
    let organisation = city.organisation("NT-CGJ").await.to_string();
    let change = |day: &'static str, amount: &'static str| {
        [
            ("organisation".to_owned(), organisation.clone()),
            ("filing_condition".to_owned(), "夜间不亮".to_owned()),
            ("limit_amount".to_owned(), amount.to_owned()),
            ("limit_unit".to_owned(), "working_hour".to_owned()),
            ("closing_condition".to_owned(), "正常亮灯".to_owned()),
            ("valid_from_on".to_owned(), day.to_owned()),
        ]
    };
    let send = async |fields: [(String, String); 6]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.submit(page, &format!("{page}/versions"), &fields).await
    };
    let refused = send(change("2020-01-01", "0")).await.expect(422);
    assert!(refused.text.contains("今天到一年以内") && refused.text.contains("1 到 999"), "{}", refused.text);
    let today = jh_core::clock::china_day(city.base.clock.now());
    let next = (today + time::Duration::days(10)).to_string();
    send(change(Box::leak(next.into_boxed_str()), "6")).await.expect(303);
    let before = browser.get(page).await.expect(200).text;
    assert!(before.contains("第 2 版") && before.contains("<dd>2 个工作日</dd>"), "it does not hold yet: {before}");
    city.base.advance(time::Duration::days(10));
    let browser = city.staff_scoped("NT-CGJ", "NT", CATEGORIES).await;
    assert!(browser.get(page).await.expect(200).text.contains("<dd>6 个工作时</dd>"));
}

#[tokio::test]
async fn a_city_adds_classes_of_its_own_beside_the_national_ones() {
    let city = city().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", CATEGORIES).await;
    let list = "/city_management/categories";
    browser.submit(list, "/city_management/categories/standard", &[]).await.expect(303);
    let today = jh_core::clock::china_day(city.base.clock.now()).to_string();
    let add = async |code: &str, kind: &str| {
        let fields = [
            ("kind", kind),
            ("code", code),
            ("name", "共享充电柜"),
            ("organisation", ""),
            ("filing_condition", "柜体破损"),
            ("limit_amount", "2"),
            ("limit_unit", "working_day"),
            ("closing_condition", "柜体完好"),
            ("valid_from_on", today.as_str()),
        ];
        browser.submit("/city_management/categories/new", list, &fields).await
    };
    assert!(add("0117", "component").await.expect(422).text.contains("51 到 99"));
    add("0151", "component").await.expect(303);
    assert!(add("0151", "component").await.expect(422).text.contains("已经有了"));
    add("2101", "event").await.expect(303);
    assert!(browser.get(&format!("{list}?q=共享充电柜")).await.expect(200).text.contains("本市扩展"));
    let reader = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    reader.get("/city_management/categories/new").await.expect(403);
    reader.get("/city_management/categories/component/0151").await.expect(200);
    reader.get("/city_management/categories/component/9999").await.expect(404);
}
