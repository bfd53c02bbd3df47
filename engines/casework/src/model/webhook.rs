//! What is told to strangers and how: the signature that any language can check, the pauses between tries, and which addresses the
//! city's server may be made to call. It must not know how anything is sent.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jh_core::define_id;
use sha2::Sha256;
use time::Duration;

define_id!(
    /// Somebody who is told.
    WebhookId
);
define_id!(
    /// One thing told to one of them.
    DeliveryId
);

/// After this long without a single success a webhook is switched off; and what has been tried this long is given up.
pub const PATIENCE: Duration = Duration::days(1);
/// The first pause.
const PAUSE_MIN: Duration = Duration::seconds(10);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::hours(2);

/// The pause after so many failed tries: 10 s, 20 s, 40 s and so on, at most two hours.
pub fn pause(attempts: i16) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    (PAUSE_MIN * 2_i32.saturating_pow(doublings)).min(PAUSE_MAX)
}

/// `sha256=` and HMAC-SHA256 (RFC 2104) of `TIMESTAMP.BODY` in hexadecimal. With the instant in it, what somebody recorded cannot be
/// sent again later. SHA-256 and not SM3: whoever is told may be anybody, in any language.
pub fn signature(secret: &[u8], timestamp: i64, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("sha256={}", jh_crypto::sm3::hex(&mac.finalize().into_bytes()))
}

/// Whether an address is one of the open Internet. Everything else is somebody's inside: this machine, the city's network, a cloud's
/// own services (169.254.169.254).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(special || shared || protocol || benchmark || a == 0 || a >= 240)
}

/// The address of version 4 within one of version 6: mapped, compatible, translated (RFC 6052) or 6to4.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = v6.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0] if high != 0 => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    // 2000::/3 is what has been given out; of it 2001::/23 is special, and 2001:db8::/32 and 3fff::/20 are for documents.
    let given_out = (0x2000..0x4000).contains(&a);
    given_out && !(a == 0x2001 && (b < 0x200 || b == 0xdb8)) && !(a == 0x3fff && b < 0x1000)
}

/// A network as its operator writes it down, `10.20.0.0/16`, with the bits of the host taken off; an address alone is a network of one.
pub fn network(text: &str) -> Option<String> {
    let (address, bits) = match text.trim().split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u32>().ok()?)),
        None => (text.trim().parse::<IpAddr>().ok()?, None),
    };
    match address {
        IpAddr::V4(v4) => {
            let bits = bits.unwrap_or(32);
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0);
            Some(format!("{}/{bits}", Ipv4Addr::from_bits(v4.to_bits() & mask)))
        }
        IpAddr::V6(v6) => {
            let bits = bits.unwrap_or(128);
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(bits)?).unwrap_or(0);
            Some(format!("{}/{bits}", Ipv6Addr::from_bits(v6.to_bits() & mask)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_as_the_database_wants_it() {
        assert_eq!(network("10.20.30.40/16").as_deref(), Some("10.20.0.0/16"));
        assert_eq!(network(" 127.0.0.1 ").as_deref(), Some("127.0.0.1/32"));
        assert_eq!(network("0.0.0.0/0").as_deref(), Some("0.0.0.0/0"));
        assert_eq!(network("fd00:1::7/32").as_deref(), Some("fd00:1::/32"));
        assert_eq!(["10.0.0.0/33", "fd00::/129", "ten", "10.0.0.0/x", ""].map(network), [const { None }; 5]);
    }

    #[test]
    fn a_signature_is_what_openssl_computes() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'secret'
        let expected = "sha256=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
        let signed = signature(b"secret", 1_700_000_000, b"{\"a\":1}");
        assert_eq!(signed, expected);
        assert_ne!(signed, signature(b"secret", 1_700_000_001, b"{\"a\":1}"), "another instant");
        assert_ne!(signed, signature(b"secret2", 1_700_000_000, b"{\"a\":1}"), "another secret");
    }

    #[test]
    fn pauses_grow_to_two_hours_and_no_further() {
        assert_eq!([1, 2, 3, 30].map(|n| pause(n).whole_seconds()), [10, 20, 40, 7_200]);
        assert_eq!(pause(-3).whole_seconds(), 10);
    }

    #[test]
    fn only_the_open_internet_is_called() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "203.0.113.5",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for open in ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1"] {
            assert!(is_public(open.parse().expect("an address")), "{open}");
        }
    }
}
