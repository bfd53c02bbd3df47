//! A small city to test in: a real server on a real port over a real database, and the browsers that call it.
//!
//! `City::found()` starts everything with an empty, migrated database of its own and a manual clock.
mod browser;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

pub use browser::{Answer, Browser};
use identity::api::{Audience, NewOrganisation, OrganisationKind, RoleSeed, StaffSeed};
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::Work;
use jh_db::outbox::Handler;
use jh_db::testing::TestBase;
use jh_web::App;
use jh_web::app::Settings;

/// The password of every account of the test city.
pub const PASSWORD: &str = "tide-and-river-2015";

/// Numbers the accounts and roles of this process.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A running city.
pub struct City {
    /// Its base, for looking behind the pages.
    pub base: TestBase,
    /// The composed program.
    pub app: App,
    /// Its jobs, run when a test says so.
    pub jobs: Vec<jh_db::jobs::JobDef>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl City {
    /// Founds a city: migrated, with the organisations of [`City::organise`] and nothing else.
    pub async fn found() -> Self {
        Self::found_with(Settings::default()).await
    }

    /// Founds a city that is set up in a way of its own.
    pub async fn found_with(settings: Settings) -> Self {
        let base = jh_db::testing::base(&jianghai::modules::migrations()).await;
        let composed = jianghai::boot::compose((*base).clone(), settings).expect("the modules fit together");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = composed.router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        // The runner of the real program brings the store's own jobs along too.
        let jobs = jh_db::jobs::own().into_iter().chain(composed.jobs).collect();
        let city = Self { base, app: composed.app, jobs, address };
        city.organise().await;
        city
    }

    /// A command of the city's founder.
    pub fn command(&self) -> Command {
        Command::system("tests.founder", self.base.clock.now())
    }

    /// A small tree: the city `NT`, the departments `NT-GA`, `NT-GS`, `NT-MZ`, `NT-XXZX`, the county `NT-320613`.
    async fn organise(&self) {
        let rows = [
            ("NT", None, "南通市人民政府", OrganisationKind::City),
            ("NT-GA", Some("NT"), "南通市公安局", OrganisationKind::Department),
            ("NT-GS", Some("NT"), "南通市工商局", OrganisationKind::Department),
            ("NT-MZ", Some("NT"), "南通市民政局", OrganisationKind::Department),
            ("NT-XXZX", Some("NT"), "南通市信息中心", OrganisationKind::Department),
            ("NT-320613", Some("NT"), "崇川区", OrganisationKind::County),
        ];
        let rows = rows.map(|(code, parent, name, kind)| NewOrganisation {
            code: code.into(),
            parent_code: parent.map(str::to_owned),
            kind,
            name: name.into(),
            short_name: name.into(),
            division_code: None,
        });
        let mut work = Work::begin(&self.base, &self.command()).await.expect("a transaction");
        identity::api::ensure_organisations(&mut work, &rows).await.expect("the organisations");
        work.commit().await.expect("committed");
    }

    /// The id of an organisation by its code.
    pub async fn organisation(&self, code: &str) -> OrganisationId {
        let mut connection = self.base.db.read().await.expect("a connection");
        let found = identity::api::organisation_by_code(&mut connection, code).await.expect("a query");
        found.expect("a known code").id
    }

    /// An account of `organisation` with exactly these permissions there, signed in.
    pub async fn staff(&self, organisation: &str, permissions: &[&str]) -> Browser {
        self.staff_scoped(organisation, organisation, permissions).await
    }

    /// An account of `organisation` with exactly these permissions within `scope`, signed in.
    pub async fn staff_scoped(&self, organisation: &str, scope: &str, permissions: &[&str]) -> Browser {
        let username = format!("tester{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.account(&username, organisation, scope, permissions).await;
        let browser = Browser::open(self.address);
        browser.sign_in(&username, PASSWORD).await;
        browser
    }

    /// An account, not signed in.
    pub async fn account(&self, username: &str, organisation: &str, scope: &str, permissions: &[&str]) -> AccountId {
        let mut work = Work::begin(&self.base, &self.command()).await.expect("a transaction");
        let role = self.role(&mut work, Audience::Staff, permissions).await;
        let place = self.organisation(organisation).await;
        let seed = StaffSeed {
            username,
            name: username,
            organisation: place,
            password: PASSWORD,
            must_change_password: false,
        };
        let account = identity::api::ensure_account(&self.base, &mut work, &seed).await.expect("an account");
        let scope = self.organisation(scope).await;
        identity::api::assign(&mut work, account, role, scope).await.expect("an assignment");
        work.commit().await.expect("committed");
        account
    }

    /// A bearer credential of a department's system with exactly these permissions.
    pub async fn credential(&self, organisation: &str, permissions: &[&str]) -> String {
        let place = self.organisation(organisation).await;
        let mut work = Work::begin(&self.base, &self.command()).await.expect("a transaction");
        let role = self.role(&mut work, Audience::System, permissions).await;
        let ends_at = self.base.clock.now() + time::Duration::days(365);
        let issued = identity::api::issue_credential(&mut work, place, "测试系统", ends_at, &[role]).await;
        work.commit().await.expect("committed");
        issued.expect("a credential").token
    }

    /// A role of exactly these permissions; its texts live as long as the test.
    async fn role(&self, work: &mut Work, audience: Audience, permissions: &[&str]) -> &'static str {
        let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let kept: Vec<&'static str> = permissions.iter().map(|name| keep((*name).to_owned())).collect();
        let code = keep(format!("role-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let seed = RoleSeed {
            code,
            audience,
            name: code,
            name_en: code,
            summary: code,
            summary_en: code,
            permissions: Box::leak(kept.into_boxed_slice()),
        };
        identity::api::ensure_role(work, &seed).await.expect("a role");
        code
    }

    /// Runs a job that the clock would start.
    pub async fn run_scheduled(&self, job: &'static str) {
        assert!(self.jobs.iter().any(|known| known.name == job), "there is no job {job}");
        let mut work = Work::begin(&self.base, &self.command()).await.expect("a transaction");
        work.enqueue(job, None, serde_json::Value::Null).await.expect("enqueued");
        work.commit().await.expect("committed");
        self.work().await;
    }

    /// Hands out all waiting events and runs all waiting jobs until none is left.
    pub async fn work(&self) {
        let handlers = self.base.services.all::<dyn Handler>();
        jh_db::outbox::deliver_due(&self.base, &handlers).await.expect("the events");
        jh_db::jobs::run_due(&self.base, &self.jobs).await.expect("the jobs");
    }
}
