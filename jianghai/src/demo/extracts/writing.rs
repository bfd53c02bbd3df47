//! From a plan to rows: who is in a file, what goes wrong with which row, and the count of it all.
use std::io::{self, Write};

use super::departments::{self, Notation, Style};
use super::dice::{Dice, sums};
use super::enterprises::Register;
use super::layouts;
use super::people::{BLOCK, Crowd, Person};
use super::row::{Csv, Encoding, Layout, Nowhere, Row, Sheet, Xlsx};
use super::tally::{Counts, Outcome, Truth};
use super::{PersonExtract, Plan, SPREADSHEET_ROWS_MAX};

/// Rows in 100,000 that are written a second time further down.
const REPEATED: u32 = 300;
/// In how many throws a fault is looked for.
const THROWS: u32 = 100_000;

/// Writes one department's file of people.
pub fn write_person_extract(kind: PersonExtract, plan: &Plan, to: impl Write) -> io::Result<Counts> {
    write_persons(kind, plan, to, |_| {})
}

/// The same, telling of every row what it truly is.
pub fn write_persons(
    kind: PersonExtract,
    plan: &Plan,
    mut to: impl Write,
    mut told: impl FnMut(Truth),
) -> io::Result<Counts> {
    let headers = kind.headers();
    match kind {
        PersonExtract::Police => persons(kind, plan, &mut Csv::new(&mut to, Encoding::Utf8Bom, headers)?, &mut told),
        PersonExtract::Insurance => persons(kind, plan, &mut Csv::new(&mut to, Encoding::Gb18030, headers)?, &mut told),
        PersonExtract::Health => persons(kind, plan, &mut Xlsx::new(&mut to, "居民健康档案", headers)?, &mut told),
    }
}

/// Writes the registrar's file of enterprises.
pub fn write_enterprise_extract(plan: &Plan, to: impl Write) -> io::Result<Counts> {
    write_enterprises(plan, to, |_| {})
}

/// The same, telling of every row what it truly is.
pub fn write_enterprises(plan: &Plan, mut to: impl Write, mut told: impl FnMut(Truth)) -> io::Result<Counts> {
    plan.check()?;
    let layout = &layouts::REGISTRATION;
    let mut sheet = Csv::new(&mut to, Encoding::Utf8, layout.headers)?;
    let mut clerk = Clerk::new(layout, plan.seed, 20, Notation::Slashed, &mut sheet, &mut told);
    let mut register = Register::new(plan.seed, plan.people / BLOCK as u64);
    let mut crowd = Crowd::new(plan.seed);
    for index in 0..plan.enterprises {
        let enterprise = register.nth(index);
        clerk.enter(index, false, |row, style| departments::registration(row, &enterprise, style, &mut crowd))?;
    }
    clerk.finish()
}

/// What an extract would hold, without writing it.
#[cfg(test)]
pub(super) fn count_persons(kind: PersonExtract, plan: &Plan) -> io::Result<Counts> {
    persons(kind, plan, &mut Nowhere, &mut |_| {})
}

/// How many different people the three extracts together bring into an empty registry.
pub fn people_accepted(plan: &Plan) -> io::Result<u64> {
    let mut known = vec![0_u64; usize::try_from(plan.residents() / 64 + 1).unwrap_or(0)];
    for kind in PersonExtract::ALL {
        persons(kind, plan, &mut Nowhere, &mut |truth: Truth| {
            if matches!(truth.outcome, Outcome::Clean | Outcome::Mended(_))
                && let Some(word) = usize::try_from(truth.subject / 64).ok().and_then(|at| known.get_mut(at))
            {
                *word |= 1 << (truth.subject % 64);
            }
        })?;
    }
    Ok(known.iter().map(|word| u64::from(word.count_ones())).sum())
}

fn persons(kind: PersonExtract, plan: &Plan, sheet: &mut dyn Sheet, told: &mut dyn FnMut(Truth)) -> io::Result<Counts> {
    plan.check()?;
    let (usual, purpose) = match kind {
        PersonExtract::Police => (Notation::Compact, 10),
        PersonExtract::Insurance => (Notation::Dashed, 11),
        PersonExtract::Health => (Notation::Dashed, 12),
    };
    let mut clerk = Clerk::new(kind.layout(), plan.seed, purpose, usual, sheet, told);
    let (mut crowd, mut register) = (Crowd::new(plan.seed), Register::new(plan.seed, plan.people / BLOCK as u64));
    let everyone = if kind == PersonExtract::Police { plan.people } else { plan.residents() };
    let sampled = sampled(plan);
    for block in 0..everyone.div_ceil(BLOCK as u64) {
        for person in crowd.block(block) {
            let included = person.index < everyone
                && match kind {
                    PersonExtract::Police => true,
                    PersonExtract::Insurance => departments::is_insured(&person),
                    PersonExtract::Health => person.traits / 101 % 1_000_000 < sampled,
                };
            if !included {
                continue;
            }
            let old = old_number(kind, &person);
            clerk.enter(person.index, old, |row, style| match kind {
                PersonExtract::Police => departments::police(row, &person, style),
                PersonExtract::Insurance => {
                    departments::insurance(row, &person, style, &mut register, plan.enterprises)
                }
                PersonExtract::Health => departments::health(row, &person, style),
            })?;
            // The sample is sized to stay below; the bound holds whatever chance does.
            if kind == PersonExtract::Health && clerk.counts.rows >= SPREADSHEET_ROWS_MAX - 1 {
                return clerk.finish();
            }
        }
    }
    clerk.finish()
}

