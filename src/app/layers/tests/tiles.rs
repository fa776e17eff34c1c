//! Tiles of layers, read back by the rules of protocol buffers.

use super::given::{REPORT, Told, VISIT, asked};
use crate::app::layers::tiles::{MOST_BYTES, of_events, of_rows};
use crate::app::layers::{incidents, reports, visits};
use crate::encode::{FeatureId, Value};
use fyren_core::domain::{EventKind, Flags, Layer, Position, Role};
use fyren_core::plane::Tile;
use std::collections::HashMap;

/// The fields of a message: number and value, either whole or bytes.
fn message(mut bytes: &[u8]) -> Vec<(u64, u64, &[u8])> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let (mut value, mut inner) = (0, &[][..]);
        match key & 7 {
            0 => value = varint(&mut bytes),
            1 => {
                value = u64::from_le_bytes(bytes[..8].try_into().unwrap());
                bytes = &bytes[8..];
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)).unwrap();
                (inner, bytes) = bytes.split_at(length);
            }
            other => panic!("wire type {other}"),
        }
        fields.push((key >> 3, value, inner));
    }
    fields
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(first & 127) << shift;
        if first & 128 == 0 {
            return value;
        }
    }
    value
}

/// The features of the only layer of a tile, each as names with values as text.
fn read(tile: &[u8]) -> Vec<Vec<(String, String)>> {
    let Some((_, _, layer)) = message(tile).into_iter().find(|field| field.0 == 3) else {
        return Vec::new();
    };
    let layer = message(layer);
    let of = |number: u64| layer.iter().filter(move |field| field.0 == number);
    let keys: Vec<&str> = of(3).map(|field| std::str::from_utf8(field.2).unwrap()).collect();
    let values: Vec<String> = of(4).map(|field| text(field.2)).collect();
    let feature = |bytes: &[u8]| {
        let tags = message(bytes).into_iter().find(|field| field.0 == 2).unwrap().2;
        let mut tags = tags;
        let mut read = Vec::new();
        while !tags.is_empty() {
            let (key, value) = (varint(&mut tags), varint(&mut tags));
            let at = |number: u64| usize::try_from(number).unwrap();
            read.push((keys[at(key)].to_owned(), values[at(value)].clone()));
        }
        read
    };
    of(2).map(|field| feature(field.2)).collect()
}

fn text(value: &[u8]) -> String {
    let (number, whole, bytes) = message(value)[0];
    match number {
        1 => String::from_utf8(bytes.to_vec()).unwrap(),
        3 => f64::from_bits(whole).to_string(),
        7 => (whole == 1).to_string(),
        _ => whole.to_string(),
    }
}

fn value<'a>(feature: &'a [(String, String)], name: &str) -> Option<&'a str> {
    feature.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// How many events a tile stands for.
pub fn count(tile: &[u8]) -> usize {
    let features = read(tile);
    features.iter().map(|one| value(one, "count").unwrap().parse::<usize>().unwrap()).sum()
}

/// Reports all over the land, some at one place.
fn many(number: u32) -> Vec<Told> {
    let spread = |n: u32, steps: u32| f64::from(n * 7919 % steps) / f64::from(steps);
    (0..number)
        .map(|n| {
            let at = if n % 10 == 0 {
                (11.3, 58.4)
            } else {
                (11.2 + 0.3 * spread(n, 997), 58.3 + 0.2 * spread(n, 1009))
            };
            let category = if n % 3 == 0 { "lighting" } else { "speeding" };
            Told { at: Some(at), category, ..REPORT }
        })
        .collect()
}

/// In the west of the land.
const WEST: Position = Position { longitude: 11.3, latitude: 58.4 };

fn tiles(z: u8) -> Vec<Tile> {
    let corner = |longitude, latitude| Tile::at(z, Position { longitude, latitude });
    let (first, last) = (corner(11.0, 58.5), corner(11.5, 58.3));
    let row = |y| (first.x()..=last.x()).map(move |x| Tile::new(z, x, y).unwrap());
    (first.y()..=last.y()).flat_map(row).collect()
}

fn reports_of(events: &[Told], query: &str, role: Role, z: u8) -> Vec<Vec<u8>> {
    let source = asked(Layer::Reports, query, role, (events, &[])).unwrap();
    let tile = |tile| of_events(&source, EventKind::Report, &reports::FIELDS, tile);
    tiles(z).into_iter().map(tile).collect()
}

