//! Files and functions that a person can hold in mind, and a word on what each is for.
use super::source::{read, rooms, root, rust_files, shown};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

fn every_file() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = rooms().iter().flat_map(|room| rust_files(&room.folder)).collect();
    files.extend(rust_files(&root().join("tests")));
    files
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let mut long = Vec::new();
    for path in every_file() {
        let lines = std::fs::read_to_string(&path).expect("a source file").lines().count();
        if lines > FILE_LINES_MAX {
            long.push(format!("  {} has {lines} lines", shown(&path)));
        }
    }
    assert!(
        long.is_empty(),
        "A file over {FILE_LINES_MAX} lines holds more than one thing and cannot be read in one go. \
         Split it by what it does, into modules with a name of their own:\n{}",
        long.join("\n")
    );
}

#[test]
fn no_function_is_longer_than_seventy_lines() {
    let mut long = Vec::new();
    for path in every_file() {
        for function in read(&path).functions {
            if function.lines > FUNCTION_LINES_MAX {
                long.push(format!(
                    "  {}:{} {} has {} lines",
                    shown(&path),
                    function.line,
                    function.name,
                    function.lines
                ));
            }
        }
    }
    assert!(
        long.is_empty(),
        "A function over {FUNCTION_LINES_MAX} lines does more than its name says. \
         Take out the steps that have a name:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = every_file()
        .into_iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("a source file");
            !text.lines().any(|line| line.starts_with("//!"))
        })
        .map(|path| format!("  {}", shown(&path)))
        .collect();
    assert!(
        silent.is_empty(),
        "Every module begins with `//!`: what it is, why, and what it must not know. These say nothing:\n{}",
        silent.join("\n")
    );
}

#[test]
fn every_room_has_a_readme() {
    for room in rooms().iter().filter(|room| room.layer != "jianghai") {
        let readme = room.folder.join("README.md");
        assert!(
            readme.exists(),
            "{} has no README.md. Say what the room is, its tables with their distribution column, its events, \
             permissions and standards, and what it must not know.",
            shown(&room.folder)
        );
    }
}

#[test]
fn no_file_is_named_after_nothing() {
    for path in every_file() {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(
            !["utils", "util", "common", "helper", "helpers", "manager", "misc"].contains(&name.as_str()),
            "{} is named after nothing: whatever fits nowhere gathers there. Name it after what it does.",
            shown(&path)
        );
    }
}
