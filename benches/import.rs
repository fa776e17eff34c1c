//! The import of a file by the built binary, from its start to its end, beside
//! a bare load of the same table into one table of SQLite in the same run.
//! Prints rows for `docs/performance.md`. Without arguments the file is made:
//! 239 935 rows on 18 771 points, as large as seven years of a city's crimes;
//! `--file PATH --boundary PATH` take a real one, `--rows N` changes the size.
//! PostgreSQL takes the same file where it is installed.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

#[path = "peers/mod.rs"]
#[expect(dead_code, reason = "the servers of tiles race elsewhere")]
mod peers;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: u32 = 239_935;
const POINTS: u32 = 18_771;
/// How often the memory of the binary is looked at.
const LOOK: Duration = Duration::from_millis(20);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let folder = tempfile::tempdir_in(".").unwrap();
    let rows = after("--rows").map_or(ROWS, |text| text.parse().unwrap());
    let file = after("--file")
        .map_or_else(|| made(folder.path(), rows), |path| fs::canonicalize(path).unwrap());
    let boundary = after("--boundary")
        .map_or_else(|| made_boundary(folder.path()), |path| fs::canonicalize(path).unwrap());
    let bare = bare(&file, folder.path());
    println!("| bare load of the table into SQLite | {bare:.2?} | |");
    let sqlite = format!("sqlite://{}", folder.path().join("bench.db").display());
    let mut urls = vec![("SQLite", sqlite)];
    let other = peers::PostGis::start();
    match &other {
        Some(running) => urls.push(("PostgreSQL", running.url())),
        None => println!("| import, PostgreSQL | PostgreSQL with PostGIS not installed | |"),
    }
    for (engine, url) in urls {
        let add = ["municipality", "add", "bench", "--name", "Bench", "--time-zone", "UTC"];
        let add = [&add[..], &["--boundary", boundary.to_str().unwrap()]].concat();
        run(folder.path(), &add, &url);
        let import = ["import", "incidents", file.to_str().unwrap(), "--municipality", "bench"];
        for what in ["import", "the same file again"] {
            let (told, took, peak) = run(folder.path(), &import, &url);
            let read = told["read"].as_f64().unwrap();
            println!(
                "| {what}, {engine}: {} read, {} stored, {} known | {:.2} s, {:.0} rows a second, \
                 {} MB at most, {:.1} times the bare load | 12 s, 300 MB |",
                told["read"],
                told["stored"],
                told["known"],
                took.as_secs_f64(),
                read / took.as_secs_f64(),
                peak / 1024,
                took.as_secs_f64() / bare.as_secs_f64()
            );
        }
    }
}

/// Runs the binary; gives what it told, how long it took and the most memory
/// that it held, in kB.
fn run(folder: &Path, arguments: &[&str], url: &str) -> (serde_json::Value, Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fyren"))
        .args(arguments)
        .args(["--database", url, "--json"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = memory(child.id()).unwrap_or(0).max(peak);
        std::thread::park_timeout(LOOK);
    }
    let took = start.elapsed();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    (serde_json::from_slice(&output.stdout).unwrap(), took, peak)
}

/// The most memory that a process has held so far, in kB.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// What anybody would do: read the table, bind each row, one transaction.
fn bare(file: &Path, folder: &Path) -> Duration {
    let bytes = fs::read(file).unwrap();
    let packed = bytes.starts_with(&[0x1f, 0x8b]);
    let start = Instant::now();
    let source: Box<dyn std::io::Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(&bytes[..]))
    } else {
        Box::new(&bytes[..])
    };
    let mut table = csv::Reader::from_reader(source);
    let columns = table.headers().unwrap().len();
    let mut data = rusqlite::Connection::open(folder.join("bare.db")).unwrap();
    data.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").unwrap();
    let names: Vec<String> = (0..columns).map(|at| format!("c{at} TEXT")).collect();
    data.execute_batch(&format!("CREATE TABLE bare ({})", names.join(", "))).unwrap();
    let transaction = data.transaction().unwrap();
    let marks = vec!["?"; columns].join(", ");
    let mut insert = transaction.prepare(&format!("INSERT INTO bare VALUES ({marks})")).unwrap();
    let mut row = csv::StringRecord::new();
    while table.read_record(&mut row).unwrap() {
        insert.execute(rusqlite::params_from_iter(row.iter())).unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    start.elapsed()
}

/// A table with the columns and the size of a city's open data.
fn made(folder: &Path, rows: u32) -> PathBuf {
    const WORDS: [&str; 5] = ["Assault", "Break and Enter", "Auto Theft", "Robbery", "Theft Over"];
    let path = folder.join("made.csv");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    writeln!(file, "id,occurred_at,category,premises,neighbourhood,lon,lat").unwrap();
    let mut line = String::new();
    for row in 0..rows {
        let dice = u64::from(row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let point = u32::try_from(dice >> 40).unwrap() % POINTS;
        let (east, north) = (f64::from(point % 140) / 400.0, f64::from(point / 140) / 600.0);
        let (year, day) = (2014 + row % 8, 1 + row % 28);
        line.clear();
        writeln!(
            line,
            "{row},{year}-{:02}-{day:02}T{:02}:00-05:00,{},Apartment,Made-up Village,{:.5},{:.5}",
            1 + row % 12,
            row % 24,
            WORDS[(row % 5) as usize],
            -79.6 + east,
            43.6 + north
        )
        .unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
    file.flush().unwrap();
    path
}

fn made_boundary(folder: &Path) -> PathBuf {
    let path = folder.join("boundary.geojson");
    let ring = "[[[-79.7,43.5],[-79.0,43.5],[-79.0,43.95],[-79.7,43.95],[-79.7,43.5]]]";
    fs::write(&path, format!(r#"{{"type":"Polygon","coordinates":{ring}}}"#)).unwrap();
    path
}
