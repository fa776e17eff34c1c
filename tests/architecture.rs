//! The walls between the rooms, kept by reading the sources: which room may
//! name which room and which crate, and what nobody may do. `ARCHITECTURE.md`
//! says why. Each rule is shown to fail on a planted violation.
#![expect(clippy::unwrap_used, reason = "a test may stop where its own files cannot be read")]

#[path = "architecture/planted.rs"]
mod planted;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/walls.rs"]
mod walls;

use std::fs;
use std::path::{Path, PathBuf};

/// Files that are longer than 400 lines, each with the reason why it reads
/// better whole. Best empty.
const LONG_FILES: &[(&str, &str)] = &[];

#[test]
fn every_room_keeps_to_its_walls() {
    let found: Vec<String> = rust_files(&["src", "core/src"])
        .iter()
        .flat_map(|(path, text)| walls::violations(path, text))
        .collect();
    assert!(found.is_empty(), "walls are broken:\n{}", found.join("\n"));
}

#[test]
fn every_rust_file_says_first_what_it_is_and_is_short_enough_to_read() {
    let mut found = Vec::new();
    for (path, text) in rust_files(&["src", "core", "tests", "benches", "examples"]) {
        found.extend(walls::first_line(&path, &text));
        if !LONG_FILES.iter().any(|(known, _)| *known == path) {
            found.extend(walls::length(&path, &text));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_rooms_of_the_table_are_the_rooms_of_the_house() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<String> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut table: Vec<&str> = walls::ROOMS.iter().map(|room| room.name).collect();
    table.sort_unstable();
    assert_eq!(folders, table);
}

/// Every Rust file under `folders` with its path from the root and its text.
fn rust_files(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut paths);
    }
    let files: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(!files.is_empty(), "no Rust file in {folders:?}");
    files
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}
