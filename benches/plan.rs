//! A patrol plan end to end for Sotenäs: the shipped binary opens the store,
//! loads the index and the imported roads, finds hot spots, plans two evening
//! shifts, and says why. Prints rows for `docs/performance.md`. The rounds by
//! themselves, beside another solver, stand in `core/benches/patrol.rs`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

#[expect(dead_code, reason = "the suite of the interface uses the rest")]
#[path = "../tests/api/ground_files.rs"]
mod ground_files;

use ground_files::{Row, geopackage, line};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Corners of the synthetic roads, in degrees: west, south, east, north.
const BOX: [f64; 4] = [11.10, 58.28, 11.50, 58.52];
/// Crossings from west to east, and from south to north: some 200 m apart.
const CROSSINGS: [u32; 2] = [116, 134];
/// Runs of each plan; the slowest counts.
const RUNS: usize = 3;

const COLUMNS: [&str; 8] = [
    "Klass_181",
    "Vagha_6",
    "Vagha_7",
    "Namn_130",
    "F_Hogst_225",
    "B_Hogst_225",
    "Vagtr_474",
    "Vagnr_10370",
];

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fyren(folder.path(), &["municipality", "add", "1427"]);
    fyren(folder.path(), &["simulate", "--municipality", "1427", "--per-year", "300"]);
    let (took, places) = slowest(folder.path());
    row(&format!("a plan for Sotenäs, {places} places, straight lines"), took);
    roads(&folder.path().join("roads.gpkg"));
    fyren(folder.path(), &["basemap", "import", "roads.gpkg", "--municipality", "1427"]);
    let (took, places) = slowest(folder.path());
    let crossings = CROSSINGS[0] * CROSSINGS[1];
    row(&format!("a plan for Sotenäs, {places} places, roads of {crossings} crossings"), took);
}

fn row(what: &str, took: Duration) {
    let seconds = took.as_secs_f64();
    println!("| {what}, 2 shifts, process and index cold | {seconds:.2} s | 2 s |");
}

/// The longest that one of some plans takes, and how many places it looks at.
fn slowest(folder: &Path) -> (Duration, u64) {
    let mut slowest = (Duration::ZERO, 0);
    for seed in 0..RUNS {
        let (seed, begun) = (seed.to_string(), Instant::now());
        let shifts = ["A=2027-02-01T14:00/2027-02-01T22:00", "B=2027-02-01T16:00/2027-02-01T23:00"];
        let asked = ["plan", "--municipality", "1427", "--json", "--seed", &seed];
        let told =
            fyren(folder, &[&asked[..], &["--shift", shifts[0], "--shift", shifts[1]]].concat());
        let took = begun.elapsed();
        let plan: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(plan["unmet"], serde_json::json!([]), "every district has its visit");
        slowest = slowest.max((took, plan["n"].as_u64().unwrap()));
    }
    slowest
}

/// Synthetic: streets in a lattice over land and water, every one of them driven
/// both ways.
fn roads(path: &Path) {
    let [west, south, east, north] = BOX;
    let at = |column: u32, row: u32| {
        let part = |number: u32, of: u32| f64::from(number) / f64::from(of - 1);
        let longitude = west + (east - west) * part(column, CROSSINGS[0]);
        (longitude, south + (north - south) * part(row, CROSSINGS[1]))
    };
    let street = |points: Vec<(f64, f64)>| -> Row {
        (vec!["5", "2", "Sotenäs kn", "", "50", "50", "1", ""], line(&points))
    };
    let along = (0..CROSSINGS[1]).map(|row| (0..CROSSINGS[0]).map(|c| at(c, row)).collect());
    let across = (0..CROSSINGS[0]).map(|column| (0..CROSSINGS[1]).map(|r| at(column, r)).collect());
    let rows: Vec<Row> = along.chain(across).map(street).collect();
    geopackage(path, "NVDB_DKHomogen", &COLUMNS, &rows);
}

/// Runs the shipped binary; gives what it writes to standard output.
fn fyren(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fyren"));
    command.args(arguments).args(["--database", "sqlite://plan.db"]).current_dir(folder);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}
