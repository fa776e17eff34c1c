//! Publishing a defect: a moderator's decision, a release of its own kind.

use super::draft::Draft;
use crate::domain::{
    Defect, Plane, PublicityClass, ReleaseKind, ReleaseWindow, Report, ReportStatus, Violation,
};
use jiff::civil::Date;

/// Edge in metres of the cell at whose centre a defect is shown.
const CELL_M: u32 = 50;

/// Farther than this a place is too vague to say where the defect is, in metres.
const VAGUE_M: f64 = 100.0;

/// Drafts the release of the defect that `report` tells of, shown at the centre
/// of the 50 m cell that holds `at` (EPSG:3006), owned by `owner`.
///
/// # Errors
/// Violates `category: not_a_defect`, `report: quarantined`, `report: merged`,
/// `place: too_vague` (an area code, or more than 100 m) or `owner: required`.
pub fn draft_defect(
    report: &Report,
    at: Option<Plane>,
    owner: &str,
    today: Date,
) -> Result<Draft, Violation> {
    let rule = |field, rule| Err(Violation::new(field, rule));
    if report.category.publicity() != PublicityClass::Points {
        return rule("category", "not_a_defect");
    }
    if report.quarantine.is_some() {
        return rule("report", "quarantined");
    }
    if report.merged_into.is_some() || report.status == ReportStatus::Merged {
        return rule("report", "merged");
    }
    if owner.trim().is_empty() {
        return rule("owner", "required");
    }
    let Some(at) = at.filter(|_| report.located.precision_m <= VAGUE_M) else {
        return rule("place", "too_vague");
    };
    let defect = Defect {
        report: report.id,
        cell_id: super::cell::Cell::of(at, CELL_M).id(),
        category: report.category,
        status: report.status,
        owner: owner.trim().to_owned(),
    };
    Ok(Draft {
        municipality: report.municipality.clone(),
        kind: ReleaseKind::Defect,
        window: ReleaseWindow { from: today, to: today.saturating_add(jiff::Span::new().days(1)) },
        k: 1,
        synthetic: report.channel == crate::domain::Channel::Simulated,
        cells: Vec::new(),
        districts: Vec::new(),
        defect: Some(defect),
        outcomes: Vec::new(),
    })
}
