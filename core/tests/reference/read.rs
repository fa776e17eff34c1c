//! Reading the reference files of `tests/data/analytics`.

use serde_json::Value;
use std::path::Path;
use std::str::FromStr;

/// The text of a reference file, such as `input/meta.json`.
pub fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/analytics");
    let path = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A JSON reference file.
pub fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// A CSV reference file.
pub struct Table {
    headers: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

/// Reads a CSV reference file whose first line names the columns.
pub fn table(name: &str) -> Table {
    let text = text(name);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    Table { headers, rows: reader.records().map(Result::unwrap).collect() }
}

impl Table {
    /// A column by its name, in the order of the rows.
    pub fn column<T: FromStr>(&self, name: &str) -> Vec<T> {
        let read = |(line, value): (usize, Option<T>)| {
            value.unwrap_or_else(|| panic!("{name} of row {line} cannot be read"))
        };
        self.optional(name).into_iter().enumerate().map(read).collect()
    }

    /// A column in which some fields are empty.
    pub fn optional<T: FromStr>(&self, name: &str) -> Vec<Option<T>> {
        let at = self.headers.iter().position(|header| header == name);
        let at = at.unwrap_or_else(|| panic!("no column {name}"));
        self.rows.iter().map(|row| row[at].parse().ok()).collect()
    }
}

/// Asserts that two numbers agree to `tolerance` of the larger of the expected
/// one and 1.
pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off < tolerance, "{what}: {found}, expected {expected}");
}
