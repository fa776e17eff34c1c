//! `heat`: kernel density in metres on land: how many reports a square
//! kilometre sees in a year. A picture without significance: it says where
//! reports are many, not whether more than chance explains.

use super::answer::Built;
use super::lands::Lands;
use super::needs::{Needs, Point, distinct};
use super::period::Period;
use super::query::number;
use super::rows::{Rows, figures};
use super::staff::StaffSource;
use crate::app::analytics::Said;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Members, Shape, Value};
use fyren_core::analysis::{Edge, Isoband, Kernel, Surface, Weighted, isobands};
use fyren_core::domain::{SourceTag, Violation};
use geo::Area;
use std::borrow::Cow;

const FIELDS: &[&str] =
    &["from", "to", "unit", "radiusM", "reports", "sources", "areaKm2", "periodFrom", "periodTo"];

/// The unit of every value.
pub const UNIT: &str = "reports per km2 per year";

/// Radius of the quartic kernel in metres: default, least and most.
pub const RADIUS_M: [f64; 3] = [700.0, 300.0, 2_000.0];

/// Edge of a cell in metres: default, least and most.
pub const CELL_M: [f64; 3] = [100.0, 25.0, 500.0];

struct Asked {
    kernel: Kernel,
    radius_m: f64,
    cell_m: f64,
    grid: bool,
}

/// What a heat map says.
pub struct Heat {
    /// The events behind it.
    pub needs: Needs,
    /// The days that it speaks of.
    pub period: Period,
    /// Events per km² and year on land.
    pub surface: Surface,
    /// Where one class ends and the next begins.
    pub breaks: Vec<f64>,
    asked: Asked,
}

/// Answers the layer: isobands, or with `form=grid` the values of the cells.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let heat = Heat::of(source, lands)?;
    if heat.asked.grid { Ok(heat.grid(source)) } else { heat.bands(source) }
}

fn asked(source: &StaffSource) -> Result<Asked> {
    let params = &source.query.params;
    let grid = match params.get("form").map(String::as_str) {
        None | Some("isobands") => Ok(false),
        Some("grid") => Ok(true),
        Some(_) => Err(Violation::new("form", "unknown_value")),
    };
    let read = || {
        let radius_m = number(params, "radius", RADIUS_M)?;
        let kernel = Kernel::quartic(radius_m)?;
        Ok(Asked { kernel, radius_m, cell_m: number(params, "cell", CELL_M)?, grid: grid? })
    };
    read().map_err(|broken| Error::BadParameter(vec![broken]))
}

/// Multiples of the mean on land (1, 2, 3, 5 and 8 times), the mean rounded to
/// one figure so that a colour means the same next week.
fn breaks(mean: Option<f64>) -> Vec<f64> {
    let Some(mean) = mean.filter(|mean| *mean > 0.0) else { return Vec::new() };
    let size = 10_f64.powf(mean.log10().floor());
    fyren_core::analysis::breaks_of_mean((mean / size).round() * size)
}

impl Heat {
    /// Computes the density that is asked for.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a parameter that the method refuses.
    pub fn of(source: &StaffSource, lands: &Lands) -> Result<Self> {
        let asked = asked(source)?;
        let needs = Needs::of(source, asked.kernel.coarsest_precision_m());
        let period = Period::new(source, needs.first);
        let land = lands.of(&source.ground);
        let grid = land.grid(asked.cell_m)?;
        let shore = land.shore(grid, asked.kernel);
        let months = land.months()?;
        let kept =
            if months.suits(&grid, asked.kernel) { months.density(source, &needs)? } else { None };
        let surface = if let Some(raw) = kept {
            shore.on_land(raw, Edge::Uniform)?
        } else {
            let weighted = |point: &Point| Weighted { at: point.at, weight: 1.0 };
            let points: Vec<Weighted> = needs.points.iter().map(weighted).collect();
            shore.density(&points, Edge::Uniform)?
        };
        let surface = surface.per_km2_year(period.days());
        let breaks = breaks(shore.mean_on_land(&surface));
        Ok(Self { needs, period, surface, breaks, asked })
    }

