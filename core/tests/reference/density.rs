//! Kernel density against scikit-learn, SciPy, spatstat and sparr.

use crate::read::{Table, json, table};
use fyren_core::analysis::{
    Edge, Kernel, Rectangle, Surface, Weighted, density, density_at, leave_one_out,
    suggest_bandwidth,
};
use fyren_core::domain::Plane;
use fyren_core::plane::{Extent, Grid};

const PER_KM2: f64 = 1e6;

fn reports() -> Vec<Weighted> {
    let table = table("input/reports.csv");
    let places = table.column("x").into_iter().zip(table.column("y"));
    places.map(|(east, north)| Weighted { at: Plane { east, north }, weight: 1.0 }).collect()
}

fn extent() -> Extent {
    let meta = json("input/meta.json");
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

/// The largest difference from expected values, as a share of the largest.
fn worst_share(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let most = expected.iter().copied().fold(0.0, f64::max);
    let off = found.iter().zip(expected).map(|(found, known)| (found * PER_KM2 - known).abs());
    off.fold(0.0, f64::max) / most
}

/// The cells of the grid file, which leaves out those without mass, and one
/// of its columns.
fn places(table: &Table) -> Vec<Plane> {
    let places = table.column("x").into_iter().zip(table.column("y"));
    places.map(|(east, north)| Plane { east, north }).collect()
}

/// [`worst_share`] of a surface and a column of the grid file.
fn off_grid(surface: &Surface, column: &str) -> f64 {
    let table = table("expected/kde_exact_grid500.csv");
    let value = |at: Plane| surface.values[surface.grid.cell_of(at).unwrap()];
    let found: Vec<f64> = places(&table).into_iter().map(value).collect();
    worst_share(&found, &table.column(column))
}

fn within(kernel: Kernel, edge: Edge) -> Rectangle {
    Rectangle { extent: extent(), kernel, edge }
}

#[test]
fn the_exact_density_of_a_grid_is_that_of_scikit_learn() {
    for (kernel, column) in [(gaussian(), "gauss400"), (quartic(), "quartic1000")] {
        let surface = density(&grid(500.0), kernel, &reports()).unwrap();
        let off = off_grid(&surface, column);
        assert!(off < 1e-9, "{kernel:?} is off by {off}");
    }
}

#[test]
fn both_corrections_of_the_edge_are_those_of_products_of_normal_masses() {
    let table = table("expected/kde_exact_grid500.csv");
    for (edge, column) in
        [(Edge::Uniform, "gauss400_edge_uniform"), (Edge::Diggle, "gauss400_edge_diggle")]
    {
        let rectangle = within(gaussian(), edge);
        let surface = rectangle.density(&grid(500.0), &reports()).unwrap();
        let off = off_grid(&surface, column);
        assert!(off < 1e-9, "{edge:?} is off by {off}");
        let found = rectangle.density_at(&places(&table), &reports());
        let off = worst_share(&found, &table.column(column));
        assert!(off < 1e-9, "{edge:?} at given places is off by {off}");
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
    for (kernel, column, tolerance) in
        [(gaussian(), "gauss400", 2e-4), (quartic(), "quartic1000", 1e-3)]
    {
        let surface = density(&grid(100.0), kernel, &many).unwrap();
        let off = off_grid(&surface, column);
        assert!(off < tolerance, "{kernel:?} is off by {off}");
        assert!(off > 1e-9, "the exact path was taken");
    }
}

#[test]
fn the_density_at_each_report_is_that_of_spatstat() {
    let (reports, table) = (reports(), table("expected/kde_points_spatstat.csv"));
    for (kernel, column) in [(gaussian(), "gauss400"), (quartic(), "quartic1000")] {
        let found: Vec<f64> = reports.iter().map(|r| density_at(r.at, kernel, &reports)).collect();
        let off = worst_share(&found, &table.column(column));
        assert!(off < 1e-9, "{kernel:?} is off by {off}");
    }
    let off = worst_share(&leave_one_out(gaussian(), &reports), &table.column("gauss400_loo"));
    assert!(off < 1e-9, "without the report itself it is off by {off}");
}

#[test]
fn the_edge_at_each_report_is_that_of_spatstat_to_the_pixels_it_counts() {
    let (reports, table) = (reports(), table("expected/kde_points_spatstat.csv"));
    let places: Vec<Plane> = reports.iter().map(|report| report.at).collect();
    for (edge, column) in
        [(Edge::Uniform, "gauss400_edge_uniform"), (Edge::Diggle, "gauss400_edge_diggle")]
    {
        let found = within(gaussian(), edge).density_at(&places, &reports);
        let off = worst_share(&found, &table.column(column));
        assert!(off < 1e-2, "{edge:?} is off by {off}");
    }
}

#[test]
fn the_suggested_bandwidth_is_that_of_sparr() {
    let sparr = json("expected/kde_r_meta.json")["bandwidths_m"]["sparr.LIK"].as_f64().unwrap();
    let found = suggest_bandwidth(&reports(), extent()).unwrap();
    assert!((found.sigma_m / sparr - 1.0).abs() < 0.02, "{found:?}, sparr {sparr}");
    assert!((300.0..=2000.0).contains(&found.radius_m));
}
