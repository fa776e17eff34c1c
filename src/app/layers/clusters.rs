//! `clusters`: the scan over the cells of the local test. One p-value for the
//! whole map, so that looking everywhere is paid for; what chance makes as
//! often as not is left out unless it is asked for.

use super::answer::Built;
use super::hot::Hot;
use super::lands::Lands;
use super::query::{number, whole};
use super::rows::{Rows, figures};
use super::staff::StaffSource;
use crate::app::analytics::Minimum;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::{Scan, ScanArea, ScanCluster, ScanRule, Trials, Watch, scan};
use geo::unary_union;
use geo_types::{Coord, Rect};
use std::borrow::Cow;

const FIELDS: &[&str] =
    &["rank", "centre", "radiusM", "members", "observed", "expected", "rr", "llr", "p"];

/// Largest share of the exposure in a disc: default, least and most.
const MAX_SHARE: [f64; 3] = [0.25, 0.01, 0.5];
/// Largest p-value that is listed.
const MAX_P: [f64; 3] = [0.05, 0.001, 1.0];
/// Simulations.
const NSIM: [u64; 3] = [999, 99, 9_999];
/// Seed; whole numbers up to the largest are exact in JSON.
const SEED: [u64; 3] = [1, 0, (1 << 53) - 1];

/// Simulations that reach the strongest finding, after which no more are needed.
const ENOUGH: u32 = 50;

/// What is asked of the scan.
struct Asked {
    rule: ScanRule,
    max_p: f64,
}

/// Answers the layer, or the method with the same name.
pub fn build(source: &StaffSource, lands: &Lands, watch: Watch<'_>) -> Result<Built> {
    let asked = asked(source)?;
    let hot = Hot::test(source, lands)?;
    let mut said = hot.said();
    said.insufficient = None;
    said.seed = Some(asked.rule.trials.seed);
    said.params = vec![
        ("cellM", hot.exposure.grid().cell_m().into()),
        ("maxShare", asked.rule.max_share.into()),
        ("minCases", asked.rule.min_cases.into()),
        ("maxP", asked.max_p.into()),
        ("nsim", asked.rule.trials.number.into()),
        ("expectedFrom", hot.exposure.basis().code().into()),
    ];
    let mut rows = Rows::new(FIELDS);
    let unmet = Minimum::SCAN.unmet(hot.found.counted.len());
    if let Some(limit) = unmet {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    let found = scanned(&hot, &asked.rule, watch)?;
    said.params.push(("simulations", found.simulations.into()));
    let listed = found.clusters.iter().take_while(|cluster| cluster.p <= asked.max_p);
    for (at, cluster) in listed.enumerate() {
        let (shape, values) = row(source, &hot, cluster, at + 1);
        rows.push(FeatureId::Number(at as u64 + 1), shape, values);
    }
    let mut members = said.members();
    members.push(("clustersFound", found.clusters.len().into()));
    members.push(("counted", hot.found.counted.len().into()));
    Ok(rows.built(members))
}

/// Scans the cells of a tested map: one voice a source, cell and month.
pub fn scanned(hot: &Hot, rule: &ScanRule, watch: Watch<'_>) -> Result<Scan> {
    let grid = hot.exposure.grid();
    let area = |cell: &fyren_core::analysis::Hotcell| ScanArea {
        at: grid.centre(cell.cell),
        count: cell.count,
        exposure: hot.exposure.shares()[cell.cell],
    };
    let areas: Vec<ScanArea> = hot.found.cells.iter().map(area).collect();
    Ok(scan(&areas, rule, watch)?)
}

fn row(
    source: &StaffSource,
    hot: &Hot,
    cluster: &ScanCluster,
    rank: usize,
) -> (Shape<'static>, Vec<Value<'static>>) {
    let (grid, projection) = (hot.exposure.grid(), source.ground.geofence.projection());
    let cell = |member: &usize| hot.found.cells[*member].cell;
    let squares: Vec<_> = cluster
        .members
        .iter()
        .map(|member| {
            let extent = grid.cell_extent(cell(member));
            let corner = |x, y| Coord { x, y };
            Rect::new(corner(extent.west, extent.south), corner(extent.east, extent.north))
                .to_polygon()
        })
        .collect();
    let shape = projection.inverse_shape(&unary_union(&squares));
    let centre = projection.inverse(grid.centre(cell(&cluster.members[0])));
    let members = cluster.members.iter().map(|member| cell(member).into()).collect();
    let values = vec![
        rank.into(),
        Value::List(vec![centre.longitude.into(), centre.latitude.into()]),
        figures(cluster.radius + grid.cell_m() / 2.0),
        Value::List(members),
        Value::Int(i64::try_from(cluster.observed).unwrap_or(i64::MAX)),
        figures(cluster.expected),
        figures(cluster.rr),
        figures(cluster.llr),
        figures(cluster.p),
    ];
    (Shape::MultiPolygon(Cow::Owned(shape)), values)
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let read = || {
        let number_of = u32::try_from(whole(params, "nsim", NSIM)?).unwrap_or(u32::MAX);
        let trials =
            Trials { number: number_of, seed: whole(params, "seed", SEED)?, enough: Some(ENOUGH) };
        let max_share = number(params, "maxShare", MAX_SHARE)?;
        let rule = ScanRule { max_share, trials, ..ScanRule::default() };
        Ok(Asked { rule, max_p: number(params, "maxP", MAX_P)? })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
