//! Unit grids: laid without gaps or overlaps, divided, merged and redrawn with their history, walked by officers.
use jh_tests::City;
use serde_json::{Value, json};

use super::{COMMUNITY, GRIDS, OUTLINE, city, figure, lay, standing, surveyor};

const AREA: &str = "SELECT sum(ST_Area(geom::geography)) FROM city_management.unit_grid WHERE valid_to_on IS NULL";
const UNION: &str =
    "SELECT ST_Area(ST_Union(geom)::geography) FROM city_management.unit_grid WHERE valid_to_on IS NULL";
const OVERLAPS: &str = "SELECT count(*)::float8 FROM city_management.unit_grid a JOIN city_management.unit_grid b
     ON a.code < b.code AND a.geom && b.geom WHERE a.valid_to_on IS NULL AND b.valid_to_on IS NULL
     AND (ST_Overlaps(a.geom, b.geom) OR ST_Contains(a.geom, b.geom))";
const SQUARE_METRES_OF_OVERLAP: &str = "SELECT coalesce(sum(ST_Area(ST_Intersection(a.geom, b.geom)::geography)), 0)
     FROM city_management.unit_grid a JOIN city_management.unit_grid b ON a.code < b.code AND a.geom && b.geom
     WHERE a.valid_to_on IS NULL AND b.valid_to_on IS NULL";
const RINGS: &str = "SELECT ST_NRings(ST_Union(geom))::float8 FROM city_management.unit_grid WHERE valid_to_on IS NULL";
const LEAST: &str = "SELECT min(ST_Area(geom::geography)) FROM city_management.unit_grid WHERE valid_to_on IS NULL";

/// The outline as one polygon of PostGIS.
async fn outline_m2(city: &City) -> f64 {
    let ring: Vec<&str> = OUTLINE.split('\n').chain(OUTLINE.split('\n').take(1)).collect();
    let text = ring.iter().map(|pair| pair.replace(',', " ")).collect::<Vec<_>>().join(",");
    sqlx::query_scalar("SELECT ST_Area(ST_GeomFromText($1, 4326)::geography)")
        .bind(format!("POLYGON(({text}))"))
        .fetch_one(city.base.db.pool())
        .await
        .expect("an area")
}

#[tokio::test]
async fn laid_grids_cover_the_area_once_and_are_numbered_from_west_to_east() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, COMMUNITY).await;
    let codes = standing(&city).await;
    assert!((50..110).contains(&codes.len()), "{} grids", codes.len());
    let expected: Vec<String> = (1..=codes.len()).map(|serial| format!("{COMMUNITY}{serial:03}")).collect();
    assert_eq!(codes, expected);
    let (wanted, covered) = (outline_m2(&city).await, figure(&city, AREA).await);
    assert!((wanted - covered).abs() < 5.0, "{wanted} m² were asked for and {covered} m² are covered");
    assert_eq!(figure(&city, OVERLAPS).await, 0.0);
    assert!(figure(&city, SQUARE_METRES_OF_OVERLAP).await < 0.01);
    assert_eq!(figure(&city, RINGS).await, 1.0, "there is a hole between the grids");
    assert!(figure(&city, LEAST).await > 2_490.0, "a sliver was left");
    let order: Vec<(f64, f64)> = sqlx::query_as(
        "SELECT round(ST_Y(ST_Transform(ST_Centroid(geom), 4549))::numeric, -2)::float8,
                ST_X(ST_Transform(ST_Centroid(geom), 4549)) FROM city_management.unit_grid ORDER BY code",
    )
    .fetch_all(city.base.db.pool())
    .await
    .expect("the order");
    let (first, last) = (order.first().expect("one"), order.last().expect("one"));
    assert!(first.0 > last.0, "the first grid is the one in the north");
    assert!(browser.get("/city_management/grids").await.expect(200).text.contains(&codes[0]));
}

#[tokio::test]
async fn a_second_run_takes_only_what_is_bare_and_a_run_over_covered_ground_is_refused() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, "").await;
    let first = standing(&city).await;
    assert!(first.iter().all(|code| code.starts_with("3206139")), "without a community codes are provisional");
    let fields = [("county", "320613"), ("name", ""), ("outline", OUTLINE), ("community", ""), ("edge_m", "100")];
    let form = "/city_management/grids/new";
    let again = browser.upload(form, "/city_management/generations", &fields, ("", Vec::new())).await.expect(422);
    assert!(again.text.contains("已经都有网格"), "{}", again.text);
    let beside = "120.8660,32.0000\n120.8760,32.0000\n120.8760,32.0080\n120.8660,32.0080";
    lay(&city, &browser, beside, "").await;
    assert!(standing(&city).await.len() > first.len() + 30);
    assert!(figure(&city, SQUARE_METRES_OF_OVERLAP).await < 1.0);
    assert!((figure(&city, AREA).await - figure(&city, UNION).await).abs() < 1.0);
    let outside = [("county", "320613"), ("outline", "121.9,33.0\n121.91,33.0\n121.91,33.01"), ("edge_m", "100")];
    let refused = browser.upload(form, "/city_management/generations", &outside, ("", Vec::new())).await.expect(422);
    assert!(refused.text.contains("超出了所选的县"), "{}", refused.text);
}

