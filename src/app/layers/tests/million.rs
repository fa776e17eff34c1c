//! A million synthetic incidents, and the fullest tiles of every zoom.

use super::given::{asked_of, ground, snapshot};
use super::tiles::count;
use crate::app::layers::tiles::{MOST_BYTES, of_events};
use crate::app::layers::{StaffSource, incidents};
use crate::spatial::{Loader, Snapshot};
use fyren_core::domain::{
    EventKind, EventRow, Flags, Id, Layer, Position, Role, Seq, SourceClass, SourceTag, TimeMasks,
    TimePrecision,
};
use fyren_core::plane::Tile;
use jiff::{Timestamp, ToSpan as _};
use rayon::prelude::*;
use std::sync::Arc;

const EVENTS: u32 = 1_000_000;
const DEEPEST: u8 = 18;
/// The first zoom at which tiles hold different shares of them.
const FAR: u8 = 9;
/// Tiles of a zoom that are made, by each of two measures.
const WALKED: usize = 1;

/// A tenth at 97 addresses, half around eight towns, the rest all over: each
/// coordinate a sequence of its own (Weyl, 1916).
fn place(number: u32) -> Position {
    let part = |step: f64| (f64::from(number) * step).fract();
    let town = f64::from(number / 10 % 8);
    let [longitude, latitude] = match number % 10 {
        0 => [11.21 + 0.003 * f64::from(number % 97), 58.31 + 0.0019 * f64::from(number % 97)],
        1..=5 => {
            let near = |one: f64, other: f64| part(one.sqrt()) + part(other.sqrt()) - 1.0;
            let middle = [11.22 + 0.03 * town, 58.31 + 0.02 * (town * 5.0 % 8.0)];
            [middle[0] + 0.012 * near(2.0, 3.0), middle[1] + 0.006 * near(5.0, 7.0)]
        }
        _ => [11.2 + 0.299 * part(11_f64.sqrt()), 58.301 + 0.198 * part(13_f64.sqrt())],
    };
    Position { longitude, latitude }
}

fn million() -> Arc<Snapshot> {
    let ground = ground();
    let projection = ground.geofence.projection();
    let words: Vec<String> = (0..300).map(|n| format!("synthetic category {n}")).collect();
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut loader = Loader::with_capacity(EVENTS as usize);
    for number in 0..EVENTS {
        let at = place(number);
        loader.push(&EventRow {
            id: Id::from_bits(u128::from(number) + 1),
            seq: Seq(1),
            kind: EventKind::Incident,
            anchor: Some((at, projection.forward(at))),
            precision_m: f64::from(number % 40 + 10),
            start: Some(start + i64::from(number % 400_000).minutes()),
            end: None,
            time_precision: TimePrecision::Minute,
            masks: TimeMasks::default(),
            received_hour: start,
            category: &words[number as usize % words.len()],
            source_class: SourceClass::Police,
            source_tag: SourceTag::from_bits(0),
            district: "west",
            flags: Flags::default(),
            weight: 0,
            status: "",
        });
    }
    loader.finish(projection.clone(), Seq(i64::from(EVENTS))).snapshot()
}

/// The tile of zoom 18 of every event as one number whose leading bits are its
/// tiles of every other zoom (Morton, 1966), in order.
fn keys() -> Vec<u64> {
    let spread = |number: u32| {
        (0..u32::from(DEEPEST)).fold(0, |all, bit| all | u64::from(number >> bit & 1) << (2 * bit))
    };
    let key = |number: u32| {
        let tile = Tile::at(DEEPEST, place(number));
        spread(tile.x()) | spread(tile.y()) << 1
    };
    let mut keys: Vec<u64> = (0..EVENTS).into_par_iter().map(key).collect();
    keys.par_sort_unstable();
    keys
}

fn tile(z: u8, key: u64) -> Tile {
    let gather = |key: u64| {
        (0..u32::from(DEEPEST))
            .fold(0, |all, bit| all | u32::from(key >> (2 * bit) & 1 == 1) << bit)
    };
    Tile::new(z, gather(key), gather(key >> 1)).unwrap()
}

/// Of a zoom the tiles with most events, and those with most filled squares
/// of an eighth of a kilometre and less.
fn fullest(keys: &[u64], z: u8) -> Vec<Tile> {
    let shift = 2 * (DEEPEST - z);
    let fine = shift.saturating_sub(12);
    let mut all: Vec<(usize, usize, u64)> = keys
        .chunk_by(|a, b| a >> shift == b >> shift)
        .map(|inside| {
            let squares = inside.chunk_by(|a, b| a >> fine == b >> fine).count();
            (inside.len(), squares, inside[0] >> shift)
        })
        .collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let mut walked: Vec<u64> = all.iter().take(WALKED).map(|found| found.2).collect();
    all.sort_unstable_by_key(|found| std::cmp::Reverse(found.1));
    walked.extend(all.iter().take(WALKED).map(|found| found.2));
    walked.sort_unstable();
    walked.dedup();
    walked.into_iter().map(|key| tile(z, key)).collect()
}

#[test]
fn no_tile_of_a_million_events_is_larger_than_100_kb_at_any_zoom() {
    let (snapshot, none) = (million(), snapshot(&ground(), &[]));
    let source: StaffSource =
        asked_of(Layer::Incidents, "", Role::PolicePlanner, (snapshot, none)).unwrap();
    let keys = keys();
    // Farther away one tile holds all of them, or nearly.
    let mut walked: Vec<Tile> = (0..FAR).map(|z| Tile::at(z, place(1))).collect();
    walked.extend((FAR..=DEEPEST).flat_map(|z| fullest(&keys, z)));
    let made = |tile: &Tile| of_events(&source, EventKind::Incident, &incidents::FIELDS, *tile);
    let made: Vec<Vec<u8>> = walked.par_iter().map(made).collect();
    for (tile, bytes) in walked.iter().zip(&made) {
        assert!(bytes.len() <= MOST_BYTES, "{tile:?}: {} bytes", bytes.len());
    }
    let largest = made.iter().map(Vec::len).max().unwrap();
    assert!(largest > MOST_BYTES / 8, "the walk meets full tiles: {largest} bytes");
    assert_eq!(count(&made[0]), EVENTS as usize, "the whole world in one tile");
}
