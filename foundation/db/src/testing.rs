//! (being written) A database of its own for every test.
use std::ops::Deref;

use crate::Base;
use crate::migrate::Migrations;

/// A base whose database, files and keys are the test's own and are gone after it.
pub struct TestBase {
    base: Base,
}

impl Deref for TestBase {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

/// A base with the migrations applied; the clock stands at Monday 2026-03-02, 09:00 in China.
pub async fn base(_migrations: &[Migrations]) -> TestBase {
    unreachable!("being written")
}
