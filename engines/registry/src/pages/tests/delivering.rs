//! From the form to the corrected file.
use super::{Desk, deliverer, insurance, police};
use crate::permission::{READ, SUBMIT};
use crate::tests::{City, citizen_id, people};

fn id_of(path: &str) -> crate::model::DeliveryId {
    path.rsplit('/').next().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{path} names no delivery"))
}

/// Two good rows, one with a wrong check digit, one without a name, one with a script in its name.
fn faulty() -> String {
    let wrong = format!("{}0", &citizen_id(2)[..17]);
    let wrong = if wrong == citizen_id(2) { format!("{}1", &citizen_id(2)[..17]) } else { wrong };
    format!(
        "姓名,身份证号,居住地区划,联系电话\n王伟,{},320602,13812345678\n李芳,{},320613,\n张娜,{wrong},320613,\n,{},320613,\n\
         <script>alert(1)</script>,{},320613,\n",
        citizen_id(0),
        citizen_id(1),
        citizen_id(3),
        citizen_id(4)
    )
}

async fn deliver(city: &City, desk: &Desk, text: &str) -> String {
    let provider = city.police.to_string();
    let fields = [("kind", "person"), ("provider", provider.as_str())];
    let answer = desk.upload(&fields, Some(("户籍.csv", text.as_bytes()))).await.expect(303);
    let path = answer.leads_to().to_owned();
    city.run(id_of(&path)).await;
    path
}

#[tokio::test]
async fn a_file_with_faults_lands_in_part_and_says_where_and_why() {
    let city = City::new().await;
    let desk = deliverer(&city);
    let path = deliver(&city, &desk, &faulty()).await;
    let page = desk.get(&path).await.expect(200);
    page.has("户籍.csv")
        .has("3 行没有通过检查")
        .has("公民身份号码的校验位不符")
        .has("交付更正后的文件")
        .lacks(&citizen_id(3));
    let report = desk.get(&format!("{path}/rejects")).await.expect(200);
    let report = report.has("缺少必填的值").has("补上这一项").lacks("<script>alert").lacks(&citizen_id(2)[..17]);
    report.has("rule=citizen-id-checksum");
    desk.get(&format!("{path}/rejects?rule=citizen-id-checksum")).await.expect(200).lacks("补上这一项");
    desk.get("/registry/deliveries").await.expect(200).has("部分入库").has("公安局");
}

#[tokio::test]
async fn the_rejected_rows_come_back_as_a_file_that_can_be_corrected_and_delivered() {
    let city = City::new().await;
    let desk = deliverer(&city);
    let path = deliver(&city, &desk, &faulty()).await;
    let report = desk.get(&format!("{path}/rejects.csv")).await.expect(200);
    assert_eq!(report.headers["content-type"], "text/csv; charset=utf-8");
    assert!(report.text.starts_with('\u{feff}'), "a spreadsheet would not know the encoding");
    assert_eq!(report.text.lines().count(), 4, "{}", report.text);
    let provider = city.police.to_string();
    let earlier = path.rsplit('/').next().unwrap().to_owned();
    let fields = [("kind", "person"), ("provider", provider.as_str()), ("corrects", earlier.as_str())];
    let corrected = report.text.replace("\n,", "\n陈静,").replace("<script>alert(1)</script>", "赵敏");
    let answer = desk.upload(&fields, Some(("更正.csv", corrected.as_bytes()))).await.expect(303);
    let again = answer.leads_to().to_owned();
    let (_, counts) = city.run(id_of(&again)).await;
    assert_eq!((counts.rows_read, counts.rows_rejected), (3, 1), "{}", report.text);
    desk.get(&path).await.expect(200).has("由后来的交付更正").lacks("不再更正");
}

#[tokio::test]
async fn what_the_form_lacks_is_said_beside_the_field() {
    let city = City::new().await;
    let desk = deliverer(&city);
    let provider = city.police.to_string();
    desk.upload(&[("kind", "person"), ("provider", &provider)], None).await.expect(422).has("请选择要交付的文件");
    desk.upload(&[("kind", "dog"), ("provider", &provider)], Some(("a.csv", b"a")))
        .await
        .expect(422)
        .has("id=\"kind\"");
    desk.get("/registry/deliveries/new").await.expect(200).has("multipart/form-data").has("公安局").lacks("人社局");
}

