//! The index against a plain list that is scanned.

use super::*;
use crate::spatial::{Bounds, Disc, Event, Filter, Region};
use fyren_core::domain::{
    EventKind, Flags, Hours, Position, Seasons, SourceClass, SourceTag, TimeMasks, TimePrecision,
    Weekdays,
};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const CATEGORIES: [&str; 4] = ["lighting", "speeding", "Snöröjning", "safe_place"];
const DISTRICTS: [&str; 3] = ["109051", "109052", ""];

fn projection() -> Projection {
    Projection::sweref99_tm()
}

/// One event made of `seed`, so that equal seeds make equal events.
fn row(id: u128, seq: i64, seed: u64) -> EventRow<'static> {
    let pick = |shift: u32, of: u64| (seed >> shift) % of;
    let number = |value: u64| u32::try_from(value).unwrap();
    let index = |value: u64| usize::try_from(value).unwrap();
    let at = |part: u64| f64::from(number(part)) / 1000.0;
    let position = Position {
        longitude: 11.1 + 0.4 * at(pick(0, 1000)),
        latitude: 58.3 + 0.2 * at(pick(10, 1000)),
    };
    let second = 1_700_000_000 + i64::from(number(pick(20, 40_000_000)));
    let start = Timestamp::from_second(second).unwrap();
    let known = pick(40, 4) > 0;
    let masks = TimeMasks {
        hours: Hours::from_bits(if known { 1 << pick(42, 24) } else { 0 }),
        weekdays: Weekdays::from_bits(1 << pick(44, 7)),
        seasons: Seasons::from_bits(1 << pick(46, 4)),
    };
    EventRow {
        id: Id::from_bits(id),
        seq: Seq(seq),
        kind: EventKind::ALL[index(pick(48, 3))],
        anchor: (pick(50, 8) > 0).then(|| (position, projection().forward(position))),
        precision_m: 25.0 * at(pick(3, 9000)),
        start: (pick(53, 5) > 0).then_some(start),
        end: (pick(53, 5) > 2).then(|| Timestamp::from_second(second + 5400).unwrap()),
        time_precision: TimePrecision::ALL[index(pick(55, 6))],
        masks,
        received_hour: Timestamp::from_second(second / 3600 * 3600).unwrap(),
        category: CATEGORIES[index(pick(12, 4))],
        source_class: SourceClass::ALL[index(pick(15, 5))],
        source_tag: SourceTag::from_bits(seed),
        district: DISTRICTS[index(pick(18, 3))],
        flags: Flags::from_bits(u16::try_from(pick(56, 256)).unwrap()),
        weight: number(pick(30, 3000)),
        status: "",
    }
}

fn load<'a>(rows: impl IntoIterator<Item = &'a EventRow<'static>>, generation: i64) -> Index {
    let mut loader = Loader::with_capacity(0);
    for row in rows {
        loader.push(row);
    }
    loader.finish(projection(), Seq(generation))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    No,
    Yes,
    UnknownTime,
}

/// What the filter says of one event, written as plainly as can be.
fn plainly(filter: &Filter, row: &EventRow<'_>) -> Answer {
    let any = |list_is_empty: bool, holds: bool| list_is_empty || holds;
    let time = row.start.unwrap_or(row.received_hour);
    let in_box = filter.bounds.is_none_or(|bounds| {
        row.anchor.is_some_and(|(at, _)| {
            (bounds.south_west.longitude..=bounds.north_east.longitude).contains(&at.longitude)
                && (bounds.south_west.latitude..=bounds.north_east.latitude).contains(&at.latitude)
        })
    });
    let in_disc = filter.disc.is_none_or(|disc| {
        row.anchor.is_some_and(|(_, at)| {
            let (x, y) = (at.east - disc.centre.east, at.north - disc.centre.north);
            x.hypot(y) <= disc.radius_m
        })
    });
    let in_region = filter
        .region
        .as_ref()
        .is_none_or(|region| row.anchor.is_some_and(|(at, _)| region.holds(at)));
    let named = any(filter.kinds.is_empty(), filter.kinds.contains(&row.kind))
        && any(filter.categories.is_empty(), filter.categories.iter().any(|c| c == row.category))
        && any(filter.districts.is_empty(), filter.districts.iter().any(|d| d == row.district))
        && any(filter.sources.is_empty(), filter.sources.contains(&row.source_class))
        && filter.from.is_none_or(|from| time >= from)
        && filter.to.is_none_or(|to| time < to)
        && !row.flags.has_any(filter.without)
        && !(row.kind == EventKind::Report
            && filter.hidden_reports.iter().any(|c| c == row.category))
        && row.flags.has(filter.with);
    let masks = row.masks;
    let met =
        any(filter.hours.is_empty() || masks.hours.is_empty(), filter.hours.meets(masks.hours))
            && any(filter.weekdays.is_empty(), filter.weekdays.meets(masks.weekdays))
            && any(filter.seasons.is_empty(), filter.seasons.meets(masks.seasons));
    if !(named && in_box && in_disc && in_region && met) {
        Answer::No
    } else if !filter.hours.is_empty() && masks.hours.is_empty() {
        Answer::UnknownTime
    } else {
        Answer::Yes
    }
}

