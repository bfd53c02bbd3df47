//! The governed call's promises as sentences, on a database of their own. The rooms below are stood in for by the few
//! views that the exchange reads; the whole house is tested over HTTP.
use std::sync::Arc;

use jh_core::actor::{AccountId, ActorKind, Grant, OrganisationId};
use jh_db::Work;
use jh_db::testing::{self, TestBase};
use time::macros::date;

use catalogue::api::{Condition, Field, ResourceId, RowKind, SharingKind, Test};

use super::*;
use crate::actions::agree;
use crate::call::stand_in::{CATALOGUE, IDENTITY, People};
use crate::model::{FieldTerm, Onward, RequestId, RequestState, Terms, TermsId};
use crate::store::{self, RequestRow};

fn field(name: &str, classification: Classification) -> Field {
    Field {
        name: name.into(),
        label: name.into(),
        label_en: String::new(),
        element: Some(name.into()),
        field_type: if name == "division" { FieldType::Code } else { FieldType::Text },
        required: false,
        classification,
        unit: String::new(),
    }
}

struct World {
    base: TestBase,
    agreement: AgreementId,
    caller: Caller,
}

fn actor(kind: ActorKind, organisation: OrganisationId, permission: &str, now: OffsetDateTime) -> Actor {
    Actor {
        account: Some(AccountId::at(now)),
        kind,
        name: "民政业务系统".into(),
        organisation: Some(organisation),
        organisation_name: "南通市民政局".into(),
        grants: Arc::new([Grant { permission: permission.into(), scope: organisation }]),
    }
}

/// An agreement in force on name, a masked citizen ID and a phone in clear, for division 320602.
async fn world(calls_a_day: i32, rate_a_minute: i32) -> World {
    let exchange = crate::migrations();
    let base = testing::base(&[IDENTITY, CATALOGUE, exchange]).await;
    base.services.register::<dyn RowSource>(Arc::new(People));
    let now = base.clock.now();
    let (provider_id, requester_id) = (OrganisationId::at(now), OrganisationId::at(now));
    let resource_id = ResourceId::at(now);
    sqlx::query("INSERT INTO catalogue.stand_in VALUES ($1)").bind(resource_id).execute(base.db.pool()).await.unwrap();
    let known = [
        field("name", Classification::Internal),
        field("citizen_id", Classification::Sensitive),
        field("phone", Classification::Sensitive),
        field("division", Classification::Internal),
        field("address", Classification::Internal),
    ];
    let term = |name: &str, handling, reason: Option<&str>| FieldTerm {
        name: name.into(),
        handling,
        reason: reason.map(Into::into),
    };
    let terms = Terms {
        fields: vec![
            term("name", Handling::Clear, None),
            term("citizen_id", Handling::Masked, None),
            term("phone", Handling::Clear, Some("电话通知申请人")),
            term("division", Handling::Clear, None),
        ],
        conditions: vec![Condition { field: "division".into(), test: Test::Eq { value: "320602".into() } }],
        calls_a_day,
        rate_a_minute,
        from_on: date!(2026 - 03 - 02),
        to_on: date!(2026 - 03 - 31),
        onward: Onward::Forbidden,
    };
    let mut work = Work::begin(&base, &base.command()).await.unwrap();
    let terms_id = TermsId::at(now);
    store::terms::insert(work.conn(), terms_id, &terms, &known, now).await.unwrap();
    let request = request(now, terms_id, resource_id, (provider_id, requester_id));
    store::insert_request(work.conn(), &request).await.unwrap();
    let (agreement, number) = agree::make(&mut work, &request, terms_id).await.unwrap();
    assert_eq!(number, "GX-2026-00001");
    work.commit().await.unwrap();
    let caller =
        Caller { actor: actor(ActorKind::Service, requester_id, "exchange.call", now), request_id: "r-1".into() };
    World { base, agreement, caller }
}

