//! Sites against spopt with HiGHS and SciPy.

use crate::read::{json, table};
use fyren_core::analysis::{Floor, SiteGoal, SitesProblem, Weighted, p_median, sites};
use fyren_core::domain::Plane;

/// The centres of the cells with reports, each with their number.
fn demand() -> Vec<Weighted> {
    let table = table("input/grid250.csv");
    let at = |(column, row): (f64, f64)| Plane {
        east: 277_000.0 + (column + 0.5) * 250.0,
        north: 6_470_000.0 + (row + 0.5) * 250.0,
    };
    let places = table.column("col").into_iter().zip(table.column("row")).map(at);
    let cells = places.zip(table.column::<f64>("reports"));
    cells.map(|(at, weight)| Weighted { at, weight }).filter(|cell| cell.weight > 0.0).collect()
}

fn villages() -> Vec<Floor> {
    let meta = json("input/meta.json");
    let number = |village: &serde_json::Value, field: &str| village[field].as_f64().unwrap();
    let villages = meta["villages"].as_array().unwrap().iter();
    let at = |v: &serde_json::Value| Plane { east: number(v, "x"), north: number(v, "y") };
    villages.map(|village| Floor { at: at(village), radius_m: 1500.0 }).collect()
}

/// Each of the reference's answers: number of sites, objective, share.
fn answers(kind: &str) -> Vec<(usize, f64, Option<f64>)> {
    let rows = json("expected/location_models.json")[kind].clone();
    let read = |row: &serde_json::Value| {
        let p = usize::try_from(row["p"].as_u64().unwrap()).unwrap();
        (p, row["objective"].as_f64().unwrap(), row["share"].as_f64())
    };
    rows.as_array().unwrap().iter().map(read).collect()
}

fn covered(p: usize, floors: &[Floor]) -> fyren_core::analysis::Sites {
    let demand = demand();
    let candidates: Vec<Plane> = demand.iter().map(|demand| demand.at).collect();
    let goal = SiteGoal::Cover;
    sites(&SitesProblem {
        demand: &demand,
        candidates: &candidates,
        p,
        radius_m: 750.0,
        floors,
        goal,
    })
    .unwrap()
}

#[test]
fn the_most_demand_is_covered_and_proven_to_be_the_most() {
    for (p, objective, share) in answers("mclp") {
        let found = covered(p, &[]);
        assert!((found.objective - objective).abs() < 1e-9, "{p}: {}", found.objective);
        assert!((found.bound - objective).abs() < 1e-6, "{p}: at most {}", found.bound);
        assert!((found.share - share.unwrap()).abs() < 1e-12, "{p}: {}", found.share);
        assert_eq!(found.chosen.len(), p);
    }
}

#[test]
fn every_village_has_its_site_and_the_floor_has_its_price() {
    for ((p, objective, _), price) in
        answers("mclp_with_village_floor_1500m").iter().zip([15.0, 0.0])
    {
        let found = covered(*p, &villages());
        assert!((found.objective - objective).abs() < 1e-9, "{p}: {}", found.objective);
        assert!((found.floor_cost - price).abs() < 1e-9, "{p}: {}", found.floor_cost);
    }
}

#[test]
fn the_least_distance_is_that_of_the_exact_solver_and_proven() {
    let demand = demand();
    let candidates: Vec<Plane> = demand.iter().map(|demand| demand.at).collect();
    for (p, objective, _) in answers("pmedian") {
        let found = p_median(&demand, &candidates, p).unwrap();
        assert!((found.objective / objective - 1.0).abs() < 1e-9, "{p}: {}", found.objective);
        assert!((found.bound / objective - 1.0).abs() < 1e-9, "{p}: at least {}", found.bound);
    }
}
