//! How long the checks of one row take: `cargo run --release -p jh-core --example core_timing`.
use std::hint::black_box;
use std::time::Instant;

use jh_core::code::citizen_id::CitizenId;
use jh_core::code::date;
use jh_core::code::division::DivisionTable;
use jh_core::code::phone::Phone;
use jh_core::code::uscc::Uscc;

const ROUNDS: u32 = 2_000_000;

/// The best of ten batches: what else the machine does then hardly counts.
fn measure<T>(name: &str, mut work: impl FnMut() -> T) {
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let start = Instant::now();
        for _ in 0..ROUNDS / 10 {
            black_box(work());
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS / 10));
    }
    println!("{name}: {best:.0} ns");
}

fn main() {
    let start = Instant::now();
    let table = DivisionTable::get();
    println!("division table, first use: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    measure("citizen id, 18 characters", || CitizenId::parse(black_box("11010519491231002X")));
    measure("citizen id, 15 characters", || CitizenId::parse(black_box("110105491231002")));
    measure("uscc", || Uscc::parse(black_box("9144030071526726XG")));
    measure("mobile number", || Phone::parse(black_box("13812345678")));
    measure("landline number", || Phone::parse(black_box("0513-85512345")));
    measure("date", || date::parse(black_box("2015-03-01")));
    measure("division ever valid", || table.ever_valid(black_box("320602")));
    measure("division name", || table.name_of(black_box("320602")));
}
