//! The numbers of a release as sets of events, so that sets can be compared.

use super::eligible::{self, Face, hidden, within};
use super::roll_up::{Placed, assign};
use super::{ReleaseEvent, ReleaseInput};
use crate::domain::{Category, DistrictCode, Release, ReleaseGroup, ReleaseKind, ReleaseWindow};
use crate::plane::{CellId, CellSize};
use std::collections::{BTreeMap, BTreeSet};

/// What one published number counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Cell(ReleaseGroup, CellId),
    District(ReleaseGroup, DistrictCode),
    Category(ReleaseGroup, DistrictCode, Category),
    Total(ReleaseGroup),
}

impl Key {
    /// The district row that a category row is a part of.
    pub fn whole(&self) -> Option<Self> {
        match self {
            Self::Category(group, code, _) => Some(Self::District(*group, code.clone())),
            _ => None,
        }
    }
}

/// One number and the events behind it, as sorted indices.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub key: Key,
    pub events: Vec<usize>,
}

/// Numbers that share no event: those of one kind of row.
pub(super) type Family = Vec<Piece>;

/// The group in which an event counts.
pub(super) fn group_of(event: &ReleaseEvent) -> ReleaseGroup {
    if event.category == Category::SafePlace { ReleaseGroup::Safe } else { ReleaseGroup::Reports }
}

/// Indices of the events of `window` that may count on `face`, ascending.
pub(super) fn candidates(
    input: &ReleaseInput<'_>,
    window: ReleaseWindow,
    face: Face,
) -> Vec<usize> {
    let may =
        |(_, e): &(usize, &ReleaseEvent)| within(e, window) && hidden(input, e, face).is_none();
    input.events.iter().enumerate().filter(may).map(|(at, _)| at).collect()
}

/// The candidates of one group, ready for the lattice.
pub(super) fn placed(
    input: &ReleaseInput<'_>,
    candidates: &[usize],
    group: ReleaseGroup,
) -> Vec<Placed> {
    let ready = |event: usize| {
        let e = &input.events[event];
        let smallest = eligible::smallest_size(e)?;
        (group_of(e) == group).then_some(Placed {
            event,
            cell: CellId::at(e.at?, CellSize::M100)?,
            smallest,
            source: e.source,
        })
    };
    candidates.iter().filter_map(|event| ready(*event)).collect()
}

/// Sorts candidates into the rows that `key` names.
pub(super) fn rows(
    input: &ReleaseInput<'_>,
    candidates: &[usize],
    key: impl Fn(&ReleaseEvent) -> Option<Key>,
) -> Family {
    let mut rows: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for event in candidates {
        if let Some(key) = key(&input.events[*event]) {
            rows.entry(key).or_default().push(*event);
        }
    }
    rows.into_iter().map(|(key, events)| Piece { key, events }).collect()
}

pub(super) fn district_key(event: &ReleaseEvent) -> Option<Key> {
    Some(Key::District(group_of(event), event.district.clone()?))
}

pub(super) fn category_key(event: &ReleaseEvent) -> Option<Key> {
    Some(Key::Category(group_of(event), event.district.clone()?, event.category))
}

#[expect(clippy::unnecessary_wraps, reason = "one of three keys of the same form")]
pub(super) fn total_key(event: &ReleaseEvent) -> Option<Key> {
    Some(Key::Total(group_of(event)))
}

/// What the earlier releases of a calendar year count, one family for each kind
/// of row: cells, districts, categories of districts, totals. No window crosses
/// a year, so that years never mix.
pub(super) fn earlier_families(input: &ReleaseInput<'_>, year: i16) -> Vec<Family> {
    let mut families = vec![Family::new(); 4];
    let counts = |release: &&Release| {
        release.kind != ReleaseKind::Defect && release.window.from.year() == year
    };
    for release in input.earlier.iter().filter(counts) {
        families[0].extend(cells_of(input, release));
        for (family, piece) in districts_of(input, release) {
            families[family].push(piece);
        }
    }
    families.retain(|family| !family.is_empty());
    families
}

fn cells_of(input: &ReleaseInput<'_>, release: &Release) -> Family {
    let candidates = candidates(input, release.window, Face::Cells);
    let mut family = Family::new();
    for group in ReleaseGroup::ALL {
        let shown = release.cells.iter().filter(|cell| cell.group == *group);
        let cells: BTreeSet<CellId> =
            shown.filter_map(|cell| CellId::parse(&cell.cell_id)).collect();
        let owned = assign(&placed(input, &candidates, *group), &cells);
        let piece = |(cell, events)| Piece { key: Key::Cell(*group, cell), events };
        family.extend(owned.into_iter().map(piece));
    }
    family
}

fn districts_of(input: &ReleaseInput<'_>, release: &Release) -> Vec<(usize, Piece)> {
    let shown: BTreeSet<Key> = release
        .districts
        .iter()
        .filter(|row| row.band.is_some())
        .map(|row| match (&row.district, row.category) {
            (Some(code), Some(category)) => Key::Category(row.group, code.clone(), category),
            (Some(code), None) => Key::District(row.group, code.clone()),
            (None, _) => Key::Total(row.group),
        })
        .collect();
    let district = candidates(input, release.window, Face::Districts);
    let total = candidates(input, release.window, Face::Total);
    let families = [
        (1, rows(input, &district, district_key)),
        (2, rows(input, &district, category_key)),
        (3, rows(input, &total, total_key)),
    ];
    let each = |(at, family): (usize, Family)| family.into_iter().map(move |piece| (at, piece));
    families.into_iter().flat_map(each).filter(|(_, piece)| shown.contains(&piece.key)).collect()
}