#[tokio::test]
async fn a_forged_provider_is_refused_and_nothing_is_delivered() {
    let city = City::new().await;
    let desk = deliverer(&city);
    for forged in [city.insurance.to_string(), uuid::Uuid::from_u128(7).to_string()] {
        let fields = [("kind", "person"), ("provider", forged.as_str())];
        desk.upload(&fields, Some(("a.csv", people(0, 2).as_bytes()))).await.expect(403);
    }
    assert_eq!(city.count("SELECT count(*) FROM registry.delivery").await, 0);
}

#[tokio::test]
async fn a_delivery_outside_the_scope_does_not_exist() {
    let city = City::new().await;
    let path = deliver(&city, &deliverer(&city), &faulty()).await;
    let other = insurance(&city);
    for part in ["", "/progress", "/rejects", "/records"] {
        other.get(&format!("{path}{part}")).await.expect(404);
    }
    other.get(&format!("{path}/rejects.csv")).await.expect(403);
    let deliverer = Desk::of(&city, city.insurance, city.insurance, &[SUBMIT, READ]);
    deliverer.get(&format!("{path}/rejects.csv")).await.expect(404);
    other.get("/registry/deliveries").await.expect(200).lacks("户籍.csv");
    other.get("/registry/statistics").await.expect(200).lacks("公安局");
}

#[tokio::test]
async fn a_blank_file_has_the_columns_that_a_delivery_recognises() {
    let city = City::new().await;
    let desk = deliverer(&city);
    desk.get("/registry/deliveries/new").await.expect(200).has("blank.csv?kind=person");
    let blank = desk.get("/registry/deliveries/blank.csv?kind=person").await.expect(200).text;
    assert!(blank.starts_with('\u{feff}') && blank.contains("公民身份号码") && blank.lines().count() == 1, "{blank}");
    let (_, state, _) = city.deliver(city.police, &blank).await;
    assert_eq!(state, crate::model::State::Done, "every column of it is known");
    desk.get("/registry/deliveries/blank.csv?kind=dataset").await.expect(404);
}

#[tokio::test]
async fn rejected_rows_leave_in_clear_only_to_whoever_corrects_them_and_that_is_written_down() {
    let city = City::new().await;
    let path = deliver(&city, &deliverer(&city), &faulty()).await;
    let reader = Desk::of(&city, city.police, city.police, &[READ]);
    reader.get(&path).await.expect(200).lacks("rejects.csv");
    reader.get(&format!("{path}/rejects.csv")).await.expect(403);
    let report = deliverer(&city).get(&format!("{path}/rejects.csv")).await.expect(200);
    let named = report.headers["content-disposition"].to_str().unwrap();
    assert!(named.contains("filename*=UTF-8''%E6%88%B7%E7%B1%8D"), "{named}");
    let audited = "SELECT count(*) FROM db.v_audit WHERE action = 'registry.report.downloaded'";
    assert_eq!(city.count(audited).await, 1);
}

#[tokio::test]
async fn a_number_in_the_wrong_column_is_hidden_in_the_report() {
    let city = City::new().await;
    let text = format!("姓名,身份证号\n{},{}\n", citizen_id(7), citizen_id(8));
    let path = deliver(&city, &deliverer(&city), &text).await;
    deliverer(&city).get(&format!("{path}/rejects")).await.expect(200).has("320***").lacks(&citizen_id(7));
}

#[tokio::test]
async fn what_a_delivery_brought_shows_what_its_own_department_said() {
    let city = City::new().await;
    let row = |name: &str, division: &str| format!("姓名,身份证号,居住地区划\n{name},{},{division}\n", citizen_id(0));
    city.deliver(city.police, &row("王伟", "320613")).await;
    let guess = city.deliver(city.insurance, &row("查询", "320612")).await.0;
    let other = Desk::of(&city, city.insurance, city.insurance, &[SUBMIT, READ]);
    other.get(&format!("/registry/deliveries/{guess}/records")).await.expect(200).has("查询").lacks("王伟");
}

