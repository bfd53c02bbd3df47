//! Addresses as a city writes them: division, road and number, estate, building, unit, room.
//!
//! An address is read once into its parts; names are kept as two numbers, of their characters and of their sound, so that an address
//! takes the room of a few words and two are compared without a text.
use crate::hanzi::{self, Glyph};
use crate::hash;

/// The characters of an address that are read.
const CHARS_MAX: usize = 200;

/// A part that has a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Named {
    name: u32,
    sound: u32,
}

impl Named {
    fn of(glyphs: &[Glyph]) -> Self {
        let fold = |parts: &mut dyn Iterator<Item = u16>| {
            let hash = parts.fold(7, |hash, part| hash::mix(hash ^ u64::from(part)));
            (hash as u32) | 1
        };
        if glyphs.is_empty() {
            return Self::default();
        }
        let sound = |glyph: &Glyph| if glyph.sound() == 0 { glyph.0 } else { glyph.near_sound() };
        Self { name: fold(&mut glyphs.iter().map(|glyph| glyph.0)), sound: fold(&mut glyphs.iter().map(sound)) }
    }

    /// Whether there is one.
    pub fn is_some(self) -> bool {
        self.name != 0
    }

    /// Both are there and sound alike.
    fn is_like(self, other: Self) -> bool {
        self.is_some() && self.sound == other.sound
    }
}

/// An address in its parts; what it does not have is zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Address {
    /// 路, 街, 大道, 巷.
    pub road: Named,
    /// The number on the road (号, 弄).
    pub number: u16,
    /// 小区, 花园, 新村, or a village (村, 社区).
    pub estate: Named,
    /// 幢, 栋, 号楼, or the group of a village (组).
    pub building: u16,
    /// Unit and room: 3 单元 501 室 is 3 * 10,000 + 501, at most.
    pub room: u16,
}

/// How near two addresses are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum AddressLikeness {
    /// Neither road nor estate.
    Different = 1,
    /// The same road, estate or village.
    Street,
    /// The same number on a road, or the same building of an estate.
    Building,
    /// The same home.
    Home,
}

/// Words after which what came before is a division, not a road or an estate.
const DIVISIONS: [&str; 8] = ["省", "市", "自治区", "区", "县", "镇", "乡", "街道"];
const ROADS: [&str; 8] = ["大道", "大街", "路", "街", "巷", "弄", "道", "胡同"];
const VILLAGES: [&str; 4] = ["村委会", "居委会", "社区", "村"];

#[derive(Default)]
struct Reader {
    out: Address,
    name: Vec<char>,
    number: Option<u32>,
    dashes: u8,
}

impl Address {
    /// Of a text; none if nothing in it is understood.
    pub fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().take(CHARS_MAX).map(half_width).collect();
        let mut reader = Reader::default();
        let mut at = 0;
        while at < chars.len() {
            at += reader.step(&chars[at..]);
        }
        reader.end_number("");
        reader.end_name();
        (reader.out != Self::default()).then_some(reader.out)
    }

    /// A number that two addresses have in common if they are of one building, as far as both tell.
    pub fn building_key(&self) -> Option<u64> {
        if self.estate.is_some() && self.building != 0 {
            Some(hash::of(&[1, u64::from(self.estate.sound), u64::from(self.building)]))
        } else if self.road.is_some() && self.number != 0 {
            Some(hash::of(&[2, u64::from(self.road.sound), u64::from(self.number)]))
        } else {
            None
        }
    }

    /// A number that two addresses have in common if they are of one home; none if one of them has no room.
    pub fn home_key(&self) -> Option<u64> {
        (self.room != 0).then(|| self.building_key().map(|key| hash::of(&[key, u64::from(self.room)]))).flatten()
    }

    /// A number for the estate, or else the road: how often it occurs says how much agreeing on it means.
    pub fn street_key(&self) -> u64 {
        if self.estate.is_some() {
            u64::from(self.estate.sound) | 1 << 40
        } else {
            u64::from(self.road.sound) | 1 << 41
        }
    }

    /// How near it is to another.
    pub fn likeness(&self, other: &Self) -> AddressLikeness {
        let both = |a: u16, b: u16| a != 0 && b != 0;
        let on_road = self.road.is_like(other.road);
        let in_estate = self.estate.is_like(other.estate);
        let by_number = on_road && both(self.number, other.number) && self.number == other.number;
        let by_building = in_estate && both(self.building, other.building) && self.building == other.building;
        let apart = (on_road && both(self.number, other.number) && self.number != other.number && !by_building)
            || (in_estate && both(self.building, other.building) && self.building != other.building);
        if (by_number || by_building) && !apart {
            if self.room != 0 && self.room == other.room { AddressLikeness::Home } else { AddressLikeness::Building }
        } else if on_road || in_estate {
            AddressLikeness::Street
        } else {
            AddressLikeness::Different
        }
    }
}

