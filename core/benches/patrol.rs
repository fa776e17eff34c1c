//! Patrol rounds: how much worth is gathered in how long, beside the solver
//! that found the most on the reference, given as long and given 15 s.
//!
//! `FYREN_PYTHON` names an interpreter that has `PyVRP`, else `python3` is asked.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use fyren_core::analysis::patrol::{Patrol, PatrolSearch, Stop, Travel, Unit, plan_patrol};
use std::process::Command;
use std::time::Instant;

/// One question, with node 0 as the base.
struct Instance {
    name: &'static str,
    prizes: Vec<u32>,
    travel: Vec<u32>,
    units: usize,
    shift: u32,
    rounds: u32,
}

const SERVICE: u32 = 720;

fn main() {
    for instance in [village(), city()] {
        let nodes = instance.prizes.len() + 1;
        let travel = Travel::new(nodes, &instance.travel).unwrap();
        let stops: Vec<Stop> = (1..nodes)
            .map(|node| Stop {
                node,
                prize: instance.prizes[node - 1].into(),
                service: SERVICE,
                open: 0,
                close: instance.shift,
                unit: None,
                apart: None,
            })
            .collect();
        let unit = Unit { base: 0, from: 0, to: instance.shift, travel };
        let units = vec![unit; instance.units];
        let patrol = Patrol { stops: &stops, units: &units, floors: &[] };
        let search = PatrolSearch { seed: 1, rounds: instance.rounds, irregularity: 0.0 };
        let start = Instant::now();
        let plan = plan_patrol(&patrol, search).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let (name, prize) = (instance.name, plan.prize);
        println!("| patrol rounds for {name} | worth {prize:.0} in {seconds:.2} s | 2 s |");
        for limit in [seconds, 15.0] {
            match peer(&instance, limit) {
                Some(theirs) => println!(
                    "| the same by PyVRP in {limit:.1} s | worth {theirs:.0}, {:.3} of ours | 1 |",
                    theirs / prize
                ),
                None => println!("| the same by PyVRP | not installed | 1 |"),
            }
        }
    }
}

/// The reference: forty places of a coastal municipality, two units, three hours.
fn village() -> Instance {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/analytics");
    let text = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    let given: serde_json::Value =
        serde_json::from_str(&text("expected/team_orienteering.json")).unwrap();
    let prizes: Vec<u32> = serde_json::from_value(given["prizes"].clone()).unwrap();
    let travel = text("input/top_travel_seconds.csv");
    let travel = travel.split([',', '\n']).filter(|cell| !cell.is_empty());
    Instance {
        name: "40 places, 2 units of 3 h",
        prizes: prizes[1..].to_vec(),
        travel: travel.map(|cell| cell.trim().parse().unwrap()).collect(),
        units: 2,
        shift: 10_800,
        rounds: 20_000,
    }
}

/// A made-up city of 10 km: few places matter much, most a little.
fn city() -> Instance {
    let mut state = 1427_u64;
    let mut unit = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 33).unwrap()) / f64::from(1_u32 << 31)
    };
    let mut places: Vec<(f64, f64)> =
        (0..500).map(|_| (unit() * 10_000.0, unit() * 10_000.0)).collect();
    places.insert(0, (5_000.0, 5_000.0));
    let whole = |number: f64| number.round().to_string().parse::<u32>().unwrap();
    let prizes = (0..500).map(|_| whole(1.0 + 2.0 / (0.03 + unit()))).collect();
    let seconds = |a: &(f64, f64), b: &(f64, f64)| {
        // 30 km/h on a way that is 1.3 times the straight line.
        whole(1.3 * (a.0 - b.0).hypot(a.1 - b.1) / (30.0 / 3.6))
    };
    let travel = places.iter().flat_map(|a| places.iter().map(move |b| seconds(a, b))).collect();
    Instance {
        name: "500 places, 20 units of 4 h",
        prizes,
        travel,
        units: 20,
        shift: 14_400,
        rounds: 12_000,
    }
}

fn peer(instance: &Instance, seconds: f64) -> Option<f64> {
    let nodes = instance.prizes.len() + 1;
    let travel: Vec<&[u32]> = instance.travel.chunks(nodes).collect();
    let given = serde_json::json!({
        "prizes": instance.prizes, "travel": travel, "units": instance.units,
        "shift": instance.shift, "service": SERVICE,
    });
    let file = std::env::temp_dir().join(format!("fyren-patrol-{}.json", std::process::id()));
    std::fs::write(&file, given.to_string()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
    let python = std::env::var("FYREN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/patrol.py");
    let told = Command::new(python).arg(script).arg(&file).arg(seconds.to_string()).output();
    std::fs::remove_file(&file).unwrap();
    let told = String::from_utf8(told.ok()?.stdout).ok()?;
    told.lines().find_map(|line| line.strip_prefix("pyvrp\t"))?.parse().ok()
}
