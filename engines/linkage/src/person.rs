//! Residents as a city's departments know them: name, citizen number, day of birth, sex, telephone, home.
use crate::address::{Address, AddressLikeness};
use crate::digits::{self, CitizenNumber, Day, DayLikeness, DigitLikeness, NumberLikeness};
use crate::hash;
use crate::kind::{Comparison, Kind, Levels, Rule};
use crate::name::{Name, NameLikeness};

/// Comparisons and rules of residents.
pub struct Person;

/// What a record says, as texts; empty for nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct PersonTexts<'a> {
    /// 姓名.
    pub name: &'a str,
    /// 曾用名.
    pub former_name: &'a str,
    /// 公民身份号码 of 18 or 15 characters.
    pub citizen_id: &'a str,
    /// 出生日期, year first.
    pub born: &'a str,
    /// 性别: 1 or 男, 2 or 女.
    pub sex: &'a str,
    /// 手机号码.
    pub phone: &'a str,
    /// 居住地址.
    pub address: &'a str,
    /// 行政区划: six digits or more.
    pub division: &'a str,
}

/// One record, read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Resident {
    name: Name,
    former: u64,
    number: Option<CitizenNumber>,
    born: Day,
    phone: u64,
    address: Address,
    division: u32,
    sex: u8,
}

impl Resident {
    /// Reads a record. What is not understood is as if it were not there.
    pub fn read(texts: &PersonTexts<'_>) -> Self {
        let number = CitizenNumber::parse(texts.citizen_id);
        let phone: Vec<u8> = digits::digits_of(texts.phone).take(16).collect();
        let division = digits::pack(digits::digits_of(texts.division).take(6)).unwrap_or(0);
        Self {
            name: Name::parse(texts.name).unwrap_or_default(),
            former: Name::parse(texts.former_name).map_or(0, |name| name.key()),
            number,
            born: Day::parse(texts.born).or(number.map(CitizenNumber::born)).unwrap_or_default(),
            phone: if phone.len() >= 7 { digits::pack(phone.into_iter()).unwrap_or(0) } else { 0 },
            address: Address::parse(texts.address).unwrap_or_default(),
            division: division as u32,
            sex: match texts.sex.trim() {
                "1" | "男" | "M" | "m" => 1,
                "2" | "女" | "F" | "f" => 2,
                _ => number.map_or(0, CitizenNumber::sex),
            },
        }
    }

    fn has_name(&self) -> bool {
        !self.name.glyphs().is_empty()
    }

    fn name_level(&self, other: &Self) -> u8 {
        if !self.has_name() || !other.has_name() {
            return 0;
        }
        let likeness = self.name.likeness(&other.name);
        let renamed = |one: &Self, other: &Self| one.former != 0 && one.former == other.name.key();
        if likeness < NameLikeness::Sound && (renamed(self, other) || renamed(other, self)) {
            return NameLikeness::Sound as u8;
        }
        likeness as u8
    }

    fn address_level(&self, other: &Self) -> u8 {
        let some = |one: &Self| one.address != Address::default();
        if some(self) && some(other) {
            let likeness = self.address.likeness(&other.address);
            if likeness > AddressLikeness::Different {
                return likeness as u8 + 1;
            }
        }
        match (self.division, other.division) {
            (0, _) | (_, 0) => u8::from(some(self) && some(other)),
            (one, two) if one == two => 2,
            _ => 1,
        }
    }
}

const NAME: usize = 0;
const NUMBER: usize = 1;
const BORN: usize = 2;
const SEX: usize = 3;
const PHONE: usize = 4;
const HOME: usize = 5;

impl Kind for Person {
    type Record = Resident;

