//! What a base map is drawn from: streets, buildings, water, coast and names,
//! read from an OpenStreetMap extract, from NVDB, Lantmäteriet or land
//! polygons, and cut to a box.

mod archive;
mod classes;
mod coast;
mod gathered;
mod nvdb;
mod osm;
mod rings;
mod tags;
mod topography;
mod vector;

pub use archive::{CutTiles, read_pmtiles};
pub use osm::{outline, read_osm};
pub use rings::joined;
pub use vector::{read_geopackage, read_shapefile};

use geo_types::{Geometry, MultiPolygon, Rect};
use std::collections::HashSet;

/// Opens the file from its beginning.
pub type Open<'a> = &'a (dyn Fn() -> std::io::Result<Box<dyn std::io::Read + Send>> + Sync);

/// What a piece of the ground is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// A street, path, railway or ferry line.
    Road,
    /// A building.
    Building,
    /// A lake, a basin.
    Water,
    /// A river, a stream.
    Waterway,
    /// A park, a wood, a beach, a square.
    Green,
    /// A pier or breakwater.
    Pier,
    /// A street lamp.
    Lamp,
    /// The name of a settlement or an island.
    Place,
    /// A stop, a harbour, a school: something that people know by name.
    Poi,
    /// A house number at its street.
    Address,
}

impl Theme {
    /// Its name, which is that of its layer in a tile.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Road => "roads",
            Self::Building => "buildings",
            Self::Water => "water",
            Self::Waterway => "waterways",
            Self::Green => "green",
            Self::Pier => "piers",
            Self::Lamp => "lamps",
            Self::Place => "places",
            Self::Poi => "pois",
            Self::Address => "addresses",
        }
    }
}

/// Whom every map of `OpenStreetMap` names.
const OSM_CREDIT: &str = "© OpenStreetMap contributors";

/// Who keeps a road, as Swedish registers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keeper {
    /// The state.
    State,
    /// The municipality.
    Municipality,
    /// An association or whoever owns the ground.
    Private,
}

/// In which direction a road may be driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OneWay {
    /// Both.
    #[default]
    No,
    /// As it is drawn.
    Forward,
    /// Against.
    Backward,
}

/// One piece of the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What it is.
    pub theme: Theme,
    /// What kind of it, such as `minor` of a road.
    pub class: &'static str,
    /// Its name; of an address street and number.
    pub name: Option<String>,
    /// A point, a line or areas, in degrees.
    pub shape: Geometry<f64>,
    /// Directions of a road.
    pub one_way: OneWay,
    /// Who keeps a road, where a register says it.
    pub keeper: Option<Keeper>,
    /// The name of whoever runs it, where that is said.
    pub owner: Option<String>,
    /// Kilometres an hour that are allowed on a road.
    pub limit: Option<u8>,
    /// Dwellings of a building, as far as that is said; 0 of what is no home.
    pub dwellings: u32,
}

/// Everything of a box.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Its pieces, in an order that depends on the file alone.
    pub pieces: Vec<Piece>,
    /// Land, where the file has a coast in the box.
    pub land: Option<MultiPolygon<f64>>,
    /// Ends of coast within the box that had to be led to its edge.
    pub coast_gaps: usize,
    /// The part of the box that the file holds.
    pub frame: Rect,
    /// The box that land was cut to, whose sides are no coast.
    pub shore: Rect,
    /// Whom a map has to name.
    pub credits: Vec<&'static str>,
}

impl Piece {
    /// A piece of which nothing else is known.
    #[must_use]
    pub const fn new(
        theme: Theme,
        class: &'static str,
        name: Option<String>,
        shape: Geometry<f64>,
    ) -> Self {
        let (one_way, keeper, owner, limit) = (OneWay::No, None, None, None);
        Self { theme, class, name, shape, one_way, keeper, owner, limit, dwellings: 0 }
    }

    /// What is replaced together: registers of roads know no railways.
    fn kind(&self) -> (Theme, &'static str) {
        match self.class {
            "rail" | "ferry" => (self.theme, self.class),
            _ => (self.theme, ""),
        }
    }
}

impl Ground {
    /// Nothing, for a file of another place.
    #[must_use]
    pub const fn nowhere(frame: Rect) -> Self {
        Self {
            pieces: Vec::new(),
            land: None,
            coast_gaps: 0,
            frame,
            shore: frame,
            credits: Vec::new(),
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.land.is_none()
    }

    /// Lays another file over this one: what it holds of a kind (roads,
    /// buildings, …) or as land takes the place of all that was there of it.
    #[must_use]
    pub fn under(mut self, mut over: Self) -> Self {
        if over.is_empty() {
            return self;
        }
        if self.is_empty() {
            return over;
        }
        let kinds: HashSet<_> = over.pieces.iter().map(Piece::kind).collect();
        self.pieces.retain(|piece| !kinds.contains(&piece.kind()));
        self.pieces.append(&mut over.pieces);
        if over.land.is_some() {
            (self.land, self.shore, self.coast_gaps) = (over.land, over.shore, over.coast_gaps);
        }
        let (low, high) = (self.frame.min(), self.frame.max());
        self.frame = Rect::new(
            (low.x.min(over.frame.min().x), low.y.min(over.frame.min().y)),
            (high.x.max(over.frame.max().x), high.y.max(over.frame.max().y)),
        );
        over.credits.retain(|credit| !self.credits.contains(credit));
        self.credits.append(&mut over.credits);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Point;

    fn ground(pieces: &[(Theme, &'static str)], credit: &'static str) -> Ground {
        let at = |(theme, class): &(Theme, &'static str)| {
            Piece::new(*theme, class, None, Geometry::Point(Point::new(11.0, 58.0)))
        };
        let frame = Rect::new((11.0, 58.0), (12.0, 59.0));
        let pieces = pieces.iter().map(at).collect();
        Ground { pieces, credits: vec![credit], ..Ground::nowhere(frame) }
    }

    #[test]
    fn a_later_file_replaces_what_it_has_and_leaves_the_rest() {
        let osm =
            ground(&[(Theme::Road, "minor"), (Theme::Road, "rail"), (Theme::Lamp, "lamp")], "a");
        let nvdb = ground(&[(Theme::Road, "main")], "b");
        let both = osm.under(nvdb).under(Ground::nowhere(Rect::new((0.0, 0.0), (1.0, 1.0))));
        let classes: Vec<_> = both.pieces.iter().map(|piece| piece.class).collect();
        assert_eq!(classes, ["rail", "lamp", "main"]);
        assert_eq!(both.credits, ["a", "b"]);
    }
}
