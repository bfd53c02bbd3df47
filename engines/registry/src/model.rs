//! A delivery and the states it moves through.
use std::fmt;

use catalogue::api::{ResourceId, RowKind};
use jh_core::actor::OrganisationId;
use jh_core::define_id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

define_id!(
    /// One file that a department delivered.
    DeliveryId
);
define_id!(
    /// One person, organisation or place.
    SubjectId
);

/// Where a delivery stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
// The catalogue's resources have states too; in the API's description each needs a name of its own.
#[schema(as = DeliveryState)]
pub enum State {
    /// 已接收: the file is stored and acknowledged.
    Received,
    /// 查看中: the file is opened and its columns are recognised.
    Checking,
    /// 待对应: a person must say what some columns mean.
    Mapping,
    /// 入库中: chunks are checked and landed.
    Landing,
    /// 已完成.
    Done,
    /// 已取消; what had landed stays.
    Cancelled,
    /// 未能处理; the reason is named.
    Failed,
}

/// A move in a delivery's life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The worker opens the file.
    Open,
    /// The columns are not clear.
    AskMapping,
    /// A person said what the columns mean.
    Map,
    /// The columns are clear; rows are read.
    Land,
    /// All rows are read.
    Finish,
    /// Somebody does not want it any more.
    Cancel,
    /// The file cannot be used.
    Fail,
}

impl State {
    /// Where a step leads, if it may be taken.
    pub fn after(self, step: Step) -> Option<Self> {
        use State::{Cancelled, Checking, Done, Failed, Landing, Mapping, Received};
        match (self, step) {
            // A worker that took over from one that was killed opens the file again.
            (Received | Checking, Step::Open) => Some(Checking),
            (Checking, Step::AskMapping) => Some(Mapping),
            (Mapping, Step::Map) => Some(Received),
            (Checking, Step::Land) => Some(Landing),
            (Checking | Landing, Step::Finish) => Some(Done),
            (Received | Checking | Mapping | Landing, Step::Cancel) => Some(Cancelled),
            (Received | Checking | Landing, Step::Fail) => Some(Failed),
            _ => None,
        }
    }

    /// Every state, in the order of a delivery's life.
    pub const ALL: [Self; 7] =
        [Self::Received, Self::Checking, Self::Mapping, Self::Landing, Self::Done, Self::Cancelled, Self::Failed];

    /// From the word in the database and in forms.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// The word in the database, in JSON and in message keys.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checking => "checking",
            Self::Mapping => "mapping",
            Self::Landing => "landing",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// Where rows go: a base database, or one resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Target {
    /// What the rows are.
    pub kind: RowKind,
    /// The resource of a dataset.
    pub resource_id: Option<ResourceId>,
    /// Who delivers.
    pub provider_id: OrganisationId,
}

/// The number of a kind in stored records.
pub fn kind_no(kind: RowKind) -> i16 {
    match kind {
        RowKind::Person => 1,
        RowKind::Organisation => 2,
        RowKind::Place => 3,
        RowKind::Dataset => 4,
    }
}

/// What became of the rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, ToSchema, sqlx::FromRow)]
pub struct Counts {
    /// Rows behind the header that were not blank.
    pub rows_read: i64,
    /// The provider had said nothing of their subject before.
    pub rows_new: i64,
    /// Values differ from what the provider said before.
    pub rows_changed: i64,
    /// Nothing new.
    pub rows_unchanged: i64,
    /// In the report.
    pub rows_rejected: i64,
    /// Landed after blanks, full-width digits and the like were mended.
    pub rows_mended: i64,
}

impl Counts {
    /// Adds another chunk's.
    pub fn add(&mut self, other: Self) {
        self.rows_read += other.rows_read;
        self.rows_new += other.rows_new;
        self.rows_changed += other.rows_changed;
        self.rows_unchanged += other.rows_unchanged;
        self.rows_rejected += other.rows_rejected;
        self.rows_mended += other.rows_mended;
    }
}

/// As the command line says it.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected, rows_mended } = self;
        write!(f, "{rows_read} rows read, {rows_new} new, {rows_changed} changed, {rows_unchanged} unchanged, ")?;
        write!(f, "{rows_mended} mended, {rows_rejected} rejected")
    }
}

impl sqlx::Type<sqlx::Postgres> for State {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <str as sqlx::Type<sqlx::Postgres>>::type_info()
    }
    fn compatible(ty: &sqlx::postgres::PgTypeInfo) -> bool {
        <str as sqlx::Type<sqlx::Postgres>>::compatible(ty)
    }
}

impl<'r> sqlx::Decode<'r, sqlx::Postgres> for State {
    fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let word = <&str as sqlx::Decode<sqlx::Postgres>>::decode(value)?;
        Self::from_word(word).ok_or_else(|| "an unknown state of a delivery".into())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 7] =
        [Step::Open, Step::AskMapping, Step::Map, Step::Land, Step::Finish, Step::Cancel, Step::Fail];

    #[test]
    fn nothing_happens_to_a_delivery_that_has_ended() {
        for state in State::ALL.into_iter().filter(|state| state.is_final()) {
            assert!(STEPS.into_iter().all(|step| state.after(step).is_none()), "{state}");
        }
    }

    #[test]
    fn whatever_has_not_ended_can_be_cancelled() {
        for state in State::ALL.into_iter().filter(|state| !state.is_final()) {
            assert_eq!(state.after(Step::Cancel), Some(State::Cancelled));
        }
    }
}
