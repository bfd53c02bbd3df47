//! The residents: eight at a time, so that households have an age for everyone and a name for the family.
//!
//! A person is a function of seed and index. Whoever asks for a block gets the same eight people, which is how four
//! departments come to hold the same residents without any list of them.
use super::dice::Dice;
use super::names::{self, Name};
use super::numbers::{self, Day, Origin};
use super::places::{Door, Places};

/// People of one block.
pub(super) const BLOCK: usize = 8;
/// The year in which ages are counted.
pub(super) const THIS_YEAR: u16 = 2025;
/// Dice of the residents, whatever extract asks.
const PURPOSE: u64 = 1;

/// One household of a block, by rank of age from the youngest, and the ranks that may be a couple.
type Shape = (&'static [usize], Option<(usize, usize)>);
const SHAPES: [&[Shape]; 3] = [
    &[(&[0, 3, 4], Some((3, 4))), (&[1, 5], None), (&[2, 6, 7], Some((6, 7)))],
    &[(&[0, 2], None), (&[1, 4, 5], Some((4, 5))), (&[3], None), (&[6, 7], Some((6, 7)))],
    &[(&[0, 1, 4, 5], Some((4, 5))), (&[2], None), (&[3, 6], None), (&[7], None)],
];

/// Peoples besides the Han, with their codes of GB/T 3304; the Uygur have names of their own.
const MINORITIES: [(&str, &str); 8] = [
    ("03", "回族"),
    ("06", "苗族"),
    ("15", "土家族"),
    ("08", "壮族"),
    ("07", "彝族"),
    ("09", "布依族"),
    ("11", "满族"),
    ("12", "侗族"),
];
const HAN: (&str, &str) = ("01", "汉族");
const UYGUR: (&str, &str) = ("05", "维吾尔族");

/// Prefixes of mobile numbers.
const MOBILE: [u64; 20] =
    [130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152, 158, 159, 177, 180, 182, 186, 188, 189];

/// A telephone number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// Nobody wrote one down.
    None,
    /// Eleven digits.
    Mobile(u64),
    /// The eight digits after 0513.
    Landline(u64),
}

impl Line {
    /// A number of which `none` and `landline` of a hundred are missing and at home.
    pub fn thrown(dice: &mut Dice, none: u32, landline: u32) -> Self {
        let (throw, prefix, rest) = (dice.below(100), dice.one_of(&MOBILE), dice.below(100_000_000));
        if throw < none {
            Self::None
        } else if throw < none + landline {
            Self::Landline(80_000_000 + u64::from(rest) % 10_000_000)
        } else {
            Self::Mobile(prefix * 100_000_000 + u64::from(rest))
        }
    }

    /// Appends it.
    pub fn write(self, to: &mut String) {
        let mut text = [b'0'; 13];
        let (from, value) = match self {
            Self::None => return,
            Self::Mobile(number) => (2, number),
            Self::Landline(number) => {
                text[..5].copy_from_slice(b"0513-");
                (5, number)
            }
        };
        let mut rest = value;
        for place in text[from..].iter_mut().rev() {
            *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        to.push_str(ascii(&text[if from == 5 { 0 } else { from }..]));
    }
}

/// Digits and capitals as text.
pub(super) fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// One resident.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// Who, in this plan.
    pub index: u64,
    /// The citizen number.
    pub number: [u8; 18],
    /// Sex.
    pub male: bool,
    /// Day of birth.
    pub birth: Day,
    /// Name.
    pub name: Name,
    /// Code and name of the ethnic group.
    pub ethnic: (&'static str, &'static str),
    /// Name of the marital status in GB/T 2261.2.
    pub marital: &'static str,
    /// Household, numbered through the plan.
    pub household: u64,
    /// Relation to its head, GB/T 4761.
    pub relation: &'static str,
    /// Home.
    pub door: Door,
    /// Telephone.
    pub line: Line,
    /// Chance left over for what only one department knows.
    pub traits: u32,
}

impl Person {
    /// Age in this year.
    pub fn age(&self) -> u16 {
        THIS_YEAR - self.birth.year
    }
}

/// What of a person is settled before households are.
#[derive(Clone, Copy)]
struct Draft {
    origin: Origin,
    male: bool,
    relation: &'static str,
    household: usize,
    head: usize,
}

impl Draft {
    fn age(&self) -> u16 {
        THIS_YEAR - self.origin.birth.year
    }
}

/// All residents of a seed.
#[derive(Debug)]
pub(super) struct Crowd {
    seed: u64,
    dice: Dice,
    /// The block made last: who asks for one person often asks for a neighbour next.
    last: Option<(u64, [Person; BLOCK])>,
}