fn request(
    now: OffsetDateTime,
    terms_id: TermsId,
    resource_id: ResourceId,
    (provider_id, requester_id): (OrganisationId, OrganisationId),
) -> RequestRow {
    RequestRow {
        request_id: RequestId::at(now),
        number: "SQ-2026-00001".into(),
        resource_id,
        resource_code: "306001-000001".into(),
        resource_title: "常住人口".into(),
        resource_title_en: "Residents".into(),
        resource_version: 1,
        row_kind: RowKind::Person,
        sharing: SharingKind::Conditional,
        sharing_condition: "仅用于社会救助".into(),
        provider_id,
        provider_name: "南通市公安局".into(),
        requester_id,
        requester_name: "南通市民政局".into(),
        purpose: "办理低保时核对申请人户籍".into(),
        legal_basis: None,
        asked_terms_id: terms_id,
        offered_terms_id: None,
        state: RequestState::Agreed,
        asked_by: None,
        asked_by_name: "王敏".into(),
        asked_at: now,
        by_rule: false,
        decided_by: None,
        decided_by_name: None,
        decided_at: None,
        decision_reason: None,
        changed_at: now,
    }
}

impl World {
    async fn call(&self, pairs: &[(&str, &str)]) -> Result<Answer, ExchangeError> {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        answer(&self.base, &self.caller, self.agreement, Question::parse(&pairs)).await
    }

