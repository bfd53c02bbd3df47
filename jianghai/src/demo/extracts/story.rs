//! The small file of the story that is clicked through: forty people on relief, five faults, and the file corrected.
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::departments::{Notation, SYNTHETIC};
use super::people::{BLOCK, Crowd, Person, ascii};
use super::places::Places;
use super::row::{Csv, Encoding, Row, Sheet};
use super::{Plan, dice::Dice};

const FAULTY: &str = "演示-民政局-社会救助对象.csv";
const CORRECTED: &str = "演示-民政局-社会救助对象-更正.csv";
const PEOPLE: usize = 40;
const HEADERS: [&str; 9] =
    ["公民身份号码", "姓名", "性别", "出生日期", "户籍地区划", "现住址", "联系电话", "救助类别", "备注"];

/// One fault of the story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoryFault {
    /// The row as a spreadsheet numbers it: the header is 1.
    pub row: u64,
    /// The header of the cell.
    pub column: &'static str,
    /// The rule that reports it: a fault code of `jh_core::code` where one exists.
    pub rule: &'static str,
    /// What the cell holds.
    pub value: String,
    /// What it should hold, and does in the corrected file.
    pub correct: String,
}

/// The two files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// The organisation that sends it.
    pub provider: &'static str,
    /// The resource of the catalogue that it fills.
    pub resource: &'static str,
    /// With five faults.
    pub faulty: PathBuf,
    /// The same without.
    pub corrected: PathBuf,
    /// Data rows of each.
    pub rows: u64,
    /// The faults, by row.
    pub faults: Vec<StoryFault>,
}

/// Writes both files into a folder.
pub fn story_files(dir: &Path) -> io::Result<Story> {
    fs::create_dir_all(dir)?;
    let people = people();
    let mut faults = Vec::new();
    let story = |faulty: bool, faults: &mut Vec<StoryFault>| -> io::Result<PathBuf> {
        let path = dir.join(if faulty { FAULTY } else { CORRECTED });
        let mut to = BufWriter::new(File::create(&path)?);
        let mut csv = Csv::new(&mut to, Encoding::Utf8Bom, &HEADERS)?;
        let mut row = Row::default();
        for (at, person) in people.iter().enumerate() {
            write(&mut row, person, at);
            if let Some(fault) = fault(at, &row).filter(|_| faulty) {
                let column = HEADERS.iter().position(|header| *header == fault.column).unwrap_or(0);
                row.put(column, &fault.value);
                faults.push(fault);
            }
            csv.put(&row)?;
        }
        csv.finish()?;
        Ok(path)
    };
    let faulty = story(true, &mut faults)?;
    let corrected = story(false, &mut faults)?;
    Ok(Story { provider: "NT-MZ", resource: "NT-MZ-003", faulty, corrected, rows: PEOPLE as u64, faults })
}

/// Adults of the demonstration's own plan, so that the story's people are also in the other departments' files.
fn people() -> Vec<Person> {
    let plan = Plan::default();
    let mut crowd = Crowd::new(plan.seed);
    let mut dice = Dice::new(plan.seed, 30);
    let blocks = u32::try_from(plan.people / BLOCK as u64).unwrap_or(1);
    let mut people: Vec<Person> = Vec::with_capacity(PEOPLE);
    while people.len() < PEOPLE {
        let block = crowd.block(u64::from(dice.below(blocks)));
        let adult = block.iter().find(|person| person.age() >= 35 && person.number[17] != b'X');
        people.extend(adult.filter(|adult| people.iter().all(|known| known.index != adult.index)).copied());
    }
    people
}

fn write(row: &mut Row, person: &Person, at: usize) {
    row.clear();
    row.text(ascii(&person.number));
    person.name.write(row.next());
    row.text(if person.male { "男" } else { "女" });
    Notation::Dashed.write(person.birth, row.next());
    row.text(Places::get().code(person.door));
    Places::get().write_address(person.door, row.next());
    person.line.write(row.next());
    row.text(["01", "02", "02", "03", "05"][at % 5]);
    row.text(SYNTHETIC);
}

/// The fault of one row, if it is one of the five.
fn fault(at: usize, row: &Row) -> Option<StoryFault> {
    let cells = row.cells();
    let (column, rule, value) = match at {
        4 => {
            let right = cells[0].as_bytes()[17];
            (0, "citizen-id-checksum", format!("{}{}", &cells[0][..17], if right == b'9' { '0' } else { '9' }))
        }
        11 => (3, "date-not-real", format!("{}-02-30", &cells[3][..4])),
        19 => (4, "division-unknown", "320699".to_owned()),
        26 => (1, "required", String::new()),
        34 => (6, "phone-character", "1385O123456".to_owned()),
        _ => return None,
    };
    Some(StoryFault { row: at as u64 + 2, column: HEADERS[column], rule, value, correct: cells[column].clone() })
}
