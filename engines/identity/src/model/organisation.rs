//! The organisation tree: which kind may stand under which, what a code looks like, and when a move, a rename or a
//! closing is allowed.
//!
//! The tree itself lives in SQL. The rules here are given what the store found and say yes or why not; the tests
//! below hold them, and the closure arithmetic the store repeats in SQL, against a plain in-memory tree.
use jh_core::actor::OrganisationId;
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::fault::IdentityError;

/// The deepest an organisation may stand below the root, so that no loop of moves grows a chain without end.
pub const DEPTH_MAX: i32 = 12;
/// The longest name, in characters.
pub const NAME_LEN_MAX: usize = 100;
/// The longest short name, in characters.
pub const SHORT_NAME_LEN_MAX: usize = 30;

/// What an organisation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum OrganisationKind {
    /// 市: the root.
    City,
    /// 县（市、区） and development zones.
    County,
    /// 部门: a bureau or commission of the city or a county.
    Department,
    /// 科室: a part of a department or of another unit.
    Office,
    /// 街道、镇、乡.
    Street,
    /// 社区、村.
    Community,
    /// 企业: a city-owned company that runs a system of the plan.
    Enterprise,
}

impl OrganisationKind {
    /// Every kind, from the top down.
    pub const ALL: [Self; 7] =
        [Self::City, Self::County, Self::Department, Self::Office, Self::Street, Self::Community, Self::Enterprise];

    /// As stored, in forms and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::County => "county",
            Self::Department => "department",
            Self::Office => "office",
            Self::Street => "street",
            Self::Community => "community",
            Self::Enterprise => "enterprise",
        }
    }

    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::City => "identity-kind-city",
            Self::County => "identity-kind-county",
            Self::Department => "identity-kind-department",
            Self::Office => "identity-kind-office",
            Self::Street => "identity-kind-street",
            Self::Community => "identity-kind-community",
            Self::Enterprise => "identity-kind-enterprise",
        }
    }

    /// From a form or a file.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == text)
    }

    /// Whether an organisation of this kind may stand under one of kind `parent`.
    pub fn fits_under(self, parent: Option<Self>) -> bool {
        use OrganisationKind::{City, Community, County, Department, Enterprise, Office, Street};
        match (self, parent) {
            (City, None) => true,
            (_, None) | (City, Some(_)) => false,
            (County, Some(parent)) => parent == City,
            (Department, Some(parent)) => matches!(parent, City | County),
            (Office, Some(parent)) => parent != Community,
            (Street, Some(parent)) => parent == County,
            (Community, Some(parent)) => parent == Street,
            (Enterprise, Some(parent)) => matches!(parent, City | County | Department),
        }
    }

    /// The kinds that may be created under this one, for the form.
    pub fn children(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |kind| kind.fits_under(Some(self)))
    }
}

/// An organisation's code as files name it: capitals, digits and dashes, 32 at most.
pub fn parse_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    let shaped = code.starts_with(|c: char| c.is_ascii_alphanumeric())
        && code.len() <= 32
        && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    shaped.then_some(code)
}

/// A division code of 6 digits (county), 9 (street) or 12 (community).
pub fn is_division_code(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit())
}

/// What the rules need to know of an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Which one.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// How deep it stands; the root at 0.
    pub depth: i32,
    /// Whether it is closed.
    pub closed: bool,
}

/// Whether `subtree` (whose deepest member stands `height` below it) may be moved under `parent`.
/// `within` says whether `parent` stands in the subtree: that would cut the subtree off and close a ring.
pub fn check_move(subtree: Standing, height: i32, parent: Standing, within: bool) -> Result<(), IdentityError> {
    if within {
        return Err(IdentityError::MoveIntoItself);
    }
    if subtree.closed {
        return Err(IdentityError::OrganisationClosed);
    }
    check_parent(subtree.kind, height, parent)
}

