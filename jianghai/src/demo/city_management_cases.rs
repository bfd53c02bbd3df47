//! Sixty cases of grid city management in every stage, seen by one officer and taken through the real acts. All of it is invented.
use anyhow::{Context, Result};
use casework::api::{Act, CaseId, Doing, Outcome, PhotoFile, act, act_with};
use city_management::api::Seen;
use jh_core::actor::{Command, OrganisationId};
use jh_db::Base;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::author;
use super::people::Founded;

/// The county whose grids the officer walks.
const COUNTY: &str = "320613";
/// The supervision centre.
const CENTRE: &str = "NT-CGJ";
/// How many.
const CASES: usize = 60;

/// Class, what was seen, who handles it, what was done.
const THINGS: [(&str, &str, &str, &str); 12] = [
    ("event-0505", "两个水果摊占住半条慢车道，行人要绕到车道上走", "NT-CGJ", "摊位已劝离，路面已清扫"),
    ("event-0504", "饭店把桌椅摆到人行道上，盲道被压住", "NT-CGJ", "桌椅已收回店内，盲道已让出"),
    ("event-0507", "共享单车堆成两排，公交站台进不去", "NT-CGJ", "单车已清运，留出站台通道"),
    ("event-0506", "三辆小车停在人行道上，地砖已被压碎", "NT-GA", "已通知车主驶离，对违停车辆处理完毕"),
    ("event-0508", "店铺装修的黄沙水泥堆在路边，下雨会冲进雨水口", "NT-CGJ", "物料已清走，路面已冲洗"),
    ("event-0406", "地势低的一段积水约十五厘米，电动车熄火", "NT-JSJ", "雨水口已疏通，积水已排除"),
    ("component-0103", "雨水井盖碎了一角，露出洞口，已放树枝示警", "NT-JSJ", "已更换井盖并固定"),
    ("component-0102", "污水井盖松动，车辆经过发出响声", "NT-JSJ", "已调整井座并加胶垫"),
    ("component-0118", "连续四盏路灯不亮", "NT-JSJ", "已更换灯具，夜间复查正常"),
    ("component-0104", "雨水箅子缺一根，孩子的脚可能踩进去", "NT-JSJ", "已更换箅子"),
    ("component-0306", "果皮箱翻倒，垃圾散在地上", "NT-CGJ", "已扶正固定，垃圾已清扫"),
    ("component-0203", "公交站亭的玻璃裂了，边上有碎片", "NT-JTJ", "已更换玻璃，清走碎片"),
];

/// The acts that bring a case from one stage to the next; a case is left after some of them.
const WAY: [Act; 8] = [
    Act::Acceptance,
    Act::Acceptance,
    Act::Dispatch,
    Act::Signing,
    Act::Result,
    Act::Acceptance,
    Act::InspectionPassed,
    Act::Closure,
];

/// Loads them unless the officer has reported before. Returns how many.
pub async fn load(base: &Base, people: &[Founded], supervisor: &Command, seed: u64) -> Result<usize> {
    let officer = author(base, people, "patrol")?;
    let account = officer.actor.account.context("the officer has an account")?;
    if city_management::api::any_report(base, account).await? {
        return Ok(0);
    }
    city_management::api::set_centre(base, supervisor, organisation(base, CENTRE).await?).await?;
    let mut grids = city_management::api::grids(base, supervisor, COUNTY).await?;
    // The officer's own walk is the first three officers' grids: some three dozen unit grids.
    grids.truncate(36);
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x30_428);
    for number in 0..CASES {
        let (_, lon, lat) = grids.get(random.random_range(0..grids.len().max(1))).context("no unit grids")?;
        let near = |random: &mut ChaCha8Rng| random.random_range(-0.000_05..0.000_05);
        let place = (lon + near(&mut random), lat + near(&mut random));
        // Half have come to their end, the others wait in every stage.
        let steps = if number % 2 == 0 { WAY.len() } else { (number / 2) % WAY.len() };
        one(base, &officer, THINGS[number % THINGS.len()], place, steps, number).await?;
    }
    Ok(CASES)
}

async fn organisation(base: &Base, code: &str) -> Result<OrganisationId> {
    let found = identity::api::organisation_by_code(&mut *base.db.read().await?, code).await?;
    Ok(found.with_context(|| format!("no organisation {code}"))?.id)
}

