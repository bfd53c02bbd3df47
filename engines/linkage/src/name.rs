//! Chinese people's names: how near two are, from the same to nothing in common.
//!
//! A name is kept as glyphs, surname first. Names in Latin letters (a passport's WANG XIAOMING) are letters, and are compared with a
//! Chinese one by its sound.
use crate::hanzi::{Glyph, Likeness};

/// The glyphs kept of a name; whatever follows is folded into the last one, so that only the same remainder is equal.
pub const GLYPHS: usize = 14;

/// Surnames of two characters (复姓), as in the list of surnames of the national census and the Hundred Family Surnames.
const COMPOUND: &str = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 \
    仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 \
    呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 欧侯";

/// A name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Name {
    glyphs: [Glyph; GLYPHS],
    len: u8,
    surname: u8,
    latin: bool,
}

/// How near two names are. The order is from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum NameLikeness {
    /// Nothing that tells.
    Different = 1,
    /// The surname only.
    Surname,
    /// The given name only, by sound: somebody who took another surname, or whose surname was misread.
    Given,
    /// All but one character, which is missing or another.
    Near,
    /// Every character by sound or shape.
    Alike,
    /// The same sound, or given name and surname in the other order.
    Sound,
    /// The same.
    Same,
}

fn is_compound(one: Glyph, two: Glyph) -> bool {
    use std::sync::LazyLock;
    static PAIRS: LazyLock<Vec<(Glyph, Glyph)>> = LazyLock::new(|| {
        let glyphs = |pair: &str| pair.chars().filter_map(Glyph::of).collect::<Vec<_>>();
        let mut pairs: Vec<_> = COMPOUND.split_whitespace().map(glyphs).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs
    });
    PAIRS.binary_search(&(one, two)).is_ok()
}

impl Name {
    /// Of a text; none if it has no letter or ideograph. Spaces, dots and marks are not part of a name.
    pub fn parse(text: &str) -> Option<Self> {
        let mut name = Self::default();
        let mut rest: u32 = 0;
        for glyph in text.chars().take(400).filter_map(Glyph::of) {
            if usize::from(name.len) < GLYPHS {
                name.glyphs[usize::from(name.len)] = glyph;
                name.len += 1;
            } else {
                rest = (rest ^ u32::from(glyph.0)).wrapping_mul(0x0100_0193).wrapping_add(1);
            }
        }
        if rest != 0 {
            let last = &mut name.glyphs[GLYPHS - 1];
            *last = Glyph(0xc000 | ((rest ^ u32::from(last.0)) & 0x1fff) as u16);
        }
        name.latin = !name.glyphs().iter().any(|glyph| glyph.is_ideograph());
        name.surname = match name.glyphs() {
            [] => return None,
            [_] => 0,
            // Nobody knows which letters of it are the surname's.
            _ if name.latin => 0,
            [one, two, _, ..] if is_compound(*one, *two) => 2,
            _ => 1,
        };
        Some(name)
    }

    /// All of it.
    pub fn glyphs(&self) -> &[Glyph] {
        &self.glyphs[..usize::from(self.len)]
    }

    /// The family's part; empty if the name has only one character.
    pub fn surname(&self) -> &[Glyph] {
        &self.glyphs[..usize::from(self.surname)]
    }

    /// The person's own part.
    pub fn given(&self) -> &[Glyph] {
        &self.glyphs[usize::from(self.surname)..usize::from(self.len)]
    }

    /// A number that two names have in common if they are the same.
    pub fn key(&self) -> u64 {
        fold(self.glyphs().iter().map(|glyph| glyph.0))
    }

    /// A number that two names have in common if they sound alike, as widely as [`Likeness::NearSound`] by the usual readings.
    pub fn sound_key(&self) -> u64 {
        // By letters, so that a name in Latin letters has the same.
        fold_bytes(&near_letters(&self.letters()))
    }

    /// As [`Self::sound_key`], of the surname alone.
    pub fn surname_sound_key(&self) -> u64 {
        fold(self.surname().iter().map(|glyph| if glyph.sound() == 0 { glyph.0 } else { glyph.near_sound() }))
    }

    /// As [`Self::sound_key`], of the last character alone.
    pub fn last_sound_key(&self) -> u64 {
        let last = self.glyphs().last().copied().unwrap_or_default();
        u64::from(if last.sound() == 0 { last.0 } else { last.near_sound() }) + 1
    }

    /// Its sound in letters.
    fn letters(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(24);
        for glyph in self.glyphs() {
            match (glyph.pinyin(), glyph.letter()) {
                ("", Some(letter)) => out.push(letter),
                ("", None) => out.extend_from_slice(&glyph.0.to_be_bytes()),
                (pinyin, _) => out.extend_from_slice(pinyin.as_bytes()),
            }
        }
        out
    }

    /// How near it is to another.
    pub fn likeness(&self, other: &Self) -> NameLikeness {
        if self.glyphs() == other.glyphs() {
            return NameLikeness::Same;
        }
        if self.latin != other.latin {
            return self.latin_likeness(other);
        }
        let (one, two) = (self.glyphs(), other.glyphs());
        if one.len() == two.len() {
            self.same_length(other)
        } else if one.len() > 1 && two.len() > 1 && one.len().abs_diff(two.len()) == 1 && one_more(one, two) {
            NameLikeness::Near
        } else {
            self.parts(other)
        }
    }

