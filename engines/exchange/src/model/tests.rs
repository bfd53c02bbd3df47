//! The model's promises as sentences.
use catalogue::api::Test;
use proptest::prelude::*;
use time::macros::date;

use super::*;

fn any_terms() -> impl Strategy<Value = Terms> {
    let field = (0u8..6, any::<bool>()).prop_map(|(n, clear)| FieldTerm {
        name: format!("f{n}"),
        handling: if clear { Handling::Clear } else { Handling::Masked },
        reason: None,
    });
    let condition = (0u8..6, 0u8..4)
        .prop_map(|(n, value)| Condition { field: format!("f{n}"), test: Test::Eq { value: value.to_string() } });
    (
        proptest::collection::vec(field, 1..6),
        proptest::collection::vec(condition, 0..4),
        1i32..1_000_000,
        1i32..100_000,
        0i64..300,
        0i64..900,
        any::<bool>(),
    )
        .prop_map(|(mut fields, conditions, calls_a_day, rate_a_minute, start, length, pass)| {
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            fields.dedup_by(|a, b| a.name == b.name);
            let from_on = date!(2026 - 03 - 02) + time::Duration::days(start);
            Terms {
                fields,
                conditions,
                calls_a_day,
                rate_a_minute,
                from_on,
                to_on: from_on + time::Duration::days(length),
                onward: if pass { Onward::OwnOffices } else { Onward::Forbidden },
            }
            .canonical()
        })
}

/// One way of giving less.
#[derive(Clone, Copy, Debug)]
enum Less {
    Field,
    Mask,
    Rows,
    Quota,
    Rate,
    Begin,
    End,
    Onward,
}

const LESS: [Less; 8] =
    [Less::Field, Less::Mask, Less::Rows, Less::Quota, Less::Rate, Less::Begin, Less::End, Less::Onward];

/// The terms with less of one thing; none where there is no less of it.
fn narrowed(terms: &Terms, by: Less) -> Option<Terms> {
    let mut less = terms.clone();
    match by {
        Less::Field => {
            less.fields.pop();
        }
        Less::Mask => less.fields.iter_mut().find(|f| f.handling == Handling::Clear)?.handling = Handling::Masked,
        Less::Rows => {
            let test = Test::Prefix { value: "x".into() };
            less.conditions.push(Condition { field: "f0".into(), test });
        }
        Less::Quota => less.calls_a_day -= 1,
        Less::Rate => less.rate_a_minute -= 1,
        Less::Begin => less.from_on = less.from_on.next_day()?,
        Less::End => less.to_on = less.to_on.previous_day()?,
        Less::Onward => less.onward = Onward::Forbidden,
    }
    let less = less.canonical();
    (less != *terms).then_some(less)
}

proptest! {
    #[test]
    fn an_offer_of_what_was_asked_is_the_same(asked in any_terms()) {
        prop_assert_eq!(asked.compare(&asked), Ok(Fit::Same));
    }

    #[test]
    fn less_of_anything_is_narrower_and_the_other_way_round_is_wider(asked in any_terms(), by in 0usize..8) {
        if let Some(less) = narrowed(&asked, LESS[by]) {
            prop_assert_eq!(less.compare(&asked), Ok(Fit::Narrower), "{:?}", LESS[by]);
            prop_assert!(asked.compare(&less).is_err(), "{:?}", LESS[by]);
        }
    }

    #[test]
    fn narrowing_twice_never_widens(asked in any_terms(), first in 0usize..8, second in 0usize..8) {
        let twice = narrowed(&asked, LESS[first]).and_then(|once| narrowed(&once, LESS[second]));
        if let Some(twice) = twice {
            prop_assert_eq!(twice.compare(&asked), Ok(Fit::Narrower));
        }
    }

    #[test]
    fn offers_that_are_not_wider_both_ways_are_equal(a in any_terms(), b in any_terms()) {
        if a.compare(&b).is_ok() && b.compare(&a).is_ok() {
            prop_assert_eq!(a.compare(&b), Ok(Fit::Same));
        }
    }

    #[test]
    fn the_order_in_which_conditions_are_said_does_not_matter(asked in any_terms()) {
        let mut said_otherwise = asked.clone();
        said_otherwise.conditions.reverse();
        prop_assert_eq!(said_otherwise.canonical().compare(&asked), Ok(Fit::Same));
    }

    #[test]
    fn the_slices_of_all_shards_are_exactly_the_quota(quota in 1i32..=CALLS_A_DAY_MAX, rate in 1i32..1_000_000) {
        let count = shards(quota, rate);
        prop_assert!((1..=16).contains(&count));
        for total in [quota, rate] {
            let sum: i64 = (0..count).map(|shard| i64::from(slice(total, count, shard))).sum();
            prop_assert_eq!(sum, i64::from(total));
            prop_assert!((0..count).all(|shard| slice(total, count, shard) > 0));
        }
    }
}

