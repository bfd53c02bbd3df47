//! Whatever people do to cases, in whatever order: none is without an owner, a clock or somebody in whose list it stands, and its
//! timeline is the whole truth. Each walk is acts by chance through HTTP, on both apps' cases, with mergers, accounts that close,
//! and time that passes.
use casework::api::Act;
use jh_tests::{Browser, PASSWORD};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Value, json};
use time::Duration;

use crate::casework::{ABOVE, HOLDER, act, post, reported};
use crate::city_management_cases::Streets;

const CENTRE: &[&str] = &[
    "casework.case.create",
    "casework.case.read",
    "casework.case.manage",
    "casework.case.inspect",
    "city_management.category.manage",
];
/// The centre, two departments, and who stands above: name, where, within what, and what they may.
const STAFF: [(&str, &str, &str, &[&str]); 4] = [
    ("chance-centre", "NT-XXZX", "NT-XXZX", CENTRE),
    ("chance-police", "NT-GA", "NT-GA", HOLDER),
    ("chance-business", "NT-GS", "NT-GS", HOLDER),
    ("chance-above", "NT", "NT", ABOVE),
];
/// Only this many: each walk is a city of its own.
const WALKS: u32 = 6;

/// What happens next.
#[derive(Clone, Debug)]
enum Chance {
    /// Somebody does an act to a case.
    Act { act: usize, by: usize, case: usize, organisation: usize, filled: bool },
    /// The centre merges one case into another.
    Merge { from: usize, into: usize },
    /// Hours pass and deadlines fire.
    Time { hours: i64 },
}

fn chance() -> impl Strategy<Value = Chance> {
    let acts = (0..Act::ALL.len(), 0..4_usize, 0..4_usize, 0..3_usize, prop::bool::weighted(0.9))
        .prop_map(|(act, by, case, organisation, filled)| Chance::Act { act, by, case, organisation, filled });
    let merge = (0..4_usize, 0..4_usize).prop_map(|(from, into)| Chance::Merge { from, into });
    prop_oneof![40 => acts, 1 => merge, 2 => (1..60_i64).prop_map(|hours| Chance::Time { hours })]
}

/// A city with two cases of the hotline and two of the street.
struct Town {
    streets: Streets,
    /// As in [`STAFF`].
    people: Vec<Browser>,
    organisations: [String; 3],
    cases: [String; 4],
}

impl Town {
    async fn found() -> Self {
        let streets = Streets::of().await;
        let city = &streets.city;
        let mut people = Vec::new();
        for (name, home, scope, permissions) in STAFF {
            city.account(name, home, scope, permissions).await;
            people.push(Browser::open(city.address));
        }
        let mut organisations = [const { String::new() }; 3];
        for (place, code) in organisations.iter_mut().zip(["NT-XXZX", "NT-GA", "NT-GS"]) {
            *place = city.organisation(code).await.to_string();
        }
        let seen = streets.reported("event-0505").await;
        let more = streets.reported("component-0103").await;
        let id = |case: &Value| case["case_id"].as_str().expect("an id").to_owned();
        let cases = [const { String::new() }; 4];
        let mut town = Self { streets, people, organisations, cases };
        town.sign_in().await;
        town.cases = [reported(&town.people[0]).await, reported(&town.people[0]).await, id(&seen), id(&more)];
        town
    }

    /// Everybody comes to work: nobody stays signed in for days.
    async fn sign_in(&self) {
        for (person, (name, ..)) in self.people.iter().zip(STAFF) {
            person.sign_in(name, PASSWORD).await;
        }
    }

    /// Does it; answers whether anything came of it. A refusal is an answer, a fault of the program is none.
    async fn happen(&self, chance: &Chance) -> Result<bool, String> {
        let status = match chance {
            Chance::Act { act: which, by, case, organisation, filled } => {
                let body = match filled {
                    true => json!({
                        "note": "按职责分工研究处理", "answer": "已到现场处理完毕", "organisation": self.organisations[*organisation],
                        "amount": 2, "unit": "working_day", "stars": 4, "shown": "place",
                    }),
                    false => json!({}),
                };
                act(&self.people[*by], &self.cases[*case], Act::ALL[*which].code(), body).await.status
            }
            Chance::Merge { from, into } => {
                let path = format!("/api/casework/cases/{}/merger", self.cases[*from]);
                post(&self.people[0], &path, json!({ "into": self.cases[*into] })).await.status
            }
            Chance::Time { hours } => {
                self.streets.city.base.advance(Duration::hours(*hours));
                self.streets.city.run_scheduled("casework.fire").await;
                self.sign_in().await;
                reqwest::StatusCode::OK
            }
        };
        if status.is_server_error() {
            Err(format!("{chance:?} is answered by {status}"))
        } else {
            Ok(status.is_success())
        }
    }

