//! What must not matter does not matter: how many threads there are, in which
//! order events come, and where on earth the plane begins.
#![expect(clippy::unwrap_used, reason = "a test may stop where its own input is refused")]

use fyren_core::analysis::evaluate::{PanelRow, difference_in_differences};
use fyren_core::analysis::forecast::{ForecastDomain, Hindcast, baselines};
use fyren_core::analysis::{
    Dated, Edge, Floor, Kernel, Monthly, Rectangle, Shore, SiteGoal, Sites, SitesProblem, Surface,
    Weighted, density, leave_one_out, p_median, sites, suggest_bandwidth,
};
use fyren_core::domain::Plane;
use fyren_core::plane::{Coverage, Extent, Grid};
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

const SIDE_M: f64 = 8000.0;

fn moved(at: Plane, by: Plane) -> Plane {
    Plane { east: at.east + by.east, north: at.north + by.north }
}

/// Events around five places and anywhere, some of them twice.
fn events(seed: u64, number: usize) -> Vec<Weighted> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut within = |width: f64| Plane {
        east: random.random_range(0.0..width),
        north: random.random_range(0.0..width),
    };
    let places: Vec<Plane> = (0..5).map(|_| within(SIDE_M - 900.0)).collect();
    let at = |event: usize| match event % 7 {
        5 => within(SIDE_M),
        6 => places[0],
        place => moved(places[place], within(900.0)),
    };
    (0..number).map(at).map(|at| Weighted { at, weight: 1.0 }).collect()
}

fn grid_from(corner: Plane) -> Grid {
    Grid::new(corner, 100.0, 80, 80).unwrap()
}

const ORIGIN: Plane = Plane { east: 0.0, north: 0.0 };
const EXTENT: Extent = Extent { west: 0.0, south: 0.0, east: SIDE_M, north: SIDE_M };

fn kernels() -> [Kernel; 2] {
    [Kernel::default(), Kernel::gaussian(600.0).unwrap()]
}

fn dated(events: &[Weighted]) -> Vec<Dated> {
    events
        .iter()
        .zip((0..720).cycle())
        .map(|(e, day)| Dated { at: e.at, day: f64::from(day) })
        .collect()
}

fn chosen(events: &[Weighted]) -> Sites {
    let candidates: Vec<Plane> = events.iter().take(40).map(|event| event.at).collect();
    let floors = [Floor { at: candidates[3], radius_m: 900.0 }];
    let (p, radius_m, goal) = (4, 700.0, SiteGoal::Cover);
    sites(&SitesProblem {
        demand: events,
        candidates: &candidates,
        p,
        radius_m,
        floors: &floors,
        goal,
    })
    .unwrap()
}

/// Every answer that is computed side by side, written out.
fn everything(events: &[Weighted]) -> String {
    let grid = grid_from(ORIGIN);
    // Enough copies that the binned path is taken.
    let many: Vec<Weighted> =
        events.iter().flat_map(|event| std::iter::repeat_n(*event, 200)).collect();
    let mut monthly = Monthly::new(grid, Kernel::default());
    for (event, month) in events.iter().zip((0..30).cycle()) {
        monthly.add(&0_u8, month, *event).unwrap();
    }
    let surfaces = kernels().map(|kernel| {
        let rectangle = Rectangle { extent: EXTENT, kernel, edge: Edge::Diggle };
        let shore = Shore::new(Coverage::full(grid), kernel);
        (
            density(&grid, kernel, &many).unwrap(),
            rectangle.density(&grid, events).unwrap(),
            shore.density(events, Edge::Uniform).unwrap(),
            leave_one_out(kernel, events),
        )
    });
    let population = vec![1.0; grid.len()];
    let domain = ForecastDomain::new(grid, &vec![0.01; grid.len()], &population).unwrap();
    let foretold = baselines(&dated(events), &domain, &Hindcast::monthly(720.0, 90.0)).unwrap();
    let panel: Vec<PanelRow> = (0..16_u64)
        .flat_map(|area| (0..8_i64).map(move |period| (area, period)))
        .map(|(area, period)| PanelRow {
            area,
            period,
            treated: area < 5,
            post: period > 4,
            count: 3 + (area * 7 + period.unsigned_abs() * 5) % 11,
        })
        .collect();
    let effect = difference_in_differences(&panel, 9).unwrap();
    let bandwidth = suggest_bandwidth(events, EXTENT).unwrap();
    let year = monthly.density(3..15, |_| true);
    format!("{surfaces:?} {foretold:?} {effect:?} {bandwidth:?} {year:?} {:?}", chosen(events))
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let events = events(3, 400);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| everything(&events))
    };
    let one = on(1);
    for threads in [2, 3, 8] {
        assert!(one == on(threads), "{threads} threads give another answer");
    }
}

/// The largest difference, as a share of the largest value.
fn off(one: &Surface, other: &Surface) -> f64 {
    let most = one.values.iter().copied().fold(0.0, f64::max);
    let off = one.values.iter().zip(&other.values).map(|(one, other)| (one - other).abs());
    off.fold(0.0, f64::max) / most
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn where_the_plane_begins_does_not_matter(
        seed in 0u64..1000, east in -500i32..500, north in -500i32..500,
    ) {
        let by = Plane { east: f64::from(east) * 1e4, north: f64::from(north) * 1e4 };
        let here = events(seed, 120);
        let there: Vec<Weighted> =
            here.iter().map(|event| Weighted { at: moved(event.at, by), ..*event }).collect();
        for kernel in kernels() {
            let one = density(&grid_from(ORIGIN), kernel, &here).unwrap();
            let other = density(&grid_from(by), kernel, &there).unwrap();
            prop_assert!(off(&one, &other) < 1e-9, "{kernel:?}: {}", off(&one, &other));
        }
        let moved_extent = Extent {
            west: by.east,
            south: by.north,
            east: by.east + SIDE_M,
            north: by.north + SIDE_M,
        };
        let one = suggest_bandwidth(&here, EXTENT).unwrap();
        let other = suggest_bandwidth(&there, moved_extent).unwrap();
        prop_assert!((one.sigma_m / other.sigma_m - 1.0).abs() < 1e-3, "{one:?} {other:?}");
        prop_assert!((chosen(&here).objective - chosen(&there).objective).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_events_does_not_matter(seed in 0u64..1000) {
        let events = events(seed, 150);
        let mut turned = events.clone();
        turned.reverse();
        let grid = grid_from(ORIGIN);
        for kernel in kernels() {
            for edge in [Edge::None, Edge::Uniform, Edge::Diggle] {
                let rectangle = Rectangle { extent: EXTENT, kernel, edge };
                prop_assert_eq!(
                    rectangle.density(&grid, &events).unwrap(),
                    rectangle.density(&grid, &turned).unwrap()
                );
            }
        }
        let one = suggest_bandwidth(&events, EXTENT).unwrap();
        let other = suggest_bandwidth(&turned, EXTENT).unwrap();
        prop_assert!((one.sigma_m / other.sigma_m - 1.0).abs() < 1e-3);
        let candidates: Vec<Plane> = events.iter().take(30).map(|event| event.at).collect();
        let one = p_median(&events, &candidates, 3).unwrap().objective;
        let other = p_median(&turned, &candidates, 3).unwrap().objective;
        prop_assert!((one / other - 1.0).abs() < 1e-12);
    }
}
