//! Chinese characters by how they sound and look: the table behind every comparison of Chinese names and addresses.
//!
//! A name that was typed by its sound is wrong in a character that sounds alike (伟, 玮), one that was copied or read by a machine is
//! wrong in one that looks alike (日, 曰), and an old register has the traditional form of what a new one writes simplified. The
//! table says all three, from Unicode's Unihan database (`data/linkage/README.md`). A character becomes a [`Glyph`] once, when a
//! record is read; after that comparing two is looking up two rows.
use std::collections::HashMap;
use std::sync::LazyLock;

/// The table as shipped: character, simplified form, readings, four-corner code, cangjie code, strokes.
const TABLE: &str = include_str!("../../../data/linkage/hanzi.tsv");
/// The most readings kept of one character.
const READINGS: usize = 4;
/// Rows of the table and the letters after them fit below this; a character in no table is above it.
const UNKNOWN_FROM: u16 = 0xe000;
/// Beyond the last plane that has Chinese characters.
const CODE_POINTS: usize = 0x3_2400;

/// A character, folded: simplified, half width, small letter. Two glyphs are equal if and only if the characters are the same but for
/// that (characters in no table fall together one in some thousands).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Glyph(pub u16);

/// How near two characters are to each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Likeness {
    /// Neither in sound nor in shape.
    None,
    /// They look alike: 未 and 末.
    Shape,
    /// They sound alike where n and l, or in and ing, are one: 林 and 宁.
    NearSound,
    /// They have a reading in common: 伟 and 玮.
    Sound,
    /// The same.
    Same,
}

#[derive(Clone, Copy, Default)]
struct Row {
    readings: [u16; READINGS],
    four_corner: u16,
    cangjie: [u8; 5],
    strokes: u8,
}

/// They stand behind the ideographs.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

struct Table {
    letters_from: u16,
    of_code_point: Vec<u16>,
    rows: Vec<Row>,
    syllables: Vec<String>,
    near: Vec<u16>,
}

static HANZI: LazyLock<Table> = LazyLock::new(Table::read);

impl Table {
    fn read() -> Self {
        let mut table = Self {
            letters_from: 0,
            of_code_point: vec![0; CODE_POINTS],
            rows: vec![Row::default()],
            syllables: vec![String::new()],
            near: vec![0],
        };
        let mut syllable_numbers = HashMap::new();
        let mut simplified = Vec::new();
        for line in TABLE.lines().skip(1) {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let (Some(character), simple, readings) = (cell().chars().next(), cell(), cell()) else { continue };
            let (four_corner, cangjie, strokes) = (cell(), cell(), cell());
            let mut row = Row {
                four_corner: four_corner.parse().map_or(0, |code: u16| code + 1),
                strokes: strokes.parse().unwrap_or(0),
                ..Row::default()
            };
            for (place, reading) in row.readings.iter_mut().zip(readings.split(',')) {
                *place = table.syllable(reading, &mut syllable_numbers);
            }
            for (place, letter) in row.cangjie.iter_mut().zip(cangjie.bytes()) {
                *place = letter;
            }
            table.of_code_point[character as usize] = table.rows.len() as u16;
            if let Some(simple) = simple.chars().next() {
                simplified.push((character, simple));
            }
            table.rows.push(row);
        }
        // After all rows are known: what is written in two ways is the simplified one.
        for (character, simple) in simplified {
            let number = table.of_code_point[simple as usize];
            if number != 0 {
                table.of_code_point[character as usize] = number;
            }
        }
        table.letters_from = table.rows.len() as u16;
        for (number, letter) in LETTERS.iter().enumerate() {
            table.of_code_point[usize::from(*letter)] = table.letters_from + number as u16;
            table.of_code_point[usize::from(letter.to_ascii_uppercase())] = table.letters_from + number as u16;
            table.rows.push(Row::default());
        }
        table
    }

    fn syllable(&mut self, reading: &str, numbers: &mut HashMap<String, u16>) -> u16 {
        if let Some(number) = numbers.get(reading) {
            return *number;
        }
        let number = self.syllables.len() as u16;
        self.syllables.push(reading.to_owned());
        self.near.push(number);
        numbers.insert(reading.to_owned(), number);
        let near = near_sound(reading);
        if near != reading {
            self.near[usize::from(number)] = self.syllable(&near, numbers);
        }
        number
    }

    fn row(&self, glyph: Glyph) -> &Row {
        self.rows.get(usize::from(glyph.0)).unwrap_or(&self.rows[0])
    }
}

/// The one syllable that stands for all that are taken for each other in the speech of half the country: zh, ch, sh as z, c, s; l as n;
/// and a closing ng as n.
fn near_sound(syllable: &str) -> String {
    let (initial, rest) = match syllable.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => (&syllable[..1], &syllable[2..]),
        [b'l', _, ..] => ("n", &syllable[1..]),
        _ => ("", syllable),
    };
    let rest = rest.strip_suffix("ng").map_or_else(|| rest.to_owned(), |open| format!("{open}n"));
    format!("{initial}{rest}")
}

/// A full-width form as its usual one, and the round zero as the written one.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '〇' => '零',
        _ => c,
    }
}

