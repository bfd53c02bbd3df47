//! Residents as four departments know them when nobody has cleaned anything: what linkage is measured on.
//!
//! The people are those of the plan, with what makes them hard to tell apart put in: twins, a spouse's telephone, homes that were
//! left, names that were changed. Each department then errs in its own way: by the sound of a character or by its shape, in the traditional form,
//! with an old number of fifteen digits or none, a digit wrong, a day that is only a year. Rates are our own, from general knowledge, and no
//! statistics. Who is who is written to a file apart.
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::LazyLock;

use linkage::hanzi::{Glyph, Likeness};

use super::dice::Dice;
use super::names;
use super::numbers::{self, Day};
use super::people::{BLOCK, Crowd, Line, Person, ascii};
use super::places::{Door, Places};

/// The columns of the file of records.
pub const HEADERS: [&str; 10] =
    ["record_id", "source", "name", "former_name", "citizen_id", "born", "sex", "phone", "address", "division"];

const PURPOSE: u64 = 40;
/// Twins are numbered apart from the people of the plan.
const TWINS_FROM: u64 = 1 << 40;

/// How a department errs, in thousands.
struct Department {
    code: &'static str,
    /// Of whom it holds a record, in hundreds.
    holds: u32,
    name_wrong: u32,
    number_none: u32,
    number_old: u32,
    number_wrong: u32,
    born_none: u32,
    born_wrong: u32,
    phone_none: u32,
    phone_other: u32,
    phone_wrong: u32,
    address_none: u32,
    address_other: u32,
}

#[rustfmt::skip]
const DEPARTMENTS: [Department; 4] = [
    Department { code: "police", holds: 92, name_wrong: 4, number_none: 4, number_old: 3, number_wrong: 2, born_none: 0, born_wrong: 3,
        phone_none: 550, phone_other: 150, phone_wrong: 5, address_none: 5, address_other: 30 },
    Department { code: "insurance", holds: 62, name_wrong: 18, number_none: 30, number_old: 15, number_wrong: 10, born_none: 300, born_wrong: 8,
        phone_none: 80, phone_other: 120, phone_wrong: 10, address_none: 350, address_other: 180 },
    Department { code: "health", holds: 48, name_wrong: 45, number_none: 260, number_old: 20, number_wrong: 20, born_none: 20, born_wrong: 35,
        phone_none: 60, phone_other: 130, phone_wrong: 18, address_none: 150, address_other: 150 },
    Department { code: "civil", holds: 22, name_wrong: 40, number_none: 120, number_old: 60, number_wrong: 18, born_none: 450, born_wrong: 20,
        phone_none: 350, phone_other: 150, phone_wrong: 10, address_none: 120, address_other: 120 },
];

/// One resident with what is hard about him.
#[derive(Clone, Copy)]
struct Hard {
    id: u64,
    person: Person,
    number: [u8; 18],
    former_second: &'static str,
    line: Line,
}

/// Writes so many records, one department after the other, and who each is of.
pub fn write_hard(seed: u64, records: u64, to: impl Write, truth: impl Write) -> io::Result<()> {
    let (mut to, mut truth) = (io::BufWriter::with_capacity(1 << 20, to), io::BufWriter::with_capacity(1 << 20, truth));
    writeln!(to, "{}", HEADERS.join(","))?;
    writeln!(truth, "record_id,person")?;
    let held: u32 = DEPARTMENTS.iter().map(|department| department.holds).sum();
    let mut written = 0;
    for (number, department) in DEPARTMENTS.iter().enumerate() {
        let last = number + 1 == DEPARTMENTS.len();
        let share = if last { records - written } else { records * u64::from(department.holds) / u64::from(held) };
        write_department(seed, number, share, written, &mut to, &mut truth)?;
        written += share;
    }
    to.flush()?;
    truth.flush()
}

