//! Tiles are read back by the protocol buffers' own rules.

use super::shape::MARGIN;
use super::*;
use crate::encode::Shape;
use geo_types::{LineString, Polygon};
use proptest::prelude::*;

const TILE: (u8, u32, u32) = (12, 2175, 1225);

fn tile() -> Tile {
    Tile::new(TILE.0, TILE.1, TILE.2).unwrap()
}

fn line(units: &[[f64; 2]]) -> LineString {
    let at = |units: &[f64; 2]| {
        let at = tile().position(*units);
        (at.longitude, at.latitude)
    };
    units.iter().map(at).collect::<Vec<_>>().into()
}

fn parts(shape: &Shape<'_>) -> Vec<Vec<[f64; 2]>> {
    let (Parts::Points(paths) | Parts::Lines(paths) | Parts::Rings(paths)) =
        clipped(tile(), shape, Detail::FULL);
    let rounded = |path: Vec<[f64; 2]>| path.into_iter().map(|at| at.map(f64::round)).collect();
    paths.into_iter().map(rounded).collect()
}

fn feature(shape: Shape<'_>) -> Feature<'_> {
    let fields = vec![("count", Value::Int(3)), ("none", Value::Null), ("name", "Väjern".into())];
    Feature { id: FeatureId::Number(7), shape, fields }
}

#[test]
fn a_point_is_written_as_the_specification_says() {
    let mut mvt = Mvt::new(tile());
    let at = Shape::Point(tile().position([25.0, 17.0]));
    assert_eq!(mvt.layer("reports", Detail::FULL, [feature(at)]), 1);
    let bytes = mvt.finish();
    // MoveTo 25, 17 of the specification's own example, packed.
    let geometry = [0x22, 0x03, 9, 50, 34];
    assert!(bytes.windows(5).any(|found| found == geometry), "{bytes:?}");
    for text in ["reports", "count", "name", "Väjern"] {
        assert!(bytes.windows(text.len()).any(|found| found == text.as_bytes()), "{text}");
    }
    assert!(!bytes.windows(4).any(|found| found == b"none"), "what is not known is left out");
}

#[test]
fn a_tile_without_features_is_empty() {
    let mut mvt = Mvt::new(tile());
    let outside = Shape::Point(tile().position([-1.0, 5000.0]));
    assert_eq!(mvt.layer("reports", Detail::FULL, [feature(outside)]), 0);
    assert!(mvt.finish().is_empty());
}

#[test]
fn a_line_that_leaves_and_comes_back_is_two_lines() {
    let there = line(&[[100.0, 100.0], [100.0, -500.0], [200.0, -500.0], [200.0, 100.0]]);
    let found = parts(&Shape::Line(Cow::Borrowed(&there)));
    let expected = [vec![[100.0, 100.0], [100.0, -MARGIN]], vec![[200.0, -MARGIN], [200.0, 100.0]]];
    assert_eq!(found, expected);
}

#[test]
fn an_area_around_the_tile_fills_it_and_its_holes_run_the_other_way() {
    let around = line(&[[-9e3, -9e3], [9e3, -9e3], [9e3, 9e3], [-9e3, 9e3], [-9e3, -9e3]]);
    let hole = line(&[[10.0, 10.0], [30.0, 10.0], [30.0, 30.0], [10.0, 30.0], [10.0, 10.0]]);
    let area = Polygon::new(around, vec![hole]);
    let found = parts(&Shape::Polygon(Cow::Owned(area)));
    assert_eq!(found.len(), 2);
    let doubled = |ring: &[[f64; 2]]| -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
    };
    let side = TILE_UNITS + 2.0 * MARGIN;
    assert!((doubled(&found[0]) - 2.0 * side * side).abs() < 1.0);
    assert!((doubled(&found[1]) + 800.0).abs() < 1.0);
}

proptest! {
    #[test]
    fn nothing_leaves_the_tile_and_its_margin(
        path in prop::collection::vec((-9e3..9e3_f64, -9e3..9e3_f64), 2..12),
    ) {
        let units: Vec<[f64; 2]> = path.into_iter().map(|(x, y)| [x, y]).collect();
        let drawn = line(&units);
        let ring = Polygon::new(drawn.clone(), Vec::new());
        for shape in [Shape::Line(Cow::Borrowed(&drawn)), Shape::Polygon(Cow::Owned(ring))] {
            let reach = -MARGIN..=TILE_UNITS + MARGIN;
            for [x, y] in parts(&shape).into_iter().flatten() {
                prop_assert!(reach.contains(&x) && reach.contains(&y), "{x} {y}");
            }
        }
    }

    #[test]
    fn each_point_lies_in_one_of_four_tiles(right in 0.0..8192.0_f64, down in 0.0..8192.0_f64) {
        let at = tile().position([right, down]);
        let written = (0..4).filter(|quarter: &u32| {
            let neighbour = Tile::new(TILE.0, TILE.1 + quarter % 2, TILE.2 + quarter / 2).unwrap();
            Mvt::new(neighbour).layer("one", Detail::FULL, [feature(Shape::Point(at))]) == 1
        });
        prop_assert_eq!(written.count(), 1);
    }
}
