//! The projection of positions. Prints rows for `docs/performance.md`.
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use fyren_core::domain::Position;
use fyren_core::plane::Projection;
use std::hint::black_box;
use std::time::Instant;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
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

fn projection() {
    let projection = Projection::sweref99_tm();
    let positions: Vec<Position> = (0..1_000_000u32)
        .map(|at| Position { longitude: 11.0 + f64::from(at) * 1e-6, latitude: 58.4 })
        .collect();
    let found = milliseconds(|| projection.forward_all(&positions));
    row("1 M positions into SWEREF 99 TM", found, "");
}
