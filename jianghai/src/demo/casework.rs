//! The demonstration's working calendar, and some cases of its hotline in every stage. All that people say here is invented.
use anyhow::{Context, Result};
use casework::api::{Act, CaseId, DayKind, Days, Doing, Outcome, Point, Priority, act, set_days_in};
use hotline::api::{Call, Way, take};
use jh_core::actor::Command;
use jh_db::{Base, Work};
use time::Date;
use time::macros::date;

use super::author;
use super::people::Founded;

/// The notice of the State Council's office on the holidays of 2026.
const NOTICE: &str = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）";
/// Days off.
const HOLIDAYS: [(Date, Date, &str); 7] = [
    (date!(2026 - 01 - 01), date!(2026 - 01 - 03), "元旦"),
    (date!(2026 - 02 - 15), date!(2026 - 02 - 23), "春节"),
    (date!(2026 - 04 - 04), date!(2026 - 04 - 06), "清明节"),
    (date!(2026 - 05 - 01), date!(2026 - 05 - 05), "劳动节"),
    (date!(2026 - 06 - 19), date!(2026 - 06 - 21), "端午节"),
    (date!(2026 - 09 - 25), date!(2026 - 09 - 27), "中秋节"),
    (date!(2026 - 10 - 01), date!(2026 - 10 - 07), "国庆节"),
];
/// Weekends that are worked instead.
const WORKED: [Date; 6] = [
    date!(2026 - 01 - 04),
    date!(2026 - 02 - 14),
    date!(2026 - 02 - 28),
    date!(2026 - 05 - 09),
    date!(2026 - 09 - 20),
    date!(2026 - 10 - 10),
];

/// What people call about: category, words, place, who handles it, how far it has come.
const CALLS: [(&str, &str, &str, &str, Far); 16] = [
    (
        "road-damage",
        "人民中路与濠南路交叉口的路面塌了一块，电动车晚上看不见，昨天有人摔倒。",
        "人民中路与濠南路交叉口",
        "NT-JSJ",
        Far::Closed,
    ),
    (
        "street-light",
        "小区门口一排路灯不亮，已经三天了，老人晚上出门不方便。",
        "工农路学田新村门口",
        "NT-CGJ",
        Far::Called,
    ),
    ("noise", "工地夜里十一点还在打桩，孩子没法睡觉。", "通盛大道中南世纪城北侧工地", "NT-CGJ", Far::Handling),
    ("waste", "楼下垃圾桶两天没人清运，天热味道很大。", "青年中路易家桥新村", "NT-CGJ", Far::Signing),
    ("bus-service", "38 路早高峰等了四十分钟才来一班，希望加密班次。", "钟秀路公交站", "NT-JTJ", Far::Handling),
    ("air-pollution", "楼下餐馆油烟直排，开窗都是味道。", "桃坞路 88 号", "NT-HBJ", Far::Returned),
    ("education", "随迁子女上小学需要哪些材料，什么时候报名？", "", "NT-JYJ", Far::Answered),
    ("social-insurance", "社保卡丢了怎么补办，要多少天？", "", "NT-RS", Far::Answered),
    ("wages", "在工地干了三个月，老板拖着两个月工资不给。", "开发区通盛大道工地", "NT-RS", Far::Handling),
    ("drainage", "下雨后地下通道积水到膝盖，车都熄火了。", "园林路地下通道", "NT-JSJ", Far::Closed),
    (
        "property-management",
        "电梯坏了半个月物业一直不修，十八楼的老人下不来。",
        "北城路银河湾小区",
        "NT-JSJ",
        Far::Dispatching,
    ),
    ("medical", "想问一下社区医院现在能不能打带状疱疹疫苗。", "", "NT-WJW", Far::Answered),
    ("consumer", "健身房突然关门，年卡还有八个月，钱退不了。", "南大街商场三楼", "NT-GS", Far::Signing),
    ("stray-animals", "小区里有两条流浪狗追小孩，已经咬了一个人。", "城山路百花新村", "NT-GA", Far::Handling),
    ("civil-affairs", "母亲一个人住，想申请居家养老服务，找哪里？", "", "NT-MZ", Far::Answered),
    ("praise", "感谢昨天帮我母亲找回钱包的公交司机。", "1 路公交车", "NT-JTJ", Far::Intake),
];

