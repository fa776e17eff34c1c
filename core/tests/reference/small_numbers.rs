//! Intervals, comparisons and the local window test against statsmodels and `SciPy`.

use crate::read::{assert_close, json, table};
use fyren_core::analysis::{LocalResult, Neighbours, Tail, compare, exact_interval, local_poisson};

#[test]
fn exact_intervals_are_those_of_statsmodels() {
    let rows = json("expected/small_numbers.json")["garwood_95"].clone();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 35);
    for row in rows {
        let found = exact_interval(row["count"].as_u64().unwrap());
        assert_close(found.low, row["lo"].as_f64().unwrap(), 1e-9, &row.to_string());
        assert_close(found.high, row["hi"].as_f64().unwrap(), 1e-9, &row.to_string());
    }
}

#[test]
fn two_counts_compare_as_in_statsmodels() {
    let rows = json("expected/small_numbers.json")["two_counts"].clone();
    for row in rows.as_array().unwrap() {
        let count = |name: &str| row[name].as_u64().unwrap();
        let exposure = |name: &str| row[name].as_f64().unwrap();
        let found =
            compare((count("c1"), count("c2")), (exposure("exp1"), exposure("exp2"))).unwrap();
        assert_close(found.p, row["cond-midp"].as_f64().unwrap(), 1e-9, &row.to_string());
        let high = row["ratio_ci_score"][1].as_f64().unwrap();
        // The peer searches for its ends and stops at six or more digits.
        assert!((found.interval.high / high - 1.0).abs() < 1e-6, "{row}");
        // Its search for the lower end fails where the first count is 0.
        if count("c1") > 0 {
            let low = row["ratio_ci_score"][0].as_f64().unwrap();
            assert!((found.interval.low / low - 1.0).abs() < 1e-6, "{row}");
        }
    }
}

#[test]
fn the_local_window_test_is_that_of_scipy_and_statsmodels() {
    let rows = table("expected/local_poisson.csv");
    let cells: Vec<(i64, i64)> = rows.column("col").into_iter().zip(rows.column("row")).collect();
    let counts: Vec<u32> = rows.column("reports");
    let residents: Vec<f64> = rows.column("population");
    let total = f64::from(counts.iter().sum::<u32>());
    let people: f64 = residents.iter().sum();
    let expected: Vec<f64> = residents.iter().map(|value| value * total / people).collect();

    let neighbours = Neighbours::queen(&cells);
    let found = local_poisson(&counts, &expected, &neighbours, Tail::Poisson).unwrap();
    assert_eq!(found.areas.len(), 444);
    let observed: Vec<u64> = rows.column("window_observed");
    assert_eq!(found.areas.iter().map(|area| area.observed).collect::<Vec<_>>(), observed);
    let agrees = |name: &str, value: fn(&LocalResult) -> f64| {
        for (area, expected) in found.areas.iter().zip(rows.column::<f64>(name)) {
            assert_close(value(area), expected, 1e-9, &format!("{name} of {area:?}"));
        }
    };
    agrees("window_expected", |area| area.expected);
    agrees("ratio", |area| area.ratio);
    agrees("p_upper", |area| area.p);
    agrees("q_bh", |area| area.q);
    let hot = found.areas.iter().filter(|area| area.q <= 0.05).count();
    assert_eq!(hot, 18);
    assert!((found.dispersion - 2.32).abs() < 0.005, "{}", found.dispersion);
}
