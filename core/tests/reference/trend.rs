//! Trends against pymannkendall.

use crate::read::{assert_close, json};
use fyren_core::analysis::{hamed_rao, mann_kendall, seasonal_mann_kendall};

#[test]
fn trends_of_monthly_series_are_those_of_pymannkendall() {
    let rows = json("expected/mann_kendall.json")["results"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 12);
    for row in rows.as_array().unwrap() {
        let of = |name: &str| row[name].as_f64().unwrap();
        let close = |found: f64, name: &str| {
            assert_close(found, of(name), 1e-9, &format!("{name} of {row}"));
        };
        let series: Vec<f64> =
            row["series"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
        let plain = mann_kendall(&series).unwrap();
        let s = |name: &str| row[name].to_string().trim_end_matches(".0").parse::<i64>().unwrap();
        assert_eq!(plain.s, s("S"));
        assert_close(plain.variance, of("var_S"), 1e-15, "variance");
        close(plain.tau, "tau");
        close(plain.z, "z");
        close(plain.p, "p");
        close(plain.slope, "sen_slope");
        close(hamed_rao(&series).unwrap().p, "hamed_rao_p");
        let seasonal = seasonal_mann_kendall(&series, 12).unwrap();
        assert_eq!(seasonal.s, s("seasonal_S"));
        close(seasonal.p, "seasonal_p");
    }
}
