//! One change and all that belongs to it.
use std::sync::Arc;

use jh_core::actor::{AccountId, Actor, ActorKind, Command, IdempotencyKey};
use jh_crypto::keyring::Keyring;
use jh_db::audit::Entry;
use jh_db::idempotency::{self, Answer, Seen};
use jh_db::testing::{self, TestBase};
use jh_db::{Base, DbError, Work};
use serde_json::json;
use uuid::Uuid;

fn keyed(test: &TestBase) -> Command {
    let command = test.command();
    Command { key: Some(IdempotencyKey::of(&command.actor, Uuid::new_v4())), ..command }
}

fn somebody() -> Actor {
    Actor { account: Some(AccountId(Uuid::new_v4())), kind: ActorKind::Staff, ..Actor::system("somebody") }
}

async fn count(test: &TestBase) -> (i64, i64, i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM db.audit), (SELECT count(*) FROM db.outbox), (SELECT count(*) FROM db.job),
                (SELECT count(*) FROM db.idempotency)",
    )
    .fetch_one(test.db.pool())
    .await
    .unwrap()
}

async fn everything(test: &TestBase, command: &Command) -> Result<Work, DbError> {
    let mut work = Work::begin(test, command).await?;
    let subject = Uuid::new_v4();
    work.audit(Entry::new("test.thing.done", subject));
    work.emit("test.thing.done", subject, json!({"n": 1}));
    work.enqueue("test.job", None, json!({})).await?;
    Ok(work)
}

#[tokio::test]
async fn a_change_is_there_with_its_audit_event_job_and_key_or_nothing_is() {
    let test = testing::base(&[]).await;
    drop(everything(&test, &keyed(&test)).await.unwrap());
    assert_eq!(count(&test).await, (0, 0, 0, 0));
    everything(&test, &keyed(&test)).await.unwrap().commit().await.unwrap();
    assert_eq!(count(&test).await, (1, 1, 1, 1));
}

#[tokio::test]
async fn a_key_used_twice_is_one_change_and_one_answer() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let key = command.key.unwrap();
    assert_eq!(idempotency::look(&test, key, &[1; 32]).await.unwrap(), Seen::Never);
    everything(&test, &command).await.unwrap().commit().await.unwrap();
    assert!(matches!(Work::begin(&test, &command).await, Err(DbError::Replayed)));
    // Killed here, before the answer was kept, all we can say is that it is done.
    assert_eq!(idempotency::look(&test, key, &[1; 32]).await.unwrap(), Seen::Done);

    let answer = Answer { status: 303, location: Some("/x/1".into()), content_type: None, body: Some(b"{}".to_vec()) };
    idempotency::keep(&test, key, &[1; 32], &answer).await.unwrap();
    assert_eq!(idempotency::look_again(&test, key, &[1; 32]).await.unwrap(), Seen::Answered(answer));
    assert_eq!(count(&test).await.0, 1);
}

#[tokio::test]
async fn whoever_reads_the_table_cannot_follow_the_link_that_an_answer_gave() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let key = command.key.unwrap();
    everything(&test, &command).await.unwrap().commit().await.unwrap();
    let answer = Answer {
        status: 303,
        location: Some("/follow/token-of-mine".into()),
        content_type: Some("text/html".into()),
        body: Some(b"token-of-mine".to_vec()),
    };
    idempotency::keep(&test, key, &[1; 32], &answer).await.unwrap();
    let row: String = sqlx::query_scalar(
        "SELECT t::text || encode(t.location_sealed, 'escape') || encode(t.body_sealed, 'escape') FROM db.idempotency t",
    )
    .fetch_one(test.db.pool())
    .await
    .unwrap();
    assert!(row.contains("303") && row.contains("text/html"), "{row}");
    assert!(!row.contains("token-of-mine") && !row.contains("746f6b656e"), "{row}");
    // A backup brought back under other keys says that it is done, and nothing else.
    let strange = Base { keys: Arc::new(Keyring::ephemeral()), ..test.base().clone() };
    assert_eq!(idempotency::look(&strange, key, &[1; 32]).await.unwrap(), Seen::Done);
    assert_eq!(idempotency::look(&test, key, &[1; 32]).await.unwrap(), Seen::Answered(answer));
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let key = command.key.unwrap();
    everything(&test, &command).await.unwrap().commit().await.unwrap();
    let answer = Answer { status: 200, location: None, content_type: None, body: None };
    idempotency::keep(&test, key, &[1; 32], &answer).await.unwrap();
    assert!(matches!(idempotency::look(&test, key, &[2; 32]).await, Err(DbError::KeyReused)));
}

#[tokio::test]
async fn a_refused_form_leaves_its_key_free() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let key = command.key.unwrap();
    drop(everything(&test, &command).await.unwrap());
    let refusal = Answer { status: 422, location: None, content_type: None, body: None };
    idempotency::keep(&test, key, &[1; 32], &refusal).await.unwrap();
    assert_eq!(idempotency::look(&test, key, &[2; 32]).await.unwrap(), Seen::Never);
    everything(&test, &command).await.unwrap().commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_requests_with_one_key_at_the_same_moment_one_makes_the_change() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let first = everything(&test, &command).await.unwrap();
    let (base, again) = (test.base().clone(), command.clone());
    let second = tokio::spawn(async move { Work::begin(&base, &again).await.map(drop) });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!second.is_finished(), "the second waits for the first to be decided");
    first.commit().await.unwrap();
    assert!(matches!(second.await.unwrap(), Err(DbError::Replayed)));
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    let test = testing::base(&[]).await;
    let (me, them, key) = (somebody(), somebody(), Uuid::new_v4());
    let by =
        |actor: &Actor| Command { actor: actor.clone(), key: Some(IdempotencyKey::of(actor, key)), ..test.command() };
    let (mine, theirs) = (by(&me), by(&them));
    everything(&test, &mine).await.unwrap().commit().await.unwrap();
    assert_eq!(idempotency::look(&test, theirs.key.unwrap(), &[1; 32]).await.unwrap(), Seen::Never);
    // Under whatever name the change is made, the key is its owner's.
    let unnamed = Command { actor: Actor::system("somebody"), ..mine.clone() };
    assert!(matches!(Work::begin(&test, &unnamed).await, Err(DbError::Replayed)));
    everything(&test, &theirs).await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_key_is_forgotten_after_two_days_and_not_before() {
    let test = testing::base(&[]).await;
    everything(&test, &keyed(&test)).await.unwrap().commit().await.unwrap();
    test.advance(time::Duration::hours(47));
    assert_eq!(idempotency::sweep(&test.db, &test.clock).await.unwrap(), 0);
    test.advance(time::Duration::hours(2));
    assert_eq!(idempotency::sweep(&test.db, &test.clock).await.unwrap(), 1);
}

#[tokio::test]
async fn a_body_too_long_to_keep_is_not_kept_and_the_rest_of_the_answer_is() {
    let test = testing::base(&[]).await;
    let command = keyed(&test);
    let key = command.key.unwrap();
    everything(&test, &command).await.unwrap().commit().await.unwrap();
    let long =
        Answer { status: 200, location: None, content_type: Some("text/html".into()), body: Some(vec![b'x'; 65_537]) };
    idempotency::keep(&test, key, &[1; 32], &long).await.unwrap();
    let kept = Answer { body: None, ..long };
    assert_eq!(idempotency::look(&test, key, &[1; 32]).await.unwrap(), Seen::Answered(kept));
}