#[test]
fn no_tile_is_too_large_and_every_report_is_in_one_of_them() {
    let events = many(6_000);
    for z in [0, 8, 10, 12] {
        let tiles = reports_of(&events, "", Role::PolicePlanner, z);
        assert!(tiles.iter().all(|tile| tile.len() <= MOST_BYTES), "zoom {z}");
        assert_eq!(tiles.iter().map(|tile| count(tile)).sum::<usize>(), 6_000, "zoom {z}");
    }
}

#[test]
fn a_tile_of_few_has_each_with_all_its_fields() {
    let events = [Told { flags: Flags::QUARANTINED, ..REPORT }, Told { at: None, ..REPORT }, VISIT];
    let tiles = reports_of(&events, "", Role::PolicePlanner, 14);
    let found: Vec<_> = tiles.iter().flat_map(|tile| read(tile)).collect();
    assert_eq!(found.len(), 1, "the report with a place, not the visit");
    assert_eq!(value(&found[0], "quarantined"), Some("true"));
    assert_eq!(value(&found[0], "category"), Some("lighting"));
    assert_eq!(value(&found[0], "count"), Some("1"));
    assert_eq!(value(&found[0], "precisionM"), Some("25"));
    assert_eq!(value(&found[0], "hours"), Some("[22]"), "lists are text: {found:?}");
    assert_eq!(value(&found[0], "id").unwrap().len(), 32);
}