fn write_department(
    seed: u64,
    number: usize,
    records: u64,
    from: u64,
    to: &mut impl Write,
    truth: &mut impl Write,
) -> io::Result<()> {
    let department = &DEPARTMENTS[number];
    let mut crowd = Crowd::new(seed);
    let mut dice = Dice::new(seed, PURPOSE + 1 + number as u64);
    let (mut line, mut written) = (String::new(), 0);
    for block in 0.. {
        if written == records {
            break;
        }
        dice.turn_to(block);
        for hard in hard_block(seed, block, &mut crowd) {
            if written < records && dice.happens(department.holds, 100) {
                line.clear();
                let _ = write!(line, "{},{},", from + written, department.code);
                write_record(&hard, department, &mut dice, &mut line);
                writeln!(to, "{line}")?;
                writeln!(truth, "{},{}", from + written, hard.id)?;
                written += 1;
            }
        }
    }
    Ok(())
}

/// The people of a block with their twins.
fn hard_block(seed: u64, block: u64, crowd: &mut Crowd) -> Vec<Hard> {
    let mut dice = Dice::new(seed, PURPOSE);
    dice.turn_to(block);
    let people: [Person; BLOCK] = crowd.block(block);
    let mut out = Vec::with_capacity(BLOCK + 1);
    for person in people {
        let spouse = people.iter().find(|other| other.household == person.household && other.relation == "0");
        let line = match spouse {
            Some(head) if person.relation == "1" && dice.happens(22, 100) => head.line,
            _ => person.line,
        };
        let renamed = dice.happens(8, 1000);
        let other = names::given(&mut dice, person.name.surname, person.male, person.birth.year);
        let former_second = if renamed { other.first } else { "" };
        out.push(Hard { id: person.index, person, number: person.number, former_second, line });
        if matches!(person.relation, "2" | "3") && dice.happens(25, 1000) {
            out.push(twin(&person, &mut dice));
        }
    }
    out
}

/// Born on the same day at the same place, of the next number, and often with half a name in common.
fn twin(person: &Person, dice: &mut Dice) -> Hard {
    let mut twin = *person;
    let other = names::given(dice, person.name.surname, person.male, person.birth.year);
    twin.name.second = if twin.name.second.is_empty() { "" } else { other.first };
    if twin.name == person.name || dice.happens(1, 3) {
        twin.name = other;
    }
    let sequence = ascii(&person.number[14..17]).parse::<u32>().unwrap_or(0);
    numbers::digits(&mut twin.number[14..17], (sequence + 2) % 1000);
    twin.number[17] = numbers::citizen_check(&twin.number[..17]);
    twin.index += TWINS_FROM;
    Hard { id: twin.index, person: twin, number: twin.number, former_second: "", line: person.line }
}

fn write_record(hard: &Hard, department: &Department, dice: &mut Dice, to: &mut String) {
    write_name(hard, department, dice, to);
    to.push(',');
    write_number(hard, department, dice, to);
    to.push(',');
    if !dice.happens(department.born_none, 1000) {
        write_born(hard.person.birth, dice.happens(department.born_wrong, 1000), dice, to);
    }
    to.push_str(if hard.person.male { ",1," } else { ",2," });
    if !dice.happens(department.phone_none, 1000) {
        write_phone(hard.line, department, dice, to);
    }
    to.push(',');
    write_home(hard, department, dice, to);
}

fn write_name(hard: &Hard, department: &Department, dice: &mut Dice, to: &mut String) {
    let mut name = String::new();
    hard.person.name.write(&mut name);
    let mut former = String::new();
    if !hard.former_second.is_empty() {
        former = format!("{}{}", hard.person.name.surname, hard.former_second);
        // The police know both names; who has an old file knows the old one.
        if department.code != "police" {
            if dice.happens(1, 2) {
                name = std::mem::take(&mut former);
            }
            former.clear();
        }
    }
    let wrong = dice.happens(department.name_wrong, 1000);
    let throw = dice.below(100);
    let rare = name.chars().any(|c| matches!(c, '䶮' | '堃' | '燚' | '祎'));
    if rare && dice.happens(1, 3) {
        // What a system cannot write is written by its sound, or as a question.
        name = name.chars().map(|c| if matches!(c, '䶮' | '堃' | '燚' | '祎') { '?' } else { c }).collect();
    } else if wrong {
        name = misspelt(&name, throw, dice);
    }
    let _ = write!(to, "{name},{former}");
}

