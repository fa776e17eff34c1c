//! Scans, groups and near repeats, beside scikit-learn and pointpats where they
//! are there. Prints rows for `docs/performance.md`.
//!
//! The peers are Python packages: `FYREN_PYTHON` names an interpreter that has
//! them, else `python3` is asked; what is not there is said to be missing.
//! smerc and `PredictCode` do not run here: their rows are those measured once
//! on a machine like it, with as many places or events.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use fyren_core::analysis::{
    Dated, KnoxRule, ScanArea, ScanRule, StEvent, StScanRule, Trials, dbscan, knox, scan, st_scan,
    unwatched,
};
use fyren_core::domain::{Plane, SourceTag};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

const WIDE_M: f64 = 12_000.0;
const HIGH_M: f64 = 20_000.0;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let peer = Peer::new();
    groups(&peer);
    near_repeats(&peer);
    spatial_scan();
    early_warning();
}

/// The shortest of three runs in milliseconds: what the machine can do when
/// nothing else runs on it.
fn milliseconds<T>(mut run: impl FnMut() -> T) -> f64 {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..3).map(once).fold(f64::INFINITY, f64::min)
}

/// The same on one thread, as the peers run.
fn on_one_thread<T: Send>(run: impl Fn() -> T + Sync + Send) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| milliseconds(&run))
}

fn row(what: &str, found: f64, bar: &str) {
    println!("| {what} | {found:.1} ms | {bar} |");
}

/// Events around 60 places of uneven size over a year, a tenth of them anywhere.
fn events(number: u32) -> Vec<Dated> {
    let mut random = ChaCha8Rng::seed_from_u64(1427);
    let mut part = || random.random::<f64>();
    let places: Vec<Plane> =
        (0..60).map(|_| Plane { east: WIDE_M * part(), north: HIGH_M * part() }).collect();
    (0..number)
        .map(|_| {
            let day = (365.0 * part()).floor();
            if part() < 0.1 {
                let at = Plane { east: WIDE_M * part(), north: HIGH_M * part() };
                return Dated { at, day };
            }
            #[expect(clippy::cast_possible_truncation, reason = "one of sixty")]
            #[expect(clippy::cast_sign_loss, reason = "one of sixty")]
            let place = places[(60.0 * part() * part()) as usize];
            let (angle, off) = (std::f64::consts::TAU * part(), 600.0 * (-part().ln()).sqrt());
            let at = Plane {
                east: place.east + off * angle.cos(),
                north: place.north + off * angle.sin(),
            };
            Dated { at, day }
        })
        .collect()
}

const NUMBER: Trials = Trials { number: 999, seed: 1, enough: None };

fn spatial_scan() {
    let areas = |number: u32| -> Vec<ScanArea> {
        let mut random = ChaCha8Rng::seed_from_u64(9);
        let uneven = events(number);
        uneven
            .iter()
            .map(|event| ScanArea {
                at: event.at,
                count: random.random_range(0..5),
                exposure: random.random_range(1.0..60.0),
            })
            .collect()
    };
    let rule = ScanRule { trials: NUMBER, ..ScanRule::default() };
    for (number, bar) in
        [(250, ""), (1_000, "2 s, and a tenth of the 17.2 s at smerc's measured rate"), (2_000, "")]
    {
        let areas = areas(number);
        let found = milliseconds(|| scan(&areas, &rule, &unwatched).unwrap());
        row(&format!("spatial scan of {number} places, 999 simulations, all cores"), found, bar);
    }
    let areas = areas(1_000);
    let found = on_one_thread(|| scan(&areas, &rule, &unwatched).unwrap());
    row("spatial scan of 1000 places, 999 simulations, one thread", found, "");
}

fn early_warning() {
    let rule = StScanRule::ending(364.0, NUMBER);
    for (number, bar) in [(250, ""), (1_000, "10 s; PredictCode 1.0 s for one of 999"), (2_000, "")]
    {
        let events: Vec<StEvent> = (1u64..)
            .zip(events(number))
            .map(|(source, dated)| StEvent {
                dated,
                source: SourceTag::from_bits(source << 1),
                stratum: 0,
            })
            .collect();
        let found = milliseconds(|| st_scan(&events, &rule, &unwatched).unwrap());
        row(&format!("space-time scan of {number} events, 999 simulations, all cores"), found, bar);
    }
}

/// As many neighbours as 150 m hold of the reference's 643 reports.
fn eps_m(number: u32) -> f64 {
    150.0 * (643.0 / f64::from(number)).sqrt()
}

fn groups(peer: &Peer) {
    for number in [10_000, 100_000, 1_000_000] {
        let points: Vec<Plane> = events(number).iter().map(|event| event.at).collect();
        let found = on_one_thread(|| dbscan(&points, eps_m(number), 5).unwrap());
        row(&format!("DBSCAN of {number} points, one thread"), found, "");
        if number <= 100_000 {
            let ours = dbscan(&points, eps_m(number), 5).unwrap().groups;
            peer.beside(&format!("dbscan {} {ours}", eps_m(number)), &events(number), found);
        }
    }
}

fn near_repeats(peer: &Peer) {
    let rule = |trials| KnoxRule { distances_m: &[100.0], days: &[14.0], cumulative: true, trials };
    for (number, bar) in [(1_000, ""), (10_000, "600 ms"), (40_000, "")] {
        let events = events(number);
        let found = on_one_thread(|| knox(&events, &rule(NUMBER), &unwatched).unwrap());
        row(&format!("Knox of {number} events, 999 permutations, one thread"), found, bar);
    }
    let (events, few) = (events(2_000), Trials { number: 99, ..NUMBER });
    let found = on_one_thread(|| knox(&events, &rule(few), &unwatched).unwrap());
    row("Knox of 2000 events, 99 permutations, one thread", found, "");
    let pairs = knox(&events, &rule(few), &unwatched).unwrap()[0].observed;
    peer.beside(&format!("knox 100 14 {pairs}"), &events, found);
}

/// The Python programs.
struct Peer {
    python: String,
    file: std::path::PathBuf,
}

impl Peer {
    fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
        let python = std::env::var("FYREN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let file = std::env::temp_dir().join(format!("fyren-scans-{}.f64", std::process::id()));
        Self { python, file }
    }

    /// Runs a peer on the same events and prints how many times its time is ours.
    fn beside(&self, task: &str, events: &[Dated], ours: f64) {
        let numbers = events.iter().flat_map(|event| [event.at.east, event.at.north, event.day]);
        let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
        std::fs::write(&self.file, bytes).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/scans.py");
        let told =
            Command::new(&self.python).arg(script).arg(&self.file).args(task.split(' ')).output();
        std::fs::remove_file(&self.file).unwrap();
        let name = task.split(' ').next().unwrap_or_default();
        let answer = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned());
        match answer.as_deref().map(|line| line.trim().split_once('\t')) {
            Ok(Some((peer, time))) => {
                let time: f64 = time.parse().unwrap();
                println!("| the same by {peer} | {time:.1} ms, {:.0} × ours | 10 × |", time / ours);
            }
            _ => println!("| the same by the peer of {name} | not installed | 10 × |"),
        }
    }
}
