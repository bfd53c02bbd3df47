//! The texts as they are learned from: which pieces, how often, and the department, packed so that 200,000 of them fit.
use super::vocabulary::{Cut, Vocabulary, damped};

/// Up to so many times in a text, what that weighs is looked up and not computed again for each text and round.
const TIMES: usize = 64;

/// Texts ready to be learned from.
#[derive(Debug)]
pub struct Corpus {
    bytes: Vec<u8>,
    starts: Vec<u32>,
    norms: Vec<f32>,
    unknown: Vec<f32>,
    labels: Vec<u16>,
    weights: Vec<f32>,
    groups: Vec<u64>,
    idf: Vec<f32>,
    damped: [f32; TIMES],
    classes: usize,
}

impl Corpus {
    /// Nothing yet, over a vocabulary.
    pub fn new(vocabulary: &Vocabulary, classes: usize) -> Self {
        Self {
            bytes: Vec::new(),
            starts: vec![0],
            norms: Vec::new(),
            unknown: Vec::new(),
            labels: Vec::new(),
            weights: Vec::new(),
            groups: Vec::new(),
            idf: vocabulary.idf.clone(),
            damped: std::array::from_fn(|times| damped(times.max(1) as u32)),
            classes,
        }
    }

    /// Adds a text. `group` is the same for texts that must not be on both sides of a trial.
    pub fn push(&mut self, vocabulary: &Vocabulary, cut: &Cut, label: u16, weight: f32, group: u64) {
        let mut before = 0;
        for (id, times) in &cut.known {
            let often = u32::from(*times > 1);
            number(&mut self.bytes, (id - before) << 1 | often);
            if often == 1 {
                number(&mut self.bytes, *times);
            }
            before = *id;
        }
        self.starts.push(self.bytes.len() as u32);
        self.norms.push(vocabulary.norm(cut));
        self.unknown.push(vocabulary.unknown_mass(cut));
        self.labels.push(label);
        self.weights.push(weight);
        self.groups.push(group);
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// How many departments.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        self.idf.len()
    }

    /// The department of a text.
    pub fn label(&self, text: u32) -> usize {
        usize::from(self.labels[text as usize])
    }

    /// How much a text counts.
    pub fn weight(&self, text: u32) -> f32 {
        self.weights[text as usize]
    }

    /// The group of a text.
    pub fn group(&self, text: u32) -> u64 {
        self.groups[text as usize]
    }

    /// How much of a text is known to one who has seen these pieces only, 0 to 1.
    pub fn known(&self, text: u32, seen: impl Fn(usize) -> bool) -> f32 {
        let (mut known, mut all) = (0.0, self.unknown[text as usize]);
        self.each_time(text, |piece, _| {
            let mass = self.idf[piece].powi(2);
            all += mass;
            known += if seen(piece) { mass } else { 0.0 };
        });
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// Shows each known piece of a text with its weight.
    pub fn each(&self, text: u32, mut visit: impl FnMut(usize, f32)) {
        let scale = 1.0 / self.norms[text as usize];
        self.each_time(text, |piece, times| {
            let often = self.damped.get(times as usize).copied().unwrap_or_else(|| damped(times));
            visit(piece, often * self.idf[piece] * scale);
        });
    }

    /// Shows each known piece of a text with how often it stands there.
    fn each_time(&self, text: u32, mut visit: impl FnMut(usize, u32)) {
        let text = text as usize;
        let mut left = &self.bytes[self.starts[text] as usize..self.starts[text + 1] as usize];
        let mut id = 0;
        while !left.is_empty() {
            let coded = take(&mut left);
            id += coded >> 1;
            let times = if coded & 1 == 1 { take(&mut left) } else { 1 };
            visit(id as usize, times);
        }
    }
}

/// Seven bits a byte; the eighth says that more follow.
fn number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take(left: &mut &[u8]) -> u32 {
    let (mut value, mut shift) = (0, 0);
    while let Some((byte, rest)) = left.split_first() {
        *left = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
        shift += 7;
    }
    value
}
