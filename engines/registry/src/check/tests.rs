//! The checker against rows as departments send them, with the city's real standards.
use std::collections::HashMap;
use std::sync::LazyLock;

use catalogue::api::{Classification, Code, CodeSet, Element, FieldType, Rule};
use time::macros::date;

use super::*;
use crate::kind::{ORGANISATION, PERSON, PLACE};
use crate::mapping::{Choice, MappingFault};
use crate::reader::tests::chunk;

/// The standards that ship with the product.
pub(crate) fn standards() -> (Vec<Element>, Vec<CodeSet>) {
    let rows = |text: &str| {
        let mut reader =
            csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes().to_vec().leak() as &[u8]);
        let rows: Vec<HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
        rows
    };
    let word = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    let elements = rows(include_str!("../../../../data/standards/elements.csv")).into_iter().map(|row| Element {
        identifier: row["key"].clone(),
        code: row["code"].clone(),
        version: 1,
        name: row["name_zh"].clone(),
        name_en: row["name_en"].clone(),
        definition: String::new(),
        definition_en: String::new(),
        field_type: FieldType::from_word(&row["type"]).unwrap_or(FieldType::Text),
        rule: Rule::from_word(&row["rule"]).unwrap_or(Rule::Text),
        code_set: word(&row["code_set"]),
        length_max: row["max_length"].parse().unwrap(),
        classification: Classification::from_word(&row["classification"]).unwrap(),
        source: row["standard"].clone(),
        synonyms: row["synonyms"].split(';').filter_map(word).collect(),
        valid_from_on: date!(2020 - 01 - 01),
    });
    let mut sets: Vec<CodeSet> = Vec::new();
    for row in rows(include_str!("../../../../data/standards/code_sets.csv")) {
        let name = row["code_set"].clone();
        if sets.last().is_none_or(|set| set.identifier != name) {
            let [name_zh, name_en, source] = ["set_name_zh", "set_name_en", "standard"].map(|key| row[key].clone());
            let valid_from_on = date!(2020 - 01 - 01);
            let codes = Vec::new();
            sets.push(CodeSet { identifier: name, version: 1, name: name_zh, name_en, source, valid_from_on, codes });
        }
        let code = Code { code: row["code"].clone(), name: row["name_zh"].clone(), name_en: row["name_en"].clone() };
        sets.last_mut().unwrap().codes.push(code);
    }
    (elements.collect(), sets)
}

pub(crate) static PEOPLE: LazyLock<Schema> = LazyLock::new(|| {
    let (elements, sets) = standards();
    Schema::of_kind(&PERSON, &elements, &sets).unwrap()
});

static ALIASES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| HashMap::from([("320671".to_owned(), "320613".to_owned())]));

pub(crate) fn setting() -> Setting<'static> {
    Setting { today: date!(2026 - 03 - 02), serial_dates: false, division_aliases: &ALIASES }
}

fn check(rows: &[&[&str]]) -> Checked {
    let chunk = chunk(rows);
    let mapping = Mapping::find(&PEOPLE, &[], &chunk, setting()).unwrap();
    Checker::new(&PEOPLE, &mapping, setting()).check(&chunk)
}

/// `column rule value` of every fault of a single row.
fn faults(header: &[&str], row: &[&str]) -> Vec<String> {
    let checked = check(&[header, row]);
    let faults = checked.rejects.iter().flat_map(|reject| &reject.faults);
    faults.map(|fault| format!("{} {} {}", fault.column, fault.rule, fault.shown)).collect()
}

fn values(header: &[&str], row: &[&str]) -> Vec<String> {
    let checked = check(&[header, row]);
    assert_eq!(checked.rejects, []);
    let good = checked.rows().next().unwrap();
    good.values().map(|(at, text)| format!("{}={text}", PEOPLE.attributes[at].name)).collect()
}

const ID: &str = "32060219900101123X";
const HEADER: &[&str] = &["身份证号", "姓名"];

#[test]
fn a_good_row_comes_out_in_normal_form_with_what_the_number_tells() {
    let header = &["姓 名*", "居民身份证号码（必填）", "性别", "出生日期", "民族", "联系电话", "现住址", "备用"];
    let row = &[" 张三 ", "32060219900101123X", "男", "1990/1/1", "汉", "１３８１２３４５６７８", "人民路１号", "x"];
    let expected = [
        "citizen_id=32060219900101123X",
        "person_name=张三",
        "sex=1",
        "birth_on=1990-01-01",
        "ethnic_group=01",
        "mobile_phone=13812345678",
        "residence_address=人民路1号",
    ];
    assert_eq!(values(header, row), expected);
    assert_eq!(values(HEADER, &[ID, "张三"])[2..], ["sex=1", "birth_on=1990-01-01"]);
}

