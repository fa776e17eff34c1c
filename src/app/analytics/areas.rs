//! `plan/areas`: the municipality in patrol areas of about as much work each,
//! made of cells or of whole districts, beside today's districts judged by the
//! same measure.

use super::Said;
use crate::app::layers::answer::{Built, hash};
use crate::app::layers::lands::Lands;
use crate::app::layers::needs::Needs;
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, whole};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{PatrolAreas, Piece, area_parts, judged, patrol_areas};
use fyren_core::domain::{AreaUnit, DistrictCode, PatrolArea, Plane, Violation};
use fyren_core::plane::{Coverage, Grid};
use geo::{InteriorPoint, unary_union};
use geo_types::{Coord, MultiPolygon, Rect};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: &[&str] =
    &["area", "work", "share", "reports", "landKm2", "parts", "districts", "codes", "label"];

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

/// A municipality divided into patrol areas.
pub struct Division {
    /// What the areas are made of.
    pub unit: AreaUnit,
    /// The areas; their names are numbers.
    pub areas: Vec<PatrolArea>,
    /// By how much the area furthest off has more or less work than the mean.
    pub imbalance: f64,
    /// The same of today's districts; `None` without districts.
    pub today: Option<f64>,
    /// Hash of which ground belongs to which area.
    pub digest: String,
}

/// Divides the land into cells and those, or the districts that they make up,
/// into areas. A cell's work is its need times the minutes that a visit takes,
/// the way from the largest place included.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let made = Made::of(source, lands)?;
    let mut said = Said::of(&made.needs, Period::new(source, made.needs.first));
    let unit = made.unit.code();
    said.params =
        vec![("k", made.k.into()), ("cellM", made.grid.cell_m().into()), ("unit", unit.into())];
    said.seed = Some(made.seed);
    let mut rows = Rows::new(FIELDS);
    for (number, area) in (1_u64..).zip(made.areas()) {
        let cells = made.cells_of(number);
        let sum = |value: &dyn Fn(usize) -> f64| cells.iter().map(|cell| value(*cell)).sum::<f64>();
        let names: BTreeSet<usize> = made.own(number).filter_map(|at| made.districts[at]).collect();
        let name = |at: &usize| source.ground.municipality.districts[*at].name.clone().into();
        let code = |code: &DistrictCode| code.0.clone().into();
        let label = area.shape.interior_point();
        let label = label.map_or(Value::Null, |at| Value::List(vec![at.x().into(), at.y().into()]));
        let work = made.found.work[made.index(number)];
        let values = vec![
            Value::Int(i64::try_from(number).unwrap_or(i64::MAX)),
            figures(work),
            figures(area.share),
            figures(sum(&|cell| made.reports.get(&cell).copied().unwrap_or(0.0))),
            figures(sum(&|cell| made.coverage.shares()[cell] * made.grid.cell_km2())),
            area.parts.into(),
            Value::List(names.iter().map(name).collect()),
            Value::List(area.districts.iter().map(code).collect()),
            label,
        ];
        let shape = Shape::MultiPolygon(Cow::Owned(area.shape));
        rows.push(FeatureId::Number(number), shape, values);
    }
    let mut members = said.members();
    members.push(("imbalance", figures(made.found.imbalance)));
    members.push(("spreadM", figures(made.found.spread_m)));
    members.push(("digest", made.digest().into()));
    members.push(("today", made.today_value(source)));
    Ok(rows.built(members))
}

/// The same division as [`build`] tells it, to be saved.
pub fn divide(source: &StaffSource, lands: &Lands) -> Result<Division> {
    let made = Made::of(source, lands)?;
    Ok(Division {
        unit: made.unit,
        areas: made.areas().collect(),
        imbalance: made.found.imbalance,
        today: made.today.as_ref().map(|(today, _)| today.imbalance),
        digest: made.digest(),
    })
}

