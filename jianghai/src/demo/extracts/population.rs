//! How many of the registered residents live in each county, by sex and five years of age.
use std::io::{self, Write};

use super::Plan;
use super::departments::SYNTHETIC;
use super::people::{BLOCK, Crowd};
use super::places::{COUNTED, Places};
use super::row::{Csv, Encoding, Row, Sheet};

/// 0–4 to 80–84, and 85 and above.
const BANDS: usize = 18;

/// Writes the table as CSV in UTF-8; gives the number of its rows.
pub fn write_population(plan: &Plan, mut to: impl Write) -> io::Result<u64> {
    plan.check()?;
    let mut counts = [[[0_u64; BANDS]; 2]; COUNTED.len()];
    let mut crowd = Crowd::new(plan.seed);
    for block in 0..plan.people.div_ceil(BLOCK as u64) {
        for person in crowd.block(block).iter().filter(|person| person.index < plan.people) {
            let code = Places::get().code(person.door);
            let county = COUNTED.iter().position(|(known, _)| *known == code).unwrap_or(0);
            counts[county][usize::from(!person.male)][usize::from(person.age() / 5).min(BANDS - 1)] += 1;
        }
    }
    let headers = ["county_code", "county_name", "sex", "age_band", "population", "note"];
    let mut csv = Csv::new(&mut to, Encoding::Utf8, &headers)?;
    let mut row = Row::default();
    let mut rows = 0;
    for ((code, name), by_sex) in COUNTED.iter().zip(&counts) {
        for (sex, by_band) in ["男性", "女性"].iter().zip(by_sex) {
            for (band, count) in by_band.iter().enumerate() {
                row.clear();
                for text in [code, name, sex] {
                    row.text(text);
                }
                row.text(&band_name(band));
                row.text(&count.to_string());
                row.text(SYNTHETIC);
                csv.put(&row)?;
                rows += 1;
            }
        }
    }
    csv.finish()?;
    Ok(rows)
}

fn band_name(band: usize) -> String {
    let from = band * 5;
    if band + 1 == BANDS { format!("{from}岁及以上") } else { format!("{from}-{}岁", from + 4) }
}