fn filter() -> impl Strategy<Value = Filter> {
    let time = proptest::option::of(1_700_000_000_i64..1_740_000_000);
    let names = (0..4_usize, 0..3_usize, any::<u8>());
    let place = (0..4_u8, 11.1..11.4_f64, 58.3..58.45_f64, 0.01..0.2_f64);
    (time.clone(), time, any::<u32>(), names, place).prop_map(|(from, to, bits, names, place)| {
        let second = |at: i64| Timestamp::from_second(at).unwrap();
        let (category, district, kinds) = names;
        let (shape, longitude, latitude, size) = place;
        let south_west = Position { longitude, latitude };
        let north_east = Position { longitude: longitude + size, latitude: latitude + size / 2.0 };
        Filter {
            kinds: (kinds % 3 == 0).then_some(EventKind::Report).into_iter().collect(),
            from: from.map(second),
            to: to.map(second),
            hours: Hours::from_bits(if bits % 2 == 0 { 0 } else { bits >> 8 }),
            weekdays: Weekdays::from_bits(if bits % 3 == 0 { 0x1f } else { 0 }),
            seasons: Seasons::from_bits(if bits % 5 == 0 { 0b0101 } else { 0 }),
            categories: CATEGORIES[category..].iter().skip(1).map(|c| (*c).to_owned()).collect(),
            hidden_reports: (kinds % 4 == 0)
                .then(|| CATEGORIES[0].to_owned())
                .into_iter()
                .collect(),
            sources: (kinds % 5 == 0).then_some(SourceClass::Citizen).into_iter().collect(),
            districts: DISTRICTS[district..].iter().skip(1).map(|d| (*d).to_owned()).collect(),
            bounds: (shape & 1 == 1).then_some(Bounds { south_west, north_east }),
            disc: (shape & 2 == 2).then(|| Disc {
                centre: projection().forward(south_west),
                radius_m: size * 40_000.0,
            }),
            region: (shape & 4 == 4).then(|| Arc::new(triangle(south_west, north_east))),
            without: Flags::from_bits(if bits % 7 == 0 { 2 } else { 0 }),
            with: Flags::from_bits(u16::from(bits % 11 == 0)),
        }
    })
}

/// Half of a box.
fn triangle(low: Position, high: Position) -> Region {
    let corner = |x, y| Coord { x, y };
    let ring = vec![
        corner(low.longitude, low.latitude),
        corner(high.longitude, low.latitude),
        corner(high.longitude, high.latitude),
    ];
    Region::new(MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]))
}

/// What happens to an index, in order.
#[derive(Debug, Clone)]
enum Step {
    Put(Vec<(u128, u64)>),
    Erase(Vec<u128>),
    Merge,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => proptest::collection::vec((0..60_u128, any::<u64>()), 1..8).prop_map(Step::Put),
        2 => proptest::collection::vec(0..60_u128, 1..4).prop_map(Step::Erase),
        1 => Just(Step::Merge),
    ]
}

