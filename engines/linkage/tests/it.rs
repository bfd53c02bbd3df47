//! The library as its users see it: what must hold whatever the records are.
use std::collections::BTreeSet;

use linkage::block::Keys;
use linkage::person::{Person, PersonTexts, Resident};
use linkage::{Edge, Limits, Model, Scorer, Training, cluster, predict, train};
use proptest::prelude::*;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙"];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "兰", "霞",
    "平", "刚", "桂", "英", "华",
];
const ROADS: [&str; 6] = ["人民路", "青年路", "工农路", "跃龙路", "解放路", "建设路"];

/// Somebody, as texts: name, number, birth, telephone, address.
type Texts = [String; 5];

fn somebody(rng: &mut ChaCha8Rng) -> Texts {
    let pick = |rng: &mut ChaCha8Rng, from: &[&'static str]| from[rng.random_range(0..from.len())];
    let name = format!("{}{}{}", pick(rng, &SURNAMES), pick(rng, &GIVEN), pick(rng, &GIVEN));
    let (year, month, day) = (rng.random_range(1940..2015), rng.random_range(1..13), rng.random_range(1..29));
    let number = format!("3206{:02}{year}{month:02}{day:02}{:03}X", rng.random_range(1..12), rng.random_range(1..999));
    let phone = format!("139{:08}", rng.random_range(0..100_000_000));
    let address = format!(
        "{}{}号{}幢{}室",
        pick(rng, &ROADS),
        rng.random_range(1..300),
        rng.random_range(1..30),
        rng.random_range(101..1900)
    );
    [name, number, format!("{year}-{month:02}-{day:02}"), phone, address]
}

fn read(texts: &Texts) -> Resident {
    let [name, citizen_id, born, phone, address] = texts.each_ref().map(String::as_str);
    Resident::read(&PersonTexts { name, citizen_id, born, phone, address, ..PersonTexts::default() })
}

/// Each of so many people twice, the second time without some of it; pairs are neighbours.
fn city(people: usize, seed: u64) -> Vec<Resident> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut out = Vec::new();
    for _ in 0..people {
        let texts = somebody(&mut rng);
        out.push(read(&texts));
        let mut again = texts.clone();
        for (at, text) in again.iter_mut().enumerate().skip(1) {
            if rng.random_bool([0.0, 0.3, 0.2, 0.4, 0.4][at]) {
                text.clear();
            }
        }
        out.push(read(&again));
    }
    out
}

fn model() -> &'static Model {
    static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| {
        let records = city(20_000, 1);
        let how = Training { blind_pairs: 500_000, ..Training::default() };
        train::<Person>(&records, &mut Keys::of::<Person>(&records), &how)
    });
    &MODEL
}

struct Linked {
    roots: Vec<u32>,
    edges: Vec<Edge>,
    looked_at: u64,
    refused: usize,
}

fn link(records: &[Resident]) -> Linked {
    let scorer = Scorer::<Person>::new(model());
    let (edges, looked_at) = predict(records, &mut Keys::of::<Person>(records), &scorer, model().review_bits);
    let limits = Limits { same_bits: model().same_bits, ..Limits::default() };
    let clusters =
        cluster(records.len(), &edges, &limits, |a, b| scorer.bits(&records[a as usize], &records[b as usize]));
    let refused = clusters.refused.len();
    Linked { roots: clusters.into_roots(), edges, looked_at, refused }
}

/// The groups as sets of what `name` calls a record.
fn groups(roots: &[u32], name: impl Fn(usize) -> usize) -> BTreeSet<BTreeSet<usize>> {
    let mut by_root = std::collections::BTreeMap::<u32, BTreeSet<usize>>::new();
    for (record, root) in roots.iter().enumerate() {
        by_root.entry(*root).or_default().insert(name(record));
    }
    by_root.into_values().collect()
}

