//! The space-time permutation scan against `NumPy` and `PredictCode`.

use crate::dbscan::reports;
use crate::read::{assert_close, json};
use fyren_core::analysis::{StEvent, StScanRule, Trials, st_scan, unwatched};
use fyren_core::domain::SourceTag;

fn events() -> Vec<StEvent> {
    let told = |(number, dated): (u64, _)| StEvent {
        dated,
        source: SourceTag::from_bits(number << 1),
        stratum: 0,
    };
    (0..).zip(reports()).map(told).collect()
}

#[test]
fn the_strongest_cylinder_is_that_of_the_peers() {
    let trials = Trials { number: 999, seed: 3, enough: None };
    let rule = StScanRule { window_days: 180.0, min_cases: 2, ..StScanRule::ending(730.0, trials) };
    let rule = StScanRule { min_sources: 1, ..rule };
    let found = st_scan(&events(), &rule, &unwatched).unwrap();
    let peer = json("expected/stperm_scan.json");
    let of = |name: &str| peer[name].as_f64().unwrap();
    let top = &found.clusters[0];
    assert_eq!(Some(found.events as u64), peer["n"].as_u64());
    assert_close(top.llr, of("llr"), 1e-9, "llr");
    assert_close(top.expected, of("expected"), 1e-9, "expected");
    assert_close(top.radius_m, of("radius_m"), 1e-9, "radius");
    assert_close(top.days, of("T_days"), 1e-9, "days");
    assert_eq!(Some(top.observed), peer["cases"].as_u64());
    assert_eq!(Some(top.disc_events), peer["events_in_disc"].as_u64());
    let [east, north] = [0, 1].map(|axis| peer["centre"][axis].as_f64().unwrap());
    assert_close(top.centre.east, east, 1e-9, "centre");
    assert_close(top.centre.north, north, 1e-9, "centre");
    // The peer's p comes of 199 simulations, ours of 999.
    let p = of("p_mc_199");
    let error = (p * (1.0 - p) * (1.0 / 199.0 + 1.0 / 999.0)).sqrt();
    assert!((top.p - p).abs() <= 3.0 * error, "{}", top.p);
}