fn check(index: &Index, plain: &BTreeMap<u128, EventRow<'static>>, filter: &Filter) {
    let snapshot = index.snapshot();
    let wanted = |answer| plain.values().filter(move |row| plainly(filter, row) == answer);
    let selection = snapshot.select(filter);
    let found: Vec<Id> = selection.events().map(|event| event.id).collect();
    let expected: Vec<Id> = wanted(Answer::Yes).map(|row| row.id).collect();
    assert_eq!(found, expected, "{filter:?}");
    assert_eq!(selection.unknown_time(), wanted(Answer::UnknownTime).count());
    let mut placed = Vec::new();
    snapshot.each_position(filter, |_, _, row| placed.push(snapshot.at_row(row).id));
    placed.sort_unstable();
    let expected: Vec<Id> =
        wanted(Answer::Yes).filter(|row| row.anchor.is_some()).map(|row| row.id).collect();
    assert_eq!(placed, expected);
    assert_eq!(snapshot.len(), plain.len());
}

fn exact_places(snapshot: &Arc<Snapshot>) -> BTreeMap<Id, Plane> {
    let mut places = BTreeMap::new();
    snapshot.each_position(&Filter::default(), |at, _, row| {
        places.insert(snapshot.at_row(row).id, at);
    });
    places
}

fn check_all(index: &Index, plain: &BTreeMap<u128, EventRow<'static>>, filters: &[Filter]) {
    for filter in filters {
        check(index, plain, filter);
    }
}

proptest! {
    #[test]
    fn an_index_answers_as_a_plain_list_does_whatever_happened_to_it(
        first in proptest::collection::btree_map(0..60_u128, any::<u64>(), 0..60),
        steps in proptest::collection::vec(step(), 0..12),
        filters in proptest::collection::vec(filter(), 1..6),
    ) {
        let mut plain: BTreeMap<u128, EventRow<'static>> =
            first.iter().map(|(id, seed)| (*id, row(*id, 1, *seed))).collect();
        let shuffled = plain.values().rev().collect::<Vec<_>>();
        let index = load(shuffled, 1);
        for (seq, step) in (2..).zip(steps) {
            let mut changes = Changes::default();
            match step {
                Step::Merge => { index.merge(); continue; }
                Step::Put(rows) => for (id, seed) in rows {
                    let row = row(id, seq, seed);
                    changes.put(&row);
                    plain.insert(id, row);
                },
                Step::Erase(ids) => for id in ids {
                    changes.erase(Id::from_bits(id));
                    plain.remove(&id);
                },
            }
            index.apply(changes, Seq(seq));
            prop_assert_eq!(index.snapshot().generation(), Seq(seq));
            check_all(&index, &plain, &filters);
        }
        check_all(&index, &plain, &filters);
        index.merge();
        check_all(&index, &plain, &filters);
    }

    #[test]
    fn whoever_follows_the_changes_of_snapshots_arrives_at_the_events_of_the_last(
        first in proptest::collection::btree_map(0..60_u128, any::<u64>(), 0..60),
        steps in proptest::collection::vec(step(), 0..12),
    ) {
        let rows: Vec<_> = first.iter().map(|(id, seed)| row(*id, 1, *seed)).collect();
        let index = load(&rows, 1);
        let mut seen = index.snapshot();
        let mut places = exact_places(&seen);
        for (seq, step) in (2..).zip(steps) {
            let mut changes = Changes::default();
            match step {
                Step::Merge => { index.merge(); continue; }
                Step::Put(rows) => for (id, seed) in rows {
                    changes.put(&row(id, seq, seed));
                },
                Step::Erase(ids) => for id in ids {
                    changes.erase(Id::from_bits(id));
                },
            }
            index.apply(changes, Seq(seq));
            let now = index.snapshot();
            match now.changed_since(seen.generation()) {
                None => places = exact_places(&now),
                Some(changed) => for id in changed {
                    places.remove(&id);
                    if let Some((_, Some(at))) = now.placed(id) {
                        places.insert(id, at);
                    }
                },
            }
            prop_assert_eq!(&places, &exact_places(&now));
            seen = now;
        }
    }

    #[test]
    fn an_event_comes_back_as_it_went_in(id in any::<u128>(), seed in any::<u64>()) {
        let row = row(id, 1, seed);
        let snapshot = load([&row], 1).snapshot();
        let event = snapshot.event(row.id).unwrap();
        let Event { position, precision_m, .. } = event;
        prop_assert_eq!(position.is_some(), row.anchor.is_some());
        if let (Some(found), Some((given, _))) = (position, row.anchor) {
            prop_assert!((found.longitude - given.longitude).abs() <= 0.5e-7);
            prop_assert!((found.latitude - given.latitude).abs() <= 0.5e-7);
        }
        prop_assert!((precision_m - row.precision_m).abs() <= 1e-6 * row.precision_m);
        prop_assert_eq!(event.start, row.start);
        prop_assert_eq!(event.end, row.end.filter(|_| row.start.is_some()));
        prop_assert_eq!(event.masks, row.masks);
        prop_assert_eq!(event.received_hour, row.received_hour);
        prop_assert_eq!(event.time_precision, row.time_precision);
        prop_assert_eq!((event.kind, event.flags, event.weight), (row.kind, row.flags, row.weight));
        prop_assert_eq!((event.category, event.district), (row.category, row.district));
        prop_assert_eq!((event.source_class, event.source_tag), (row.source_class, row.source_tag));
    }
}