#[test]
fn an_old_number_of_15_digits_becomes_its_18() {
    let checked = check(&[HEADER, &["320602900101123", "张三"]]);
    assert_eq!(checked.rows().next().unwrap().value(0), Some(ID));
    assert_eq!(checked.rows_mended, 1);
}

#[test]
fn a_number_given_under_an_ended_code_is_good_and_one_of_no_division_is_not() {
    // 320626 was 启东县 until 1989.
    let seventeen = "32062619700101123";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let id = format!("{seventeen}{}", char::from(b"10X98765432"[(sum % 11) as usize]));
    assert_eq!(values(HEADER, &[&id, "张三"])[0], format!("citizen_id={id}"));
    assert_eq!(faults(HEADER, &["990602199001011239", "张三"]), ["身份证号 citizen-id-division 990*************39"]);
}

#[test]
fn each_fault_names_column_rule_and_value_and_masks_what_is_sensitive() {
    assert_eq!(faults(HEADER, &["320602199001011238", "张三"]), ["身份证号 citizen-id-checksum 320*************38"]);
    assert_eq!(faults(HEADER, &["", ""]), ["身份证号 missing ", "姓名 missing "]);
    assert_eq!(
        faults(&["身份证号", "姓名", "性别"], &[ID, "张3", "甲"]),
        ["姓名 name-character 张3", "性别 code-unknown 甲"]
    );
    let header = &["身份证号", "姓名", "手机号", "出生日期", "户籍区划代码"];
    assert_eq!(
        faults(header, &[ID, "张三", "12345", "1990-02-30", "999999"]),
        ["出生日期 date-not-real 1990-02-30", "户籍区划代码 division-unknown 999999", "手机号 phone-format 1***5"]
    );
}

#[test]
fn birth_and_sex_that_disagree_with_the_number_are_faults() {
    let header = &["身份证号", "姓名", "性别", "出生日期"];
    assert_eq!(
        faults(header, &[ID, "张三", "女", "1990-01-02"]),
        ["出生日期 birth-disagrees 1990-01-02", "性别 sex-disagrees 女"]
    );
    assert_eq!(faults(&["身份证号", "姓名", "死亡日期"], &[ID, "张三", "1989-12-31"]).len(), 1);
}

#[test]
fn days_yet_to_come_and_births_yet_to_come_are_refused() {
    assert_eq!(
        faults(&["身份证号", "姓名", "参保日期"], &[ID, "张三", "2026-03-03"]),
        ["参保日期 date-in-future 2026-03-03"]
    );
}

#[test]
fn divisions_are_understood_by_code_by_name_and_through_other_schemes() {
    let header = &["身份证号", "姓名", "居住地区划"];
    for (written, code) in
        [("320602", "320602"), ("崇川区", "320613"), ("320671", "320613"), ("南通市通州区", "320612")]
    {
        let found = values(header, &[ID, "张三", written]);
        assert!(found.contains(&format!("residence_division={code}")), "{written}: {found:?}");
    }
    assert_eq!(faults(header, &[ID, "张三", "通州区"]), ["居住地区划 division-ambiguous 通州区"]);
}

#[test]
fn script_and_formulas_are_text_and_control_characters_are_refused() {
    let header = &["身份证号", "姓名", "单位名称"];
    let found = values(header, &[ID, "张三", "<script>alert(1)</script>"]);
    assert!(found.contains(&"employer_name=<script>alert(1)</script>".to_owned()));
    assert_eq!(faults(header, &[ID, "张三", "a\u{7}b"]), ["单位名称 control-character a\u{7}b"]);
    assert_eq!(faults(header, &[ID, "张三", "a\0b"]), ["单位名称 control-character a\u{fffd}b"]);
}

#[test]
fn serial_days_are_understood_where_a_workbook_gave_them() {
    let attribute = &PEOPLE.attributes[PEOPLE.position("insured_on").unwrap()];
    let mut out = String::new();
    let sheet = Setting { serial_dates: true, ..setting() };
    assert!(value::check(attribute, "42064", sheet, &mut out).is_ok_and(|passed| passed.mended));
    assert_eq!(out, "2015-03-01");
    assert_eq!(value::check(attribute, "42064", setting(), &mut out).unwrap_err().0, "date-format");
}