fn misspelt(name: &str, throw: u32, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    let n = chars.len() as u32;
    // Rarely the surname: everybody knows how that is written.
    let at = if dice.happens(1, 8) { 0 } else { 1 + dice.below(n.max(2) - 1) } as usize;
    let at = at.min(chars.len() - 1);
    match throw {
        0..=49 => chars[at] = Neighbours::get().one(&Neighbours::get().sound, chars[at], dice),
        50..=69 => chars[at] = Neighbours::get().one(&Neighbours::get().shape, chars[at], dice),
        70..=79 => {
            for c in &mut chars {
                *c = Neighbours::get().one(&Neighbours::get().traditional, *c, dice);
            }
        }
        80..=87 if n > 2 => {
            chars.remove(at);
        }
        88..=92 if n > 2 => chars.swap(1, 2),
        _ => chars.insert(1, '\u{3000}'),
    }
    chars.into_iter().collect()
}

/// Common characters that are taken for each other.
struct Neighbours {
    sound: HashMap<char, Vec<char>>,
    shape: HashMap<char, Vec<char>>,
    traditional: HashMap<char, Vec<char>>,
}

impl Neighbours {
    fn get() -> &'static Self {
        static ALL: LazyLock<Neighbours> = LazyLock::new(Neighbours::make);
        &ALL
    }

    fn make() -> Self {
        // The first level of GB 2312: the characters of daily use.
        let common: Vec<char> = (0xb0..=0xd7_u8)
            .flat_map(|row| (0xa1..=0xfe_u8).map(move |cell| [row, cell]))
            .filter_map(|pair| {
                encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&pair)?.chars().next()
            })
            .filter(|c| Glyph::of(*c).is_some_and(|glyph| glyph.is_ideograph()))
            .collect();
        let mut out = Self { sound: HashMap::new(), shape: HashMap::new(), traditional: HashMap::new() };
        for c in names::characters() {
            let Some(glyph) = Glyph::of(c) else { continue };
            for other in &common {
                match Glyph::of(*other).map(|other| glyph.likeness(other)) {
                    Some(Likeness::Sound) => out.sound.entry(c).or_default().push(*other),
                    Some(Likeness::Shape) => out.shape.entry(c).or_default().push(*other),
                    _ => {}
                }
            }
            let forms = ('\u{4e00}'..='\u{9fff}').filter(|form| *form != c && Glyph::of(*form) == Some(glyph));
            out.traditional.entry(c).or_default().extend(forms.take(1));
        }
        out
    }

    fn one(&self, of: &HashMap<char, Vec<char>>, c: char, dice: &mut Dice) -> char {
        match of.get(&c) {
            Some(others) if !others.is_empty() => dice.one_of(others),
            _ => c,
        }
    }
}

fn write_number(hard: &Hard, department: &Department, dice: &mut Dice, to: &mut String) {
    let (none, old) = (dice.happens(department.number_none, 1000), dice.happens(department.number_old, 1000));
    let wrong = dice.happens(department.number_wrong, 1000);
    if none {
        return;
    }
    let mut number = hard.number;
    if wrong {
        let at = dice.below(17) as usize;
        if dice.happens(1, 3) && at < 16 {
            number.swap(at, at + 1);
        } else {
            number[at] = b'0' + (number[at] - b'0' + 1 + dice.below(9) as u8) % 10;
        }
    }
    if old && number.starts_with(&hard.number[..6]) && &number[6..8] == b"19" {
        to.push_str(ascii(&number[..6]));
        to.push_str(ascii(&number[8..17]));
    } else {
        to.push_str(ascii(&number));
    }
}

