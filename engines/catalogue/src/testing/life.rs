//! A resource from draft to withdrawal.
use jh_core::fault::Fault;
use time::Duration;

use super::city::{POLICE, TRAFFIC, by, found, person, publish, publisher, with_elements, writer};
use crate::actions::draft::{Seen, create, save};
use crate::actions::step::take;
use crate::fault::CatalogueError;
use crate::model::{Sharing, State, Step, StepRefusal};
use crate::permission::{DRAFT, PUBLISH, READ};
use crate::sample;
use crate::store::{list, resource, step::timeline};

#[tokio::test]
async fn what_is_published_stays_and_editing_makes_the_next_version() {
    let base = found().await;
    with_elements(&base).await;
    let writer = writer(POLICE);
    let first = create(&base, &by(&base, &writer), POLICE, Some("306001/000012"), sample::content()).await.unwrap();
    assert_eq!((first.code.as_str(), first.state), ("306001-000012", State::Draft));
    publish(&base, &first).await;
    base.advance(Duration::hours(1));

    let mut content = sample::content();
    content.title = "公共停车场与泊位".into();
    let second = save(&base, &by(&base, &writer), "306001-000012", None, content).await.unwrap();
    assert_eq!((second.version, second.state), (2, State::Draft));
    let mut conn = base.db.read().await.unwrap();
    let shown = crate::api::published(&mut conn, first.resource_id).await.unwrap().unwrap();
    assert_eq!((shown.version, shown.content), (1, sample::content()));

    publish(&base, &second).await;
    let shown = crate::api::published(&mut conn, first.resource_id).await.unwrap().unwrap();
    assert_eq!((shown.version, shown.content.title.as_str()), (2, "公共停车场与泊位"));
    let states: Vec<_> =
        list::versions(&mut conn, first.resource_id).await.unwrap().iter().map(|line| line.state).collect();
    assert_eq!(states, [State::Published, State::Superseded]);
    let steps: Vec<_> = timeline(&mut conn, first.resource_id).await.unwrap().iter().map(|taken| taken.step).collect();
    assert_eq!(steps.len(), 7, "{steps:?}");
}

#[tokio::test]
async fn whoever_writes_does_not_publish() {
    let base = found().await;
    with_elements(&base).await;
    let both = person(3, POLICE, &[READ, DRAFT, PUBLISH]);
    let draft = create(&base, &by(&base, &writer(POLICE)), POLICE, None, sample::content()).await.unwrap();
    // Touching a draft once is enough to be one of its writers.
    save(&base, &by(&base, &both), &draft.code, None, sample::content()).await.unwrap();
    take(&base, &by(&base, &both), &draft.code, Step::Submission, "").await.unwrap();
    let refused = take(&base, &by(&base, &both), &draft.code, Step::Publication, "").await.unwrap_err();
    assert!(matches!(refused, CatalogueError::Step(StepRefusal::OwnWork)), "{refused:?}");
    take(&base, &by(&base, &publisher(POLICE)), &draft.code, Step::Publication, "").await.unwrap();
}

#[tokio::test]
async fn another_departments_resource_does_not_exist_for_writers() {
    let base = found().await;
    with_elements(&base).await;
    let forged = create(&base, &by(&base, &writer(TRAFFIC)), POLICE, None, sample::content()).await.unwrap_err();
    assert!(matches!(forged, CatalogueError::Forbidden(_)), "{forged:?}");
    let draft = create(&base, &by(&base, &writer(POLICE)), POLICE, None, sample::content()).await.unwrap();
    let outside = save(&base, &by(&base, &writer(TRAFFIC)), &draft.code, None, sample::content()).await.unwrap_err();
    assert!(matches!(outside, CatalogueError::NotFound(_)), "{outside:?}");
    let mut conn = base.db.read().await.unwrap();
    let scopes = writer(TRAFFIC).scopes(READ);
    assert!(resource::visible(&mut conn, &draft.code, &scopes).await.unwrap().is_none());
    drop(conn);
    publish(&base, &draft).await;
    let mut conn = base.db.read().await.unwrap();
    assert!(resource::visible(&mut conn, &draft.code, &scopes).await.unwrap().is_some());
}

