//! Problem places: groups of reports that lie close together, described.

use super::dbscan::dbscan;
use crate::domain::{Plane, SourceTag, Violation};
use geo::ConvexHull;
use geo_types::{Geometry, LineString, MultiPoint, Point};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An event that may belong to a problem place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceEvent<'a> {
    /// Where.
    pub at: Plane,
    /// When; when it was received, where that is not known.
    pub time: Timestamp,
    /// Who counts as one source.
    pub source: SourceTag,
    /// What it is about.
    pub category: &'a str,
    /// Whether it repeats an earlier report.
    pub duplicate: bool,
}

/// Events close together.
#[derive(Debug, Clone, PartialEq)]
pub struct ProblemPlace<'a> {
    /// Their convex hull in the plane: a polygon, a line where they lie on one,
    /// a point where they share one.
    pub hull: Geometry<f64>,
    /// Indices of the events, ascending.
    pub members: Vec<usize>,
    /// Distinct sources.
    pub sources: usize,
    /// Categories with their number of events, the most frequent first.
    pub categories: Vec<(&'a str, usize)>,
    /// The earliest event.
    pub first: Timestamp,
    /// The latest event.
    pub last: Timestamp,
    /// Events that repeat an earlier report.
    pub duplicates: usize,
}

/// Groups events within `eps_m` metres by DBSCAN and describes each group, the
/// largest first. Repeated reports count in the grouping too: they say that
/// somebody cared, and `duplicates` and `sources` say how many did.
///
/// There is no chance in this: a place is where reports lie close together, not
/// where they are more than expected. Cost: that of [`dbscan`] and a sort a place.
///
/// # Errors
/// As [`dbscan`].
pub fn problem_places<'a>(
    events: &[PlaceEvent<'a>],
    eps_m: f64,
    min_points: usize,
) -> Result<Vec<ProblemPlace<'a>>, Violation> {
    let at: Vec<Plane> = events.iter().map(|event| event.at).collect();
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (event, label) in dbscan(&at, eps_m, min_points)?.labels.into_iter().enumerate() {
        if let Some(label) = label {
            members.entry(label).or_default().push(event);
        }
    }
    Ok(members.into_values().filter_map(|members| described(events, members)).collect())
}

fn described<'a>(events: &[PlaceEvent<'a>], members: Vec<usize>) -> Option<ProblemPlace<'a>> {
    let all = || members.iter().map(|&member| &events[member]);
    let sources: BTreeSet<SourceTag> = all().map(|event| event.source).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in all() {
        *counts.entry(event.category).or_default() += 1;
    }
    let mut categories: Vec<(&str, usize)> = counts.into_iter().collect();
    categories.sort_by_key(|&(_, number)| std::cmp::Reverse(number));
    Some(ProblemPlace {
        hull: hull(all().map(|event| event.at)),
        sources: sources.len(),
        categories,
        first: all().map(|event| event.time).min()?,
        last: all().map(|event| event.time).max()?,
        duplicates: all().filter(|event| event.duplicate).count(),
        members,
    })
}

/// The convex hull of points: a polygon where it has an area.
fn hull(points: impl Iterator<Item = Plane>) -> Geometry<f64> {
    let mut points: Vec<Point<f64>> = points.map(|at| Point::new(at.east, at.north)).collect();
    points.sort_by(|a, b| a.x().total_cmp(&b.x()).then(a.y().total_cmp(&b.y())));
    points.dedup();
    let turns = |at: &Point<f64>| {
        let (first, last) = (points[0], points[points.len() - 1]);
        let cross = (last - first).x() * (*at - first).y() - (last - first).y() * (*at - first).x();
        cross.abs() > 0.0
    };
    match points.as_slice() {
        [only] => Geometry::Point(*only),
        [first, .., last] if !points.iter().any(turns) => {
            Geometry::LineString(LineString::from(vec![*first, *last]))
        }
        _ => Geometry::Polygon(MultiPoint(points).convex_hull()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Contains};

    fn event(east: f64, north: f64, hour: i64, source: u64) -> PlaceEvent<'static> {
        PlaceEvent {
            at: Plane { east, north },
            time: Timestamp::from_second(1_700_000_000 + hour * 3600).unwrap(),
            source: SourceTag::from_bits(source << 8),
            category: if hour < 3 { "litter" } else { "lighting" },
            duplicate: hour == 5,
        }
    }

    #[test]
    fn a_place_tells_who_when_what_and_how_often_again() {
        let mut events: Vec<_> = [(0.0, 0.0), (80.0, 0.0), (80.0, 60.0), (0.0, 60.0), (40.0, 30.0)]
            .iter()
            .zip(1i64..)
            .map(|(&(east, north), hour)| event(east, north, hour, u64::from(hour > 2) + 1))
            .collect();
        events.insert(0, event(9_000.0, 0.0, 0, 9));
        let places = problem_places(&events, 150.0, 5).unwrap();
        assert_eq!(places.len(), 1);
        let place = &places[0];
        assert_eq!(place.members, [1, 2, 3, 4, 5]);
        assert_eq!((place.sources, place.duplicates), (2, 1));
        assert_eq!(place.categories, [("lighting", 3), ("litter", 2)]);
        assert_eq!((place.first, place.last), (events[1].time, events[5].time));
        let Geometry::Polygon(hull) = &place.hull else { panic!("{:?}", place.hull) };
        assert!((hull.unsigned_area() - 4800.0).abs() < 1e-9);
        assert!(hull.contains(&Point::new(40.0, 30.0)) && hull.exterior().0.len() == 5);
    }

    #[test]
    fn a_place_on_one_spot_is_a_point_and_one_along_a_road_a_line() {
        let spot: Vec<_> = (0..5).map(|hour| event(7.0, 7.0, hour, 1)).collect();
        let place = &problem_places(&spot, 150.0, 5).unwrap()[0];
        assert_eq!(place.hull, Geometry::Point(Point::new(7.0, 7.0)));
        let road: Vec<_> = (0..5u32).map(|i| event(f64::from(i), f64::from(i), 0, 1)).collect();
        let place = &problem_places(&road, 150.0, 5).unwrap()[0];
        assert_eq!(place.hull, Geometry::LineString(vec![(0.0, 0.0), (4.0, 4.0)].into()));
    }

    #[test]
    fn without_a_group_there_is_no_place() {
        assert_eq!(problem_places(&[event(0.0, 0.0, 0, 1)], 150.0, 5), Ok(Vec::new()));
        let refused = problem_places(&[], -1.0, 5).unwrap_err();
        assert_eq!(refused, Violation::new("epsM", "out_of_range"));
    }
}
