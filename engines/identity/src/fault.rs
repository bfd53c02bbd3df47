//! What identity refuses and why, with the half that people may read.
use jh_core::fault::{Fault, Kind, Refusal};
use jh_db::DbError;

/// Why identity did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The store's own trouble.
    #[error(transparent)]
    Db(#[from] DbError),
    /// One or more fields of a form are wrong.
    #[error("the form is wrong: {0:?}")]
    Form(Refusal),
    /// Name or password wrong, or the account may not sign in: one answer for all of them.
    #[error("sign-in refused")]
    SignInRefused,
    /// The password was right and the account is suspended: only its owner gets to read this.
    #[error("the account is suspended")]
    Suspended,
    /// Too many failed sign-ins, registrations or password changes.
    #[error("too many attempts; wait {retry_after_s} s")]
    TooManyAttempts {
        /// How long to wait.
        retry_after_s: i64,
    },
    /// More people sign in at this moment than the machine can hash passwords for.
    #[error("the queue for checking passwords is full")]
    Busy,
    /// Hashing failed, which only a lack of memory explains.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    /// A sealed column could not be opened.
    #[error("a sealed value could not be opened: {0}")]
    Crypto(#[from] jh_crypto::CryptoError),
    /// The current password given for changing it is wrong.
    #[error("the current password is wrong")]
    CurrentPasswordWrong,
    /// The phone has an account already.
    #[error("the phone has an account")]
    PhoneTaken,
    /// The username has an account already.
    #[error("the username has an account")]
    UsernameTaken,
    /// The organisation code is or was in use.
    #[error("the organisation code is in use")]
    CodeTaken,
    /// The role code is in use.
    #[error("the role code is in use")]
    RoleCodeTaken,
    /// No such organisation within the actor's scope.
    #[error("no such organisation in scope")]
    OrganisationNotFound,
    /// No such account within the actor's scope.
    #[error("no such account in scope")]
    AccountNotFound,
    /// No such role.
    #[error("no such role")]
    RoleNotFound,
    /// No such assignment within the actor's scope.
    #[error("no such assignment in scope")]
    AssignmentNotFound,
    /// No such credential within the actor's scope.
    #[error("no such credential in scope")]
    CredentialNotFound,
    /// No such session of one's own.
    #[error("no such session")]
    SessionNotFound,
    /// The organisation is closed.
    #[error("the organisation is closed")]
    OrganisationClosed,
    /// The parent is closed.
    #[error("the parent is closed")]
    ParentClosed,
    /// The kind may not stand under the parent's kind.
    #[error("this kind does not stand under that kind")]
    KindDoesNotFit,
    /// A move would put an organisation under itself.
    #[error("a move into its own subtree")]
    MoveIntoItself,
    /// The tree would become too deep.
    #[error("the tree would become too deep")]
    TreeTooDeep,
    /// The root is not moved or closed.
    #[error("the root stays")]
    RootStays,
    /// It would close before it opened.
    #[error("closed before opened")]
    ClosedBeforeOpened,
    /// A closing is recorded on its day or after, not ahead.
    #[error("closed in the future")]
    ClosedInFuture,
    /// Something open stands under it.
    #[error("it has open children")]
    HasOpenChildren,
    /// Staff belong to it and no successor takes them.
    #[error("it has staff and no successor")]
    HasStaff,
    /// It cannot succeed itself.
    #[error("the successor is itself")]
    SuccessorIsItself,
    /// The successor is closed.
    #[error("the successor is closed")]
    SuccessorClosed,
    /// A row of a bulk load cannot stand where it says.
    #[error("organisation {code} of the load has an unknown parent, a ring, a bad code or a kind that does not fit")]
    LoadRow {
        /// The row's code.
        code: String,
    },
    /// Nobody does this to himself.
    #[error("not to yourself")]
    NotYourself,
    /// It is suspended already.
    #[error("suspended already")]
    AlreadySuspended,
    /// It is not suspended.
    #[error("not suspended")]
    NotSuspended,
    /// The account has rights in places where the actor has none.
    #[error("the account has rights beyond the actor's")]
    BeyondYourRights,
    /// The giver does not hold what the role grants, in that place.
    #[error("the role grants {permission}, which the giver does not hold there")]
    NotYoursToGive {
        /// The first permission that is missing.
        permission: String,
    },
    /// The role is not for this kind of account.
    #[error("the role is not for this kind of account")]
    RoleNotForKind,
    /// The account holds the role in that scope already.
    #[error("given already")]
    AlreadyGiven,
    /// The end lies in the past.
    #[error("the end lies in the past")]
    EndsInThePast,
    /// The credential is revoked already.
    #[error("revoked already")]
    AlreadyRevoked,
    /// A permission that no module declares.
    #[error("no module declares the permission {permission}")]
    PermissionUnknown {
        /// Which.
        permission: String,
    },
    /// The actor lacks the permission where it is needed.
    #[error("{permission} is not held at the root of the tree")]
    NeedsRoot {
        /// Which permission.
        permission: &'static str,
    },
}

impl From<sqlx::Error> for IdentityError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Fault for IdentityError {
    fn refusal(&self) -> Refusal {
        use Kind::{Conflict, Forbidden, Internal, Invalid, NotFound, TooMany, Unavailable};
        let field = |field, code| Refusal::new(Invalid, code).field(field, code);
        match self {
            Self::Db(inner) => inner.refusal(),
            Self::Form(refusal) => refusal.clone(),
            Self::SignInRefused => Refusal::new(Invalid, "sign-in-refused"),
            Self::Suspended => Refusal::new(Invalid, "account-suspended"),
            Self::TooManyAttempts { retry_after_s } => {
                Refusal::new(TooMany, "too-many-attempts").arg("retry_after_s", retry_after_s)
            }
            Self::Busy => Refusal::new(Unavailable, "sign-in-busy").arg("retry_after_s", 5),
            Self::Hash(_) | Self::Crypto(_) => Refusal::new(Internal, "internal"),
            Self::CurrentPasswordWrong => field("current", "current-password-wrong"),
            Self::PhoneTaken => field("phone", "phone-taken"),
            Self::UsernameTaken => field("username", "username-taken"),
            Self::CodeTaken => field("code", "organisation-code-taken"),
            Self::RoleCodeTaken => field("code", "role-code-taken"),
            Self::OrganisationNotFound => Refusal::new(NotFound, "organisation-not-found"),
            Self::AccountNotFound => Refusal::new(NotFound, "account-not-found"),
            Self::RoleNotFound => Refusal::new(NotFound, "role-not-found"),
            Self::AssignmentNotFound => Refusal::new(NotFound, "assignment-not-found"),
            Self::CredentialNotFound => Refusal::new(NotFound, "credential-not-found"),
            Self::SessionNotFound => Refusal::new(NotFound, "session-not-found"),
            Self::OrganisationClosed => Refusal::new(Conflict, "organisation-closed"),
            Self::ParentClosed => field("parent", "parent-closed"),
            Self::KindDoesNotFit => field("parent", "kind-does-not-fit"),
            Self::MoveIntoItself => field("parent", "move-into-itself"),
            Self::TreeTooDeep => field("parent", "tree-too-deep"),
            Self::RootStays => Refusal::new(Invalid, "root-stays"),
            Self::ClosedBeforeOpened => field("closed_on", "closed-before-opened"),
            Self::ClosedInFuture => field("closed_on", "closed-in-future"),
            Self::HasOpenChildren => Refusal::new(Conflict, "has-open-children"),
            Self::HasStaff => field("successor", "has-staff"),
            Self::SuccessorIsItself => field("successor", "successor-is-itself"),
            Self::SuccessorClosed => field("successor", "successor-closed"),
            Self::LoadRow { code } => Refusal::new(Invalid, "organisation-load-row").arg("code", code),
            Self::NotYourself => Refusal::new(Forbidden, "not-yourself"),
            Self::AlreadySuspended => Refusal::new(Conflict, "already-suspended"),
            Self::NotSuspended => Refusal::new(Conflict, "not-suspended"),
            Self::BeyondYourRights => Refusal::new(Forbidden, "beyond-your-rights"),
            Self::NotYoursToGive { permission } => {
                Refusal::new(Forbidden, "not-yours-to-give").arg("permission", permission)
            }
            Self::RoleNotForKind => field("role", "role-not-for-kind"),
            Self::AlreadyGiven => field("role", "already-given"),
            Self::EndsInThePast => field("ends_on", "ends-in-the-past"),
            Self::AlreadyRevoked => Refusal::new(Conflict, "already-revoked"),
            Self::PermissionUnknown { permission } => {
                Refusal::new(Invalid, "permission-unknown").arg("permission", permission)
            }
            Self::NeedsRoot { permission } => Refusal::new(Forbidden, "needs-root").arg("permission", permission),
        }
    }
}
