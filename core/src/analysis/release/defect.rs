//! Publishing a defect: a moderator's decision, a release of its own kind.

use crate::domain::{Plane, PublicityClass, Report, ReportStatus, Violation};

/// Edge in metres of the cell at whose centre a defect is shown.
const CELL_M: f64 = 50.0;

/// Farther than this a place is too vague to say where the defect is, in metres.
const VAGUE_M: f64 = 100.0;

/// Where a defect is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct DefectPlace {
    /// Centre of its cell in SWEREF 99 TM.
    pub centre: Plane,
    /// `50/{column}/{row}`, on the same origin as the lattice of releases.
    pub cell_id: String,
}

/// Where the defect that `report` tells of is shown: at the centre of the 50 m
/// cell that holds `at` (SWEREF 99 TM), never at the reporter's point.
///
/// # Errors
/// Violates `category: not_a_defect`, `report: quarantined` (taken back by its
/// sender as well), `report: merged`
/// or `place: too_vague` (an area code, or more than 100 m).
pub fn defect_place(report: &Report, at: Option<Plane>) -> Result<DefectPlace, Violation> {
    let broken = |field, rule| Err(Violation::new(field, rule));
    if report.category.publicity() != PublicityClass::Points {
        return broken("category", "not_a_defect");
    }
    if report.quarantine.is_some() {
        return broken("report", "quarantined");
    }
    if report.merged_into.is_some() || report.status == ReportStatus::Merged {
        return broken("report", "merged");
    }
    match at.filter(|_| report.located.precision_m <= VAGUE_M) {
        Some(at) => Ok(snap(at)),
        None => broken("place", "too_vague"),
    }
}

fn snap(at: Plane) -> DefectPlace {
    let (column, row) = ((at.east / CELL_M).floor(), (at.north / CELL_M).floor());
    DefectPlace {
        centre: Plane { east: (column + 0.5) * CELL_M, north: (row + 0.5) * CELL_M },
        cell_id: format!("{CELL_M}/{column}/{row}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_of_one_cell_are_shown_at_one_place() {
        let a = snap(Plane { east: 280_601.0, north: 6_475_099.9 });
        let b = snap(Plane { east: 280_649.9, north: 6_475_050.0 });
        assert_eq!(a, b);
        assert_eq!(a.cell_id, "50/5612/129501");
        assert_eq!(a.centre, Plane { east: 280_625.0, north: 6_475_075.0 });
    }
}