/// What a division rests on, and what came of it.
struct Made {
    k: usize,
    seed: u64,
    unit: AreaUnit,
    needs: Needs,
    reports: BTreeMap<usize, f64>,
    grid: Grid,
    coverage: Coverage,
    /// Cells with land.
    cells: Vec<usize>,
    /// The district of each of them.
    districts: Vec<Option<usize>>,
    found: PatrolAreas,
    /// Its areas' parts and shapes, by area.
    parts: Vec<usize>,
    shapes: Vec<MultiPolygon>,
    /// Codes of whole districts, by area.
    codes: Vec<Vec<DistrictCode>>,
    /// Today's districts by the same measure, and their parts.
    today: Option<(PatrolAreas, Vec<usize>)>,
}

impl Made {
    fn of(source: &StaffSource, lands: &Lands) -> Result<Self> {
        let params = &source.query.params;
        let read = || {
            let k = usize::try_from(whole(params, "k", AREAS)?).unwrap_or(usize::MAX);
            let unit =
                params.get("unit").map_or(Some(AreaUnit::Cell), |code| AreaUnit::parse(code));
            let unit = unit.ok_or_else(|| Violation::new("unit", "unknown_value"))?;
            Ok((k, number(params, "cell", CELL_M)?, whole(params, "seed", SEED)?, unit))
        };
        let (k, cell_m, seed, unit) = read().map_err(|broken| Error::BadParameter(vec![broken]))?;
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
        let near = touching(&grid, &cells);
        let districts: Vec<Option<usize>> =
            cells.iter().map(|cell| district(source, grid.centre(*cell))).collect();
        let number = source.ground.municipality.districts.len();
        let today = today(&pieces, &near, &districts, number);
        let mut codes = vec![Vec::new(); k];
        let found = match unit {
            AreaUnit::Cell => patrol_areas(&pieces, &near, k, seed)?,
            AreaUnit::District => {
                let (wholes, joints) = wholes(&pieces, &near, &districts, number);
                let of_wholes = patrol_areas(&wholes, &joints, k, seed)?;
                for (at, area) in of_wholes.of.iter().enumerate() {
                    codes[*area].push(source.ground.municipality.districts[at].code.clone());
                }
                // A cell outside every district goes with the nearest one.
                let home =
                    |at: usize| districts[at].unwrap_or_else(|| nearest(&wholes, pieces[at].at));
                let of = (0..cells.len()).map(|at| of_wholes.of[home(at)]).collect();
                judged(&pieces, of, k)
            }
        };
        let parts = area_parts(&near, &found.of, k);
        let shape = |area: usize| match unit {
            AreaUnit::Cell => {
                let own = (0..cells.len()).filter(|at| found.of[*at] == area);
                let own: Vec<usize> = own.map(|at| cells[at]).collect();
                shape(source, &grid, &own)
            }
            AreaUnit::District => {
                let all = source.ground.municipality.districts.iter();
                let own = all.filter(|district| codes[area].contains(&district.code));
                let own: Vec<_> = own.flat_map(|district| district.boundary.0.clone()).collect();
                unary_union(&own)
            }
        };
        let shapes = (0..k).map(shape).collect();
        Ok(Self {
            k,
            seed,
            unit,
            needs,
            reports,
            grid,
            coverage,
            cells,
            districts,
            found,
            parts,
            shapes,
            codes,
            today,
        })
    }

    fn areas(&self) -> impl Iterator<Item = PatrolArea> {
        let total: f64 = self.found.work.iter().sum();
        (0..self.k).map(move |area| PatrolArea {
            name: (area + 1).to_string(),
            share: if total > 0.0 { self.found.work[area] / total } else { 0.0 },
            parts: u32::try_from(self.parts[area]).unwrap_or(u32::MAX),
            districts: self.codes[area].clone(),
            shape: self.shapes[area].clone(),
        })
    }

    fn index(&self, number: u64) -> usize {
        usize::try_from(number).map_or(0, |number| number.saturating_sub(1)).min(self.k - 1)
    }

    /// Places in [`Made::cells`] that belong to the area of a number.
    fn own(&self, number: u64) -> impl Iterator<Item = usize> {
        let area = self.index(number);
        (0..self.cells.len()).filter(move |at| self.found.of[*at] == area)
    }

    fn cells_of(&self, number: u64) -> Vec<usize> {
        self.own(number).map(|at| self.cells[at]).collect()
    }