    fn same_length(&self, other: &Self) -> NameLikeness {
        let (one, two) = (self.glyphs(), other.glyphs());
        let (mut sound, mut alike, mut same) = (true, true, 0);
        for (a, b) in one.iter().zip(two) {
            let likeness = a.likeness(*b);
            sound &= likeness >= Likeness::Sound;
            alike &= likeness >= Likeness::Shape;
            same += usize::from(likeness == Likeness::Same);
        }
        if sound && one.len() > 1 {
            NameLikeness::Sound
        } else if alike && one.len() > 1 {
            NameLikeness::Alike
        } else if one.len() > 1 && turned(self, other) {
            NameLikeness::Sound
        } else if one.len() > 2 && same + 1 == one.len() {
            NameLikeness::Near
        } else {
            self.parts(other)
        }
    }

    fn parts(&self, other: &Self) -> NameLikeness {
        let alike = |one: &[Glyph], two: &[Glyph]| {
            !one.is_empty()
                && one.len() == two.len()
                && one.iter().zip(two).all(|(a, b)| a.likeness(*b) >= Likeness::Sound)
        };
        if self.given().len() > 1 && alike(self.given(), other.given()) {
            NameLikeness::Given
        } else if alike(self.surname(), other.surname()) {
            NameLikeness::Surname
        } else {
            NameLikeness::Different
        }
    }

    /// One of them is in Latin letters.
    fn latin_likeness(&self, other: &Self) -> NameLikeness {
        let (latin, chinese) = if self.latin { (self, other) } else { (other, self) };
        let letters = |glyphs: &[Glyph]| glyphs.iter().flat_map(|glyph| glyph.pinyin().bytes()).collect::<Vec<u8>>();
        let written: Vec<Glyph> = latin.glyphs().to_vec();
        let spelled = |parts: [&[Glyph]; 2]| {
            let mut text = letters(parts[0]);
            text.extend(letters(parts[1]));
            let text: Vec<Glyph> = text.into_iter().filter_map(|b| Glyph::of(char::from(b))).collect();
            text.len() <= GLYPHS && text == written
        };
        if spelled([chinese.surname(), chinese.given()]) || spelled([chinese.given(), chinese.surname()]) {
            NameLikeness::Sound
        } else {
            NameLikeness::Different
        }
    }
}

/// Letters where zh, ch, sh stand as z, c, s, l as n, and ng as n: over the seams of syllables too, for in Latin letters nobody knows them.
fn near_letters(letters: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(letters.len());
    for letter in letters {
        match (out.last(), letter) {
            (Some(b'z' | b'c' | b's'), b'h') | (Some(b'n'), b'g') => {}
            (_, b'l') => out.push(b'n'),
            (_, other) => out.push(*other),
        }
    }
    out
}

/// Surname and given name in the other order.
fn turned(one: &Name, two: &Name) -> bool {
    let turned = |a: &Name, b: &Name| {
        let n = usize::from(a.surname);
        n > 0 && a.given() == &b.glyphs()[..b.glyphs().len() - n] && a.surname() == &b.glyphs()[b.glyphs().len() - n..]
    };
    turned(one, two) || turned(two, one)
}

/// Whether the longer is the shorter with one glyph put in.
fn one_more(one: &[Glyph], two: &[Glyph]) -> bool {
    let (short, long) = if one.len() < two.len() { (one, two) } else { (two, one) };
    let same_before = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    short[same_before..] == long[same_before + 1..]
}

fn fold(parts: impl Iterator<Item = u16>) -> u64 {
    parts.fold(0xcbf2_9ce4_8422_2325, |hash, part| crate::hash::mix(hash ^ u64::from(part))) | 1
}

fn fold_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn a_name_in_latin_letters_meets_its_characters_and_sounds_like_them() {
        let (latin, chinese) = (name("WANG XIAOMING"), name("王小明"));
        assert!(latin.sound_key() == chinese.sound_key(), "they are found as a pair");
        assert_eq!(latin.likeness(&chinese), NameLikeness::Sound);
        assert_eq!(chinese.likeness(&name("Xiaoming Wang")), NameLikeness::Sound);
        assert_eq!(latin.likeness(&name("WEI LIANG")), NameLikeness::Different);
    }

    #[test]
    fn how_near_names_are() {
        use NameLikeness::*;
        let pairs = [
            ("张伟", "張伟", Same),
            ("张伟", "张 伟", Same),
            ("张伟", "张玮", Sound),
            ("林小明", "宁小明", Alike),
            ("王小明", "王明", Near),
            ("欧阳小明", "小明欧阳", Sound),
            ("王小明", "李小明", Near),
            ("王伟", "王芳", Surname),
            ("王伟", "李芳", Different),
        ];
        for (one, other, wanted) in pairs {
            let found = name(one).likeness(&name(other));
            assert_eq!(found, name(other).likeness(&name(one)), "{one} {other}");
            assert_eq!(found, wanted, "{one} {other}");
        }
    }
}
