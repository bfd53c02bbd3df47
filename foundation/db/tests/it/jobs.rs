//! Work for later.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jh_core::paging::PageRequest;
use jh_db::jobs::{JobContext, JobDef, JobError, Runner, Schedule, list};
use jh_db::testing::{self, TestBase};
use jh_db::{Base, Work};
use serde_json::{Value, json};
use time::macros::datetime;
use tokio_util::sync::CancellationToken;

use crate::child;

async fn enqueue(base: &Base, job: &'static str, key: Option<&str>) {
    let command = jh_core::actor::Command::system("test", base.clock.now());
    let mut work = Work::begin(base, &command).await.unwrap();
    work.enqueue(job, key, json!({})).await.unwrap();
    work.commit().await.unwrap();
}

async fn state(base: &Base, job: &str) -> (String, i32) {
    sqlx::query_as("SELECT state, attempts FROM db.job WHERE name = $1 ORDER BY job_id DESC LIMIT 1")
        .bind(job)
        .fetch_one(base.db.pool())
        .await
        .unwrap()
}

fn failing(name: &'static str) -> JobDef {
    JobDef::new(name, |_: JobContext, _: Value| async move { Err::<(), _>(JobError::again("the other side is away")) })
}

#[tokio::test]
async fn a_job_survives_the_kill_9_of_its_worker() {
    let test = testing::base(&[]).await;
    let base = child::by_the_real_clock(&test, &test.url()).await;
    enqueue(&base, "test.long", Some("one")).await;
    let worker = child::start("works_for_ever", &test.url());
    child::until("the worker has begun", || async { state(&base, "test.long").await.0 == "running" }).await;
    child::kill_9(worker);
    assert_eq!(state(&base, "test.long").await, ("running".into(), 1));

    let stop = CancellationToken::new();
    let quick = JobDef::new("test.long", |_: JobContext, _: Value| async move { Ok::<(), JobError>(()) });
    let runner = Runner::new(base.clone()).jobs([quick]).lease(Duration::from_secs(1)).run(stop.clone());
    let running = tokio::spawn(runner);
    child::until("another worker has done it", || async { state(&base, "test.long").await.0 == "done" }).await;
    assert_eq!(state(&base, "test.long").await.1, 2);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_job_whose_key_waits_already_is_not_added_again() {
    let test = testing::base(&[]).await;
    for _ in 0..3 {
        enqueue(&test, "test.job", Some("same")).await;
        enqueue(&test, "test.job", None).await;
    }
    enqueue(&test, "test.job", Some("other")).await;
    let jobs = list::page(&test.db, Some("waiting"), PageRequest::default()).await.unwrap();
    assert_eq!(jobs.items.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_jobs_of_one_key_never_run_at_the_same_time_and_others_do() {
    let test = testing::base(&[]).await;
    let base = child::by_the_real_clock(&test, &test.url()).await;
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, peak) = (now.clone(), most.clone());
    let job = JobDef::new("test.job", move |context: JobContext, payload: Value| {
        let (inside, peak) = (inside.clone(), peak.clone());
        async move {
            peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            if payload["again"] == 1 {
                // While one runs, another of its key may wait.
                let mut work = Work::begin(&context.base, &context.command()).await?;
                work.enqueue("test.job", Some("same"), json!({})).await?;
                work.commit().await?;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            inside.fetch_sub(1, Ordering::SeqCst);
            Ok::<(), JobError>(())
        }
    });
    let mut work = Work::begin(&base, &jh_core::actor::Command::system("test", base.clock.now())).await.unwrap();
    work.enqueue("test.job", Some("same"), json!({"again": 1})).await.unwrap();
    work.commit().await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn(Runner::new(base.clone()).jobs([job.clone()]).run(stop.clone()));
    let done = || async {
        let done: i64 = sqlx::query_scalar("SELECT count(*) FROM db.job WHERE name = 'test.job' AND state = 'done'")
            .fetch_one(base.db.pool())
            .await
            .unwrap();
        done
    };
    child::until("both are done", || async { done().await == 2 }).await;
    assert_eq!(most.load(Ordering::SeqCst), 1);
    for _ in 0..3 {
        enqueue(&base, "test.job", None).await;
    }
    child::until("all are done", || async { done().await == 5 }).await;
    assert!(most.load(Ordering::SeqCst) > 1);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_failing_job_is_tried_again_after_growing_pauses_then_set_aside_and_a_person_may_retry_it() {
    let test = testing::base(&[]).await;
    let jobs = [failing("test.job").attempts(3)];
    enqueue(&test, "test.job", None).await;
    assert_eq!(test.run_due(&jobs).await, 1);
    assert_eq!(test.run_due(&jobs).await, 0);
    test.advance(time::Duration::seconds(5));
    assert_eq!(test.run_due(&jobs).await, 1);
    test.advance(time::Duration::seconds(5));
    assert_eq!(test.run_due(&jobs).await, 0, "the second pause is longer");
    test.advance(time::Duration::seconds(5));
    assert_eq!(test.run_due(&jobs).await, 1);
    assert_eq!(state(&test, "test.job").await, ("failed".into(), 3));

    let failed = list::page(&test.db, Some("failed"), PageRequest::default()).await.unwrap();
    assert_eq!(failed.items[0].failure.as_deref(), Some("the other side is away"));
    assert!(list::retry(&test, failed.items[0].job_id).await.unwrap());
    assert_eq!(state(&test, "test.job").await, ("waiting".into(), 0));
    assert_eq!(list::summary(&test.db).await.unwrap()[0].jobs, 1);
}

#[tokio::test]
async fn a_job_that_gives_up_is_set_aside_at_once_and_one_that_panics_is_tried_again() {
    let test = testing::base(&[]).await;
    let hopeless = JobDef::new("test.hopeless", |_: JobContext, _: Value| async move {
        Err::<(), _>(JobError::give_up("the file is not there"))
    });
    let panics = JobDef::new("test.panics", |_: JobContext, payload: Value| async move {
        assert!(payload["fine"].as_bool().unwrap_or(false), "an assumption");
        Ok::<(), JobError>(())
    });
    enqueue(&test, "test.hopeless", None).await;
    enqueue(&test, "test.panics", None).await;
    assert_eq!(test.run_due(&[hopeless, panics]).await, 2);
    assert_eq!(state(&test, "test.hopeless").await, ("failed".into(), 1));
    assert_eq!(state(&test, "test.panics").await, ("waiting".into(), 1));
}

#[tokio::test]
async fn a_job_put_back_beside_another_of_its_key_leaves_the_work_to_that_one() {
    let test = testing::base(&[]).await;
    let job = JobDef::new("test.job", |context: JobContext, _: Value| async move {
        // Due much later, so that only the first is run here.
        let mut work = Work::begin(&context.base, &context.command()).await?;
        let later = work.now() + time::Duration::DAY;
        work.enqueue_at(later, "test.job", Some("same"), json!({})).await?;
        work.commit().await?;
        Err(JobError::again("later"))
    });
    enqueue(&test, "test.job", Some("same")).await;
    assert_eq!(test.run_due(&[job]).await, 1);
    let states: Vec<String> =
        sqlx::query_scalar("SELECT state FROM db.job ORDER BY state").fetch_all(test.db.pool()).await.unwrap();
    assert_eq!(states, ["done", "waiting"]);
}

#[tokio::test]
async fn a_job_told_to_stop_is_resumed_by_the_next_run_without_counting_an_attempt() {
    let test = testing::base(&[]).await;
    let base = child::by_the_real_clock(&test, &test.url()).await;
    let patient = JobDef::new("test.job", |context: JobContext, _: Value| async move {
        context.stop.cancelled().await;
        Err::<(), _>(JobError::stopped())
    });
    enqueue(&base, "test.job", None).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(Runner::new(base.clone()).jobs([patient]).run(stop.clone()));
    child::until("it has begun", || async { state(&base, "test.job").await.0 == "running" }).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(state(&base, "test.job").await, ("waiting".into(), 0));
}

async fn scheduled_runs(test: &TestBase) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM db.job WHERE name = 'test.nightly'")
        .fetch_one(test.db.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_scheduled_job_runs_at_its_time_and_missed_times_are_made_up_by_one_run() {
    let test = testing::base(&[]).await;
    let nightly =
        JobDef::new("test.nightly", |_: JobContext, _: Value| async move { Ok::<(), JobError>(()) }).daily_at(0, 10);
    let stop = CancellationToken::new();
    let running = tokio::spawn(Runner::new(test.base().clone()).jobs([nightly]).run(stop.clone()));
    let planned = || async {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM db.job_schedule").fetch_one(test.db.pool()).await.unwrap()
            == 3
    };
    child::until("the schedules are noted", planned).await;
    assert_eq!(scheduled_runs(&test).await, 0);
    test.advance(time::Duration::days(3));
    child::until("it has run", || async { scheduled_runs(&test).await == 1 }).await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(scheduled_runs(&test).await, 1);
    stop.cancel();
    running.await.unwrap();
}

#[test]
fn times_of_day_are_chinas() {
    let after = datetime!(2026-03-02 15:59 UTC); // 23:59 on Monday in China
    assert_eq!(Schedule::Daily { hour: 0, minute: 10 }.next(after), datetime!(2026-03-02 16:10 UTC));
    assert_eq!(Schedule::Hourly { minute: 5 }.next(after), datetime!(2026-03-02 16:05 UTC));
    assert_eq!(Schedule::Monthly { hour: 1, minute: 0 }.next(after), datetime!(2026-03-31 17:00 UTC));
    let tuesday = Schedule::Weekly { weekday: time::Weekday::Tuesday, hour: 6, minute: 0 };
    assert_eq!(tuesday.next(after), datetime!(2026-03-02 22:00 UTC));
    assert_eq!(tuesday.next(datetime!(2026-03-02 22:00 UTC)), datetime!(2026-03-09 22:00 UTC));
    assert_eq!(Schedule::Every(Duration::from_secs(60)).next(after), datetime!(2026-03-02 16:00 UTC));
}

#[tokio::test]
async fn a_job_that_kills_its_worker_every_time_is_set_aside_in_the_end() {
    let test = testing::base(&[]).await;
    let deadly =
        [JobDef::new("test.deadly", |_: JobContext, _: Value| async move { Ok::<(), JobError>(()) }).attempts(2)];
    enqueue(&test, "test.deadly", Some("one")).await;
    // What two killed workers leave behind, the second after the job's last attempt.
    for (attempts, then) in [(1, ("done", 2)), (2, ("failed", 2))] {
        sqlx::query(
            "UPDATE db.job SET state = 'running', attempts = $1, worker_id = gen_random_uuid(), leased_until = $2
             WHERE name = 'test.deadly'",
        )
        .bind(attempts)
        .bind(test.clock.now() - time::Duration::SECOND)
        .execute(test.db.pool())
        .await
        .unwrap();
        test.run_due(&deadly).await;
        assert_eq!(state(&test, "test.deadly").await, (then.0.to_owned(), then.1));
    }
}

#[tokio::test]
async fn a_job_that_does_not_leave_off_when_told_is_cut_off_and_resumed_later() {
    let test = testing::base(&[]).await;
    let base = child::by_the_real_clock(&test, &test.url()).await;
    let deaf = JobDef::new("test.deaf", |_: JobContext, _: Value| async move {
        std::future::pending::<()>().await;
        Ok::<(), JobError>(())
    });
    enqueue(&base, "test.deaf", None).await;
    let stop = CancellationToken::new();
    let running =
        tokio::spawn(Runner::new(base.clone()).jobs([deaf]).grace(Duration::from_millis(200)).run(stop.clone()));
    child::until("it has begun", || async { state(&base, "test.deaf").await.0 == "running" }).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(state(&base, "test.deaf").await, ("waiting".into(), 0));
}
