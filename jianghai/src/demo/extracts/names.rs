//! Names people here bear, by sex and by the years in which they were fashionable.
//!
//! Lists and weights are our own, from general knowledge: plausible, and no statistics.
use std::sync::LazyLock;

use super::dice::{Dice, sums};

/// Family names with their share of ten thousand; the ones common along this coast weigh more than in all China.
const SURNAMES: [(&str, u32); 84] = [
    ("王", 690),
    ("陈", 640),
    ("张", 630),
    ("李", 440),
    ("刘", 300),
    ("徐", 330),
    ("周", 310),
    ("吴", 290),
    ("陆", 240),
    ("顾", 230),
    ("朱", 230),
    ("黄", 220),
    ("杨", 220),
    ("施", 200),
    ("沈", 200),
    ("孙", 200),
    ("曹", 190),
    ("丁", 180),
    ("赵", 170),
    ("季", 160),
    ("钱", 150),
    ("葛", 140),
    ("冯", 130),
    ("许", 130),
    ("姜", 120),
    ("袁", 120),
    ("蒋", 120),
    ("高", 110),
    ("马", 100),
    ("胡", 100),
    ("缪", 100),
    ("郭", 90),
    ("何", 90),
    ("汤", 90),
    ("范", 90),
    ("倪", 90),
    ("薛", 90),
    ("崔", 80),
    ("吉", 80),
    ("韩", 80),
    ("程", 70),
    ("龚", 70),
    ("茅", 70),
    ("俞", 70),
    ("宋", 70),
    ("严", 60),
    ("彭", 60),
    ("邱", 60),
    ("于", 60),
    ("成", 60),
    ("石", 60),
    ("潘", 60),
    ("夏", 60),
    ("金", 60),
    ("瞿", 50),
    ("管", 50),
    ("宗", 50),
    ("沙", 50),
    ("郁", 50),
    ("邵", 50),
    ("戴", 50),
    ("田", 50),
    ("卢", 50),
    ("林", 50),
    ("罗", 40),
    ("谢", 40),
    ("唐", 40),
    ("董", 40),
    ("邓", 40),
    ("任", 40),
    ("储", 40),
    ("保", 30),
    ("仇", 30),
    ("樊", 30),
    ("贲", 20),
    ("习", 20),
    ("桑", 20),
    ("印", 20),
    ("郝", 20),
    ("尹", 20),
    ("欧阳", 4),
    ("司马", 2),
    ("诸葛", 2),
    ("上官", 2),
];

/// Given characters of one time and sex, and in how many of a hundred names there is only one of them.
struct Fashion {
    until_year: u16,
    single: u32,
    male: &'static [&'static str],
    female: &'static [&'static str],
}

