//! A small made-up municipality: three districts side by side, reports at random.

use fyren_core::analysis::release::{
    Draft, ReleaseEvent, ReleaseInput, ReleaseRule, draft_release, kinds_for, volume_of, windows_of,
};
use fyren_core::domain::{
    Category, DistrictCode, Flags, MunicipalityCode, Plane, Policy, Release, ReleaseId,
    ReleaseKind, ReleaseWindow, SourceTag,
};
use fyren_core::plane::CellId;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub struct World {
    pub events: Vec<ReleaseEvent>,
    pub districts: Vec<DistrictCode>,
    pub k: u32,
    pub municipality: MunicipalityCode,
    pub few_dwellings: BTreeSet<CellId>,
}

pub const YEAR: i16 = 2025;

pub fn today() -> Date {
    jiff::civil::date(2026, 3, 1)
}

impl World {
    pub fn of(events: Vec<ReleaseEvent>) -> Self {
        let districts = ["a", "b", "c"].map(|code| DistrictCode(code.to_owned())).to_vec();
        let municipality = MunicipalityCode::parse("test").unwrap();
        Self { events, districts, k: 5, municipality, few_dwellings: BTreeSet::new() }
    }

    pub fn with_input<T>(
        &self,
        earlier: &[Release],
        today: Date,
        use_it: impl FnOnce(&ReleaseInput<'_>) -> T,
    ) -> T {
        let policy = Policy { k: self.k, ..Policy::default() };
        use_it(&ReleaseInput {
            municipality: &self.municipality,
            events: &self.events,
            districts: &self.districts,
            rule: ReleaseRule::parse(&policy).unwrap(),
            earlier,
            today,
            on_land: &|at| at.east > 0.0,
            few_dwellings: &self.few_dwellings,
            zone: &TimeZone::UTC,
        })
    }

    /// Publishes every window of [`YEAR`] that the volume allows, in the order of `kinds`.
    pub fn publish(&self, kinds: &[ReleaseKind]) -> Vec<Release> {
        let chosen = kinds_for(volume_of(&self.events, YEAR - 1), self.districts.len(), self.k);
        let mut releases: Vec<Release> = Vec::new();
        for kind in kinds.iter().filter(|kind| chosen.contains(kind)) {
            for window in windows_of(*kind, YEAR) {
                let draft = self.draft(&releases, *kind, window);
                releases.push(release(draft));
            }
        }
        releases
    }

    pub fn draft(&self, earlier: &[Release], kind: ReleaseKind, window: ReleaseWindow) -> Draft {
        self.with_input(earlier, today(), |input| draft_release(input, kind, window)).unwrap()
    }

    pub fn year(&self) -> Draft {
        self.draft(&[], ReleaseKind::YearCells, windows_of(ReleaseKind::YearCells, YEAR)[0])
    }
}

pub fn release(draft: Draft) -> Release {
    let published_at: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
    Release {
        id: ReleaseId(String::from_utf8(draft.canonical_bytes()).unwrap()),
        municipality: draft.municipality,
        kind: draft.kind,
        window: draft.window,
        published_at,
        k: draft.k,
        synthetic: draft.synthetic,
        cells: draft.cells,
        districts: draft.districts,
    }
}

pub fn event(east: f64, north: f64, day: Date, category: Category, source: u64) -> ReleaseEvent {
    let district = if east < 3200.0 {
        "a"
    } else if east < 5000.0 {
        "b"
    } else {
        "c"
    };
    ReleaseEvent {
        at: Some(Plane { east, north }),
        precision_m: 20.0,
        district: Some(DistrictCode(district.to_owned())),
        day,
        arrived: day,
        category,
        source: SourceTag::from_bits(source << 1),
        flags: Flags::default(),
        aside: Vec::new(),
    }
}

pub fn day_of(year: i16, ordinal: u16) -> Date {
    jiff::civil::date(year, 1, 1).saturating_add(i64::from(ordinal % 365).days())
}

/// Enough reports in the year before that every kind of window is chosen.
pub fn busy_year_before() -> Vec<ReleaseEvent> {
    (0..200_u16)
        .map(|i| event(500.0, 500.0, day_of(YEAR - 1, i), Category::Lighting, 1000 + u64::from(i)))
        .collect()
}

const CATEGORIES: [Category; 8] = [
    Category::Lighting,
    Category::Lighting,
    Category::BlockedView,
    Category::Speeding,
    Category::SafePlace,
    Category::Rowdiness,
    Category::FraudAttempt,
    Category::DrugSigns,
];

prop_compose! {
    /// One report; most lie around two hot places.
    pub fn any_event(sources: u64)(
        place in 0..3_u8,
        (east, north) in (1.0..6399.0, 1.0..3199.0),
        jitter in (0.0..90.0, 0.0..90.0),
        ordinal in 0..365_u16,
        category in 0..CATEGORIES.len(),
        source in 0..sources,
        vague in 0..8_u8,
        state in 0..12_u8,
    ) -> ReleaseEvent {
        let (east, north) = match place {
            0 => (1010.0 + jitter.0, 1010.0 + jitter.1),
            1 => (3150.0 + jitter.0, 2010.0 + jitter.1),
            _ => (east, north),
        };
        let mut event = event(east, north, day_of(YEAR, ordinal), CATEGORIES[category], source);
        match vague {
            0 => event.precision_m = 300.0,
            1 => event.at = None,
            _ => {}
        }
        match state {
            0 => event.flags = Flags::QUARANTINED,
            1 => event.flags = Flags::MERGED,
            2 => event.flags = Flags::DUPLICATE,
            3 => event.district = None,
            _ => {}
        }
        event
    }
}

pub fn any_events(
    count: std::ops::Range<usize>,
    sources: u64,
) -> impl Strategy<Value = Vec<ReleaseEvent>> {
    prop::collection::vec(any_event(sources), count)
}

/// The three kinds in one of their six orders.
pub fn any_order() -> impl Strategy<Value = Vec<ReleaseKind>> {
    Just(vec![ReleaseKind::YearCells, ReleaseKind::QuarterDistricts, ReleaseKind::MonthTotal])
        .prop_shuffle()
}
