//! The analysis room alone: heat maps from a million events and the local
//! window test. Prints rows for `docs/performance.md`.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use fyren_core::analysis::{
    Kernel, Neighbours, Sums, Tail, Weighted, density, isobands, local_poisson,
};
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::{Grid, Projection};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::time::Instant;

const CELLS: usize = 512;
/// Columns of 39 m over 20 km, as in the measurements of other programs.
const CELL_M: f64 = 39.0;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let corner = Plane { east: 270_000.0, north: 6_470_000.0 };
    let grid = Grid::new(corner, CELL_M, CELLS, CELLS).unwrap();
    let events = clustered(&grid, 1_000_000);
    heat(&grid, &events);
    one_more(&grid, &events);
    local_test();
    projection();
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

fn row(what: &str, found: f64, bar: &str) {
    println!("| {what} | {found:.2} ms | {bar} |");
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
    let wide = Kernel::gaussian(1000.0).unwrap();
    for (name, kernel) in
        [("quartic R 700 m", quartic), ("Gaussian σ 250 m", gaussian), ("Gaussian σ 1 km", wide)]
    {
        let found = milliseconds(|| density(grid, kernel, events).unwrap());
        row(&format!("heat of 512 × 512 cells from 1 M events, {name}"), found, "40 ms");
    }
    let surface = density(grid, quartic, events).unwrap();
    let most = surface.values.iter().copied().fold(0.0, f64::max);
    let breaks: Vec<f64> = (1..6).map(|part| most * f64::from(part) / 8.0).collect();
    let found = milliseconds(|| isobands(&surface, &breaks).unwrap());
    row("five isobands of it", found, "");
}

fn one_more(grid: &Grid, events: &[Weighted]) {
    let mut sums = Sums::new(*grid, Kernel::default());
    sums.add_all(&events[..1000]).unwrap();
    let found = milliseconds(|| sums.add(events[1000]).unwrap());
    row("one more event on an exact heat of 512 × 512 cells", found, "0.1 ms");
    let found = milliseconds(|| density(grid, Kernel::default(), &events[..1000]).unwrap());
    row("exact heat of 512 × 512 cells from 1 000 events", found, "");
}

fn local_test() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let cells: Vec<(i64, i64)> = (0..10_000).map(|cell| (cell % 100, cell / 100)).collect();
    let expected: Vec<f64> = cells.iter().map(|_| random.random::<f64>() * 0.6).collect();
    let counts: Vec<u32> =
        expected.iter().map(|&mean| u32::from(random.random::<f64>() < mean)).collect();
    let neighbours = Neighbours::queen(&cells);
    for tail in [Tail::Poisson, Tail::NegativeBinomial { variation: 0.2 }] {
        let found = milliseconds(|| local_poisson(&counts, &expected, &neighbours, tail).unwrap());
        row(&format!("local window test of 10 000 cells, {}", tail.code()), found, "1 ms");
    }
}

fn projection() {
    let projection = Projection::sweref99_tm();
    let positions: Vec<Position> = (0..1_000_000u32)
        .map(|at| Position { longitude: 11.0 + f64::from(at) * 1e-6, latitude: 58.4 })
        .collect();
    let found = milliseconds(|| projection.forward_all(&positions));
    row("1 M positions into SWEREF 99 TM", found, "");
}