fn write_born(mut born: Day, wrong: bool, dice: &mut Dice, to: &mut String) {
    if wrong {
        match dice.below(10) {
            0..=3 => (born.month, born.day) = (1, 1),
            4..=5 if born.day <= 12 => (born.month, born.day) = (born.day, born.month),
            6..=7 => born.day = 1 + (born.day + 9) % 28,
            _ => born.year = born.year - 1 + 2 * dice.below(2) as u16,
        }
    }
    let _ = write!(to, "{:04}-{:02}-{:02}", born.year, born.month, born.day);
}

fn write_phone(line: Line, department: &Department, dice: &mut Dice, to: &mut String) {
    let other = Line::thrown(dice, 0, 0);
    let line = if dice.happens(department.phone_other, 1000) { other } else { line };
    let from = to.len();
    line.write(to);
    if to.len() > from + 4 && dice.happens(department.phone_wrong, 1000) {
        let at = to.len() - 1 - dice.below(7) as usize;
        let digit = to.as_bytes()[at].wrapping_sub(b'0');
        if digit < 10 {
            let wrong = char::from(b'0' + (digit + 1 + dice.below(9) as u8) % 10);
            to.replace_range(at..=at, wrong.encode_utf8(&mut [0; 4]));
        }
    }
}

fn write_home(hard: &Hard, department: &Department, dice: &mut Dice, to: &mut String) {
    let places = Places::get();
    let other: Door = places.door(dice, 0);
    let moved = dice.happens(department.address_other, 1000);
    let door = if moved { other } else { hard.person.door };
    let style = dice.below(10);
    if !dice.happens(department.address_none, 1000) {
        let mut address = String::new();
        places.write_address(door, &mut address);
        match style {
            0..=3 => to.push_str(address.trim_start_matches("江苏省南通市").trim_start_matches("江苏省")),
            4 => to.push_str(&address.replace('幢', "栋").replace('室', "")),
            5 => to.push_str(&address.replace('幢', "-").replace('室', "")),
            _ => to.push_str(&address),
        }
    }
    to.push(',');
    if style != 9 {
        to.push_str(places.code(door));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(records: u64) -> (Vec<Vec<String>>, Vec<u64>) {
        let (mut file, mut truth) = (Vec::new(), Vec::new());
        write_hard(7, records, &mut file, &mut truth).unwrap();
        let rows = String::from_utf8(file).unwrap();
        let truth = String::from_utf8(truth).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        (
            rows.lines().skip(1).map(cells).collect(),
            truth.lines().skip(1).map(|line| cells(line)[1].parse().unwrap()).collect(),
        )
    }

    #[test]
    fn the_same_seed_is_the_same_file_and_every_record_has_its_person() {
        let (rows, truth) = written(5_000);
        assert_eq!((rows.len(), truth.len()), (5_000, 5_000));
        assert!(rows.iter().all(|row| row.len() == HEADERS.len()));
        assert_eq!(rows, written(5_000).0);
        let people: std::collections::HashSet<u64> = truth.iter().copied().collect();
        assert!((1_800..3_200).contains(&people.len()), "{}", people.len());
    }

    #[test]
    fn what_is_hard_is_in_it() {
        let (rows, truth) = written(20_000);
        let share = |test: &dyn Fn(&Vec<String>) -> bool| {
            rows.iter().filter(|row| test(row)).count() as f64 / rows.len() as f64
        };
        assert!((0.02..0.2).contains(&share(&|row| row[4].is_empty())), "numbers are missing");
        assert!((0.005..0.05).contains(&share(&|row| row[4].len() == 15)), "numbers are old");
        assert!(truth.iter().any(|person| *person >= TWINS_FROM), "there are twins");
        assert!(rows.iter().any(|row| row[2].contains('?')), "a character could not be written");
    }
}
