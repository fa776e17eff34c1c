//! `fyren analyse density`: kernel density of points, on a grid or at places.

use super::answer::{Answer, Rows};
use super::numbers::positive;
use super::points::Points;
use super::{Failure, Frame, WrongUsage, params, refused};
use crate::app::analytics::Minimum;
use fyren_core::analysis::{Edge, Kernel, Rectangle, Weighted};
use fyren_core::domain::Plane;
use fyren_core::plane::{Extent, Grid};
use std::path::PathBuf;

/// Arguments of `fyren analyse density`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Values are events (or weights) per square kilometre.\n\nExample:\n  \
fyren analyse density --points data/examples/points.csv --radius-m 700 --cell-m 250")]
pub struct Args {
    /// Events: `x,y[,weight]`.
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// Shape of the kernel.
    #[arg(long, value_enum, default_value_t = KernelName::Quartic)]
    kernel: KernelName,
    /// Standard deviation along each axis; a quartic kernel then has √8 times that as radius.
    #[arg(long, value_name = "METRES", value_parser = positive, conflicts_with = "radius_m")]
    bandwidth_m: Option<f64>,
    /// Radius of a quartic kernel; a Gaussian then has 1/√8 of that as standard deviation.
    #[arg(long, value_name = "METRES", value_parser = positive)]
    radius_m: Option<f64>,
    /// Edge of a cell.
    #[arg(long, value_name = "METRES", default_value_t = 100.0, value_parser = positive)]
    cell_m: f64,
    /// Where to compute, in the system of the points; as far as the kernel reaches without.
    #[arg(long, value_name = "WEST,SOUTH,EAST,NORTH", allow_hyphen_values = true)]
    extent: Option<String>,
    /// What the edge of the extent does: nothing; uniform divides by the share of the kernel
    /// within; diggle weighs each event by the share of its own (Jones and Diggle).
    #[arg(long, value_enum, default_value_t = EdgeName::None)]
    edge: EdgeName,
    /// Compute exactly at these places (`x,y`), and make no grid.
    #[arg(long, value_name = "FILE")]
    at: Option<PathBuf>,
}

/// A kernel by its name.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum KernelName {
    /// (1 − d²/R²)² within the radius.
    Quartic,
    /// The normal distribution.
    Gaussian,
}

/// An edge correction by its name.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum EdgeName {
    /// None.
    None,
    /// Divided by the share of the kernel within the extent.
    Uniform,
    /// Each event by the share of its own kernel.
    #[value(alias = "jones-diggle")]
    Diggle,
}

/// Computes the density.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let points = Points::read(&args.points, frame)?;
    let weights = match points.table.optional("weight") {
        Some(column) => column.amounts()?,
        None => vec![1.0; points.places.len()],
    };
    let weighted: Vec<Weighted> =
        points.places.iter().zip(weights).map(|(&at, weight)| Weighted { at, weight }).collect();
    let kernel = args.kernel()?;
    let rectangle = args.rectangle(&points, kernel, frame)?;
    let rows = match &args.at {
        Some(file) => at_places(&Points::read(file, frame)?, &rectangle, &weighted)?,
        None => on_grid(&args.grid(rectangle.extent)?, &rectangle, &weighted, frame)?,
    };
    let mut limits = points.doubts(frame);
    limits.extend(Minimum::DENSITY.unmet(weighted.len()));
    let radius_m = match kernel {
        Kernel::Quartic { radius_m } => Some(radius_m),
        Kernel::Gaussian { .. } => None,
    };
    let params = params! {
        "kernel": match args.kernel { KernelName::Quartic => "quartic", KernelName::Gaussian => "gaussian" },
        "bandwidthM": kernel.sigma_m(), "radiusM": radius_m,
        "edge": rectangle.edge.code(), "cellM": args.at.is_none().then_some(args.cell_m), "unit": "events per km2",
    };
    Ok(Answer { method: "density", params, n: weighted.len(), seed: None, limits, rows })
}

