//! Groups of points against scikit-learn and st-dbscan.

use crate::read::table;
use fyren_core::analysis::{Dated, Grouping, dbscan, st_dbscan};
use fyren_core::domain::Plane;
use std::collections::HashMap;

pub fn reports() -> Vec<Dated> {
    let table = table("input/reports.csv");
    let (x, y, day) = (table.column("x"), table.column("y"), table.column("day"));
    (0..x.len()).map(|i| Dated { at: Plane { east: x[i], north: y[i] }, day: day[i] }).collect()
}

/// Asserts that noise is the same and that core points lie together in both or in neither.
fn assert_same(found: &Grouping, labels: &[i64]) {
    let noise = |label: Option<u32>| label.is_none();
    assert!(found.labels.iter().zip(labels).all(|(&ours, &peer)| noise(ours) == (peer < 0)));
    let (mut to_peer, mut to_ours) = (HashMap::new(), HashMap::new());
    for (index, &peer) in labels.iter().enumerate().filter(|&(index, _)| found.core[index]) {
        let ours = found.labels[index].unwrap();
        assert_eq!(*to_peer.entry(ours).or_insert(peer), peer);
        assert_eq!(*to_ours.entry(peer).or_insert(ours), ours);
    }
    assert_eq!(to_peer.len(), found.groups as usize);
}

#[test]
fn groups_are_those_of_scikit_learn() {
    let peer = table("expected/clusters.csv");
    let places: Vec<Plane> = reports().iter().map(|report| report.at).collect();
    let found = dbscan(&places, 150.0, 5).unwrap();
    let core: Vec<u8> = peer.column("dbscan_core");
    assert!(found.core.iter().zip(core).all(|(&ours, peer)| ours == (peer == 1)));
    assert_eq!(found.groups, 23);
    assert_same(&found, &peer.column("dbscan_eps150_min5"));
}

#[test]
fn groups_in_space_and_time_are_those_of_st_dbscan() {
    let found = st_dbscan(&reports(), 150.0, 14.0, 4).unwrap();
    assert_eq!(found.groups, 16);
    assert_same(&found, &table("expected/clusters.csv").column("stdbscan_150m_14d_min4"));
}
