//! How long sealing, blinding and signing take: `cargo run --release -p jh-crypto --example crypto_timing`.
use std::hint::black_box;
use std::time::Instant;

use jh_crypto::keyring::Keyring;
use jh_crypto::{chain, signature::PublicKey, sm3};

/// The best of ten batches: what else the machine does then hardly counts.
fn measure<T>(name: &str, rounds: u32, mut work: impl FnMut() -> T) {
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let start = Instant::now();
        for _ in 0..rounds / 10 {
            black_box(work());
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds / 10));
    }
    println!("{name}: {best:.2} µs");
}

fn main() -> Result<(), jh_crypto::CryptoError> {
    let keys = Keyring::ephemeral();
    let sealer = keys.sealer("registry.person.id_number");
    let blinder = keys.blinder("registry.person.id_number");
    let number = b"11010519491231002X";
    let mut out = Vec::with_capacity(64);
    measure("seal 18 bytes, prepared", 1_000_000, || {
        out.clear();
        sealer.seal_into(black_box(number), &mut out);
    });
    let sealed = sealer.seal(number);
    measure("open 18 bytes, prepared", 1_000_000, || sealer.open(black_box(&sealed)));
    measure("seal 18 bytes, unprepared", 100_000, || keys.seal("registry.person.id_number", black_box(number)));
    measure("blind 18 bytes, prepared", 1_000_000, || blinder.blind(black_box(number)));
    measure("chain link", 1_000_000, || chain::link(black_box(&[1; 32]), black_box(&[2; 32])));
    let megabyte = vec![7; 1 << 20];
    measure("SM3 of 1 MiB", 100, || sm3::digest(black_box(&megabyte)));
    let large = vec![7; 64 << 10];
    measure("seal 64 KiB, prepared", 500, || sealer.seal(black_box(&large)));
    measure("sign", 2_000, || keys.sign(black_box(number)));
    let public_key = PublicKey::from_pem(&keys.public_key_pem())?;
    let signature = keys.sign(number);
    measure("verify", 2_000, || public_key.verify(black_box(number), black_box(&signature)));
    Ok(())
}
