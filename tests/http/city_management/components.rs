//! The register of components: good rows go on, bad rows say why and come again, and nobody's ground is written into.
use jh_tests::{Browser, City};
use serde_json::Value;

use super::{CATEGORIES, COMMUNITY, COMPONENTS, OUTLINE, city, lay, surveyor};

const FORM: &str = "/city_management/imports/new";
const IMPORTS: &str = "/city_management/imports";

/// A city with classes and the grids of one community.
async fn surveyed() -> City {
    let city = city().await;
    lay(&city, &surveyor(&city).await, OUTLINE, COMMUNITY).await;
    let browser = city.staff_scoped("NT-CGJ", "NT", CATEGORIES).await;
    let list = "/city_management/categories";
    browser.submit(list, "/city_management/categories/standard", &[]).await.expect(303);
    city
}

/// Delivers a file and answers the page of the survey once it is read.
async fn deliver(city: &City, browser: &Browser, more: &[(&str, &str)], file: (&str, Vec<u8>)) -> (String, String) {
    let mut fields = vec![("source", "2015 年普查"), ("surveyed_on", "2015-06-01")];
    if !more.iter().any(|(name, _)| *name == "datum") {
        fields.push(("datum", "wgs84"));
    }
    fields.extend_from_slice(more);
    let page = browser.upload(FORM, IMPORTS, &fields, file).await.expect(303).location.expect("a page");
    city.work().await;
    let text = browser.get(&page).await.expect(200).text;
    (page, text)
}

async fn codes(city: &City) -> Vec<String> {
    sqlx::query_scalar("SELECT code FROM city_management.component ORDER BY code")
        .fetch_all(city.base.db.pool())
        .await
        .expect("the codes")
}

const BAD: &str = "\
名称,小类代码,经度,纬度,权属单位,状态,杆高
一号灯,0118,120.8632,32.0031,NT-JSJ,完好,9
二号灯,路灯,120.8634,32.0033,南通市城乡建设局,,
外地灯,0118,116.3974,39.9093,,,
怪物,0199,120.8632,32.0031,,,
无主灯,0118,120.8632,32.0031,某某公司,,
歪经度,0118,一百二,32.0031,,,
区内灯,0118,120.8500,32.0300,,,
";

#[tokio::test]
async fn good_rows_land_bad_rows_say_why_and_come_again_corrected() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    let (page, text) = deliver(&city, &browser, &[], ("普查.csv", BAD.into())).await;
    for words in ["已读完", "不在本市范围内", "没有部件小类“0199”", "“某某公司”不在机构目录中", "“一百二”不是数字"]
    {
        assert!(text.contains(words), "{words} is missing: {text}");
    }
    assert_eq!(codes(&city).await, ["3206130118000001", "3206130118000002", "3206130118000003"]);
    let report = browser.get(&format!("{page}/errors.csv")).await.expect(200).text;
    assert!(report.contains("外地灯") && report.contains("行号") && report.lines().count() == 5, "{report}");

    let corrected = report
        .replace("116.3974,39.9093", "120.8640,32.0020")
        .replace(",0199,", ",0206,")
        .replace("某某公司", "NT-JSJ")
        .replace("一百二", "120.8641");
    let (_, text) = deliver(&city, &browser, &[], ("改好.csv", corrected.into_bytes())).await;
    assert!(!text.contains("没有收下的行"), "{text}");
    assert_eq!(codes(&city).await.len(), 7);
    let shown = browser.get("/city_management/components/3206130118000001").await.expect(200).text;
    for words in ["一号灯", "杆高", "2015 年普查", "完好", "南通市城乡建设局", &standing_at(&city).await]
    {
        assert!(shown.contains(words), "{words} is missing: {shown}");
    }
    let without: String = sqlx::query_scalar("SELECT name FROM city_management.component WHERE grid_id IS NULL")
        .fetch_one(city.base.db.pool())
        .await
        .expect("one");
    assert_eq!(without, "区内灯", "within the county, where no grid stands yet");
}

