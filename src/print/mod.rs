//! What is put on paper: a sheet as plain data, the map that it carries, and
//! the same as a tagged PDF.

mod ink;
mod layout;
mod map;
mod pdf;

pub use map::{MapMark, MapWay, SheetMap};
pub use pdf::{PrintError, pdf};

use serde::Serialize;

/// A sheet for each of some rounds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// Code of its language.
    pub language: &'static str,
    /// What it is.
    pub title: String,
    /// Who may have it, and what becomes of it.
    pub secrecy: String,
    /// When it was made, and by which plan.
    pub made: String,
    /// The heads of the columns: time, number, place and why, note.
    pub heads: [String; 4],
    /// One each, on a page of its own.
    pub rounds: Vec<SheetRound>,
}

/// What one unit does in one shift.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetRound {
    /// The unit.
    pub heading: String,
    /// Day, hours and how it moves.
    pub lead: String,
    /// Where.
    pub map: SheetMap,
    /// The map in words.
    pub map_text: String,
    /// What happens in order.
    pub rows: Vec<SheetRow>,
    /// What the plan gives each district, and what it does not know.
    pub notes: Vec<String>,
}

/// One row: a stop, a break, or the way out and home.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetRow {
    /// When.
    pub time: String,
    /// Its number on the map; empty for what is no stop.
    pub mark: String,
    /// Where.
    pub place: String,
    /// Why.
    pub reason: String,
}

impl SheetRow {
    /// Whether it is a visit, to be ticked off.
    #[must_use]
    pub const fn is_stop(&self) -> bool {
        !self.mark.is_empty()
    }
}
