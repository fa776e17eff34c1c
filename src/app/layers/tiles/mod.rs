//! Layers as vector tiles: every event where few are, else what a square of
//! the tile holds and how many that is, so that no tile grows beyond
//! [`MOST_BYTES`] and none is missing from the sum.

mod grid;
mod shelf;

pub use shelf::TileShelf;

use super::answer::{Built, hash};
use super::events::Fields;
use super::staff::StaffSource;
use super::stored::Stored;
use super::{Prepared, Source, incidents, reports, visits};
use crate::app::Result;
use crate::encode::{Detail, Mvt, Points, Value, packed};
use crate::spatial::{Bounds, Filter, Snapshot, Spot};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use fyren_core::domain::{Context, EventKind, Id, Layer, Position};
use fyren_core::plane::{TILE_UNITS, Tile};
use grid::{Cells, Frame};
use std::sync::Arc;

/// Most bytes of a tile before it is packed.
pub const MOST_BYTES: usize = 100_000;

/// Events that a tile holds one by one, with all their fields.
const SINGLE: usize = 500;

/// Events that are looked at for a tile without going to the pool: a tenth of a
/// millisecond.
const LOOKED: usize = 1_000;

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
    let frame = Frame::new(tile);
    let mut few: Vec<(usize, Spot)> = Vec::new();
    let mut many: Option<Cells> = None;
    for (part, (_, snapshot)) in parts.iter().enumerate() {
        snapshot.each_spot(&filter, |spot| {
            if !frame.holds(spot.at) {
                return;
            }
            match &mut many {
                Some(cells) => cells.add(part, spot),
                None if few.len() < SINGLE => few.push((part, spot)),
                None => {
                    let cells = many.insert(counted(tile, &frame, &few));
                    cells.add(part, spot);
                }
            }
        });
    }
    let layer = source.layer().code();
    if many.is_none() {
        let bytes = singles(tile, layer, fields, &parts, &few);
        if bytes.len() <= MOST_BYTES {
            return bytes;
        }
    }
    let mut cells = many.unwrap_or_else(|| counted(tile, &frame, &few));
    for _ in 0..source.query.halvings() {
        cells.coarsen();
    }
    loop {
        let bytes = clusters(tile, layer, &parts, &cells);
        if bytes.len() <= MOST_BYTES || !cells.coarsen() {
            return bytes;
        }
    }
}

/// The tile of stored events of `kind` where it is a matter of a moment; `None`
/// where it takes a longer look.
fn of_few(
    source: &StaffSource,
    kind: EventKind,
    fields: &'static Fields,
    tile: Tile,
) -> Option<Vec<u8>> {
    let filter = Filter { bounds: Some(around(tile)), ..source.filter(kind) };
    let parts: Vec<(Context, &Arc<Snapshot>)> = source.snapshots().collect();
    let frame = Frame::new(tile);
    let mut few: Vec<(usize, Spot)> = Vec::new();
    for (part, (_, snapshot)) in parts.iter().enumerate() {
        let spots = snapshot.few_spots(&filter, LOOKED)?;
        let inside = spots.into_iter().filter(|spot| frame.holds(spot.at));
        few.extend(inside.map(|spot| (part, spot)));
    }
    if few.len() > SINGLE {
        return None;
    }
    let bytes = singles(tile, source.layer().code(), fields, &parts, &few);
    (bytes.len() <= MOST_BYTES).then_some(bytes)
}

fn counted<'f>(tile: Tile, frame: &'f Frame, spots: &[(usize, Spot)]) -> Cells<'f> {
    let mut cells = Cells::new(tile, frame);
    for (part, spot) in spots {
        cells.add(*part, *spot);
    }
    cells
}

/// A tile of a feature each for `few` events, in the order of their identities.
fn singles(
    tile: Tile,
    layer: &str,
    fields: &Fields,
    parts: &[(Context, &Arc<Snapshot>)],
    few: &[(usize, Spot)],
) -> Vec<u8> {
    let mut order: Vec<(Id, usize, u32)> =
        few.iter().map(|(part, spot)| (parts[*part].1.id(spot.row), *part, spot.row)).collect();
    order.sort_unstable();
    let names = ["id", "count"].into_iter().chain(fields.names.iter().copied());
    let mut points = Points::new(names, order.len());
    let placer = tile.placer();
    for (_, part, row) in order {
        let (context, snapshot) = parts[part];
        let event = snapshot.at_row(row);
        let Some(at) = event.position else { continue };
        let mut id = [0; 32];
        points.own(0, HEXLOWER.encode_mut_str(&event.id.bits().to_be_bytes(), &mut id));
        points.value(1, 1, || Value::Int(1));
        for (field, tell) in (2..).zip(fields.tell) {
            points.value(field, tell.mark(context, &event), || tell.value(context, &event));
        }
        points.end(inside(placer.place(at)));
    }
    points.finish(layer)
}

