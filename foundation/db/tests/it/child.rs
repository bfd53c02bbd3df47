//! Processes to be killed: this test binary runs itself with one of the ignored tests below.
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jh_db::cluster::PrivateCluster;
use jh_db::jobs::{JobContext, JobDef, JobError, Runner};
use jh_db::testing::TestBase;
use jh_db::{Base, Db};
use tokio_util::sync::CancellationToken;

/// Starts the ignored test `name` of this file in a process of its own.
pub fn start(name: &str, argument: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", &format!("child::{name}")])
        .env("JIANGHAI_CHILD", argument)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Ends it as a power cut would.
pub fn kill_9(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Waits up to 30 s until it is so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The test's base by the machine's clock, as a process of the real program has it.
pub async fn by_the_real_clock(test: &TestBase, url: &str) -> Base {
    let mut base = test.base().clone();
    base.db = Db::connect(url, 4).await.unwrap();
    base.clock = jh_core::clock::Clock::System;
    base
}

fn argument() -> String {
    std::env::var("JIANGHAI_CHILD").unwrap_or_default()
}

#[tokio::test]
#[ignore = "a process for other tests to kill"]
async fn holds_a_cluster() {
    let _cluster = PrivateCluster::start(argument()).await.unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
#[ignore = "a process for other tests to kill"]
async fn works_for_ever() {
    let test = jh_db::testing::base(&[]).await;
    let base = by_the_real_clock(&test, &argument()).await;
    let never_done = JobDef::new("test.long", |_: JobContext, _| async move {
        std::future::pending::<()>().await;
        Ok::<(), JobError>(())
    });
    Runner::new(base).jobs([never_done]).lease(Duration::from_secs(1)).run(CancellationToken::new()).await;
}