impl Reader {
    /// Reads what begins here and says how many characters that was.
    fn step(&mut self, rest: &[char]) -> usize {
        let c = rest[0];
        if let Some(digit) = digit(c) {
            let number = self.number.unwrap_or(0).saturating_mul(10).saturating_add(digit);
            self.number = Some(number.min(9_999_999));
            return 1;
        }
        if self.number.is_some() {
            for word in ["号楼", "单元", "幢", "栋", "座", "室", "户", "号", "弄", "组", "队", "层", "楼", "-", "#"]
            {
                if starts_with(rest, word) {
                    self.end_number(word);
                    return word.chars().count();
                }
            }
            self.end_number("");
        }
        for word in ROADS {
            if !self.name.is_empty() && starts_with(rest, word) && !starts_with(rest, "街道") {
                self.name.extend(word.chars());
                self.out.road = named(&self.name);
                self.name.clear();
                return word.chars().count();
            }
        }
        for word in DIVISIONS {
            if self.name.len() > 1 && starts_with(rest, word) && !(word == "区" && self.name.last() == Some(&'小')) {
                self.name.clear();
                return word.chars().count();
            }
        }
        for word in VILLAGES {
            if self.name.len() > 1 && starts_with(rest, word) && self.name.last() != Some(&'新') {
                self.out.estate = named(&self.name);
                self.name.clear();
                return word.chars().count();
            }
        }
        if c.is_alphanumeric() {
            self.name.push(c);
        }
        1
    }

    /// What a number is, by the word after it.
    fn end_number(&mut self, word: &str) {
        let Some(number) = self.number.take() else { return };
        self.end_name();
        let small = u16::try_from(number).unwrap_or(u16::MAX);
        match word {
            "号楼" | "幢" | "栋" | "座" | "#" | "组" | "队" => self.out.building = small,
            "单元" => self.unit(number),
            "室" | "户" => self.room(number),
            "号" | "弄" if self.out.road.is_some() && self.out.number == 0 && !self.out.estate.is_some() => {
                self.out.number = small;
            }
            "号" if self.out.building == 0 => self.out.building = small,
            "层" | "楼" => {}
            // 12-3-501: building, unit, room.
            _ => {
                self.dashes += 1;
                match (word, self.out.building) {
                    ("-", 0) => self.out.building = small,
                    ("-", _) => self.unit(number),
                    (_, 0) if self.dashes == 1 && self.out.road.is_some() && self.out.number == 0 => {
                        self.out.number = small
                    }
                    _ => self.room(number),
                }
            }
        }
    }

    fn unit(&mut self, number: u32) {
        self.out.room = (number % 6 * 10_000) as u16;
    }

    fn room(&mut self, number: u32) {
        self.out.room = (u32::from(self.out.room) / 10_000 * 10_000 + number % 10_000) as u16;
    }

    fn end_name(&mut self) {
        if self.name.len() > 1 {
            self.out.estate = named(&self.name);
        }
        self.name.clear();
    }
}

fn named(chars: &[char]) -> Named {
    Named::of(&chars.iter().filter_map(|c| Glyph::of(*c)).collect::<Vec<_>>())
}

fn starts_with(rest: &[char], word: &str) -> bool {
    let mut rest = rest.iter();
    word.chars().all(|c| rest.next() == Some(&c))
}

fn half_width(c: char) -> char {
    match c {
        '—' | '–' | '~' | '～' => '-',
        _ => hanzi::half_width(c),
    }
}

fn digit(c: char) -> Option<u32> {
    c.to_digit(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> AddressLikeness {
        Address::parse(one).unwrap().likeness(&Address::parse(other).unwrap())
    }

    #[test]
    fn one_home_written_in_several_ways_is_one_home() {
        let written = [
            "江苏省南通市崇川区人民中路88号学田北苑12幢3单元501室",
            "崇川区人民中路88号学田北苑12栋3单元501",
            "学田北苑12-3-501",
            "崇川区学田北苑１２号楼３单元５０１室",
        ];
        for other in &written[1..] {
            assert_eq!(likeness(written[0], other), AddressLikeness::Home, "{other}");
        }
    }

    #[test]
    fn a_road_misspelt_by_sound_is_the_road() {
        assert_eq!(likeness("人民中路88号", "人民钟路88号"), AddressLikeness::Building);
    }

    #[test]
    fn neighbours_are_not_one_home() {
        assert_eq!(likeness("学田北苑12幢501室", "学田北苑12幢502室"), AddressLikeness::Building);
        assert_eq!(likeness("学田北苑12幢501室", "学田北苑13幢501室"), AddressLikeness::Street);
        assert_eq!(likeness("人民中路88号", "人民中路90号"), AddressLikeness::Street);
        assert_eq!(likeness("人民中路88号", "青年西路88号"), AddressLikeness::Different);
    }

    #[test]
    fn a_village_and_its_group() {
        assert_eq!(likeness("如东县河口镇直夹河村12组8号", "河口镇直夹河村12组"), AddressLikeness::Building);
        assert_eq!(likeness("如东县河口镇直夹河村12组", "直夹河村3组"), AddressLikeness::Street);
    }

    #[test]
    fn what_is_no_address_is_none() {
        assert_eq!(Address::parse(""), None);
        assert_eq!(Address::parse("，。"), None);
        assert!(Address::parse(&"路".repeat(100_000)).is_none_or(|address| address.number == 0));
    }
}
