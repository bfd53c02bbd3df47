//! What the community window takes in the demonstration, and three matters under way. Working days, materials and people are invented.
use anyhow::{Context, Result};
use casework::api::{Act, Doing, Outcome, act};
use community_window::api::{Application, Matter, any, take, write};
use jh_core::actor::Command;
use jh_db::Base;
use serde::Deserialize;

const MATTERS: &[u8] = include_bytes!("../../../data/community_window/matters.csv");

#[derive(Deserialize)]
struct Row {
    name: String,
    name_en: String,
    organisation: String,
    working_days: i16,
    materials: String,
}

/// Loads them unless the window takes any. Returns how many matters it takes.
pub async fn load(base: &Base, keeper: &Command, clerk: &Command) -> Result<usize> {
    if any(base).await? {
        return Ok(0);
    }
    let mut codes = Vec::new();
    for row in csv::Reader::from_reader(MATTERS).deserialize() {
        let row: Row = row.context("matters.csv")?;
        let matter = Matter {
            code: String::new(),
            name: row.name,
            name_en: row.name_en,
            organisation: row.organisation,
            materials: row.materials.replace('|', "\n"),
            working_days: row.working_days,
            active: true,
        };
        codes.push(write(base, keeper, &matter).await?);
    }
    for (place, name) in ["秦阿姨", "陆师傅", "钱先生"].into_iter().enumerate() {
        let application = Application {
            matter: codes[place].clone(),
            name: name.into(),
            phone: format!("1380000000{place}"),
            address: "和平桥街道".into(),
            words: "本人到窗口申请，材料已核对。".into(),
            ..Application::default()
        };
        let id = take(base, clerk, &application).await?.opened.case_id;
        if place > 0 {
            act(base, clerk, id, Act::Signing, Doing::default()).await?;
        }
        if place > 1 {
            let answer = "已审核通过，下月起发放。".to_owned();
            let doing = Doing { answer, outcome: Some(Outcome::Solved), ..Doing::default() };
            act(base, clerk, id, Act::Result, doing).await?;
        }
    }
    Ok(codes.len())
}