#[tokio::test]
async fn communities_of_a_file_are_never_crossed_and_a_community_has_no_thousandth_grid() {
    let city = city().await;
    let browser = surveyor(&city).await;
    let square = |west: f64, east: f64, code: &str| {
        let ring = json!([[[west, 32.0], [east, 32.0], [east, 32.005], [west, 32.005], [west, 32.0]]]);
        json!({"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": ring}})
    };
    let features = [square(120.86, 120.8653, "320613001001"), square(120.8653, 120.871, "320613001002")];
    let file = json!({"type": "FeatureCollection", "features": features}).to_string();
    let fields = [("county", "320613"), ("outline", ""), ("community", ""), ("edge_m", "100")];
    let (form, action) = ("/city_management/grids/new", "/city_management/generations");
    browser.upload(form, action, &fields, ("communities.geojson", file.into_bytes())).await.expect(303);
    city.work().await;
    let codes = standing(&city).await;
    let of = |community: &str| codes.iter().filter(|code| code.starts_with(community)).count();
    assert!(
        of("320613001001") > 20 && of("320613001002") > 20 && of("320613001001") + of("320613001002") == codes.len()
    );
    assert!(figure(&city, SQUARE_METRES_OF_OVERLAP).await < 0.5);
    let large = [("county", "320613"), ("outline", ""), ("community", "320613001001"), ("edge_m", "100")];
    let refused = browser.upload(form, action, &large, ("", Vec::new())).await.expect(422);
    assert!(refused.text.contains("999"), "{}", refused.text);
}

#[tokio::test]
async fn a_run_that_is_stopped_leaves_nothing() {
    let city = city().await;
    let browser = surveyor(&city).await;
    let fields = [("county", "320613"), ("outline", OUTLINE), ("community", COMMUNITY), ("edge_m", "100")];
    let (form, action) = ("/city_management/grids/new", "/city_management/generations");
    let run = browser.upload(form, action, &fields, ("", Vec::new())).await.expect(303).location.expect("a page");
    browser.submit(&run, &format!("{run}/cancellation"), &[]).await.expect(303);
    city.work().await;
    assert!(browser.get(&run).await.expect(200).text.contains("没有留下网格"));
    assert!(standing(&city).await.is_empty());
    browser.submit(&run, &format!("{run}/cancellation"), &[]).await.expect(409);
}

#[tokio::test]
async fn divided_and_merged_grids_keep_the_ground_the_walk_and_the_history() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, COMMUNITY).await;
    let (codes, before) = (standing(&city).await, figure(&city, AREA).await);
    let grid = codes[20].clone();
    let page = format!("/city_management/grids/{grid}");
    let walks = "/city_management/officer_grids";
    let organisation = city.organisation("NT-320613001").await.to_string();
    let fields = [("name", "城东一片"), ("organisation", &organisation), ("codes", &grid)];
    let walk = browser.submit(walks, walks, &fields).await.expect(303).location.expect("a page");

    let bounds: Vec<f64> = sqlx::query_scalar(
        "SELECT ARRAY[ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)] FROM city_management.unit_grid WHERE code = $1",
    )
    .bind(&grid)
    .fetch_one(city.base.db.pool())
    .await
    .expect("a box");
    let middle = f64::midpoint(bounds[0], bounds[2]);
    let half_way = format!("{middle},{}\n{middle},{}", bounds[1] - 0.0001, f64::midpoint(bounds[1], bounds[3]));
    let refused = browser.submit(&page, &format!("{page}/division"), &[("line", &half_way)]).await.expect(422);
    assert!(refused.text.contains("穿到另一边"), "{}", refused.text);
    let across = format!("{middle},{}\n{middle},{}", bounds[1] - 0.0001, bounds[3] + 0.0001);
    browser.submit(&page, &format!("{page}/division"), &[("line", &across)]).await.expect(303);
    let divided = standing(&city).await;
    assert_eq!(divided.len(), codes.len() + 1);
    assert!((figure(&city, AREA).await - before).abs() < 0.5);
    assert!(figure(&city, SQUARE_METRES_OF_OVERLAP).await < 0.5);
    let ended = browser.get(&page).await.expect(200).text;
    let new: Vec<&String> = divided.iter().filter(|code| !codes.contains(code)).collect();
    assert!(ended.contains("已于") && new.iter().all(|code| ended.contains(code.as_str())), "{ended}");
    assert!(browser.get(&walk).await.expect(200).text.contains(new[0].as_str()), "the walk lost its ground");

    let again = format!("/city_management/grids/{}", new[0]);
    let fields = [("with", new[1].as_str())];
    let merged = browser.submit(&again, &format!("{again}/merger"), &fields).await.expect(303);
    assert_eq!(standing(&city).await.len(), codes.len());
    assert!((figure(&city, AREA).await - before).abs() < 0.5);
    let code = merged.location.expect("a page").rsplit('/').next().expect("a code").to_owned();
    assert!(!codes.contains(&code) && code > *divided.last().expect("one"), "{code} was used before");
    let apart = format!("/city_management/grids/{}", codes[0]);
    let last = codes.last().expect("one").as_str();
    let refused = browser.submit(&apart, &format!("{apart}/merger"), &[("with", last)]).await.expect(422);
    assert!(refused.text.contains("没有连成一片"), "{}", refused.text);
}

