//! A year passes in a moment: every limit of every kind warns, is missed and escalates at the minute that the law and the calendar say.
use std::collections::{BTreeMap, BTreeSet};

use casework::api::{Act, CaseId, CaseKind, DayKind, Days, Doing, Priority, Procedure, Report, Unit};
use jh_core::actor::{Actor, ActorKind, Command, Grant, OrganisationId};
use jh_core::clock::CHINA;
use jh_db::Work;
use jh_tests::City;
use time::macros::{date, time};
use time::{Date, Duration, OffsetDateTime, Time, Weekday};

/// Days off and days worked of 2026, by 国办发明电〔2025〕7号; the year after has no notice yet.
const HOLIDAYS: [(Date, Date, &str); 7] = [
    (date!(2026 - 01 - 01), date!(2026 - 01 - 03), "元旦"),
    (date!(2026 - 02 - 15), date!(2026 - 02 - 23), "春节"),
    (date!(2026 - 04 - 04), date!(2026 - 04 - 06), "清明节"),
    (date!(2026 - 05 - 01), date!(2026 - 05 - 05), "劳动节"),
    (date!(2026 - 06 - 19), date!(2026 - 06 - 21), "端午节"),
    (date!(2026 - 09 - 25), date!(2026 - 09 - 27), "中秋节"),
    (date!(2026 - 10 - 01), date!(2026 - 10 - 07), "国庆节"),
];
const WORKED: [Date; 6] = [
    date!(2026 - 01 - 04),
    date!(2026 - 02 - 14),
    date!(2026 - 02 - 28),
    date!(2026 - 05 - 09),
    date!(2026 - 09 - 20),
    date!(2026 - 10 - 10),
];

