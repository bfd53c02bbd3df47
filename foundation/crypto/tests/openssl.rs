//! Everything an auditor may want to check by hand, checked by the installed `openssl` 3: digests, signatures,
//! chain links, and the way from the master key file to a clear value.
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use jh_crypto::keyring::Keyring;
use jh_crypto::signature::{DISTID, PublicKey};
use jh_crypto::{chain, sm3};

fn openssl(dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl 3 is installed: `apt install openssl`");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads its input");
    child.wait_with_output().expect("openssl ends")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The last word: `openssl sm3` prints `SM3(stdin)= 66c7…`.
fn digest_of(dir: &Path, arguments: &[&str], input: &[u8]) -> String {
    text(&openssl(dir, arguments, input)).rsplit(' ').next().unwrap_or_default().to_owned()
}

fn verify(dir: &Path) -> bool {
    let distid = format!("distid:{DISTID}");
    let arguments =
        ["pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-in", "message", "-sigfile", "sig", "-rawin"];
    let arguments = [&arguments[..], &["-digest", "sm3", "-pkeyopt", &distid]].concat();
    openssl(dir, &arguments, b"").status.success()
}

#[test]
fn openssl_verifies_our_signatures_and_refuses_tampered_ones() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keyring::ephemeral();
    fs::write(dir.path().join("pub.pem"), keys.public_key_pem()).unwrap();
    // Several rounds: r and s with a leading zero or a high bit are encoded differently.
    for round in 0..24 {
        let message = format!("root of day {round}: 南通");
        let signature = keys.sign(message.as_bytes());
        fs::write(dir.path().join("message"), &message).unwrap();
        fs::write(dir.path().join("sig"), &signature).unwrap();
        assert!(verify(dir.path()), "round {round}");
    }
    fs::write(dir.path().join("message"), "another").unwrap();
    assert!(!verify(dir.path()));
    let mut signature = keys.sign(b"another");
    fs::write(dir.path().join("sig"), &signature).unwrap();
    assert!(verify(dir.path()));
    let last = signature.len() - 1;
    signature[last] ^= 1;
    fs::write(dir.path().join("sig"), &signature).unwrap();
    assert!(!verify(dir.path()));
}

#[test]
fn we_verify_what_openssl_signs() {
    let dir = tempfile::tempdir().unwrap();
    text(&openssl(dir.path(), &["genpkey", "-algorithm", "SM2", "-out", "key.pem"], b""));
    let pem = text(&openssl(dir.path(), &["pkey", "-in", "key.pem", "-pubout"], b""));
    fs::write(dir.path().join("message"), "from a partner").unwrap();
    let distid = format!("distid:{DISTID}");
    let arguments =
        ["pkeyutl", "-sign", "-inkey", "key.pem", "-in", "message", "-out", "sig", "-rawin", "-digest", "sm3"];
    text(&openssl(dir.path(), &[&arguments[..], &["-pkeyopt", &distid]].concat(), b""));
    let signature = fs::read(dir.path().join("sig")).unwrap();
    let key = PublicKey::from_pem(&pem).unwrap();
    assert!(key.verify(b"from a partner", &signature).is_ok());
    assert!(key.verify(b"from somebody else", &signature).is_err());
}

#[test]
fn openssl_reads_the_signing_key_file() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keyring::open_or_create(&dir.path().join("keys")).unwrap();
    let pem = text(&openssl(dir.path(), &["pkey", "-in", "keys/signing.pem", "-pubout"], b""));
    assert_eq!(pem, keys.public_key_pem().trim());
}

#[test]
fn digests_and_macs_are_those_of_openssl() {
    let dir = tempfile::tempdir().unwrap();
    for length in [0, 1, 55, 56, 63, 64, 65, 1000, 100_000] {
        let bytes = vec![b'x'; length];
        assert_eq!(sm3::hex(&sm3::digest(&bytes)), digest_of(dir.path(), &["sm3"], &bytes), "{length} bytes");
        let key = vec![7; length.clamp(1, 100)];
        let option = format!("hexkey:{}", sm3::hex(&key));
        let mac = digest_of(dir.path(), &["dgst", "-sm3", "-mac", "HMAC", "-macopt", &option], &bytes);
        assert_eq!(sm3::hex(&sm3::hmac(&key, &bytes)), mac, "{length} bytes");
    }
}

#[test]
fn an_auditor_repeats_a_chain_link_with_openssl() {
    let dir = tempfile::tempdir().unwrap();
    let (previous, entry) = (sm3::digest(b"previous"), sm3::digest(b"entry"));
    let by_hand = [&[2][..], &previous, &entry].concat();
    assert_eq!(sm3::hex(&chain::link(&previous, &entry)), digest_of(dir.path(), &["sm3"], &by_hand));
}

/// README's way to read a value without this program, which a city must have if the program is ever gone.
#[test]
fn a_value_can_be_recovered_from_the_key_file_with_openssl_alone() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keyring::open_or_create(&dir.path().join("keys")).unwrap();
    let clear = "11010519491231002X 张三".as_bytes();
    let sealed = keys.seal("registry.person.id_number", clear);
    let file = fs::read_to_string(dir.path().join("keys/master.key")).unwrap();
    let master = file.lines().nth(1).and_then(|line| line.split(' ').next()).unwrap();
    let option = format!("hexkey:{master}");
    let info = b"jianghai seal v1\0registry.person.id_number\x01";
    let key = digest_of(dir.path(), &["dgst", "-sm3", "-mac", "HMAC", "-macopt", &option], info);
    let counter = format!("{}00000002", sm3::hex(&sealed[1..13]));
    let arguments = ["enc", "-d", "-sm4-ctr", "-K", &key[..32], "-iv", &counter];
    let opened = openssl(dir.path(), &arguments, &sealed[13..sealed.len() - 16]);
    assert_eq!(opened.stdout, clear);
}
