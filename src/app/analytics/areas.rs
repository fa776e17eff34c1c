//! `plan/areas`: the municipality in patrol areas of about as much work each,
//! beside today's districts judged by the same measure.

use super::Said;
use crate::app::layers::answer::Built;
use crate::app::layers::lands::Lands;
use crate::app::layers::needs::Needs;
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, whole};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{PatrolAreas, Piece, judged, patrol_areas};
use fyren_core::domain::Plane;
use fyren_core::plane::Grid;
use geo::unary_union;
use geo_types::{Coord, Rect};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: &[&str] = &["area", "work", "share", "reports", "landKm2", "districts"];

/// Number of areas: default, least and most.
const AREAS: [u64; 3] = [3, 2, 20];
/// Edge of a cell in metres.
const CELL_M: [f64; 3] = [1_000.0, 500.0, 5_000.0];
const SEED: [u64; 3] = [1, 0, u32::MAX as u64];
/// Minutes of a visit, to which the way there and back is added.
const VISIT_MIN: f64 = 12.0;
/// Metres a minute of a straight line: 45 km/h on a way 1.5 times as long.
const METRES_A_MINUTE: f64 = 45_000.0 / 60.0 / 1.5;
/// What a cell without any reports is worth, as a share of the mean: few
/// reports are no reason for no presence.
const QUIET: f64 = 0.25;
/// Share of a cell that must be land for it to be divided.
const LAND: f64 = 0.01;

/// Divides the land into cells and those into areas. A cell's work is its need
/// times the minutes that a visit takes, the way from the largest place
/// included.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let params = &source.query.params;
    let read = || {
        let k = usize::try_from(whole(params, "k", AREAS)?).unwrap_or(usize::MAX);
        Ok((k, number(params, "cell", CELL_M)?, whole(params, "seed", SEED)?))
    };
    let (k, cell_m, seed) = read().map_err(|broken| Error::BadParameter(vec![broken]))?;
    let land = lands.of(&source.ground);
    let grid = land.grid(cell_m)?;
    let coverage = land.coverage(grid);
    let dry = |cell: &usize| coverage.shares()[*cell] >= LAND;
    let cells: Vec<usize> = (0..coverage.shares().len()).filter(dry).collect();
    let needs = Needs::of(source, grid.cell_m());
    let mut reports: BTreeMap<usize, f64> = BTreeMap::new();
    for cell in needs.points.iter().filter_map(|point| grid.cell_of(point.at)) {
        *reports.entry(cell).or_default() += 1.0;
    }
    let pieces = pieces(source, &grid, &cells, &reports);
    let found = patrol_areas(&pieces, &touching(&grid, &cells), k, seed)?;
    let districts: Vec<Option<usize>> =
        cells.iter().map(|cell| district(source, grid.centre(*cell))).collect();
    let mut said = Said::of(&needs, Period::new(source, needs.first));
    said.params = vec![("k", k.into()), ("cellM", grid.cell_m().into())];
    said.seed = Some(seed);
    let mut rows = Rows::new(FIELDS);
    let total: f64 = found.work.iter().sum();
    for area in 0..k {
        let own: Vec<usize> = (0..cells.len()).filter(|at| found.of[*at] == area).collect();
        let sum =
            |value: &dyn Fn(usize) -> f64| own.iter().map(|at| value(cells[*at])).sum::<f64>();
        let names: BTreeSet<usize> = own.iter().filter_map(|at| districts[*at]).collect();
        let name = |at: &usize| source.ground.municipality.districts[*at].name.clone().into();
        let values = vec![
            (area + 1).into(),
            figures(found.work[area]),
            figures(found.work[area] / total),
            figures(sum(&|cell| reports.get(&cell).copied().unwrap_or(0.0))),
            figures(sum(&|cell| coverage.shares()[cell] * grid.cell_km2())),
            Value::List(names.iter().map(name).collect()),
        ];
        let own: Vec<usize> = own.iter().map(|at| cells[*at]).collect();
        rows.push(FeatureId::Number(area as u64 + 1), shape(source, &grid, &own), values);
    }
    let mut members = said.members();
    members.push(("imbalance", figures(found.imbalance)));
    members.push(("spreadM", figures(found.spread_m)));
    members.push(("today", today(&pieces, &districts, source)));
    Ok(rows.built(members))
}

/// What each cell of land is worth.
fn pieces(
    source: &StaffSource,
    grid: &Grid,
    cells: &[usize],
    reports: &BTreeMap<usize, f64>,
) -> Vec<Piece> {
    let projection = source.ground.geofence.projection();
    let places = source.ground.municipality.localities.iter();
    let largest = places.max_by_key(|place| (place.residents, place.weight, &place.id.0));
    let base = largest.map(|place| projection.forward(place.position));
    #[expect(clippy::cast_precision_loss, reason = "some thousand cells")]
    let mean = (reports.values().sum::<f64>() / cells.len().max(1) as f64).max(0.001);
    let piece = |cell: &usize| {
        let at = grid.centre(*cell);
        let way = base.map_or(0.0, |base| (base.east - at.east).hypot(base.north - at.north));
        let need = reports.get(cell).copied().unwrap_or(0.0) + QUIET * mean;
        Piece { at, work: need * (VISIT_MIN + 2.0 * way / METRES_A_MINUTE) }
    };
    cells.iter().map(piece).collect()
}

/// Which cells touch along an edge, by their place in `cells`.
fn touching(grid: &Grid, cells: &[usize]) -> Vec<Vec<usize>> {
    let of: BTreeMap<usize, usize> =
        cells.iter().enumerate().map(|(at, cell)| (*cell, at)).collect();
    let near = |cell: &usize| {
        let here = grid.centre(*cell);
        let edge = |other: &usize| {
            let there = grid.centre(*other);
            (here.east - there.east).abs() + (here.north - there.north).abs() < 1.5 * grid.cell_m()
        };
        grid.neighbours(*cell).filter(edge).filter_map(|other| of.get(&other).copied()).collect()
    };
    cells.iter().map(near).collect()
}

fn district(source: &StaffSource, at: Plane) -> Option<usize> {
    let ground = &source.ground;
    let code = ground.geofence.district(ground.geofence.projection().inverse(at))?;
    ground.municipality.districts.iter().position(|district| district.code == *code)
}

fn shape(source: &StaffSource, grid: &Grid, cells: &[usize]) -> Shape<'static> {
    let corner = |x, y| Coord { x, y };
    let square = |cell: &usize| {
        let extent = grid.cell_extent(*cell);
        Rect::new(corner(extent.west, extent.south), corner(extent.east, extent.north)).to_polygon()
    };
    let squares: Vec<_> = cells.iter().map(square).collect();
    let shape = source.ground.geofence.projection().inverse_shape(&unary_union(&squares));
    Shape::MultiPolygon(Cow::Owned(shape))
}

/// Today's districts as patrol areas, by the same cells and the same measure.
fn today(pieces: &[Piece], districts: &[Option<usize>], source: &StaffSource) -> Value<'static> {
    let inside: Vec<(Piece, usize)> =
        pieces.iter().zip(districts).filter_map(|(piece, of)| Some((*piece, (*of)?))).collect();
    let k = source.ground.municipality.districts.len();
    let (pieces, of): (Vec<Piece>, Vec<usize>) = inside.into_iter().unzip();
    let PatrolAreas { imbalance, spread_m, .. } = judged(&pieces, of, k);
    Value::Object(vec![
        ("areas", k.into()),
        ("imbalance", figures(imbalance)),
        ("spreadM", figures(spread_m)),
    ])
}
