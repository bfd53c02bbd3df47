//! Made-up requests for tests: what residents say, put together from parts, with what makes the real task hard.
//!
//! Departments share words (noise of building sites and of traffic, parking on roads and in estates), texts mention other things in
//! passing, some matters go now to one and now to another department, a share of the labels is wrong, some departments are rare,
//! and with districts the place decides. Figures on these texts say that learning works, not how well it will elsewhere.
use super::cut::finish;
use super::split::Lesson;

/// What goes to whom.
const MATTERS: &[(&str, &[&str])] = &[
    (
        "城市管理局",
        &[
            "{路}上流动摊贩占道经营，{时}堵得走不了路",
            "{小区}门口烧烤摊{时}油烟呛人还吵",
            "{路}人行道上共享单车乱堆乱放",
            "{小区}楼下商户店外经营占用人行道",
            "{路}的垃圾桶满了{多久}没人清运",
            "{路}路灯坏了{多久}，{时}一片漆黑",
            "{路}的户外广告牌松动，担心掉下来砸到人",
            "{小区}有人违规搭建阳光房",
        ],
    ),
    (
        "公安局",
        &[
            "{路}{时}总有车辆违停，消防通道都堵死了",
            "接到自称{单位}的诈骗电话，被骗了{钱}",
            "{小区}{时}有人聚众打麻将赌博",
            "{路}红绿灯时间太短，老人过不了马路",
            "孩子的户口迁移材料交了{多久}没有消息",
            "{小区}楼上住户{时}大声放音乐扰民",
            "{路}路口经常发生交通事故，希望装个信号灯",
            "养犬不拴绳，{小区}里有人被狗咬了",
        ],
    ),
    (
        "生态环境局",
        &[
            "{路}附近工厂{时}排放刺鼻气味",
            "{小区}旁边的工地{时}施工，噪音吵得睡不着",
            "{河}河水发黑发臭{多久}了",
            "{路}有企业偷偷往下水道排放废水",
            "{小区}楼下饭店的油烟直接排到居民窗口",
            "焚烧垃圾冒黑烟，{小区}都能闻到",
        ],
    ),
    (
        "住房和城乡建设局",
        &[
            "{小区}的开发商延期交房{多久}，一直没有说法",
            "{小区}物业不作为，电梯坏了{多久}没人修",
            "{小区}房屋外墙渗水，维修基金申请不下来",
            "买的{小区}的房子拿不到房产证",
            "{小区}物业乱收停车费，一个月要{钱}",
            "老旧小区改造{小区}什么时候轮到",
            "{小区}业主委员会选举不公开",
            "公租房申请交了材料{多久}没有结果",
        ],
    ),
    (
        "人力资源和社会保障局",
        &[
            "{单位}拖欠工资{多久}，一共{钱}",
            "{单位}不给交社保，辞职了也不给补偿",
            "想咨询养老保险转移怎么办理",
            "工伤认定申请{多久}了还没结果",
            "失业金怎么申领，需要什么材料",
            "退休后养老金少算了{钱}",
            "{单位}强迫加班不给加班费",
            "灵活就业人员社保补贴没有到账",
        ],
    ),
    (
        "市场监督管理局",
        &[
            "在{单位}买的食品过期了，老板不肯退钱",
            "{单位}办的健身卡{钱}，关门了不退款",
            "网上买的手机是假货，商家不处理",
            "{路}的菜场缺斤少两",
            "{单位}明码标价和结账不一样，多收了{钱}",
            "{单位}卖的药没有批准文号",
            "电动车刚买{多久}就坏了，店里不给保修",
            "预付卡充值{钱}，商家跑路了",
        ],
    ),
    (
        "交通运输局",
        &[
            "{数}路公交车{时}等了{多久}都不来",
            "出租车司机拒载还绕路，多收{钱}",
            "{路}坑坑洼洼，{时}骑车摔了一跤",
            "网约车司机态度恶劣",
            "{路}修路{多久}了还没修好",
            "希望{小区}附近增设公交站台",
            "驾校收了{钱}学费不安排练车",
            "农村公路{路}路面破损严重",
        ],
    ),
    (
        "教育局",
        &[
            "{学校}要求家长买指定的教辅，收了{钱}",
            "孩子上{学校}的学区划分不合理",
            "{学校}补课到{时}，孩子受不了",
            "培训机构收了{钱}学费跑路了",
            "{学校}食堂饭菜里吃出虫子",
            "外地户口的孩子怎么报名{学校}",
            "{学校}老师体罚学生",
            "幼儿园收费太高，一个月{钱}",
        ],
    ),
    (
        "卫生健康委员会",
        &[
            "{医院}挂号排队{多久}，医生态度很差",
            "{医院}做检查乱收费，多收了{钱}",
            "{小区}附近的诊所没有执照",
            "想咨询疫苗接种在哪里预约",
            "{医院}急诊{时}没有医生值班",
            "生育登记怎么办理",
        ],
    ),
    (
        "医疗保障局",
        &[
            "异地就医医保报销{多久}没到账",
            "医保卡里的钱怎么给家里人用",
            "慢性病门诊报销比例是多少",
            "居民医保缴费交了两次，{钱}怎么退",
            "{医院}说这个药不在医保目录里",
            "生育津贴申请{多久}没有结果",
        ],
    ),
    (
        "民政局",
        &[
            "家里困难想申请低保，材料交了{多久}",
            "{小区}的养老院收费{钱}，服务很差",
            "老人高龄补贴没有发",
            "结婚登记要带什么材料",
            "{路}有流浪人员需要救助",
            "墓地涨价太多，要{钱}",
        ],
    ),
    (
        "水利局",
        &[
            "{小区}自来水发黄{多久}了",
            "{小区}停水{多久}，没有通知",
            "{河}河堤塌了一块，下雨很危险",
            "水费突然涨到{钱}",
            "{路}自来水管爆裂，{时}流了一地",
        ],
    ),
    (
        "供电公司",
        &[
            "{小区}{时}停电，问什么时候来电",
            "电费这个月{钱}，比平时多一倍",
            "{小区}充电桩接不上电",
            "{路}的电线垂下来快碰到人了",
            "{小区}电压不稳，电器都烧坏了",
        ],
    ),
    (
        "自然资源和规划局",
        &[
            "{小区}旁边要建变电站，规划有没有公示",
            "{路}的土地征收补偿款{钱}没到位",
            "不动产登记预约不上",
            "村里有人占用耕地建房",
            "{小区}规划的绿地变成了停车场",
        ],
    ),
    (
        "农业农村局",
        &[
            "村里秸秆补贴{钱}没有发",
            "买的种子不出苗，损失{钱}",
            "宅基地申请{多久}没有批",
            "养殖场的粪水流到{河}里",
            "农机补贴怎么申请",
        ],
    ),
    (
        "税务局",
        &[
            "开发票{单位}不给开",
            "个人所得税退税{多久}没到账",
            "房产契税交多了{钱}怎么退",
            "{单位}偷税漏税要举报",
            "税务大厅排队{多久}",
        ],
    ),
    (
        "文化广电和旅游局",
        &[
            "旅行社收了{钱}不退团费",
            "景区门票优惠老人不认",
            "{路}的网吧让未成年人进去",
            "图书馆{时}不开门",
            "导游强迫购物花了{钱}",
        ],
    ),
    (
        "消防救援支队",
        &[
            "{小区}消防栓没有水",
            "{小区}楼道堆满杂物，电动车在楼道充电",
            "{单位}的安全出口锁着",
            "{路}的仓库存放易燃物品",
        ],
    ),
    ("退役军人事务局", &["退伍安置费{钱}没有发", "退役军人优待证{多久}没办下来", "烈属抚恤金怎么领"]),
    ("残疾人联合会", &["残疾证{多久}没办下来", "残疾人护理补贴停发了", "{路}盲道被占用"]),
];
/// What goes now to one and now to another.
const BETWEEN: &[(&str, &str, &str)] = &[
    ("{小区}旁边工地{时}施工扬尘很大", "生态环境局", "住房和城乡建设局"),
    ("{小区}广场舞{时}音响太吵", "公安局", "城市管理局"),
    ("{路}窨井盖坏了，{时}有车压过去哐哐响", "城市管理局", "交通运输局"),
    ("{小区}电动车飞线充电", "消防救援支队", "住房和城乡建设局"),
    ("{路}停车位被私自装地锁", "城市管理局", "公安局"),
    ("{河}边有人钓鱼乱扔垃圾", "水利局", "城市管理局"),
];
const SLOTS: &[(&str, &[&str])] = &[
    (
        "{路}",
        &[
            "人民路",
            "青年路",
            "工农路",
            "长江路",
            "濠西路",
            "跃龙路",
            "园林路",
            "世纪大道",
            "城港路",
            "外环西路",
            "通京大道",
            "洪江路",
            "虹桥路",
            "桃坞路",
            "钟秀路",
        ],
    ),
    (
        "{小区}",
        &[
            "学田新村",
            "易家桥新村",
            "北濠东村",
            "光明新村",
            "中南世纪城",
            "万濠华府",
            "虹桥北村",
            "新城花园",
            "天安花园",
            "金色家园",
            "江海雅苑",
            "望江楼小区",
            "文峰花苑",
        ],
    ),
    ("{时}", &["晚上", "凌晨两点", "早高峰", "中午", "天天", "周末", "半夜", "下班时间", "每天早上六点"]),
    ("{多久}", &["三天", "一个多星期", "半个月", "两个月", "快半年", "一年多", "好长时间", "四十分钟"]),
    (
        "{单位}",
        &[
            "家乐超市",
            "鸿运装饰公司",
            "大润发",
            "恒达电子厂",
            "瑞丰建筑工地",
            "美丽佳人美容院",
            "好又多便利店",
            "顺风物流",
            "鑫源纺织厂",
            "力健健身房",
        ],
    ),
    ("{钱}", &["200元", "1500块", "三千多", "两万", "380.5元", "12000元", "好几万"]),
    ("{河}", &["通吕运河", "濠河", "海港引河", "任港河", "幸余河"]),
    ("{学校}", &["实验小学", "第一初中", "城西中学", "启秀中学", "育才小学"]),
    ("{医院}", &["第一人民医院", "中医院", "妇幼保健院", "社区卫生服务中心"]),
    ("{数}", &["3", "8", "15", "601", "26", "58"]),
];
const OPENINGS: &[&str] = &[
    "",
    "您好，",
    "我是住在附近的居民，",
    "来电人反映：",
    "市民来电反映，",
    "你们管不管啊，",
    "请问一下，",
    "麻烦问下，",
    "尊敬的领导：",
];
const ENDINGS: &[&str] = &[
    "",
    "，请相关部门尽快处理",
    "，希望解决一下",
    "，要求回复，电话13812345678",
    "。打过好几次电话都没人管！！",
    "，谢谢。",
    "，来电人表示不满，请核实处理",
    "，恳请政府给老百姓做主",
];
const DISTRICTS: &[&str] = &["崇川区", "通州区", "海门区", "启东市", "如东县"];

