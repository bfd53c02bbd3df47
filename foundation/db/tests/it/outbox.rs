//! Events: at least once, in order for each subject.
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jh_db::jobs::JobError;
use jh_db::outbox::{Event, Handler, deliver_due};
use jh_db::testing::{self, TestBase};
use jh_db::{Base, Work};
use serde_json::json;
use uuid::Uuid;

/// Notes what it takes, and refuses what it is told to.
#[derive(Default)]
struct Notebook {
    seen: Mutex<Vec<(Uuid, i64)>>,
    refuses: Mutex<Option<i64>>,
}

impl Notebook {
    fn of(&self, subject: Uuid) -> Vec<i64> {
        self.seen.lock().unwrap().iter().filter(|(of, _)| *of == subject).map(|(_, n)| *n).collect()
    }
}

#[async_trait]
impl Handler for Notebook {
    fn name(&self) -> &'static str {
        "test.notebook"
    }
    fn events(&self) -> &'static [&'static str] {
        &["test.counted"]
    }
    async fn handle(&self, _base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError> {
        let n = event.payload["n"].as_i64().unwrap();
        work.enqueue("test.after", None, json!({ "n": n })).await?;
        if *self.refuses.lock().unwrap() == Some(n) {
            return Err(JobError::again("not now"));
        }
        self.seen.lock().unwrap().push((event.subject_id, n));
        Ok(())
    }
}

async fn emit(test: &TestBase, subject: Uuid, n: i64) {
    let mut work = Work::begin(test, &test.command()).await.unwrap();
    work.emit("test.counted", subject, json!({ "n": n }));
    work.emit("test.nobody_wants_this", subject, json!({}));
    work.commit().await.unwrap();
}

async fn left(test: &TestBase) -> (i64, i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM db.outbox), (SELECT count(*) FROM db.outbox_delivery),
                (SELECT count(*) FROM db.job WHERE name = 'test.after')",
    )
    .fetch_one(test.db.pool())
    .await
    .unwrap()
}

#[tokio::test]
async fn the_events_of_a_subject_arrive_in_their_order_and_a_refused_one_holds_up_only_its_own() {
    let test = testing::base(&[]).await;
    let notebook = Arc::new(Notebook::default());
    let handlers: [Arc<dyn Handler>; 1] = [notebook.clone()];
    let (held, free) = (Uuid::new_v4(), Uuid::new_v4());
    for n in 0..6 {
        emit(&test, if n % 2 == 0 { held } else { free }, n).await;
    }
    *notebook.refuses.lock().unwrap() = Some(2);
    deliver_due(&test, &handlers).await.unwrap();
    assert_eq!((notebook.of(held), notebook.of(free)), (vec![0], vec![1, 3, 5]));
    // What the handler wrote for the refused event was undone with it.
    assert_eq!(left(&test).await, (0, 2, 4));

    *notebook.refuses.lock().unwrap() = None;
    assert_eq!(deliver_due(&test, &handlers).await.unwrap(), 0, "it is not due before its pause is over");
    test.advance(time::Duration::seconds(6));
    assert_eq!(deliver_due(&test, &handlers).await.unwrap(), 2);
    assert_eq!(notebook.of(held), [0, 2, 4]);
    assert_eq!(left(&test).await, (0, 0, 6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_dispatchers_at_once_deliver_each_event_in_order_and_once() {
    let test = testing::base(&[]).await;
    let notebook = Arc::new(Notebook::default());
    let subjects: Vec<Uuid> = (0..4).map(|_| Uuid::new_v4()).collect();
    for n in 0..60 {
        emit(&test, subjects[n % 4], i64::try_from(n).unwrap()).await;
    }
    let dispatchers = (0..4).map(|_| {
        let (base, handler) = (test.base().clone(), notebook.clone());
        tokio::spawn(async move { deliver_due(&base, &[handler as Arc<dyn Handler>]).await.unwrap() })
    });
    for dispatcher in dispatchers.collect::<Vec<_>>() {
        dispatcher.await.unwrap();
    }
    deliver_due(&test, &[notebook.clone() as Arc<dyn Handler>]).await.unwrap();
    assert_eq!(left(&test).await, (0, 0, 60));
    for subject in subjects {
        let seen = notebook.of(subject);
        assert!(seen.is_sorted() && seen.len() == 15, "{seen:?}");
    }
}

/// Breaks on every event.
struct Breaks;

#[async_trait]
impl Handler for Breaks {
    fn name(&self) -> &'static str {
        "test.breaks"
    }
    fn events(&self) -> &'static [&'static str] {
        &["test.counted"]
    }
    async fn handle(&self, _base: &Base, _work: &mut Work, _event: &Event) -> Result<(), JobError> {
        panic!("an assumption")
    }
}

#[tokio::test]
async fn a_handler_that_panics_keeps_its_event_and_the_others_go_on() {
    let test = testing::base(&[]).await;
    let notebook = Arc::new(Notebook::default());
    let subject = Uuid::new_v4();
    emit(&test, subject, 1).await;
    let handlers: [Arc<dyn Handler>; 2] = [Arc::new(Breaks), notebook.clone()];
    assert_eq!(deliver_due(&test, &handlers).await.unwrap(), 1);
    assert_eq!(notebook.of(subject), [1]);
    let (attempts, failure): (i32, String) =
        sqlx::query_as("SELECT attempts, failure FROM db.outbox_delivery").fetch_one(test.db.pool()).await.unwrap();
    assert_eq!(attempts, 1);
    assert!(failure.contains("panicked"));
}
