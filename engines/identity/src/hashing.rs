//! Hashing of passwords: slow on purpose, so kept off the threads that answer requests and few at a time.
//!
//! Two hashes at once keep two cores busy; a thousand people at eight in the morning must queue, not fall over, and
//! past a short queue an honest "busy" beats a page that never comes.
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::fault::IdentityError;
use crate::model::password::Password;

/// OWASP's first choice for argon2id, and what the project's decision asks for.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at the same time.
const AT_ONCE_MAX: usize = 2;
/// Hashes waiting or running; at some 20 ms each the last waits a third of a second.
const QUEUE_MAX: usize = 34;

static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE_MAX);
static QUEUED: AtomicUsize = AtomicUsize::new(0);

/// A hash that no password fits, for accounts that do not exist: they cost as much time as those that do.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let seed = jh_crypto::random::bytes::<32>();
    hasher()
        .and_then(|argon| argon.hash_password(&seed).map_err(|e| e.to_string()))
        .map_or_else(|_| String::new(), |h| h.to_string())
});

fn hasher() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| e.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What checking a password found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checked {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed with parameters of the past: hash it anew.
    RightButOld,
}

/// A place in the queue; leaves it when dropped, also when the request is given up.
struct Queued;

impl Queued {
    fn enter() -> Result<Self, IdentityError> {
        if QUEUED.fetch_add(1, Ordering::AcqRel) >= QUEUE_MAX {
            QUEUED.fetch_sub(1, Ordering::AcqRel);
            return Err(IdentityError::Busy);
        }
        Ok(Self)
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        QUEUED.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, IdentityError> {
    let _place = Queued::enter()?;
    let slot = SLOTS.acquire().await.map_err(|e| IdentityError::Hash(e.to_string()))?;
    // The slot goes along: a request given up half-way must not let a third hash begin.
    let done = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        work()
    });
    done.await.map_err(|e| IdentityError::Hash(e.to_string()))?.map_err(IdentityError::Hash)
}

/// Hashes a new password with a random salt; the parameters go into the text.
pub async fn hash(password: Password) -> Result<String, IdentityError> {
    off_thread(move || {
        let hash = hasher()?.hash_password(password.reveal().as_bytes()).map_err(|e| e.to_string())?;
        Ok(hash.to_string())
    })
    .await
}

/// Checks what was typed against a stored hash, or against nobody's, in the same time.
pub async fn check(typed: String, stored: Option<String>) -> Result<Checked, IdentityError> {
    off_thread(move || {
        let known = stored.is_some();
        let text = stored.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&text).map_err(|e| e.to_string())?;
        let right = hasher()?.verify_password(typed.as_bytes(), &parsed).is_ok();
        Ok(match (known && right, is_current(&parsed)) {
            (false, _) => Checked::Wrong,
            (true, true) => Checked::Right,
            (true, false) => Checked::RightButOld,
        })
    })
    .await
}

fn is_current(hash: &PasswordHash) -> bool {
    let Ok(params) = Params::try_from(hash) else { return false };
    hash.algorithm.as_str() == "argon2id"
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn password(text: &str) -> Password {
        Password::choose(text, &[]).unwrap()
    }

    #[tokio::test]
    async fn right_wrong_unknown_and_old() {
        let stored = hash(password("tide-lantern-47")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let ask = |typed: &str, stored: Option<&str>| check(typed.to_owned(), stored.map(str::to_owned));
        assert_eq!(ask("tide-lantern-47", Some(&stored)).await.unwrap(), Checked::Right);
        assert_eq!(ask("tide-lantern-48", Some(&stored)).await.unwrap(), Checked::Wrong);
        assert_eq!(ask("tide-lantern-47", None).await.unwrap(), Checked::Wrong);
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let old = weak.hash_password(b"tide-lantern-47").unwrap().to_string();
        assert_eq!(ask("tide-lantern-47", Some(&old)).await.unwrap(), Checked::RightButOld);
    }

    /// An unknown account must not answer sooner than a known one.
    #[tokio::test]
    async fn unknown_costs_as_much_as_wrong() {
        let stored = hash(password("tide-lantern-47")).await.unwrap();
        let _ = check("warm-up".into(), None).await.unwrap();
        let mut spent = [0_u128; 2];
        for _ in 0..5 {
            for (at, stored) in [Some(stored.clone()), None].into_iter().enumerate() {
                let begun = Instant::now();
                let _ = check("something else".into(), stored).await.unwrap();
                spent[at] += begun.elapsed().as_micros();
            }
        }
        assert!(spent[0] < spent[1] * 3 && spent[1] < spent[0] * 3, "known {} µs, unknown {} µs", spent[0], spent[1]);
    }
}
