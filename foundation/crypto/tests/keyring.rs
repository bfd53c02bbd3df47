//! The keyring on disk: made once, read again, and refused rather than replaced when something is wrong with it.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jh_crypto::CryptoError;
use jh_crypto::keyring::{Keyring, same};
use jh_crypto::signature::PublicKey;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it exists").permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// A directory that is not there yet, inside one that goes away with the test.
fn place() -> (tempfile::TempDir, std::path::PathBuf) {
    let root = tempfile::tempdir().expect("a temporary directory");
    let dir = root.path().join("var/keys");
    (root, dir)
}

#[test]
fn a_keyring_opened_again_reads_what_it_sealed_and_blinds_the_same() {
    let (_root, dir) = place();
    let first = Keyring::open_or_create(&dir).unwrap();
    let sealed = first.seal("registry.person.id_number", b"11010519491231002X");
    let blind = first.blind("person", "11010519491231002X");
    let (mac, pem) = (first.token_mac("csrf", b"session"), first.public_key_pem());
    drop(first);
    let again = Keyring::open_or_create(&dir).unwrap();
    assert_eq!(again.open("registry.person.id_number", &sealed).unwrap(), b"11010519491231002X");
    assert_eq!(again.blind("person", "11010519491231002X"), blind);
    assert_eq!((again.token_mac("csrf", b"session"), again.public_key_pem()), (mac, pem));
}

#[test]
fn only_the_owner_may_read_the_files() {
    let (_root, dir) = place();
    Keyring::open_or_create(&dir).unwrap();
    assert_eq!(mode(&dir), 0o700);
    let mut names: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["lock", "master.key", "signing.pem"]);
    assert!(names.iter().all(|name| mode(&dir.join(name)) == 0o600));
}

#[test]
fn files_that_others_may_read_are_refused_with_the_command_that_mends_it() {
    let (_root, dir) = place();
    Keyring::open_or_create(&dir).unwrap();
    for (name, open, closed) in [("master.key", 0o640, 0o600), ("signing.pem", 0o604, 0o600), ("", 0o755, 0o700)] {
        let path = dir.join(name);
        set_mode(&path, open);
        let error = Keyring::open_or_create(&dir).unwrap_err();
        assert!(matches!(error, CryptoError::TooOpen { .. }), "{error}");
        assert!(error.to_string().contains(&format!("chmod {closed:o}")), "{error}");
        set_mode(&path, closed);
    }
    assert!(Keyring::open_or_create(&dir).is_ok());
}

#[test]
fn a_damaged_file_is_named_and_left_as_it_is() {
    for name in ["master.key", "signing.pem"] {
        let (_root, dir) = place();
        Keyring::open_or_create(&dir).unwrap();
        let path = dir.join(name);
        let whole = fs::read(&path).unwrap();
        let middle = whole.len() / 2;
        let mut turned = whole.clone();
        turned[middle] = if turned[middle] == b'0' { b'1' } else { b'0' };
        for damaged in [&whole[..middle], b"", &turned, &[0xff; 300]] {
            fs::write(&path, damaged).unwrap();
            let error = Keyring::open_or_create(&dir).unwrap_err();
            assert!(matches!(&error, CryptoError::Damaged { path: named, .. } if *named == path), "{error}");
            assert_eq!(fs::read(&path).unwrap(), damaged);
        }
        fs::write(&path, &whole).unwrap();
        assert!(Keyring::open_or_create(&dir).is_ok());
    }
}

#[test]
fn a_missing_file_beside_its_sibling_is_not_made_anew() {
    for name in ["master.key", "signing.pem"] {
        let (_root, dir) = place();
        Keyring::open_or_create(&dir).unwrap();
        fs::remove_file(dir.join(name)).unwrap();
        let error = Keyring::open_or_create(&dir).unwrap_err();
        assert!(matches!(&error, CryptoError::Incomplete { path } if path.ends_with(name)), "{error}");
        assert!(!dir.join(name).exists());
    }
}

#[test]
fn keys_whose_making_was_cut_short_are_made_anew() {
    let (_root, dir) = place();
    let before = Keyring::open_or_create(&dir).unwrap().public_key_pem();
    // As a crash leaves it between the first file and the last.
    fs::write(dir.join("unfinished"), "").unwrap();
    fs::remove_file(dir.join("signing.pem")).unwrap();
    fs::write(dir.join("signing.pem.new"), "half").unwrap();
    let after = Keyring::open_or_create(&dir).unwrap().public_key_pem();
    assert_ne!(before, after);
    assert!(!dir.join("unfinished").exists());
    assert_eq!(Keyring::open_or_create(&dir).unwrap().public_key_pem(), after);
}

#[test]
fn processes_that_start_at_once_get_the_same_keys() {
    let (_root, dir) = place();
    let open = || Keyring::open_or_create(&dir).map(|keys| keys.public_key_pem());
    let pems: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    assert!(pems.iter().all(|pem| *pem == pems[0]));
}

#[test]
fn keys_of_different_names_and_uses_never_meet() {
    let keys = Keyring::ephemeral();
    assert_ne!(keys.blind("person", "x"), keys.blind("organisation", "x"));
    assert_ne!(keys.blind("person", "x")[..], keys.token_mac("person", b"x")[..16]);
    assert_ne!(keys.token_mac("csrf", b"x"), keys.token_mac("link", b"x"));
    assert_ne!(Keyring::ephemeral().blind("person", "x"), keys.blind("person", "x"));
    let sealed = keys.seal("a", b"clear");
    assert!(matches!(keys.open("b", &sealed), Err(CryptoError::SealBroken)));
    assert!(matches!(Keyring::ephemeral().open("a", &sealed), Err(CryptoError::SealBroken)));
}

#[test]
fn the_prepared_forms_do_what_the_plain_ones_do() {
    let keys = Keyring::ephemeral();
    let sealer = keys.sealer("registry.person.phone");
    assert_eq!(keys.open("registry.person.phone", &sealer.seal(b"13812345678")).unwrap(), b"13812345678");
    assert_eq!(sealer.open(&keys.seal("registry.person.phone", b"13812345678")).unwrap(), b"13812345678");
    assert_eq!(keys.blinder("phone").blind(b"13812345678"), keys.blind("phone", "13812345678"));
}

#[test]
fn a_signature_holds_for_its_message_and_key_alone() {
    let keys = Keyring::ephemeral();
    let key = PublicKey::from_pem(&keys.public_key_pem()).unwrap();
    for round in 0..50_u32 {
        let message = round.to_be_bytes();
        let signature = keys.sign(&message);
        assert!(key.verify(&message, &signature).is_ok());
        assert!(matches!(key.verify(b"another", &signature), Err(CryptoError::SignatureInvalid)));
        assert!(matches!(key.verify(&message, &signature[1..]), Err(CryptoError::SignatureInvalid)));
    }
    let other = PublicKey::from_pem(&Keyring::ephemeral().public_key_pem()).unwrap();
    assert!(other.verify(b"m", &keys.sign(b"m")).is_err());
    assert!(matches!(PublicKey::from_pem("no key"), Err(CryptoError::PublicKeyMalformed)));
}

#[test]
fn debug_output_shows_no_key() {
    assert_eq!(format!("{:?}", Keyring::ephemeral()), "Keyring");
}

#[test]
fn codes_are_the_same_only_if_every_byte_is() {
    assert!(same(b"abc", b"abc") && same(b"", b""));
    assert!(!same(b"abc", b"abd") && !same(b"abc", b"ab"));
}