#[test]
fn an_event_takes_at_most_64_bytes_beside_the_tree() {
    let rows: Vec<_> = (0..10_000_u64).map(|n| row(u128::from(n), 1, n * 0x9e37_79b9)).collect();
    let footprint = load(&rows, 1).snapshot().footprint();
    assert!(footprint.columns <= 64 * rows.len(), "{} bytes an event", footprint.columns / 10_000);
}

#[test]
fn times_before_1970_and_after_2038_are_kept() {
    for text in ["1911-03-01T07:00:00Z", "2261-01-01T00:00:00Z"] {
        let at: Timestamp = text.parse().unwrap();
        let row = EventRow { start: Some(at), received_hour: at, ..row(1, 1, 0) };
        let event = load([&row], 1).snapshot();
        let event = event.event(row.id).unwrap();
        assert_eq!((event.start, event.received_hour), (Some(at), at));
    }
}

#[test]
fn the_status_of_a_report_and_the_unit_kind_of_a_visit_are_kept() {
    for (kind, status) in [
        (EventKind::Report, "received"),
        (EventKind::Report, "merged"),
        (EventKind::Visit, "area_police"),
        (EventKind::Visit, "partner"),
        (EventKind::Incident, ""),
    ] {
        let row = EventRow { kind, status, ..row(1, 1, 0) };
        let snapshot = load([&row], 1).snapshot();
        assert_eq!(snapshot.event(row.id).unwrap().status, status);
    }
}

#[test]
fn changes_that_are_older_than_the_index_change_nothing() {
    let index = load([&row(1, 5, 1)], 5);
    let mut changes = Changes::default();
    changes.erase(Id::from_bits(1));
    index.apply(changes, Seq(4));
    assert_eq!((index.snapshot().len(), index.snapshot().generation()), (1, Seq(5)));
}

#[test]
fn a_snapshot_that_is_being_read_does_not_change() {
    let index = load([&row(1, 1, 1), &row(2, 1, 2)], 1);
    let before = index.snapshot();
    let mut changes = Changes::default();
    changes.erase(Id::from_bits(1));
    index.apply(changes, Seq(2));
    index.merge();
    assert_eq!(before.select(&Filter::default()).len(), 2);
    assert_eq!(index.snapshot().select(&Filter::default()).len(), 1);
}

#[test]
fn what_comes_while_a_merge_runs_is_not_lost() {
    let rows: Vec<_> = (0..2_000_u64).map(|n| row(u128::from(n), 1, n * 0x9e37_79b9)).collect();
    let index = load(&rows, 1);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..20).for_each(|_| index.merge()));
        for seq in 2..500_i64 {
            let mut changes = Changes::default();
            changes.put(&row(5_000 + u128::try_from(seq).unwrap(), seq, 3));
            changes.erase(Id::from_bits(u128::try_from(seq).unwrap()));
            index.apply(changes, Seq(seq));
        }
    });
    index.merge();
    let selection = index.snapshot().select(&Filter::default());
    assert_eq!(selection.len(), 2_000);
    assert!(selection.events().all(|event| !(2..500).contains(&event.id.bits())));
}
