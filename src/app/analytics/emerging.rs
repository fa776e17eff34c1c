//! `emerging`: where reports have gathered quarter by quarter, and how that has
//! changed, as geographic information systems name it. For comparison.

use super::{Limit, Minimum, Said};
use crate::app::exposed::Expected;
use crate::app::layers::answer::Built;
use crate::app::layers::hot::month_days;
use crate::app::layers::lands::Lands;
use crate::app::layers::needs::{Needs, Point};
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, start_of, whole};
use crate::app::layers::rows::{Rows, figures, square};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Value};
use fyren_core::analysis::{Cube, CubeMean, Emergence, Emerging, Exposure, Neighbours, emerging};
use fyren_core::domain::Violation;
use fyren_core::plane::Grid;
use jiff::{Span, Timestamp};
use std::collections::HashMap;

const FIELDS: &[&str] = &["counts", "z", "q", "trendZ", "trendP", "hot", "cold"];

/// Edge of a cell in metres.
const CELL_M: [f64; 3] = [1_000.0, 250.0, 5_000.0];
/// Periods, and days of each.
const PERIODS: [u64; 3] = [12, 10, 120];
const PERIOD_DAYS: [u64; 3] = [91, 7, 366];
/// Largest q of a period that is hot or cold.
const LARGEST_Q: f64 = 0.05;
/// Events of a cell and period, on average, below which nothing can be said.
const LEAST_MEAN: f64 = 1.0;

/// What is asked.
struct Asked {
    cell_m: f64,
    periods: usize,
    days: i64,
    mean: CubeMean,
}

/// The pattern of every cell with people that has one.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let asked = asked(source)?;
    let period = asked.window(source);
    let zone = &source.ground.zone;
    let (first, until) = (start_of(period.from, zone), start_of(period.to, zone));
    let mut needs = Needs::between(source, asked.cell_m / 2.0, (first, until));
    needs.points.retain(|point| point.known_time && !point.duplicate);
    let mut said = said(&needs, period, &asked);
    let exposure =
        lands.of(&source.ground).expected(asked.cell_m, Expected::Residents, month_days(source))?;
    let cells: Vec<usize> =
        (0..exposure.grid().len()).filter(|&cell| exposure.shares()[cell] > 0.0).collect();
    let counts = counts(&needs.points, (&exposure, &cells), (first, &asked));
    let mut rows = Rows::new(FIELDS);
    if let Some(limit) = too_few(&counts) {
        said.insufficient = Some(limit.rule);
        said.limits.push(limit);
        return Ok(rows.built(said.members()));
    }
    let neighbours = beside(exposure.grid(), &cells);
    let cube = Cube { counts: &counts, periods: asked.periods, neighbours: &neighbours };
    let found = emerging(cube, asked.mean, LARGEST_Q)?;
    let projection = source.ground.geofence.projection();
    let named = cells.iter().zip(counts.chunks_exact(asked.periods)).zip(&found);
    for ((&cell, counts), found) in
        named.filter(|(_, found)| found.hot.is_some() || found.cold.is_some())
    {
        let shape = square(exposure.grid().cell_extent(cell), projection);
        rows.push(FeatureId::Number(cell as u64), shape, told(counts, found));
    }
    let mut members = said.members();
    members.push(("cellsTested", cells.len().into()));
    Ok(rows.built(members))
}

impl Asked {
    /// The periods up to the end of today, or to the day that is asked for.
    fn window(&self, source: &StaffSource) -> Period {
        let tomorrow = source.today.tomorrow().unwrap_or(source.today);
        let to = source.query.dates.1.unwrap_or(tomorrow);
        let length = self.days * i64::try_from(self.periods).unwrap_or(i64::MAX);
        Period { from: to.checked_sub(Span::new().days(length)).unwrap_or(to), to }
    }
}

/// The events of each cell by period, cells first.
fn counts(
    points: &[Point],
    (exposure, cells): (&Exposure, &[usize]),
    (first, asked): (Option<Timestamp>, &Asked),
) -> Vec<u32> {
    let place: HashMap<usize, usize> = cells.iter().enumerate().map(|(at, &c)| (c, at)).collect();
    let mut counts = vec![0u32; cells.len() * asked.periods];
    for point in points {
        let age = first.map_or(0, |first| point.time.duration_since(first).as_hours() / 24);
        let at = usize::try_from(age / asked.days).unwrap_or(0).min(asked.periods - 1);
        if let Some(cell) = exposure.cell_of(point.at).and_then(|cell| place.get(&cell)) {
            counts[cell * asked.periods + at] += 1;
        }
    }
    counts
}

/// The limit where a cell and period has less than one event on average.
fn too_few(counts: &[u32]) -> Option<Limit> {
    let total: u32 = counts.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "cells and periods are few")]
    let mean = f64::from(total) / counts.len().max(1) as f64;
    let text = format!(
        "{mean:.2} events a cell and period; at least {LEAST_MEAN} are needed: take larger cells \
         or longer periods, or `summary`, which counts with intervals"
    );
    (mean < LEAST_MEAN).then(|| Limit::new(Minimum::CUBE, text))
}

/// Which of the cells lie side by side.
fn beside(grid: &Grid, cells: &[usize]) -> Neighbours {
    let whole = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    let place = |&cell: &usize| {
        let (column, row) = grid.column_row(cell);
        (whole(column), whole(row))
    };
    Neighbours::queen(&cells.iter().map(place).collect::<Vec<_>>())
}

fn told(counts: &[u32], found: &Emerging) -> Vec<Value<'static>> {
    vec![
        Value::List(counts.iter().map(|count| (*count).into()).collect()),
        Value::List(found.z.iter().copied().map(figures).collect()),
        Value::List(found.q.iter().copied().map(figures).collect()),
        figures(found.trend.z),
        figures(found.trend.p),
        found.hot.map(Emergence::code).into(),
        found.cold.map(Emergence::code).into(),
    ]
}

fn said(needs: &Needs, period: Period, asked: &Asked) -> Said {
    let mut said = Said::of(needs, period);
    said.n = needs.points.len();
    said.params = vec![
        ("cellM", asked.cell_m.into()),
        ("periods", asked.periods.into()),
        ("periodDays", Value::Int(asked.days)),
        ("mean", asked.mean.code().into()),
        ("largestQ", LARGEST_Q.into()),
    ];
    let warned = "as Gi*, it marks where people live, and few events name nothing well";
    said.limits.push(Limit::new("for_comparison", warned));
    said
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let read = || {
        let mean = params.get("mean").map_or("cube", String::as_str);
        let mean = CubeMean::parse(mean).ok_or_else(|| Violation::new("mean", "unknown_value"))?;
        let periods = whole(params, "periods", PERIODS)?;
        let days = whole(params, "periodDays", PERIOD_DAYS)?;
        Ok(Asked {
            cell_m: number(params, "cell", CELL_M)?,
            periods: usize::try_from(periods).unwrap_or(usize::MAX),
            days: i64::try_from(days).unwrap_or(i64::MAX),
            mean,
        })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}
