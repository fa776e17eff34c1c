//! What is odd about a file is told, with counts and lines to look at.

use crate::support::{incidents, repository, request, run};
use fyren::import::Kind;
use std::fmt::Write as _;

/// A synthetic city: rows on a lattice of crossings, days and minutes spread.
fn city(rows: u32, odd: impl Fn(u32) -> Option<String>) -> String {
    let mut table = String::from("id,at,lat,lon\n");
    for row in 0..rows {
        let usual = || {
            let (month, day) = (1 + row % 12, 1 + (row / 12) % 28);
            let (lat, lon) =
                (58.30 + f64::from(row % 97) * 1e-3, 11.2 + f64::from(row % 89) * 1e-3);
            format!("2026-{month:02}-{day:02} {:02}:{:02},{lat:.4},{lon:.4}", row % 24, row % 59)
        };
        writeln!(table, "{row},{}", odd(row).unwrap_or_else(usual)).unwrap();
    }
    table
}

#[test]
fn a_usual_file_is_told_nothing_of() {
    let found = incidents(&city(3_000, |_| None)).findings;
    assert_eq!(found.clock.defaults(), []);
    assert_eq!((found.repeated_points().1, found.outliers().1), (0, 0));
}

#[test]
fn an_institution_is_told_with_its_rows_and_its_first_line() {
    // As in Toronto, where one point of 18 771 holds 915 rows.
    let spot = |row: u32| {
        row.is_multiple_of(20).then(|| format!("2026-03-04 11:{:02},58.3333,11.2222", row % 59))
    };
    let found = incidents(&city(3_000, spot)).findings;
    let (piles, count) = found.repeated_points();
    assert_eq!((count, piles[0].rows, piles[0].line), (1, 150, 2));
    assert_eq!(found.points(), 3_000);
}

#[test]
fn firsts_of_months_and_of_years_that_stand_for_no_day_are_told() {
    let first = |row: u32| match row % 10 {
        0 => Some("2026-01-01 08:11,58.31,11.21".to_owned()),
        1 => Some(format!("2026-{:02}-01 08:12,58.31,11.21", 2 + row % 11)),
        _ => None,
    };
    let piles = incidents(&city(3_000, first)).findings.clock.defaults();
    let told: Vec<_> = piles.iter().map(|found| found.pile.code()).collect();
    assert_eq!(told, ["first_of_month", "first_of_year"]);
    assert!(piles.iter().all(|pile| pile.rows >= 300 && pile.expected < 100), "{piles:?}");
    assert_eq!((piles[0].lines[0], piles[1].lines[..2].to_vec()), (3, vec![2, 12]));
}

#[test]
fn points_far_from_all_others_are_told() {
    // As in London, where two of 138 555 rows lie outside the city.
    let far = |row: u32| (row == 700).then(|| "2026-03-04 11:11,57.10,11.25".to_owned());
    let (apart, count) = incidents(&city(3_000, far)).findings.outliers();
    assert_eq!((count, apart[0].rows, apart[0].line), (1, 1, 702));
    assert!((apart[0].position.latitude - 57.1).abs() < 1e-9);
}

#[test]
fn the_real_incidents_of_a_small_municipality_have_no_false_outlier() {
    let bytes = std::fs::read(repository("data/sotenas/police-events.csv")).unwrap();
    let found = run(&bytes, &request(Kind::Incidents)).unwrap().findings;
    assert_eq!((found.points(), found.outliers().1), (56, 0));
    assert_eq!(found.clock.defaults(), []);
}
