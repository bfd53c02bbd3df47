//! Who works in the measured city: an agent of the hotline's centre and an officer of each of thirty departments, signed in to
//! the real server over HTTP.
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use casework::api::{CREATE, HANDLE, INSPECT, MANAGE, READ};
use identity::api::{Audience, OrganisationKind, RoleSeed, StaffSeed};
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::{Base, Work};
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::bench::pages;
use crate::demo;
use crate::demo::people::PASSWORD;

/// The centre that keeps the cases: 政务中心.
const CENTRE: &str = "NT-ZWZX";
const DEPARTMENTS: usize = 30;

const ROLES: [RoleSeed; 2] = [
    role("bench-centre", "话务员", "Hotline agent", &[CREATE, READ, MANAGE, INSPECT]),
    role("bench-holder", "承办人", "Department's officer", &[READ, HANDLE]),
];

const fn role(
    code: &'static str,
    name: &'static str,
    name_en: &'static str,
    permissions: &'static [&'static str],
) -> RoleSeed {
    RoleSeed { code, audience: Audience::Staff, name, name_en, summary: name, summary_en: name_en, permissions }
}

/// Somebody at work: an account of an organisation, and how it reaches the server.
pub struct Worker {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// Where it works.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// Its session.
    pub session: Session,
}

/// A signed-in client.
#[derive(Clone)]
pub struct Session {
    client: Client,
    address: SocketAddr,
}

impl Session {
    /// What is at a path: status and text.
    pub async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = self.client.get(format!("http://{}{path}", self.address)).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// What a JSON document sent to a path is answered: status and document.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(StatusCode, Value)> {
        let answer = self.client.post(format!("http://{}{path}", self.address)).json(body).send().await?;
        let status = answer.status();
        Ok((status, serde_json::from_slice(&answer.bytes().await?).unwrap_or_default()))
    }
}

/// The people of the measurement.
pub struct City {
    /// The hotline's agent.
    pub agent: Worker,
    /// An officer of each department; the first one's has the long list of open cases.
    pub departments: Vec<Worker>,
}

/// Makes the city's tree and the people, and signs them in.
pub async fn found(base: &Base, address: SocketAddr) -> Result<City> {
    demo::found(base).await?;
    let mut conn = base.db.read().await?;
    let tree = identity::api::tree(&mut conn).await?;
    drop(conn);
    let centre = tree.iter().find(|one| one.code == CENTRE).context("the tree has no centre")?;
    let holds =
        |kind| matches!(kind, OrganisationKind::Department | OrganisationKind::County | OrganisationKind::Enterprise);
    let departments: Vec<_> =
        tree.iter().filter(|one| holds(one.kind) && one.code != CENTRE).take(DEPARTMENTS).collect();
    ensure!(departments.len() == DEPARTMENTS, "the tree has only {} departments", departments.len());
    let mut people = Vec::new();
    for (number, organisation) in std::iter::once(centre).chain(departments).enumerate() {
        let username = format!("bench{number:02}");
        let role = if number == 0 { "bench-centre" } else { "bench-holder" };
        let account = employ(base, &username, organisation.id, role).await?;
        let client = pages::client()?;
        pages::sign_in(&client, address, &username).await?;
        people.push(Worker {
            account,
            name: username,
            organisation: organisation.id,
            organisation_name: organisation.name.clone(),
            session: Session { client, address },
        });
    }
    let agent = people.remove(0);
    Ok(City { agent, departments: people })
}

async fn employ(base: &Base, username: &str, organisation: OrganisationId, role: &str) -> Result<AccountId> {
    let mut work = Work::begin(base, &Command::system("jianghai.bench", base.clock.now())).await?;
    for seed in &ROLES {
        identity::api::ensure_role(&mut work, seed).await?;
    }
    let seed = StaffSeed { username, name: username, organisation, password: PASSWORD, must_change_password: false };
    let account = identity::api::ensure_account(base, &mut work, &seed).await?;
    identity::api::assign(&mut work, account, role, organisation).await?;
    work.commit().await?;
    Ok(account)
}
