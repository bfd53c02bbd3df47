//! Deliveries from file to record against a real database, with the city's real standards.
mod landing;
mod ruling;

use catalogue::api::{RowKind, StandardFiles};
use identity::api::{NewOrganisation, OrganisationKind};
use jh_core::actor::OrganisationId;
use jh_db::Work;
use jh_db::testing::TestBase;
use tokio_util::sync::CancellationToken;

use crate::actions::{Submitted, submit};
use crate::ingest::ingest;
use crate::model::{Counts, DeliveryId, State, Target};
use crate::store::delivery;

/// A city of three departments and the standards.
pub(crate) struct City {
    pub base: TestBase,
    pub police: OrganisationId,
    pub insurance: OrganisationId,
    pub market: OrganisationId,
}

impl City {
    pub async fn new() -> Self {
        let base = jh_db::testing::base(&[identity::api::MIGRATIONS, catalogue::MIGRATIONS, crate::MIGRATIONS]).await;
        let files = StandardFiles {
            elements: include_bytes!("../../../data/standards/elements.csv"),
            code_sets: include_bytes!("../../../data/standards/code_sets.csv"),
        };
        catalogue::api::import_standards(&base, &base.command(), &files).await.unwrap();
        let mut work = Work::begin(&base, &base.command()).await.unwrap();
        let mut rows = vec![organisation("NT", None, OrganisationKind::City, "南通市")];
        for (code, name) in [("NT-GA", "公安局"), ("NT-RS", "人社局"), ("NT-SJ", "市监局")] {
            rows.push(organisation(code, Some("NT"), OrganisationKind::Department, name));
        }
        let ids = identity::api::ensure_organisations(&mut work, &rows).await.unwrap();
        work.commit().await.unwrap();
        Self { police: ids["NT-GA"], insurance: ids["NT-RS"], market: ids["NT-SJ"], base }
    }

    /// Acknowledges a file of persons.
    pub async fn submit(&self, provider_id: OrganisationId, text: &[u8]) -> DeliveryId {
        self.submit_to(Target { kind: RowKind::Person, resource_id: None, provider_id }, text).await
    }

    pub async fn submit_to(&self, target: Target, bytes: &[u8]) -> DeliveryId {
        let file = self.base.files.put(bytes).await.unwrap();
        let submitted = Submitted { target, file_name: "人员.csv".into(), file, choices: Vec::new(), corrects: None };
        submit(&self.base, &self.base.command(), submitted).await.unwrap()
    }

    /// Takes a delivery as far as it goes, and answers where it stands.
    pub async fn run(&self, id: DeliveryId) -> (State, Counts) {
        assert!(ingest(&self.base, id, &CancellationToken::new()).await.unwrap());
        self.standing(id).await
    }

    pub async fn standing(&self, id: DeliveryId) -> (State, Counts) {
        let mut connection = self.base.db.read().await.unwrap();
        let found = delivery::find(&mut connection, id).await.unwrap().unwrap();
        (found.state, delivery::counts(&mut connection, id).await.unwrap())
    }

    /// Submits and runs.
    pub async fn deliver(&self, provider: OrganisationId, text: &str) -> (DeliveryId, State, Counts) {
        let id = self.submit(provider, text.as_bytes()).await;
        let (state, counts) = self.run(id).await;
        (id, state, counts)
    }

    pub async fn count(&self, what: &'static str) -> i64 {
        sqlx::query_scalar(what).fetch_one(self.base.db.pool()).await.unwrap()
    }
}

fn organisation(code: &str, parent: Option<&str>, kind: OrganisationKind, name: &str) -> NewOrganisation {
    NewOrganisation {
        code: code.into(),
        parent_code: parent.map(str::to_owned),
        kind,
        name: name.into(),
        short_name: name.into(),
        division_code: None,
    }
}

/// The `n`th of many valid citizen IDs.
pub(crate) fn citizen_id(n: u32) -> String {
    let year = 1950 + n / 336_000 % 60;
    let day = n / 1_000 % 336;
    let seventeen = format!("320602{year}{:02}{:02}{:03}", day / 28 + 1, day % 28 + 1, n % 1_000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{seventeen}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// A file of `count` persons from the `from`th on.
pub(crate) fn people(from: u32, count: u32) -> String {
    let mut text = String::from("姓名,身份证号,居住地区划,联系电话,现住址\n");
    for n in from..from + count {
        text.push_str(&format!("王{},{},320613,1381{:07},人民路{n}号\n", name(n), citizen_id(n), n));
    }
    text
}

fn name(n: u32) -> String {
    let letters: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰海波建国".chars().collect();
    let count = letters.len() as u32;
    [letters[(n % count) as usize], letters[(n / count % count) as usize]].iter().collect()
}
