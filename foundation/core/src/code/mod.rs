//! The national codes that records of a city carry: who (GB 11643), which organisation (GB 32100, GB 11714), where
//! (GB/T 2260), how to call, and on which day.
//!
//! Each `parse` takes what a department's file holds and gives either a value in its normal form or a fault whose
//! [`code`](citizen_id::CitizenIdFault::code) names the rule that was broken, so that a report can say which.
pub mod citizen_id;
pub mod date;
pub mod division;
pub mod phone;
pub mod uscc;

/// Declares the faults of one rule: an enum whose variants each have a dashed code and a plain English sentence.
macro_rules! define_faults {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal, $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
        pub enum $name {
            $($(#[$variant_meta])* #[error($text)] $variant,)+
        }

        impl $name {
            /// Every fault of the rule, so that a test can see that each has a text in every language.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The rule's name in reports; the text for people is the Fluent message `error-<code>`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl $crate::fault::Fault for $name {
            fn refusal(&self) -> $crate::fault::Refusal {
                $crate::fault::Refusal::new($crate::fault::Kind::Invalid, self.code())
            }
        }
    };
}
pub(crate) use define_faults;

/// The codes of all faults of this module and of money, for the test that each has a text in every language.
pub fn fault_codes() -> Vec<&'static str> {
    let mut codes = Vec::new();
    codes.extend(citizen_id::CitizenIdFault::ALL.iter().map(|fault| fault.code()));
    codes.extend(date::DateFault::ALL.iter().map(|fault| fault.code()));
    codes.extend(division::DivisionFault::ALL.iter().map(|fault| fault.code()));
    codes.extend(phone::PhoneFault::ALL.iter().map(|fault| fault.code()));
    codes.extend(uscc::UsccFault::ALL.iter().map(|fault| fault.code()));
    codes.extend(crate::money::MoneyFault::ALL.iter().map(|fault| fault.code()));
    codes
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_fault_code_is_dashed_lower_case_and_used_once() {
        let mut codes = super::fault_codes();
        for code in &codes {
            assert!(code.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()), "{code}");
            assert!(code.contains('-'), "{code}");
        }
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