#[test]
fn what_is_over_stays_over() {
    let acts = [RequestAct::Approve, RequestAct::Offer, RequestAct::Refuse, RequestAct::Accept, RequestAct::Withdraw];
    for state in [RequestState::Agreed, RequestState::Refused, RequestState::Withdrawn] {
        assert!(acts.iter().all(|act| state.after(*act).is_none()), "{state:?} was left");
    }
    for state in [AgreementState::Expired, AgreementState::Revoked, AgreementState::Ended] {
        for act in [AgreementAct::Expire, AgreementAct::Revoke, AgreementAct::End] {
            assert_eq!(state.after(act), None);
        }
    }
}

#[test]
fn only_an_offer_can_be_accepted_and_only_a_request_decided() {
    assert_eq!(RequestState::Offered.after(RequestAct::Accept), Some(RequestState::Agreed));
    assert_eq!(RequestState::Requested.after(RequestAct::Accept), None);
    assert_eq!(RequestState::Offered.after(RequestAct::Approve), None);
    assert_eq!(RequestState::Offered.after(RequestAct::Refuse), None);
    assert_eq!(RequestState::Offered.after(RequestAct::Withdraw), Some(RequestState::Withdrawn));
}

#[test]
fn every_state_comes_back_from_its_word() {
    for state in RequestState::ALL {
        assert_eq!(RequestState::parse(state.code()), Some(state));
    }
    for state in AgreementState::ALL {
        assert_eq!(AgreementState::parse(state.code()), Some(state));
    }
    assert_eq!(RequestState::parse("' OR 1=1"), None);
}

#[test]
fn a_term_lasts_three_years_at_most() {
    assert_eq!(latest_end(date!(2026 - 03 - 02)), date!(2029 - 03 - 02));
    assert_eq!(latest_end(date!(2028 - 02 - 29)), date!(2031 - 02 - 28));
    let terms = Terms {
        fields: vec![FieldTerm { name: "a".into(), handling: Handling::Clear, reason: None }],
        conditions: Vec::new(),
        calls_a_day: 0,
        rate_a_minute: 60,
        from_on: date!(2026 - 03 - 02),
        to_on: date!(2029 - 03 - 03),
        onward: Onward::Forbidden,
    };
    let codes: Vec<_> = terms.check_bounds(date!(2026 - 03 - 02)).into_iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["exchange-quota-range", "exchange-term-long"]);
}

#[test]
fn a_purpose_needs_ten_characters_of_any_script() {
    assert_eq!(text_within("办理低保核对", 10, 500), Err("exchange-text-short"));
    assert_eq!(text_within("  办理低保时核对申请人户籍 ", 10, 500), Ok("办理低保时核对申请人户籍".into()));
    assert_eq!(text_within("", 10, 500), Err("exchange-text-missing"));
    assert_eq!(text_within(&"长".repeat(501), 10, 500), Err("exchange-text-long"));
    assert_eq!(text_within("带有\u{0}控制字符的用途说明文字", 10, 500), Err("exchange-text-control"));
}