impl Crowd {
    /// The residents of this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, dice: Dice::new(seed, PURPOSE), last: None }
    }

    /// The people with the indices from `block` × 8.
    pub fn block(&mut self, block: u64) -> [Person; BLOCK] {
        match self.last {
            Some((number, people)) if number == block => people,
            _ => {
                let people = self.make(block);
                self.last = Some((block, people));
                people
            }
        }
    }

    fn make(&mut self, block: u64) -> [Person; BLOCK] {
        let dice = &mut self.dice;
        dice.turn_to(block);
        let first = block * BLOCK as u64;
        let mut drafts: [Draft; BLOCK] = std::array::from_fn(|at| Draft {
            origin: numbers::origin(first + at as u64, self.seed),
            male: dice.happens(50, 100),
            relation: "0",
            household: 0,
            head: at,
        });
        let shape = dice.one_of(&SHAPES);
        form_households(&mut drafts, shape);
        let places = Places::get();
        let mut doors = [None; BLOCK];
        for draft in &drafts {
            let born_in = drafts[draft.head].origin.division;
            doors[draft.household].get_or_insert_with(|| places.door(dice, born_in));
        }
        let surnames: [&'static str; BLOCK] = std::array::from_fn(|_| names::surname(dice));
        std::array::from_fn(|at| {
            let draft = drafts[at];
            let inherits = matches!(draft.relation, "2" | "3" | "4" | "7") && drafts[draft.head].male;
            let surname = surnames[if inherits { draft.head } else { at }];
            let name = names::given(dice, surname, draft.male, draft.origin.birth.year);
            let marital = marital(dice, &draft, drafts.iter().any(|other| other.relation == "1" && other.head == at));
            Person {
                index: first + at as u64,
                number: draft.origin.number(draft.male),
                male: draft.male,
                birth: draft.origin.birth,
                name,
                ethnic: ethnic(dice, &name),
                marital,
                household: block * 4 + draft.household as u64,
                relation: draft.relation,
                door: doors[draft.household].unwrap_or_else(|| places.door(dice, 0)),
                line: line(dice, draft.age()),
                traits: dice.below(u32::MAX),
            }
        })
    }
}

/// Puts people together by age: couples first, then their children and parents.
fn form_households(drafts: &mut [Draft; BLOCK], shape: &[Shape]) {
    let mut ranks: [usize; BLOCK] = std::array::from_fn(|at| at);
    ranks.sort_by_key(|at| std::cmp::Reverse(drafts[*at].origin.birth));
    for (household, (members, couple)) in shape.iter().enumerate() {
        let oldest = ranks[members[members.len() - 1]];
        let pair = couple.map(|(a, b)| (ranks[a], ranks[b])).filter(|(a, b)| {
            let (a, b) = (drafts[*a].age(), drafts[*b].age());
            a.min(b) >= 22 && a.abs_diff(b) <= 15
        });
        if let Some((a, b)) = pair {
            drafts[b].male = !drafts[a].male;
        }
        let head = pair.map_or(oldest, |(a, b)| if drafts[a].male { a } else { b });
        for rank in *members {
            let at = ranks[*rank];
            let married = pair.is_some_and(|(a, b)| at == a || at == b);
            drafts[at].relation = relation(&drafts[head], &drafts[at], at == head, married);
            drafts[at].household = household;
            drafts[at].head = head;
        }
    }
}

fn relation(head: &Draft, member: &Draft, itself: bool, married: bool) -> &'static str {
    if itself {
        return "0";
    }
    if married {
        return "1";
    }
    let (older, younger) = (member.age() > head.age(), head.age().saturating_sub(member.age()));
    match younger {
        18..=45 if member.male => "2",
        18..=45 => "3",
        46.. => "4",
        _ if older => "8",
        _ => "7",
    }
}

fn marital(dice: &mut Dice, draft: &Draft, has_spouse: bool) -> &'static str {
    let throw = dice.below(100);
    if has_spouse || draft.relation == "1" {
        return "已婚";
    }
    match (draft.age(), throw) {
        (..=21, _) | (22..=30, 0..60) | (31..=64, 0..5) => "未婚",
        (65.., 0..45) | (45..=64, 5..10) => "丧偶",
        (26.., 94..) => "离婚",
        _ => "已婚",
    }
}

fn ethnic(dice: &mut Dice, name: &Name) -> (&'static str, &'static str) {
    let throw = dice.below(10_000);
    let minority = dice.one_of(&MINORITIES);
    if name.first == "·" {
        UYGUR
    } else if throw < 60 {
        minority
    } else {
        HAN
    }
}

fn line(dice: &mut Dice, age: u16) -> Line {
    let (none, landline) = match age {
        ..=11 => (55, 2),
        12..=17 => (30, 1),
        18..=69 => (4, 2),
        _ => (30, 14),
    };
    Line::thrown(dice, none, landline)
}