/// The grid of the first lamp.
async fn standing_at(city: &City) -> String {
    sqlx::query_scalar(
        "SELECT g.code FROM city_management.component c JOIN city_management.unit_grid g USING (grid_id) WHERE c.code = '3206130118000001'",
    )
    .fetch_one(city.base.db.pool())
    .await
    .expect("a grid")
}

#[tokio::test]
async fn a_known_code_is_a_duplicate_unless_the_survey_renews() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    let file = |name: &str, state: &str| {
        format!("标识码,名称,经度,纬度,状态\n3206130118000007,{name},120.8632,32.0031,{state}\n").into_bytes()
    };
    deliver(&city, &browser, &[], ("a.csv", file("旧灯", "完好"))).await;
    let (_, text) = deliver(&city, &browser, &[], ("b.csv", file("新灯", "破损"))).await;
    assert!(text.contains("已经登记"), "{text}");
    let (_, text) = deliver(&city, &browser, &[("renew", "yes")], ("c.csv", file("新灯", "破损"))).await;
    assert!(!text.contains("没有收下的行"), "{text}");
    assert!(browser.get("/city_management/components/3206130118000007").await.expect(200).text.contains("新灯"));
    let (_, text) =
        deliver(&city, &browser, &[], ("d.csv", b"lon,lat,category\n120.8633,32.0031,0118\n".to_vec())).await;
    assert!(!text.contains("没有收下的行"), "{text}");
    assert_eq!(codes(&city).await, ["3206130118000007", "3206130118000008"], "given serials are passed over");
}

#[tokio::test]
async fn geojson_in_gcj02_lands_where_the_thing_stands() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    // (120.8632, 32.0031) of WGS84 as a phone records it.
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"category":"0306","name":"果皮箱"},
        "geometry":{"type":"Point","coordinates":[120.8674478,32.0009530]}}]}"#;
    deliver(&city, &browser, &[("datum", "gcj02")], ("phone.geojson", text.as_bytes().to_vec())).await;
    let away: f64 = sqlx::query_scalar(
        "SELECT ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(120.8632, 32.0031), 4326)::geography) FROM city_management.component",
    )
    .fetch_one(city.base.db.pool())
    .await
    .expect("a distance");
    assert!(away < 5.0, "{away} m away");
    let near = "/api/city_management/components_near?lon=120.8632&lat=32.0031&metres=20";
    let found: Value = browser.get(near).await.expect(200).json();
    assert_eq!(found[0]["category"], "0306");
    browser.get("/api/city_management/components_near?lon=120.8632&lat=32.0031&metres=5000").await.expect(422);
    let map = browser.get("/city_management/components.geojson?bbox=120.8,31.9,120.9,32.1").await.expect(200).json();
    assert_eq!(map["features"][0]["properties"]["count"], 1);
}

#[tokio::test]
async fn a_map_of_very_many_says_how_many_stand_where() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    let mut file = String::from("lon,lat,category\n");
    (0..2_100).for_each(|n| {
        let (east, north) = (f64::from(n % 60) * 0.00008, f64::from(n / 60) * 0.0001);
        file.push_str(&format!("{:.6},{:.6},0202\n", 120.8605 + east, 32.0012 + north));
    });
    let (_, text) = deliver(&city, &browser, &[], ("trees.csv", file.into_bytes())).await;
    assert!(text.contains("2,100"), "{text}");
    let map = browser.get("/city_management/components.geojson?bbox=120.8,31.9,120.9,32.1").await.expect(200).json();
    assert_eq!(map["gathered"], true);
    let features = map["features"].as_array().expect("features");
    let count: u64 = features.iter().filter_map(|feature| feature["properties"]["count"].as_u64()).sum();
    assert_eq!(count, 2_100);
    let close = "/city_management/components.geojson?bbox=120.8605,32.0012,120.8610,32.0016";
    let map = browser.get(close).await.expect(200).json();
    assert_eq!(map["gathered"], false);
}

