//! Ways through small made-up towns, beside trying everything.

use super::*;
use proptest::prelude::*;

fn at(east: f64, north: f64) -> Plane {
    Plane { east, north }
}

fn stretch(course: &[(f64, f64)], class: RoadClass, ways: [bool; 2]) -> Stretch {
    Stretch { course: course.iter().map(|(x, y)| at(*x, *y)).collect(), class, ways }
}

/// A square of four streets, one of them one-way, with a path across.
fn town() -> RoadGraph {
    use RoadClass::{Minor, Motorway, Path};
    RoadGraph::of([
        stretch(&[(0.0, 0.0), (300.0, 0.0), (300.0, 300.0)], Minor, [true, true]),
        stretch(&[(300.0, 300.0), (0.0, 300.0)], Minor, [true, true]),
        stretch(&[(0.0, 300.0), (0.0, 0.0)], Minor, [true, false]),
        stretch(&[(0.0, 0.0), (300.0, 300.0)], Path, [true, true]),
        stretch(&[(5000.0, 0.0), (6000.0, 0.0)], Motorway, [true, false]),
    ])
}

fn node(graph: &RoadGraph, east: f64, north: f64) -> u32 {
    let found = graph.nodes().iter().position(|node| *node == at(east, north));
    number(found.unwrap())
}

#[test]
fn streets_that_share_a_point_meet_there() {
    let town = town();
    assert_eq!((town.nodes().len(), town.edges().len()), (6, 6));
    assert!((town.length_km() - 2.624).abs() < 0.001, "{}", town.length_km());
}

#[test]
fn a_car_keeps_to_the_direction_and_walkers_take_the_path() {
    let town = town();
    let (home, corner, north) =
        (node(&town, 0.0, 0.0), node(&town, 300.0, 300.0), node(&town, 0.0, 300.0));
    let driven = town.route(home, north, Travel::ByCar).unwrap();
    assert_eq!(driven.nodes.len(), 4, "around the block, against nobody");
    assert!((driven.seconds - 900.0 / (30.0 / 3.6)).abs() < 1e-3);
    let walked = town.route(home, corner, Travel::OnFoot).unwrap();
    assert_eq!(walked.nodes, [home, corner]);
    let back = town.route(north, home, Travel::ByCar).unwrap();
    assert_eq!(back.nodes, [north, home]);
    assert_eq!(town.route(home, node(&town, 5000.0, 0.0), Travel::ByCar), None);
}

#[test]
fn the_nearest_node_is_one_that_can_be_left_in_that_way() {
    let town = town();
    let motorway = at(5000.0, 10.0);
    let (found, away) = town.nearest(motorway, Travel::ByCar).unwrap();
    assert_eq!(town.nodes()[found as usize], at(5000.0, 0.0));
    assert!((away - 10.0).abs() < 1e-9);
    let (found, _) = town.nearest(motorway, Travel::OnFoot).unwrap();
    assert_eq!(town.nodes()[found as usize], at(300.0, 0.0), "nobody walks on a motorway");
    assert_eq!(RoadGraph::of([]).nearest(motorway, Travel::ByCar), None);
}

#[test]
fn a_graph_is_the_same_after_it_was_stored() {
    let town = town();
    let again = RoadGraph::from_bytes(&town.to_bytes()).unwrap();
    assert_eq!((again.nodes(), again.edges()), (town.nodes(), town.edges()));
    let bytes = town.to_bytes();
    for broken in [&bytes[..bytes.len() - 1], b"other bytes", b""] {
        assert!(RoadGraph::from_bytes(broken).is_none());
    }
    let mut wild = bytes;
    let end = wild.len() - EDGE_BYTES;
    wild[end..end + 4].copy_from_slice(&99_u32.to_le_bytes());
    assert!(RoadGraph::from_bytes(&wild).is_none(), "an edge to nowhere");
}

const EDGE_BYTES: usize = 14;

