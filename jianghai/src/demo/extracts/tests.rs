//! The extracts against the checks of `jh_core`, against themselves, and against their own counts.
use std::collections::{HashMap, HashSet};

use jh_core::code::citizen_id::CitizenId;
use jh_core::code::division::{DivisionCode, DivisionTable};
use jh_core::code::phone::Phone;
use jh_core::code::uscc::Uscc;
use jh_core::code::{date, division};

use super::*;

fn small() -> Plan {
    Plan { seed: 7, people: 12_000, enterprises: 2_000 }
}

/// The rows of a person extract by header, with their truths. Nothing in these files is quoted.
fn read(kind: PersonExtract, plan: &Plan) -> (Vec<HashMap<&'static str, String>>, Vec<Truth>, Counts) {
    let (mut bytes, mut truths) = (Vec::new(), Vec::new());
    let counts = write_persons(kind, plan, &mut bytes, |truth| truths.push(truth)).unwrap();
    let text = match kind {
        PersonExtract::Insurance => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
        _ => String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}').to_owned(),
    };
    (cells(&text, kind.headers()), truths, counts)
}

fn cells(text: &str, headers: &'static [&'static str]) -> Vec<HashMap<&'static str, String>> {
    let mut lines = text.split_terminator("\r\n");
    assert_eq!(lines.next(), Some(headers.join(",").as_str()));
    lines
        .map(|line| {
            let row: Vec<&str> = line.split(',').collect();
            assert_eq!(row.len(), headers.len(), "{line}");
            headers.iter().copied().zip(row.into_iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// What a tolerant reader makes of a cell before it checks it.
fn mended(cell: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap(),
        _ => c,
    };
    cell.chars().filter(|c| *c != '\u{3000}').map(narrow).collect::<String>().trim().to_owned()
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_does_not() {
    let bytes = |kind, plan: &Plan| {
        let mut bytes = Vec::new();
        write_person_extract(kind, plan, &mut bytes).unwrap();
        bytes
    };
    let plan = Plan { people: 2_000, ..small() };
    for kind in PersonExtract::ALL {
        let first = bytes(kind, &plan);
        assert!(first == bytes(kind, &plan), "{kind:?} differs from itself");
        assert!(first != bytes(kind, &Plan { seed: 8, ..plan }), "{kind:?} does not ask the seed");
    }
}

#[test]
fn every_accepted_row_passes_every_check_and_every_faulty_row_breaks_the_rule_it_names() {
    for (kind, number, name, day, code, phone) in [
        (PersonExtract::Police, "公民身份号码", "姓名", "出生日期", "户籍地区划", "联系电话"),
        (PersonExtract::Insurance, "证件号码", "参保人姓名", "参保日期", "居住地行政区划代码", "手机号"),
    ] {
        let (rows, truths, _) = read(kind, &small());
        assert_eq!(rows.len(), truths.len());
        for (row, truth) in rows.iter().zip(&truths) {
            let cell = |header: &str| mended(&row[header]);
            let mut broken = HashSet::new();
            if let Err(fault) = CitizenId::parse(&cell(number)) {
                broken.insert(if cell(number).is_empty() { "required" } else { fault.code() });
            }
            if let Err(fault) = date::parse(&cell(day)) {
                broken.insert(fault.code());
            }
            if !DivisionTable::get().ever_valid(DivisionCode::parse(&cell(code)).unwrap()) {
                broken.insert(division::DivisionFault::Unknown.code());
            }
            if let Some(fault) =
                Some(cell(phone)).filter(|cell| !cell.is_empty()).and_then(|cell| Phone::parse(&cell).err())
            {
                broken.insert(fault.code());
            }
            if cell(name).is_empty() {
                broken.insert("required");
            }
            if cell(name).chars().any(char::is_control) {
                broken.insert("person-name-character");
            }
            if row.values().any(|cell| cell == "Q7") {
                broken.insert("code-unknown");
            }
            match truth.outcome {
                Outcome::Faulty(fault) => assert_eq!(broken, HashSet::from([fault.rule()]), "{kind:?} {row:?}"),
                _ => assert_eq!(broken, HashSet::new(), "{kind:?} {row:?}"),
            }
        }
    }
}

#[test]
fn what_the_number_says_of_birth_and_sex_the_row_says_too() {
    let (rows, truths, _) = read(PersonExtract::Police, &small());
    for (row, truth) in rows.iter().zip(truths) {
        if !matches!(truth.outcome, Outcome::Faulty(_)) {
            let id = CitizenId::parse(&mended(&row["公民身份号码"])).unwrap();
            assert_eq!(date::parse(&row["出生日期"]), Ok(id.birth_on()), "{row:?}");
            assert_eq!(row["性别"], if id.sex().code() == "1" { "男" } else { "女" });
        }
    }
}

#[test]
fn numbers_begin_with_codes_that_were_in_use_when_registration_asked_for_them() {
    let (rows, truths, _) = read(PersonExtract::Police, &Plan { people: 16_000, ..small() });
    let mut seen = HashSet::new();
    for (row, truth) in rows.iter().zip(truths) {
        if truth.outcome != Outcome::Clean {
            continue;
        }
        let id = CitizenId::parse(&row["公民身份号码"]).unwrap();
        let asked = id.birth_on().max(time::macros::date!(1984 - 06 - 30));
        assert!(DivisionTable::get().valid_on(id.division(), asked), "{row:?}");
        seen.insert(id.division().number());
    }
    for code in [
        320_602, 320_611, 320_624, 320_683, 320_612, 320_621, 320_622, 320_682, 320_623, 320_625, 320_684, 320_626,
        320_681,
    ] {
        assert!(seen.contains(&code), "nobody with {code}");
    }
    assert!(seen.iter().any(|code| code / 10_000 != 32), "somebody came from another province");
}

#[test]
fn nobody_shares_a_number_whatever_the_size_of_the_plan() {
    // The widest cells are what could collide: all steps of some sequence numbers, at the very end of what a plan takes.
    for seed in [2015, u64::MAX] {
        for pair in [0, 498] {
            let mut seen = HashSet::new();
            let indices = (0..numbers::INDEX_MAX / 499).map(|step| step * 499 + pair);
            assert!(indices.map(|index| numbers::origin(index, seed).number(true)).all(|number| seen.insert(number)));
        }
    }
    let (mut crowd, mut seen) = (people::Crowd::new(2015), HashSet::new());
    assert!((0..5_000).flat_map(|block| crowd.block(block)).all(|person| seen.insert(person.number)));
}

#[test]
fn counts_are_of_the_rows_that_were_written() {
    for kind in PersonExtract::ALL {
        let mut truths = Vec::new();
        let counts = write_persons(kind, &small(), std::io::sink(), |truth| truths.push(truth)).unwrap();
        assert_eq!(counts.rows, counts.clean + counts.mended + counts.faulty + counts.repeated);
        assert_eq!(counts.rows, truths.len() as u64);
        assert_eq!(counts.by_fault.values().sum::<u64>(), counts.faulty);
        let subjects: HashSet<u64> =
            truths.iter().filter(|truth| truth.outcome != Outcome::Repeated).map(|truth| truth.subject).collect();
        assert_eq!(subjects.len() as u64, counts.rows - counts.repeated, "{kind:?}");
        let share = |part: u64| part as f64 / counts.rows as f64;
        assert!((0.010..0.020).contains(&share(counts.faulty)), "{kind:?} {counts:?}");
        assert!((0.014..0.026).contains(&share(counts.mended)), "{kind:?} {counts:?}");
        for way in kind.layout().faults {
            assert!(counts.by_fault.contains_key(way.0.name()), "{kind:?} never shows {}", way.0.name());
        }
    }
}

#[test]
fn a_repeated_row_has_the_bytes_of_an_earlier_row_about_the_same_person() {
    let (rows, truths, counts) = read(PersonExtract::Police, &small());
    assert!(counts.repeated > 10);
    for at in (0..rows.len()).filter(|at| truths[*at].outcome == Outcome::Repeated) {
        let earlier = (0..at).find(|earlier| truths[*earlier].subject == truths[at].subject).unwrap();
        assert_eq!(rows[earlier], rows[at]);
    }
}

#[test]
fn departments_hold_overlapping_people_under_the_same_names() {
    let named = |kind: PersonExtract, number: &str, name: &str| -> HashMap<String, String> {
        let (rows, truths, _) = read(kind, &small());
        let sound = rows.iter().zip(truths).filter(|(_, truth)| truth.outcome == Outcome::Clean);
        let id = |row: &HashMap<&str, String>| CitizenId::parse(&row[number]).unwrap().normalised().to_owned();
        sound.map(|(row, _)| (id(row), row[name].clone())).collect()
    };
    let police = named(PersonExtract::Police, "公民身份号码", "姓名");
    let insured = named(PersonExtract::Insurance, "证件号码", "参保人姓名");
    let both: Vec<_> = insured.iter().filter(|(id, _)| police.contains_key(*id)).collect();
    assert!(both.len() > insured.len() * 9 / 10 && both.len() < insured.len());
    assert!(both.iter().all(|(id, name)| police[*id] == **name));
    let known = people_accepted(&small()).unwrap();
    assert!(known > police.len() as u64 && known <= small().people + small().people / 25);
}

#[test]
fn enterprises_check_and_their_leaders_are_in_the_police_file() {
    let (mut bytes, mut truths) = (Vec::new(), Vec::new());
    write_enterprises(&small(), &mut bytes, |truth| truths.push(truth)).unwrap();
    let rows = cells(&String::from_utf8(bytes).unwrap(), layouts::REGISTRATION.headers);
    let (police, of_police, _) = read(PersonExtract::Police, &small());
    let known: HashSet<String> = police
        .iter()
        .zip(of_police)
        .filter(|(_, truth)| truth.outcome == Outcome::Clean)
        .map(|(row, _)| CitizenId::parse(&row["公民身份号码"]).unwrap().normalised().to_owned())
        .collect();
    let (mut codes, mut led, mut accepted) = (HashSet::new(), 0, 0);
    for (row, truth) in rows.iter().zip(truths) {
        let code = Uscc::parse(&mended(&row["统一社会信用代码"]));
        match truth.outcome {
            Outcome::Repeated => {}
            Outcome::Faulty(fault) => match code {
                Err(found) if !row["统一社会信用代码"].is_empty() => {
                    assert_eq!(found.code(), fault.rule(), "{row:?}")
                }
                _ => assert!(!fault.name().starts_with("uscc-ch"), "{row:?}"),
            },
            _ => {
                accepted += 1;
                assert!(codes.insert(code.unwrap().as_str().to_owned()), "{row:?}");
                led += u32::from(known.contains(&row["法定代表人证件号码"]));
            }
        }
    }
    assert!(accepted > 1_900 && led > accepted * 9 / 10, "{led} of {accepted}");
}

#[test]
fn the_spreadsheet_stays_below_its_bound_however_many_people_there_are() {
    let counts = writing::count_persons(PersonExtract::Health, &Plan { people: 60_000, ..small() }).unwrap();
    assert!((17_000..=SPREADSHEET_ROWS_MAX).contains(&counts.rows), "{}", counts.rows);
}

#[test]
fn the_story_has_five_faults_at_named_cells_and_is_right_when_corrected() {
    let dir = std::env::temp_dir().join(format!("jh-story-{}", std::process::id()));
    let story = story_files(&dir).unwrap();
    let text = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let (faulty, corrected) = (text(&story.faulty), text(&story.corrected));
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!((story.rows, story.faults.len()), (40, 5));
    let (faulty, corrected): (Vec<_>, Vec<_>) = (faulty.lines().collect(), corrected.lines().collect());
    assert_eq!((faulty.len(), corrected.len()), (41, 41));
    let different: Vec<u64> =
        (1..).zip(faulty.iter().zip(&corrected)).filter(|(_, (a, b))| a != b).map(|(n, _)| n).collect();
    assert_eq!(different, story.faults.iter().map(|fault| fault.row).collect::<Vec<_>>());
    for fault in &story.faults {
        let column =
            faulty[0].trim_start_matches('\u{feff}').split(',').position(|header| header == fault.column).unwrap();
        let at = fault.row as usize - 1;
        assert_eq!(faulty[at].split(',').nth(column), Some(fault.value.as_str()));
        assert_eq!(corrected[at].split(',').nth(column), Some(fault.correct.as_str()));
        assert!(!fault.correct.is_empty());
    }
    for line in &corrected[1..] {
        let cells: Vec<&str> = line.split(',').collect();
        let id = CitizenId::parse(cells[0]).unwrap();
        assert_eq!(date::parse(cells[3]), Ok(id.birth_on()));
    }
}

#[test]
fn the_population_table_counts_everyone_once() {
    let mut bytes = Vec::new();
    assert_eq!(write_population(&small(), &mut bytes).unwrap(), 7 * 2 * 18);
    let text = String::from_utf8(bytes).unwrap();
    let people: u64 = text.lines().skip(1).map(|line| line.split(',').nth(4).unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(people, small().people);
    assert!(text.lines().skip(1).all(|line| line.ends_with(SYNTHETIC)));
}

#[test]
fn a_plan_too_large_to_tell_people_apart_is_refused() {
    let plan = Plan { people: PEOPLE_MAX + 1, ..small() };
    assert!(write_person_extract(PersonExtract::Police, &plan, std::io::sink()).is_err());
    const { assert!(PEOPLE_MAX >= 7_000_000) };
}