#[rustfmt::skip]
const FASHIONS: [Fashion; 4] = [
    Fashion {
        until_year: 1952, single: 18,
        male: &["国", "德", "福", "金", "宝", "生", "根", "富", "贵", "祥", "兴", "发", "荣", "林", "才", "元", "庆", "锦",
            "汉", "文", "明", "学", "玉", "长", "春", "山", "正", "良", "仁", "义", "志", "银", "树", "松", "炳", "如"],
        female: &["秀", "英", "兰", "珍", "凤", "桂", "玉", "素", "芳", "香", "莲", "梅", "金", "美", "月", "淑", "惠", "爱",
            "云", "翠", "贞", "巧", "银", "娣", "宝", "春", "花", "琴", "仙", "菊", "妹", "芬", "彩", "锦"],
    },
    Fashion {
        until_year: 1979, single: 38,
        male: &["建", "国", "军", "华", "明", "平", "伟", "强", "勇", "峰", "林", "红", "卫", "东", "海", "志", "忠", "斌",
            "辉", "永", "新", "春", "生", "兵", "飞", "云", "祥", "荣", "跃", "进", "学", "文", "小", "涛", "健", "松", "泉"],
        female: &["红", "丽", "梅", "芳", "华", "英", "燕", "霞", "萍", "琴", "敏", "玲", "娟", "兰", "云", "美", "秀", "艳",
            "晓", "建", "静", "莉", "琳", "凤", "蓉", "冬", "春", "勤", "群", "菊", "芬", "珍", "洁", "惠", "小"],
    },
    Fashion {
        until_year: 1999, single: 42,
        male: &["伟", "磊", "鹏", "杰", "超", "浩", "俊", "涛", "斌", "宇", "亮", "凯", "飞", "龙", "晨", "阳", "博", "志",
            "文", "海", "峰", "健", "鑫", "波", "晓", "建", "旭", "帅", "威", "彬", "楠", "佳", "成", "洋", "辰", "炜", "骏"],
        female: &["婷", "静", "雪", "丹", "晶", "晶", "倩", "颖", "莹", "佳", "丽", "娜", "敏", "慧", "燕", "璐", "洁", "蕾",
            "琳", "梦", "雯", "玲", "艳", "瑶", "悦", "萍", "思", "晓", "雅", "薇", "露", "园", "妍", "诗", "姗", "晨"],
    },
    Fashion {
        until_year: 9999, single: 9,
        male: &["浩", "宇", "轩", "泽", "梓", "子", "涵", "辰", "睿", "博", "晨", "俊", "杰", "铭", "皓", "奕", "宸", "逸",
            "天", "佑", "嘉", "豪", "昊", "然", "航", "毅", "霖", "熙", "文", "思", "哲", "远", "一", "诺", "明", "煜", "航"],
        female: &["梓", "涵", "欣", "怡", "雨", "萱", "子", "诗", "语", "嫣", "可", "馨", "思", "妍", "佳", "瑶", "悦", "一",
            "诺", "若", "曦", "芷", "晴", "艺", "琪", "紫", "彤", "静", "雅", "梦", "婉", "清", "心", "沐", "苏", "依"],
    },
];

/// Characters that some systems cannot write: in GBK or only in GB 18030.
const RARE: [&str; 8] = ["喆", "堃", "燚", "淼", "犇", "祎", "玥", "䶮"];
/// Names of another pattern, with a dot that careless checks refuse.
const DOTTED: [(&str, &str, &str); 4] =
    [("阿依古丽", "·", "买买提"), ("艾力", "·", "吐尔逊"), ("古丽娜尔", "·", "艾合买提"), ("买买提", "·", "阿不都拉")];

/// A person's name in its parts; it is only ever written, so it needs no memory of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Family name.
    pub surname: &'static str,
    /// First part of the given name.
    pub first: &'static str,
    /// Second part; may be empty.
    pub second: &'static str,
}

impl Name {
    /// Appends the name as it is written.
    pub fn write(&self, to: &mut String) {
        to.push_str(self.surname);
        to.push_str(self.first);
        to.push_str(self.second);
    }
}

/// A family name.
pub(super) fn surname(dice: &mut Dice) -> &'static str {
    static SUMS: LazyLock<Vec<u32>> = LazyLock::new(|| sums(SURNAMES.iter().map(|(_, weight)| *weight)));
    SURNAMES[dice.by_share(&SUMS)].0
}

/// Every character of any name.
pub(super) fn characters() -> std::collections::BTreeSet<char> {
    let given = FASHIONS.iter().flat_map(|fashion| fashion.male.iter().chain(fashion.female));
    SURNAMES.iter().map(|(surname, _)| surname).chain(given).flat_map(|part| part.chars()).collect()
}

/// A given name that people born in `year` bear, with the family name before it.
pub(super) fn given(dice: &mut Dice, surname: &'static str, male: bool, year: u16) -> Name {
    let fashion = FASHIONS.iter().find(|fashion| year <= fashion.until_year).unwrap_or(&FASHIONS[3]);
    let list = if male { fashion.male } else { fashion.female };
    let first = dice.one_of(list);
    let second = dice.one_of(list);
    match dice.below(10_000) {
        0..=1 => {
            let (surname, first, second) = dice.one_of(&DOTTED);
            Name { surname, first, second }
        }
        2..=9 => Name { surname, first, second: dice.one_of(&RARE) },
        throw if throw % 100 < fashion.single => Name { surname, first, second: "" },
        _ => Name { surname, first, second },
    }
}
