//! A small city to test in: a real server on a real port over a real database, and the browsers that call it.
//!
//! `City::found()` starts everything with an empty, migrated database of its own and a manual clock.
mod browser;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

pub use browser::{Answer, Browser};
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::testing::TestBase;
use jh_web::App;
use jh_web::app::Settings;

/// The password of every account of the test city.
pub const PASSWORD: &str = "tide-and-river-2015";

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
        let base = jh_db::testing::base(&jianghai::modules::migrations()).await;
        let composed = jianghai::boot::compose((*base).clone(), Settings::default()).expect("the modules fit together");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = composed.router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let city = Self { base, app: composed.app, jobs: composed.jobs, address };
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
            ("NT", None, "南通市人民政府", "Nantong Municipal Government", "city"),
            ("NT-GA", Some("NT"), "南通市公安局", "Public Security Bureau", "department"),
            ("NT-GS", Some("NT"), "南通市工商局", "Administration for Industry and Commerce", "department"),
            ("NT-MZ", Some("NT"), "南通市民政局", "Civil Affairs Bureau", "department"),
            ("NT-XXZX", Some("NT"), "南通市信息中心", "Information Centre", "department"),
            ("NT-320613", Some("NT"), "崇川区", "Chongchuan District", "county"),
        ];
        jianghai::demo::people::organise(&self.base, &self.command(), &rows).await.expect("the organisations");
    }

    /// The id of an organisation by its code.
    pub async fn organisation(&self, code: &str) -> OrganisationId {
        jianghai::demo::people::organisation(&self.base, code).await.expect("a known code")
    }

    /// An account of `organisation` with exactly these permissions there, signed in.
    pub async fn staff(&self, organisation: &str, permissions: &[&str]) -> Browser {
        self.staff_scoped(organisation, organisation, permissions).await
    }

    /// An account of `organisation` with exactly these permissions within `scope`, signed in.
    pub async fn staff_scoped(&self, organisation: &str, scope: &str, permissions: &[&str]) -> Browser {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let username = format!("tester{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.account(&username, organisation, scope, permissions).await;
        let browser = Browser::open(self.address);
        browser.sign_in(&username, PASSWORD).await;
        browser
    }

    /// An account, not signed in.
    pub async fn account(&self, username: &str, organisation: &str, scope: &str, permissions: &[&str]) -> AccountId {
        let wanted = jianghai::demo::people::Wanted { username, password: PASSWORD, organisation, scope, permissions };
        jianghai::demo::people::account(&self.base, &self.command(), &wanted).await.expect("an account")
    }

    /// A department's bearer credential.
    pub async fn credential(&self, organisation: &str) -> String {
        jianghai::demo::people::credential(&self.base, &self.command(), organisation).await.expect("a credential")
    }

    /// Runs all waiting jobs until none is left.
    pub async fn work(&self) {
        jh_db::jobs::run_due(&self.base, &self.jobs).await.expect("the jobs");
    }
}
