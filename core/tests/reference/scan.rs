//! The spatial scan against smerc.

use crate::read::{assert_close, json, table};
use fyren_core::analysis::{ScanArea, ScanRule, Trials, scan, unwatched};
use fyren_core::domain::Plane;

/// The cells of the grid where people live, in the order of the file.
fn cells() -> Vec<ScanArea> {
    let grid = table("input/grid250.csv");
    let (rows, columns) = (grid.column::<f64>("row"), grid.column::<f64>("col"));
    let (people, reports) = (grid.column::<f64>("population"), grid.column::<u32>("reports"));
    (0..rows.len())
        .filter(|&cell| people[cell] > 0.0)
        .map(|cell| ScanArea {
            at: Plane { east: 250.0 * columns[cell], north: 250.0 * rows[cell] },
            count: reports[cell],
            exposure: people[cell],
        })
        .collect()
}

#[test]
fn the_clusters_of_the_fixture_are_those_of_smerc() {
    let rule = ScanRule { trials: Trials { seed: 1, ..Trials::default() }, ..ScanRule::default() };
    let found = scan(&cells(), &rule, &unwatched).unwrap();
    let expected = json("expected/scan_fixture.json")["clusters"].clone();
    let expected = expected.as_array().unwrap();
    assert_eq!(expected.len(), 6);
    for (peer, ours) in expected.iter().zip(&found.clusters) {
        let of = |name: &str| peer[name].as_f64().unwrap();
        let what = peer.to_string();
        // Counted from 1; one member stands alone.
        let ids = peer["locids"].as_array().cloned().unwrap_or(vec![peer["locids"].clone()]);
        let ids: Vec<u64> = ids.iter().map(|id| id.as_u64().unwrap() - 1).collect();
        assert_eq!(ours.members.iter().map(|&member| member as u64).collect::<Vec<_>>(), ids);
        assert_eq!(Some(ours.observed), peer["cases"].as_u64());
        assert_close(ours.expected, of("expected"), 1e-8, &what);
        assert_close(ours.llr, of("llr"), 1e-8, &what);
        assert_close(ours.radius, of("r"), 1e-8, &what);
        // Both p-values are simulated, each 999 times.
        let p = of("p_mc_999");
        let error = (2.0 * p * (1.0 - p) / 999.0).sqrt();
        assert!((ours.p - p).abs() <= 3.0 * error, "{what}: {}", ours.p);
    }
}
