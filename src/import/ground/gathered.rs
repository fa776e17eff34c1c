//! What rows of tables mean on the ground, gathered over the tables of a file.

use super::{Ground, Keeper, Piece, Theme, nvdb, topography};
use geo::orient::{Direction, Orient};
use geo::{BooleanOps, BoundingRect, Intersects, unary_union};
use geo_types::{Geometry, LineString, MultiPolygon, Point, Rect};

/// Who keeps the roads of the state.
const STATE: &str = "Trafikverket";

/// How the rows of a table are understood.
pub enum Schema {
    /// Roads of NVDB.
    Roads(nvdb::Columns),
    /// Anything that Lantmäteriet maps.
    Topography(topography::Columns),
    /// Land as areas.
    Land,
}

impl Schema {
    /// The schema of a table by its name and columns, both in plain letters;
    /// `None` for a table that is not understood.
    pub fn of(table: &str, columns: &[String]) -> Option<Self> {
        if let Some(roads) = nvdb::Columns::of(columns) {
            return Some(Self::Roads(roads));
        }
        if let Some(topography) = topography::Columns::of(columns) {
            return Some(Self::Topography(topography));
        }
        table.contains("landpolygons").then_some(Self::Land)
    }

    /// Whom a map has to name for it.
    const fn credit(&self) -> &'static str {
        match self {
            Self::Roads(_) => "Trafikverket (NVDB)",
            Self::Topography(_) => "© Lantmäteriet",
            Self::Land => super::OSM_CREDIT,
        }
    }
}

/// Pieces of the ground from shapes with attributes.
pub struct Gathered {
    frame: Rect,
    /// The part of the frame that tables of the ground cover.
    covered: Option<Rect>,
    pieces: Vec<Piece>,
    land: Vec<MultiPolygon>,
    sea: Vec<MultiPolygon>,
    credits: Vec<&'static str>,
}

impl Gathered {
    /// Nothing yet of `frame`.
    pub const fn new(frame: Rect) -> Self {
        Self {
            frame,
            covered: None,
            pieces: Vec::new(),
            land: Vec::new(),
            sea: Vec::new(),
            credits: Vec::new(),
        }
    }

    /// The box that is gathered.
    pub const fn frame(&self) -> Rect {
        self.frame
    }

    /// Takes a shape in degrees with the values of its row, where it touches
    /// the frame.
    pub fn take(&mut self, schema: &Schema, values: &[String], shape: Geometry) {
        let Some(bounds) = shape.bounding_rect().filter(|bounds| self.frame.intersects(bounds))
        else {
            return;
        };
        let before = (self.pieces.len(), self.land.len(), self.sea.len());
        match schema {
            Schema::Roads(columns) => self.road(columns.road(values), shape),
            Schema::Land => self.land.extend(areas(shape).map(|land| within(self.frame, &land))),
            Schema::Topography(columns) => {
                if shape_is_area(&shape) {
                    self.cover(bounds);
                }
                if let Some((meaning, name)) = columns.read(values) {
                    self.mapped(&meaning, name.as_deref(), shape);
                }
            }
        }
        let credit = schema.credit();
        if before != (self.pieces.len(), self.land.len(), self.sea.len())
            && !self.credits.contains(&credit)
        {
            self.credits.push(credit);
        }
    }

    /// The ground of everything that was taken. Land is the union of the areas
    /// that were said to be land, else what the sea leaves of the frame as far
    /// as areas were mapped in it.
    pub fn finish(self) -> Ground {
        let mut shore = self.frame;
        let land = if !self.land.is_empty() {
            Some(unary_union(&self.land))
        } else if self.sea.is_empty() {
            None
        } else {
            shore = self.covered.unwrap_or(self.frame);
            let covered = MultiPolygon(vec![shore.to_polygon()]);
            Some(covered.difference(&unary_union(&self.sea)))
        };
        Ground {
            pieces: self.pieces,
            land: land.map(|land| land.orient(Direction::Default)),
            coast_gaps: 0,
            frame: self.frame,
            shore,
            credits: self.credits,
        }
    }

    fn cover(&mut self, bounds: Rect) {
        let (low, high) = (self.frame.min(), self.frame.max());
        let inside = Rect::new(
            (bounds.min().x.max(low.x), bounds.min().y.max(low.y)),
            (bounds.max().x.min(high.x), bounds.max().y.min(high.y)),
        );
        self.covered = Some(self.covered.map_or(inside, |known| {
            Rect::new(
                (known.min().x.min(inside.min().x), known.min().y.min(inside.min().y)),
                (known.max().x.max(inside.max().x), known.max().y.max(inside.max().y)),
            )
        }));
    }

    fn road(&mut self, road: nvdb::Road, shape: Geometry) {
        let owner = match road.keeper {
            Some(Keeper::State) => Some(STATE.to_owned()),
            _ => road.owner,
        };
        for line in lines(shape) {
            self.pieces.push(Piece {
                one_way: road.one_way,
                keeper: road.keeper,
                owner: owner.clone(),
                limit: road.limit,
                ..Piece::new(Theme::Road, road.class, road.name.clone(), Geometry::LineString(line))
            });
        }
    }

    fn mapped(&mut self, meaning: &topography::Meaning, name: Option<&str>, shape: Geometry) {
        use topography::Meaning;
        let (theme, class, dwellings) = match *meaning {
            Meaning::Sea => {
                return self.sea.extend(areas(shape).map(|sea| within(self.frame, &sea)));
            }
            Meaning::Building(0) => (Theme::Building, "building", 0),
            Meaning::Building(dwellings) => (Theme::Building, "home", dwellings),
            Meaning::Drawn(theme, class) => (theme, class, 0),
            Meaning::Named(class) => (Theme::Place, class, 0),
        };
        let shapes: Vec<Geometry> = match theme {
            Theme::Place => points(shape).into_iter().map(Geometry::Point).collect(),
            Theme::Road | Theme::Waterway => {
                lines(shape).into_iter().map(Geometry::LineString).collect()
            }
            Theme::Pier if !shape_is_area(&shape) => {
                lines(shape).into_iter().map(Geometry::LineString).collect()
            }
            _ => areas(shape).map(Geometry::MultiPolygon).into_iter().collect(),
        };
        let piece =
            |shape| Piece { dwellings, ..Piece::new(theme, class, name.map(str::to_owned), shape) };
        self.pieces.extend(shapes.into_iter().map(piece));
    }
}

fn within(frame: Rect, area: &MultiPolygon) -> MultiPolygon {
    area.intersection(&MultiPolygon(vec![frame.to_polygon()]))
}

const fn shape_is_area(shape: &Geometry) -> bool {
    matches!(shape, Geometry::Polygon(_) | Geometry::MultiPolygon(_))
}

fn areas(shape: Geometry) -> Option<MultiPolygon> {
    match shape {
        Geometry::Polygon(area) => Some(MultiPolygon(vec![area])),
        Geometry::MultiPolygon(areas) => Some(areas),
        _ => None,
    }
}

fn lines(shape: Geometry) -> Vec<LineString> {
    let lines = match shape {
        Geometry::Line(line) => vec![LineString::from(line)],
        Geometry::LineString(line) => vec![line],
        Geometry::MultiLineString(lines) => lines.0,
        _ => Vec::new(),
    };
    lines.into_iter().filter(|line| line.0.len() > 1).collect()
}

fn points(shape: Geometry) -> Vec<Point> {
    match shape {
        Geometry::Point(point) => vec![point],
        Geometry::MultiPoint(points) => points.0,
        _ => Vec::new(),
    }
}
