//! `fyren basemap import`: from an extract to tiles, roads, dwellings and names.

use super::drawn::{Drawn, drawn};
use super::fold::words;
use super::keepers::kept_roads;
use super::{KEEPERS, ROADS, cut};
use crate::app::hold_back::DWELLINGS;
use crate::app::{App, Error, FileFailure, Opener, failure};
use crate::encode::packed;
use crate::import::{
    CutTiles, Ground as Read, ImportError, OneWay, Theme, outline, read_geopackage, read_osm,
    read_pmtiles, read_shapefile,
};
use crate::store::{Basemap, BasemapHead, BasemapTile, ExtraLayer, PlaceName};
use fyren_core::domain::{Municipality, MunicipalityCode, Position};
use fyren_core::plane::{Projection, RoadClass, RoadGraph, Stretch, Tile};
use geo::{BoundingRect, Centroid, Contains, Euclidean, InterpolateLine, Length, Simplify};
use geo_types::{Geometry, MultiPolygon, Point, Rect};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Degrees of longitude and latitude around the municipality that are drawn
/// too, some three kilometres.
const AROUND: [f64; 2] = [0.05, 0.03];

/// Degrees that a kept coast may stray, about two metres.
const STRAY: f64 = 2e-5;

/// Dwellings of one building beyond which it is never too few for a release.
const ENOUGH: u32 = 8;

/// A base map to import.
#[derive(Debug, Clone)]
pub struct BasemapJob {
    /// For which municipality.
    pub municipality: MunicipalityCode,
    /// The names of the files, which are kept.
    pub source: String,
    /// Whom every map names; without it whoever made the files.
    pub attribution: Option<String>,
}

/// A file that a base map is made of.
pub enum GroundFile {
    /// An extract of `OpenStreetMap`.
    Osm(Opener),
    /// A `GeoPackage` of NVDB or Lantmäteriet.
    GeoPackage(PathBuf),
    /// A Shapefile of either, or of land polygons: its `.shp`, or an archive.
    Shapefile(PathBuf),
    /// Tiles that were cut elsewhere, drawn in place of our own.
    PmTiles(PathBuf),
}

impl GroundFile {
    /// The file at `path` by its ending, to be opened by `open` where it is
    /// read from front to back.
    #[must_use]
    pub fn of(path: &Path, open: Opener) -> Self {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "gpkg" => Self::GeoPackage(path.to_owned()),
            "shp" | "zip" => Self::Shapefile(path.to_owned()),
            "pmtiles" => Self::PmTiles(path.to_owned()),
            _ => Self::Osm(open),
        }
    }

    fn read(&self, frame: Rect) -> std::result::Result<Read, ImportError> {
        match self {
            Self::Osm(open) => read_osm(&**open, frame),
            Self::GeoPackage(path) => read_geopackage(path, frame),
            Self::Shapefile(path) => read_shapefile(path, frame),
            Self::PmTiles(_) => Ok(Read::nowhere(frame)),
        }
    }
}

/// What an import has made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BasemapReport {
    /// Code of the municipality.
    pub municipality: String,
    /// A hash of tiles and names.
    pub version: String,
    /// Pieces of the ground by kind.
    pub pieces: BTreeMap<&'static str, usize>,
    /// Tiles.
    pub tiles: usize,
    /// Bytes of all tiles, packed.
    pub tile_bytes: usize,
    /// Bytes of the largest tile, packed.
    pub largest_tile: usize,
    /// The first zoom of the tiles.
    pub min_zoom: u8,
    /// The last; closer, clients enlarge it.
    pub max_zoom: u8,
    /// Whether the file has a coast here, which is now that of the municipality.
    pub coast: bool,
    /// Ends of coast that had to be led to the edge of the map.
    pub coast_gaps: usize,
    /// Nodes of the road graph.
    pub road_nodes: usize,
    /// Kilometres of road.
    pub road_km: f64,
    /// Dwellings, as far as buildings tell.
    pub dwellings: usize,
    /// Names that can be searched for.
    pub names: usize,
}

