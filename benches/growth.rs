//! How everything grows from ten thousand to ten million events: the import by
//! the built binary, the index, its memory, the events of a box as `GeoJSON`,
//! and tiles. Prints rows for `docs/performance.md` and draws them in
//! `docs/images/growth.svg`. Everything is synthetic. The import stops at
//! 1 000 000 rows, and goes on to ten million with `FYREN_BENCH_WHOLE=1`,
//! which takes minutes more.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

#[path = "../tests/layers/given.rs"]
mod given;
mod plot;

use fyren::app::layers::{Admission, StaffSource, admit, parse_tile_query};
use fyren::encode::{Crs, Encoder as _, Feature, FeatureId, GeoJson, Shape};
use fyren::spatial::{Bounds, Filter, Loader, Snapshot};
use fyren_core::domain::{
    EventKind, EventRow, Flags, Id, Layer, Position, Role, Seq, SourceClass, SourceTag, TimeMasks,
    TimePrecision,
};
use fyren_core::plane::{Projection, Tile};
use given::ground;
use jiff::{Timestamp, ToSpan as _};
use plot::{Curve, svg};
use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SIZES: [u32; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const IMPORTED: u32 = 1_000_000;
const ROUNDS: usize = 5;
/// Events that the box of every size holds, about.
const BOXED: f64 = 1_000.0;
/// The ground of the events in degrees.
const GROUND: [f64; 4] = [11.05, 58.32, 0.40, 0.16];

/// What was measured of one size.
struct Measured {
    events: u32,
    import: Option<Duration>,
    index: Duration,
    bytes: f64,
    boxed: Duration,
    far: Duration,
    near: Duration,
}

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let whole = std::env::var_os("FYREN_BENCH_WHOLE").is_some();
    let most = if whole { u32::MAX } else { IMPORTED };
    let all = SIZES.map(|events| {
        let import = (events <= most).then(|| import(events));
        measured(events, import)
    });
    all.iter().for_each(told);
    draw(&all);
}

/// The R2 sequence (Roberts, 2018) fills the ground evenly, at every size.
fn place(number: u32) -> Position {
    let part = |step: f64| (f64::from(number) * step).fract();
    let [west, south, width, height] = GROUND;
    Position {
        longitude: part(0.754_877_666_246_692_8).mul_add(width, west),
        latitude: part(0.569_840_290_998_053_3).mul_add(height, south),
    }
}

fn row<'a>(number: u32, projection: &Projection, start: Timestamp, word: &'a str) -> EventRow<'a> {
    let at = place(number);
    EventRow {
        id: Id::from_bits(u128::from(number) + 1),
        seq: Seq(1),
        kind: EventKind::Incident,
        anchor: Some((at, projection.forward(at))),
        precision_m: 25.0,
        start: Some(start + i64::from(number % 400_000).minutes()),
        end: None,
        time_precision: TimePrecision::Minute,
        masks: TimeMasks::default(),
        received_hour: start,
        category: word,
        source_class: SourceClass::Police,
        source_tag: SourceTag::from_bits(0),
        district: "all",
        flags: Flags::default(),
        weight: 0,
        status: "",
    }
}

/// The best of a few rounds.
fn best<T>(mut act: impl FnMut() -> T) -> Duration {
    let mut timed = || {
        let began = Instant::now();
        black_box(act());
        began.elapsed()
    };
    (0..ROUNDS).map(|_| timed()).min().unwrap()
}

fn measured(events: u32, import: Option<Duration>) -> Measured {
    let ground = ground("1427");
    let projection = ground.geofence.projection();
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let words: Vec<String> = (0..20).map(|n| format!("synthetic {n}")).collect();
    let mut loader = Loader::with_capacity(events as usize);
    // Rows as they come from the store, without the time to make them up.
    let mut index = Duration::ZERO;
    for first in (0..events).step_by(10_000) {
        let rows: Vec<EventRow<'_>> = (first..(first + 10_000).min(events))
            .map(|number| row(number, projection, start, &words[number as usize % words.len()]))
            .collect();
        let began = Instant::now();
        for row in &rows {
            loader.push(row);
        }
        index += began.elapsed();
    }
    let began = Instant::now();
    let snapshot = loader.finish(projection.clone(), Seq(i64::from(events))).snapshot();
    index += began.elapsed();
    let bytes = snapshot.footprint().total() as f64 / f64::from(events);
    let boxed = best(|| boxed(&snapshot, events));
    let source = source(&snapshot);
    let tile = |z: u8| Tile::at(z, Position { longitude: 11.25, latitude: 58.40 });
    let far = best(|| source.events_tile(tile(8)));
    let near = best(|| source.events_tile(tile(14)));
    Measured { events, import, index, bytes, boxed, far, near }
}

