//! Intervals, comparisons and the local window test against statsmodels and `SciPy`.

use crate::read::{csv, json, number};
use fyren_core::analysis::{Neighbours, Tail, compare, exact_interval, local_poisson};

fn assert_close(found: f64, expected: f64, what: &str) {
    let off = (found - expected).abs() / expected.abs().max(1.0);
    assert!(off < 1e-9, "{what}: {found}, expected {expected}");
}

#[test]
fn exact_intervals_are_those_of_statsmodels() {
    let rows = json("tests/data/analytics/small_numbers.json")["garwood_95"].clone();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 35);
    for row in rows {
        let found = exact_interval(row["count"].as_u64().unwrap());
        assert_close(found.low, row["lo"].as_f64().unwrap(), &row.to_string());
        assert_close(found.high, row["hi"].as_f64().unwrap(), &row.to_string());
    }
}

#[test]
fn two_counts_compare_as_in_statsmodels() {
    let rows = json("tests/data/analytics/small_numbers.json")["two_counts"].clone();
    for row in rows.as_array().unwrap() {
        let count = |name: &str| row[name].as_u64().unwrap();
        let exposure = |name: &str| row[name].as_f64().unwrap();
        let found =
            compare((count("c1"), count("c2")), (exposure("exp1"), exposure("exp2"))).unwrap();
        assert_close(found.p, row["cond-midp"].as_f64().unwrap(), &row.to_string());
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
    let rows = csv("tests/data/analytics/local_poisson.csv");
    let column = |index: usize| -> Vec<f64> { rows.iter().map(|r| number(r, index)).collect() };
    let whole = |row: &csv::StringRecord, index: usize| row[index].parse::<i64>().unwrap();
    let cells: Vec<_> = rows.iter().map(|row| (whole(row, 1), whole(row, 0))).collect();
    let counts: Vec<u32> = rows.iter().map(|row| row[2].parse().unwrap()).collect();
    let (residents, total) = (column(3), f64::from(counts.iter().sum::<u32>()));
    let people: f64 = residents.iter().sum();
    let expected: Vec<f64> = residents.iter().map(|value| value * total / people).collect();

    let neighbours = Neighbours::queen(&cells);
    let found = local_poisson(&counts, &expected, &neighbours, Tail::Poisson).unwrap();
    assert_eq!(found.areas.len(), 444);
    for (row, area) in rows.iter().zip(&found.areas) {
        let what = format!("{row:?}");
        assert_eq!(area.observed, row[4].parse::<u64>().unwrap());
        assert_close(area.expected, number(row, 5), &what);
        assert_close(area.ratio, number(row, 6), &what);
        assert_close(area.p, number(row, 7), &what);
        assert_close(area.q, number(row, 9), &what);
    }
    let hot = found.areas.iter().filter(|area| area.q <= 0.05).count();
    assert_eq!(hot, 18);
    assert!((found.dispersion - 2.32).abs() < 0.005, "{}", found.dispersion);
}
