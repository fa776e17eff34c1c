//! Near repeats against pointpats, surveillance and `NearRepeat`.

use crate::dbscan::reports;
use crate::read::{assert_close, json};
use fyren_core::analysis::{KnoxBand, KnoxRule, Trials, knox, unwatched};
use serde_json::Value;

const TRIALS: Trials = Trials { number: 999, seed: 7, enough: None };

fn cumulative() -> Vec<KnoxBand> {
    let rule = KnoxRule {
        distances_m: &[100.0, 200.0, 400.0],
        days: &[7.0, 14.0, 28.0],
        cumulative: true,
        trials: TRIALS,
    };
    knox(&reports(), &rule, &unwatched).unwrap()
}

/// Finds a peer's row among ours, by its limits.
fn ours(bands: &[KnoxBand], row: &Value) -> KnoxBand {
    let of = |name: &str| row[name].as_f64().unwrap();
    let same = |band: &&KnoxBand| {
        (band.distance_m.upto - of("delta_m")).abs() < 0.5
            && (band.days.upto - of("tau_d")).abs() < 0.5
    };
    *bands.iter().find(same).unwrap()
}

#[test]
fn close_pairs_are_those_of_pointpats() {
    let bands = cumulative();
    let rows = json("expected/knox.json")["pointpats"].clone();
    assert_eq!(rows.as_array().unwrap().len(), bands.len());
    for row in rows.as_array().unwrap() {
        let band = ours(&bands, row);
        assert_eq!(Some(band.observed), row["pairs"].as_u64());
        assert_close(band.expected, row["expected"].as_f64().unwrap(), 1e-9, &row.to_string());
        // Both found no simulation with so many pairs.
        assert!((band.p - row["p_sim"].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn close_pairs_are_those_of_surveillance() {
    let bands = cumulative();
    for row in json("expected/knox_surveillance.json")["results"].as_array().unwrap() {
        let band = ours(&bands, row);
        assert_eq!(Some(band.observed), row["obs"].as_u64());
        assert_close(band.expected, row["expected"].as_f64().unwrap(), 1e-9, &row.to_string());
    }
}

#[test]
fn bands_apart_are_those_of_near_repeat() {
    // The peer's bands hold their lower limit and not their upper one. Days are
    // whole and distances are roots of whole numbers of square decimetres, so
    // a limit just below theirs makes ours the same.
    let rule = KnoxRule {
        distances_m: &[0.0, 99.9999, 199.9999, 399.9999],
        days: &[6.5, 13.5, 27.5],
        cumulative: false,
        trials: Trials { number: 9, ..TRIALS },
    };
    let bands = knox(&reports(), &rule, &unwatched).unwrap();
    let table = json("expected/knox.json")["contingency_euclid_left_closed"]["observed"].clone();
    let rows = table.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap().clone());
    let expected: Vec<u64> = rows.map(|number| number.as_u64().unwrap()).collect();
    let observed: Vec<u64> = bands.iter().map(|band| band.observed).collect();
    assert_eq!(observed, expected);
}
