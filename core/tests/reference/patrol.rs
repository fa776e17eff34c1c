//! Patrol rounds against the best that vehicle routing solvers found.

use crate::read::{json, text};
use fyren_core::analysis::patrol::{Patrol, PatrolSearch, Stop, Travel, Unit, plan_patrol};

#[test]
fn two_units_gather_at_least_as_much_as_the_best_of_the_peers() {
    let given = json("expected/team_orienteering.json");
    let number = |value: &serde_json::Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let service = number(&given["service_s"]);
    let seconds: Vec<u32> = text("input/top_travel_seconds.csv")
        .lines()
        .flat_map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect::<Vec<_>>())
        .collect();
    let prizes = given["prizes"].as_array().unwrap();
    let travel = Travel::new(prizes.len(), &seconds).unwrap();
    let to = number(&given["shift_s"]);
    let stop = |(node, prize): (usize, &serde_json::Value)| Stop {
        node,
        prize: prize.as_f64().unwrap(),
        service,
        open: 0,
        close: to,
        unit: None,
        apart: None,
    };
    // Node 0 is the base.
    let stops: Vec<Stop> = prizes.iter().enumerate().skip(1).map(stop).collect();
    let units = vec![Unit { base: 0, from: 0, to, travel }; 2];
    let patrol = Patrol { stops: &stops, units: &units, floors: &[] };
    let best = given["pyvrp"]["prize"].as_f64().unwrap();
    for seed in 0..3 {
        let search = PatrolSearch { seed, rounds: 20_000, irregularity: 0.0 };
        let start = std::time::Instant::now();
        let plan = plan_patrol(&patrol, search).unwrap();
        println!("seed {seed}: {} of {best}, {:?}", plan.prize, start.elapsed());
        assert!(plan.prize >= best, "seed {seed}: {} of {best}", plan.prize);
        let visits: usize = plan.rounds.iter().map(Vec::len).sum();
        assert!(visits >= 20 && plan.back.iter().all(|back| *back <= to));
    }
}