impl App {
    /// Reads files and stores what lies in and around the municipality as its
    /// base map, in place of an earlier one. Of what several files hold (roads,
    /// buildings, land, …) the last one's is taken. A coast in them becomes the
    /// municipality's land.
    ///
    /// # Errors
    /// [`FileFailure::File`] for a file that is none; [`Error::NotFound`]
    /// without such a municipality; [`Error::Invalid`] `file: nothing_here`
    /// for a file of another place.
    pub async fn import_basemap(
        &self,
        actor: &str,
        job: BasemapJob,
        files: Vec<GroundFile>,
    ) -> std::result::Result<BasemapReport, FileFailure> {
        let ground = self.ground(job.municipality.as_str()).await?;
        let frame = frame(&ground.municipality)?;
        let projection = ground.geofence.projection().clone();
        let imported_at = self.clock.now();
        let boundary = ground.municipality.boundary.clone();
        let code = job.municipality.clone();
        let mut tiles = None;
        for file in &files {
            if let GroundFile::PmTiles(path) = file {
                let zooms = [cut::LEAST_ZOOM, cut::MOST_ZOOM];
                tiles = Some(read_pmtiles(path, frame, zooms).await?);
            }
        }
        let work = move || -> std::result::Result<_, FileFailure> {
            let mut read = Read::nowhere(frame);
            for file in &files {
                read = read.under(file.read(frame)?);
            }
            let mut credits: Vec<String> = read.credits.iter().map(|&c| c.to_owned()).collect();
            if read.is_empty() && tiles.as_ref().is_none_or(|cut| cut.tiles.is_empty()) {
                return Err(fyren_core::domain::Violation::new("file", "nothing_here").into());
            }
            if let Some(credit) = tiles.as_mut().and_then(|cut| cut.credit.take()) {
                credits.push(credit);
            }
            let (mut basemap, mut report) = made(&read, &projection, tiles);
            report.municipality = job.municipality.to_string();
            let homes = homes(&read, &boundary);
            report.dwellings = homes.1;
            let summary =
                serde_json::to_string(&report).map_err(|fault| Error::Bug(fault.to_string()))?;
            let attribution = job.attribution.unwrap_or_else(|| credits.join(" · "));
            let source = job.source;
            let version = report.version.clone();
            basemap.head = BasemapHead { version, source, attribution, imported_at, summary };
            let land = read.land.map(|land| land.simplify(STRAY));
            Ok((basemap, report, land, homes.0))
        };
        let done = tokio::task::spawn_blocking(work).await;
        let (basemap, report, land, homes) =
            done.map_err(|fault| Error::Bug(fault.to_string()))??;
        if let Some(land) = land {
            self.save_land(actor, ground.municipality.clone(), land).await?;
        }
        // Without buildings nothing is known of dwellings, and what was stays.
        if report.pieces.contains_key(Theme::Building.code()) {
            self.municipal.save_extra_layer(&code, homes).await.map_err(failure)?;
        }
        let audit = self.audit(actor, "import_basemap", Some(&code), None);
        self.municipal.save_basemap(&code, basemap, audit).await.map_err(failure)?;
        Ok(report)
    }

    /// The outline of the administrative area with this name in an extract.
    ///
    /// # Errors
    /// [`FileFailure::File`] for a file that is none, [`Error::NotFound`]
    /// without such an area.
    pub async fn outline_in(
        name: String,
        open: Opener,
    ) -> std::result::Result<MultiPolygon<f64>, FileFailure> {
        let work = move || -> std::result::Result<_, ImportError> { outline(&*open, &name) };
        let found = tokio::task::spawn_blocking(work).await;
        let found = found.map_err(|fault| Error::Bug(fault.to_string()))??;
        found.ok_or(FileFailure::App(Error::NotFound))
    }

    async fn save_land(
        &self,
        actor: &str,
        municipality: Municipality,
        land: MultiPolygon<f64>,
    ) -> std::result::Result<(), FileFailure> {
        let municipality = Municipality { land: Some(land), ..municipality };
        for context in fyren_core::domain::Context::ALL {
            let audit = self.audit(actor, "import_coast", Some(&municipality.code), None);
            let saved = self.store(*context).save_municipality(municipality.clone(), audit);
            saved.await.map_err(failure)?;
        }
        self.forget_ground(&municipality.code);
        Ok(())
    }
}

/// The box that is drawn.
fn frame(municipality: &Municipality) -> Result<Rect, Error> {
    let bounds = municipality.boundary.bounding_rect();
    let bounds = bounds.ok_or_else(|| Error::Bug("a municipality without ground".into()))?;
    let [x, y] = AROUND;
    Ok(Rect::new(
        (bounds.min().x - x, bounds.min().y - y),
        (bounds.max().x + x, bounds.max().y + y),
    ))
}

fn made(read: &Read, projection: &Projection, ready: Option<CutTiles>) -> (Basemap, BasemapReport) {
    let mut report = BasemapReport::default();
    for piece in &read.pieces {
        *report.pieces.entry(piece.theme.code()).or_default() += 1;
    }
    (report.coast, report.coast_gaps) = (read.land.is_some(), read.coast_gaps);
    let shapes = drawn(read);
    [report.min_zoom, report.max_zoom] = [cut::LEAST_ZOOM, cut::MOST_ZOOM];
    let tiles = match ready {
        Some(ready) => {
            [report.min_zoom, report.max_zoom] = ready.zooms;
            report.coast =
                ["land", "coast"].iter().all(|name| ready.layers.iter().any(|l| l == name));
            packed_tiles(&ready)
        }
        None => cut::cut(&shapes, read.frame),
    };
    report.tiles = tiles.len();
    report.tile_bytes = tiles.iter().map(|tile| tile.data.len()).sum();
    report.largest_tile = tiles.iter().map(|tile| tile.data.len()).max().unwrap_or(0);
    let graph = RoadGraph::of(stretches(read, projection));
    (report.road_nodes, report.road_km) = (graph.nodes().len(), graph.length_km().round());
    let names = names(read, &shapes);
    report.names = names.len();
    let mut hash = Sha256::new();
    for tile in &tiles {
        hash.update(&tile.data);
    }
    for (name, _) in &names {
        hash.update(name.name.as_bytes());
    }
    report.version = data_encoding::HEXLOWER.encode(&hash.finalize()[..8]);
    let keepers = serde_json::to_vec(&kept_roads(read)).unwrap_or_default();
    let parts = vec![
        (ROADS.to_owned(), packed(&graph.to_bytes(), "gzip")),
        (KEEPERS.to_owned(), packed(&keepers, "gzip")),
    ];
    let head = BasemapHead {
        version: String::new(),
        source: String::new(),
        attribution: String::new(),
        imported_at: jiff::Timestamp::UNIX_EPOCH,
        summary: String::new(),
    };
    (Basemap { head, tiles, parts, names }, report)
}