#[tokio::test]
async fn a_shared_border_moves_when_both_grids_are_sent_and_no_gap_or_overlap_is_taken() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, "120.8600,32.0000\n120.8640,32.0000\n120.8640,32.0040\n120.8600,32.0040", COMMUNITY).await;
    let before = figure(&city, AREA).await;
    let codes = standing(&city).await;
    let page = format!("/city_management/grids/{}", codes[5]);
    let around: Value = browser.get(&format!("{page}/around.geojson")).await.expect(200).json();
    let of = |code: &str| {
        let features = around["features"].as_array().expect("features");
        features.iter().find(|feature| feature["properties"]["code"] == code).expect("the grid").clone()
    };
    let (mut one, mut other) = (of(&codes[5]), of(&codes[6]));
    let send = async |features: Vec<&Value>| {
        let file = json!({"type": "FeatureCollection", "features": features}).to_string().into_bytes();
        browser.upload(&page, &format!("{page}/boundary"), &[("outline", "")], ("new.geojson", file)).await
    };
    // The points that both have go a little to the east.
    let own: Vec<Value> = other["geometry"]["coordinates"][0].as_array().expect("a ring").clone();
    let shared = |point: &Value| own.contains(point);
    let points: Vec<Value> = one["geometry"]["coordinates"][0].as_array().expect("a ring").clone();
    // A ring ends where it began.
    let moving: Vec<Value> = points.into_iter().skip(1).filter(shared).collect();
    assert_eq!(moving.len(), 2, "{} points are shared", moving.len());
    // Each goes along the border it stands on, which does not run straight east: else a sliver of the next row goes with it.
    let along = |point: &Value| {
        let ring = &own[1..];
        let at = ring.iter().position(|one| one == point).expect("a point of the ring");
        let (next, before) = (&ring[(at + 1) % ring.len()], &ring[(at + ring.len() - 1) % ring.len()]);
        let far = if moving.contains(next) { before } else { next };
        let part = |axis: usize| {
            let (here, there) = (point[axis].as_f64().expect("degrees"), far[axis].as_f64().expect("degrees"));
            here + (there - here) / 5.0
        };
        json!([part(0), part(1)])
    };
    for feature in [&mut one, &mut other] {
        for point in feature["geometry"]["coordinates"][0].as_array_mut().expect("a ring") {
            if moving.contains(point) {
                *point = along(point);
            }
        }
    }
    let overlap = send(vec![&one]).await.expect(422);
    assert!(overlap.text.contains("与别的网格重叠"), "{}", overlap.text);
    let mut page_of_other = other.clone();
    page_of_other["properties"]["code"] = json!(codes[6]);
    let gap = send(vec![&page_of_other]).await.expect(422);
    assert!(gap.text.contains("没有画进去"), "{}", gap.text);
    send(vec![&one, &other]).await.expect(303);
    assert_eq!(standing(&city).await.len(), codes.len());
    assert!((figure(&city, AREA).await - before).abs() < 1.0);
    assert!((figure(&city, UNION).await - before).abs() < 1.0);
}

