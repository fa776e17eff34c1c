//! Which reports may count for which face of a release, and why others may not.

use super::{ReleaseEvent, ReleaseInput};
use crate::domain::{Flags, HiddenReason, PublicityClass, ReleaseKind, ReleaseWindow};
use crate::plane::CellSize;
use std::collections::BTreeMap;

/// One of the geometries on which a release counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// The lattice.
    Cells,
    /// Districts.
    Districts,
    /// The whole municipality.
    Total,
}

/// How many reports of a window a face shows, and why it hides the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The face.
    pub face: Face,
    /// Reports behind a published number.
    pub shown: u32,
    /// Reports that are not, by reason.
    pub hidden: BTreeMap<HiddenReason, u32>,
}

impl Outcome {
    /// Every report of the window.
    #[must_use]
    pub fn reports(&self) -> u32 {
        self.shown + self.hidden.values().sum::<u32>()
    }
}

/// Whether a report would count in cells but for its place and its neighbours.
pub(super) fn counts_on_a_map(event: &ReleaseEvent) -> bool {
    !event.flags.has(Flags::QUARANTINED)
        && matches!(event.category.publicity(), PublicityClass::Points | PublicityClass::Aggregate)
}

/// Why `event` can never count on `face`; `None` where it can.
pub(super) fn hidden(
    input: &ReleaseInput<'_>,
    event: &ReleaseEvent,
    face: Face,
) -> Option<HiddenReason> {
    if event.flags.has(Flags::QUARANTINED) {
        return Some(HiddenReason::Quarantined);
    }
    let coarse = event.category.publicity() == PublicityClass::Coarse && face == Face::Districts;
    if !coarse && !counts_on_a_map(event) {
        return Some(HiddenReason::Publicity);
    }
    if is_late(input, event) {
        return Some(HiddenReason::Late);
    }
    match face {
        Face::Total => None,
        Face::Districts => event.district.is_none().then_some(HiddenReason::NoPlace),
        Face::Cells => match event.at {
            Some(at) if smallest_size(event).is_some() => {
                (!(input.on_land)(at)).then_some(HiddenReason::AtSea)
            }
            _ => Some(HiddenReason::NoPlace),
        },
    }
}

/// The smallest lattice edge that is at least as wide as the place is vague.
pub(super) fn smallest_size(event: &ReleaseEvent) -> Option<CellSize> {
    let wide = |size: &CellSize| 2.0 * event.precision_m <= f64::from(size.metres());
    CellSize::ALL.into_iter().find(wide)
}

/// Whether `day` lies in `window`.
pub(super) fn within(event: &ReleaseEvent, window: ReleaseWindow) -> bool {
    window.from <= event.day && event.day < window.to
}

fn is_late(input: &ReleaseInput<'_>, event: &ReleaseEvent) -> bool {
    input.earlier.iter().any(|release| {
        release.kind != ReleaseKind::Defect
            && within(event, release.window)
            && event.arrived >= release.published_at.to_zoned(input.zone.clone()).date()
    })
}