fn worked(day: Date) -> bool {
    if WORKED.contains(&day) {
        return true;
    }
    let off = HOLIDAYS.iter().any(|(from, to, _)| (*from..=*to).contains(&day));
    !off && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn open(at: OffsetDateTime) -> bool {
    let (day, hour) = (at.date(), at.time());
    let hours = [(time!(8:30), time!(12:00)), (time!(14:00), time!(17:30))];
    worked(day) && hours.iter().any(|(from, to)| (*from..*to).contains(&hour))
}

fn at(day: Date, hour: Time) -> OffsetDateTime {
    day.with_time(hour).assume_offset(CHINA)
}

/// When a span ends, counted minute by minute and day by day: slow, and written from the law and not from the program.
fn ends(from: OffsetDateTime, amount: i32, unit: Unit) -> OffsetDateTime {
    let from = from.to_offset(CHINA);
    match unit {
        Unit::Hour => from + Duration::hours(i64::from(amount)),
        Unit::WorkingHour => {
            let (mut now, mut left) = (from, i64::from(amount) * 60);
            while left > 0 {
                left -= i64::from(open(now));
                now += Duration::MINUTE;
            }
            now
        }
        Unit::Day => {
            let mut day = from.date() + Duration::days(i64::from(amount));
            while !worked(day) {
                day = day.next_day().expect("a day");
            }
            at(day, time!(17:30))
        }
        Unit::WorkingDay => {
            let (mut day, mut left) = (from.date(), amount);
            while left > 0 {
                day = day.next_day().expect("a day");
                left -= i32::from(worked(day));
            }
            at(day, time!(17:30))
        }
        Unit::Second | Unit::WorkingSecond => panic!("no limit of a procedure counts in seconds"),
    }
}

fn next_morning(after: OffsetDateTime) -> OffsetDateTime {
    let mut day = after.to_offset(CHINA).date();
    loop {
        day = day.next_day().expect("a day");
        if worked(day) {
            return at(day, time!(8:30));
        }
    }
}

const ALL: [&str; 6] = [
    "casework.case.create",
    "casework.case.read",
    "casework.case.manage",
    "casework.case.handle",
    "casework.case.inspect",
    "casework.case.supervise",
];

/// Somebody who may do everything everywhere, at the present instant.
fn somebody(city: &City, root: OrganisationId) -> Command {
    let grants = ALL.map(|permission| Grant { permission: permission.into(), scope: root });
    let actor = Actor {
        account: None,
        kind: ActorKind::Staff,
        name: "经办".into(),
        organisation: Some(root),
        organisation_name: "南通市".into(),
        grants: grants.to_vec().into(),
    };
    Command { actor, now: city.base.clock.now(), key: None, request_id: "year".into() }
}

/// The acts that bring a new case into each stage: found by walking the procedure itself.
fn ways(procedure: &Procedure) -> BTreeMap<String, Vec<Act>> {
    let first = procedure.first().expect("a first stage").code.clone();
    let mut known = BTreeMap::from([(first.clone(), Vec::new())]);
    let mut open = vec![first];
    while let Some(stage) = open.pop() {
        for way in procedure.ways(&stage) {
            let aim = procedure.aim(&stage, way).to_owned();
            let closed = procedure.stage(&aim).is_some_and(|stage| stage.closed);
            let easy = !matches!(way.act, Act::Merger | Act::Withdrawal | Act::ExtensionGranted);
            if easy && !closed && !known.contains_key(&aim) {
                let mut path = known[&stage].clone();
                path.push(way.act);
                known.insert(aim.clone(), path);
                open.insert(0, aim);
            }
        }
    }
    known
}

async fn set_calendar(city: &City) {
    let mut work = Work::begin(&city.base, &city.command()).await.expect("a transaction");
    for (from, to, name) in HOLIDAYS {
        let days =
            Days {
                from, to, kind: Some(DayKind::Holiday), name: name.into(), source: "国办发明电〔2025〕7号".into()
            };
        casework::api::set_days_in(&mut work, &days).await.expect("days");
    }
    for day in WORKED {
        let source = "国办发明电〔2025〕7号".to_owned();
        let days = Days { from: day, to: day, kind: Some(DayKind::Workday), name: "调休".into(), source };
        casework::api::set_days_in(&mut work, &days).await.expect("days");
    }
    work.commit().await.expect("committed");
}

/// What has to happen to a case, and when.
type Expected = BTreeSet<(OffsetDateTime, CaseId, &'static str, String)>;

async fn brought(city: &City, kind: &dyn CaseKind, path: &[Act], priority: Priority) -> CaseId {
    let (root, holder) = (city.organisation("NT").await, city.organisation("NT-GA").await);
    let category = kind.categories(&mut city.base.db.read().await.expect("a connection")).await.expect("categories");
    let report = Report {
        kind: kind.code(),
        title: String::new(),
        description: "一年里的一件事".into(),
        category: category.first().expect("a category").code.clone(),
        priority,
        channel: casework::api::Channel::Phone,
        centre: root,
        address: String::new(),
        point: None,
        reporter: None,
        held: false,
        photo: false,
        shown: "nothing",
        app_ref: None,
        attributes: Vec::new(),
        note: String::new(),
    };
    let opened = casework::api::open(&city.base, &somebody(city, root), report).await.expect("a case");
    for act in path {
        let doing = Doing {
            note: "按程序办理".into(),
            organisation: Some(holder),
            answer: "已经办理".into(),
            ..Doing::default()
        };
        casework::api::act(&city.base, &somebody(city, root), opened.case_id, *act, doing).await.expect("an act");
    }
    opened.case_id
}

#[tokio::test]
async fn every_limit_of_every_kind_fires_at_its_minute_over_a_year_with_holidays() {
    let city = City::found().await;
    city.staff("NT-GA", crate::casework::HOLDER).await;
    set_calendar(&city).await;
    city.work().await;
    // As many days as the window's procedure says, so that all kinds are expected by their procedures.
    super::community_window::matter(&city, "5").await;
    let kinds = city.base.services.all::<dyn CaseKind>();
    assert!(!kinds.is_empty(), "no app brings a kind of case");
    let mut expected: Expected = BTreeSet::new();
    let mut fired = 0;
    // Every eleventh day at another hour of the day: weekends, nights and the eves of holidays are among them.
    for round in 0..33_i64 {
        for kind in &kinds {
            let procedure: Procedure = serde_json::from_str(kind.procedure()).expect("a procedure");
            let ways = ways(&procedure);
            for limit in &procedure.limits {
                let stage =
                    limit.stages.iter().find(|stage| ways.contains_key(*stage)).expect("a stage that is reached");
                let priority = Priority::ALL[usize::try_from(round % 3).expect("small")];
                let now = city.base.clock.now();
                let id = brought(&city, kind.as_ref(), &ways[stage], priority).await;
                for limit in procedure.limits.iter().filter(|limit| limit.runs_in(stage)) {
                    let span = limit.span(priority);
                    let due = ends(now, span.amount, span.unit);
                    if limit.warn_percent > 0 {
                        let part = (due - now).whole_seconds() * i64::from(limit.warn_percent) / 100;
                        expected.insert((now + Duration::seconds(part), id, "warning", limit.name.clone()));
                    }
                    expected.insert((due, id, "miss", limit.name.clone()));
                    expected.insert((next_morning(due), id, "escalation", limit.name.clone()));
                }
            }
        }
        let until = city.base.clock.now() + Duration::days(11) + Duration::minutes(37 * round);
        fired += passes(&city, &expected, until).await;
    }
    fired += passes(&city, &expected, city.base.clock.now() + Duration::days(30)).await;
    assert!(city.base.clock.now() > at(date!(2027 - 03 - 02), Time::MIDNIGHT), "less than a year has passed");
    assert_eq!(fired, expected.len(), "not everything that was expected has happened");
}

/// Lets time pass from one firing to the next, and holds each against what is expected. Repeated escalations are let go by closing
/// the case after its first.
async fn passes(city: &City, expected: &Expected, until: OffsetDateTime) -> usize {
    let (mut fired, mut seen) = (0, BTreeSet::new());
    loop {
        let next: Option<OffsetDateTime> = sqlx::query_scalar("SELECT min(fire_at) FROM casework.deadline")
            .fetch_one(city.base.db.pool())
            .await
            .expect("rows");
        let now = city.base.clock.now();
        let Some(next) = next.filter(|next| *next <= until) else {
            city.base.clock.advance(until - now);
            return fired;
        };
        city.base.clock.advance((next - now).max(Duration::ZERO));
        city.run_scheduled("casework.fire").await;
        let told: Vec<(CaseId, String, String)> = sqlx::query_as(
            "SELECT case_id, act, note FROM casework.step WHERE at = $1 AND act IN ('warning', 'miss', 'escalation')",
        )
        .bind(city.base.clock.now())
        .fetch_all(city.base.db.pool())
        .await
        .expect("rows");
        assert!(!told.is_empty(), "a clock was due at {next} and nothing was told");
        for (id, act, limit) in told {
            let key = ["warning", "miss", "escalation"].into_iter().find(|known| *known == act).expect("an act");
            let wanted = expected.contains(&(city.base.clock.now(), id, key, limit.clone()));
            assert!(wanted, "{act} of {limit} came at {next}, which nobody expected");
            assert!(
                seen.insert((city.base.clock.now(), id, key, limit.clone())),
                "{act} of {limit} was told twice at {next}"
            );
            fired += 1;
            if key == "escalation" {
                let done = sqlx::query("UPDATE casework.deadline SET fire_at = NULL WHERE case_id = $1 AND level > 1")
                    .bind(id);
                done.execute(city.base.db.pool()).await.expect("rows");
            }
        }
    }
}

#[tokio::test]
async fn a_holiday_decreed_later_moves_running_deadlines_and_leaves_a_trace() {
    let city = City::found().await;
    city.staff("NT-GA", crate::casework::HOLDER).await;
    let kinds = city.base.services.all::<dyn CaseKind>();
    let kind = kinds.iter().find(|kind| kind.code() == "hotline.request").expect("the hotline");
    let id = brought(&city, kind.as_ref(), &[Act::Acceptance, Act::Dispatch], Priority::Normal).await;
    let due = |city: &City| {
        let query = sqlx::query_scalar("SELECT due_at FROM casework.deadline WHERE case_id = $1 AND code = 'handling'");
        let pool = city.base.db.pool().clone();
        async move { query.bind(id).fetch_one(&pool).await.map(|due: OffsetDateTime| due).expect("a row") }
    };
    // Monday 2 March and five working days.
    assert_eq!(due(&city).await, at(date!(2026 - 03 - 09), time!(17:30)));
    let setter = city.staff_scoped("NT", "NT", &["casework.procedure.manage"]).await;
    let (page, form) = ("/casework/setup", "/casework/calendar");
    let day = [
        ("from", "2026-03-05"),
        ("to", "2026-03-06"),
        ("kind", "holiday"),
        ("name", "临时放假"),
        ("source", "市政府通知"),
    ];
    setter.submit(page, form, &day[..1]).await.expect(422);
    setter.submit(page, form, &day).await.expect(303);
    city.work().await;
    assert_eq!(due(&city).await, at(date!(2026 - 03 - 11), time!(17:30)));
    let moves: i64 =
        sqlx::query_scalar("SELECT count(*) FROM casework.step WHERE case_id = $1 AND act = 'deadline_moved'")
            .bind(id)
            .fetch_one(city.base.db.pool())
            .await
            .expect("a row");
    assert!(moves >= 1, "the case does not say that its deadline moved");
    let usual = [("from", "2026-03-05"), ("to", "2026-03-06"), ("kind", "usual"), ("source", "通知撤回")];
    setter.submit(page, form, &usual).await.expect(303);
    city.work().await;
    assert_eq!(due(&city).await, at(date!(2026 - 03 - 09), time!(17:30)));
}
