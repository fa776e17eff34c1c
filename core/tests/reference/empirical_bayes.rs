//! Empirical Bayes rates against esda, spdep and `SciPy`.

use crate::read::{assert_close, json, table};
use fyren_core::analysis::{EbRate, Neighbours, empirical_bayes, local_empirical_bayes};

/// Counts, residents and queen neighbours of the fixture.
fn fixture() -> (Vec<u32>, Vec<f64>, Neighbours) {
    let rows = table("expected/eb_rates.csv");
    let cells: Vec<(i64, i64)> = rows.column("col").into_iter().zip(rows.column("row")).collect();
    (rows.column("reports"), rows.column("population"), Neighbours::queen(&cells))
}

#[test]
fn global_rates_are_those_of_esda_and_spdep() {
    let (counts, people, _) = fixture();
    let found = empirical_bayes(&counts, &people).unwrap();
    let rows = table("expected/eb_rates.csv");
    let (raw, rates) = (rows.column("raw_rate"), rows.column("eb_global"));
    assert_eq!(found.len(), 444);
    for ((place, raw), rate) in found.iter().zip(raw).zip(rates) {
        let place = place.unwrap();
        assert_close(place.rate, raw, 1e-9, "raw rate");
        assert_close(place.eb_rate, rate, 1e-9, "global rate");
    }
    let (meta, prior) = (json("expected/eb_rates_meta.json"), found[0].unwrap().prior);
    assert_close(prior.mean, meta["global_rate"].as_f64().unwrap(), 1e-12, "mean");
    assert_close(prior.variance, meta["marshall_A"].as_f64().unwrap(), 1e-12, "variance");
}

#[test]
fn local_rates_are_those_of_esda_and_none_where_it_has_none() {
    let (counts, people, neighbours) = fixture();
    let found = local_empirical_bayes(&counts, &people, &neighbours).unwrap();
    let rates = table("expected/eb_rates.csv").optional("eb_local_queen");
    assert!(rates.iter().flatten().count() > 300);
    for (place, rate) in found.iter().zip(rates) {
        assert_eq!(place.is_some(), rate.is_some());
        if let (Some(place), Some(rate)) = (place, rate) {
            assert_close(place.eb_rate, rate, 1e-9, "local rate");
        }
    }
}

#[test]
fn the_gamma_posterior_is_that_of_scipy() {
    let (counts, people, _) = fixture();
    let found: Vec<EbRate> =
        empirical_bayes(&counts, &people).unwrap().into_iter().map(Option::unwrap).collect();
    let expected = json("expected/small_numbers.json")["gamma_poisson"]["cells"].clone();
    for row in expected.as_array().unwrap() {
        let number = |name: &str| row[name].as_f64().unwrap();
        let same = |at: &usize| {
            let close = |a: f64, b: f64| (a - b).abs() < 0.5;
            close(f64::from(counts[*at]), number("count"))
                && close(people[*at], number("population"))
        };
        let place = &found[(0..counts.len()).find(same).unwrap()];
        assert_close(place.eb_rate, number("mean"), 1e-9, "mean");
        assert_close(place.interval.low, number("q05"), 1e-9, "5 %");
        assert_close(place.interval.high, number("q95"), 1e-9, "95 %");
        assert_close(place.p_gt_2x, number("p_gt_2x"), 1e-9, "P(> 2x)");
    }
}
