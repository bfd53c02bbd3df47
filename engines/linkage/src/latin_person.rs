//! People whose records are in Latin letters: names in two parts, day and place of birth, postcode, sex, occupation.
use crate::digits::Day;
use crate::hash;
use crate::kind::{Comparison, Kind, Levels, Rule};
use crate::latin::{likeness, sound};
use crate::short::Short;

/// Comparisons and rules of records in Latin letters.
pub struct LatinPerson;

/// One record, read.
#[derive(Clone, Copy, Default)]
pub struct Figure {
    first: Short<16>,
    surname: Short<20>,
    born: Option<Day>,
    place: Short<24>,
    postcode: Short<8>,
    sex: u8,
    occupation: u64,
    first_sound: u64,
    surname_sound: u64,
}

/// What a record says, as texts.
#[derive(Clone, Copy, Default, Debug)]
pub struct FigureTexts<'a> {
    /// Given name.
    pub first_name: &'a str,
    /// Family name.
    pub surname: &'a str,
    /// Day of birth, year first.
    pub born: &'a str,
    /// Place of birth.
    pub place: &'a str,
    /// Postcode.
    pub postcode: &'a str,
    /// Sex, in any words.
    pub sex: &'a str,
    /// Occupation.
    pub occupation: &'a str,
}

impl Figure {
    /// Reads a record.
    pub fn read(texts: &FigureTexts<'_>) -> Self {
        let first: Short<16> = Short::of(texts.first_name);
        let surname: Short<20> = Short::of(texts.surname);
        let sound_of = |text: &str| if text.is_empty() { 0 } else { hash::of_text(&sound(text)) };
        Self {
            first_sound: sound_of(first.as_str()),
            surname_sound: sound_of(surname.as_str()),
            first,
            surname,
            born: Day::parse(texts.born),
            place: Short::of(texts.place),
            postcode: Short::of(texts.postcode),
            sex: match texts.sex.trim() {
                "male" => 1,
                "female" => 2,
                _ => 0,
            },
            occupation: Short::<32>::of(texts.occupation).key(),
        }
    }

    /// The first half of the postcode, which names a district.
    fn district(&self) -> &str {
        self.postcode.as_str().split(' ').next().unwrap_or_default()
    }

    fn area(&self) -> &str {
        self.postcode
            .as_str()
            .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default()
    }

    fn day(&self) -> u64 {
        self.born.map_or(0, |day| u64::from(day.0))
    }

    fn year(&self) -> u64 {
        self.born.map_or(0, |day| day.year())
    }
}

const NAME: &[&str] = &["different", "some", "near", "same"];

const FIRST: usize = 0;
const SURNAME: usize = 1;
const BORN: usize = 2;
const PLACE: usize = 3;
const POSTCODE: usize = 4;
const SEX: usize = 5;
const OCCUPATION: usize = 6;

impl Kind for LatinPerson {
    type Record = Figure;

