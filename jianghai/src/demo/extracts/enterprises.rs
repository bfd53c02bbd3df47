//! The enterprises, individual businesses and cooperatives; their legal representatives are residents of the plan.
use std::sync::LazyLock;

use super::dice::{Dice, sums};
use super::numbers::{self, Day, LAST_BIRTH_YEAR};
use super::people::{Crowd, Line, Person};
use super::places::{Door, Places};

/// Dice of the enterprises.
const PURPOSE: u64 = 2;
/// As many organisation codes as five characters of the alphabet make.
pub(super) const ENTERPRISES_MAX: u64 = 31 * 31 * 31 * 31 * 31;
/// Enterprises whose legal representatives live in one block of people.
const LED_FROM_A_BLOCK: u64 = 4;
/// Unified identifiers began in October 2015; before, an organisation code was eight digits.
const UNIFIED_SINCE: u16 = 2016;

const BRANDS: [&str; 48] = [
    "鑫", "恒", "通", "瑞", "华", "盛", "江", "海", "润", "金", "泰", "达", "隆", "兴", "源", "博", "诚", "信", "嘉",
    "和", "宏", "远", "东", "方", "天", "宇", "新", "力", "锦", "绣", "丰", "裕", "顺", "康", "美", "佳", "亿", "联",
    "众", "创", "启", "航", "濠", "狼", "紫", "琅", "崇", "文",
];

/// What firms do: section of GB/T 4754, words in the name, share.
const TRADES: [(&str, &str, u32); 24] = [
    ("C", "纺织", 90),
    ("C", "家纺", 90),
    ("C", "服饰", 60),
    ("C", "机械制造", 80),
    ("C", "电子科技", 50),
    ("C", "船舶配件", 30),
    ("C", "新材料", 40),
    ("C", "化工", 20),
    ("E", "建筑工程", 90),
    ("E", "装饰工程", 50),
    ("E", "建筑劳务", 40),
    ("F", "贸易", 120),
    ("F", "国际贸易", 50),
    ("F", "商贸", 80),
    ("F", "医药", 15),
    ("G", "物流", 45),
    ("I", "信息技术", 45),
    ("I", "网络科技", 45),
    ("K", "房地产开发", 15),
    ("K", "物业管理", 20),
    ("L", "企业管理", 50),
    ("M", "检测技术", 15),
    ("N", "环保科技", 20),
    ("R", "文化传媒", 30),
];
/// What individuals do.
const SHOPS: [(&str, &str); 12] = [
    ("H", "小吃店"),
    ("H", "面馆"),
    ("F", "超市"),
    ("F", "百货店"),
    ("F", "服装店"),
    ("F", "五金店"),
    ("F", "家纺经营部"),
    ("F", "水果店"),
    ("O", "美发店"),
    ("O", "汽车修理部"),
    ("F", "建材经营部"),
    ("C", "针织加工厂"),
];
/// What farmers do together.
const FARMS: [&str; 8] = ["水稻种植", "果蔬", "水产养殖", "蚕桑", "农机", "花木", "生猪养殖", "粮食"];
const CAPITAL: [&str; 12] = ["10", "30", "50", "50.00", "100", "100", "200", "300", "500", "518.8", "1000", "5000"];

/// One registered business.
#[derive(Clone, Debug)]
pub(super) struct Enterprise {
    /// Unified social credit identifier.
    pub code: [u8; 18],
    /// Section of GB/T 4754.
    pub industry: &'static str,
    /// Registered capital in ten thousand yuan.
    pub capital: &'static str,
    /// Code of the operating status.
    pub status: &'static str,
    /// Day of establishment.
    pub since: Day,
    /// Where.
    pub door: Door,
    /// Telephone.
    pub line: Line,
    /// The block in which its legal representative lives, and which of its adults that is.
    leader: (u64, usize),
    kind: u8,
    brand: [&'static str; 2],
    words: &'static str,
    local: bool,
}

/// All enterprises of a seed.
#[derive(Debug)]
pub(super) struct Register {
    dice: Dice,
    blocks: u64,
}

impl Register {
    /// The enterprises of this seed, led by people of the first `blocks` blocks.
    pub fn new(seed: u64, blocks: u64) -> Self {
        Self { dice: Dice::new(seed, PURPOSE), blocks: blocks.max(1) }
    }

