//! Densities, sites and evaluation, each beside the programs that planners and
//! researchers use, in the same run. Prints rows for `docs/performance.md`.
//!
//! The peers are Python packages: `FYREN_PYTHON` names an interpreter that has
//! them, else `python3` is asked; what is not there is said to be missing.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use fyren_core::analysis::evaluate::{PanelRow, difference_in_differences};
use fyren_core::analysis::{
    Kernel, Monthly, SiteGoal, SitesProblem, Sums, Weighted, density, isobands, p_median, sites,
};
use fyren_core::domain::Plane;
use fyren_core::plane::Grid;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

const CELLS: usize = 512;
/// Columns of 39 m over 20 km, as in the measurements of other programs.
const CELL_M: f64 = 39.0;
const CORNER: Plane = Plane { east: 270_000.0, north: 6_470_000.0 };

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let grid = Grid::new(CORNER, CELL_M, CELLS, CELLS).unwrap();
    let events = clustered(&grid, 1_000_000);
    heat(&grid, &events);
    peers(&grid, &events);
    growth(&grid, &events);
    single(&grid, &events);
    months(&grid, &events);
    places();
    panel();
}

/// The shortest of nine runs in milliseconds: what the machine can do when
/// nothing else runs on it.
fn milliseconds<T>(mut run: impl FnMut() -> T) -> f64 {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..9).map(once).fold(f64::INFINITY, f64::min)
}

/// The same on one thread, as the peers run.
fn on_one_thread<T: Send>(run: impl Fn() -> T + Sync + Send) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| milliseconds(&run))
}

fn row(what: &str, found: f64, bar: &str) {
    println!("| {what} | {found:.3} ms | {bar} |");
}

/// Events around 60 places of uneven size, a tenth of them anywhere.
fn clustered(grid: &Grid, number: usize) -> Vec<Weighted> {
    let mut random = ChaCha8Rng::seed_from_u64(1427);
    let extent = grid.extent();
    let anywhere = |random: &mut ChaCha8Rng| Plane {
        east: random.random_range(extent.west..extent.east),
        north: random.random_range(extent.south..extent.north),
    };
    let places: Vec<Plane> = (0..60).map(|_| anywhere(&mut random)).collect();
    (0..number)
        .map(|_| {
            let mut at = anywhere(&mut random);
            if random.random::<f64>() > 0.1 {
                let uneven = random.random_range(0..60usize).min(random.random_range(0..60));
                let place = places[uneven];
                let angle = random.random::<f64>() * std::f64::consts::TAU;
                let off = 600.0 * (-random.random::<f64>().ln()).sqrt();
                at.east = place.east + off * angle.cos();
                at.north = place.north + off * angle.sin();
            }
            Weighted { at, weight: 1.0 }
        })
        .collect()
}

fn heat(grid: &Grid, events: &[Weighted]) {
    let quartic = Kernel::default();
    let gaussian = Kernel::gaussian(250.0).unwrap();
    for (name, kernel) in [("quartic R 700 m", quartic), ("Gaussian σ 250 m", gaussian)] {
        let found = milliseconds(|| density(grid, kernel, events).unwrap());
        row(&format!("heat of 512 × 512 cells from 1 M events, {name}"), found, "40 ms");
    }
    let surface = density(grid, quartic, events).unwrap();
    let most = surface.values.iter().copied().fold(0.0, f64::max);
    let breaks: Vec<f64> = (1..6).map(|part| most * f64::from(part) / 8.0).collect();
    row("five isobands of it", milliseconds(|| isobands(&surface, &breaks).unwrap()), "");
}

