//! The ground of grid city management, as people meet it: codes, grids, officers' grids, components.
mod checks;
mod codes;
mod components;
mod grids;

use identity::api::{NewOrganisation, OrganisationKind};
use jh_db::Work;
use jh_tests::{Browser, City};

const GRIDS: &[&str] = &["city_management.grid.read", "city_management.grid.manage"];
const COMPONENTS: &[&str] =
    &["city_management.component.read", "city_management.component.import", "city_management.grid.read"];
const CATEGORIES: &[&str] = &["city_management.component.read", "city_management.category.manage"];

/// A community of 德民社区 whose outline is oblique to the squares, with a corner that bends in. WGS84.
const OUTLINE: &str =
    "120.8600,32.0000\n120.8683,32.0009\n120.8690,32.0072\n120.8665,32.0090\n120.8654,32.0061\n120.8600,32.0086";
const COMMUNITY: &str = "320613001001";

/// A city with a street and a community of 崇川区, and the departments that answer for components.
async fn city() -> City {
    let city = City::found().await;
    let rows = [
        ("NT-CGJ", "NT", "南通市城市管理局", OrganisationKind::Department, None),
        ("NT-JSJ", "NT", "南通市城乡建设局", OrganisationKind::Department, None),
        ("NT-320613001", "NT-320613", "城东街道办事处", OrganisationKind::Street, Some("320613001")),
        ("NT-320613001001", "NT-320613001", "德民社区居委会", OrganisationKind::Community, Some("320613001001")),
        ("NT-320613002", "NT-320613", "和平桥街道办事处", OrganisationKind::Street, Some("320613002")),
    ];
    let rows = rows.map(|(code, parent, name, kind, division)| NewOrganisation {
        code: code.into(),
        parent_code: Some(parent.into()),
        kind,
        name: name.into(),
        short_name: name.into(),
        division_code: division.map(str::to_owned),
    });
    let mut work = Work::begin(&city.base, &city.command()).await.expect("a transaction");
    identity::api::ensure_organisations(&mut work, &rows).await.expect("the organisations");
    work.commit().await.expect("committed");
    city
}

/// Somebody of the urban management bureau who lays grids anywhere in the city.
async fn surveyor(city: &City) -> Browser {
    city.staff_scoped("NT-CGJ", "NT", GRIDS).await
}

/// Asks for grids over an outline of a community, or none, and waits until they stand. Returns the page of the run.
async fn lay(city: &City, browser: &Browser, outline: &str, community: &str) -> String {
    let fields =
        [("county", "320613"), ("name", "试划区"), ("outline", outline), ("community", community), ("edge_m", "100")];
    let no_file = ("", Vec::new());
    let sent = browser.upload("/city_management/grids/new", "/city_management/generations", &fields, no_file).await;
    let run = sent.expect(303).location.expect("the page of the run");
    city.work().await;
    let shown = browser.get(&run).await.expect(200);
    assert!(shown.text.contains("已划分"), "{}", shown.text);
    run
}

/// The codes of the standing grids, in order.
async fn standing(city: &City) -> Vec<String> {
    sqlx::query_scalar("SELECT code FROM city_management.unit_grid WHERE valid_to_on IS NULL ORDER BY code")
        .fetch_all(city.base.db.pool())
        .await
        .expect("the codes")
}

/// A figure of the standing grids.
async fn figure(city: &City, sql: &'static str) -> f64 {
    sqlx::query_scalar(sql).fetch_one(city.base.db.pool()).await.expect("a figure")
}