    const NAME: &'static str = "person";
    const VERSION: u16 = 1;
    const COMPARISONS: &'static [Comparison] = &[
        Comparison {
            name: "name",
            levels: &["different", "surname", "given", "near", "alike", "sound", "same"],
            by_term: true,
        },
        Comparison { name: "citizen_id", levels: &["different", "head", "slip", "same"], by_term: false },
        Comparison { name: "born", levels: &["different", "year", "slip", "same"], by_term: true },
        Comparison { name: "sex", levels: &["different", "same"], by_term: false },
        Comparison { name: "phone", levels: &["different", "slip", "same"], by_term: true },
        Comparison { name: "address", levels: &["different", "division", "street", "building", "home"], by_term: true },
    ];
    const RULES: &'static [Rule] = &[
        Rule { name: "citizen_id", fixes: &[NUMBER, BORN, SEX], teaches: true },
        Rule { name: "name_and_day", fixes: &[NAME, BORN], teaches: true },
        Rule { name: "phone", fixes: &[PHONE], teaches: true },
        Rule { name: "former_name_and_day", fixes: &[NAME, BORN], teaches: false },
        Rule { name: "name_and_day_of_year", fixes: &[NAME, BORN], teaches: false },
        Rule { name: "name_year_and_division", fixes: &[NAME, BORN], teaches: false },
        Rule { name: "day_and_last_sound", fixes: &[NAME, BORN], teaches: false },
        Rule { name: "day_surname_and_division", fixes: &[NAME, BORN], teaches: false },
        Rule { name: "name_and_building", fixes: &[NAME, HOME], teaches: true },
    ];

    fn levels(one: &Resident, other: &Resident) -> Levels {
        let mut out = [0; 8];
        out[NAME] = one.name_level(other);
        let numbers = one.number.zip(other.number).map(|(a, b)| a.likeness(b));
        out[NUMBER] = numbers.map_or(0, |likeness| likeness as u8);
        // The number holds day and sex: where it agrees, these say nothing that it has not said.
        let told = matches!(numbers, Some(NumberLikeness::Same | NumberLikeness::Head | NumberLikeness::Slip));
        if !told && one.born != Day::default() && other.born != Day::default() {
            out[BORN] = match one.born.likeness(other.born) {
                DayLikeness::Different => 1,
                DayLikeness::Year => 2,
                DayLikeness::Slip => 3,
                DayLikeness::Same => 4,
            };
        }
        if !told && one.sex != 0 && other.sex != 0 {
            out[SEX] = 1 + u8::from(one.sex == other.sex);
        }
        if one.phone != 0 && other.phone != 0 {
            out[PHONE] = match digits::likeness(one.phone, other.phone) {
                DigitLikeness::Different => 1,
                DigitLikeness::Slip => 2,
                DigitLikeness::Same => 3,
            };
        }
        out[HOME] = one.address_level(other);
        out
    }

    fn key(record: &Resident, rule: usize) -> u64 {
        let name = if record.has_name() { record.name.sound_key() } else { 0 };
        let surname = if record.has_name() { record.name.surname_sound_key() } else { 0 };
        let day = u64::from(record.born.0);
        let division = u64::from(record.division);
        match rule {
            0 => record.number.map_or(0, CitizenNumber::key),
            1 => hash::all(&[name, day]),
            2 => record.phone,
            3 if record.former != 0 => hash::all(&[record.former, day]),
            3 if record.has_name() => hash::all(&[record.name.key(), day]),
            4 => hash::all(&[name, record.born.day_of_year()]),
            5 => hash::all(&[name, record.born.year(), division]),
            6 if record.has_name() => hash::all(&[record.name.last_sound_key(), day]),
            7 => hash::all(&[surname, day, division, u64::from(record.sex)]),
            8 => hash::all(&[name, record.address.building_key().unwrap_or(0)]),
            _ => 0,
        }
    }

    fn term(record: &Resident, comparison: usize) -> u64 {
        match comparison {
            NAME if record.has_name() => record.name.key(),
            BORN => u64::from(record.born.0),
            PHONE => record.phone,
            HOME => record.address.home_key().unwrap_or(0),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resident(name: &str, citizen_id: &str, born: &str, phone: &str, address: &str) -> Resident {
        Resident::read(&PersonTexts { name, citizen_id, born, phone, address, ..PersonTexts::default() })
    }

    #[test]
    fn a_resident_is_small() {
        assert!(std::mem::size_of::<Resident>() <= 112, "{}", std::mem::size_of::<Resident>());
    }

    #[test]
    fn an_old_number_is_the_new_one() {
        let old = resident("王伟", "320602670101001", "", "", "");
        let new = resident("王伟", "32060219670101001X", "", "", "");
        assert_eq!(Person::levels(&old, &new)[NUMBER], 4);
        assert_eq!(Person::key(&old, 0), Person::key(&new, 0));
    }

    #[test]
    fn day_and_sex_do_not_count_twice() {
        let one = resident("王伟", "32060219670101001X", "1967-01-01", "", "");
        assert_eq!(Person::levels(&one, &one)[BORN], 0);
        let other = resident("王伟", "", "1967-01-01", "", "");
        assert_eq!(Person::levels(&one, &other)[BORN], 4);
    }

    #[test]
    fn the_order_of_a_pair_does_not_matter() {
        let one = Resident::read(&PersonTexts { name: "李静", former_name: "李婧", ..PersonTexts::default() });
        let other = Resident::read(&PersonTexts { name: "李婧", address: "人民路8号", ..PersonTexts::default() });
        assert_eq!(Person::levels(&one, &other), Person::levels(&other, &one));
        assert_eq!(Person::levels(&one, &other)[NAME], NameLikeness::Sound as u8);
    }
}
