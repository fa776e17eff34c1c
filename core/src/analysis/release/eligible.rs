//! Which reports may count for which face of a release, and why others may not.

use super::{ReleaseEvent, ReleaseInput};
use crate::domain::{Flags, HiddenReason, PublicityClass, Release, ReleaseKind, ReleaseWindow};
use crate::plane::CellSize;
use jiff::Timestamp;
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
    !event.flags.has(Flags::QUARANTINED) && is_for_maps(event)
}

fn is_for_maps(event: &ReleaseEvent) -> bool {
    matches!(event.category.publicity(), PublicityClass::Points | PublicityClass::Aggregate)
}

/// Why `event` can never count on `face`; `None` where it can.
pub(super) fn hidden(
    input: &ReleaseInput<'_>,
    event: &ReleaseEvent,
    face: Face,
) -> Option<HiddenReason> {
    let kept_out = kept_out(input, event);
    if matches!(kept_out, Some(HiddenReason::Quarantined | HiddenReason::Embargo)) {
        return kept_out;
    }
    let coarse = event.category.publicity() == PublicityClass::Coarse && face == Face::Districts;
    if !coarse && !is_for_maps(event) {
        return Some(HiddenReason::Publicity);
    }
    if kept_out.is_some() {
        return kept_out;
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

/// Why an event counts in no release, whatever it says and wherever it lies:
/// as it stands today, or as it stood when its day was first published.
fn kept_out(input: &ReleaseInput<'_>, event: &ReleaseEvent) -> Option<HiddenReason> {
    let dated = event.aside.iter().any(|aside| aside.reason == QUARANTINED);
    if event.flags.has(Flags::QUARANTINED) && !dated {
        return Some(QUARANTINED);
    }
    let Some(published) = first_published(input, event) else {
        let flagged = event.flags.has(Flags::QUARANTINED).then_some(QUARANTINED);
        let lasting = event.aside.iter().find(|aside| aside.to.is_none());
        return flagged.or(lasting.map(|aside| aside.reason));
    };
    if event.arrived >= published.to_zoned(input.zone.clone()).date() {
        return Some(HiddenReason::Late);
    }
    let then =
        |aside: &&super::Aside| aside.from <= published && aside.to.is_none_or(|to| published < to);
    let aside = event.aside.iter().find(then)?;
    Some(if aside.to.is_none() { aside.reason } else { HiddenReason::Late })
}

const QUARANTINED: HiddenReason = HiddenReason::Quarantined;

/// When a release first spoke of an event's day.
fn first_published(input: &ReleaseInput<'_>, event: &ReleaseEvent) -> Option<Timestamp> {
    let speaks =
        |release: &&Release| release.kind != ReleaseKind::Defect && within(event, release.window);
    input.earlier.iter().filter(speaks).map(|release| release.published_at).min()
}
