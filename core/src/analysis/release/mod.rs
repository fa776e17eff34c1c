//! What a municipality may publish: whole windows, a fixed lattice and bands
//! of at least k distinct sources, with nothing smaller left over to subtract.
//!
//! [`draft_release`] is a pure function of the events, the earlier releases and
//! the day. Its rules:
//!
//! - a window is a whole calendar year on the lattice, a quarter per district
//!   or a month for the whole municipality; which of them are published follows
//!   from the volume of the year before ([`kinds_for`]);
//! - a cell of 100 m with fewer than k distinct sources joins what is left of
//!   its parent, up to 3 200 m; a parent counts only what no child shows;
//! - a category of a district is named at 2 k sources, so that k-1 insiders do
//!   not learn what somebody else reported;
//! - whatever could be had by subtracting published numbers from each other,
//!   of this release or an earlier one, rests on no source at all or on at
//!   least k (`differences`, `combinations`); what breaks that is not published;
//! - whether a report counts is decided by the first release of its day: what
//!   arrives or is let back in later stays out of every later release, and what
//!   was counted is counted on, so that two releases never differ by one report;
//! - a cell with 1 to 7 dwellings joins its parent ([`few_dwellings`]).

mod combinations;
mod defect;
mod differences;
mod draft;
mod drafting;
mod dwellings;
mod eligible;
mod pieces;
mod roll_up;
mod windows;

pub use defect::{DefectPlace, defect_place};
pub use draft::{Draft, draft_release};
pub use dwellings::few_dwellings;
pub use eligible::{Face, Outcome};
pub use windows::{WindowStatus, kinds_for, volume_of, window_status, windows_of};

use crate::domain::{
    Category, DistrictCode, Flags, HiddenReason, MunicipalityCode, Plane, Policy, Release,
    SourceTag, Violation,
};
use crate::plane::CellId;
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeSet;

/// The smallest k that anybody may choose.
pub const MIN_K: u32 = 5;

/// One report as a release sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseEvent {
    /// Position in SWEREF 99 TM (EPSG:3006); `None` where only an area is known.
    pub at: Option<Plane>,
    /// Radius in metres within which the true place lies.
    pub precision_m: f64,
    /// District, where one is known.
    pub district: Option<DistrictCode>,
    /// Local day that the report is about, the day of arrival where it says none.
    pub day: Date,
    /// Local day of arrival.
    pub arrived: Date,
    /// What it is about.
    pub category: Category,
    /// Who counts as its source.
    pub source: SourceTag,
    /// Of these, `QUARANTINED` keeps it out and `SYNTHETIC` marks the release.
    /// Merged and duplicate reports count like any other: by their source.
    pub flags: Flags,
    /// When it was held back, and why; in any order.
    pub aside: Vec<Aside>,
}

/// A time in which a report was in quarantine or under an embargo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    /// `Quarantined` or `Embargo`.
    pub reason: HiddenReason,
    /// When it began.
    pub from: Timestamp,
    /// When it ended; `None` while it lasts.
    pub to: Option<Timestamp>,
}

/// How careful a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseRule {
    k: u32,
    delay_days: u16,
}

impl ReleaseRule {
    /// The rule of a municipality's policy.
    ///
    /// # Errors
    /// Violates `k: too_small` below [`MIN_K`] and `delayDays: out_of_range`
    /// outside 7 to 90.
    pub fn parse(policy: &Policy) -> Result<Self, Violation> {
        if policy.k < MIN_K {
            return Err(Violation::new("k", "too_small"));
        }
        if !(7..=90).contains(&policy.delay_days) {
            return Err(Violation::new("delayDays", "out_of_range"));
        }
        Ok(Self { k: policy.k, delay_days: policy.delay_days })
    }

    /// Distinct sources that anything public rests on.
    #[must_use]
    pub const fn k(self) -> u32 {
        self.k
    }

    /// Days between the end of a window and its release.
    #[must_use]
    pub const fn delay_days(self) -> u16 {
        self.delay_days
    }
}

/// Everything that a release follows from.
#[derive(Clone, Copy)]
pub struct ReleaseInput<'a> {
    /// The municipality.
    pub municipality: &'a MunicipalityCode,
    /// Every report, in any order; those outside the window serve the comparison
    /// with earlier releases and the volume.
    pub events: &'a [ReleaseEvent],
    /// Every district of the municipality.
    pub districts: &'a [DistrictCode],
    /// k and delay.
    pub rule: ReleaseRule,
    /// Every release so far, in any order.
    pub earlier: &'a [Release],
    /// The local day.
    pub today: Date,
    /// Whether a point may count for a cell: on land or a jetty.
    pub on_land: &'a (dyn Fn(Plane) -> bool + Sync),
    /// Cells that are never shown, because they hold so few dwellings; what
    /// they hold joins their parents. Empty where dwellings are not known.
    pub few_dwellings: &'a BTreeSet<CellId>,
    /// The municipality's time zone, for the day on which a release came out.
    pub zone: &'a jiff::tz::TimeZone,
}
