//! Forecast quality on the fixture, beside what an independent count of the
//! same hindcast gave (`analytics` of the specification, to a decimal).

use crate::read::table;
use fyren_core::analysis::Dated;
use fyren_core::analysis::forecast::{Baseline, ForecastDomain, Hindcast, SHARES, baselines};
use fyren_core::domain::Plane;
use fyren_core::plane::Grid;

fn events() -> Vec<Dated> {
    let table = table("input/reports.csv");
    let places = table.column("x").into_iter().zip(table.column("y"));
    let events = places.zip(table.column("day"));
    events.map(|((east, north), day)| Dated { at: Plane { east, north }, day }).collect()
}

/// The cells with residents or reports, and their residents.
fn domain() -> ForecastDomain {
    let corner = Plane { east: 277_000.0, north: 6_470_000.0 };
    let grid = Grid::new(corner, 250.0, 48, 80).unwrap();
    let (mut areas, mut population) = (vec![0.0; grid.len()], vec![0.0; grid.len()]);
    let table = table("input/grid250.csv");
    let cells = table.column::<usize>("row").into_iter().zip(table.column::<usize>("col"));
    for ((row, column), people) in cells.zip(table.column::<f64>("population")) {
        areas[row * 48 + column] = grid.cell_km2();
        population[row * 48 + column] = people;
    }
    ForecastDomain::new(grid, &areas, &population).unwrap()
}

#[test]
fn the_counts_of_last_year_foretell_less_than_where_people_live() {
    for horizon in [30.0, 90.0] {
        let plan = Hindcast::monthly(731.0, horizon);
        let found = baselines(&events(), &domain(), &plan).unwrap();
        let names: Vec<Baseline> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [Baseline::Population, Baseline::LastYear, Baseline::Density]);
        for (name, quality) in &found {
            assert_eq!((quality.origins, quality.shares.len()), (12, SHARES.len()));
            let rates: Vec<f64> = quality.shares.iter().map(|s| s.hit_rate.value).collect();
            assert!(rates.windows(2).all(|pair| pair[0] < pair[1]), "{name:?}: {rates:?}");
            for share in &quality.shares {
                assert!((share.pai.value - share.hit_rate.value / share.share).abs() < 1e-9);
                assert!((0.0..=1.0).contains(&share.pei.value), "{name:?} {share:?}");
                assert!(share.pai.low < share.pai.value && share.pai.value < share.pai.high);
            }
        }
        let log = |at: usize| found[at].1.log_score.value;
        assert!(log(1) < log(0) - 0.3 && log(1) < log(2) - 0.3, "{} {}", log(0), log(1));
        assert!((log(0) - log(2)).abs() < 0.2, "{} {}", log(0), log(2));
    }
}
