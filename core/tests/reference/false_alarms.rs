//! How often a map of chance alone has a confirmed hot spot, and how often a
//! place of true higher risk is one: 200 maps of each kind, 199 simulated scans
//! of each, fixed seeds. `docs/methods.md` gives the numbers.

use crate::village::{Village, grid, reports, told, told_by_all};
use fyren_core::analysis::{
    Basis, Exposure, HotRule, HotStatus, Hotcells, Scanner, Sighting, Trials, chance_map, hotcells,
    hotspots, unwatched,
};
use fyren_core::domain::Plane;
use geo::{Contains, Point};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

const MAPS: u32 = 200;
const SIZES: [usize; 3] = [120, 300, 640];
const LARGEST_SHARE: f64 = 0.1;

/// 199 simulations; a cluster that chance has reached ten times has p > 0.05.
fn trials(seed: u64) -> Trials {
    Trials { number: 199, seed, enough: Some(10) }
}

/// What is wrong with the world, beside the null that is tested.
#[derive(Debug, Clone, Copy)]
enum Disturbance {
    None,
    /// Guests double the residents of Smögen, and nobody has told the exposure.
    Guests,
    /// The residents of each cell are off by a lognormal factor of sd 0.5.
    Errors,
    /// Every fourth source tells of its event twice.
    Repeats,
}

const ALL: [Disturbance; 4] =
    [Disturbance::None, Disturbance::Guests, Disturbance::Errors, Disturbance::Repeats];

impl Disturbance {
    fn truth(self, village: &Village, seed: u64) -> Exposure {
        match self {
            Self::None | Self::Repeats => village.believed.clone(),
            Self::Guests => village.times(2.0, 900.0),
            Self::Errors => village.blurred(seed),
        }
    }

    fn map(self, truth: &Exposure, events: usize, seed: u64) -> Vec<Sighting> {
        match self {
            Self::Repeats => {
                let mut told = told_by_all(chance_map(truth, events * 4 / 5, seed));
                told.extend(told.clone().into_iter().step_by(4));
                told
            }
            _ => told_by_all(chance_map(truth, events, seed)),
        }
    }
}

fn is_confirmed(found: &Hotcells) -> bool {
    found.cells.iter().any(|cell| cell.status == HotStatus::Confirmed)
}

/// The local test, and the scan where it could confirm something.
fn confirmed(exposure: &Exposure, map: &[Sighting], seed: u64) -> bool {
    stands_out(exposure, map)
        && confirmed_by(&exposure.scanner(LARGEST_SHARE).unwrap(), exposure, map, seed)
}

fn stands_out(exposure: &Exposure, map: &[Sighting]) -> bool {
    let rule = HotRule::default();
    let found = hotcells(map, exposure, &rule).unwrap();
    found.cells.iter().any(|cell| cell.q <= rule.largest_q)
}

/// Both tests, with the discs of an exposure that many maps share.
fn confirmed_by(scanner: &Scanner, exposure: &Exposure, map: &[Sighting], seed: u64) -> bool {
    let rule = HotRule::default();
    let found = hotcells(map, exposure, &rule).unwrap();
    is_confirmed(&found.confirm(scanner, &rule, trials(seed), &unwatched).unwrap())
}

fn share(maps: u32, confirmed: impl Fn(u64) -> bool + Sync) -> f64 {
    let alarms = (0..maps).into_par_iter().filter(|&seed| confirmed(u64::from(seed))).count();
    f64::from(u32::try_from(alarms).unwrap()) / f64::from(maps)
}

/// Two earlier years as they were, then: what is expected of this one.
fn after_two_years(believed: &Exposure, truth: &Exposure, events: usize, seed: u64) -> Exposure {
    let earlier = told_by_all(chance_map(truth, 2 * events, seed ^ 0xbef0_0000));
    Exposure::own_history(believed, &earlier, 30)
}

#[test]
fn an_exposure_with_guests_confirms_on_at_most_5_percent_of_chance_maps_even_where_it_is_wrong() {
    let village = Village::new();
    let believed = village.believed.clone().on_basis(Basis::Visitors);
    let scanner = believed.scanner(LARGEST_SHARE).unwrap();
    for disturbance in ALL {
        for events in SIZES {
            let alarms = share(MAPS, |seed| {
                let map = disturbance.map(&disturbance.truth(&village, seed), events, seed);
                confirmed_by(&scanner, &believed, &map, seed)
            });
            println!("guests known, {disturbance:?}, {events} events: {:.1} %", 100.0 * alarms);
            assert!(alarms <= 0.05, "{disturbance:?}, {events} events: {alarms}");
        }
    }
}

#[test]
fn an_own_history_confirms_on_at_most_5_percent_of_chance_maps_whatever_is_wrong() {
    let village = Village::new();
    for disturbance in ALL {
        for events in SIZES {
            let alarms = share(MAPS, |seed| {
                let truth = disturbance.truth(&village, seed);
                let map = disturbance.map(&truth, events, seed);
                confirmed(&after_two_years(&village.believed, &truth, events, seed), &map, seed)
            });
            println!("own history, {disturbance:?}, {events} events: {:.1} %", 100.0 * alarms);
            assert!(alarms <= 0.05, "{disturbance:?}, {events} events: {alarms}");
        }
    }
}