    async fn broken(&self, what: &str, sql: &'static str) -> Result<(), String> {
        let found: Vec<(uuid::Uuid, String)> =
            sqlx::query_as(sql).fetch_all(self.streets.city.base.db.pool()).await.map_err(|error| error.to_string())?;
        if found.is_empty() { Ok(()) } else { Err(format!("{what}: {found:?}")) }
    }

    /// What holds of every case at any time.
    async fn sound(&self) -> Result<(), String> {
        self.broken(
            "open, and nobody's",
            "SELECT f.case_id, f.stage FROM casework.file f LEFT JOIN identity.v_organisation o ON o.organisation_id = f.owner_id
             WHERE NOT f.closed AND (o.organisation_id IS NULL OR o.closed_on IS NOT NULL)",
        )
        .await?;
        self.broken(
            "closed, and a clock runs on or nothing is known of how it ended",
            "SELECT f.case_id, f.stage FROM casework.file f
             WHERE f.closed AND (f.outcome IS NULL OR f.closed_at IS NULL OR EXISTS (
                 SELECT 1 FROM casework.deadline d WHERE d.case_id = f.case_id AND d.ended_at IS NULL))",
        )
        .await?;
        self.broken(
            "paused, and a clock of it runs; or the other way round",
            "SELECT f.case_id, f.stage FROM casework.file f JOIN casework.deadline d USING (case_id)
             WHERE d.ended_at IS NULL AND (d.state = 'paused') <> f.paused",
        )
        .await?;
        self.broken(
            "the nearest deadline is not that of its clocks",
            "SELECT f.case_id, f.stage FROM casework.file f
             WHERE NOT f.closed AND f.due_at IS DISTINCT FROM (
                 SELECT min(d.due_at) FROM casework.deadline d WHERE d.case_id = f.case_id AND d.state = 'running')",
        )
        .await?;
        self.broken(
            "the timeline does not lead to where the case is",
            "WITH told AS (
                 SELECT case_id, stage_before, stage_after,
                        lag(stage_after, 1, '') OVER (PARTITION BY case_id ORDER BY step_id) AS left_in,
                        row_number() OVER (PARTITION BY case_id ORDER BY step_id DESC) AS from_end
                 FROM casework.step)
             SELECT f.case_id, f.stage FROM casework.file f JOIN told t USING (case_id)
             WHERE t.stage_before <> t.left_in OR (t.from_end = 1 AND t.stage_after <> f.stage)",
        )
        .await?;
        self.waits().await
    }

    /// Every open case stands in the list of whoever owns it, and somebody there can take it on.
    async fn waits(&self) -> Result<(), String> {
        let open: Vec<(uuid::Uuid, uuid::Uuid, String)> =
            sqlx::query_as("SELECT case_id, owner_id, stage FROM casework.file WHERE NOT closed")
                .fetch_all(self.streets.city.base.db.pool())
                .await
                .map_err(|error| error.to_string())?;
        let mut lists = Vec::new();
        for person in &self.people[..3] {
            lists.push(person.get("/api/casework/inbox").await.expect(200).text);
        }
        for (case, owner, stage) in open {
            let at = self.organisations.iter().position(|one| *one == owner.to_string());
            let at = at.ok_or_else(|| format!("{case} in {stage} belongs to somebody who works on nothing"))?;
            if !lists[at].contains(&case.to_string()) {
                return Err(format!("{case} in {stage} is in nobody's list"));
            }
        }
        Ok(())
    }
}

/// What happened, in a word or two.
fn told(chance: &Chance) -> String {
    match chance {
        Chance::Act { act, by, case, .. } => format!("{} of {case} by {}", Act::ALL[*act].code(), STAFF[*by].0),
        Chance::Merge { from, into } => format!("merger of {from} into {into}"),
        Chance::Time { hours } => format!("{hours} hours"),
    }
}

/// Walks once; answers how many acts were done.
async fn walk(chances: &[Chance]) -> Result<usize, String> {
    let town = Town::found().await;
    let mut done = Vec::new();
    for chance in chances {
        if town.happen(chance).await? {
            done.push(told(chance));
            town.sound().await.map_err(|fault| format!("{fault}, by {}", done.join(", ")))?;
        }
    }
    Ok(done.len())
}

#[test]
fn no_case_is_ever_without_an_owner_a_list_and_a_true_timeline() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let config = Config { cases: WALKS, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let done = std::cell::Cell::new(0);
    let outcome = TestRunner::new(config).run(&prop::collection::vec(chance(), 150), |chances| {
        done.set(done.get() + runtime.block_on(walk(&chances)).map_err(TestCaseError::fail)?);
        Ok(())
    });
    match outcome {
        Ok(()) => assert!(done.get() > 50, "only {} acts were done: the walks prove nothing", done.get()),
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(other) => panic!("{other}"),
    }
}