#[tokio::test]
async fn mending_some_of_the_rejected_rows_leaves_the_others_waiting() {
    let city = City::new().await;
    let desk = deliverer(&city);
    let path = deliver(&city, &desk, "姓名,身份证号\n王伟,1\n李芳,2\n张静,3\n").await;
    desk.get(&path).await.expect(200).has("没有任何一行入库").has("交付更正后的文件");
    let correct = async |text: String| {
        let (provider, earlier) = (city.police.to_string(), path.rsplit('/').next().unwrap().to_owned());
        let fields = [("kind", "person"), ("provider", provider.as_str()), ("corrects", earlier.as_str())];
        let at = desk.upload(&fields, Some(("更正.csv", text.as_bytes()))).await.expect(303).leads_to().to_owned();
        city.run(at.rsplit('/').next().unwrap().parse().unwrap()).await;
    };
    correct(format!("姓名,身份证号\n王伟,{}\n", citizen_id(1))).await;
    desk.get(&path).await.expect(200).has("交付更正后的文件");
    correct(format!("姓名,身份证号\n李芳,{}\n张静,{}\n", citizen_id(2), citizen_id(3))).await;
    desk.get(&path).await.expect(200).lacks("交付更正后的文件").has("不再需要处理");
}

#[tokio::test]
async fn reading_alone_offers_no_step_and_takes_none() {
    let city = City::new().await;
    let path = deliver(&city, &deliverer(&city), &faulty()).await;
    let reader = Desk::of(&city, city.police, city.police, &[READ]);
    reader.get(&path).await.expect(200).lacks("/settlement").lacks("交付更正后的文件");
    reader.post(&format!("{path}/settlement"), &[]).await.expect(403);
    reader.post(&format!("{path}/cancellation"), &[]).await.expect(403);
}

#[tokio::test]
async fn columns_that_are_not_clear_are_asked_for_and_then_the_file_lands() {
    let city = City::new().await;
    let desk = deliverer(&city);
    let text = format!("甲,乙\n王伟,{}\n李芳,{}\n", citizen_id(0), citizen_id(1));
    let path = deliver(&city, &desk, &text).await;
    desk.get(&path).await.expect(200).has("有的列认不出是什么").has(&format!("{path}/mapping"));
    let form = desk.get(&format!("{path}/mapping")).await.expect(200);
    form.has("王伟").has("3206***********").lacks(&citizen_id(0));
    let twice = [("column-0", "person_name"), ("column-1", "person_name")];
    desk.post(&format!("{path}/mapping"), &twice).await.expect(422).has("有两列都选了");
    desk.post(&format!("{path}/mapping"), &[("column-0", "person_name")]).await.expect(422).has("公民身份号码");
    let right = [("column-0", "person_name"), ("column-1", "citizen_id")];
    assert_eq!(desk.post(&format!("{path}/mapping"), &right).await.expect(303).leads_to(), path);
    let (_, counts) = city.run(id_of(&path)).await;
    assert_eq!((counts.rows_new, counts.rows_rejected), (2, 0));
    assert_eq!(desk.get(&format!("{path}/mapping")).await.expect(303).leads_to(), path);
}

#[tokio::test]
async fn a_waiting_delivery_can_be_called_off() {
    let city = City::new().await;
    let desk = Desk::of(&city, city.police, city.police, &[SUBMIT, READ]);
    let id = city.submit(city.police, people(0, 3).as_bytes()).await;
    let path = format!("/registry/deliveries/{id}");
    desk.get(&path).await.expect(200).has("hx-get").has("取消交付");
    desk.post(&format!("{path}/cancellation"), &[]).await.expect(303);
    city.run(id).await;
    desk.get(&path).await.expect(200).has("这次交付已取消").lacks("hx-get");
    desk.post(&format!("{path}/cancellation"), &[]).await.expect(409);
}

#[tokio::test]
async fn the_same_file_again_says_that_nothing_changed() {
    let city = City::new().await;
    let desk = police(&city);
    let first = deliver(&city, &desk, &people(0, 5)).await;
    desk.get(&first).await.expect(200).has("全部 5 行已经入库");
    let rows = desk.get(&format!("{first}/records?landed=new")).await.expect(200);
    rows.has("/registry/people/").has("3206***********").lacks(&citizen_id(0));
    let second = deliver(&city, &desk, &people(0, 5)).await;
    desk.get(&second).await.expect(200).has("没有改变任何数据").has(&first);
}
