//! The words that every room shares: clock, ids, pages, actors.
use std::sync::Arc;

use jh_core::actor::{Actor, ActorKind, Grant, OrganisationId};
use jh_core::clock::{Clock, china_day};
use jh_core::fault::{Fault, Kind};
use jh_core::id::uuid_at;
use jh_core::paging::{PageRequest, Paged};
use proptest::prelude::*;
use time::macros::{date, datetime};

#[test]
fn a_day_in_china_begins_eight_hours_before_utc() {
    assert_eq!(china_day(datetime!(2025-11-21 15:59:59 UTC)), date!(2025 - 11 - 21));
    assert_eq!(china_day(datetime!(2025-11-21 16:00 UTC)), date!(2025 - 11 - 22));
}

#[test]
fn a_manual_clock_moves_only_by_hand_and_for_all_who_share_it() {
    let clock = Clock::manual(datetime!(2025-11-22 08:00 UTC));
    let shared = clock.clone();
    assert_eq!(clock.now(), datetime!(2025-11-22 08:00 UTC));
    shared.advance(time::Duration::minutes(5));
    assert_eq!(clock.now(), datetime!(2025-11-22 08:05 UTC));
}

#[test]
fn the_system_clock_gives_whole_microseconds_as_the_database_keeps_them() {
    assert_eq!(Clock::System.now().nanosecond() % 1_000, 0);
}

#[test]
fn ids_of_one_thread_rise_even_within_one_instant() {
    let now = datetime!(2025-11-22 08:00 UTC);
    let ids: Vec<_> = (0..1_000).map(|_| uuid_at(now)).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
}

#[test]
fn an_id_reads_back_from_its_text() {
    let id = OrganisationId::at(datetime!(2025-11-22 08:00 UTC));
    assert_eq!(id.to_string().parse::<OrganisationId>(), Ok(id));
}

#[test]
fn a_permission_covers_only_the_parts_of_the_tree_it_was_granted_in() {
    let now = datetime!(2025-11-22 08:00 UTC);
    let (police, health) = (OrganisationId::at(now), OrganisationId::at(now));
    let grant = |permission: &str, scope| Grant { permission: permission.to_owned(), scope };
    let mut actor = Actor::system("test");
    actor.kind = ActorKind::Staff;
    actor.grants = Arc::new([grant("registry.delivery.read", police), grant("registry.delivery.submit", health)]);
    assert!(actor.may("registry.delivery.read") && !actor.may("audit.read"));
    assert_eq!(actor.scopes("registry.delivery.read"), [police.0]);
    assert!(actor.scopes("audit.read").is_empty());
}

#[test]
fn a_rule_that_is_broken_is_an_invalid_input_to_the_public() {
    let refusal = jh_core::code::date::DateFault::NotReal.refusal();
    assert_eq!((refusal.kind, refusal.code), (Kind::Invalid, "date-not-real"));
}

#[test]
fn one_row_more_than_the_page_shows_means_that_there_is_a_next_page() {
    let request = PageRequest { page: Some(2), size: Some(3) };
    assert_eq!((request.limit(), request.offset()), (4, 3));
    let page = Paged::from_rows(vec![1, 2, 3, 4], request);
    assert_eq!((page.items.as_slice(), page.page, page.has_more), ([1, 2, 3].as_slice(), 2, true));
    assert!(!Paged::from_rows(vec![1, 2, 3], request).has_more);
}

proptest! {
    #[test]
    fn whatever_page_is_asked_for_stays_within_the_bounds(page: Option<u32>, size: Option<u32>) {
        let request = PageRequest { page, size };
        prop_assert!((1..=100).contains(&request.size()));
        prop_assert!((1..=1_000).contains(&request.number()));
        prop_assert!(request.offset() >= 0);
    }
}