impl Glyph {
    /// Of a character; none if it is no letter, digit or ideograph: spaces, dots and the like are not part of a name.
    pub fn of(c: char) -> Option<Self> {
        let c = half_width(c);
        match HANZI.of_code_point.get(c as usize) {
            Some(0) | None if c.is_alphanumeric() => {
                let folded = c.to_lowercase().next().unwrap_or(c) as u32;
                Some(Self(UNKNOWN_FROM + (folded.wrapping_mul(0x9e37_79b1) >> 19) as u16))
            }
            Some(0) | None => None,
            Some(number) => Some(Self(*number)),
        }
    }

    /// Whether it is an ideograph of the table.
    pub fn is_ideograph(self) -> bool {
        HANZI.row(self).readings[0] != 0
    }

    /// The number of its usual syllable without tone; 0 if it has none.
    pub fn sound(self) -> u16 {
        HANZI.row(self).readings[0]
    }

    /// As [`Self::sound`], one for all that are taken for each other.
    pub fn near_sound(self) -> u16 {
        HANZI.near[usize::from(self.sound())]
    }

    /// Its usual syllable without tone in Latin letters; empty if it has none.
    pub fn pinyin(self) -> &'static str {
        &HANZI.syllables[usize::from(self.sound())]
    }

    /// The letter or digit that it is; none for ideographs.
    pub fn letter(self) -> Option<u8> {
        let from = HANZI.letters_from;
        self.0.checked_sub(from).filter(|n| usize::from(*n) < LETTERS.len()).map(|n| LETTERS[usize::from(n)])
    }

    /// How near it is to another.
    pub fn likeness(self, other: Self) -> Likeness {
        if self == other {
            return Likeness::Same;
        }
        let (one, two) = (HANZI.row(self), HANZI.row(other));
        let shared = |class: &dyn Fn(u16) -> u16| {
            one.readings
                .iter()
                .take_while(|r| **r != 0)
                .any(|r| two.readings.iter().take_while(|r| **r != 0).any(|other| class(*r) == class(*other)))
        };
        if shared(&|reading| reading) {
            Likeness::Sound
        } else if shared(&|reading| HANZI.near[usize::from(reading)]) {
            Likeness::NearSound
        } else if looks_like(one, two) {
            Likeness::Shape
        } else {
            Likeness::None
        }
    }
}

/// By what two lexicographers wrote down of the shape: the codes of the four corners, and the parts in the order of writing.
fn looks_like(one: &Row, two: &Row) -> bool {
    let parts = |row: &Row| row.cangjie.iter().position(|letter| *letter == 0).unwrap_or(row.cangjie.len());
    let (n, m) = (parts(one), parts(two));
    let strokes_apart = one.strokes.abs_diff(two.strokes);
    if n > 1 && n == m {
        let apart = one.cangjie.iter().zip(&two.cangjie).filter(|(a, b)| a != b).count();
        if apart == 0 || (apart == 1 && n > 2 && strokes_apart <= 4) {
            return true;
        }
    }
    // One has a part more, in front or behind: 青 and 清, 每 and 梅.
    let (short, long) =
        if n < m { (&one.cangjie[..n], &two.cangjie[..m]) } else { (&two.cangjie[..m], &one.cangjie[..n]) };
    if short.len() > 1 && long.len() == short.len() + 1 && (long.starts_with(short) || long.ends_with(short)) {
        return true;
    }
    one.four_corner != 0 && one.four_corner == two.four_corner && strokes_apart <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(pair: &str) -> Likeness {
        let mut glyphs = pair.chars().map(|c| Glyph::of(c).unwrap());
        glyphs.next().unwrap().likeness(glyphs.next().unwrap())
    }

    #[test]
    fn traditional_and_simplified_are_one_glyph() {
        for pair in ["張张", "陳陈", "劉刘", "後后", "Ａa", "〇零"] {
            assert_eq!(likeness(pair), Likeness::Same, "{pair}");
        }
    }

    #[test]
    fn what_sounds_alike_sounds_alike() {
        for pair in ["伟玮", "静婧", "乐月", "解谢", "曾增"] {
            assert_eq!(likeness(pair), Likeness::Sound, "{pair}");
        }
        for pair in ["林宁", "陈程", "张臧", "兰南", "英音"] {
            assert_eq!(likeness(pair), Likeness::NearSound, "{pair}");
        }
    }

    #[test]
    fn what_looks_alike_looks_alike() {
        for pair in ["未末", "日曰", "晴睛", "杨扬", "土士", "汪江"] {
            assert!(likeness(pair) >= Likeness::Shape, "{pair}");
        }
        for pair in ["王李", "大学", "赵钱", "东北"] {
            assert_eq!(likeness(pair), Likeness::None, "{pair}");
        }
    }

    #[test]
    fn a_rare_character_outside_the_table_is_still_itself() {
        let (one, other) = (Glyph::of('\u{e863}'), Glyph::of('𰻝').unwrap());
        assert_eq!(one, None, "a private character says nothing");
        assert_eq!(other, Glyph::of('𰻝').unwrap());
        assert_eq!(Glyph::of('·'), None);
    }

    #[test]
    fn pinyin_is_the_usual_reading() {
        let pinyin: String = "王小明".chars().map(|c| Glyph::of(c).unwrap().pinyin()).collect();
        assert_eq!(pinyin, "wangxiaoming");
    }
}