    /// The kernel.
    pub const fn kernel(&self) -> Kernel {
        self.asked.kernel
    }

    /// Its radius in metres.
    pub const fn radius_m(&self) -> f64 {
        self.asked.radius_m
    }

    fn bands(self, source: &StaffSource) -> Result<Built> {
        let projection = source.ground.geofence.projection();
        let mut rows = Rows::new(FIELDS);
        let bands = isobands(&self.surface, &self.breaks)?;
        let within = self.within(&bands);
        for (band, (reports, sources)) in bands.into_iter().zip(within) {
            let values = vec![
                figures(band.from),
                band.to.map_or(Value::Null, figures),
                UNIT.into(),
                self.asked.radius_m.into(),
                reports.into(),
                sources.into(),
                figures(band.shape.unsigned_area() / 1e6),
                self.period.from.to_string().into(),
                self.period.to.to_string().into(),
            ];
            let shape = Shape::MultiPolygon(Cow::Owned(projection.inverse_shape(&band.shape)));
            rows.push(FeatureId::None, shape, values);
        }
        Ok(rows.built(self.members()))
    }

    /// Reports and distinct sources in the cells whose value is in each band.
    fn within(&self, bands: &[Isoband]) -> Vec<(usize, usize)> {
        let band_of = |value: f64| {
            let holds = |band: &Isoband| value >= band.from && band.to.is_none_or(|to| value < to);
            bands.iter().position(holds)
        };
        let mut inside: Vec<Vec<SourceTag>> = vec![Vec::new(); bands.len()];
        for point in &self.needs.points {
            let value = self.surface.grid.cell_of(point.at).map(|cell| self.surface.values[cell]);
            if let Some(band) = value.and_then(band_of) {
                inside[band].push(point.source);
            }
        }
        inside.into_iter().map(|sources| (sources.len(), distinct(sources))).collect()
    }

    /// The cells from south-west to north-east, row by row, as whole numbers of
    /// thousandths of the largest value.
    fn grid(self, source: &StaffSource) -> Built {
        let grid = &self.surface.grid;
        let largest = self.largest();
        let part = |value: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 1 000: no value is negative or above the largest"
            )]
            let thousandths = (value / largest * 1e3).round() as u32;
            thousandths
        };
        let values = self.surface.values.iter().map(|value| part(*value)).collect();
        let extent = grid.extent();
        let cells = Value::Object(vec![
            ("crs", source.ground.geofence.projection().code().into()),
            ("west", extent.west.into()),
            ("south", extent.south.into()),
            ("cellM", grid.cell_m().into()),
            ("columns", grid.columns().into()),
            ("rows", grid.rows().into()),
            ("unit", UNIT.into()),
            ("perThousand", largest.into()),
            ("values", Value::Numbers(values)),
        ]);
        let mut members = self.members();
        members.push(("grid", cells));
        Rows::new(FIELDS).built(members)
    }

    /// The largest value, 1 where nothing is.
    fn largest(&self) -> f64 {
        let largest = self.surface.values.iter().copied().fold(0.0, f64::max);
        if largest > 0.0 { largest } else { 1.0 }
    }

    fn members(&self) -> Members {
        let mut members = vec![
            ("method", "kernel density".into()),
            ("kernel", "quartic".into()),
            ("radiusM", self.asked.radius_m.into()),
            ("cellM", self.surface.grid.cell_m().into()),
            ("edge", Edge::Uniform.code().into()),
            ("unit", UNIT.into()),
            ("period", self.period.value()),
            ("breaks", Value::List(self.breaks.iter().copied().map(figures).collect())),
        ];
        members.extend(self.needs.members());
        let mut said = Said::of(&self.needs, self.period);
        said.params = vec![
            ("kernel", "quartic".into()),
            ("radiusM", self.asked.radius_m.into()),
            ("cellM", self.surface.grid.cell_m().into()),
            ("edge", Edge::Uniform.code().into()),
        ];
        said.beside(&mut members);
        members
    }
}
