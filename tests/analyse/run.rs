//! Runs the binary, and reads what it compares with.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs `fyren analyse` from the root of the repository.
pub fn analyse(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fyren"))
        .arg("analyse")
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("FYREN_DATABASE")
        .output()
        .unwrap()
}

/// What it writes, as text.
pub fn text(args: &[&str]) -> String {
    let output = analyse(args);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it writes, as JSON.
pub fn answer(args: &[&str]) -> Value {
    serde_json::from_str(&text(args)).unwrap()
}

/// The rows that it writes.
pub fn rows(args: &[&str]) -> Vec<Value> {
    answer(args)["rows"].as_array().unwrap().clone()
}

/// The number in a field.
pub fn number(row: &Value, field: &str) -> f64 {
    row[field].as_f64().unwrap_or_else(|| panic!("{field} of {row}"))
}

/// A reference file.
pub fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/analytics").join(name)
}

/// A reference file as an argument.
pub fn path(name: &str) -> String {
    reference(name).to_str().unwrap().to_owned()
}

/// The rows of a reference table.
pub fn table(name: &str) -> Vec<csv::StringRecord> {
    let reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(reference(name));
    reader.unwrap().records().map(Result::unwrap).collect()
}

/// A reference document.
pub fn document(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(reference(name)).unwrap()).unwrap()
}

/// A file in `folder` with these lines; its path as an argument.
pub fn written(folder: &tempfile::TempDir, name: &str, lines: &[String]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    path.to_str().unwrap().to_owned()
}

/// Fails unless two numbers are equal to a share of 1 or of their size.
pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off <= tolerance, "{what}: {found}, expected {expected}");
}

/// The places of the grid cells of a reference table whose first two columns
/// are row and column.
pub fn centre(row: &csv::StringRecord) -> (f64, f64) {
    let index = |at: usize| row[at].parse::<f64>().unwrap();
    (277_000.0 + (index(1) + 0.5) * 250.0, 6_470_000.0 + (index(0) + 0.5) * 250.0)
}
