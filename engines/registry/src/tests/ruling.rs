//! A new order of sources, and the golden records that follow it.
use super::*;
use crate::actions::rule::{Source, set_order};
use crate::fault::RegistryError;
use crate::revision::revise;
use crate::store::revision;

/// The police say 320613 of everybody, and after them the insurance 320612.
async fn two_opinions(count: u32) -> City {
    let city = City::new().await;
    city.deliver(city.police, &people(0, count)).await;
    city.deliver(city.insurance, &people(0, count).replace("320613", "320612")).await;
    assert_eq!(city.living_in("320612").await, i64::from(count));
    city
}

impl City {
    async fn living_in(&self, division: &str) -> i64 {
        let golden: i64 = sqlx::query_scalar("SELECT count(*) FROM registry.person WHERE division_code = $1")
            .bind(division)
            .fetch_one(self.base.db.pool())
            .await
            .unwrap();
        let counted: Option<i64> =
            sqlx::query_scalar("SELECT sum(people)::bigint FROM registry.v_population WHERE division_code = $1")
                .bind(division)
                .fetch_one(self.base.db.pool())
                .await
                .unwrap();
        assert_eq!(golden, counted.unwrap_or(0), "the counters say what the records say");
        golden
    }

    async fn order(&self, first: &[OrganisationId]) -> Result<(), RegistryError> {
        let source = |provider: &OrganisationId| Source { provider: *provider, basis: "户口登记机关".into() };
        let order: Vec<_> = first.iter().map(source).collect();
        set_order(&self.base, &self.base.command(), RowKind::Person, "residence_division", &order).await
    }

    async fn revise(&self) {
        assert!(revise(&self.base, RowKind::Person, &CancellationToken::new()).await.unwrap());
    }

    async fn revision(&self) -> revision::Revision {
        revision::find(&mut self.base.db.read().await.unwrap(), RowKind::Person).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn golden_records_and_counts_follow_a_new_order_and_go_back_with_the_old_one() {
    let city = two_opinions(30).await;
    city.deliver(city.police, &people(30, 5)).await;
    city.order(&[city.police]).await.unwrap();
    assert_eq!(city.living_in("320613").await, 5, "nothing moves before the job runs");
    city.revise().await;
    assert_eq!(city.living_in("320613").await, 35);
    let done = city.revision().await;
    assert_eq!((done.subjects_seen, done.subjects_changed, done.finished_at.is_some()), (30, 30, true));
    city.revise().await;
    assert_eq!(city.revision().await.subjects_seen, 30, "a finished revision has nothing left to do");
    city.order(&[]).await.unwrap();
    city.revise().await;
    assert_eq!(city.living_in("320612").await, 30);
    assert_eq!(city.count("SELECT count(*) FROM registry.record_past").await, 0, "no department's word was touched");
}

#[tokio::test]
async fn what_lands_after_a_new_order_is_decided_by_it_at_once() {
    let city = City::new().await;
    city.deliver(city.police, &people(0, 10)).await;
    city.order(&[city.police]).await.unwrap();
    city.deliver(city.insurance, &people(0, 10).replace("320613", "320612")).await;
    assert_eq!(city.living_in("320613").await, 10);
}

#[tokio::test]
async fn a_revision_told_to_stop_goes_on_where_it_was() {
    let city = two_opinions(2_050).await;
    city.order(&[city.police]).await.unwrap();
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(!revise(&city.base, RowKind::Person, &stop).await.unwrap());
    assert_eq!((city.living_in("320613").await, city.living_in("320612").await), (2_000, 50));
    city.revise().await;
    let done = city.revision().await;
    assert_eq!((done.subjects_seen, done.subjects_changed), (2_050, 2_050));
    assert_eq!(city.living_in("320613").await, 2_050);
}
