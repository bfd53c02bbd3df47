//! Roles and assignments: who may hand what to whom.
//!
//! The rule of the house: nobody gives what he does not hold himself, in the place where he gives it.
use jh_core::define_id;
use time::OffsetDateTime;

use crate::fault::IdentityError;
use crate::model::account::AccountKind;

define_id!(
    /// One role.
    RoleId
);
define_id!(
    /// One role given to one account in one scope.
    AssignmentId
);

/// Who may hold a role.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Audience {
    /// People.
    Staff,
    /// Departments' systems.
    System,
}

impl Audience {
    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "staff" => Some(Self::Staff),
            "system" => Some(Self::System),
            _ => None,
        }
    }

    /// As stored and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::System => "system",
        }
    }

    /// Whether an account of this kind may hold it. Residents hold none: what they may do follows from being residents.
    pub fn admits(self, kind: AccountKind) -> bool {
        matches!((self, kind), (Self::Staff, AccountKind::Staff) | (Self::System, AccountKind::Service))
    }
}

/// A role with what it grants.
#[derive(Clone, Debug)]
pub struct Role {
    /// Which one.
    pub id: RoleId,
    /// Stable, for configuration: `department-data`.
    pub code: String,
    /// Who may hold it.
    pub audience: Audience,
    /// Its Chinese name.
    pub name: String,
    /// Its English name, or empty.
    pub name_en: String,
    /// What it is for, in Chinese.
    pub summary: String,
    /// What it is for, in English, or empty.
    pub summary_en: String,
    /// What it grants.
    pub permissions: Vec<String>,
}

/// A role's code in configuration and addresses.
pub fn parse_role_code(text: &str) -> Option<String> {
    let code = text.trim();
    let shaped = (2..=40).contains(&code.len())
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    shaped.then(|| code.to_owned())
}

/// What a new assignment is to be.
#[derive(Clone, Copy, Debug)]
pub struct Giving {
    /// The receiving account's kind.
    pub kind: AccountKind,
    /// The role's audience.
    pub audience: Audience,
    /// Whether the scope organisation is closed.
    pub scope_closed: bool,
    /// The end, if any.
    pub ends_at: Option<OffsetDateTime>,
    /// Now.
    pub now: OffsetDateTime,
}

/// Whether the role may be given, apart from what the giver holds (that is asked in SQL, against the tree).
pub fn check_giving(giving: &Giving) -> Result<(), IdentityError> {
    if !giving.audience.admits(giving.kind) {
        return Err(IdentityError::RoleNotForKind);
    }
    if giving.scope_closed {
        return Err(IdentityError::OrganisationClosed);
    }
    if giving.ends_at.is_some_and(|end| end <= giving.now) {
        return Err(IdentityError::EndsInThePast);
    }
    Ok(())
}

/// An assignment as pages show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Assignment {
    /// Which one.
    pub id: AssignmentId,
    /// The role's Chinese name.
    pub role_name: String,
    /// Its English name, or empty.
    pub role_name_en: String,
    /// The name of the part of the tree.
    pub organisation_name: String,
    /// From when.
    pub begins_at: OffsetDateTime,
    /// Until when; none: until withdrawn.
    pub ends_at: Option<OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn residents_hold_no_roles_and_systems_hold_systems_roles() {
        assert!(Audience::Staff.admits(AccountKind::Staff) && !Audience::Staff.admits(AccountKind::Resident));
        assert!(Audience::System.admits(AccountKind::Service) && !Audience::System.admits(AccountKind::Staff));
        assert!(!Audience::System.admits(AccountKind::Resident));
    }

    #[test]
    fn giving_looks_ahead() {
        let now = datetime!(2026-11-22 08:00 +8);
        let giving =
            Giving { kind: AccountKind::Staff, audience: Audience::Staff, scope_closed: false, ends_at: None, now };
        assert!(check_giving(&giving).is_ok());
        assert!(matches!(check_giving(&Giving { ends_at: Some(now), ..giving }), Err(IdentityError::EndsInThePast)));
        assert!(check_giving(&Giving { ends_at: Some(now + Duration::DAY), ..giving }).is_ok());
        let closed = Giving { scope_closed: true, ..giving };
        assert!(matches!(check_giving(&closed), Err(IdentityError::OrganisationClosed)));
    }

    #[test]
    fn role_codes() {
        assert_eq!(parse_role_code(" department-data "), Some("department-data".into()));
        assert!(["", "a", "9x", "A-b", "a b"].into_iter().all(|text| parse_role_code(text).is_none()));
    }
}
