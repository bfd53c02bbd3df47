//! The table of division codes against what is known of Nantong and of China.
use jh_core::code::division::{DivisionCode, DivisionFault, DivisionTable, Tier};
use time::macros::date;

fn code(text: &str) -> DivisionCode {
    text.parse().expect("six digits")
}

fn texts(codes: &[DivisionCode]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

#[test]
fn every_row_of_the_source_is_in_the_table() {
    let source = include_str!("../../../data/divisions/gbt2260-history.csv");
    let table = DivisionTable::get();
    assert_eq!(table.all().len(), source.lines().count() - 1);
    assert!(table.all().windows(2).all(|pair| (pair[0].code, pair[0].from_year) < (pair[1].code, pair[1].from_year)));
    assert!(table.all().iter().all(|row| row.until_year.is_none_or(|until| until > row.from_year)));
    let moves: usize = source.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).map(pieces).sum();
    assert_eq!(table.all().iter().map(|row| row.moved.len()).sum::<usize>(), moves);
}

fn pieces(column: &str) -> usize {
    column.split(';').filter(|piece| !piece.is_empty()).count()
}

#[test]
fn chongchuan_has_one_code_until_2020_and_another_after() {
    let table = DivisionTable::get();
    assert_eq!(table.name_of("320602"), Some("崇川区"));
    assert_eq!(table.name_of("320613"), Some("崇川区"));
    assert!(table.valid_on("320602", date!(2019 - 12 - 31)));
    assert!(!table.valid_on("320613", date!(2019 - 12 - 31)));
    // The year of the change is as fine as the source knows: both held in a part of it.
    assert!(table.valid_on("320602", date!(2020 - 06 - 01)) && table.valid_on("320613", date!(2020 - 06 - 01)));
    assert!(!table.valid_on("320602", date!(2021 - 01 - 01)));
    assert!(table.valid_on("320613", date!(2021 - 01 - 01)));
    assert!(table.ever_valid("320602") && !table.in_use("320602"));
    assert_eq!(texts(&table.today("320602")), ["320613"]);
    assert_eq!(texts(&table.today("320611")), ["320613"]);
}

#[test]
fn haimen_is_followed_through_three_codes() {
    let table = DivisionTable::get();
    let next: Vec<_> = table.successors("320625").iter().map(|next| (next.code.to_string(), next.year)).collect();
    assert_eq!(next, [("320684".to_owned(), 1994)]);
    assert_eq!(texts(&table.today("320625")), ["320614"]);
    assert_eq!(texts(&table.today("320621")), ["320685"]);
    assert!(table.successors("320614").is_empty());
    assert_eq!(texts(&table.today("320614")), ["320614"]);
}

#[test]
fn a_code_kept_through_a_renaming_has_a_row_for_each_name() {
    let names: Vec<_> = DivisionTable::get().rows_of("320602").iter().map(|row| row.name).collect();
    assert_eq!(names, ["城区", "崇川区"]);
}

#[test]
fn successors_may_name_a_year_of_their_own() {
    let table = DivisionTable::get();
    let dated =
        table.all().iter().flat_map(|row| &row.moved).filter(|next| next.code == code("130209")).collect::<Vec<_>>();
    assert!(dated.iter().any(|next| next.year == 2012), "{dated:?}");
}

#[test]
fn names_are_given_from_the_province_down() {
    let table = DivisionTable::get();
    for (code, name) in [
        ("320000", "江苏省"),
        ("320600", "江苏省南通市"),
        ("320613", "江苏省南通市崇川区"),
        ("110101", "北京市东城区"),
        ("441900", "广东省东莞市"),
    ] {
        assert_eq!(table.full_name_of(code).as_deref(), Some(name));
    }
}

#[test]
fn statistical_codes_and_nonsense_are_not_divisions() {
    let table = DivisionTable::get();
    for text in ["320671", "999999", "000000", "32060", "3206020", "", "32060x", "３２０６０２"] {
        assert!(!table.ever_valid(text), "{text}");
        assert_eq!(table.name_of(text), None);
        assert!(table.successors(text).is_empty() && table.today(text).is_empty());
    }
    assert!(!table.ever_valid(1_000_000) && table.ever_valid(320_600));
}

#[test]
fn a_records_code_is_checked_as_of_a_day_and_each_fault_is_named() {
    let table = DivisionTable::get();
    let day = date!(2025 - 11 - 22);
    assert_eq!(table.check(" 320613 ", day), Ok(code("320613")));
    for (text, fault) in [
        (" ", DivisionFault::Blank),
        ("3206", DivisionFault::Format),
        ("320671", DivisionFault::Unknown),
        ("320602", DivisionFault::NotInUse),
    ] {
        assert_eq!(table.check(text, day), Err(fault), "{text}");
    }
}

#[test]
fn nantong_today_has_three_districts_one_county_and_three_cities() {
    let names: Vec<_> = DivisionTable::get().within(code("320600")).map(|row| row.name).collect();
    assert_eq!(names, ["通州区", "崇川区", "海门区", "如东县", "启东市", "如皋市", "海安市"]);
}

#[test]
fn china_today_has_thirty_four_provinces() {
    let table = DivisionTable::get();
    let provinces = table.all().iter().filter(|row| row.tier == Tier::Province && row.until_year.is_none());
    assert_eq!(provinces.count(), 34);
}

#[test]
fn every_code_in_use_lies_within_a_province_in_use() {
    let table = DivisionTable::get();
    for row in table.all().iter().filter(|row| row.until_year.is_none()) {
        let province = row.code.province();
        assert!(table.in_use(province) && province.covers(row.code), "{}", row.code);
    }
}