/// The same events, grid and Gaussian of 1 km on one thread, here and there.
fn peers(grid: &Grid, events: &[Weighted]) {
    let kernel = Kernel::gaussian(1000.0).unwrap();
    let ours = on_one_thread(|| density(grid, kernel, events).unwrap());
    row("heat of 512 × 512 cells from 1 M events, Gaussian σ 1 km, one thread", ours, "40 ms");
    let bytes: Vec<u8> = events
        .iter()
        .flat_map(|event| [event.at.east, event.at.north])
        .flat_map(f64::to_ne_bytes)
        .collect();
    let file = std::env::temp_dir().join(format!("fyren-events-{}", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
    let python = std::env::var("FYREN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/density.py");
    let numbers = [CORNER.east, CORNER.north, CELL_M, 1000.0].map(|number| number.to_string());
    let answer = Command::new(python).arg(script).arg(&file).args(numbers).output();
    std::fs::remove_file(&file).unwrap();
    let text = answer.map(|done| String::from_utf8_lossy(&done.stdout).into_owned());
    let text = text.unwrap_or_default();
    for name in ["SciPy (histogram2d", "SciPy (bincount", "KDEpy"] {
        let line = text.lines().find(|line| line.starts_with(name));
        let found = line.and_then(|line| line.split_once('\t'));
        let Some((name, theirs)) = found else {
            println!("| the same by {name} | the peer is missing | |");
            continue;
        };
        let theirs: f64 = theirs.parse().unwrap();
        println!("| the same by {name} | {theirs:.3} ms, {:.1} times as long | |", theirs / ours);
    }
}

fn growth(grid: &Grid, events: &[Weighted]) {
    let kernel = Kernel::gaussian(250.0).unwrap();
    let found: Vec<String> = [1_000, 10_000, 100_000, 1_000_000]
        .iter()
        .map(|&number| milliseconds(|| density(grid, kernel, &events[..number]).unwrap()))
        .map(|found| format!("{found:.1}"))
        .collect();
    println!(
        "| heat of 512 × 512 cells from 1 k, 10 k, 100 k and 1 M events, Gaussian σ 250 m | {} ms | |",
        found.join(", ")
    );
}

fn single(grid: &Grid, events: &[Weighted]) {
    for (name, kernel) in [
        ("quartic R 700 m", Kernel::default()),
        ("Gaussian σ 250 m", Kernel::gaussian(250.0).unwrap()),
    ] {
        let mut sums = Sums::new(*grid, kernel);
        sums.add_all(&events[..1000]).unwrap();
        let found = milliseconds(|| sums.add(events[1000]).unwrap());
        row(
            &format!("one more event on an exact heat of 512 × 512 cells, {name}"),
            found,
            "0.1 ms",
        );
    }
}

/// A million events in 36 months, every cell of every month touched.
fn months(grid: &Grid, events: &[Weighted]) {
    for (name, kernel) in [
        ("quartic R 700 m", Kernel::default()),
        ("Gaussian σ 250 m", Kernel::gaussian(250.0).unwrap()),
    ] {
        let mut monthly = Monthly::new(*grid, kernel);
        // The wider kernel touches eight times the cells: fewer events fill the grid as well.
        let number = if name.starts_with("quartic") { events.len() } else { events.len() / 10 };
        for (event, month) in events[..number].iter().zip((0..36).cycle()) {
            monthly.add(&0_u8, month, *event).unwrap();
        }
        for (window, months) in [("a year", 5..17), ("all three years", 0..36)] {
            let found = milliseconds(|| monthly.density(months.clone(), |_| true));
            row(&format!("heat of {window} from months of {number} events, {name}"), found, "3 ms");
        }
        let event = events[1];
        let there = milliseconds(|| monthly.add(&0, 7, event).unwrap());
        let away = Weighted { weight: -1.0, ..event };
        let back = milliseconds(|| monthly.add(&0, 7, away).unwrap());
        row(&format!("one event into its month and out again, {name}"), there.max(back), "0.1 ms");
    }
}

fn places() {
    let number = |places: usize, p: usize| {
        let grid = Grid::new(CORNER, CELL_M, CELLS, CELLS).unwrap();
        let mut demand = clustered(&grid, places);
        let mut random = ChaCha8Rng::seed_from_u64(8);
        for place in &mut demand {
            place.weight = f64::from(random.random_range(1..9_u8));
        }
        let candidates: Vec<Plane> = demand.iter().map(|demand| demand.at).collect();
        let problem = SitesProblem {
            demand: &demand,
            candidates: &candidates,
            p,
            radius_m: 750.0,
            floors: &[],
            goal: SiteGoal::Cover,
        };
        let found = milliseconds(|| sites(&problem).unwrap());
        (found, milliseconds(|| p_median(&demand, &candidates, p).unwrap()))
    };
    for p in [4, 8] {
        let (cover, median) = number(300, p);
        row(&format!("{p} of 300 sites that cover the most of 300 places, proven"), cover, "50 ms");
        row(&format!("{p} of 300 sites nearest to 300 places, proven"), median, "");
    }
    let grown: Vec<String> =
        [100, 200, 400, 800].iter().map(|&n| format!("{:.0}", number(n, 6).0)).collect();
    println!(
        "| 6 sites that cover the most, 100, 200, 400 and 800 places | {} ms | |",
        grown.join(", ")
    );
}

fn panel() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let rows: Vec<PanelRow> = (0..8_u64)
        .flat_map(|area| (0..36_i64).map(move |period| (area, period)))
        .map(|(area, period)| PanelRow {
            area,
            period,
            treated: area < 4,
            post: period >= 24,
            count: random.random_range(1..9),
        })
        .collect();
    let found = milliseconds(|| difference_in_differences(&rows, 1).unwrap());
    row("difference in differences of 8 areas and 36 months, 70 assignments", found, "");
}
