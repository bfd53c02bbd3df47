//! The permissions of this engine, in one place so that routes, actions and SQL scopes cannot drift apart.

/// See every resource of the scope in any state.
pub const READ: &str = "catalogue.resource.read";
/// Write and submit drafts.
pub const DRAFT: &str = "catalogue.resource.draft";
/// Send back what was submitted.
pub const REVIEW: &str = "catalogue.resource.review";
/// Publish and withdraw.
pub const PUBLISH: &str = "catalogue.resource.publish";
/// Import standards.
pub const STANDARD: &str = "catalogue.standard.manage";

/// All of them.
pub const ALL: &[&str] = &[READ, DRAFT, REVIEW, PUBLISH, STANDARD];
