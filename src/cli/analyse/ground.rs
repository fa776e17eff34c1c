//! The coordinates of files: metres as they are, or degrees put into a plane.

use super::table::{Column, Fault, Table};
use super::{Failure, WrongUsage};
use fyren_core::domain::{Plane, Position};
use fyren_core::plane::{Extent, Projection};
use std::cell::OnceCell;

/// How the coordinates of all files of one command are read and written.
pub struct Ground {
    /// `None` for a plane of which nothing more is known.
    given: Option<Projection>,
    /// Where degrees are put: chosen by the first file.
    metric: OnceCell<Projection>,
}

impl Ground {
    /// The ground of `--crs`: `plane`, or a code that [`Projection::parse`] knows.
    ///
    /// # Errors
    /// [`WrongUsage`] for anything else.
    pub fn parse(crs: &str) -> Result<Self, WrongUsage> {
        if crs == "plane" {
            return Ok(Self { given: None, metric: OnceCell::new() });
        }
        let given = Projection::parse(&crs.to_ascii_uppercase()).map_err(|_unknown| {
            WrongUsage(format!(
                "--crs: {crs} is not known; plane, EPSG:4326, EPSG:3006 to EPSG:3018, and \
                 EPSG:326NN and EPSG:327NN (UTM) are"
            ))
        })?;
        Ok(Self { given: Some(given), metric: OnceCell::new() })
    }

    /// The places in the columns `x` and `y` of a table, in metres.
    ///
    /// # Errors
    /// As [`Column::numbers`]; for degrees also the rules of [`Position::parse`].
    pub fn places(&self, table: &Table) -> Result<Vec<Plane>, Failure> {
        let (x, y) = (table.column("x")?, table.column("y")?);
        let pairs: Vec<(f64, f64)> = x.numbers()?.into_iter().zip(y.numbers()?).collect();
        if !self.is_geographic() {
            return Ok(pairs.into_iter().map(|(east, north)| Plane { east, north }).collect());
        }
        let positions = positions(&pairs, &x, &y)?;
        let projection = self.metric.get_or_init(|| suited(&positions));
        let places = projection.forward_all(&positions);
        let lost = |at: &Plane| !(at.east.is_finite() && at.north.is_finite());
        match places.iter().position(lost) {
            Some(row) => {
                let why = format!("too far from the middle of {}", projection.code());
                Err(x.refuse(row, "outside_projection", &why).into())
            }
            None => Ok(places),
        }
    }

    /// Whether the coordinates of files are degrees.
    pub fn is_geographic(&self) -> bool {
        self.given.as_ref().is_some_and(|given| !given.is_metric())
    }

    /// The plane in which is computed: `plane` or an EPSG code.
    pub fn plane(&self) -> String {
        let metric = self.metric.get().or_else(|| self.given.as_ref().filter(|p| p.is_metric()));
        metric.map_or_else(|| "plane".to_owned(), Projection::code)
    }

    /// A place in the system of the files.
    pub fn as_given(&self, at: Plane) -> (f64, f64) {
        match (self.is_geographic(), self.metric.get()) {
            (true, Some(metric)) => {
                let Position { longitude, latitude } = metric.inverse(at);
                (longitude, latitude)
            }
            _ => (at.east, at.north),
        }
    }

    /// A place as `GeoJSON` has it: longitude and latitude where they are known,
    /// to a centimetre.
    pub fn written(&self, at: Plane) -> [f64; 2] {
        match self.metric.get().or(self.given.as_ref()) {
            Some(projection) => {
                let Position { longitude, latitude } = projection.inverse(at);
                [longitude, latitude].map(|degrees| (degrees * 1e7).round() / 1e7)
            }
            None => [at.east, at.north],
        }
    }

    /// Whether places of a plane look like degrees that were not declared.
    pub fn looks_geographic(&self, places: &[Plane]) -> bool {
        let degrees = |at: &Plane| at.east.abs() <= 180.0 && at.north.abs() <= 90.0;
        let fractions = |at: &Plane| at.east.fract().abs() > 0.0 || at.north.fract().abs() > 0.0;
        self.given.is_none() && places.iter().all(degrees) && places.iter().any(fractions)
    }

    /// Four numbers of `--extent`, in the system of the files, as an extent in
    /// metres; call it after [`Ground::places`].
    ///
    /// # Errors
    /// [`WrongUsage`] where they are not west, south, east and north.
    pub fn extent(&self, text: &str) -> Result<Extent, WrongUsage> {
        let wrong = || WrongUsage(format!("--extent: {text} is not WEST,SOUTH,EAST,NORTH"));
        let numbers: Option<Vec<f64>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
        let numbers = numbers.filter(|all| all.iter().all(|n| n.is_finite())).ok_or_else(wrong)?;
        let [west, south, east, north] = numbers[..] else { return Err(wrong()) };
        if west >= east || south >= north {
            return Err(wrong());
        }
        let corners = [(west, south), (east, south), (west, north), (east, north)];
        let corner = |(x, y): (f64, f64)| match (self.is_geographic(), self.metric.get()) {
            (true, Some(metric)) => metric.forward(Position { longitude: x, latitude: y }),
            _ => Plane { east: x, north: y },
        };
        Extent::of_points(corners.map(corner)).ok_or_else(wrong)
    }
}

fn positions(pairs: &[(f64, f64)], x: &Column<'_>, y: &Column<'_>) -> Result<Vec<Position>, Fault> {
    let position = |(row, &(longitude, latitude)): (usize, &(f64, f64))| {
        Position::parse(longitude, latitude).map_err(|broken| {
            let latitude_broken = broken.field.contains("latitude");
            let (column, value) = if latitude_broken { (y, latitude) } else { (x, longitude) };
            column.refuse(row, broken.rule, &format!("{value} degrees"))
        })
    };
    pairs.iter().enumerate().map(position).collect()
}

/// The projection that suits the middle of positions.
fn suited(positions: &[Position]) -> Projection {
    let middle = |values: &mut dyn Iterator<Item = f64>| {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        let (least, most) = values.fold(start, |(a, b), value| (a.min(value), b.max(value)));
        f64::midpoint(least, most)
    };
    Projection::for_position(Position {
        longitude: middle(&mut positions.iter().map(|at| at.longitude)),
        latitude: middle(&mut positions.iter().map(|at| at.latitude)),
    })
}