/// Seconds between all nodes by trying every edge until nothing gets better
/// (Bellman, 1958).
fn by_force(graph: &RoadGraph, start: u32, travel: Travel) -> Vec<f64> {
    let mut seconds = vec![f64::INFINITY; graph.nodes().len()];
    seconds[start as usize] = 0.0;
    for _ in graph.nodes() {
        for edge in graph.edges() {
            let Some(speed) = travel.speed(edge.class) else { continue };
            let step = f64::from(edge.length_m) / speed;
            let free = travel == Travel::OnFoot;
            for (from, to, way) in
                [(edge.from, edge.to, edge.ways[0]), (edge.to, edge.from, edge.ways[1])]
            {
                if way || free {
                    let reached = seconds[from as usize] + step;
                    seconds[to as usize] = seconds[to as usize].min(reached);
                }
            }
        }
    }
    seconds
}

fn made_up() -> impl Strategy<Value = RoadGraph> {
    let corner = (0..6_u8, 0..6_u8);
    let class = (0..RoadClass::ALL.len()).prop_map(|at| RoadClass::ALL[at]);
    let one = (prop::collection::vec(corner, 2..5), class, any::<[bool; 2]>());
    prop::collection::vec(one, 1..25).prop_map(|roads| {
        RoadGraph::of(roads.into_iter().map(|(corners, class, ways)| {
            let place = |(x, y): (u8, u8)| at(f64::from(x) * 137.0, f64::from(y) * 211.0);
            Stretch { course: corners.into_iter().map(place).collect(), class, ways }
        }))
    })
}

proptest! {
    #[test]
    fn the_quickest_way_is_the_one_that_trying_everything_finds(graph in made_up()) {
        for travel in [Travel::OnFoot, Travel::ByCar] {
            let expected = by_force(&graph, 0, travel);
            let found = graph.seconds_from(&[0], travel, f64::INFINITY);
            for (node, (found, expected)) in (0..).zip(found.iter().zip(&expected)) {
                prop_assert!((found - expected).abs() < 1e-6 || found.total_cmp(expected).is_eq());
                let route = graph.route(0, node, travel);
                prop_assert_eq!(route.is_some(), expected.is_finite());
                if let Some(route) = route {
                    prop_assert!((route.seconds - expected).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn the_nearest_node_is_the_one_that_looking_at_all_finds(
        graph in made_up(), east in -200.0..1000.0_f64, north in -200.0..1500.0_f64,
    ) {
        let away = |node: &Plane| (node.east - east).hypot(node.north - north);
        for travel in [Travel::OnFoot, Travel::ByCar] {
            let open = |node: u32| graph.edges_of(node).any(|edge| travel.speed(edge.class).is_some());
            let expected = graph.nodes().iter().zip(0..).filter(|(_, node)| open(*node));
            let expected = expected.map(|(at, _)| away(at)).min_by(f64::total_cmp);
            let found = graph.nearest(at(east, north), travel).map(|(_, away)| away);
            prop_assert_eq!(found.is_some(), expected.is_some());
            prop_assert!(found.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-6));
        }
    }
}

proptest! {
    #[test]
    fn a_table_is_the_quickest_way_between_each_two_places(
        places in prop::collection::vec((0.0..320.0_f64, 0.0..320.0_f64), 2..6),
        on_foot in any::<bool>(),
    ) {
        let town = town();
        let travel = if on_foot { Travel::OnFoot } else { Travel::ByCar };
        let places: Vec<Plane> = places.iter().map(|(x, y)| at(*x, *y)).collect();
        let table = town.table(&places, travel);
        for (a, from) in places.iter().enumerate() {
            for (b, to) in places.iter().enumerate() {
                let told = table[a * places.len() + b];
                let (start, before) = town.nearest(*from, travel).unwrap();
                let (end, after) = town.nearest(*to, travel).unwrap();
                let way = town.route(start, end, travel).map_or(f64::INFINITY, |way| way.seconds);
                let expected = if a == b { 0.0 } else { way + (before + after) * 3.6 / 5.0 };
                prop_assert!((told - expected).abs() < 1e-6 || (told.is_infinite() && expected.is_infinite()), "{told} {expected}");
            }
        }
    }
}