#[tokio::test]
async fn two_writers_do_not_overwrite_each_other() {
    let base = found().await;
    let writer = writer(POLICE);
    let draft = create(&base, &by(&base, &writer), POLICE, None, sample::content()).await.unwrap();
    let seen = Seen::of(&draft);
    base.advance(Duration::minutes(1));
    save(&base, &by(&base, &writer), &draft.code, Some(seen), sample::content()).await.unwrap();
    let stale = save(&base, &by(&base, &writer), &draft.code, Some(seen), sample::content()).await.unwrap_err();
    assert!(matches!(stale, CatalogueError::Stale));
}

#[tokio::test]
async fn an_incomplete_draft_is_kept_but_not_submitted() {
    let base = found().await;
    with_elements(&base).await;
    let mut content = sample::content();
    content.sharing = Sharing::Withheld { basis: String::new() };
    content.open = false;
    let draft = create(&base, &by(&base, &writer(POLICE)), POLICE, None, content).await.unwrap();
    let refused = take(&base, &by(&base, &writer(POLICE)), &draft.code, Step::Submission, "").await.unwrap_err();
    let fields: Vec<_> = refused.refusal().fields.iter().map(|error| error.code).collect();
    assert_eq!(fields, ["catalogue-basis-missing"]);
}

#[tokio::test]
async fn a_returned_draft_names_its_reason_and_waits_for_its_writer() {
    let base = found().await;
    with_elements(&base).await;
    let draft = create(&base, &by(&base, &writer(POLICE)), POLICE, None, sample::content()).await.unwrap();
    take(&base, &by(&base, &writer(POLICE)), &draft.code, Step::Submission, "").await.unwrap();
    let edit = save(&base, &by(&base, &writer(POLICE)), &draft.code, None, sample::content()).await.unwrap_err();
    assert!(matches!(edit, CatalogueError::Step(StepRefusal::WrongState(State::InReview))));
    let todo = |actor: jh_core::actor::Actor| {
        let base = (*base).clone();
        async move { jh_web::Todo::items(&crate::feeds::CatalogueTodo, &base, &actor).await.unwrap() }
    };
    assert_eq!(todo(publisher(POLICE)).await.len(), 1);
    assert_eq!(todo(publisher(TRAFFIC)).await.len(), 0);
    let silent = take(&base, &by(&base, &publisher(POLICE)), &draft.code, Step::Return, " ").await.unwrap_err();
    assert!(matches!(silent, CatalogueError::Step(StepRefusal::ReasonMissing)));
    take(&base, &by(&base, &publisher(POLICE)), &draft.code, Step::Return, "请写明更新周期").await.unwrap();
    assert_eq!(todo(publisher(POLICE)).await.len(), 0);
    assert_eq!(todo(writer(POLICE)).await[0].title.key, "catalogue-todo-returned");
}

#[tokio::test]
async fn withdrawal_takes_it_from_everyone_and_a_next_version_brings_it_back() {
    let base = found().await;
    with_elements(&base).await;
    let draft = create(&base, &by(&base, &writer(POLICE)), POLICE, None, sample::content()).await.unwrap();
    publish(&base, &draft).await;
    take(&base, &by(&base, &publisher(POLICE)), &draft.code, Step::Withdrawal, "数据有误").await.unwrap();
    assert!(crate::actions::open::open_version(&base, &draft.code).await.is_err());
    let next = save(&base, &by(&base, &writer(POLICE)), &draft.code, None, sample::content()).await.unwrap();
    assert_eq!(next.version, 2);
    publish(&base, &next).await;
    assert_eq!(crate::actions::open::open_version(&base, &draft.code).await.unwrap().version.version, 2);
}

#[tokio::test]
async fn a_code_is_taken_once_whatever_its_case() {
    let base = found().await;
    let writer = writer(POLICE);
    create(&base, &by(&base, &writer), POLICE, Some("NT-GA-001"), sample::content()).await.unwrap();
    let twice = create(&base, &by(&base, &writer), POLICE, Some("nt-ga-001"), sample::content()).await.unwrap_err();
    assert_eq!(twice.refusal().fields[0].code, "catalogue-code-taken");
}
