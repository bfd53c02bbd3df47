//! Latin names and words: how near two are.

/// How near two names are. The order is from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum LatinLikeness {
    /// Nothing that tells.
    Different = 1,
    /// Something of both: Jaro-Winkler of at least 0.8.
    Some,
    /// Nearly all: of at least 0.92.
    Near,
    /// The same.
    Same,
}

/// By Jaro and Winkler's measure.
pub fn likeness(one: &str, other: &str) -> LatinLikeness {
    if one == other {
        return LatinLikeness::Same;
    }
    match strsim::jaro_winkler(one, other) {
        near if near >= 0.92 => LatinLikeness::Near,
        some if some >= 0.8 => LatinLikeness::Some,
        _ => LatinLikeness::Different,
    }
}

/// A code that names which sound alike have in common, after Russell's Soundex with all letters, at most eight characters: Smith and Smyth.
pub fn sound(name: &str) -> String {
    let class = |letter: char| match letter {
        'b' | 'f' | 'p' | 'v' => Some('1'),
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => Some('2'),
        'd' | 't' => Some('3'),
        'l' => Some('4'),
        'm' | 'n' => Some('5'),
        'r' => Some('6'),
        _ => None,
    };
    let mut out = String::new();
    let mut last = None;
    for letter in name.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphabetic()) {
        let code = class(letter);
        if out.is_empty() {
            out.push(letter);
        } else if code.is_some() && code != last {
            out.extend(code);
        }
        if !matches!(letter, 'h' | 'w') {
            last = code;
        }
        if out.len() >= 8 {
            break;
        }
    }
    out
}