fn largest(roots: &[u32]) -> usize {
    groups(roots, |record| record).iter().map(BTreeSet::len).max().unwrap_or(0)
}

#[test]
fn most_people_are_put_together_and_hardly_any_wrongly() {
    let records = city(10_000, 2);
    let linked = link(&records);
    let right = (0..10_000).filter(|person| linked.roots[2 * person] == linked.roots[2 * person + 1]).count();
    assert!(right > 9_500, "{right} of 10,000 were put together");
    let groups = groups(&linked.roots, |record| record / 2);
    let wrong = groups.iter().filter(|people| people.len() > 1).count();
    assert!(wrong < 50, "{wrong} groups hold several people");
}

#[test]
fn weights_say_what_anybody_would_expect() {
    let scorer = Scorer::<Person>::new(model());
    let full: Texts =
        ["王小明", "32060119800101123X", "1980-01-01", "13912345678", "人民路8号3幢501室"].map(str::to_owned);
    let without = |at: &[usize]| {
        let mut texts = full.clone();
        at.iter().for_each(|at| texts[*at].clear());
        texts
    };
    let bits = |one: &Texts, other: &Texts| scorer.bits(&read(one), &read(other));
    assert!(bits(&full, &full) > 30.0);
    assert!(bits(&full, &without(&[1])) > model().same_bits, "name, day, telephone and home");
    assert!(bits(&full, &without(&[1, 2, 3, 4])) < 0.0, "a name alone is nobody");
    let mut twin = full.clone();
    twin[0] = "王小红".into();
    twin[1] = "32060119800101125X".into();
    assert!(bits(&full, &twin) < model().same_bits, "twins of one home and telephone are two");
    let mut father = full.clone();
    father[2] = "1950-05-05".into();
    father[1] = "32060119500505111X".into();
    assert!(bits(&full, &father) < 0.0, "the same name at the same home, a generation apart");
}

#[test]
fn two_runs_learn_and_link_the_same() {
    let records = city(3_000, 3);
    let how = Training { blind_pairs: 200_000, ..Training::default() };
    let learn = || train::<Person>(&records, &mut Keys::of::<Person>(&records), &how);
    let (one, other) = (learn(), learn());
    assert_eq!(one.odds, other.odds);
    assert_eq!(one.prior.to_bits(), other.prior.to_bits());
    assert_eq!(link(&records).roots, link(&records).roots);
}

#[test]
fn a_hundred_thousand_identical_records_are_bounded_and_left_to_a_clerk() {
    let texts: Texts =
        ["王小明", "32060119800101123X", "1980-01-01", "13912345678", "人民路8号3幢501室"].map(str::to_owned);
    let mut records = vec![read(&texts); 100_000];
    records.extend(city(1_000, 4));
    let linked = link(&records);
    assert!(linked.looked_at < 100_000 * 13 * 9, "{} pairs were looked at", linked.looked_at);
    assert!(linked.refused > 0, "a clerk is told");
    assert!(linked.roots[..100_000].iter().enumerate().all(|(record, root)| record == *root as usize));
    assert!(
        largest(&linked.roots[100_000..].iter().map(|root| root - 100_000).collect::<Vec<_>>()) >= 2,
        "others are linked"
    );
}

#[test]
fn a_chain_does_not_join_a_village() {
    // Each is the one before with one thing changed, in turn another: after four steps nothing is left.
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut texts = somebody(&mut rng);
    texts[1].clear();
    let mut chain = Vec::new();
    for number in 0..400 {
        let at = [0, 2, 3, 4][number % 4];
        texts[at] = somebody(&mut rng)[at].clone();
        chain.push(read(&texts));
    }
    let linked = link(&chain);
    assert!(linked.edges.len() >= 300, "the links are strong: {}", linked.edges.len());
    assert!(largest(&linked.roots) <= 6, "{} of the chain are one person", largest(&linked.roots));
    assert!(linked.refused > 50, "a clerk is told");
}

