//! The tree and its closure in SQL.
use std::time::Instant;

use jh_core::actor::OrganisationId;
use jh_db::Work;
use time::Duration;

use super::{City, row};
use crate::actions::organisation::{Closure, Creation, close, create, put_under, rename};
use crate::api::{self, OrganisationKind};
use crate::fault::IdentityError;
use crate::store;

type Rows = Vec<(OrganisationId, OrganisationId, i32)>;

/// The closure as kept and as computed anew from the parents.
async fn closures(city: &City) -> (Rows, Rows) {
    let kept =
        sqlx::query_as("SELECT ancestor_id, descendant_id, depth FROM identity.organisation_closure ORDER BY 1, 2");
    let anew = sqlx::query_as(
        "WITH RECURSIVE up AS (
             SELECT organisation_id AS d, organisation_id AS a, parent_id, 0 AS depth FROM identity.organisation
             UNION ALL
             SELECT up.d, o.organisation_id, o.parent_id, up.depth + 1
             FROM up JOIN identity.organisation o ON o.organisation_id = up.parent_id)
         SELECT a, d, depth FROM up ORDER BY 1, 2",
    );
    let pool = city.base.db.pool();
    (kept.fetch_all(pool).await.unwrap(), anew.fetch_all(pool).await.unwrap())
}

async fn path(city: &City, code: &str) -> String {
    let mut conn = city.base.db.read().await.unwrap();
    api::organisation_by_code(&mut conn, code).await.unwrap().unwrap().path
}

