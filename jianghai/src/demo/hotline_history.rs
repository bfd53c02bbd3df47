//! Past requests of the demonstration's hotline, so that the dispatch suggestion has something to learn from: complaints put together
//! from data/hotline/complaints.csv, and questions about services that are really on offer. All that people say here is invented.
//! They come in the way a city's own do: as a file with text, department and day, read and learned.
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, ensure};
use hotline::suggestion;
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_db::Base;
use serde::Deserialize;
use time::{Date, Duration};

use super::extracts::dice::Dice;

const COMPLAINTS: &str = include_str!("../../../data/hotline/complaints.csv");
const SERVICES: &str = include_str!("../../../data/nantong/service-items.csv");
/// So often each complaint is told, in other words each time.
const TIMES: usize = 18;
/// One service of so many is asked about.
const SERVICE_OF: usize = 3;
/// How far back the requests go.
const DAYS: u32 = 700;
/// The purpose of the dice.
const PURPOSE: u64 = 0x686f_746c;

/// What stands in a complaint's gaps.
const FILLS: [(&str, &[&str]); 9] = [
    (
        "{路}",
        &["人民中路", "青年东路", "工农路", "跃龙路", "桃坞路", "濠南路", "钟秀路", "园林路", "通盛大道", "城山路"],
    ),
    ("{区}", &["学田新村", "易家桥新村", "百花新村", "银河湾小区", "北郭新村", "虹桥新村", "德诚花园", "濠东家园"]),
    ("{河}", &["濠河", "通吕运河", "海港引河", "西山河", "门前的小河"]),
    ("{时}", &["晚上", "早上", "半夜", "中午", "周末", "每天傍晚", "夜里十一点"]),
    ("{久}", &["三天", "一个星期", "半个月", "一个多月", "半年", "四十分钟", "好几天", "两个小时"]),
    ("{钱}", &["三百元", "一千二百元", "两万元", "五十元", "三千多元", "八百元"]),
    ("{店}", &["南大街的一家店", "小区门口的超市", "一家健身房", "市区的饭店", "网上的一家店", "桥头的理发店"]),
    ("{校}", &["附近的小学", "孩子的学校", "城东的初中", "市区的高中", "镇上的小学"]),
    ("{院}", &["附近的医院", "社区卫生服务中心", "市区的大医院", "镇上的卫生院"]),
];
/// How people begin.
const BEGINNINGS: [&str; 6] = ["", "", "您好，", "我要反映，", "请问一下，", "投诉，"];
/// How they end.
const ENDS: [&str; 6] =
    ["。", "。", "，希望有人管一管。", "，请尽快处理。", "，打过几次电话都没有结果。", "，麻烦给个答复。"];

#[derive(Deserialize)]
struct Complaint {
    organisation: String,
    words: String,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    organisation_code: String,
}

/// Brings the past requests and learns from them, unless something was learned before. How many there were.
pub async fn load(base: &Base, command: &Command, seed: u64) -> Result<usize> {
    if suggestion::advise(base, &command.actor, command.now, "路灯").await?.model.is_some() {
        return Ok(0);
    }
    let (file, rows) = written(seed, china_day(command.now))?;
    let stored = base.files.put(&file).await?;
    let brought = suggestion::bring(base, command, "以往诉求（演示）.csv", stored).await?;
    suggestion::read_waiting(base, command, brought.import_id, &|| false).await?;
    let read = suggestion::outcome(base, brought.import_id).await?;
    ensure!(read.refusal.is_none() && read.unknown.is_empty(), "past requests cannot be read: {:?}", read.unknown);
    let later = Command { now: base.clock.now(), ..command.clone() };
    suggestion::train(base, &later, Arc::new(AtomicBool::new(false))).await.context("learning from past requests")?;
    Ok(rows)
}

/// The file, and how many rows it has.
fn written(seed: u64, today: Date) -> Result<(Vec<u8>, usize)> {
    let mut dice = Dice::new(seed, PURPOSE);
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["诉求内容", "承办单位", "受理日期"])?;
    let mut rows = 0;
    let mut put = |dice: &mut Dice, text: &str, organisation: &str| -> Result<()> {
        let day = today - Duration::days(i64::from(1 + dice.below(DAYS)));
        rows += 1;
        Ok(file.write_record([text, organisation, &day.to_string()])?)
    };
    for complaint in csv::Reader::from_reader(COMPLAINTS.as_bytes()).deserialize() {
        let complaint: Complaint = complaint?;
        for _ in 0..TIMES {
            let text = told(&mut dice, &complaint.words);
            put(&mut dice, &text, &complaint.organisation)?;
        }
    }
    for service in csv::Reader::from_reader(SERVICES.as_bytes()).deserialize().step_by(SERVICE_OF) {
        let service: Service = service?;
        if service.organisation_code.starts_with("NT-") {
            let asked = ["怎么办理，要带什么材料？", "在哪里办，多久能办好？", "能不能网上办？"];
            let text = format!("{}{}{}", dice.one_of(&BEGINNINGS), service.name, dice.one_of(&asked));
            put(&mut dice, &text, &service.organisation_code)?;
        }
    }
    Ok((file.into_inner()?, rows))
}

fn told(dice: &mut Dice, words: &str) -> String {
    let mut text = words.to_owned();
    for (gap, fills) in FILLS {
        while text.contains(gap) {
            text = text.replacen(gap, dice.one_of(fills), 1);
        }
    }
    if text.contains("{数}") {
        text = text.replace("{数}", &(1 + dice.below(90)).to_string());
    }
    format!("{}{text}{}", dice.one_of(&BEGINNINGS), dice.one_of(&ENDS))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn past_requests_are_thousands_of_many_departments_without_a_gap() {
        let (file, rows) = written(2015, date!(2026 - 11 - 23)).expect("a file");
        let text = String::from_utf8(file).expect("text");
        assert!(rows > 2_000 && !text.contains('{'), "{rows}");
        let departments: std::collections::BTreeSet<&str> =
            text.lines().filter_map(|line| line.rsplit(',').nth(1)).collect();
        assert!(departments.len() > 12, "{departments:?}");
        assert_eq!(
            written(2015, date!(2026 - 11 - 23)).expect("a file").0,
            text.as_bytes(),
            "the same seed, the same file"
        );
    }
}
