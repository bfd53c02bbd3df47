//! Makes sure that the folder of built assets exists, so that Rust compiles before Node has run.
//! Without built assets the pages still work, unstyled; `make` always builds them first.
use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../islands/dist");
    if !folder.exists() && std::fs::create_dir_all(&folder).is_err() {
        println!("cargo::warning=cannot create {}", folder.display());
    }
    println!("cargo::rerun-if-changed={}", folder.display());
}
