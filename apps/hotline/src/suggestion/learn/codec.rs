//! A model as a file: a head of JSON that anybody can read, the numbers in little-endian order, and the SM3 digest of all of it.
//!
//! What is read is checked whole before anything of it is believed, so that a file cut short or of another version is refused
//! and never answers.
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::calibrate::Calibration;
use super::model::{Facts, Model};
use super::vocabulary::Vocabulary;

const MAGIC: &[u8; 8] = b"JHDISP\0\x01";
const DIGEST_BYTES: usize = 32;

/// Why a file is no model.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CodecError {
    /// It is something else, or of another version of the program.
    #[error("the file is no model of this version")]
    Foreign,
    /// It was changed or cut short.
    #[error("the model's file is damaged: its checksum does not fit")]
    Damaged,
}

#[derive(Serialize, Deserialize)]
struct Head {
    departments: Vec<String>,
    pieces: usize,
    idf_unknown: f32,
    scale: f32,
    level: [f32; 3],
    known_low: f32,
    facts: Facts,
}

impl Model {
    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = Head {
            departments: self.departments.clone(),
            pieces: self.vocabulary.len(),
            idf_unknown: self.vocabulary.idf_unknown,
            scale: self.calibration.scale,
            level: self.calibration.level,
            known_low: self.calibration.known_low,
            facts: self.facts.clone(),
        };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut out = Vec::with_capacity(head.len() + self.table.len() * 2 + self.steps.len() * 16 + 1024);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(head.len() as u64).to_le_bytes());
        out.extend_from_slice(&head);
        self.vocabulary.hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
        let floats = self.vocabulary.idf.iter().chain(&self.steps).chain(&self.bias);
        floats.for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
        self.table.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
        let digest = jh_crypto::sm3::digest(&out);
        out.extend_from_slice(&digest);
        out
    }

    /// The model of a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        if !bytes.starts_with(MAGIC) {
            return Err(CodecError::Foreign);
        }
        let end = bytes.len().checked_sub(DIGEST_BYTES).ok_or(CodecError::Damaged)?;
        let (body, digest) = bytes.split_at(end);
        if jh_crypto::sm3::digest(body) != digest {
            return Err(CodecError::Damaged);
        }
        let mut left = Left(&body[MAGIC.len()..]);
        let long = left.take(8)?.try_into().map(u64::from_le_bytes).map_err(|_| CodecError::Damaged)?;
        let long = usize::try_from(long).map_err(|_| CodecError::Damaged)?;
        let head: Head = serde_json::from_slice(left.take(long)?).map_err(|_| CodecError::Foreign)?;
        let (pieces, classes) = (head.pieces, head.departments.len());
        let hashes = left.numbers(pieces, u64::from_le_bytes)?;
        let idf = left.numbers(pieces, f32::from_le_bytes)?;
        let steps = left.numbers(pieces, f32::from_le_bytes)?;
        let bias = left.numbers(classes, f32::from_le_bytes)?;
        let cells = pieces.checked_mul(classes).ok_or(CodecError::Damaged)?;
        let table = left.numbers(cells, i16::from_le_bytes)?;
        let calibration = Calibration { scale: head.scale, level: head.level, known_low: head.known_low };
        let vocabulary = Vocabulary::of(hashes, idf, head.idf_unknown);
        Ok(Self { departments: head.departments, vocabulary, steps, table, bias, calibration, facts: head.facts })
    }
}

/// What is not read yet.
struct Left<'a>(&'a [u8]);

impl<'a> Left<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CodecError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn numbers<const N: usize, T>(&mut self, count: usize, of: impl Fn([u8; N]) -> T) -> Result<Vec<T>, CodecError> {
        let bytes = self.take(count.checked_mul(N).ok_or(CodecError::Damaged)?)?;
        Ok(bytes.as_chunks::<N>().0.iter().map(|chunk| of(*chunk)).collect())
    }
}
