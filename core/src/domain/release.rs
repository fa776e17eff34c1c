//! What the public may see: immutable releases of coarse counts.

use super::{Category, DistrictCode, MunicipalityCode};
use jiff::{Timestamp, civil::Date};

/// Content hash of a release: 64 lower-case hexadecimal digits (SHA-256).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseId(pub String);

super::code::code_enum! {
    /// Window and geometry of a release.
    pub enum ReleaseKind {
        /// A calendar year on the lattice.
        YearCells = "year_cells",
        /// A quarter per district.
        QuarterDistricts = "quarter_districts",
        /// A month for the whole municipality.
        MonthTotal = "month_total",
        /// A defect that a moderator has released.
        Defect = "defect",
    }
}

super::code::code_enum! {
    /// A count of distinct sources, never told more exactly.
    pub enum Band {
        /// 5 to 9.
        From5To9 = "5-9",
        /// 10 to 19.
        From10To19 = "10-19",
        /// 20 to 49.
        From20To49 = "20-49",
        /// 50 or more.
        From50 = "50+",
    }
}

impl Band {
    /// The band of a number of distinct sources; `None` below 5.
    #[must_use]
    pub const fn of(sources: u32) -> Option<Self> {
        match sources {
            0..=4 => None,
            5..=9 => Some(Self::From5To9),
            10..=19 => Some(Self::From10To19),
            20..=49 => Some(Self::From20To49),
            _ => Some(Self::From50),
        }
    }
}

super::code::code_enum! {
    /// What a published number counts; the two are never summed.
    pub enum ReleaseGroup {
        /// Everything of a releasable category but safe places.
        Reports = "reports",
        /// Places that feel safe.
        Safe = "safe",
    }
}

super::code::code_enum! {
    /// Why a report is not behind any published number; only staff see it.
    pub enum HiddenReason {
        /// It is quarantined.
        Quarantined = "quarantined",
        /// Its category may not be shown here.
        Publicity = "publicity",
        /// It arrived, or was let back in, after a release of its window.
        Late = "late",
        /// Its place or day is held back.
        Embargo = "embargo",
        /// Too few dwellings are near to keep a household out of it.
        Dwellings = "dwellings",
        /// It has no place that is precise enough.
        NoPlace = "no_place",
        /// It lies at sea.
        AtSea = "at_sea",
        /// Fewer than k sources, even at the coarsest.
        BelowK = "below_k",
        /// It could be told by subtracting releases from each other.
        Difference = "difference",
    }
}

/// The days a release speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReleaseWindow {
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
}

/// One published cell of the fixed lattice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseCell {
    /// `{size}/{column}/{row}` in SWEREF 99 TM: the south-west corner is
    /// (column × size, row × size).
    pub cell_id: String,
    /// Edge in metres: 100, 200, 400, 800, 1 600 or 3 200.
    pub size_m: u32,
    /// What is counted.
    pub group: ReleaseGroup,
    /// Distinct sources.
    pub band: Band,
}

/// One published district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseDistrict {
    /// The district; `None` for the whole municipality.
    pub district: Option<DistrictCode>,
    /// What is counted.
    pub group: ReleaseGroup,
    /// The one category that this row counts; `None` for all of the group.
    pub category: Option<Category>,
    /// Distinct sources; `None` says only "too few to show".
    pub band: Option<Band>,
}

/// A release as it is stored: never changed once published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Content hash.
    pub id: ReleaseId,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Window and geometry.
    pub kind: ReleaseKind,
    /// The days it speaks of.
    pub window: ReleaseWindow,
    /// When it was published.
    pub published_at: Timestamp,
    /// Distinct sources needed, at least 5.
    pub k: u32,
    /// Whether any event behind it was made by the simulator.
    pub synthetic: bool,
    /// Cells, for [`ReleaseKind::YearCells`].
    pub cells: Vec<ReleaseCell>,
    /// Districts; in a year's release only where no quarters are published.
    pub districts: Vec<ReleaseDistrict>,
}
