//! The keys of one delivery, prepared, and the shape of what is sealed.
//!
//! A sealed record is its sensitive values one behind the other, each with its position and length: one sealing a row
//! instead of one a value.
use jh_crypto::keyring::{Blinder, Fingerprinter, Keyring, Opener, Sealer};
use uuid::Uuid;

use super::copy::Rows;

const RECORD_CONTEXT: &str = "registry.record";
const REJECT_CONTEXT: &str = "registry.reject";

/// Prepared keys. Shared by all threads of a delivery.
pub struct Secrets {
    records: Sealer,
    /// Opens what `seal_values` has sealed.
    pub opener: Opener,
    rejects: Sealer,
    digests: Fingerprinter,
    phones: Blinder,
    dataset_rows: Blinder,
    schemes: Vec<(&'static str, Blinder)>,
}

/// Every scheme of identifiers, with the context of its blind index.
const SCHEMES: &[(&str, &str)] = &[
    ("citizen_id", "registry.identifier.citizen_id"),
    ("uscc", "registry.identifier.uscc"),
    ("statistical_code", "registry.identifier.statistical_code"),
    ("asset_code", "registry.identifier.asset_code"),
    ("address", "registry.identifier.address"),
    ("place_name", "registry.identifier.address"),
];

impl Secrets {
    /// Prepares all.
    pub fn new(keys: &Keyring) -> Self {
        Self {
            records: keys.sealer(RECORD_CONTEXT),
            opener: record_opener(keys),
            rejects: keys.sealer(REJECT_CONTEXT),
            digests: keys.fingerprinter("registry.record"),
            phones: keys.blinder("registry.phone"),
            dataset_rows: keys.blinder("registry.dataset_row"),
            schemes: SCHEMES.iter().map(|(scheme, context)| (*scheme, keys.blinder(context))).collect(),
        }
    }

    /// The blind index of an identifier.
    pub fn identifier(&self, scheme: &str, value: &[u8]) -> Uuid {
        let found = self.schemes.iter().find(|(known, _)| *known == scheme);
        let (_, blinder) = found.unwrap_or(&self.schemes[self.schemes.len() - 1]);
        Uuid::from_bytes(blinder.blind(value))
    }

    /// The blind index of what identifies a dataset's row.
    pub fn dataset_row(&self, value: &[u8]) -> Uuid {
        Uuid::from_bytes(self.dataset_rows.blind(value))
    }

    /// By which an unchanged row is recognised.
    pub fn digest(&self, row: &[u8]) -> Uuid {
        Uuid::from_bytes(self.digests.of(row))
    }

    /// By which a telephone number is found: 64 bits are enough to find, and to compare the number itself after.
    pub fn phone(&self, normalised: &str) -> i64 {
        phone_key(&self.phones.blind(normalised.as_bytes()))
    }

    /// Appends a `bytea` field: the sealed values, or null where there are none.
    pub fn seal_values(&self, plain: &[u8], scratch: &mut Vec<u8>, out: &mut Rows) {
        if plain.is_empty() {
            return out.null();
        }
        scratch.clear();
        self.records.seal_into(plain, scratch);
        out.bytes(scratch);
    }

    /// The cells of a rejected row, sealed.
    pub fn seal_cells(&self, cells: &[String]) -> Vec<u8> {
        let mut plain = Vec::new();
        for cell in cells {
            plain.extend_from_slice(&u32::try_from(cell.len()).unwrap_or(0).to_le_bytes());
            plain.extend_from_slice(cell.as_bytes());
        }
        self.rejects.seal(&plain)
    }
}

fn phone_key(blind: &[u8; 16]) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&blind[..8]);
    i64::from_be_bytes(first)
}

/// The keys to search with, for one value.
pub fn identifier_key(keys: &Keyring, scheme: &str, value: &str) -> Option<Uuid> {
    let (_, context) = SCHEMES.iter().find(|(known, _)| *known == scheme)?;
    Some(Uuid::from_bytes(keys.blind(context, value)))
}

/// The key of a telephone number in normal form.
pub fn phone_search_key(keys: &Keyring, normalised: &str) -> i64 {
    phone_key(&keys.blind("registry.phone", normalised))
}

/// Appends one value to what will be sealed.
pub fn push_value(position: usize, value: &str, plain: &mut Vec<u8>) {
    plain.push(u8::try_from(position).unwrap_or(u8::MAX));
    plain.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    plain.extend_from_slice(value.as_bytes());
}

fn fill(plain: &[u8], values: &mut [Option<String>]) {
    let mut rest = plain;
    while let Some((&[position, low, high], behind)) = rest.split_first_chunk::<3>() {
        let length = usize::from(u16::from_le_bytes([low, high]));
        let Some((value, behind)) = behind.split_at_checked(length) else { return };
        if let Some(slot) = values.get_mut(usize::from(position)) {
            *slot = Some(String::from_utf8_lossy(value).into_owned());
        }
        rest = behind;
    }
}

/// What opens the sensitive values of records.
pub fn record_opener(keys: &Keyring) -> Opener {
    keys.opener(RECORD_CONTEXT)
}

/// The values of a row as it is stored: those in clear, made as many as there are positions, and the sealed ones
/// opened into theirs.
pub fn open_values(
    opener: &Opener,
    mut values: Vec<Option<String>>,
    sealed: Option<&[u8]>,
    width: usize,
) -> Result<Vec<Option<String>>, jh_crypto::CryptoError> {
    values.resize(width, None);
    if let Some(sealed) = sealed {
        fill(&opener.open(sealed)?, &mut values);
    }
    Ok(values)
}

/// Opens the cells of a rejected row.
pub fn open_cells(keys: &Keyring, sealed: &[u8]) -> Result<Vec<String>, jh_crypto::CryptoError> {
    let plain = keys.open(REJECT_CONTEXT, sealed)?;
    let mut cells = Vec::new();
    let mut rest = plain.as_slice();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let Some((cell, behind)) = behind.split_at_checked(length) else { break };
        cells.push(String::from_utf8_lossy(cell).into_owned());
        rest = behind;
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_values_come_back_to_their_positions() {
        let keys = Keyring::ephemeral();
        let mut plain = Vec::new();
        push_value(0, "320602", &mut plain);
        push_value(7, "人民路", &mut plain);
        let sealed = keys.sealer(RECORD_CONTEXT).seal(&plain);
        let values = open_values(&record_opener(&keys), Vec::new(), Some(&sealed), 9).unwrap();
        assert_eq!((values[0].as_deref(), values[7].as_deref()), (Some("320602"), Some("人民路")));
        let cells = ["a".to_owned(), String::new(), "张".to_owned()];
        assert_eq!(open_cells(&keys, &Secrets::new(&keys).seal_cells(&cells)).unwrap(), cells);
    }
}