#[tokio::test]
async fn a_position_finds_its_grid_its_walk_and_its_community() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, COMMUNITY).await;
    let found: Value = browser.get("/api/city_management/grid_at?lon=120.8632&lat=32.0031").await.expect(200).json();
    assert!(found["grid"].as_str().is_some_and(|code| code.starts_with(COMMUNITY)), "{found}");
    assert_eq!(found["organisation"], "德民社区居委会");
    assert_eq!(found["officer_grid"], Value::Null);
    let grid = found["grid"].as_str().expect("a code").to_owned();
    let walks = "/city_management/officer_grids";
    let organisation = city.organisation("NT-CGJ").await.to_string();
    let fields = [("name", "城东一片"), ("organisation", &organisation), ("codes", &grid)];
    browser.submit(walks, walks, &fields).await.expect(303);
    let found: Value = browser.get("/api/city_management/grid_at?lon=120.8632&lat=32.0031").await.expect(200).json();
    assert_eq!(found["officer_grid"], "城东一片");
    browser.get("/api/city_management/grid_at?lon=121.5&lat=32.0").await.expect(404);
    browser.get("/api/city_management/grid_at?lon=500&lat=32.0").await.expect(422);
}

#[tokio::test]
async fn a_unit_grid_has_one_walk_and_officers_come_and_go() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, COMMUNITY).await;
    let codes = standing(&city).await;
    let officer = city.account("wangqin", "NT-CGJ", "NT-CGJ", &[]).await.to_string();
    let walks = "/city_management/officer_grids";
    let organisation = city.organisation("NT-CGJ").await.to_string();
    let both = format!("{} {}", codes[0], codes[1]);
    let make = async |name: &str| {
        let fields = [("name", name), ("organisation", organisation.as_str()), ("codes", both.as_str())];
        browser.submit(walks, walks, &fields).await.expect(303).location.expect("a page")
    };
    let first = make("一片").await;
    city.base.advance(time::Duration::minutes(1));
    let second = make("二片").await;
    let held: i64 =
        sqlx::query_scalar("SELECT count(*) FROM city_management.officer_grid_member WHERE ends_at IS NULL")
            .fetch_one(city.base.db.pool())
            .await
            .expect("a count");
    assert_eq!(held, 2, "each unit grid belongs to one walk");
    assert!(browser.get(&first).await.expect(200).text.contains("还没有单元网格"));
    let shift = [("account", officer.as_str()), ("shift", "early")];
    browser.submit(&second, &format!("{second}/patrols"), &shift).await.expect(303);
    let twice = browser.submit(&second, &format!("{second}/patrols"), &shift).await.expect(422);
    assert!(twice.text.contains("已经有这个班次"), "{}", twice.text);
    assert!(browser.get(walks).await.expect(200).text.contains("wangqin"));
    browser.submit(&second, &format!("{second}/relief"), &shift).await.expect(303);
    browser.submit(&second, &format!("{second}/release"), &[("code", codes[0].as_str())]).await.expect(303);
    browser.submit(&second, &format!("{second}/closure"), &[]).await.expect(303);
    let unknown = format!("{COMMUNITY}998");
    let fields = [("name", "三片"), ("organisation", organisation.as_str()), ("codes", unknown.as_str())];
    let refused = browser.submit(walks, walks, &fields).await.expect(422);
    assert!(refused.text.contains(&unknown), "{}", refused.text);
}

#[tokio::test]
async fn nobody_lays_sees_or_changes_grids_outside_his_scope() {
    let city = city().await;
    let browser = surveyor(&city).await;
    lay(&city, &browser, OUTLINE, COMMUNITY).await;
    let code = standing(&city).await[0].clone();
    let other = city.staff("NT-320613002", GRIDS).await;
    other.get(&format!("/city_management/grids/{code}")).await.expect(404);
    assert!(!other.get("/city_management/grids").await.expect(200).text.contains(&code));
    let map = other.get("/city_management/grids.geojson?bbox=120.8,31.9,120.9,32.1").await.expect(200).json();
    assert_eq!(map["features"].as_array().map(Vec::len), Some(0));
    let form = "/city_management/grids/new";
    let line = [("line", "120.8,32\n120.9,32")];
    other.submit(form, &format!("/city_management/grids/{code}/division"), &line).await.expect(404);
    let fields = [("county", "320613"), ("outline", "120.88,32.0\n120.89,32.0\n120.89,32.01"), ("edge_m", "100")];
    other.upload(form, "/city_management/generations", &fields, ("", Vec::new())).await.expect(403);
    let street = city.staff("NT-320613001", GRIDS).await;
    let seen = street.get("/city_management/grids.geojson?bbox=120.8,31.9,120.9,32.1").await.expect(200).json();
    assert!(seen["features"].as_array().is_some_and(|features| features.len() > 50));
    street.get("/city_management/grids.geojson?bbox=1,2").await.expect(422);
}
