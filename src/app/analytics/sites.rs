//! `plan/sites`: where to stand so that most reports, and every village, are
//! within reach.

use super::Said;
use crate::app::layers::answer::Built;
use crate::app::layers::needs::Needs;
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, whole};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape};
use fyren_core::analysis::{Floor, SiteGoal, Sites, SitesProblem, Weighted, settlements, sites};
use fyren_core::domain::{Plane, Violation};
use fyren_core::plane::{Extent, Grid};
use std::collections::BTreeMap;

const FIELDS: &[&str] = &["site", "covers"];

/// Number of sites: default, least and most.
const SITES: [u64; 3] = [6, 1, 50];
/// Reach in metres.
const RADIUS_M: [f64; 3] = [750.0, 100.0, 10_000.0];
/// How near a village must be to a site.
const FLOOR_M: [f64; 3] = [1_500.0, 100.0, 20_000.0];
/// Edge of a cell of demand in metres.
const CELL_M: f64 = 250.0;

/// What is asked.
struct Asked {
    p: usize,
    radius_m: f64,
    floor_m: Option<f64>,
    goal: SiteGoal,
}

/// Chooses sites among the cells with reports and the villages.
pub fn build(source: &StaffSource) -> Result<Built> {
    let asked = asked(source)?;
    let needs = Needs::of(source, CELL_M);
    let mut said = Said::of(&needs, Period::new(source, needs.first));
    said.params = vec![
        ("p", asked.p.into()),
        ("radiusM", asked.radius_m.into()),
        ("floorM", asked.floor_m.into()),
        ("goal", asked.goal.code().into()),
        ("cellM", CELL_M.into()),
    ];
    let projection = source.ground.geofence.projection();
    let villages: Vec<Plane> = settlements(&source.ground.municipality, projection)
        .into_iter()
        .map(|village| village.at)
        .collect();
    let demand = demand(&needs)?;
    let mut rows = Rows::new(FIELDS);
    if demand.is_empty() {
        said.insufficient = Some("no_demand");
        return Ok(rows.built(said.members()));
    }
    let candidates: Vec<Plane> =
        demand.iter().map(|cell| cell.at).chain(villages.iter().copied()).collect();
    let found = chosen(&asked, &demand, &candidates, &villages)?;
    for (at, (&site, &covers)) in found.chosen.iter().zip(&found.covers).enumerate() {
        let shape = Shape::Point(projection.inverse(candidates[site]));
        rows.push(FeatureId::Number(at as u64 + 1), shape, vec![(at + 1).into(), figures(covers)]);
    }
    let mut members = said.members();
    members.extend([
        ("objective", figures(found.objective)),
        ("bound", figures(found.bound)),
        ("share", figures(found.share)),
        ("shareTwice", figures(found.share_twice)),
        ("floorCost", figures(found.floor_cost)),
        ("villages", villages.len().into()),
    ]);
    Ok(rows.built(members))
}

fn chosen(
    asked: &Asked,
    demand: &[Weighted],
    candidates: &[Plane],
    villages: &[Plane],
) -> Result<Sites> {
    let floor = |&at: &Plane| asked.floor_m.map(|radius_m| Floor { at, radius_m });
    let floors: Vec<Floor> = villages.iter().filter_map(floor).collect();
    let problem = SitesProblem {
        demand,
        candidates,
        p: asked.p.min(candidates.len()),
        radius_m: asked.radius_m,
        floors: &floors,
        goal: asked.goal,
    };
    sites(&problem).map_err(|refused| Error::Invalid(vec![refused.violation()]))
}

/// Reports by cell, at the middle of the cell.
fn demand(needs: &Needs) -> Result<Vec<Weighted>> {
    let Some(extent) = Extent::of_points(needs.points.iter().map(|point| point.at)) else {
        return Ok(Vec::new());
    };
    let grid = Grid::covering(extent, CELL_M)?;
    let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
    for cell in needs.points.iter().filter_map(|point| grid.cell_of(point.at)) {
        *counts.entry(cell).or_default() += 1.0;
    }
    Ok(counts
        .into_iter()
        .map(|(cell, weight)| Weighted { at: grid.centre(cell), weight })
        .collect())
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let yes = |name: &'static str, default: bool| match params.get(name).map(String::as_str) {
        None => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Violation::new(name, "unknown_value")),
    };
    let read = || {
        let floor_m = number(params, "floorM", FLOOR_M)?;
        Ok(Asked {
            p: usize::try_from(whole(params, "p", SITES)?).unwrap_or(usize::MAX),
            radius_m: number(params, "radiusM", RADIUS_M)?,
            floor_m: yes("floor", true)?.then_some(floor_m),
            goal: if yes("backup", false)? { SiteGoal::Backup } else { SiteGoal::Cover },
        })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
