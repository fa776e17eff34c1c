//! Gi* and the local window test on cells, beside esda and `SciPy` in the same
//! run. Prints rows for `docs/performance.md`.
//!
//! `FYREN_PYTHON` names an interpreter that has the peers, else `python3` is
//! asked; what is not there is said to be missing.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use fyren_core::analysis::{
    Neighbours, Tail, Weights, empirical_bayes, getis_ord_star, getis_ord_star_grid, local_poisson,
    local_poisson_grid,
};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let map = Map::of(100);
    let walk = map.neighbours();
    let weights = Weights::binary(&walk);
    let domain = vec![true; map.values.len()];
    row("Gi* of 10 000 cells, any weights", ms(|| getis_ord_star(&map.values, &weights)), "");
    let gi = ms(|| getis_ord_star_grid(100, &map.values, &domain));
    row("Gi* of 10 000 cells, grid", gi, "1 ms");
    let nb = Tail::NegativeBinomial { variation: 0.25 };
    for tail in [Tail::Poisson, nb] {
        let what = format!("local window test of 10 000 cells, {}", tail.code());
        let around = ms(|| local_poisson(&map.counts, &map.expected, &walk, tail));
        row(&format!("{what}, any neighbours"), around, "");
        let grid = ms(|| local_poisson_grid(100, &map.counts, &map.expected, tail));
        row(&format!("{what}, grid"), grid, "1 ms");
    }
    let local = ms(|| local_poisson_grid(100, &map.counts, &map.expected, Tail::Poisson));
    peers(gi, local);
    row("empirical Bayes of 10 000 areas", ms(|| empirical_bayes(&map.counts, &map.expected)), "");
    growth();
}

/// Counts on a square of cells, and what is expected in each.
struct Map {
    edge: u32,
    expected: Vec<f64>,
    counts: Vec<u32>,
    values: Vec<f64>,
}

impl Map {
    fn of(edge: u32) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let expected: Vec<f64> = (0..edge * edge).map(|_| random.random::<f64>() * 0.6).collect();
        let counts: Vec<u32> =
            expected.iter().map(|&mean| u32::from(random.random::<f64>() < mean)).collect();
        let values = counts.iter().map(|&count| f64::from(count)).collect();
        Self { edge, expected, counts, values }
    }

    fn neighbours(&self) -> Neighbours {
        let cell = |cell| (i64::from(cell % self.edge), i64::from(cell / self.edge));
        Neighbours::queen(&(0..self.edge * self.edge).map(cell).collect::<Vec<_>>())
    }
}

/// The shortest of nine runs in milliseconds: what the machine can do when
/// nothing else runs on it.
fn ms<T>(mut run: impl FnMut() -> T) -> f64 {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..9).map(once).fold(f64::INFINITY, f64::min)
}

fn row(what: &str, found: f64, bar: &str) {
    println!("| {what} | {found:.3} ms | {bar} |");
}

/// The same square of cells by the peers, on one thread as ours.
fn peers(gi: f64, local: f64) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
    let python = std::env::var("FYREN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/areal.py");
    let answer = Command::new(python).arg(script).output();
    let text = answer.map(|done| String::from_utf8_lossy(&done.stdout).into_owned());
    let text = text.unwrap_or_default();
    for (name, ours, bar) in [
        ("Gi* by esda, weights given", gi, "100 times as long"),
        ("Gi* by esda, weights made", gi, "100 times as long"),
        ("local window test by SciPy, weights given", local, ""),
    ] {
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
        match found.map(|found| found.parse::<f64>().unwrap()) {
            Some(theirs) => {
                println!("| {name} | {theirs:.1} ms, {:.0} times as long | {bar} |", theirs / ours);
            }
            None => println!("| {name} | the peer is missing | {bar} |"),
        }
    }
}

fn growth() {
    let of = |edge: u32| {
        let map = Map::of(edge);
        let domain = vec![true; map.values.len()];
        let gi = ms(|| getis_ord_star_grid(edge as usize, &map.values, &domain));
        let local =
            ms(|| local_poisson_grid(edge as usize, &map.counts, &map.expected, Tail::Poisson));
        format!("{gi:.1} and {local:.1}")
    };
    let grown: Vec<String> = [100, 200, 400, 800].map(of).into_iter().collect();
    println!(
        "| Gi* and local window test of 10 k, 40 k, 160 k and 640 k cells | {} ms | |",
        grown.join(", ")
    );
}
