//! Kernel density against scikit-learn and spatstat.

use crate::read::{csv, json, number};
use fyren_core::analysis::{Edge, Kernel, Shore, Surface, Weighted, density, density_at};
use fyren_core::domain::Plane;
use fyren_core::plane::{Coverage, Extent, Grid};

const PER_KM2: f64 = 1e6;

fn reports() -> Vec<Weighted> {
    csv("tests/data/analytics/reports.csv")
        .iter()
        .map(|row| Plane { east: number(row, 1), north: number(row, 2) })
        .map(|at| Weighted { at, weight: 1.0 })
        .collect()
}

fn extent() -> Extent {
    let meta = json("tests/data/analytics/meta.json");
    let bound = |index: usize| meta["bbox"][index].as_f64().unwrap();
    Extent { west: bound(0), south: bound(1), east: bound(2), north: bound(3) }
}

/// The grid of the reference, with cells of 500 m or a whole part of it.
fn grid(cell_m: f64) -> Grid {
    let extent = extent();
    // Less a metre: a covering grid holds its eastern and northern edge too.
    Grid::covering(Extent { east: extent.east - 1.0, north: extent.north - 1.0, ..extent }, cell_m)
        .unwrap()
}

fn gaussian() -> Kernel {
    Kernel::gaussian(400.0).unwrap()
}

fn quartic() -> Kernel {
    Kernel::quartic(1000.0).unwrap()
}

/// The largest difference from a column of the grid file, as a share of the
/// largest value; rows that the file leaves out have no mass.
fn worst_share(surface: &Surface, column: usize) -> f64 {
    let rows = csv("tests/data/analytics/kde_exact_grid500.csv");
    let most = rows.iter().map(|row| number(row, column)).fold(0.0, f64::max);
    let off = rows.iter().map(|row| {
        let at = Plane { east: number(row, 0), north: number(row, 1) };
        let cell = surface.grid.cell_of(at).unwrap();
        (surface.values[cell] * PER_KM2 - number(row, column)).abs()
    });
    off.fold(0.0, f64::max) / most
}

#[test]
fn the_exact_density_of_a_grid_is_that_of_scikit_learn() {
    for (kernel, column) in [(gaussian(), 2), (quartic(), 5)] {
        let surface = density(&grid(500.0), kernel, &reports()).unwrap();
        let off = worst_share(&surface, column);
        assert!(off < 1e-9, "{kernel:?} is off by {off}");
    }
}

#[test]
fn the_binned_density_is_within_its_tolerance_of_scikit_learn() {
    // A hundredfold copy of each report, each of a hundredth: too many events
    // for the exact path, and the same density.
    let many: Vec<Weighted> = reports()
        .into_iter()
        .flat_map(|report| std::iter::repeat_n(Weighted { weight: 0.01, ..report }, 100))
        .collect();
    for (kernel, column, tolerance) in [(gaussian(), 2, 2e-4), (quartic(), 5, 1e-3)] {
        let surface = density(&grid(100.0), kernel, &many).unwrap();
        let off = worst_share(&surface, column);
        assert!(off < tolerance, "{kernel:?} is off by {off}");
        assert!(off > 1e-9, "the exact path was taken");
    }
}

#[test]
fn the_density_at_each_report_is_that_of_spatstat() {
    let reports = reports();
    let rows = csv("tests/data/analytics/kde_points_spatstat.csv");
    assert_eq!(rows.len(), reports.len());
    for (kernel, column) in [(gaussian(), 1), (quartic(), 3)] {
        let most = rows.iter().map(|row| number(row, column)).fold(0.0, f64::max);
        for (row, report) in rows.iter().zip(&reports) {
            let found = density_at(report.at, kernel, &reports) * PER_KM2;
            let off = (found - number(row, column)).abs() / most;
            assert!(off < 1e-9, "{kernel:?} at {:?} is off by {off}", report.at);
        }
    }
}

#[test]
fn the_edge_correction_is_that_of_a_rectangle_within_a_hundredth() {
    let grid = grid(100.0);
    let shore = Shore::new(Coverage::full(grid), gaussian());
    let surface = density(&grid, gaussian(), &reports()).unwrap();
    let corrected = shore.on_land(surface, Edge::Uniform).unwrap();
    let off = worst_share(&corrected, 3);
    assert!(off < 1e-2, "off by {off}");
}
