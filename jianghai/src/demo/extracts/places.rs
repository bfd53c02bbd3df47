//! Where people live: the real towns and communities of Nantong, with invented roads and numbers.
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use super::dice::{Dice, sums};

const DIVISIONS: &str = include_str!("../../../../data/nantong/divisions.csv");

/// Statistical code, code in GB/T 2260, the beginning of an address, and the share of residents in thousands. The
/// development zone is statistical only: its people are registered under 崇川区.
const COUNTIES: [(&str, &str, &str, u32); 8] = [
    ("320613", "320613", "江苏省南通市崇川区", 128),
    ("320671", "320613", "江苏省南通市经济技术开发区", 22),
    ("320612", "320612", "江苏省南通市通州区", 126),
    ("320614", "320614", "江苏省南通市海门区", 99),
    ("320623", "320623", "江苏省南通市如东县", 88),
    ("320681", "320681", "江苏省启东市", 97),
    ("320682", "320682", "江苏省如皋市", 124),
    ("320685", "320685", "江苏省海安市", 87),
];

/// The counties of GB/T 2260 with their names, for counting.
pub(super) const COUNTED: [(&str, &str); 7] = [
    ("320612", "通州区"),
    ("320613", "崇川区"),
    ("320614", "海门区"),
    ("320623", "如东县"),
    ("320681", "启东市"),
    ("320682", "如皋市"),
    ("320685", "海安市"),
];

const ROADS: [&str; 32] = [
    "人民路",
    "青年路",
    "工农路",
    "跃龙路",
    "解放路",
    "建设路",
    "新华路",
    "育才路",
    "中山路",
    "和平路",
    "文化路",
    "健康路",
    "幸福路",
    "团结路",
    "江海路",
    "长江路",
    "黄海路",
    "世纪大道",
    "振兴路",
    "朝阳路",
    "东风路",
    "迎宾路",
    "园林路",
    "学府路",
    "河滨路",
    "南园路",
    "北街",
    "西大街",
    "中心路",
    "花园路",
    "紫琅路",
    "港口路",
];

/// A town's community, as far as an address needs it.
#[derive(Debug)]
struct Community {
    /// From the province to the town.
    above: String,
    name: String,
    village: bool,
    county: usize,
}

/// The tables of places.
#[derive(Debug)]
pub(super) struct Places {
    communities: Vec<Community>,
    of_county: [Range<usize>; COUNTIES.len()],
    shares: Vec<u32>,
}

/// One household's door.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door {
    community: u32,
    road: u8,
    number: u16,
    building: u8,
    room: u16,
}

impl Places {
    /// The tables built into the program.
    pub fn get() -> &'static Self {
        static PLACES: LazyLock<Places> = LazyLock::new(Places::read);
        &PLACES
    }

    fn read() -> Self {
        let mut communities = Vec::new();
        let mut of_county = [const { 0..0 }; COUNTIES.len()];
        let rows: Vec<Vec<&str>> = DIVISIONS.lines().skip(1).map(|line| line.split(',').collect()).collect();
        for (county, (code, _, above, _)) in COUNTIES.iter().enumerate() {
            let start = communities.len();
            let within = |row: &&Vec<&str>| row[0].starts_with(code) && row[1] != "320600";
            for row in rows.iter().filter(within).filter(|row| row[5] == "community") {
                let town = rows.iter().find(|town| town[0] == row[1]).map_or("", |town| town[2]);
                let (lived_in, name) = (town.ends_with("街道") || town.ends_with('镇'), row[4]);
                if lived_in && (name.ends_with('村') || name.ends_with("社区")) && !name.contains("虚拟") {
                    let above = format!("{above}{town}");
                    communities
                        .push(Community { above, name: name.to_owned(), village: name.ends_with('村'), county });
                }
            }
            of_county[county] = start..communities.len();
        }
        Self { communities, of_county, shares: sums(COUNTIES.iter().map(|county| county.3)) }
    }

    /// A door in the county where somebody's number was given (often), or anywhere in the city.
    pub fn door(&self, dice: &mut Dice, born_in: u32) -> Door {
        let stays = dice.happens(85, 100);
        let by_share = dice.by_share(&self.shares);
        let county = match county_today(born_in) {
            Some(0) if stays => usize::from(dice.happens(1, 8)),
            Some(county) if stays => county,
            _ => by_share,
        };
        let range = &self.of_county[county];
        let among = u32::try_from(range.len()).unwrap_or(1);
        Door {
            community: u32::try_from(range.start).unwrap_or(0) + dice.below(among),
            road: low_byte(dice.below(ROADS.len() as u32)),
            number: low_half(1 + dice.below(298)),
            building: low_byte(1 + dice.below(40)),
            room: low_half((1 + dice.below(18)) * 100 + 1 + dice.below(4)),
        }
    }

    /// The GB/T 2260 code of a door's county.
    pub fn code(&self, door: Door) -> &'static str {
        COUNTIES[self.communities[door.community as usize].county].1
    }

    /// Appends the address: in a village by group and number, in town by road, building and room.
    pub fn write_address(&self, door: Door, to: &mut String) {
        let place = &self.communities[door.community as usize];
        to.push_str(&place.above);
        to.push_str(&place.name);
        // Writing into a String cannot fail.
        let _ = if place.village {
            write!(to, "{}组{}号", door.building, door.number)
        } else {
            write!(to, "{}{}号{}幢{}室", ROADS[door.road as usize], door.number, door.building, door.room)
        };
    }

    /// Appends an office's address, which has no rooms people live in.
    pub fn write_premises(&self, door: Door, to: &mut String) {
        let place = &self.communities[door.community as usize];
        to.push_str(&place.above);
        if place.village {
            to.push_str(&place.name);
        }
        let _ = write!(to, "{}{}号", ROADS[door.road as usize], door.number);
    }

    /// The short name of a door's county or city, for names of firms.
    pub fn short_name(&self, door: Door) -> &'static str {
        let code = self.code(door);
        COUNTED.iter().find(|(known, _)| *known == code).map_or("南通", |(_, name)| &name[..6])
    }
}

/// Which of [`COUNTIES`] a code of any time lies in today.
fn county_today(code: u32) -> Option<usize> {
    Some(match code {
        320_602 | 320_611 | 320_613 => 0,
        320_624 | 320_683 | 320_612 => 2,
        320_625 | 320_684 | 320_614 => 3,
        320_623 => 4,
        320_626 | 329_013 | 320_681 => 5,
        320_622 | 320_682 => 6,
        320_621 | 320_685 => 7,
        _ => return None,
    })
}

fn low_byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn low_half(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
