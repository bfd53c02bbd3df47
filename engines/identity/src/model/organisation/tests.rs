//! The tree's rules against a plain in-memory tree.
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use time::macros::date;

use super::*;

fn id(n: u8) -> OrganisationId {
    OrganisationId(uuid_of(n))
}

fn uuid_of(n: u8) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::from(n))
}

fn standing(n: u8, kind: OrganisationKind, depth: i32) -> Standing {
    Standing { id: id(n), kind, depth, closed: false }
}

/// Parent of each node; node 0 is the root.
type Parents = BTreeMap<u8, u8>;
type Closure = BTreeSet<(u8, u8)>;

fn closure_from_scratch(parents: &Parents, size: u8) -> Closure {
    let mut rows = Closure::new();
    for node in 0..size {
        let mut above = Some(node);
        while let Some(ancestor) = above {
            rows.insert((ancestor, node));
            above = parents.get(&ancestor).copied();
        }
    }
    rows
}

/// The same delta as `store::organisation::move_closure` makes in SQL: cut the subtree from its old ancestors,
/// join it with the new parent's.
fn moved(closure: &Closure, subtree: u8, parent: u8) -> Closure {
    let below: BTreeSet<u8> = closure.iter().filter(|(a, _)| *a == subtree).map(|(_, d)| *d).collect();
    let above: BTreeSet<u8> = closure.iter().filter(|(_, d)| *d == parent).map(|(a, _)| *a).collect();
    let mut rows: Closure = closure.iter().copied().filter(|(a, d)| !below.contains(d) || below.contains(a)).collect();
    rows.extend(above.iter().flat_map(|a| below.iter().map(|d| (*a, *d))));
    rows
}

proptest! {
    /// However organisations are moved, the closure kept step by step equals the closure computed anew, and no ring arises.
    #[test]
    fn closure_follows_moves(
        shape in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..30),
    ) {
        let size = u8::try_from(shape.len()).unwrap() + 1;
        let mut parents: Parents =
            (1..size).map(|n| (n, u8::try_from(shape[usize::from(n) - 1].index(usize::from(n))).unwrap())).collect();
        let mut closure = closure_from_scratch(&parents, size);
        for (from, to) in moves {
            let subtree = u8::try_from(from.index(usize::from(size))).unwrap();
            let parent = u8::try_from(to.index(usize::from(size))).unwrap();
            let within = closure.contains(&(subtree, parent));
            let office = |n| standing(n, OrganisationKind::Office, 1);
            let allowed = check_move(office(subtree), 0, office(parent), within);
            prop_assert_eq!(allowed.is_ok(), !within);
            if allowed.is_ok() {
                closure = moved(&closure, subtree, parent);
                parents.insert(subtree, parent);
            }
            prop_assert_eq!(&closure, &closure_from_scratch(&parents, size));
        }
    }

    /// Whatever order a file names organisations in, parents are placed first and each row once.
    #[test]
    fn load_is_ordered(order in Just((0..40_u8).collect::<Vec<_>>()).prop_shuffle()) {
        let rows: Vec<_> = order.iter().map(|n| row(*n, (*n > 0).then(|| (n - 1) / 3))).collect();
        let placed = order_load(&rows, |_| None).unwrap();
        let at: BTreeMap<&str, usize> = placed.iter().enumerate().map(|(at, i)| (rows[*i].code.as_str(), at)).collect();
        prop_assert_eq!(at.len(), rows.len());
        for row in &rows {
            if let Some(parent) = &row.parent_code {
                prop_assert!(at[parent.as_str()] < at[row.code.as_str()]);
            }
        }
    }

    #[test]
    fn codes_are_never_mended_silently(text in "\\PC{0,40}") {
        if let Some(code) = parse_code(&text) {
            prop_assert_eq!(parse_code(&code), Some(code.clone()));
            prop_assert!(code.len() <= 32 && !code.is_empty());
        }
    }
}

fn row(n: u8, parent: Option<u8>) -> NewOrganisation {
    let kind = if parent.is_none() { OrganisationKind::City } else { OrganisationKind::Office };
    NewOrganisation {
        code: format!("N{n}"),
        parent_code: parent.map(|p| format!("N{p}")),
        kind,
        name: format!("机构{n}"),
        short_name: format!("机构{n}"),
        division_code: None,
    }
}

#[test]
fn a_ring_in_a_file_is_refused() {
    let rows = [row(1, Some(2)), row(2, Some(1))];
    assert!(matches!(order_load(&rows, |_| None), Err(IdentityError::LoadRow { .. })));
}

#[test]
fn a_row_that_is_its_own_parent_is_refused() {
    assert!(matches!(order_load(&[row(1, Some(1))], |_| None), Err(IdentityError::LoadRow { .. })));
}

#[test]
fn an_unknown_parent_is_named() {
    let rows = [row(5, Some(9))];
    match order_load(&rows, |_| None) {
        Err(IdentityError::LoadRow { code }) => assert_eq!(code, "N5"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn kinds_stand_where_the_law_puts_them() {
    use OrganisationKind::*;
    assert!(City.fits_under(None) && !City.fits_under(Some(City)));
    assert!(County.fits_under(Some(City)) && !County.fits_under(Some(County)));
    assert!(Street.fits_under(Some(County)) && !Street.fits_under(Some(City)));
    assert!(Community.fits_under(Some(Street)) && !Community.fits_under(Some(Community)));
    assert!(Office.fits_under(Some(Office)) && !Office.fits_under(Some(Community)));
    assert!(Department.fits_under(Some(County)) && !Department.fits_under(Some(Street)));
    assert!(OrganisationKind::ALL.into_iter().all(|kind| OrganisationKind::parse(kind.code()) == Some(kind)));
}

fn closing() -> Closing {
    Closing {
        subject: standing(1, OrganisationKind::Department, 1),
        has_open_children: false,
        has_staff: false,
        opened_on: date!(2015 - 01 - 01),
        closed_on: date!(2019 - 01 - 01),
        today: date!(2019 - 01 - 01),
        successor: None,
    }
}

#[test]
fn closing_needs_an_empty_house_or_a_successor() {
    assert!(check_closing(&closing()).is_ok());
    let staffed = Closing { has_staff: true, ..closing() };
    assert!(matches!(check_closing(&staffed), Err(IdentityError::HasStaff)));
    let successor = Some(standing(2, OrganisationKind::Department, 1));
    assert!(check_closing(&Closing { successor, ..staffed }).is_ok());
    assert!(matches!(
        check_closing(&Closing { successor, has_open_children: true, ..closing() }),
        Err(IdentityError::HasOpenChildren)
    ));
    let itself = Some(standing(1, OrganisationKind::Department, 1));
    assert!(matches!(
        check_closing(&Closing { successor: itself, ..closing() }),
        Err(IdentityError::SuccessorIsItself)
    ));
    let early = Closing { closed_on: date!(2014 - 12 - 31), ..closing() };
    assert!(matches!(check_closing(&early), Err(IdentityError::ClosedBeforeOpened)));
    let late = Closing { closed_on: date!(2019 - 01 - 02), ..closing() };
    assert!(matches!(check_closing(&late), Err(IdentityError::ClosedInFuture)));
    let root = Closing { subject: standing(1, OrganisationKind::City, 0), ..closing() };
    assert!(matches!(check_closing(&root), Err(IdentityError::RootStays)));
}
