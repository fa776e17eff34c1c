//! Small numbers against statsmodels.

use crate::run::{assert_close, document, number, rows};

#[test]
fn the_exact_intervals_are_those_of_statsmodels() {
    for row in document("expected/small_numbers.json")["garwood_95"].as_array().unwrap() {
        let found = &rows(&["interval", "--count", &row["count"].to_string()])[0];
        assert_close(number(found, "low"), number(row, "lo"), 1e-9, &row.to_string());
        assert_close(number(found, "high"), number(row, "hi"), 1e-9, &row.to_string());
    }
}

#[test]
fn a_rate_has_the_interval_of_its_count() {
    let found = &rows(&["interval", "--count", "10", "--exposure", "4"])[0];
    assert_close(number(found, "rate"), 2.5, 1e-12, "rate");
    assert_close(number(found, "rateHigh"), number(found, "high") / 4.0, 1e-12, "high");
}

#[test]
fn two_counts_compare_as_in_statsmodels() {
    for row in document("expected/small_numbers.json")["two_counts"].as_array().unwrap() {
        let text = |name: &str| row[name].to_string();
        let (a, b) = (text("c1"), text("c2"));
        let (first, second) = (text("exp1"), text("exp2"));
        let args = ["compare", "--a", &a, "--b", &b, "--exposure-a", &first];
        let found = &rows(&[&args[..], &["--exposure-b", &second]].concat())[0];
        assert_close(number(found, "p"), number(row, "cond-midp"), 1e-9, &row.to_string());
        let high = row["ratio_ci_score"][1].as_f64().unwrap();
        // The peer searches for its ends and stops at six or more digits.
        assert_close(number(found, "high"), high, 1e-6, &row.to_string());
    }
}
