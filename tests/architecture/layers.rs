//! Imports run one way: core, crypto <- db <- web <- engines <- apps <- jianghai; engines form the drawn graph.
use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::source::root;

/// The engine graph as ARCHITECTURE.md draws it; the two are compared by `the_drawn_engine_graph_is_the_real_one`.
const ENGINE_GRAPH: [(&str, &[&str]); 6] = [
    ("linkage", &[]),
    ("identity", &[]),
    ("catalogue", &["identity"]),
    ("registry", &["catalogue", "identity"]),
    ("exchange", &["catalogue", "identity"]),
    ("casework", &["identity"]),
];

struct Package {
    layer: String,
    ours: BTreeSet<String>,
    foreign: BTreeSet<String>,
}

fn packages() -> BTreeMap<String, Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--offline".into(), "--locked".into()])
        .no_deps()
        .exec()
        .expect("cargo metadata");
    let names: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let mut packages = BTreeMap::new();
    for package in &metadata.packages {
        let folder =
            package.manifest_path.parent().expect("a folder").strip_prefix(root()).expect("inside").to_string();
        let layer = folder.split('/').next().unwrap_or("").to_owned();
        let normal =
            package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal && d.name != *package.name);
        let (ours, foreign) = normal.map(|d| d.name.clone()).partition(|name| names.contains(name));
        packages.insert(package.name.to_string(), Package { layer, ours, foreign });
    }
    packages
}

fn rank(layer: &str, name: &str) -> u8 {
    match (layer, name) {
        ("foundation", "jh-core" | "jh-crypto") => 0,
        ("foundation", "jh-db") => 1,
        ("foundation", "jh-web") => 2,
        ("engines", _) => 3,
        ("apps", _) => 4,
        ("jianghai", _) => 5,
        ("tests", _) => 6,
        _ => panic!("{layer}/{name} lies in no known layer; rooms live in foundation, engines or apps"),
    }
}

#[test]
fn imports_run_one_way() {
    let packages = packages();
    for (name, package) in &packages {
        let own = rank(&package.layer, name);
        for other in &package.ours {
            let theirs = rank(&packages[other].layer, other);
            let engines = own == 3 && theirs == 3;
            let ground = name == "jh-crypto" && other == "jh-core";
            assert!(
                theirs < own || engines || ground,
                "{name} depends on {other}, which stands beside or above it. Imports run one way so that a room can be \
                 understood without those above it. If {name} needs behaviour of {other}, define a trait in {name}, \
                 implement it in {other} and register it in `jianghai`."
            );
        }
    }
}

#[test]
fn nothing_but_the_binary_knows_an_app() {
    let packages = packages();
    for (name, package) in packages.iter().filter(|(name, _)| *name != "jianghai" && *name != "jh-tests") {
        let apps: Vec<_> = package.ours.iter().filter(|other| packages[*other].layer == "apps").collect();
        assert!(
            apps.is_empty(),
            "{name} depends on the app {apps:?}. Apps meet only in engine records and in outbox events, so that a city \
             can leave any of them out. Move what is shared into an engine."
        );
    }
}

#[test]
fn the_engine_graph_is_the_declared_one_and_at_most_three_deep() {
    let packages = packages();
    let declared: BTreeMap<&str, BTreeSet<String>> =
        ENGINE_GRAPH.iter().map(|(name, below)| (*name, below.iter().map(ToString::to_string).collect())).collect();
    for (name, package) in packages.iter().filter(|(_, package)| package.layer == "engines") {
        let below: BTreeSet<String> =
            package.ours.iter().filter(|other| packages[*other].layer == "engines").cloned().collect();
        let drawn =
            declared.get(name.as_str()).unwrap_or_else(|| panic!("the engine {name} is not in the drawn graph"));
        assert!(
            below.is_subset(drawn),
            "{name} depends on {below:?} but the graph allows {drawn:?}. Draw the new edge in ARCHITECTURE.md and here, \
             with a decision in docs/decisions/, or go through a trait."
        );
    }
    fn depth(name: &str, graph: &BTreeMap<&str, BTreeSet<String>>) -> usize {
        1 + graph[name].iter().map(|below| depth(below, graph)).max().unwrap_or(0)
    }
    for name in declared.keys() {
        assert!(
            depth(name, &declared) <= 3,
            "{name} stands more than three engines high; something below it is missing"
        );
    }
}

#[test]
fn the_drawn_engine_graph_is_the_real_one() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for (name, below) in ENGINE_GRAPH.iter().filter(|(_, below)| !below.is_empty()) {
        let line = format!("{name} -> {}", below.join(", "));
        assert!(text.contains(&line), "ARCHITECTURE.md does not draw `{line}`; the picture and the test go together");
    }
}

#[test]
fn core_and_db_know_no_web() {
    let packages = packages();
    for name in ["jh-core", "jh-crypto", "jh-db"] {
        for web in ["axum", "askama", "tower-http", "hyper"] {
            assert!(
                !packages[name].foreign.contains(web),
                "{name} depends on {web}. Rules and rows must be usable by a job or a test without any page."
            );
        }
    }
}

#[test]
fn what_we_ship_is_under_a_permissive_licence() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(
            ["--offline", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"].map(str::to_owned).to_vec(),
        )
        .exec()
        .expect("cargo metadata");
    let permissive = [
        "MIT",
        "Apache-2.0",
        "BSD",
        "ISC",
        "Zlib",
        "Unicode",
        "CC0-1.0",
        "Unlicense",
        "0BSD",
        "BSL-1.0",
        "CDLA-Permissive-2.0",
    ];
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let licence = package.license.clone().unwrap_or_default();
        let file = package.license_file.is_some();
        assert!(
            permissive.iter().any(|name| licence.contains(name)) || (licence.is_empty() && file),
            "{} {} is under `{licence}`: nothing copyleft goes into what a city installs",
            package.name,
            package.version
        );
    }
}
