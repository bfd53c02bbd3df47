//! Identity against a real database: every test has one of its own.
mod account;
mod audit;
mod credential;
mod session;
mod tree;

use std::collections::HashMap;

use jh_core::actor::{AccountId, Actor, Command, OrganisationId};
use jh_core::id::uuid_at;
use jh_db::Work;
use jh_db::testing::TestBase;
use jh_web::Authenticator;

use crate::actions::session::{Origin, sign_in};
use crate::api::{self, NewOrganisation, OrganisationKind, RoleSeed, SessionAuthenticator, StaffSeed};
use crate::fault::IdentityError;
use crate::model::role::Audience;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "tide-lantern-47";

const ADMIN: RoleSeed = RoleSeed {
    code: "admin",
    audience: Audience::Staff,
    name: "平台管理员",
    name_en: "Administrator",
    summary: "",
    summary_en: "",
    permissions: &[
        "identity.organisation.manage",
        "identity.account.manage",
        "identity.credential.manage",
        "registry.delivery.submit",
        "exchange.call",
    ],
};
const DELIVERER: RoleSeed =
    RoleSeed { code: "deliverer", name: "数据员", permissions: &["registry.delivery.submit"], ..ADMIN };
const REVEALER: RoleSeed =
    RoleSeed { code: "revealer", name: "查询员", permissions: &["registry.record.reveal"], ..ADMIN };
const KEEPER: RoleSeed =
    RoleSeed { code: "keeper", name: "账号员", permissions: &["identity.account.manage"], ..ADMIN };
const CALLER: RoleSeed =
    RoleSeed {
        code: "caller", audience: Audience::System, name: "部门系统", permissions: &["exchange.call"], ..ADMIN
    };

/// A small city: NT with the departments NT-GA (with the office NT-GA-01) and NT-RS, the county 320602 with a street.
pub struct City {
    pub base: TestBase,
    pub ids: HashMap<String, OrganisationId>,
    pub accounts: HashMap<&'static str, AccountId>,
}

pub fn row(code: &str, parent: Option<&str>, kind: OrganisationKind, name: &str) -> NewOrganisation {
    NewOrganisation {
        code: code.into(),
        parent_code: parent.map(Into::into),
        kind,
        name: name.into(),
        short_name: name.into(),
        division_code: None,
    }
}

impl City {
    pub async fn build() -> Self {
        use OrganisationKind::{City, County, Department, Office, Street};
        let base = jh_db::testing::base(&[api::MIGRATIONS]).await;
        let mut work = Work::begin(&base, &base.command()).await.unwrap();
        let rows = [
            // Children before parents on purpose.
            row("NT-GA-01", Some("NT-GA"), Office, "户政支队"),
            row("320602001", Some("320602"), Street, "城东街道"),
            row("NT-GA", Some("NT"), Department, "公安局"),
            row("NT-RS", Some("NT"), Department, "人力资源和社会保障局"),
            row("320602", Some("NT"), County, "崇川区"),
            row("NT", None, City, "南通市"),
        ];
        let ids = api::ensure_organisations(&mut work, &rows).await.unwrap();
        for seed in [&ADMIN, &DELIVERER, &REVEALER, &KEEPER, &CALLER] {
            api::ensure_role(&mut work, seed).await.unwrap();
        }
        let mut accounts = HashMap::new();
        for (username, name, place, role) in [
            ("admin", "管理员", "NT", "admin"),
            ("ga.admin", "公安管理员", "NT-GA", "admin"),
            ("rs.clerk", "社保数据员", "NT-RS", "deliverer"),
        ] {
            let seed =
                StaffSeed { username, name, organisation: ids[place], password: PASSWORD, must_change_password: false };
            let id = api::ensure_account(&base, &mut work, &seed).await.unwrap();
            api::assign(&mut work, id, role, ids[place]).await.unwrap();
            accounts.insert(username, id);
        }
        work.commit().await.unwrap();
        Self { base, ids, accounts }
    }

    pub fn id(&self, code: &str) -> OrganisationId {
        self.ids[code]
    }

    /// Signs in and answers the token.
    pub async fn token(&self, name: &str, password: &str) -> Result<String, IdentityError> {
        let origin = Origin { address: "10.0.0.1".into(), agent: "Firefox/140 Linux".into(), token: None };
        let begun = sign_in(&self.base, &self.visitor(), name, password, &origin).await?;
        Ok(begun.token)
    }

    /// The actor behind a token, as a request would see it.
    pub async fn actor_of(&self, token: &str) -> Option<Actor> {
        SessionAuthenticator.session(&self.base, token).await.unwrap().map(|entered| entered.actor)
    }

    /// A command of whoever bears the username, with a fresh key.
    pub async fn by(&self, username: &str) -> Command {
        let token = self.token(username, PASSWORD).await.unwrap();
        let actor = self.actor_of(&token).await.unwrap();
        Command { actor, ..self.visitor() }
    }

    /// A command of nobody yet, as the sign-in form makes it.
    pub fn visitor(&self) -> Command {
        let now = self.base.clock.now();
        let actor = Actor { kind: jh_core::actor::ActorKind::Resident, ..Actor::system("web.visitor") };
        let key = Some(jh_core::actor::IdempotencyKey::of(&actor, uuid_at(now)));
        Command { actor, now, key, request_id: "test".into() }
    }
}