/// Residents in a million who have a health record: three of five, or as many as the spreadsheet takes.
fn sampled(plan: &Plan) -> u32 {
    let fitting = (SPREADSHEET_ROWS_MAX - 1_000) * 1_000_000 / plan.residents().max(1);
    u32::try_from(fitting.min(600_000)).unwrap_or(0)
}

/// Whether this department still has the person's number in 15 digits.
fn old_number(kind: PersonExtract, person: &Person) -> bool {
    let of_a_thousand = match kind {
        PersonExtract::Police => 2,
        PersonExtract::Insurance => 15,
        PersonExtract::Health => 12,
    };
    Style::old_number_fits(&person.number) && person.traits / 1_013 % 1_000 < of_a_thousand
}

/// The clerk who types one file: decides for each row what goes wrong with it.
struct Clerk<'a> {
    layout: &'static Layout,
    dice: Dice,
    usual: Notation,
    sheet: &'a mut dyn Sheet,
    told: &'a mut dyn FnMut(Truth),
    counts: Counts,
    row: Row,
    /// A clean row and its subject, to be written once more some rows further down.
    kept: Option<(Row, u64)>,
    faults: Vec<u32>,
    mends: Vec<u32>,
}

impl<'a> Clerk<'a> {
    fn new(
        layout: &'static Layout,
        seed: u64,
        purpose: u64,
        usual: Notation,
        sheet: &'a mut dyn Sheet,
        told: &'a mut dyn FnMut(Truth),
    ) -> Self {
        Self {
            layout,
            dice: Dice::new(seed, purpose),
            usual,
            sheet,
            told,
            counts: Counts::default(),
            row: Row::default(),
            kept: None,
            faults: sums(layout.faults.iter().map(|(_, share)| *share)),
            mends: sums(layout.mends.iter().map(|(_, share)| *share)),
        }
    }

    /// Types one row, and now and then one of the rows before once more.
    fn enter(&mut self, subject: u64, old: bool, write: impl FnOnce(&mut Row, Style)) -> io::Result<()> {
        let faulty = self.faults.last().copied().unwrap_or(0);
        let mended = faulty + self.mends.last().copied().unwrap_or(0);
        let throw = self.dice.below(THROWS);
        self.row.clear();
        if throw >= mended {
            let style = self.liberties(old);
            write(&mut self.row, style);
            self.count_liberties(style);
            self.put(subject, Outcome::Clean, None)?;
            if throw < mended + REPEATED {
                return self.repeat(subject);
            }
            return Ok(());
        }
        write(&mut self.row, Style::usual(self.usual));
        if throw < faulty {
            let (fault, _) = self.layout.faults[self.faults.partition_point(|sum| *sum <= throw)];
            fault.spoil(&mut self.row, self.layout, &mut self.dice);
            self.put(subject, Outcome::Faulty(fault), Some(self.layout.headers[fault.column(self.layout)]))
        } else {
            let (mend, _) = self.layout.mends[self.mends.partition_point(|sum| *sum <= throw - faulty)];
            mend.spoil(&mut self.row, self.layout);
            self.put(subject, Outcome::Mended(mend), Some(self.layout.headers[mend.column(self.layout)]))
        }
    }

    fn liberties(&mut self, old_number: bool) -> Style {
        Style {
            notation: Notation::thrown(&mut self.dice, self.usual),
            old_number,
            small_x: self.dice.happens(1, 4),
            native_days: self.dice.happens(3, 5),
        }
    }

    fn count_liberties(&mut self, style: Style) {
        let number = &*self.row.cell(self.layout.number);
        let small_x = number.ends_with('x');
        for (name, taken) in
            [("old-number", style.old_number), ("small-x", small_x), ("other-notation", style.notation != self.usual)]
        {
            if taken {
                *self.counts.by_liberty.entry(name).or_default() += 1;
            }
        }
    }

    /// Writes the row kept last, which is some hundred rows up, and keeps this one.
    fn repeat(&mut self, subject: u64) -> io::Result<()> {
        let next = Some((self.row.clone(), subject));
        let Some((row, subject)) = std::mem::replace(&mut self.kept, next) else { return Ok(()) };
        self.row = row;
        self.put(subject, Outcome::Repeated, None)
    }

    fn put(&mut self, subject: u64, outcome: Outcome, column: Option<&'static str>) -> io::Result<()> {
        self.sheet.put(&self.row)?;
        self.counts.add(outcome);
        (self.told)(Truth { row: self.counts.rows + 1, subject, outcome, column });
        Ok(())
    }

    fn finish(self) -> io::Result<Counts> {
        self.sheet.finish()?;
        Ok(self.counts)
    }
}
