//! Dose, need and gap against pandas.

use crate::read::{assert_close, json, table};
use fyren_core::analysis::{DoseBand, Stay, balance, doses};
use serde_json::Value;

/// The village nearest to a point.
fn village(villages: &[Value], x: f64, y: f64) -> usize {
    let off = |at: &usize| {
        let of = |name: &str| villages[*at][name].as_f64().unwrap();
        (of("x") - x).hypot(of("y") - y)
    };
    (0..villages.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap()
}

#[test]
fn dose_gap_and_both_indices_are_those_of_pandas() {
    let meta = json("input/meta.json");
    let villages = meta["villages"].as_array().unwrap();
    let patrols = table("input/patrols.csv");
    let places = patrols.column::<f64>("x").into_iter().zip(patrols.column::<f64>("y"));
    let times =
        patrols.column::<i64>("day").into_iter().zip(patrols.column::<u16>("minute_of_day"));
    let stays: Vec<Stay> = places
        .zip(times)
        .zip(patrols.column("duration_min"))
        .map(|(((x, y), (day, minute)), minutes)| {
            let hour = u8::try_from(minute / 60).unwrap();
            Stay { area: village(villages, x, y), day, hour, minutes }
        })
        .collect();
    let found = doses(villages.len(), &stays, (641, 730), DoseBand::default()).unwrap();

    let reports = table("input/reports.csv");
    let places = reports.column::<f64>("x").into_iter().zip(reports.column::<f64>("y"));
    let mut need = vec![0.0; villages.len()];
    for ((x, y), day) in places.zip(reports.column::<i64>("day")) {
        if day >= 366 {
            need[village(villages, x, y)] += 1.0;
        }
    }
    let presence: Vec<f64> = found.iter().map(|dose| dose.minutes).collect();
    let people: Vec<f64> = villages.iter().map(|v| v["population"].as_f64().unwrap()).collect();
    let balance = balance(&need, &presence, &people).unwrap();

    let expected = json("expected/presence_gap.json");
    for ((dose, gap), row) in
        found.iter().zip(&balance.areas).zip(expected["areas"].as_array().unwrap())
    {
        let of = |name: &str| row[name].as_f64().unwrap();
        let whole = |name: &str| row[name].as_i64().unwrap();
        let counts = [dose.visits, dose.visits_least, dose.visits_band, dose.distinct_days];
        let names = ["visits_90d", "visits_ge10", "visits_10_16", "distinct_days"];
        assert_eq!(counts.map(i64::from), names.map(whole), "{row}");
        assert_eq!(dose.days_since_last, Some(whole("days_since_last")), "{row}");
        assert_eq!(dose.longest_gap, whole("longest_gap_days"), "{row}");
        assert_close(dose.minutes, of("minutes_90d"), 1e-9, "minutes");
        assert_close(dose.minutes_by_block.iter().sum(), dose.minutes, 1e-9, "blocks");
        assert_close(gap.need_share, of("need_share"), 1e-9, "need");
        assert_close(gap.presence_share, of("presence_share"), 1e-9, "presence");
        assert_close(gap.population_share, of("population_share"), 1e-9, "population");
        assert_close(gap.gap, of("gap"), 1e-9, "gap");
        assert_close(gap.coverage.unwrap(), of("coverage_ratio"), 1e-9, "coverage");
    }
    let index = |name: &str| expected[name].as_f64().unwrap();
    assert_close(
        balance.misallocation.unwrap(),
        index("misallocation_index"),
        1e-9,
        "misallocation",
    );
    assert_close(balance.concentration.unwrap(), index("concentration_index"), 1e-9, "Gini");
}