#[test]
fn the_power_to_confirm_a_place_of_higher_risk_grows_with_events_and_risk() {
    let village = Village::new();
    let visitors = village.believed.clone().on_basis(Basis::Visitors);
    let scanner = visitors.scanner(LARGEST_SHARE).unwrap();
    println!("| risk | events | confirmed: guests known | own history |");
    let mut by_risk = Vec::new();
    for factor in [2.0, 3.0, 5.0] {
        let planted = village.times(factor, 300.0);
        let map = |events, seed| told_by_all(chance_map(&planted, events, seed));
        let power = SIZES.map(|events| {
            let known = share(50, |seed| {
                let map = map(events, seed);
                stands_out(&visitors, &map) && confirmed_by(&scanner, &visitors, &map, seed)
            });
            let own = share(50, |seed| {
                let before = after_two_years(&village.believed, &village.believed, events, seed);
                confirmed(&before, &map(events, seed), seed)
            });
            println!("| {factor} | {events} | {:.0} % | {:.0} % |", 100.0 * known, 100.0 * own);
            (known, own)
        });
        assert!(power.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 0.05), "{power:?}");
        by_risk.push(power);
    }
    let [doubled, _, five_fold] = &by_risk[..] else { panic!("three risks") };
    assert!(doubled[2].1 >= 0.2, "a new doubling among 640 reports: {}", doubled[2].1);
    assert!(five_fold[1].1 >= 0.9 && five_fold[2].0 >= 0.9, "{five_fold:?}");
}

/// Cells of the two planted spots: the quay, and Hunnebostrand.
const PLANTED: [(usize, usize); 2] = [(9, 16), (29, 56)];

fn status_at(events: &[Sighting], exposure: &Exposure, (column, row): (usize, usize)) -> HotStatus {
    let rule = HotRule::default();
    let scanner = exposure.scanner(LARGEST_SHARE).unwrap();
    let found = hotcells(events, exposure, &rule).unwrap();
    let found = found.confirm(&scanner, &rule, trials(1), &unwatched).unwrap();
    let middle = grid().centre(row * grid().columns() + column);
    let spots = hotspots(events, exposure, &found);
    let near = |spot: &&fyren_core::analysis::Hotspot| {
        spot.shape.contains(&Point::new(middle.east, middle.north))
    };
    spots.iter().find(near).map_or(HotStatus::None, |spot| {
        assert!(spot.cluster.is_none_or(|cluster| cluster.p <= 0.05 && cluster.llr > 5.0));
        spot.status
    })
}

#[test]
fn both_planted_spots_are_found_and_confirmed_by_what_can_confirm_them() {
    let village = Village::new();
    let sighting = |(n, (at, day)): (u64, (Plane, i64))| told(at, n, day);
    let events: Vec<Sighting> = (0u64..).zip(reports()).map(sighting).collect();
    let of = |exposure: &Exposure, events: &[Sighting]| {
        PLANTED.map(|cell| status_at(events, exposure, cell))
    };
    // Residents alone confirm nothing, however strong.
    assert_eq!(of(&village.believed, &events), [HotStatus::Watch; 2]);
    let visitors = village.believed.clone().on_basis(Basis::Visitors);
    assert_eq!(of(&visitors, &events), [HotStatus::Confirmed, HotStatus::Watch]);
    // The quay has its crowd every summer; Hunnebostrand is news of the second year.
    let (before, since): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| event.time < told(grid().centre(0), 0, 365).time);
    let history = Exposure::own_history(&village.believed, &before, 30);
    assert_eq!(of(&history, &since), [HotStatus::None, HotStatus::Confirmed]);
}

#[test]
fn thirty_reports_of_one_source_move_no_cell_and_add_no_spot() {
    let village = Village::new();
    let sighting = |(n, (at, day)): (u64, (Plane, i64))| told(at, n, day);
    let honest: Vec<Sighting> = (0u64..).zip(reports()).map(sighting).collect();
    let rule = HotRule::default();
    let spots = |events: &[Sighting]| {
        let found = hotcells(events, &village.believed, &rule).unwrap();
        hotspots(events, &village.believed, &found)
    };
    let ranked = |events: &[Sighting]| -> Vec<Vec<usize>> {
        spots(events).into_iter().filter(|spot| spot.q <= 0.05).map(|spot| spot.cells).collect()
    };
    let before = ranked(&honest);
    let shares = village.believed.shares().iter().enumerate();
    let quiet: Vec<usize> =
        shares.filter(|(_, share)| **share > 0.0).map(|(cell, _)| cell).collect();
    let untouched = quiet.iter().filter(|cell| !before.iter().any(|spot| spot.contains(cell)));
    for &cell in untouched.step_by(40) {
        let mut poisoned = honest.clone();
        poisoned.extend((0..30).map(|day| told(grid().centre(cell), 9_999, 700 + day)));
        let after = ranked(&poisoned);
        assert!(!after.iter().any(|spot| spot.contains(&cell)), "{cell}");
        assert_eq!(after.len(), before.len(), "{cell}");
    }
}