/// About where those places are: good enough to point at on a map, and no survey.
const SPOTS: [(&str, f64, f64); 11] = [
    ("人民中路与濠南路交叉口", 120.8650, 32.0100),
    ("工农路学田新村门口", 120.8800, 32.0080),
    ("通盛大道中南世纪城北侧工地", 120.8950, 31.9750),
    ("青年中路易家桥新村", 120.8720, 32.0030),
    ("钟秀路公交站", 120.8780, 32.0280),
    ("桃坞路 88 号", 120.8570, 32.0150),
    ("开发区通盛大道工地", 120.9080, 31.9320),
    ("园林路地下通道", 120.8480, 32.0050),
    ("北城路银河湾小区", 120.8660, 32.0450),
    ("南大街商场三楼", 120.8605, 32.0085),
    ("城山路百花新村", 120.8690, 31.9850),
];

/// How far a case has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Far {
    Intake,
    Answered,
    Dispatching,
    Signing,
    Handling,
    Returned,
    Called,
    Closed,
}

/// Loads both, unless there are cases already.
pub async fn load(base: &Base, people: &[Founded], everybody: &Command) -> Result<usize> {
    set_calendar(base, everybody).await.context("the working calendar")?;
    let agent = author(base, people, "agent")?;
    let mut made = 0;
    for (place, call) in CALLS.iter().enumerate() {
        if bring(base, &agent, place, call).await? {
            made += 1;
        } else {
            break;
        }
    }
    Ok(made)
}

async fn set_calendar(base: &Base, command: &Command) -> Result<()> {
    let mut work = Work::begin(base, command).await?;
    for (from, to, name) in HOLIDAYS {
        let days = Days { from, to, kind: Some(DayKind::Holiday), name: name.into(), source: NOTICE.into() };
        set_days_in(&mut work, &days).await?;
    }
    for day in WORKED {
        let days =
            Days {
                from: day, to: day, kind: Some(DayKind::Workday), name: "调休上班".into(), source: NOTICE.into()
            };
        set_days_in(&mut work, &days).await?;
    }
    Ok(work.commit().await?)
}

/// Takes one call and brings its case as far as it has come. False if the demonstration's calls were taken before.
async fn bring(base: &Base, agent: &Command, place: usize, call: &(&str, &str, &str, &str, Far)) -> Result<bool> {
    let (category, words, address, handler, far) = *call;
    let mut conn = base.db.read().await?;
    let phone = format!("0513-8550{:04}", 1_000 + place);
    let scopes = agent.actor.scopes(casework::api::READ);
    if !casework::api::of_caller(base, &mut conn, &phone, &scopes).await?.is_empty() {
        return Ok(false);
    }
    let holder = identity::api::organisation_by_code(&mut conn, handler).await?;
    let holder = holder.with_context(|| format!("no organisation {handler}"))?.id;
    drop(conn);
    let way = match far {
        Far::Answered => Way::Answer("已在电话中告知办理地点、所需材料和时限。".into()),
        Far::Intake | Far::Dispatching => Way::Ticket,
        _ => Way::Dispatch(holder),
    };
    let taken = Call {
        phone,
        name: "来电人".into(),
        description: words.into(),
        category: category.into(),
        address: address.into(),
        point: spot(address),
        priority: if place.is_multiple_of(5) { Priority::Urgent } else { Priority::Normal },
        confidential: false,
        wants_answer: true,
        way,
    };
    let id = take(base, agent, taken).await?.opened.case_id;
    for step in steps(far) {
        done(base, agent, id, *step).await?;
    }
    Ok(true)
}

fn spot(address: &str) -> Option<Point> {
    let (_, lon, lat) = SPOTS.iter().find(|(known, ..)| *known == address)?;
    Point::new(*lon, *lat)
}

fn steps(far: Far) -> &'static [Act] {
    match far {
        Far::Intake | Far::Answered | Far::Signing => &[],
        Far::Dispatching => &[Act::Acceptance],
        Far::Handling => &[Act::Signing],
        Far::Returned => &[Act::Signing, Act::Return],
        Far::Called => &[Act::Signing, Act::Result],
        Far::Closed => &[Act::Signing, Act::Result, Act::CallbackSolved, Act::Closure],
    }
}

async fn done(base: &Base, agent: &Command, id: CaseId, what: Act) -> Result<()> {
    let doing = match what {
        Act::Return => Doing {
            note: "经核实属于餐饮服务监管，不在本单位职责范围。".into(), ..Doing::default()
        },
        Act::Result => Doing {
            answer: "已派人到现场处理完毕，并安排加强巡查。".into(),
            outcome: Some(Outcome::Solved),
            ..Doing::default()
        },
        Act::CallbackSolved => Doing { stars: Some(5), ..Doing::default() },
        _ => Doing::default(),
    };
    act(base, agent, id, what, doing).await?;
    Ok(())
}
