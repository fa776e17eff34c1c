//! A release before it is published.

use super::ReleaseInput;
use super::drafting::Drafting;
use super::eligible::Outcome;
use super::windows::{WindowStatus, window_status};
use crate::domain::{
    Band, Category, MunicipalityCode, ReleaseCell, ReleaseDistrict, ReleaseKind, ReleaseWindow,
};
use std::fmt::Write as _;

/// What a release would hold, and what it would hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Window and geometry.
    pub kind: ReleaseKind,
    /// The days it speaks of.
    pub window: ReleaseWindow,
    /// Distinct sources behind each number.
    pub k: u32,
    /// Whether any shown event was made by the simulator.
    pub synthetic: bool,
    /// Cells, ordered by group, edge, column, row.
    pub cells: Vec<ReleaseCell>,
    /// Districts, ordered by group, code and category.
    pub districts: Vec<ReleaseDistrict>,
    /// What each face shows and hides. Only staff may see it.
    pub outcomes: Vec<Outcome>,
}

impl Draft {
    /// The bytes whose SHA-256 is the identity of the release: one line a
    /// fact, in a fixed order. The same content gives the same bytes.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut text = format!(
            "fyren-release 1\nmunicipality {}\nkind {}\nwindow {} {}\nk {}\nsynthetic {}\n",
            self.municipality, self.kind, self.window.from, self.window.to, self.k, self.synthetic
        );
        // Writing to a string cannot fail.
        for cell in &self.cells {
            let _ = writeln!(text, "cell {} {} {}", cell.group, cell.cell_id, cell.band);
        }
        for row in &self.districts {
            let district = row.district.as_ref().map_or("*", |code| code.0.as_str());
            let category = row.category.map_or("*", Category::code);
            let band = row.band.map_or("-", Band::code);
            let _ = writeln!(text, "district {} {district} {category} {band}", row.group);
        }
        text.into_bytes()
    }
}

/// Drafts the release of `kind` for `window`.
///
/// # Errors
/// The status of the window where it is not due.
pub fn draft_release(
    input: &ReleaseInput<'_>,
    kind: ReleaseKind,
    window: ReleaseWindow,
) -> Result<Draft, WindowStatus> {
    match window_status(input, kind, window) {
        WindowStatus::Due => Ok(Drafting::of(input, window).draft(kind)),
        other => Err(other),
    }
}
