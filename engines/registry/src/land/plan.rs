//! Everything that one delivery's threads need to know, fixed before the first row is read.
use std::collections::HashMap;

use catalogue::api::RowKind;
use time::Date;
use uuid::Uuid;

use super::golden::GoldenPlan;
use super::secrets::Secrets;
use crate::check::Setting;
use crate::mapping::Mapping;
use crate::model::{DeliveryId, kind_no};
use crate::reader::Format;
use crate::schema::Schema;

/// One delivery, ready to be landed.
pub struct Plan {
    /// Which.
    pub delivery_id: DeliveryId,
    /// Its number.
    pub delivery_no: i32,
    /// The provider's number.
    pub provider_no: i16,
    /// The resource of a dataset; the zero uuid otherwise.
    pub resource_id: Uuid,
    /// What rows must look like.
    pub schema: Schema,
    /// Which columns are which attributes.
    pub mapping: Mapping,
    /// The checks' setting.
    pub setting: SettingOwned,
    /// The file's sort.
    pub format: Format,
    /// The golden record of a base kind.
    pub golden: Option<GoldenPlan>,
    /// Prepared keys.
    pub secrets: Secrets,
    /// The positions that this file says something of, in order.
    pub columns: Vec<usize>,
}

/// [`Setting`] with its table.
pub struct SettingOwned {
    /// The day of receipt.
    pub today: Date,
    /// Whether bare numbers are days.
    pub serial_dates: bool,
    /// Other schemes' division codes.
    pub division_aliases: HashMap<String, String>,
}

impl SettingOwned {
    /// Borrowed for the checker.
    pub fn as_setting(&self) -> Setting<'_> {
        Setting { today: self.today, serial_dates: self.serial_dates, division_aliases: &self.division_aliases }
    }
}

impl Plan {
    /// The kind's number.
    pub fn kind_no(&self) -> i16 {
        kind_no(self.schema.kind)
    }

    /// How many attributes.
    pub fn width(&self) -> usize {
        self.schema.attributes.len()
    }

    /// The positions of the mapped columns, and of what a person's number tells besides.
    pub fn columns_of(schema: &Schema, mapping: &Mapping) -> Vec<usize> {
        let mut columns: Vec<usize> = mapping.used().iter().map(|(position, _)| *position).collect();
        if schema.kind == RowKind::Person {
            columns.extend(["sex", "birth_on"].iter().filter_map(|name| schema.position(name)));
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// What identifies a row. The checker has seen to it that there is something.
    pub fn key_of(&self, values: &[Option<&str>], scratch: &mut Vec<u8>) -> Uuid {
        let value = |position: usize| values.get(position).copied().flatten();
        scratch.clear();
        if self.golden.is_none() {
            scratch.extend_from_slice(self.resource_id.as_bytes());
            for position in &self.schema.key {
                push_part(value(*position), scratch);
            }
            return self.secrets.dataset_row(scratch);
        }
        let found = self.schema.key.iter().find_map(|position| Some((*position, value(*position)?)));
        let Some((position, text)) = found else { return Uuid::nil() };
        let scheme = self.schema.attributes[position].name.as_str();
        if matches!(scheme, "address" | "place_name") {
            // A name or an address alone is that of many places.
            for name in ["division_code", "address", "place_name"] {
                push_part(self.schema.position(name).and_then(value), scratch);
            }
            return self.secrets.identifier("address", scratch);
        }
        self.secrets.identifier(scheme, text.as_bytes())
    }
}

fn push_part(value: Option<&str>, out: &mut Vec<u8>) {
    let text = value.unwrap_or_default();
    out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}