    /// The enterprise with this index.
    pub fn nth(&mut self, index: u64) -> Enterprise {
        static SHARES: LazyLock<Vec<u32>> = LazyLock::new(|| sums(TRADES.iter().map(|trade| trade.2)));
        let dice = &mut self.dice;
        dice.turn_to(index);
        let kind = dice.one_of(b"111111122223");
        let (industry, words) = match kind {
            b'1' => {
                let (industry, words, _) = TRADES[dice.by_share(&SHARES)];
                (industry, words)
            }
            b'2' => dice.one_of(&SHOPS),
            _ => ("A", dice.one_of(&FARMS)),
        };
        let year = LAST_BIRTH_YEAR - u16::try_from(dice.below(28) * dice.below(28) / 28).unwrap_or(0);
        let ordinal = dice.below(u32::from(numbers::days_of(year)));
        let since = Day::of_year(year, u16::try_from(ordinal).unwrap_or(0));
        let door = Places::get().door(dice, 0);
        // A stride that shares no factor with 31 visits every serial number once.
        let serial = u32::try_from(index % ENTERPRISES_MAX * 11_400_719 % ENTERPRISES_MAX).unwrap_or(0);
        let registrar = registrar(Places::get().code(door), year.max(2015), dice.happens(30, 100));
        Enterprise {
            code: numbers::credit_code(kind, registrar, serial, year >= UNIFIED_SINCE),
            industry,
            capital: dice.one_of(&CAPITAL),
            status: match dice.below(20) {
                0 => "2",
                1 => "3",
                _ => "1",
            },
            since,
            door,
            line: Line::thrown(dice, 5, 35),
            // Four neighbours are led from one block: making its people once serves them all.
            leader: ((index / LED_FROM_A_BLOCK).wrapping_mul(7_919) % self.blocks, (index % LED_FROM_A_BLOCK) as usize),
            kind,
            brand: [dice.one_of(&BRANDS), dice.one_of(&BRANDS)],
            words,
            local: dice.happens(1, 2),
        }
    }
}

impl Enterprise {
    /// Appends the name.
    pub fn write_name(&self, to: &mut String) {
        let place = Places::get().short_name(self.door);
        if self.kind == b'1' {
            to.push_str(if self.local { place } else { "南通" });
        } else {
            to.push_str(place);
        }
        to.extend(self.brand);
        to.push_str(self.words);
        to.push_str(match self.kind {
            b'1' => "有限公司",
            b'2' => "",
            _ => "专业合作社",
        });
    }

    /// Its legal representative: an adult of its block.
    pub fn led_by(&self, crowd: &mut Crowd) -> Person {
        let (block, rank) = self.leader;
        let people = crowd.block(block);
        let adults = people.iter().filter(|person| (22..=72).contains(&person.age()));
        let oldest = people.iter().max_by_key(|person| person.age());
        // Fewer adults than firms: some lead two.
        let among = adults.clone().count().max(1);
        *adults.clone().nth(rank % among).or(oldest).unwrap_or(&people[0])
    }
}

/// The code of the county's registrar in that year. 320691 is the development zone's, which GB/T 2260 does not have.
fn registrar(county: &str, year: u16, other: bool) -> u32 {
    match (county, year) {
        ("320613", ..2020) if other => 320_611,
        ("320613", ..2020) => 320_602,
        ("320613", _) if other => 320_691,
        ("320614", ..2020) => 320_684,
        ("320685", ..2018) => 320_621,
        _ => county.parse().unwrap_or(320_600),
    }
}
