//! Typed ids over UUIDv7, so that an account's id can never be passed where an organisation's is meant.
//!
//! UUIDv7 sorts by time of creation, which keeps B-tree inserts at the right edge of the index.
use time::OffsetDateTime;
use uuid::{ContextV7, Timestamp, Uuid};

/// A UUIDv7 for the instant `now`. Time is a parameter: tests get stable order for stable time.
pub fn uuid_at(now: OffsetDateTime) -> Uuid {
    thread_local! {
        // Keeps ids of one thread monotonic within a millisecond (RFC 9562, 6.2, method 1).
        static CONTEXT: ContextV7 = const { ContextV7::new() };
    }
    let seconds = u64::try_from(now.unix_timestamp()).unwrap_or(0);
    CONTEXT.with(|context| Uuid::new_v7(Timestamp::from_unix(context, seconds, now.nanosecond())))
}

/// Declares an id type: `define_id!(/// One staff or resident account. AccountId);`
#[macro_export]
macro_rules! define_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[derive($crate::reexport::Serialize, $crate::reexport::Deserialize)]
        #[derive($crate::reexport::SqlxType, $crate::reexport::ToSchema)]
        #[serde(crate = "jh_core::reexport::serde", transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub $crate::reexport::Uuid);

        impl $name {
            /// A fresh id for the instant `now`.
            pub fn at(now: $crate::reexport::OffsetDateTime) -> Self {
                Self($crate::id::uuid_at(now))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::reexport::UuidError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.parse()?))
            }
        }

        impl From<$name> for $crate::reexport::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}
