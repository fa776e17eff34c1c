//! Areas in a file, and which of them are neighbours.

use super::answer::identifiers;
use super::table::{Column, Table};
use super::{Failure, Frame, WrongUsage};
use fyren_core::analysis::Neighbours;
use fyren_core::domain::Plane;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Which file holds the areas.
#[derive(Debug, clap::Args)]
pub struct AreaArgs {
    /// Areas: `id,x,y` (the centre) and what the method needs; more columns are left out.
    #[arg(long, value_name = "FILE")]
    pub areas: PathBuf,
}

/// Which areas are neighbours: one of two ways.
#[derive(Debug, clap::Args)]
pub struct NeighbourArgs {
    /// Pairs of neighbours: `from,to[,weight]`, one direction a row.
    #[arg(long, value_name = "FILE", conflicts_with = "queen_cell_m")]
    neighbours: Option<PathBuf>,
    /// The areas are squares with this edge: those that touch are neighbours.
    #[arg(long, value_name = "METRES")]
    queen_cell_m: Option<f64>,
}

/// Areas of a file.
pub struct Areas {
    /// The table that they stand in.
    pub table: Table,
    /// Their identifiers, as the file has them.
    pub ids: Vec<String>,
    /// Their centres, in metres.
    pub places: Vec<Plane>,
}

/// A pair of neighbours by index, with its weight.
pub type Pair = (usize, usize, f64);

impl Areas {
    /// Reads `id,x,y`.
    ///
    /// # Errors
    /// As [`Table::read`], [`Column::ids`] and [`super::ground::Ground::places`].
    pub fn read(args: &AreaArgs, frame: &Frame<'_>) -> Result<Self, Failure> {
        let table = Table::read(&args.areas)?;
        let ids = table.column("id")?.ids()?;
        let places = frame.ground.places(&table)?;
        Ok(Self { table, ids, places })
    }

    /// The identifiers as the answer has them.
    pub fn json_ids(&self) -> Vec<Value> {
        identifiers(&self.ids)
    }

    /// The number of areas.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Their counts.
    ///
    /// # Errors
    /// As [`Column::counts`], and where there is no such column.
    pub fn counts(&self) -> Result<Vec<u32>, Failure> {
        Ok(self.table.column("count")?.counts()?)
    }

    /// What is expected in each: the column `expected`, else the total times
    /// the share of `exposure`.
    ///
    /// # Errors
    /// As [`Column::amounts`] and [`Areas::exposure`].
    pub fn expected(&self, total: f64) -> Result<(Vec<f64>, &'static str), Failure> {
        if let Some(expected) = self.table.optional("expected") {
            return Ok((expected.amounts()?, "expected"));
        }
        let exposure = self.exposure()?;
        let sum: f64 = exposure.iter().sum();
        Ok((exposure.iter().map(|amount| amount * total / sum).collect(), "exposure"))
    }

    /// Their exposure, which some of them have.
    ///
    /// # Errors
    /// As [`Column::amounts`]; violates `all_zero`.
    pub fn exposure(&self) -> Result<Vec<f64>, Failure> {
        let column = self.table.column("exposure")?;
        let amounts = column.amounts()?;
        if amounts.iter().all(|amount| *amount <= 0.0) {
            return Err(column.refuse(0, "all_zero", "no area has any exposure").into());
        }
        Ok(amounts)
    }
}

impl NeighbourArgs {
    /// Whether neighbours were given in one of the two ways.
    pub const fn given(&self) -> bool {
        self.neighbours.is_some() || self.queen_cell_m.is_some()
    }

    /// The pairs of neighbours, as they stand in the file or as the squares
    /// touch.
    ///
    /// # Errors
    /// [`WrongUsage`] where neither way was given or the edge is no length;
    /// violates `unknown_id` for a pair with an area that is not there, and
    /// `same_cell` for two areas in one square.
    pub fn pairs(&self, areas: &Areas) -> Result<Vec<Pair>, Failure> {
        match (&self.neighbours, self.queen_cell_m) {
            (Some(file), _) => from_file(file, areas),
            (None, Some(edge)) => touching(edge, areas),
            (None, None) => {
                let said = "one of --neighbours FILE and --queen-cell-m METRES is needed";
                Err(WrongUsage(said.to_owned()).into())
            }
        }
    }

    /// The same without weights.
    ///
    /// # Errors
    /// As [`NeighbourArgs::pairs`].
    pub fn lists(&self, areas: &Areas) -> Result<Neighbours, Failure> {
        let pairs: Vec<_> = self.pairs(areas)?.iter().map(|&(from, to, _)| (from, to)).collect();
        Neighbours::from_pairs(areas.len(), &pairs).map_err(Failure::new)
    }

    /// As the answer repeats it.
    pub fn json(&self) -> Value {
        match (&self.neighbours, self.queen_cell_m) {
            (None, Some(edge)) => serde_json::json!({ "queenCellM": edge }),
            (Some(_), _) => "pairs".into(),
            (None, None) => Value::Null,
        }
    }
}

fn from_file(file: &Path, areas: &Areas) -> Result<Vec<Pair>, Failure> {
    let index: HashMap<&str, usize> =
        areas.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let table = Table::read(file)?;
    let ends = |name: &str| -> Result<Vec<usize>, Failure> {
        let column = table.column(name)?;
        let known = |(row, id): (usize, &str)| {
            let why = format!("no area is called {id}");
            index.get(id).copied().ok_or_else(|| column.refuse(row, "unknown_id", &why).into())
        };
        column.texts()?.into_iter().enumerate().map(known).collect()
    };
    let (from, to) = (ends("from")?, ends("to")?);
    let weights = match table.optional("weight") {
        Some(column) => column.amounts()?,
        None => vec![1.0; table.len()],
    };
    Ok(from
        .into_iter()
        .zip(to)
        .zip(weights)
        .map(|((from, to), weight)| (from, to, weight))
        .collect())
}

fn touching(edge: f64, areas: &Areas) -> Result<Vec<Pair>, Failure> {
    if !(edge.is_finite() && edge > 0.0) {
        return Err(WrongUsage(format!("--queen-cell-m: {edge} is not a length")).into());
    }
    let least =
        |pick: fn(&Plane) -> f64| areas.places.iter().map(pick).fold(f64::INFINITY, f64::min);
    let (west, south) = (least(|at| at.east), least(|at| at.north));
    #[expect(clippy::cast_possible_truncation, reason = "saturates; two areas then share a cell")]
    let cell = |at: &Plane| {
        (((at.east - west) / edge).round() as i64, ((at.north - south) / edge).round() as i64)
    };
    let cells: Vec<(i64, i64)> = areas.places.iter().map(cell).collect();
    let mut seen = HashMap::new();
    for (row, cell) in cells.iter().enumerate() {
        if let Some(first) = seen.insert(cell, row) {
            let why = format!("{} lies in the same square of {edge} m", areas.ids[first]);
            let x: Column<'_> = areas.table.column("x")?;
            return Err(x.refuse(row, "same_cell", &why).into());
        }
    }
    let neighbours = Neighbours::queen(&cells);
    let pairs = |from: usize| neighbours.of(from).iter().map(move |&to| (from, to as usize, 1.0));
    Ok((0..areas.len()).flat_map(pairs).collect())
}
