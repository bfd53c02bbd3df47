//! The ground of grid city management: some four hundred unit grids in the middle of 崇川区, officers' grids of a dozen
//! each, and synthetic components along invented streets. The area is drawn by hand and is no community's; so the grids
//! bear provisional codes, as they do in any city before its communities are surveyed.
use anyhow::{Context, Result};
use jh_core::actor::Command;
use jh_db::Base;
use jh_web::UploadedFile;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use time::macros::date;

use super::people::Founded;

/// GB/T 2260 of 崇川区.
const COUNTY: &str = "320613";
/// Its government.
const COUNTY_GOVERNMENT: &str = "NT-320613";
/// Some four square kilometres around the moat. WGS84.
const AREA: &str =
    "120.8541,32.0031\n120.8732,32.0018\n120.8757,32.0142\n120.8709,32.0213\n120.8653,32.0187\n120.8552,32.0206";
/// Degrees of longitude and latitude of a hundred metres here.
const STEP: (f64, f64) = (0.001_058, 0.000_902);
/// What stands along a street: class, name, how far apart in metres, how far from its middle.
const ALONG: [(&str, &str, f64, f64); 9] = [
    ("0118", "路灯", 35.0, 9.0),
    ("0402", "行道树", 20.0, 8.0),
    ("0104", "雨水箅子", 45.0, 6.0),
    ("0103", "雨水井盖", 70.0, 2.0),
    ("0102", "污水井盖", 80.0, -2.0),
    ("0105", "电力井盖", 130.0, 7.0),
    ("0306", "果皮箱", 110.0, 10.0),
    ("0107", "通讯井盖", 150.0, -7.0),
    ("0203", "公交站亭", 520.0, 10.0),
];

/// Loads it unless grids stand already.
pub async fn load(base: &Base, people: &[Founded], supervisor: &Command, seed: u64) -> Result<(usize, usize)> {
    city_management::api::load_categories(base, supervisor).await.context("the classes")?;
    if !city_management::api::grids(base, supervisor, COUNTY).await?.is_empty() {
        return Ok((0, 0));
    }
    city_management::api::lay(base, supervisor, COUNTY, "濠河周边", AREA).await.context("the unit grids")?;
    let grids = city_management::api::grids(base, supervisor, COUNTY).await?;
    walks(base, people, supervisor, &grids).await.context("the officers' grids")?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let text = survey(&mut random, &grids);
    let rows = text.lines().count() - 1;
    let file = base.files.put(text.as_bytes()).await?;
    let sent = UploadedFile { name: "components.csv".into(), file };
    let day = date!(2015 - 06 - 30);
    city_management::api::survey(base, supervisor, &sent, "合成普查（演示）", day).await.context("the components")?;
    Ok((grids.len(), rows))
}

/// Officers' grids of four squares by three. One officer of the demonstration walks the first three.
async fn walks(base: &Base, people: &[Founded], supervisor: &Command, grids: &[(String, f64, f64)]) -> Result<()> {
    let place = |lon: f64, lat: f64| {
        let (column, row) = ((lon - 120.853) / (STEP.0 * 4.0), (32.022 - lat) / (STEP.1 * 3.0));
        (row.floor() as i64, column.floor() as i64)
    };
    let mut blocks = std::collections::BTreeMap::<_, Vec<String>>::new();
    for (code, lon, lat) in grids {
        blocks.entry(place(*lon, *lat)).or_default().push(code.clone());
    }
    // What the border cut short goes with the block before it.
    let mut sets: Vec<Vec<String>> = Vec::new();
    for codes in blocks.into_values() {
        match sets.last_mut() {
            Some(last) if codes.len() < 6 => last.extend(codes),
            _ => sets.push(codes),
        }
    }
    // They belong to the county where they lie, as its officer's role does: who walks one can open it.
    let county = identity::api::organisation_by_code(&mut *base.db.read().await?, COUNTY_GOVERNMENT).await?;
    let organisation = county.with_context(|| format!("no organisation {COUNTY_GOVERNMENT}"))?.id;
    let officer = people.iter().find(|founded| founded.person.username == "patrol").map(|founded| founded.account);
    for (number, codes) in (1..).zip(&sets) {
        let name = format!("崇川 {number:02} 责任网格");
        let officer = officer.filter(|_| number <= 3);
        city_management::api::officer_grid(base, supervisor, &name, organisation, codes, officer).await?;
    }
    Ok(())
}

/// A survey as a mapping office delivers it: some three thousand things along streets that cross each other every few
/// hundred metres, within the grids.
fn survey(random: &mut ChaCha8Rng, grids: &[(String, f64, f64)]) -> String {
    let mut text = String::from("名称,小类代码,经度,纬度,权属单位,状态,材质\n");
    let near = |lon: f64, lat: f64| {
        grids.iter().any(|(_, x, y)| (x - lon).abs() < STEP.0 * 0.45 && (y - lat).abs() < STEP.1 * 0.45)
    };
    for street in 0..9 {
        for across in [true, false] {
            for (class, name, apart_m, aside_m) in ALONG {
                let mut at_m = random.random_range(0.0..apart_m);
                let mut number = 0;
                while at_m < 2_200.0 {
                    let (along, aside) = (at_m / 100.0, f64::from(street) * 2.6 + 1.1 + aside_m / 100.0);
                    let (east, north) = if across { (along, aside) } else { (aside, along) };
                    let wobble = random.random_range(-0.000_012..0.000_012);
                    let (lon, lat) = (120.853 + east * STEP.0 + wobble, 32.001 + north * STEP.1 + wobble);
                    at_m += apart_m * random.random_range(0.9..1.1);
                    if !near(lon, lat) {
                        continue;
                    }
                    number += 1;
                    let state = match random.random_range(0..100) {
                        0 => "丢失",
                        1..=4 => "破损",
                        _ => "完好",
                    };
                    let road = if across { "横" } else { "纵" };
                    let material = if name.ends_with("井盖") { "铸铁" } else { "" };
                    let street = street + 1;
                    text.push_str(&format!(
                        "{road}{street}路{name}{number}号,{class},{lon:.7},{lat:.7},NT-JSJ,{state},{material}\n"
                    ));
                }
            }
        }
    }
    text
}