#[test]
fn each_event_of_a_tile_says_the_same_as_in_the_layer() {
    let mut events = many(300);
    for (number, told) in events.iter_mut().enumerate() {
        told.category = ["lighting", "speeding", "other"][number % 3];
        told.flags = if number % 4 == 0 { Flags::SYNTHETIC } else { Flags::from_bits(0) };
        told.precision_m = 25.0 * f64::from(u8::try_from(number % 7).unwrap());
    }
    let source = asked(Layer::Reports, "", Role::PolicePlanner, (&events, &[])).unwrap();
    let built = reports::build(&source);
    let rows: HashMap<String, Vec<(&str, Value<'_>)>> = (0..built.rows.len())
        .map(|at| built.rows.feature(at))
        .map(|row| match row.id {
            FeatureId::Event(id) => (id.to_string(), row.fields),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut seen = 0;
    for feature in tiles(12)
        .into_iter()
        .filter_map(|at| source.few_events_tile(at))
        .flat_map(|tile| read(&tile))
    {
        let row = &rows[value(&feature, "id").unwrap()];
        for (name, expected) in row {
            let expected = match expected {
                Value::Null => None,
                Value::Bool(value) => Some(value.to_string()),
                Value::Int(value) => Some(value.to_string()),
                Value::Float(value) => Some(value.to_string()),
                Value::Text(value) => Some(value.to_string()),
                Value::List(_) => continue,
                other => panic!("{other:?}"),
            };
            assert_eq!(value(&feature, name), expected.as_deref(), "{name}");
        }
        seen += 1;
    }
    assert_eq!(seen, 300);
}

#[test]
fn a_tile_of_few_is_the_same_on_the_spot_as_from_the_pool() {
    let events = many(3_000);
    let source =
        asked(Layer::Reports, "category=lighting", Role::PolicePlanner, (&events, &[])).unwrap();
    let mut seen = 0;
    for tile in [11, 13].into_iter().flat_map(tiles) {
        let Some(bytes) = source.few_events_tile(tile) else { continue };
        seen += count(&bytes);
        assert_eq!(Some(bytes), source.events_tile(tile));
    }
    assert!(seen > 1_000, "{seen}");
    let world = Tile::new(0, 0, 0).unwrap();
    assert!(source.few_events_tile(world).is_none(), "3 000 are many to look at");
}

#[test]
fn a_square_of_one_category_says_which() {
    let events = vec![REPORT; 700];
    let tiles = reports_of(&events, "", Role::PolicePlanner, 15);
    let found: Vec<_> = tiles.iter().flat_map(|tile| read(tile)).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(value(&found[0], "count"), Some("700"));
    assert_eq!(value(&found[0], "category"), Some("lighting"));
    assert_eq!(value(&found[0], "id"), None);
}

#[test]
fn wider_squares_hold_as_many_in_fewer_features() {
    let events = many(6_000);
    let mut source = asked(Layer::Reports, "", Role::PolicePlanner, (&events, &[])).unwrap();
    let tile = Tile::new(0, 0, 0).unwrap();
    let narrow = of_events(&source, EventKind::Report, &reports::FIELDS, Tile::at(9, WEST));
    source.query.params.insert("square", "64".to_owned());
    let wide = of_events(&source, EventKind::Report, &reports::FIELDS, Tile::at(9, WEST));
    assert_eq!(count(&narrow), count(&wide));
    assert!(read(&wide).len() <= 64 && read(&narrow).len() > 4 * read(&wide).len());
    assert_eq!(count(&of_events(&source, EventKind::Report, &reports::FIELDS, tile)), 6_000);
}

#[test]
fn few_events_with_long_words_are_counted_rather_than_sent_in_a_large_tile() {
    let word = |n: usize| -> &'static str { Box::leak(format!("{n:0>200}").into_boxed_str()) };
    let mut events = many(450);
    for (number, told) in events.iter_mut().enumerate() {
        *told = Told { kind: EventKind::Incident, category: word(number), ..told.clone() };
    }
    let source = asked(Layer::Incidents, "", Role::PolicePlanner, (&events, &[])).unwrap();
    let tile = Tile::new(0, 0, 0).unwrap();
    let bytes = of_events(&source, EventKind::Incident, &incidents::FIELDS, tile);
    assert!(bytes.len() <= MOST_BYTES, "{} bytes", bytes.len());
    assert_eq!(count(&bytes), 450);
}

#[test]
fn a_tile_answers_the_same_question_as_the_layer() {
    let events = many(3_000);
    let lighting = reports_of(&events, "category=lighting", Role::PolicePlanner, 8);
    assert_eq!(lighting.iter().map(|tile| count(tile)).sum::<usize>(), 1_000);
    let suspicion = [REPORT, Told { category: "casing", ..REPORT }];
    for (role, seen) in [(Role::Officer, 1), (Role::Coordinator, 2)] {
        let tiles = reports_of(&suspicion, "", role, 14);
        assert_eq!(tiles.iter().map(|tile| count(tile)).sum::<usize>(), seen, "{role}");
    }
}

#[test]
fn police_visits_are_in_no_tile_of_a_municipal_role() {
    for (role, seen) in [(Role::Coordinator, 1), (Role::Officer, 2)] {
        let source = asked(Layer::Visits, "", role, (&[VISIT], &[VISIT])).unwrap();
        let tile = |tile| of_events(&source, EventKind::Visit, &visits::FIELDS, tile);
        let all: usize = tiles(9).into_iter().map(|at| count(&tile(at))).sum();
        assert_eq!(all, seen, "{role}");
    }
    let source = asked(Layer::Incidents, "", Role::Est, (&[REPORT], &[])).unwrap();
    let tile = Tile::new(0, 0, 0).unwrap();
    assert!(of_events(&source, EventKind::Incident, &incidents::FIELDS, tile).is_empty());
}

#[test]
fn a_layer_of_areas_loses_detail_before_it_grows_too_large() {
    use crate::app::layers::rows::Rows;
    use crate::encode::{FeatureId, Shape};
    use std::borrow::Cow;
    let mut rows = Rows::new(&["number"]);
    for number in 0..40_u32 {
        let ring = (0..2_000_u32).map(|step| {
            let angle = f64::from(step) / 2_000.0 * std::f64::consts::TAU;
            let wave = 0.02 * (angle * 97.0).sin();
            (11.25 + (0.1 + wave) * angle.cos(), 58.4 + (0.05 + wave) * angle.sin())
        });
        let area = geo_types::Polygon::new(ring.collect(), Vec::new());
        let shape = Shape::Polygon(Cow::Owned(area));
        rows.push(FeatureId::Number(u64::from(number)), shape, vec![number.into()]);
    }
    let built = rows.built(Vec::new());
    for tile in tiles(10) {
        assert!(of_rows(Layer::Heat, &built, tile).len() <= MOST_BYTES);
    }
    let tile = Tile::at(10, Position { longitude: 11.25, latitude: 58.4 });
    assert_eq!(read(&of_rows(Layer::Heat, &built, tile)).len(), 40);
}