/// A run of numbers that is the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (finish(self.0) % most.max(1) as u64) as usize
    }

    fn often(&mut self, of_thousand: usize) -> bool {
        self.below(1_000) < of_thousand
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn filled(&mut self, matter: &str) -> String {
        SLOTS.iter().fold(matter.to_owned(), |text, (slot, words)| {
            if text.contains(slot) { text.replace(slot, self.pick(words)) } else { text }
        })
    }

    /// The first are chosen most, as some departments have most of the work.
    fn skewed(&mut self, most: usize) -> usize {
        let one = self.below(most);
        one.min(self.below(most))
    }
}

/// So many requests with their departments. With `districts` the place decides, and there are five times as many departments;
/// so many of a thousand labels are wrong.
pub fn requests(count: usize, districts: bool, wrong_of_thousand: usize, seed: u64) -> (Vec<String>, Vec<Lesson>) {
    let mut dice = Dice(seed);
    let mut names: Vec<String> = Vec::new();
    let lessons = (0..count)
        .map(|_| {
            let (matter, department) = if dice.often(120) {
                let (matter, one, other) = BETWEEN[dice.below(BETWEEN.len())];
                (matter, if dice.often(650) { one } else { other })
            } else {
                let (department, matters) = MATTERS[dice.skewed(MATTERS.len())];
                (dice.pick(matters), department)
            };
            let district = if districts { DISTRICTS[dice.below(DISTRICTS.len())] } else { "" };
            let mut text = format!("{}{district}{}", dice.pick(OPENINGS), dice.filled(matter));
            if dice.often(250) {
                let (_, others) = MATTERS[dice.below(MATTERS.len())];
                let other = dice.pick(others);
                text += &format!("。另外{}，这个以前反映过", dice.filled(other));
            }
            text += dice.pick(ENDINGS);
            let mut name = format!("{district}{department}");
            if dice.often(wrong_of_thousand) {
                name = format!("{district}{}", MATTERS[dice.below(MATTERS.len())].0);
            }
            let label = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            Lesson { text, label: label as u16 }
        })
        .collect();
    (names, lessons)
}

/// Writes requests to the file named by JIANGHAI_REQUESTS, as many as JIANGHAI_REQUESTS_COUNT says, for `jianghai bench dispatch`.
#[test]
#[ignore = "writes a file for a measurement; README.md has the command"]
fn requests_are_written_to_a_file() {
    let path = std::env::var("JIANGHAI_REQUESTS").expect("JIANGHAI_REQUESTS names the file");
    let told = |name: &str, otherwise: usize| std::env::var(name).map_or(otherwise, |n| n.parse().expect("a number"));
    let count = told("JIANGHAI_REQUESTS_COUNT", 20_000);
    let (names, lessons) = requests(count, told("JIANGHAI_REQUESTS_DISTRICTS", 0) > 0, 50, 2015);
    let mut out = csv::Writer::from_path(path).expect("a file");
    out.write_record(["诉求内容", "承办单位"]).expect("written");
    for lesson in lessons {
        out.write_record([&lesson.text, &names[usize::from(lesson.label)]]).expect("written");
    }
    out.flush().expect("written");
}
