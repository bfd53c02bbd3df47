//! The pages on which it is decided whose value stands.
use super::{Desk, police};
use crate::permission::RULE;
use crate::tests::{City, people};

async fn desk(city: &City) -> Desk {
    let root = identity::api::root(&mut city.base.db.read().await.unwrap()).await.unwrap().unwrap();
    Desk::of(city, city.police, root, &[RULE])
}

async fn filled() -> City {
    let city = City::new().await;
    city.deliver(city.police, &people(0, 3)).await;
    city.deliver(city.insurance, &people(0, 3)).await;
    city
}

const ATTRIBUTE: &str = "/registry/rules/people/residence_division";

#[tokio::test]
async fn the_order_of_sources_is_set_and_shown_with_its_basis() {
    let city = filled().await;
    let desk = desk(&city).await;
    desk.get("/registry/rules").await.expect(200).has("以谁为准").has("最近收到的").lacks("户口登记机关");
    desk.get(ATTRIBUTE).await.expect(200).has("公安局").has("人社局").has("第 2 位").lacks("第 3 位");
    let order = [("place-1", "1"), ("basis-1", "户口登记机关"), ("place-2", "2"), ("basis-2", "参保登记")];
    assert_eq!(desk.post(ATTRIBUTE, &order).await.expect(303).leads_to(), "/registry/rules?base=people");
    desk.get("/registry/rules?base=people").await.expect(200).has("户口登记机关").has("重新确定取值");
    desk.get("/registry/rules?base=places").await.expect(200).lacks("户口登记机关");
    desk.get("/registry/rules?base=%22%3E").await.expect(200);
}

#[tokio::test]
async fn an_order_that_cannot_be_is_shown_again_with_what_is_wrong() {
    let city = filled().await;
    let desk = desk(&city).await;
    let twice = [("place-1", "1"), ("basis-1", "户口登记机关"), ("place-2", "1"), ("basis-2", "<b>参保</b>")];
    desk.post(ATTRIBUTE, &twice).await.expect(422).has("同一位").has("户口登记机关").lacks("<b>参保");
    desk.post(ATTRIBUTE, &[("place-1", "1"), ("basis-1", " ")]).await.expect(422).has("请写明依据");
    desk.post("/registry/rules/people/nothing", &[("place-1", "1"), ("basis-1", "户口登记")]).await.expect(404);
    desk.get("/registry/rules/moons/sex").await.expect(404);
    desk.get("/registry/rules").await.expect(200).lacks("户口登记机关");
}

#[tokio::test]
async fn the_order_is_the_citys_and_not_a_departments() {
    let city = filled().await;
    let order = [("place-1", "1"), ("basis-1", "户口登记机关")];
    police(&city).post(ATTRIBUTE, &order).await.expect(403).has("您的权限不包括");
    police(&city).post("/registry/rules/people", &[("keeper", "")]).await.expect(403);
}

#[tokio::test]
async fn a_base_has_one_keeper_or_none() {
    let city = filled().await;
    let desk = desk(&city).await;
    let keeper = city.police.to_string();
    desk.post("/registry/rules/people", &[("keeper", &keeper)]).await.expect(303);
    desk.get("/registry/rules").await.expect(200).has(&format!("value=\"{keeper}\" selected"));
    desk.post("/registry/rules/people", &[("keeper", "somebody")]).await.expect(403);
    desk.post("/registry/rules/people", &[("keeper", "")]).await.expect(303);
    desk.get("/registry/rules").await.expect(200).lacks(&format!("value=\"{keeper}\" selected"));
}