#[test]
fn an_attribute_that_is_always_missing_does_no_harm() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut records = Vec::new();
    for _ in 0..3_000 {
        let mut texts = somebody(&mut rng);
        texts[1].clear();
        texts[3].clear();
        records.push(read(&texts));
        records.push(read(&texts));
    }
    let how = Training { blind_pairs: 200_000, ..Training::default() };
    let model = train::<Person>(&records, &mut Keys::of::<Person>(&records), &how);
    let numbers = model.odds.iter().flatten().flat_map(|odds| [odds.m, odds.u]);
    assert!(numbers.chain([model.prior]).all(|number| number.is_finite() && number > 0.0));
    let scorer = Scorer::<Person>::new(&model);
    assert!(scorer.bits(&records[0], &records[1]) > model.same_bits);
}

#[test]
fn a_pair_parted_by_a_clerk_stays_parted_and_one_joined_stays_joined() {
    let edges = [
        Edge { one: 0, other: 1, bits: f32::INFINITY },
        Edge { one: 1, other: 2, bits: 12.0 },
        Edge { one: 0, other: 2, bits: 9.0 },
    ];
    let parted = |a: u32, b: u32| if (a.min(b), a.max(b)) == (0, 2) { f32::NEG_INFINITY } else { 12.0 };
    let roots = cluster(3, &edges, &Limits::default(), parted).into_roots();
    assert_eq!(roots, [0, 0, 2]);
    // Two that a clerk has joined, among more than may be one.
    let (limits, mut edges) =
        (Limits { cap: 3, ..Limits::default() }, vec![Edge { one: 1, other: 4, bits: f32::INFINITY }]);
    for one in 0..6 {
        edges.extend((one + 1..6).map(|other| Edge { one, other, bits: 12.0 }));
    }
    assert_eq!(cluster(6, &edges, &limits, |_, _| 12.0).into_roots(), [0, 1, 2, 3, 1, 5]);
}

#[test]
fn nothing_is_too_strange_to_be_read() {
    let long = "王".repeat(10_000);
    for text in [
        "",
        " ",
        "\u{0}\u{1}\u{7f}",
        "😀😀😀",
        "\u{202e}王伟",
        &long,
        "阿依古丽·买买提",
        "WANG XIAOMING",
        "-1",
        "9999999999999999999999",
    ] {
        let record = Resident::read(&PersonTexts {
            name: text,
            former_name: text,
            citizen_id: text,
            born: text,
            sex: text,
            phone: text,
            address: text,
            division: text,
        });
        let bits = Scorer::<Person>::new(model()).bits(&record, &record);
        assert!(bits.is_finite(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The order in which records come does not change the groups, as long as no block is too large to be looked at whole.
    #[test]
    fn the_order_of_arrival_does_not_change_the_groups(seed in any::<u64>()) {
        let records = city(300, seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 1);
        let mut order: Vec<usize> = (0..records.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, rng.random_range(0..=at));
        }
        let shuffled: Vec<Resident> = order.iter().map(|at| records[*at]).collect();
        prop_assert_eq!(groups(&link(&records).roots, |record| record), groups(&link(&shuffled).roots, |record| order[record]));
    }

    #[test]
    fn reading_never_fails_and_a_pair_has_no_order(one in ".{0,40}", other in ".{0,40}", number in "[0-9Xx]{0,20}", day in "[0-9/-]{0,12}") {
        let texts = |name: &str, address: &str| [name, &number, &day, &number, address].map(str::to_owned);
        let (a, b) = (read(&texts(&one, &other)), read(&texts(&other, &one)));
        let scorer = Scorer::<Person>::new(model());
        prop_assert_eq!(scorer.score(&a, &b).parts.iter().map(|part| part.0).collect::<Vec<_>>(),
            scorer.score(&b, &a).parts.iter().map(|part| part.0).collect::<Vec<_>>());
    }
}
