//! The fixture's municipality of six villages, and what may befall it.

use crate::read::{json, table};
use fyren_core::analysis::{Basis, Exposure, Sighting};
use fyren_core::domain::{Plane, SourceTag};
use fyren_core::plane::Grid;
use jiff::Timestamp;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// The grid of 250 m.
pub fn grid() -> Grid {
    let meta = json("input/meta.json");
    let corner =
        Plane { east: meta["bbox"][0].as_f64().unwrap(), north: meta["bbox"][1].as_f64().unwrap() };
    Grid::new(corner, 250.0, 48, 80).unwrap()
}

/// Residents per cell.
fn residents() -> Vec<f64> {
    let mut people = vec![0.0; grid().len()];
    let rows = table("input/grid250.csv");
    let places = rows.column::<usize>("row").into_iter().zip(rows.column::<usize>("col"));
    for ((row, column), number) in places.zip(rows.column("population")) {
        people[row * grid().columns() + column] = number;
    }
    people
}

/// The reports with the day of each.
pub fn reports() -> Vec<(Plane, i64)> {
    let rows = table("input/reports.csv");
    let places = rows.column("x").into_iter().zip(rows.column("y"));
    places.map(|(east, north)| Plane { east, north }).zip(rows.column("day")).collect()
}

/// An event by a source on a day.
pub fn told(at: Plane, source: u64, day: i64) -> Sighting {
    Sighting {
        at,
        source: SourceTag::from_bits(source << 8),
        time: Timestamp::from_second(1_672_531_200 + 86_400 * day).unwrap(),
    }
}

/// Events of as many sources, over a year.
pub fn told_by_all(events: Vec<Plane>) -> Vec<Sighting> {
    let numbered = (0u32..).zip(events);
    numbered.map(|(n, at)| told(at, u64::from(n), i64::from(n % 365))).collect()
}

/// Where the quay's crowd gathers.
const SMOGEN: Plane = Plane { east: 279_251.7, north: 6_474_202.8 };

/// The fixture's own residents, and what is tested against them.
pub struct Village {
    residents: Vec<f64>,
    /// What is expected: the residents.
    pub believed: Exposure,
}

impl Village {
    /// As it stands in the files.
    pub fn new() -> Self {
        let residents = residents();
        Self { believed: exposure(residents.clone()), residents }
    }

    /// The true risk: residents, multiplied within `radius_m` of Smögen.
    pub fn times(&self, factor: f64, radius_m: f64) -> Exposure {
        let grid = grid();
        let near = |cell: usize| {
            let centre = grid.centre(cell);
            (centre.east - SMOGEN.east).hypot(centre.north - SMOGEN.north) < radius_m
        };
        let risk = self.residents.iter().enumerate();
        exposure(risk.map(|(c, v)| if near(c) { v * factor } else { *v }).collect())
    }

    /// The true risk: residents, each cell's number off by a lognormal factor
    /// of standard deviation 0.5.
    pub fn blurred(&self, seed: u64) -> Exposure {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
        let mut normal = || {
            let uniform: f64 = (0..12).map(|_| random.random::<f64>()).sum();
            uniform - 6.0
        };
        exposure(self.residents.iter().map(|people| people * (0.5 * normal()).exp()).collect())
    }
}

fn exposure(people: Vec<f64>) -> Exposure {
    Exposure::new(grid(), people, Basis::Residents).unwrap()
}