    async fn denied(&self, pairs: &[(&str, &str)]) -> Denial {
        match self.call(pairs).await {
            Err(ExchangeError::Denied { denial, clause }) => {
                let number = clause.map(|clause| clause.number);
                assert!(
                    number.is_none_or(|n| n == denial.clause().number()),
                    "the clause quoted is the one that refuses"
                );
                denial
            }
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    async fn log(&self) -> Vec<store::call::CallRow> {
        let mut conn = self.base.db.read().await.unwrap();
        store::call::log(&mut conn, self.agreement, None, None, 1_000).await.unwrap()
    }

    async fn close(&self, state: AgreementState) {
        let closing =
            store::agreement::Closing {
                state, by: None, by_name: "南通市公安局", reason: Some("用途已变化")
            };
        let mut conn = self.base.db.read().await.unwrap();
        let closed = store::agreement::close(&mut conn, self.agreement, closing, self.base.clock.now()).await.unwrap();
        assert!(closed);
    }
}

fn cells(answer: &Answer) -> Vec<Vec<&str>> {
    answer.page.rows.iter().map(|row| row.cells.iter().map(|cell| cell.as_deref().unwrap_or("")).collect()).collect()
}

#[tokio::test]
async fn a_call_brings_the_agreed_columns_and_rows_and_nothing_else() {
    let world = world(100, 100).await;
    let answer = world.call(&[]).await.unwrap();
    let names: Vec<_> = answer.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["name", "citizen_id", "phone", "division"]);
    assert_eq!(
        cells(&answer),
        [
            ["张三", "3206**************", "13812345678", "320602"],
            ["李四", "3206**************", "13912345678", "320602"]
        ]
    );
    assert_eq!(answer.quota_left, 99);
    let fewer = world.call(&[("fields", "division,name"), ("name", "李四")]).await.unwrap();
    assert_eq!(cells(&fewer), [["320602", "李四"]]);
}

#[tokio::test]
async fn a_source_is_not_asked_for_clear_values_when_none_are_given() {
    let world = world(100, 100).await;
    let answer = world.call(&[("fields", "citizen_id")]).await.unwrap();
    assert_eq!(cells(&answer), [["?"], ["?"]]);
}

#[tokio::test]
async fn what_is_not_agreed_is_refused_under_its_clause() {
    let world = world(100, 100).await;
    let field = |name: &str| Denial::FieldNotAgreed { field: name.into() };
    assert_eq!(world.denied(&[("fields", "name,address")]).await, field("address"));
    assert_eq!(world.denied(&[("address.prefix", "江苏")]).await, field("address"));
    let outside = Denial::OutsideRows { field: "division".into() };
    assert_eq!(world.denied(&[("division", "320611")]).await, outside);
    let masked = Denial::MaskedSearch { field: "citizen_id".into() };
    assert_eq!(world.denied(&[("citizen_id.prefix", "3206021990")]).await, masked);
    assert_eq!(world.denied(&[("citizen_id.in", "320602199001011230")]).await, masked);
    let exact = world.call(&[("citizen_id", "320602199001011230"), ("fields", "name")]).await.unwrap();
    assert_eq!(cells(&exact), [["张三"]]);
}

#[tokio::test]
async fn only_the_using_department_may_call_and_a_stranger_reads_no_clause() {
    let mut world = world(100, 100).await;
    let now = world.base.clock.now();
    world.caller.actor = actor(ActorKind::Service, OrganisationId::at(now), "exchange.call", now);
    let refused = world.call(&[]).await;
    assert!(matches!(refused, Err(ExchangeError::Denied { denial: Denial::NotParty, clause: None })), "{refused:?}");
    let log = world.log().await;
    assert_eq!((log[0].outcome.as_str(), log[0].clause), ("refused", Some(1)));
}

#[tokio::test]
async fn an_agreement_that_does_not_exist_is_not_found() {
    let world = world(100, 100).await;
    let nowhere = AgreementId::at(world.base.clock.now());
    let answer = answer(&world.base, &world.caller, nowhere, Question::parse(&[])).await;
    assert!(matches!(answer, Err(ExchangeError::NotFound(_))));
}

#[tokio::test]
async fn revoking_stops_the_very_next_call_and_says_by_whom_and_why() {
    let world = world(100, 100).await;
    world.call(&[]).await.unwrap();
    world.close(AgreementState::Revoked).await;
    let at = world.base.clock.now();
    let expected = Denial::Revoked { at, by: "南通市公安局".into(), reason: "用途已变化".into() };
    assert_eq!(world.denied(&[]).await, expected);
}

#[tokio::test]
async fn withdrawing_the_resource_stops_the_very_next_call() {
    let world = world(100, 100).await;
    world.call(&[]).await.unwrap();
    sqlx::query("DELETE FROM catalogue.stand_in").execute(world.base.db.pool()).await.unwrap();
    assert_eq!(world.denied(&[]).await, Denial::ResourceWithdrawn);
}

#[tokio::test]
async fn the_call_looks_at_the_term_itself() {
    let world = world(100, 100).await;
    // The clock stands on 2 March, 09:00 in Beijing; the term's last day is 31 March.
    world.base.advance(time::Duration::days(29) + time::Duration::hours(14));
    world.call(&[]).await.unwrap();
    world.base.advance(time::Duration::hours(1));
    assert_eq!(world.denied(&[]).await, Denial::TermOver { to_on: date!(2026 - 03 - 31) });
}

#[tokio::test]
async fn the_quota_is_exact_under_many_callers_at_once_and_resets_at_midnight() {
    // 5,000 a day are dealt out over five shards; most of each is used up beforehand.
    let world = Arc::new(world(5_000, 5_000).await);
    world.call(&[]).await.unwrap();
    let left = "INSERT INTO exchange.call_tally
        SELECT agreement_id, day_on, n::smallint, 1000, 1000, 992, 0, minute_at, 0
        FROM exchange.call_tally, generate_series(0, 4) AS n
        ON CONFLICT (agreement_id, day_on, shard) DO UPDATE SET taken = 992, minute_taken = 0";
    sqlx::query(left).execute(world.base.db.pool()).await.unwrap();
    let calls = (0..60).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { world.call(&[("fields", "name")]).await })
    });
    let mut given = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(_) => given += 1,
            Err(ExchangeError::Denied { denial: Denial::OverQuota { limit, resets_at, retry_after_s }, .. }) => {
                assert_eq!((limit, retry_after_s), (5_000, 15 * 3_600));
                assert_eq!(resets_at, world.base.clock.now() + time::Duration::hours(15));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(given, 40);
    let slices: Vec<i32> = sqlx::query_scalar("SELECT quota_slice FROM exchange.call_tally ORDER BY shard")
        .fetch_all(world.base.db.pool())
        .await
        .unwrap();
    assert_eq!(slices, (0..5).map(|shard| crate::model::slice(5_000, 5, shard)).collect::<Vec<_>>());
    world.base.advance(time::Duration::hours(15));
    assert_eq!(world.call(&[]).await.unwrap().quota_left, 4_999);
}