impl Prepared {
    /// The tile with this tag where it lies packed already.
    #[must_use]
    pub fn kept_tile(&self, tag: &str) -> Option<Bytes> {
        self.tiles.take(tag)
    }

    /// The vector tile whose [`tile_tag`] is `tag`, packed with `encoding`:
    /// from the shelf, or made on the pool. At most [`MOST_BYTES`] before it is
    /// packed, however many events there are; each feature of a layer of events
    /// says with `count` how many it stands for.
    ///
    /// # Errors
    /// As [`Prepared::answer`].
    pub async fn tile(self, tile: Tile, encoding: &'static str, tag: String) -> Result<Bytes> {
        let Self { layer, source, version, pool, kept, lands, tiles, store } = self;
        let few = match &source {
            Source::Staff(source) => source.few_events_tile(tile),
            Source::Public(..) => None,
        };
        if let Some(plain) = few {
            // To pack takes longer than to make it.
            let bytes = match encoding {
                "identity" => Bytes::from(plain),
                _ => pool.compute(move || Ok(Bytes::from(packed(&plain, encoding)))).await?,
            };
            tiles.keep(&tag, bytes.clone());
            return Ok(bytes);
        }
        let stored = Stored::read(layer, &source, store.as_ref()).await?;
        let work = move || {
            if let Some(bytes) = tiles.take(&tag) {
                return Ok(bytes);
            }
            let events = match &source {
                Source::Staff(source) => source.events_tile(tile),
                Source::Public(..) => None,
            };
            let plain = if let Some(plain) = events {
                plain
            } else {
                let built = match kept.take(&version) {
                    Some(built) => built,
                    None => source.build(layer, &lands, stored)?,
                };
                kept.keep(version, built.clone());
                of_rows(layer, &built, tile)
            };
            let bytes = Bytes::from(packed(&plain, encoding));
            tiles.keep(&tag, bytes.clone());
            Ok(bytes)
        };
        pool.compute(work).await
    }
}

impl StaffSource {
    /// The tile of a layer of events before it is packed, at most
    /// [`MOST_BYTES`]; `None` for any other layer.
    #[must_use]
    pub fn events_tile(&self, tile: Tile) -> Option<Vec<u8>> {
        let (kind, fields) = self.events()?;
        Some(of_events(self, kind, fields, tile))
    }

    /// The same tile where it is a matter of a moment: few events are in it or
    /// near it. `None` for any other.
    #[must_use]
    pub fn few_events_tile(&self, tile: Tile) -> Option<Vec<u8>> {
        let (kind, fields) = self.events()?;
        of_few(self, kind, fields, tile)
    }

    const fn events(&self) -> Option<(EventKind, &'static Fields)> {
        match self.layer() {
            Layer::Reports => Some((EventKind::Report, &reports::FIELDS)),
            Layer::Incidents => Some((EventKind::Incident, &incidents::FIELDS)),
            Layer::Visits => Some((EventKind::Visit, &visits::FIELDS)),
            _ => None,
        }
    }
}

fn around(tile: Tile) -> Bounds {
    let extent = tile.extent(0.0);
    Bounds {
        south_west: Position { longitude: extent.west, latitude: extent.south },
        north_east: Position { longitude: extent.east, latitude: extent.north },
    }
}

/// A tile of a feature for each filled square: how many it holds, in their
/// middle, and the category that all of them share.
fn clusters(
    tile: Tile,
    layer: &str,
    parts: &[(Context, &Arc<Snapshot>)],
    cells: &Cells<'_>,
) -> Vec<u8> {
    let mut points = Points::new(["count", "category"], cells.filled().count());
    let placer = tile.placer();
    for cell in cells.filled() {
        let count = u64::from(cell.count);
        points.value(0, count, || Value::Int(count.cast_signed()));
        if cell.alike {
            let mark = (cell.part as u64) << 16 | u64::from(cell.category);
            points.value(1, mark, || parts[cell.part].1.category(cell.category).into());
        }
        points.end(inside(placer.place(cell.middle())));
    }
    points.finish(layer)
}

/// A place on the very edge, moved by a hundredth of a unit at most, so that
/// rounding puts it into the tile that counted it.
fn inside(units: [f64; 2]) -> [f64; 2] {
    units.map(|units| units.clamp(0.01, TILE_UNITS - 0.01))
}