    const NAME: &'static str = "latin_person";
    const VERSION: u16 = 1;
    const COMPARISONS: &'static [Comparison] = &[
        Comparison { name: "first_name", levels: NAME, by_term: true },
        Comparison { name: "surname", levels: NAME, by_term: true },
        Comparison { name: "born", levels: &["different", "year", "slip", "same"], by_term: true },
        Comparison { name: "birth_place", levels: &["different", "near", "same"], by_term: true },
        Comparison { name: "postcode", levels: &["different", "area", "district", "slip", "same"], by_term: true },
        Comparison { name: "sex", levels: &["different", "same"], by_term: false },
        Comparison { name: "occupation", levels: &["different", "same"], by_term: true },
    ];
    const RULES: &'static [Rule] = &[
        Rule { name: "names", fixes: &[FIRST, SURNAME], teaches: true },
        Rule { name: "day_and_postcode", fixes: &[BORN, POSTCODE], teaches: true },
        Rule { name: "surname_and_day", fixes: &[SURNAME, BORN], teaches: true },
        Rule { name: "first_name_and_day", fixes: &[FIRST, BORN], teaches: true },
        Rule { name: "surname_and_postcode", fixes: &[SURNAME, POSTCODE], teaches: true },
        Rule { name: "first_name_and_postcode", fixes: &[FIRST, POSTCODE], teaches: true },
        Rule { name: "day_and_place", fixes: &[BORN, PLACE], teaches: true },
        Rule { name: "surname_and_place", fixes: &[SURNAME, PLACE], teaches: true },
        Rule { name: "first_name_place_and_year", fixes: &[FIRST, PLACE, BORN], teaches: false },
        Rule { name: "first_name_place_and_occupation", fixes: &[FIRST, PLACE, OCCUPATION], teaches: false },
        Rule { name: "surname_year", fixes: &[SURNAME, BORN], teaches: false },
        Rule { name: "postcode_place", fixes: &[POSTCODE, PLACE], teaches: false },
        Rule { name: "district_place_year", fixes: &[POSTCODE, PLACE, BORN], teaches: false },
        Rule { name: "day_and_district", fixes: &[BORN, POSTCODE], teaches: false },
    ];

    fn levels(one: &Figure, other: &Figure) -> Levels {
        let mut out = [0; 8];
        let both = |a: bool, b: bool| !a && !b;
        if both(one.first.is_empty(), other.first.is_empty()) {
            out[FIRST] = likeness(one.first.as_str(), other.first.as_str()) as u8;
        }
        if both(one.surname.is_empty(), other.surname.is_empty()) {
            out[SURNAME] = likeness(one.surname.as_str(), other.surname.as_str()) as u8;
        }
        if let (Some(a), Some(b)) = (one.born, other.born) {
            out[BORN] = a.likeness(b) as u8;
        }
        if both(one.place.is_empty(), other.place.is_empty()) {
            out[PLACE] = match likeness(one.place.as_str(), other.place.as_str()) as u8 {
                4 => 3,
                3 => 2,
                _ => 1,
            };
        }
        if both(one.postcode.is_empty(), other.postcode.is_empty()) {
            out[POSTCODE] = postcode_level(one, other);
        }
        if one.sex != 0 && other.sex != 0 {
            out[SEX] = 1 + u8::from(one.sex == other.sex);
        }
        if one.occupation != 0 && other.occupation != 0 {
            out[OCCUPATION] = 1 + u8::from(one.occupation == other.occupation);
        }
        out
    }

    fn key(record: &Figure, rule: usize) -> u64 {
        let district = if record.district().is_empty() { 0 } else { hash::of_text(record.district()) };
        match rule {
            0 => hash::all(&[record.first_sound, record.surname_sound]),
            1 => hash::all(&[record.day(), record.postcode.key()]),
            2 => hash::all(&[record.surname_sound, record.day()]),
            3 => hash::all(&[record.first_sound, record.day()]),
            4 => hash::all(&[record.surname_sound, record.postcode.key()]),
            5 => hash::all(&[record.first_sound, record.postcode.key()]),
            6 => hash::all(&[record.day(), record.place.key()]),
            7 => hash::all(&[record.surname_sound, record.place.key()]),
            8 => hash::all(&[record.first_sound, record.place.key(), record.year()]),
            9 => hash::all(&[record.first_sound, record.place.key(), record.occupation]),
            10 => hash::all(&[record.surname_sound, record.year()]),
            11 => hash::all(&[record.postcode.key(), record.place.key()]),
            12 => hash::all(&[district, record.place.key(), record.year()]),
            _ => hash::all(&[record.day(), district]),
        }
    }

    fn term(record: &Figure, comparison: usize) -> u64 {
        match comparison {
            FIRST => record.first.key(),
            SURNAME => record.surname.key(),
            BORN => record.day(),
            PLACE => record.place.key(),
            POSTCODE => record.postcode.key(),
            OCCUPATION => record.occupation,
            _ => 0,
        }
    }
}

fn postcode_level(one: &Figure, other: &Figure) -> u8 {
    let (a, b) = (one.postcode.as_str(), other.postcode.as_str());
    if a == b {
        5
    } else if strsim::osa_distance(a, b) <= 1 {
        4
    } else if one.district() == other.district() {
        3
    } else if one.area() == other.area() {
        2
    } else {
        1
    }
}