#[test]
fn organisations_and_places_are_checked_by_their_own_standards() {
    let (elements, sets) = standards();
    let schema = Schema::of_kind(&ORGANISATION, &elements, &sets).unwrap();
    let rows = chunk(&[
        &["统一社会信用代码", "企业名称", "注册资本（万元）", "成立日期"],
        &["91320600138299578W", "南通甲有限公司", "1,000.50", "2001.5.6"],
        &["91320600138299578X", "乙", "一千万", "2001-05-06"],
    ]);
    let mapping = Mapping::find(&schema, &[], &rows, setting()).unwrap();
    let checked = Checker::new(&schema, &mapping, setting()).check(&rows);
    let rules: Vec<_> =
        checked.rejects.iter().flat_map(|reject| reject.faults.iter().map(|fault| fault.rule)).collect();
    assert!(rules.contains(&"decimal-format"), "{rules:?}");
    let schema = Schema::of_kind(&PLACE, &elements, &sets).unwrap();
    let rows = chunk(&[&["名称", "经度", "纬度"], &["狼山", "120.88", "31.95"], &["远方", "220", "31.95"]]);
    let mapping = Mapping::find(&schema, &[], &rows, setting()).unwrap();
    let checked = Checker::new(&schema, &mapping, setting()).check(&rows);
    assert_eq!((checked.len(), checked.rejects[0].faults[0].rule), (1, "degrees-range"));
}

#[test]
fn a_title_above_the_header_is_passed_over_and_unknown_columns_are_reported() {
    let rows = chunk(&[&["南通市人口信息表", ""], &["身份证号", "姓名", "备用一"], &[ID, "张三", ""]]);
    let mapping = Mapping::find(&PEOPLE, &[], &rows, setting()).unwrap();
    let named = mapping.header.iter().zip(&mapping.columns).filter(|(header, _)| !header.trim().is_empty());
    let left_out: Vec<&str> = named.filter(|(_, at)| at.is_none()).map(|(header, _)| header.as_str()).collect();
    assert_eq!((mapping.header_row, left_out), (2, vec!["备用一"]));
    assert_eq!(Checker::new(&PEOPLE, &mapping, setting()).check(&rows).len(), 1);
}

#[test]
fn two_columns_that_say_the_same_are_named_by_their_letters() {
    let rows = chunk(&[&["身份证号", "姓名", "公民身份号码"], &[ID, "张三", ID]]);
    let Err(MappingFault::Duplicate { header, columns }) = Mapping::find(&PEOPLE, &[], &rows, setting()) else {
        panic!("accepted")
    };
    assert_eq!((header.as_str(), columns.as_str()), ("公民身份号码", "A 身份证号、C 公民身份号码"));
}

#[test]
fn a_file_without_a_header_is_told_so_and_nobodys_number_becomes_a_column() {
    let rows = chunk(&[&["张三", ID, "13800138000"], &["李四", ID, ""]]);
    assert_eq!(Mapping::find(&PEOPLE, &[], &rows, setting()), Err(MappingFault::NoHeader));
}

#[test]
fn a_missing_header_is_named_or_suggested_from_what_the_cells_hold() {
    let rows = chunk(&[&["姓名"], &["张三"]]);
    let missing = Mapping::find(&PEOPLE, &[], &rows, setting());
    assert_eq!(missing, Err(MappingFault::Missing { labels: "公民身份号码".into() }));
    let rows = chunk(&[&["姓名", "编号"], &["张三", ID]]);
    let Err(MappingFault::Unclear { suggestions, .. }) = Mapping::find(&PEOPLE, &[], &rows, setting()) else {
        panic!()
    };
    assert_eq!(suggestions, [(1, Some(0))]);
    let choice = Choice { column: "编号".into(), attribute: Some("citizen_id".into()) };
    assert_eq!(Mapping::find(&PEOPLE, &[choice], &rows, setting()).unwrap().columns, [Some(1), Some(0)]);
}

#[test]
fn a_report_row_corrected_in_place_is_a_row_again() {
    let checked = check(&[HEADER, &["320602199001011238", "'=1+1"]]);
    let mut out = String::new();
    write_record(checked.rejects[0].cells.iter().map(String::as_str), &mut out);
    assert_eq!(out, "320602199001011238,''=1+1\r\n".replace("''", "'"));
}