/// Reports one and takes it `steps` acts far. Every seventh is returned by its holder first, every ninth inspected in vain.
async fn one(
    base: &Base,
    officer: &Command,
    (category, words, handler, answer): (&str, &str, &str, &str),
    place: (f64, f64),
    steps: usize,
    number: usize,
) -> Result<()> {
    let seen = Seen { category: category.into(), note: words.into(), place: Some(place), ..Seen::default() };
    let photo = picture(base, number, false).await?;
    let id = city_management::api::patrol_report(base, officer, &seen, Some(photo)).await?.case_id;
    let holder = organisation(base, handler).await?;
    for what in &WAY[..steps] {
        if *what == Act::Result && number % 7 == 6 {
            let note = "经现场查看，属于相邻路段，请重新派遣".to_owned();
            act(base, officer, id, Act::Return, Doing { note, ..Doing::default() }).await?;
            done(base, officer, id, Act::Dispatch, holder, answer, number).await?;
        }
        if *what == Act::InspectionPassed && number % 9 == 8 {
            let note = "现场仍有残留，没有整改到位".to_owned();
            act(base, officer, id, Act::InspectionFailed, Doing { note, ..Doing::default() }).await?;
            done(base, officer, id, Act::Result, holder, answer, number).await?;
            done(base, officer, id, Act::Acceptance, holder, answer, number).await?;
        }
        done(base, officer, id, *what, holder, answer, number).await?;
    }
    Ok(())
}

async fn done(
    base: &Base,
    officer: &Command,
    id: CaseId,
    what: Act,
    holder: OrganisationId,
    answer: &str,
    number: usize,
) -> Result<()> {
    let mut doing = Doing::default();
    let mut photo = None;
    match what {
        Act::Dispatch => doing.organisation = Some(holder),
        Act::Result => {
            doing.answer = answer.to_owned();
            doing.outcome = Some(Outcome::Solved);
        }
        Act::InspectionPassed => photo = Some(picture(base, number, true).await?),
        _ => {}
    }
    act_with(base, officer, id, what, doing, photo).await.with_context(|| format!("{what:?} of case {number}"))?;
    Ok(())
}

/// A drawing that stands for a photo: a road, and on it what lies there, or nothing any more. It shows no place and nobody.
async fn picture(base: &Base, number: usize, clean: bool) -> Result<PhotoFile> {
    let (width, height) = (320_usize, 240_usize);
    let mut rows = Vec::with_capacity(height * (width * 3 + 1));
    let at = 90 + number * 37 % 120;
    for y in 0..height {
        rows.push(0);
        for x in 0..width {
            let lies = !clean && y > 150 && y < 205 && x > at && x < at + 70 + (y % 7);
            rows.extend_from_slice(match y {
                _ if lies => &[152, 84, 52],
                0..=95 => &[196, 214, 224],
                96..=125 => &[178, 170, 154],
                126..=129 => &[232, 232, 228],
                _ if (y == 180 || y == 181) && x % 48 < 26 => &[238, 238, 232],
                _ => &[112, 116, 120],
            });
        }
    }
    let file = base.files.put(&png(width, height, &rows)).await?;
    Ok(PhotoFile { name: format!("demo-{number}.png"), file })
}

/// A PNG whose rows are stored without compression.
fn png(width: usize, height: usize, rows: &[u8]) -> Vec<u8> {
    let word = |value: usize| (value as u32).to_be_bytes();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], body: &[u8]| {
        out.extend(word(body.len()));
        let named = [kind.as_slice(), body].concat();
        out.extend(&named);
        out.extend(crc(&named).to_be_bytes());
    };
    chunk(b"IHDR", &[&word(width)[..], &word(height), &[8, 2, 0, 0, 0]].concat());
    let mut body = vec![0x78, 0x01];
    let blocks = rows.chunks(65_535);
    let last = blocks.len() - 1;
    for (place, block) in blocks.enumerate() {
        let length = block.len() as u16;
        body.push(u8::from(place == last));
        body.extend(length.to_le_bytes());
        body.extend((!length).to_le_bytes());
        body.extend(block);
    }
    let (low, high) = rows.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    body.extend((high << 16 | low).to_be_bytes());
    chunk(b"IDAT", &body);
    chunk(b"IEND", &[]);
    out
}

/// The check of a PNG's chunk (CRC-32).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |all, byte| {
        (0..8).fold(all ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
