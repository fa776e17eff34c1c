//! Points in a file: `x,y` and what else a method needs.

use super::answer::identifiers;
use super::table::Table;
use super::{Failure, Frame};
use crate::app::analytics::Limit;
use fyren_core::analysis::Dated;
use fyren_core::domain::Plane;
use serde_json::Value;
use std::path::Path;

/// Points of a file.
pub struct Points {
    /// The table that they stand in.
    pub table: Table,
    /// Where they are, in metres.
    pub places: Vec<Plane>,
}

impl Points {
    /// Reads `x,y`.
    ///
    /// # Errors
    /// As [`Table::read`] and [`super::ground::Ground::places`].
    pub fn read(file: &Path, frame: &Frame<'_>) -> Result<Self, Failure> {
        let table = Table::read(file)?;
        let places = frame.ground.places(&table)?;
        Ok(Self { table, places })
    }

    /// What the file calls each point, if it has a column `id`.
    ///
    /// # Errors
    /// As [`super::table::Column::ids`].
    pub fn ids(&self) -> Result<Option<Vec<Value>>, Failure> {
        let ids = self.table.optional("id").map(|column| column.ids()).transpose()?;
        Ok(ids.map(|ids| identifiers(&ids)))
    }

    /// The points with their column `day`, which may have decimals.
    ///
    /// # Errors
    /// As [`super::table::Column::numbers`].
    pub fn dated(&self) -> Result<Vec<Dated>, Failure> {
        let days = self.table.column("day")?.numbers()?;
        Ok(self.places.iter().zip(days).map(|(&at, day)| Dated { at, day }).collect())
    }

    /// What the coordinates themselves let doubt.
    pub fn doubts(&self, frame: &Frame<'_>) -> Vec<Limit> {
        doubts(&self.places, frame)
    }
}

/// What coordinates let doubt: degrees that were not declared.
pub fn doubts(places: &[Plane], frame: &Frame<'_>) -> Vec<Limit> {
    let looks = frame.ground.looks_geographic(places);
    let said = "x and y look like degrees but were taken as metres; add --crs EPSG:4326";
    looks.then(|| Limit::new("degrees_taken_as_metres", said)).into_iter().collect()
}