impl Args {
    fn kernel(&self) -> Result<Kernel, WrongUsage> {
        let wide = 8_f64.sqrt();
        match self.kernel {
            KernelName::Quartic => {
                let radius = self.radius_m.or(self.bandwidth_m.map(|sigma| sigma * wide));
                radius.map_or(Ok(Kernel::default()), Kernel::quartic)
            }
            KernelName::Gaussian => {
                let sigma = self.bandwidth_m.or(self.radius_m.map(|radius| radius / wide));
                Kernel::gaussian(sigma.unwrap_or_else(|| Kernel::default().sigma_m()))
            }
        }
        .map_err(refused)
    }

    /// Where is computed; without `--extent` as far as the kernel reaches, in
    /// whole cells.
    fn rectangle(
        &self,
        points: &Points,
        kernel: Kernel,
        frame: &Frame<'_>,
    ) -> Result<Rectangle, Failure> {
        let edge = match self.edge {
            EdgeName::None => Edge::None,
            EdgeName::Uniform => Edge::Uniform,
            EdgeName::Diggle => Edge::Diggle,
        };
        let extent = match &self.extent {
            Some(text) => frame.ground.extent(text)?,
            None if edge != Edge::None => {
                let said = "--edge: an edge needs an --extent".to_owned();
                return Err(WrongUsage(said).into());
            }
            None => {
                let extent = Extent::of_points(points.places.iter().copied())
                    .ok_or_else(|| WrongUsage("--points: no point".to_owned()))?;
                let reached = extent.grown(kernel.reach_m(0.01));
                Grid::covering(reached, self.cell_m).map_err(refused)?.extent()
            }
        };
        Ok(Rectangle { extent, kernel, edge })
    }

    /// Cells from the south-western corner of the extent on, whole ones.
    fn grid(&self, extent: Extent) -> Result<Grid, Failure> {
        let cells = |from: f64, to: f64| whole(((to - from) / self.cell_m - 1e-9).ceil());
        let corner = Plane { east: extent.west, north: extent.south };
        let columns = cells(extent.west, extent.east);
        let grid = Grid::new(corner, self.cell_m, columns, cells(extent.south, extent.north));
        Ok(grid.map_err(refused)?)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative; what is too large saturates, and the grid refuses it"
)]
const fn whole(cells: f64) -> usize {
    cells as usize
}

/// Square metres of a square kilometre.
const PER_KM2: f64 = 1e6;

fn on_grid(
    grid: &Grid,
    rectangle: &Rectangle,
    points: &[Weighted],
    frame: &Frame<'_>,
) -> Result<Rows, Failure> {
    let surface = rectangle.density(grid, points).map_err(Failure::new)?;
    let mut rows = Rows::new(vec!["x", "y", "value"]);
    for (cell, value) in surface.values.iter().enumerate() {
        let centre = grid.centre(cell);
        let (x, y) = frame.ground.as_given(centre);
        rows.push_at(centre, vec![x.into(), y.into(), (value * PER_KM2).into()]);
    }
    Ok(rows)
}

fn at_places(at: &Points, rectangle: &Rectangle, points: &[Weighted]) -> Result<Rows, Failure> {
    let found = rectangle.density_at(&at.places, points);
    let (x, y) = (at.table.column("x")?.numbers()?, at.table.column("y")?.numbers()?);
    let ids = at.ids()?;
    let mut columns = vec!["x", "y", "value"];
    columns.splice(0..0, ids.is_some().then_some("id"));
    let mut rows = Rows::new(columns);
    for (row, &place) in at.places.iter().enumerate() {
        let value = found[row] * PER_KM2;
        let mut values = vec![x[row].into(), y[row].into(), value.into()];
        values.splice(0..0, ids.as_ref().map(|ids| ids[row].clone()));
        rows.push_at(place, values);
    }
    Ok(rows)
}