#[tokio::test]
async fn a_survey_writes_only_into_the_ground_its_deliverer_answers_for() {
    let city = surveyed().await;
    let other = city.staff("NT-320613002", COMPONENTS).await;
    let file = b"lon,lat,category\n120.8632,32.0031,0118\n".to_vec();
    let (page, text) = deliver(&city, &other, &[], ("theirs.csv", file.clone())).await;
    assert!(text.contains("不在交付人的权限范围内"), "{text}");
    assert!(codes(&city).await.is_empty());
    let street = city.staff("NT-320613001", COMPONENTS).await;
    deliver(&city, &street, &[], ("ours.csv", file)).await;
    let code = codes(&city).await[0].clone();
    street.get(&format!("/city_management/components/{code}")).await.expect(200);
    other.get(&format!("/city_management/components/{code}")).await.expect(404);
    street.get(&page).await.expect(404);
    let near = "/api/city_management/components_near?lon=120.8632&lat=32.0031";
    let found: Value = other.get(near).await.expect(200).json();
    assert_eq!(found.as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn what_begins_like_a_formula_is_a_text_in_the_report_and_itself_again_when_it_comes_back() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    let bad = "=1+1,小类代码,经度,纬度,名称\n@SUM(A1),0118,116.3974,39.9093,＝甲\n";
    let (page, _) = deliver(&city, &browser, &[], ("普查.csv", bad.into())).await;
    let report = browser.get(&format!("{page}/errors.csv")).await.expect(200).text;
    assert!(report.contains("'=1+1,") && report.contains("'@SUM(A1),") && report.contains(",'＝甲"), "{report}");
    let corrected = report.replace("116.3974,39.9093", "120.8640,32.0020");
    deliver(&city, &browser, &[], ("改好.csv", corrected.into_bytes())).await;
    let (name, attribute): (String, String) =
        sqlx::query_as("SELECT name, attributes ->> '=1+1' FROM city_management.component")
            .fetch_one(city.base.db.pool())
            .await
            .expect("the component");
    assert_eq!((name.as_str(), attribute.as_str()), ("＝甲", "@SUM(A1)"));
}

#[tokio::test]
async fn a_survey_of_a_year_that_no_calendar_has_is_told_so() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    for day in ["-9999-01-01", "1899-12-31", "9999-12-31"] {
        let fields = [("source", "普查"), ("surveyed_on", day), ("datum", "wgs84")];
        let file = ("普查.csv", "小类代码,经度,纬度\n0118,120.8632,32.0031\n".into());
        browser.upload(FORM, IMPORTS, &fields, file).await.expect(422);
    }
}

#[tokio::test]
async fn a_file_that_is_no_survey_is_told_so() {
    let city = surveyed().await;
    let browser = city.staff_scoped("NT-CGJ", "NT", COMPONENTS).await;
    let (_, text) = deliver(&city, &browser, &[], ("a.csv", b"name,phone\nx,1\n".to_vec())).await;
    assert!(text.contains("没有找到经度、纬度"), "{text}");
    let (_, text) = deliver(&city, &browser, &[], ("a.geojson", b"{\"type\":".to_vec())).await;
    assert!(text.contains("读不懂"), "{text}");
    let fields = [("source", "x"), ("surveyed_on", "2015-06-01"), ("datum", "wgs84")];
    let refused = browser.upload(FORM, IMPORTS, &fields, ("a.xlsx", vec![1])).await.expect(422);
    assert!(refused.text.contains("只接受"), "{}", refused.text);
    let missing = browser.upload(FORM, IMPORTS, &fields, ("", Vec::new())).await.expect(422);
    assert!(missing.text.contains("请选择文件"), "{}", missing.text);
}