/// Whether an organisation of `kind`, with members to `height` below it, may stand under `parent`.
pub fn check_parent(kind: OrganisationKind, height: i32, parent: Standing) -> Result<(), IdentityError> {
    if parent.closed {
        return Err(IdentityError::ParentClosed);
    }
    if !kind.fits_under(Some(parent.kind)) {
        return Err(IdentityError::KindDoesNotFit);
    }
    if parent.depth + 1 + height > DEPTH_MAX {
        return Err(IdentityError::TreeTooDeep);
    }
    Ok(())
}

/// What the rule for closing needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// The one to close.
    pub subject: Standing,
    /// Whether something open stands under it.
    pub has_open_children: bool,
    /// Whether staff who may sign in belong to it.
    pub has_staff: bool,
    /// Since when it exists.
    pub opened_on: Date,
    /// The first day on which it is no more.
    pub closed_on: Date,
    /// The day in China on which this is asked; closing is not announced ahead, it is recorded.
    pub today: Date,
    /// Who takes over.
    pub successor: Option<Standing>,
}

/// Whether an organisation may be closed.
pub fn check_closing(closing: &Closing) -> Result<(), IdentityError> {
    if closing.subject.kind == OrganisationKind::City {
        return Err(IdentityError::RootStays);
    }
    if closing.subject.closed {
        return Err(IdentityError::OrganisationClosed);
    }
    if closing.closed_on < closing.opened_on {
        return Err(IdentityError::ClosedBeforeOpened);
    }
    if closing.closed_on > closing.today {
        return Err(IdentityError::ClosedInFuture);
    }
    if closing.has_open_children {
        return Err(IdentityError::HasOpenChildren);
    }
    match closing.successor {
        Some(successor) if successor.id == closing.subject.id => Err(IdentityError::SuccessorIsItself),
        Some(successor) if successor.closed => Err(IdentityError::SuccessorClosed),
        Some(successor) if successor.depth + 1 > DEPTH_MAX => Err(IdentityError::TreeTooDeep),
        None if closing.has_staff => Err(IdentityError::HasStaff),
        _ => Ok(()),
    }
}

/// One organisation of a bulk load, before it has an id.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// The stable code.
    pub code: String,
    /// The parent's code; none for the root only.
    pub parent_code: Option<String>,
    /// What it is.
    pub kind: OrganisationKind,
    /// The full name.
    pub name: String,
    /// The name for lists.
    pub short_name: String,
    /// The division it governs, if any.
    pub division_code: Option<String>,
}

/// Puts a bulk load in an order in which every parent comes before its children, or says which row cannot stand.
/// `known` answers the kind of an organisation that exists already.
pub fn order_load(
    rows: &[NewOrganisation],
    known: impl Fn(&str) -> Option<OrganisationKind>,
) -> Result<Vec<usize>, IdentityError> {
    use std::collections::HashMap;
    let index: HashMap<&str, usize> = rows.iter().enumerate().map(|(i, row)| (row.code.as_str(), i)).collect();
    let mut state = vec![0_u8; rows.len()]; // 0 unseen, 1 on the way up, 2 placed
    let mut order = Vec::with_capacity(rows.len());
    for start in 0..rows.len() {
        let mut way = vec![start];
        while let Some(&at) = way.last() {
            let row = &rows[at];
            let unfit = || IdentityError::LoadRow { code: row.code.clone() };
            let above = row.parent_code.as_deref().and_then(|code| index.get(code).copied());
            match (state[at], above) {
                (2, _) => {
                    way.pop();
                }
                (0, Some(parent)) if state[parent] == 0 => {
                    state[at] = 1;
                    way.push(parent);
                }
                // A parent that is itself waiting for us: a ring.
                (_, Some(parent)) if state[parent] == 1 => return Err(unfit()),
                _ => {
                    let parent_kind = match row.parent_code.as_deref() {
                        None => None,
                        Some(code) => Some(above.map(|p| rows[p].kind).or_else(|| known(code)).ok_or_else(unfit)?),
                    };
                    if !row.kind.fits_under(parent_kind) || parse_code(&row.code).as_deref() != Some(&row.code) {
                        return Err(unfit());
                    }
                    state[at] = 2;
                    order.push(at);
                    way.pop();
                }
            }
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests;