    fn digest(&self) -> String {
        let said = format!("{:?} {:?} {:?}", self.cells, self.found.of, self.grid.cell_m());
        hash(&[said.as_bytes()])
    }

    /// Today's districts beside the areas.
    fn today_value(&self, source: &StaffSource) -> Value<'static> {
        let Some((today, parts)) = &self.today else { return Value::Null };
        let total: f64 = today.work.iter().sum();
        let row = |(at, district): (usize, &fyren_core::domain::District)| {
            Value::Object(vec![
                ("code", district.code.0.clone().into()),
                ("name", district.name.clone().into()),
                ("share", figures(if total > 0.0 { today.work[at] / total } else { 0.0 })),
                ("parts", parts[at].into()),
            ])
        };
        let districts = source.ground.municipality.districts.iter().enumerate().map(row).collect();
        Value::Object(vec![
            ("areas", today.work.len().into()),
            ("imbalance", figures(today.imbalance)),
            ("spreadM", figures(today.spread_m)),
            ("districts", Value::List(districts)),
        ])
    }
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

fn shape(source: &StaffSource, grid: &Grid, cells: &[usize]) -> MultiPolygon {
    let corner = |x, y| Coord { x, y };
    let square = |cell: &usize| {
        let extent = grid.cell_extent(*cell);
        Rect::new(corner(extent.west, extent.south), corner(extent.east, extent.north)).to_polygon()
    };
    let squares: Vec<_> = cells.iter().map(square).collect();
    source.ground.geofence.projection().inverse_shape(&unary_union(&squares))
}

/// Today's districts as patrol areas, by the same cells and the same measure,
/// with the parts of each.
fn today(
    pieces: &[Piece],
    near: &[Vec<usize>],
    districts: &[Option<usize>],
    number: usize,
) -> Option<(PatrolAreas, Vec<usize>)> {
    if number == 0 {
        return None;
    }
    let inside: Vec<(Piece, usize)> =
        pieces.iter().zip(districts).filter_map(|(piece, of)| Some((*piece, (*of)?))).collect();
    let (own, of): (Vec<Piece>, Vec<usize>) = inside.into_iter().unzip();
    // What lies in no district counts as one more, whose parts nobody asks for.
    let all: Vec<usize> = districts.iter().map(|of| of.unwrap_or(number)).collect();
    let mut parts = area_parts(near, &all, number + 1);
    parts.truncate(number);
    Some((judged(&own, of, number), parts))
}

/// The districts as pieces that are not divided: the work of their cells at
/// its middle, and which of them touch.
fn wholes(
    pieces: &[Piece],
    near: &[Vec<usize>],
    districts: &[Option<usize>],
    number: usize,
) -> (Vec<Piece>, Vec<Vec<usize>>) {
    let mut sums = vec![(0.0, 0.0, 0.0, 0.0); number];
    let mut joints = vec![BTreeSet::new(); number];
    for (at, piece) in pieces.iter().enumerate() {
        let Some(own) = districts[at] else { continue };
        // A district without any work still has a middle.
        let weight = piece.work + f64::MIN_POSITIVE.sqrt();
        let (work, weights, east, north) = sums[own];
        sums[own] = (
            work + piece.work,
            weights + weight,
            east + weight * piece.at.east,
            north + weight * piece.at.north,
        );
        joints[own].extend(near[at].iter().filter_map(|other| districts[*other]));
    }
    let whole = |(work, weights, east, north): (f64, f64, f64, f64)| {
        let middle = |sum: f64| if weights > 0.0 { sum / weights } else { 0.0 };
        Piece { at: Plane { east: middle(east), north: middle(north) }, work }
    };
    let joints = joints.into_iter().map(|others| others.into_iter().collect()).collect();
    (sums.into_iter().map(whole).collect(), joints)
}

fn nearest(wholes: &[Piece], at: Plane) -> usize {
    let away = |piece: &Piece| (piece.at.east - at.east).hypot(piece.at.north - at.north);
    let order = (0..wholes.len()).min_by(|a, b| away(&wholes[*a]).total_cmp(&away(&wholes[*b])));
    order.unwrap_or(0)
}
