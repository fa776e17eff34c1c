//! Layers as vector tiles: every event where few are, else what a square of
//! the tile holds and how many that is, so that no tile grows beyond
//! [`MOST_BYTES`] and none is missing from the sum.

mod grid;
mod shelf;

pub use shelf::TileShelf;

use super::answer::{Built, hash};
use super::events::Fields;
use super::staff::StaffSource;
use super::{incidents, reports, visits};
use crate::encode::{Detail, Feature, FeatureId, Mvt, Shape, Value};
use crate::spatial::{Bounds, Event, Filter, Snapshot, Spot};
use fyren_core::domain::{Context, EventKind, Layer, Position};
use fyren_core::plane::{TILE_UNITS, Tile};
use grid::{Cell, Cells};
use std::borrow::Cow;
use std::sync::Arc;

/// Most bytes of a tile before it is packed.
pub const MOST_BYTES: usize = 100_000;

/// Events that a tile holds one by one, with all their fields.
const SINGLE: usize = 500;

/// The strong entity tag of a tile, quotes included: the
/// [`version`](super::Prepared::version) of its layer, its place, encoding and
/// build.
#[must_use]
pub fn tile_tag(version: &str, tile: Tile, encoding: &str, build: &str) -> String {
    let place = format!("{}/{}/{}", tile.z(), tile.x(), tile.y());
    format!("\"{}\"", hash(&[version, &place, encoding, build].map(str::as_bytes)))
}

/// The tile of a layer that is already built, which are hundreds of features
/// and not millions. Areas and lines lose detail until it is small enough.
pub fn of_rows(layer: Layer, built: &Built, tile: Tile) -> Vec<u8> {
    let mut detail = Detail { stray: 1.0, least_area: 2.0 };
    loop {
        let mut mvt = Mvt::new(tile);
        let rows = (0..built.rows.len()).map(|at| built.rows.feature(at));
        let written = mvt.layer(layer.code(), detail, rows);
        let bytes = mvt.finish();
        if bytes.len() <= MOST_BYTES || written == 0 || detail.stray > TILE_UNITS {
            return bytes;
        }
        detail = Detail { stray: detail.stray * 2.0, least_area: detail.least_area * 4.0 };
    }
}

/// The tile of stored events of `kind`, in squares as wide as is asked.
pub fn of_events(
    source: &StaffSource,
    kind: EventKind,
    fields: &'static Fields,
    tile: Tile,
) -> Vec<u8> {
    let filter = Filter { bounds: Some(around(tile)), ..source.filter(kind) };
    let parts: Vec<(Context, &Arc<Snapshot>)> = source.snapshots().collect();
    let mut cells = Cells::new(tile);
    let mut singles: Vec<(usize, Spot)> = Vec::new();
    for (part, (_, snapshot)) in parts.iter().enumerate() {
        snapshot.each_spot(&filter, |spot| {
            if cells.add(part, spot) && singles.len() <= SINGLE {
                singles.push((part, spot));
            }
        });
    }
    let layer = source.layer().code();
    if singles.len() <= SINGLE {
        let mut events: Vec<(Context, Event<'_>)> =
            singles.iter().map(|(part, spot)| event(&parts, *part, spot.row)).collect();
        events.sort_unstable_by_key(|(_, event)| event.id);
        let features = events.iter().map(|(context, event)| single(tile, fields, *context, event));
        let bytes = written(tile, layer, features);
        if bytes.len() <= MOST_BYTES {
            return bytes;
        }
    }
    for _ in 0..source.query.halvings() {
        cells.coarsen();
    }
    loop {
        let bytes = written(tile, layer, cells.filled().map(|cell| cluster(tile, &parts, cell)));
        if bytes.len() <= MOST_BYTES || !cells.coarsen() {
            return bytes;
        }
    }
}

impl StaffSource {
    /// The tile of a layer of events before it is packed, at most
    /// [`MOST_BYTES`]; `None` for any other layer.
    #[must_use]
    pub fn events_tile(&self, tile: Tile) -> Option<Vec<u8>> {
        let (kind, fields) = match self.layer() {
            Layer::Reports => (EventKind::Report, &reports::FIELDS),
            Layer::Incidents => (EventKind::Incident, &incidents::FIELDS),
            Layer::Visits => (EventKind::Visit, &visits::FIELDS),
            _ => return None,
        };
        Some(of_events(self, kind, fields, tile))
    }
}

fn written<'a>(tile: Tile, layer: &str, features: impl Iterator<Item = Feature<'a>>) -> Vec<u8> {
    let mut mvt = Mvt::new(tile);
    mvt.layer(layer, Detail::FULL, features);
    mvt.finish()
}

fn around(tile: Tile) -> Bounds {
    let extent = tile.extent(0.0);
    Bounds {
        south_west: Position { longitude: extent.west, latitude: extent.south },
        north_east: Position { longitude: extent.east, latitude: extent.north },
    }
}

fn event<'a>(
    parts: &[(Context, &'a Arc<Snapshot>)],
    part: usize,
    row: u32,
) -> (Context, Event<'a>) {
    let (context, snapshot) = parts[part];
    (context, snapshot.at_row(row))
}

/// One event with all its fields; `count` is 1.
fn single<'a>(tile: Tile, fields: &Fields, context: Context, event: &Event<'a>) -> Feature<'a> {
    let values = (fields.values)(context, event);
    let count = std::iter::once(("count", Value::Int(1)));
    Feature {
        id: FeatureId::Event(event.id),
        shape: event.position.map_or(Shape::None, |at| Shape::Point(within(tile, at))),
        fields: count.chain(fields.names.iter().copied().zip(values)).collect(),
    }
}

/// What a square holds: how many, in their middle, and the category that all
/// of them share.
fn cluster<'a>(tile: Tile, parts: &[(Context, &'a Arc<Snapshot>)], cell: &Cell) -> Feature<'a> {
    let mut fields = vec![("count", Value::Int(i64::from(cell.count)))];
    if cell.alike {
        let (_, event) = event(parts, cell.part, cell.row);
        fields.push(("category", Value::Text(Cow::Borrowed(event.category))));
    }
    Feature { id: FeatureId::None, shape: Shape::Point(within(tile, cell.middle())), fields }
}

/// A position on the very edge, moved by a hundredth of a unit at most, so
/// that rounding puts it into the tile that counted it.
fn within(tile: Tile, at: Position) -> Position {
    tile.position(tile.place(at).map(|units| units.clamp(0.01, TILE_UNITS - 0.01)))
}
