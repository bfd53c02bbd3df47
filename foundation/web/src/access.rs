//! Who may use a route. Every route says so where it is declared; there is no default.

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Anyone with an account.
    SignedIn,
    /// Accounts that hold the permission somewhere; SQL narrows it to where.
    Permission(&'static str),
    /// A direct connection from this machine, or an account with the permission: for monitoring.
    Operator(&'static str),
}