fn source(snapshot: &Arc<Snapshot>) -> StaffSource {
    let ground = ground("1427");
    let roles = [Role::PolicePlanner];
    let Admission::Staff(access) = admit(Layer::Incidents, Some(&roles)).ok().unwrap() else {
        unreachable!("incidents are for staff")
    };
    let query = parse_tile_query(Layer::Incidents, &[], &ground.zone).ok().unwrap();
    let today = "2026-11-22".parse().unwrap();
    StaffSource::new(access, (ground, query, today), Arc::clone(snapshot), None)
}

/// About a thousand events of a box, found and written.
fn boxed(snapshot: &Arc<Snapshot>, events: u32) -> Vec<u8> {
    let [west, south, width, height] = GROUND;
    let part = (BOXED / f64::from(events)).sqrt();
    let corner = |x: f64, y: f64| Position {
        longitude: x.mul_add(width, west),
        latitude: y.mul_add(height, south),
    };
    let bounds = Bounds {
        south_west: corner(0.5 - part / 2.0, 0.5 - part / 2.0),
        north_east: corner(0.5 + part / 2.0, 0.5 + part / 2.0),
    };
    let found = snapshot.select(&Filter { bounds: Some(bounds), ..Filter::default() });
    let mut writer = GeoJson::new(Crs::Crs84, Vec::new());
    let mut out = Vec::new();
    writer.begin(&mut out);
    for at in 0..found.len() {
        let event = found.event(at);
        let feature = Feature {
            id: FeatureId::Event(event.id),
            shape: event.position.map_or(Shape::None, Shape::Point),
            fields: vec![("category", event.category.into())],
        };
        writer.feature(&feature, &mut out);
    }
    writer.end(&mut out);
    out
}

/// The import of a table by the built binary into a new SQLite file.
fn import(events: u32) -> Duration {
    let folder = tempfile::tempdir_in(".").unwrap();
    let file = folder.path().join("synthetic.csv");
    let mut table = std::io::BufWriter::new(fs::File::create(&file).unwrap());
    writeln!(table, "id,at,category,longitude,latitude,precision").unwrap();
    for number in 0..events {
        let Position { longitude, latitude } = place(number);
        let (month, day) = (1 + number % 12, 1 + number % 28);
        writeln!(
            table,
            "{number},2025-{month:02}-{day:02} 21:30,synthetic,{longitude:.6},{latitude:.6},25"
        )
        .unwrap();
    }
    table.flush().unwrap();
    let boundary = folder.path().join("boundary.geojson");
    let ring = "[[[11,58.3],[11.5,58.3],[11.5,58.5],[11,58.5],[11,58.3]]]";
    fs::write(&boundary, format!("{{\"type\":\"Polygon\",\"coordinates\":{ring}}}")).unwrap();
    let add = ["municipality", "add", "bench", "--name", "Bench", "--boundary"];
    fyren(folder.path(), &[&add[..], &[boundary.to_str().unwrap()]].concat());
    let began = Instant::now();
    let file = file.to_str().unwrap();
    let told = fyren(folder.path(), &["import", "incidents", file, "--municipality", "bench"]);
    let took = began.elapsed();
    let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(told["stored"], events, "{told}");
    took
}

fn fyren(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let database = format!("sqlite://{}", folder.join("bench.db").display());
    let output = Command::new(env!("CARGO_BIN_EXE_fyren"))
        .args(arguments)
        .args(["--database", &database, "--json"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    output.stdout
}

fn told(one: &Measured) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let import = one
        .import
        .map_or("import not run".to_owned(), |time| format!("import {:.1} s", time.as_secs_f64()));
    let index = format!(
        "index {:.0} ms, {:.0} bytes an event with its tree",
        micros(one.index) / 1e3,
        one.bytes
    );
    let answers = format!(
        "box of 1 000 as GeoJSON {:.0} µs, tile of everything {:.2} ms, tile at zoom 14 {:.2} ms",
        micros(one.boxed),
        micros(one.far) / 1e3,
        micros(one.near) / 1e3
    );
    println!("| growth, {} events | {import}, {index}, {answers} |  |", one.events);
}

fn draw(all: &[Measured]) {
    let curve = |name: &str, value: &dyn Fn(&Measured) -> Option<Duration>| Curve {
        name: name.to_owned(),
        points: all
            .iter()
            .filter_map(|one| Some([f64::from(one.events), value(one)?.as_secs_f64() * 1e3]))
            .collect(),
    };
    let curves = [
        curve("import into SQLite", &|one| one.import),
        curve("index build", &|one| Some(one.index)),
        curve("tile of everything (zoom 8)", &|one| Some(one.far)),
        curve("tile at zoom 14", &|one| Some(one.near)),
        curve("box of 1 000 events, GeoJSON", &|one| Some(one.boxed)),
    ];
    let drawn = svg("What grows with the events", ["events", "milliseconds"], &curves);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images/growth.svg");
    fs::write(path, drawn).unwrap();
}
