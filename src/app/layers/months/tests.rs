//! Patched grids against rebuilt ones, and maps from grids against maps from
//! events.

use super::*;
use crate::app::layers::heat::Heat;
use crate::app::layers::tests::given::{REPORT, Told, VISIT, asked, ground, lands};
use crate::spatial::{Changes, Loader};
use fyren_core::domain::{Flags, Id, Layer, Role, Seq};
use proptest::prelude::*;

const DAYS: [&str; 5] = [
    "2025-01-31T23:30:00Z",
    "2026-09-14T04:00:00Z",
    "2026-09-30T22:30:00Z",
    "2026-10-31T23:30:00Z",
    "2026-11-03T12:00:00Z",
];

/// What may happen to one of twelve events.
#[derive(Debug, Clone, Copy)]
enum Step {
    Erase(u128),
    Put(u128, u16),
    Merge,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..12_u128, any::<u16>()).prop_map(|(id, seed)| Step::Put(id, seed)),
        2 => (0..12_u128).prop_map(Step::Erase),
        1 => Just(Step::Merge),
    ]
}

/// An event made of `seed`: most count, some are quarantined, found by the
/// police, coarse, without a place or visits.
fn told(seed: u16) -> Told {
    let pick = |shift: u16, of: u16| (seed >> shift) % of;
    let flags = [Flags::from_bits(0), Flags::QUARANTINED, Flags::POLICE_INITIATED];
    let at = (11.2 + f64::from(pick(0, 64)) / 213.0, 58.3 + f64::from(pick(6, 64)) / 320.0);
    Told {
        at: (pick(3, 9) > 0).then_some(at),
        precision_m: if pick(5, 7) == 0 { 400.0 } else { 25.0 },
        when: (pick(7, 6) > 0).then_some(DAYS[usize::from(pick(2, 5))]),
        category: ["lighting", "casing", "litter"][usize::from(pick(9, 3))],
        class: [SourceClass::Citizen, SourceClass::Trained][usize::from(pick(11, 2))],
        flags: flags[usize::from(pick(4, 7).min(2)) % 3],
        ..if pick(12, 8) == 0 { VISIT } else { REPORT }
    }
}

proptest! {
    #[test]
    fn grids_that_are_patched_are_those_that_are_rebuilt(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let (ground, lands) = (ground(), lands());
        let land = lands.of(&ground);
        let months = land.months().unwrap();
        let mut loader = Loader::with_capacity(1);
        loader.push(&REPORT.row(&ground, (99, 1)));
        let index = loader.finish(ground.geofence.projection().clone(), Seq(1));
        months.build(Context::Municipal, index.snapshot());
        for (seq, step) in (2..).zip(steps) {
            let mut changes = Changes::default();
            match step {
                Step::Merge => { index.merge(); continue; }
                Step::Put(id, seed) => changes.put(&told(seed).row(&ground, (id, seq))),
                Step::Erase(id) => changes.erase(Id::from_bits(id)),
            }
            index.apply(changes, Seq(seq));
            let now = index.snapshot();
            let Some(held) = months.follow(Context::Municipal, &now) else {
                // It merged meanwhile; what is built beside is built here.
                months.build(Context::Municipal, now);
                continue;
            };
            let rebuilt = months.built(&now).unwrap();
            prop_assert!(held.grids.drift(&rebuilt) < 1e-9);
            prop_assert_eq!(&*held.grids, &rebuilt, "not even the last bit differs");
        }
    }
}

#[test]
fn a_map_from_the_grids_is_the_map_from_the_events() {
    let events: Vec<Told> = (0..2_000u16).map(|number| told(number.wrapping_mul(40_503))).collect();
    for question in [
        "",
        "from=2026-09-10&to=2026-11-05",
        "from=2026-10-01&to=2026-11-01",
        "from=2025-01-15",
        "to=2026-10-31&category=litter,casing",
        "source=citizen",
    ] {
        let source = asked(Layer::Heat, question, Role::Officer, (&events, &[])).unwrap();
        let lands = lands();
        let land = lands.of(&source.ground);
        let one_by_one = Heat::of(&source, &lands).unwrap().surface;
        for (context, snapshot) in source.snapshots() {
            land.months().unwrap().build(context, Arc::clone(snapshot));
        }
        let needs = Needs::of(&source, land.months().unwrap().kernel.coarsest_precision_m());
        let summed = land.months().unwrap().density(&source, &needs).unwrap();
        assert!(summed.is_some(), "{question} is not summed from the grids");
        let from_grids = Heat::of(&source, &lands).unwrap().surface;
        let largest = one_by_one.values.iter().copied().fold(0.0, f64::max);
        assert!(largest > 0.0);
        for (one, other) in one_by_one.values.iter().zip(&from_grids.values) {
            assert!((one - other).abs() < 1e-12 * largest, "{question}: {one} {other}");
        }
    }
}

#[test]
fn what_the_grids_cannot_tell_apart_is_summed_one_by_one() {
    let events = vec![REPORT; 3];
    for question in [
        "hours=22-04",
        "weekdays=fri",
        "season=autumn",
        "district=west",
        "bbox=11,58,12,59",
        "source=presence",
        "from=2026-11-02&to=2026-11-20",
    ] {
        let source = asked(Layer::Heat, question, Role::Officer, (&events, &[])).unwrap();
        let lands = lands();
        let land = lands.of(&source.ground);
        let months = land.months().unwrap();
        for (context, snapshot) in source.snapshots() {
            months.build(context, Arc::clone(snapshot));
        }
        let needs = Needs::of(&source, 350.0);
        assert_eq!(months.density(&source, &needs).unwrap(), None, "{question}");
    }
}

#[test]
fn a_night_finds_what_has_drifted_and_mends_it() {
    let source = asked(Layer::Heat, "", Role::Officer, (&[REPORT, REPORT], &[])).unwrap();
    let lands = lands();
    let land = lands.of(&source.ground);
    let months = land.months().unwrap();
    assert_eq!(months.check(), [], "nobody has asked");
    months.build(Context::Municipal, Arc::clone(source.municipal()));
    let sound = Checked { context: Context::Municipal, drift: 0.0 };
    assert_eq!(months.check(), [sound]);
    if let State::Kept(held) = &mut *lock(&months.contexts[0]) {
        let stray = Weighted { at: Plane { east: 290_000.0, north: 6_478_000.0 }, weight: 1.0 };
        let key = (EventKind::Report, SourceClass::Citizen, "lighting".to_owned());
        Arc::make_mut(&mut held.grids).add(&key, 24_000, stray).unwrap();
    }
    let [found] = months.check()[..] else { panic!("one context") };
    assert!(found.drift > 1e-9);
    assert_eq!(months.check(), [sound]);
}
