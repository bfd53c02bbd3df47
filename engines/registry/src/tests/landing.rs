//! What lands, what is rejected, and what a second delivery changes.
use super::*;

#[tokio::test]
async fn good_rows_land_and_bad_rows_go_to_the_report() {
    let city = City::new().await;
    let mut text = people(0, 100);
    text.push_str("李四,320602199001010000,320613,,\n王五,,,,\n");
    let (id, state, counts) = city.deliver(city.police, &text).await;
    assert_eq!(state, State::Done);
    assert_eq!((counts.rows_read, counts.rows_new, counts.rows_rejected), (102, 100, 2));
    assert_eq!(city.count("SELECT count(*) FROM registry.person").await, 100);
    assert_eq!(city.count("SELECT sum(people)::bigint FROM registry.v_population").await, 100);
    let mut connection = city.base.db.read().await.unwrap();
    let faults = crate::store::reject::list(&mut connection, id, None, 0, 10).await.unwrap();
    let faults: Vec<_> =
        faults.iter().map(|fault| (fault.row_no, fault.column_name.as_str(), fault.rule.as_str())).collect();
    assert_eq!(faults, [(102, "身份证号", "citizen-id-checksum"), (103, "身份证号", "missing")]);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_names_the_earlier_delivery() {
    let city = City::new().await;
    let (first, ..) = city.deliver(city.police, &people(0, 50)).await;
    let (second, state, counts) = city.deliver(city.police, &people(0, 50)).await;
    assert_eq!((state, counts), (State::Done, Counts::default()));
    let same: Option<uuid::Uuid> = sqlx::query_scalar("SELECT same_as FROM registry.delivery WHERE delivery_id = $1")
        .bind(second)
        .fetch_one(city.base.db.pool())
        .await
        .unwrap();
    assert_eq!(same, Some(first.0));
}

#[tokio::test]
async fn the_same_rows_in_another_file_change_nothing_and_a_changed_row_is_one_change() {
    let city = City::new().await;
    city.deliver(city.police, &people(0, 50)).await;
    let mut text = people(0, 51).replace("人民路7号", "人民路七号");
    text.push_str("坏,1,,,\n");
    let (_, _, counts) = city.deliver(city.police, &text).await;
    assert_eq!((counts.rows_new, counts.rows_changed, counts.rows_unchanged, counts.rows_rejected), (1, 1, 49, 1));
    assert_eq!(city.count("SELECT count(*) FROM registry.person").await, 51);
    assert_eq!(city.count("SELECT count(*) FROM registry.record_past").await, 1);
    assert_eq!(city.count("SELECT sum(people)::bigint FROM registry.v_population").await, 51);
}

#[tokio::test]
async fn a_second_department_adds_its_record_and_the_golden_record_takes_what_was_missing() {
    let city = City::new().await;
    city.deliver(city.police, &format!("姓名,身份证号\n王伟,{}\n", citizen_id(1))).await;
    let text = format!("姓名,身份证号,居住地区划,险种\n王伟,{},320612,110\n", citizen_id(1));
    let (_, _, counts) = city.deliver(city.insurance, &text).await;
    assert_eq!(counts.rows_new, 1, "{counts:?}");
    assert_eq!(city.count("SELECT count(*) FROM registry.person").await, 1);
    assert_eq!(city.count("SELECT count(*) FROM registry.record").await, 2);
    let golden: (String, Option<Vec<i16>>) = sqlx::query_as("SELECT division_code, provider_nos FROM registry.person")
        .fetch_one(city.base.db.pool())
        .await
        .unwrap();
    assert_eq!(golden.0, "320612");
    assert!(golden.1.is_some() || city.count("SELECT provider_no::bigint FROM registry.person").await == 2);
}

#[tokio::test]
async fn the_same_person_twice_in_one_file_is_one_person_with_what_was_said_last() {
    let city = City::new().await;
    let id = citizen_id(3);
    let text = format!("姓名,身份证号\n王伟,{id}\n王维,{id}\n王维,{id}\n");
    let (_, state, counts) = city.deliver(city.police, &text).await;
    assert_eq!((state, counts.rows_new, counts.rows_changed, counts.rows_unchanged), (State::Done, 1, 1, 1));
    assert_eq!(city.count("SELECT count(*) FROM registry.person WHERE name = '王维'").await, 1);
}

#[tokio::test]
async fn organisations_land_by_their_credit_code() {
    let city = City::new().await;
    let target = Target { kind: RowKind::Organisation, resource_id: None, provider_id: city.market };
    let text = "统一社会信用代码,机构名称,所属区划\n91350100M000100Y43,南通江海有限公司,320602\n\
                91350100M000100Y44,错码公司,320602\n";
    let id = city.submit_to(target, text.as_bytes()).await;
    let (state, counts) = city.run(id).await;
    assert_eq!((state, counts.rows_new, counts.rows_rejected), (State::Done, 1, 1), "{counts:?}");
    assert_eq!(city.count("SELECT count(*) FROM registry.organisation WHERE division_code = '320602'").await, 1);
    assert_eq!(city.count("SELECT subjects FROM registry.holding WHERE kind = 2").await, 1);
}

#[tokio::test]
async fn a_cancelled_delivery_lands_nothing_more_and_ends_as_cancelled() {
    let city = City::new().await;
    let id = city.submit(city.police, people(0, 20).as_bytes()).await;
    crate::actions::cancel(&city.base, &city.base.command(), id).await.unwrap();
    let (state, counts) = city.run(id).await;
    assert_eq!((state, counts), (State::Cancelled, Counts::default()));
    assert_eq!(city.count("SELECT count(*) FROM registry.person").await, 0);
}

#[tokio::test]
async fn years_of_birth_are_counted_by_division_and_sex() {
    let city = City::new().await;
    let (first, second) = (citizen_id(1), citizen_id(2));
    let text = format!("姓名,身份证号,居住地区划\n王伟,{first},320613\n王芳,{second},320613\n");
    city.deliver(city.police, &text).await;
    let born = "SELECT sum(people)::bigint FROM registry.v_population WHERE birth_year = 1950";
    assert_eq!(city.count(born).await, 2);
    // Moved to another county: counted there and no longer here.
    city.deliver(city.police, &text.replace("320613\n王芳", "320612\n王芳")).await;
    assert_eq!(city.count(born).await, 2);
    let there = "SELECT sum(people)::bigint FROM registry.v_population WHERE division_code = '320612'";
    assert_eq!(city.count(there).await, 1);
}
