//! What citizens of the measured city report: texts from templates, about sixty characters each, at places as close together
//! as those of a city of a million people in its streets.
use rand::Rng;
use rand::seq::IndexedRandom as _;
use time::OffsetDateTime;

/// Category, its name, what is wrong, and what that leads to.
const TOPICS: [(&str, &str, &str, &str); 16] = [
    ("road-damage", "道路坑洼破损", "路面塌陷形成大坑", "已有骑电动车的老人在雨天摔倒受伤"),
    ("street-light", "路灯不亮", "整段路灯连续多日不亮", "晚上放学的孩子和下夜班的人看不清路"),
    ("manhole", "井盖缺失破损", "一处窨井盖破损下沉", "车辆经过时声响很大且随时可能掉下去"),
    ("illegal-parking", "违规停车", "大量车辆占用消防通道停放", "救护车曾经无法进入小区耽误了时间"),
    ("drainage", "排水积水", "雨后积水没过脚踝", "地下车库多次进水车辆受损无人负责"),
    ("waste", "垃圾清运", "生活垃圾堆放多日无人清运", "天气转暖以后气味很大蚊蝇成群"),
    ("noise", "噪声扰民", "工地夜间十点以后仍在施工", "家中老人和备考的学生整夜无法休息"),
    ("street-trading", "占道经营", "摊贩长期占用人行道经营", "行人只能走到机动车道上十分危险"),
    ("property-management", "物业服务", "电梯反复停运物业不予维修", "高层住户上下楼困难腿脚不便者尤甚"),
    ("greening", "园林绿化", "行道树枯枝悬在路面上方", "起风时有树枝掉落砸中停放的车辆"),
    ("air-pollution", "大气和异味", "附近厂房排放刺鼻气味", "居民常年不敢开窗孩子经常咳嗽"),
    ("wages", "劳动报酬", "装修公司拖欠三个月工资", "多次讨要均以工程款未到账为由推脱"),
    ("consumer", "消费维权", "健身房停业后预付费不退", "店门紧锁且负责人的电话无法接通"),
    ("water-supply", "供水", "自来水发黄并伴有沉淀物", "近一周早晚用水高峰时水压也明显不足"),
    ("fire-safety", "消防安全", "楼道内电动车飞线充电", "曾经发生过电线冒烟险些酿成火灾"),
    ("housing-quality", "房屋质量和交付", "交付不到两年外墙渗水", "室内墙面发霉开发商推诿至今未修"),
];

const STREETS: [&str; 32] = [
    "人民中路",
    "人民东路",
    "濠南路",
    "濠北路",
    "青年中路",
    "青年西路",
    "工农路",
    "工农南路",
    "跃龙路",
    "南大街",
    "孩儿巷路",
    "外环西路",
    "外环北路",
    "世纪大道",
    "园林路",
    "桃园路",
    "虹桥路",
    "城山路",
    "太平路",
    "通京大道",
    "钟秀路",
    "教育路",
    "北濠桥路",
    "永和路",
    "长江中路",
    "星湖大道",
    "啬园路",
    "崇川路",
    "洪江路",
    "江海大道",
    "机场大道",
    "胜利路",
];

const ESTATES: [&str; 24] = [
    "学田北苑",
    "虹桥南村",
    "德民花苑",
    "易家桥新村",
    "王府大厦",
    "濠景国际",
    "中南世纪城",
    "万濠华府",
    "星景花苑",
    "新桥新村",
    "启秀花园",
    "文峰花苑",
    "城南新村",
    "北濠东村",
    "光明东村",
    "五一新村",
    "静海花园",
    "天安花园",
    "紫荆花园",
    "凤凰汇",
    "绿城玉兰公寓",
    "观河苑",
    "永兴佳园",
    "幸福南苑",
];

const WISHES: [&str; 8] = [
    "希望有关部门尽快到现场查看处理",
    "请派人核实并给出明确的整改期限",
    "此前已经反映过一次至今没有结果",
    "请在处理以后给来电人一个答复",
    "恳请协调责任单位尽快予以解决",
    "要求公开处理的过程和责任单位",
    "请先设置警示标志以免再有人受伤",
    "住户都很着急盼望早日得到解决",
];

const WHEN: [&str; 6] = ["今天早上", "昨天晚上", "上周以来", "近一个月", "雨停以后", "节后至今"];

/// A report as somebody would make it.
pub struct Words {
    /// One of the hotline's categories.
    pub category: &'static str,
    /// What that is called.
    pub category_name: &'static str,
    /// The line in a list.
    pub title: String,
    /// The whole.
    pub description: String,
    /// Where, in words.
    pub address: String,
    /// Where, WGS 84 degrees.
    pub place: (f64, f64),
    /// What somebody would look for who remembers it: the street, and what was wrong there.
    pub sought: String,
}

/// One more.
pub fn words(rng: &mut impl Rng) -> Words {
    let (category, category_name, wrong, harm) = *TOPICS.choose(rng).unwrap_or(&TOPICS[0]);
    let street = pick(rng, &STREETS);
    let estate = pick(rng, &ESTATES);
    let (house, block) = (rng.random_range(1..400), rng.random_range(1..60));
    let address = format!("{street}{house}号{estate}{block}幢");
    let title = format!("{street}{house}号附近{wrong}");
    let (when, wish) = (pick(rng, &WHEN), pick(rng, &WISHES));
    let description = format!("{when}{street}{house}号{estate}{block}幢旁{wrong}，{harm}，{wish}。");
    let sought = format!("{street} {wrong}");
    Words { category, category_name, title, description, address, place: place(rng), sought }
}

/// The words as they are stored for search; the same fields in the same order as the engine's.
pub fn vector(words: &Words, reported_at: OffsetDateTime) -> casework::api::Words {
    let texts = [&*words.title, &*words.description, &*words.address, words.category_name];
    casework::api::Words::of(&texts, reported_at)
}

fn pick(rng: &mut impl Rng, from: &[&'static str]) -> &'static str {
    from.choose(rng).copied().unwrap_or_default()
}

/// Four of five in the streets of the main city (崇川), around some hundred places where things go wrong again and again; the
/// others somewhere in the counties.
fn place(rng: &mut impl Rng) -> (f64, f64) {
    if rng.random_range(0..5) == 0 {
        return (rng.random_range(120.25..121.65), rng.random_range(31.75..32.60));
    }
    let spot: u32 = rng.random_range(0..160);
    // The same spots for every seed: a scatter over about 14 by 12 km.
    let (lon, lat) = (f64::from(spot * 61 % 160) / 160.0, f64::from(spot * 97 % 160) / 160.0);
    let near = |rng: &mut dyn rand::RngCore| (0..4).map(|_| rng.random_range(-0.004..0.004)).sum::<f64>() / 2.0;
    (120.80 + lon * 0.15 + near(rng), 31.95 + lat * 0.11 + near(rng))
}

#[cfg(test)]
mod tests {
    use jh_core::gram;
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_report_is_as_long_as_a_report_and_found_by_what_is_sought() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        for _ in 0..200 {
            let words = words(&mut rng);
            let length = words.description.chars().count();
            assert!((45..=80).contains(&length), "{length}: {}", words.description);
            let stored = vector(&words, OffsetDateTime::UNIX_EPOCH).vector;
            for gram in gram::distinct(&words.sought) {
                assert!(stored.contains(&format!("'0@{gram}'")), "{gram} is not in {stored}");
            }
        }
    }
}