#[tokio::test]
async fn the_closure_follows_every_change() {
    let city = City::build().await;
    let mut seed = 7_u64;
    let mut draw = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut codes = vec!["NT-GA".to_owned(), "NT-RS".to_owned()];
    let (mut moved, mut refused) = (0, 0);
    for step in 0..60 {
        city.base.advance(Duration::seconds(1));
        let mut command = city.base.command();
        command.key = None;
        if step % 2 == 0 {
            let code = format!("O-{step}");
            let parent = codes[draw(codes.len())].clone();
            let input = Creation { code: &code, parent: &parent, kind: "office", name: &code, ..Default::default() };
            create(&city.base, &command, &input).await.unwrap();
            codes.push(code);
        } else {
            let subject = codes[2 + draw(codes.len() - 2)].clone();
            let target = codes[draw(codes.len())].clone();
            let mut conn = city.base.db.read().await.unwrap();
            let id = api::organisation_by_code(&mut conn, &subject).await.unwrap().unwrap().id;
            drop(conn);
            match put_under(&city.base, &command, id, &target).await {
                Ok(()) => moved += 1,
                Err(IdentityError::MoveIntoItself | IdentityError::TreeTooDeep) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        let (kept, anew) = closures(&city).await;
        assert_eq!(kept, anew, "after step {step}");
    }
    assert!(moved > 5 && refused > 0, "moved {moved}, refused {refused}");
}

#[tokio::test]
async fn a_city_is_loaded_quickly_and_once() {
    let city = City::build().await;
    let mut rows = Vec::new();
    for street in 0..100 {
        let code = format!("3206020{street:02}0");
        for community in 0..21 {
            let name = format!("社区{community}");
            rows.push(row(&format!("{code}{community:03}"), Some(&code), OrganisationKind::Community, &name));
        }
        rows.push(row(&code, Some("320602"), OrganisationKind::Street, &format!("街道{street}")));
    }
    for round in 0..2 {
        let begun = Instant::now();
        let mut work = Work::begin(&city.base, &city.base.command()).await.unwrap();
        let ids = api::ensure_organisations(&mut work, &rows).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(ids.len(), rows.len() + 1);
        assert!(begun.elapsed().as_secs() < 5, "round {round} took {:?}", begun.elapsed());
    }
    let (kept, anew) = closures(&city).await;
    assert_eq!(kept, anew);
    assert_eq!(path(&city, "3206020070003").await, "南通市 / 崇川区 / 街道7 / 社区3");
    let mut conn = city.base.db.read().await.unwrap();
    let tree = api::tree(&mut conn).await.unwrap();
    assert_eq!(tree.len(), rows.len() + 6);
    assert_eq!(tree[0].code, "NT");
}

#[tokio::test]
async fn a_new_name_reaches_all_below() {
    let city = City::build().await;
    let admin = city.by("admin").await;
    rename(&city.base, &admin, city.id("NT-GA"), "公安和应急局", "公安应急").await.unwrap();
    assert_eq!(path(&city, "NT-GA-01").await, "南通市 / 公安和应急局 / 户政支队");
    let mut conn = city.base.db.read().await.unwrap();
    let periods = store::organisation::periods(&mut conn, city.id("NT-GA"), 10).await.unwrap();
    assert!(periods.iter().any(|p| p.name == "公安和应急局" && p.ends_at.is_none()), "{periods:?}");
}

#[tokio::test]
async fn a_forged_id_and_one_out_of_scope_are_both_not_found() {
    let city = City::build().await;
    let outsider = city.by("ga.admin").await;
    let forged = OrganisationId(uuid::Uuid::from_u128(42));
    for id in [forged, city.id("NT-RS"), city.id("NT")] {
        let mut command = outsider.clone();
        command.key = None;
        let renamed = rename(&city.base, &command, id, "新名", "新名").await;
        assert!(matches!(renamed, Err(IdentityError::OrganisationNotFound)), "{renamed:?}");
        let moved = put_under(&city.base, &command, id, "NT-GA").await;
        assert!(matches!(moved, Err(IdentityError::OrganisationNotFound)), "{moved:?}");
        let closed = close(&city.base, &command, id, &Closure::default()).await;
        assert!(matches!(closed, Err(IdentityError::OrganisationNotFound)), "{closed:?}");
    }
    let mut command = outsider.clone();
    command.key = None;
    let input = Creation { code: "X-1", parent: "NT-RS", kind: "office", name: "新处", ..Default::default() };
    assert!(matches!(create(&city.base, &command, &input).await, Err(IdentityError::Form(_))));
    let input = Creation { parent: "公安局", ..input };
    create(&city.base, &command, &input).await.unwrap();
    let again = create(&city.base, &command, &input).await;
    assert!(matches!(again, Err(IdentityError::CodeTaken)), "{again:?}");
}

#[tokio::test]
async fn the_successor_answers_for_the_closed() {
    let city = City::build().await;
    let mut admin = city.by("admin").await;
    admin.key = None;
    let rs = city.id("NT-RS");
    let refused = close(&city.base, &admin, rs, &Closure::default()).await;
    assert!(matches!(refused, Err(IdentityError::HasStaff)), "{refused:?}");
    let with_children = close(&city.base, &admin, city.id("NT-GA"), &Closure::default()).await;
    assert!(matches!(with_children, Err(IdentityError::HasOpenChildren)), "{with_children:?}");
    city.base.advance(Duration::hours(1));
    admin.now = city.base.clock.now();
    close(&city.base, &admin, rs, &Closure { successor: "NT-GA", ..Closure::default() }).await.unwrap();
    let (kept, anew) = closures(&city).await;
    assert_eq!(kept, anew);
    let mut conn = city.base.db.read().await.unwrap();
    let ga = [city.id("NT-GA").0];
    assert!(api::in_scope(&mut conn, &ga, rs).await.unwrap());
    let closed = api::organisation(&mut conn, rs).await.unwrap().unwrap();
    assert!(closed.closed() && closed.successor_id == Some(city.id("NT-GA")));
    drop(conn);
    // Its clerk belongs to the successor now and holds nothing until somebody gives him a role there.
    let clerk = city.by("rs.clerk").await.actor;
    assert_eq!(clerk.organisation, Some(city.id("NT-GA")));
    assert!(clerk.grants.is_empty());
}

#[tokio::test]
async fn two_moves_at_once_close_no_ring() {
    let city = City::build().await;
    let mut command = city.base.command();
    command.key = None;
    for (code, parent) in [("A", "NT-GA"), ("B", "NT-GA")] {
        let input = Creation { code, parent, kind: "office", name: code, ..Default::default() };
        create(&city.base, &command, &input).await.unwrap();
    }
    let mut conn = city.base.db.read().await.unwrap();
    let a = api::organisation_by_code(&mut conn, "A").await.unwrap().unwrap().id;
    let b = api::organisation_by_code(&mut conn, "B").await.unwrap().unwrap().id;
    drop(conn);
    let (one, other) = tokio::join!(put_under(&city.base, &command, a, "B"), put_under(&city.base, &command, b, "A"),);
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1, "{one:?} {other:?}");
    let (kept, anew) = closures(&city).await;
    assert_eq!(kept, anew);
}