#[tokio::test]
async fn the_rate_is_exact_and_resets_with_the_minute() {
    let world = world(100, 3).await;
    for _ in 0..3 {
        world.call(&[]).await.unwrap();
    }
    assert_eq!(world.denied(&[]).await, Denial::OverRate { limit: 3, retry_after_s: 60 });
    world.base.advance(time::Duration::minutes(1));
    assert_eq!(world.call(&[]).await.unwrap().quota_left, 96);
}

#[tokio::test]
async fn a_refused_call_gives_its_place_in_the_quota_back_but_not_in_the_rate() {
    let world = world(2, 4).await;
    for _ in 0..3 {
        world.denied(&[("fields", "address")]).await;
    }
    assert_eq!(world.call(&[]).await.unwrap().quota_left, 1);
    assert_eq!(world.denied(&[]).await, Denial::OverRate { limit: 4, retry_after_s: 60 });
    let mut conn = world.base.db.read().await.unwrap();
    let days = store::call::days(&mut conn, world.agreement, date!(2026 - 03 - 01)).await.unwrap();
    assert_eq!((days[0].answered, days[0].refused), (1, 4));
}

#[tokio::test]
async fn the_log_has_every_call_and_no_personal_value() {
    let world = world(100, 100).await;
    world.call(&[("citizen_id", "320602199001011230"), ("division", "320602"), ("name", "张三")]).await.unwrap();
    world.denied(&[("fields", "address")]).await;
    let log = world.log().await;
    let refused = &log[0];
    assert_eq!((refused.outcome.as_str(), refused.clause, refused.rows_returned), ("refused", Some(3), 0));
    assert_eq!(refused.fields, ["address"]);
    let answered = &log[1];
    assert_eq!((answered.outcome.as_str(), answered.clause, answered.rows_returned), ("answered", None, 1));
    assert_eq!((answered.caller_name.as_str(), answered.request_id.as_str()), ("民政业务系统", "r-1"));
    assert!(answered.filter.contains("division eq 320602"), "{}", answered.filter);
    assert!(answered.filter.starts_with("citizen_id eq #"), "{}", answered.filter);
    assert!(
        !answered.filter.contains("320602199001011230") && !answered.filter.contains("张三"),
        "{}",
        answered.filter
    );
}

#[tokio::test]
async fn a_call_that_cannot_be_read_is_refused_logged_and_not_counted() {
    let world = world(100, 100).await;
    let refused = world.call(&[("size", "5000")]).await;
    assert!(matches!(refused, Err(ExchangeError::Query { code: "exchange-query-size", .. })), "{refused:?}");
    assert_eq!(world.log().await[0].code.as_deref(), Some("exchange-query-size"));
    assert_eq!(world.call(&[]).await.unwrap().quota_left, 99);
}

#[test]
fn a_masked_field_of_few_values_is_searched_by_nobody() {
    let field = |rule| CallField {
        name: "f".into(),
        element: None,
        field_type: FieldType::Text,
        classification: Classification::Sensitive,
        rule,
        handling: Handling::Masked,
    };
    assert!(super::names_one(&field(Some(Rule::CitizenId)), "eq") && super::names_one(&field(Some(Rule::Phone)), "eq"));
    assert!(!super::names_one(&field(Some(Rule::CitizenId)), "in"));
    for rule in [None, Some(Rule::PersonName), Some(Rule::Division)] {
        assert!(!super::names_one(&field(rule), "eq"), "{rule:?}");
    }
}