fn packed_tiles(ready: &CutTiles) -> Vec<BasemapTile> {
    let tile = |(tile, data): &(Tile, Vec<u8>)| BasemapTile {
        z: tile.z(),
        x: tile.x(),
        y: tile.y(),
        data: packed(data, "gzip"),
    };
    ready.tiles.iter().map(tile).collect()
}

fn stretches<'a>(read: &'a Read, projection: &'a Projection) -> impl Iterator<Item = Stretch> + 'a {
    read.pieces.iter().filter(|piece| piece.theme == Theme::Road).filter_map(|piece| {
        let class = RoadClass::parse(piece.class)?;
        let Geometry::LineString(line) = &piece.shape else { return None };
        let place = |at: &geo_types::Coord| {
            projection.forward(Position { longitude: at.x, latitude: at.y })
        };
        let ways = match piece.one_way {
            OneWay::No => [true, true],
            OneWay::Forward => [true, false],
            OneWay::Backward => [false, true],
        };
        Some(Stretch { course: line.0.iter().map(place).collect(), class, ways })
    })
}

/// A point for each dwelling within the boundary, up to [`ENOUGH`] of one
/// building, and how many dwellings that speaks of.
fn homes(read: &Read, boundary: &MultiPolygon<f64>) -> (ExtraLayer, usize) {
    let (mut features, mut dwellings) = (Vec::new(), 0);
    for piece in read.pieces.iter().filter(|piece| piece.dwellings > 0) {
        let Some(at) = middle(&piece.shape) else { continue };
        if !boundary.contains(&Point::new(at.longitude, at.latitude)) {
            continue;
        }
        dwellings += piece.dwellings as usize;
        for _ in 0..piece.dwellings.min(ENOUGH) {
            features.push(json!({
                "type": "Feature",
                "properties": {},
                "geometry": { "type": "Point", "coordinates": [at.longitude, at.latitude] },
            }));
        }
    }
    let geojson = json!({ "type": "FeatureCollection", "features": features }).to_string();
    (ExtraLayer { name: DWELLINGS.to_owned(), geojson }, dwellings)
}

fn middle(shape: &Geometry) -> Option<Position> {
    let at = shape.centroid()?;
    Some(Position { longitude: at.x(), latitude: at.y() })
}

/// Everything that has a name, each street once for each place where it hangs
/// together, with its words in plain letters.
fn names(read: &Read, shapes: &[Drawn]) -> Vec<(PlaceName, Vec<String>)> {
    let named = read.pieces.iter().filter_map(|piece| {
        let weight = match (piece.theme, piece.class) {
            (Theme::Place, "town") => 2_000,
            (Theme::Place, "village") => 1_000,
            (Theme::Place, "hamlet") => 500,
            (Theme::Place, _) => 300,
            (Theme::Poi, "stop") => 90,
            (Theme::Poi, _) => 80,
            (Theme::Address, _) => 10,
            _ => return None,
        };
        Some((piece.name.clone()?, piece.class, middle(&piece.shape)?, weight))
    });
    let streets = shapes.iter().filter(|drawn| drawn.layer == Theme::Road.code());
    let mut longest: BTreeMap<&str, (f64, Position)> = BTreeMap::new();
    for drawn in streets {
        let (Some(name), Geometry::LineString(line)) = (&drawn.name, &drawn.shape) else {
            continue;
        };
        let length = Euclidean.length(line);
        let half = Euclidean.point_at_ratio_from_start(line, 0.5);
        let known = longest.get(name.as_str()).map_or(0.0, |(known, _)| *known);
        if let Some(at) = half.filter(|_| length > known) {
            let at = Position { longitude: at.x(), latitude: at.y() };
            longest.insert(name, (length, at));
        }
    }
    let streets = longest.into_iter().map(|(name, (_, at))| (name.to_owned(), "street", at, 100));
    let mut all: Vec<_> = named.chain(streets).collect();
    all.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)).then(a.2.longitude.total_cmp(&b.2.longitude)));
    all.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1 && near(a.2, b.2));
    all.into_iter()
        .map(|(name, kind, position, weight)| {
            let words = words(&name);
            (PlaceName { name, kind: kind.to_owned(), position, weight }, words)
        })
        .collect()
}

/// Within some hundred metres.
fn near(a: Position, b: Position) -> bool {
    (a.longitude - b.longitude).abs() < 2e-3 && (a.latitude - b.latitude).abs() < 1e-3
}
