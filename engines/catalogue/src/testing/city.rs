//! A city of two departments with people who write and people who publish, and rows in memory.
use std::sync::Arc;

use async_trait::async_trait;
use jh_core::actor::{AccountId, Actor, ActorKind, Command, Grant, OrganisationId};
use jh_db::migrate::Migrations;
use jh_db::testing::TestBase;
use jh_db::{Base, DbError};
use uuid::Uuid;

use crate::model::{RowKind, Step, Version};
use crate::permission::{DRAFT, PUBLISH, READ, REVIEW, STANDARD};
use crate::rows::{Binding, Freshness, Row, RowCursor, RowPage, RowQuery, RowSource, Update};

const IDENTITY: Migrations = Migrations {
    schema: "identity",
    files: &[(
        "0001_stand_in",
        "CREATE TABLE identity.organisation (organisation_id uuid PRIMARY KEY, parent_id uuid, code text NOT NULL,
             name text NOT NULL, kind text NOT NULL, path text NOT NULL, closed_on date);
         CREATE TABLE identity.organisation_closure (ancestor_id uuid, descendant_id uuid);
         CREATE VIEW identity.v_organisation AS
             SELECT organisation_id, parent_id, code, name, name AS short_name, kind, path, closed_on
             FROM identity.organisation;
         CREATE VIEW identity.v_organisation_closure AS SELECT ancestor_id, descendant_id FROM identity.organisation_closure;",
    )],
};

pub const CITY: OrganisationId = OrganisationId(Uuid::from_bytes([1; 16]));
pub const POLICE: OrganisationId = OrganisationId(Uuid::from_bytes([2; 16]));
pub const TRAFFIC: OrganisationId = OrganisationId(Uuid::from_bytes([3; 16]));

/// A database with the two departments.
pub async fn found() -> TestBase {
    let base = jh_db::testing::base(&[IDENTITY, crate::MIGRATIONS]).await;
    let all = [
        (CITY, None, "NT", "南通市"),
        (POLICE, Some(CITY), "NT-GA", "公安局"),
        (TRAFFIC, Some(CITY), "NT-JT", "交通局"),
    ];
    for (id, parent, code, name) in all {
        sqlx::query("INSERT INTO identity.organisation VALUES ($1, $2, $3, $4, 'department', $4, NULL)")
            .bind(id)
            .bind(parent)
            .bind(code)
            .bind(name)
            .execute(base.db.pool())
            .await
            .unwrap();
        for ancestor in [Some(id), parent].into_iter().flatten() {
            sqlx::query("INSERT INTO identity.organisation_closure VALUES ($1, $2)")
                .bind(ancestor)
                .bind(id)
                .execute(base.db.pool())
                .await
                .unwrap();
        }
    }
    base
}

/// Account `n`, with permissions within one organisation.
pub fn person(n: u8, scope: OrganisationId, permissions: &[&str]) -> Actor {
    let grant = |permission: &&str| Grant { permission: (*permission).to_owned(), scope };
    Actor {
        account: Some(AccountId(Uuid::from_bytes([100 + n; 16]))),
        kind: ActorKind::Staff,
        name: format!("人员{n}").into(),
        organisation: Some(scope),
        organisation_name: "".into(),
        grants: permissions.iter().map(grant).collect(),
    }
}

/// What `actor` does now.
pub fn by(base: &Base, actor: &Actor) -> Command {
    Command { actor: actor.clone(), now: base.clock.now(), key: None, request_id: "test".into() }
}

/// Writes for one department.
pub fn writer(scope: OrganisationId) -> Actor {
    person(1, scope, &[READ, DRAFT, STANDARD])
}

/// Reviews and publishes for one department.
pub fn publisher(scope: OrganisationId) -> Actor {
    person(2, scope, &[READ, DRAFT, REVIEW, PUBLISH])
}

/// Submits and publishes what is drafted.
pub async fn publish(base: &Base, version: &Version) -> Version {
    let scope = version.provider_id;
    let take = crate::actions::step::take;
    take(base, &by(base, &writer(scope)), &version.code, Step::Submission, "").await.unwrap();
    take(base, &by(base, &publisher(scope)), &version.code, Step::Publication, "").await.unwrap()
}

/// The elements the sample refers to.
pub async fn with_elements(base: &Base) {
    let elements = "key,name_zh,type,rule,classification\ncitizen_id,公民身份号码,identifier,citizen_id,sensitive\n";
    let files = crate::api::StandardFiles { elements: elements.as_bytes(), code_sets: b"" };
    crate::api::import_standards(base, &by(base, &writer(CITY)), &files).await.unwrap();
}

/// Rows in memory: every resource has the same ones. `seen` tells which columns were ever asked for.
pub struct Shelf {
    /// A map of column names to cells for each row.
    pub rows: Vec<Vec<(&'static str, &'static str)>>,
}

impl Shelf {
    /// Puts the shelf where the catalogue looks for it.
    pub fn register(self, base: &Base) {
        base.services.register::<dyn RowSource>(Arc::new(self));
    }
}

#[async_trait]
impl RowSource for Shelf {
    fn kinds(&self) -> &'static [RowKind] {
        &[RowKind::Dataset]
    }

    async fn rows(&self, _base: &Base, _binding: &Binding, query: &RowQuery) -> Result<RowPage, DbError> {
        let cell =
            |row: &[(&str, &str)], name: &str| row.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let holds =
            |row: &&Vec<(&str, &str)>| query.filter.iter().all(|one| one.holds(cell(row, &one.column.name).as_deref()));
        let mut rows: Vec<_> = self.rows.iter().filter(holds).collect();
        if let Some(sort) = &query.sort {
            rows.sort_by_key(|row| cell(row, &sort.column.name));
            if sort.descending {
                rows.reverse();
            }
        }
        let from = query.after.as_ref().map_or(0, |after| after.0.parse::<usize>().unwrap());
        let till = (from + query.limit as usize).min(rows.len());
        let cells = |row: &Vec<(&str, &str)>| query.columns.iter().map(|column| cell(row, &column.name)).collect();
        let shown = rows[from..till].iter().map(|row| Row { cells: cells(row) });
        let next = (till < rows.len()).then(|| RowCursor(till.to_string()));
        Ok(RowPage { rows: shown.collect(), next })
    }

    async fn freshness(&self, base: &Base, _binding: &Binding, _updates_max: u32) -> Result<Freshness, DbError> {
        let rows = i64::try_from(self.rows.len()).unwrap();
        Ok(Freshness { rows, updates: vec![Update { at: base.clock.now(), rows }] })
    }
}
