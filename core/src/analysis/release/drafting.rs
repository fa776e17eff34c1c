//! How a draft comes about: row by row, each compared with all that is known.

use super::ReleaseInput;
use super::combinations;
use super::differences::Audit;
use super::draft::Draft;
use super::eligible::{Face, Outcome, hidden, within};
use super::pieces::{self, Family, Key, Piece};
use super::roll_up::roll_up;
use super::windows::{kinds_for, volume_of};
use crate::domain::{
    Band, DistrictCode, Flags, HiddenReason, ReleaseCell, ReleaseDistrict, ReleaseGroup,
    ReleaseKind, ReleaseWindow,
};
use crate::plane::CellId;
use std::collections::BTreeSet;

/// One draft in the making.
pub(super) struct Drafting<'a> {
    input: &'a ReleaseInput<'a>,
    window: ReleaseWindow,
    audit: Audit<'a>,
    /// Families that everything new is compared with.
    known: Vec<Family>,
    outcomes: Vec<Outcome>,
    /// Events that cells would show if it were not for dwellings.
    unmasked: BTreeSet<usize>,
    synthetic: bool,
}

/// Rows that may be published, and those that k alone would have allowed.
struct Settled {
    family: Family,
    by_k_alone: Family,
}

impl<'a> Drafting<'a> {
    pub(super) fn of(input: &'a ReleaseInput<'a>, window: ReleaseWindow) -> Self {
        Self {
            input,
            window,
            audit: Audit { events: input.events, k: input.rule.k() },
            known: pieces::earlier_families(input, window.from.year()),
            outcomes: Vec::new(),
            unmasked: BTreeSet::new(),
            synthetic: false,
        }
    }

    pub(super) fn draft(mut self, kind: ReleaseKind) -> Draft {
        let (mut cells, mut districts) = (Vec::new(), Vec::new());
        match kind {
            ReleaseKind::YearCells => {
                cells = self.cells();
                if !self.has_quarters() {
                    districts = self.districts();
                }
            }
            ReleaseKind::QuarterDistricts => districts = self.districts(),
            ReleaseKind::MonthTotal => districts = self.total(),
            ReleaseKind::Defect => {}
        }
        Draft {
            municipality: self.input.municipality.clone(),
            kind,
            window: self.window,
            k: self.input.rule.k(),
            synthetic: self.synthetic,
            cells,
            districts,
            outcomes: self.outcomes,
        }
    }

    /// Whether districts are published by quarter in this year, so that the
    /// year's release has none of its own.
    fn has_quarters(&self) -> bool {
        let volume = volume_of(self.input.events, self.window.from.year() - 1);
        kinds_for(volume, self.input.districts.len(), self.input.rule.k())
            .contains(&ReleaseKind::QuarterDistricts)
    }

    fn cells(&mut self) -> Vec<ReleaseCell> {
        let (input, k) = (self.input, self.input.rule.k());
        let candidates = pieces::candidates(input, self.window, Face::Cells);
        let placed = ReleaseGroup::ALL
            .iter()
            .map(|group| (*group, pieces::placed(input, &candidates, *group)));
        let placed: Vec<_> = placed.collect();
        let family = |masked: &BTreeSet<CellId>, blocked: &BTreeSet<Key>| -> Family {
            let shown = placed.iter().flat_map(|(group, placed)| {
                let mut closed = cells_of(*group, blocked);
                closed.extend(masked);
                let shown = roll_up(placed, k, &closed);
                shown
                    .into_iter()
                    .map(|(cell, events)| Piece { key: Key::Cell(*group, cell), events })
            });
            shown.collect()
        };
        let settled = self.settle(|blocked| family(input.few_dwellings, blocked));
        self.unmasked = events_of(&family(&BTreeSet::new(), &BTreeSet::new()));
        let rows = settled.family.iter().filter_map(|piece| self.cell_row(piece)).collect();
        self.note(Face::Cells, &settled);
        self.known.push(settled.family);
        rows
    }

    fn districts(&mut self) -> Vec<ReleaseDistrict> {
        let candidates = pieces::candidates(self.input, self.window, Face::Districts);
        let totals = self.settle(|blocked| self.rows(&candidates, pieces::district_key, blocked));
        let mut rows = self.district_rows(&totals.family);
        self.note(Face::Districts, &totals);
        let shown: BTreeSet<Key> = totals.family.iter().map(|piece| piece.key.clone()).collect();
        self.known.push(totals.family);
        let categories = self.settle(|blocked| {
            let mut family = self.rows(&candidates, pieces::category_key, blocked);
            family.retain(|piece| {
                piece.key.whole().is_some_and(|key| shown.contains(&key))
                    && self.audit.sources(&piece.events) >= 2 * self.input.rule.k() as usize
            });
            family
        });
        rows.extend(self.district_rows(&categories.family));
        self.known.push(categories.family);
        for code in self.input.districts {
            if !shown.contains(&Key::District(ReleaseGroup::Reports, code.clone())) {
                rows.push(too_few(Some(code.clone())));
            }
        }
        rows.sort_by(|a, b| {
            (a.group, &a.district, a.category).cmp(&(b.group, &b.district, b.category))
        });
        rows
    }

    fn total(&mut self) -> Vec<ReleaseDistrict> {
        let candidates = pieces::candidates(self.input, self.window, Face::Total);
        let settled = self.settle(|blocked| self.rows(&candidates, pieces::total_key, blocked));
        let mut rows = self.district_rows(&settled.family);
        self.note(Face::Total, &settled);
        if rows.iter().all(|row| row.group != ReleaseGroup::Reports) {
            rows.insert(0, too_few(None));
        }
        rows
    }

    /// Builds rows until no comparison with what is known leaves a light rest,
    /// each time without the row that offends. Ends, because rows only go.
    fn settle(&self, build: impl Fn(&BTreeSet<Key>) -> Family) -> Settled {
        let mut blocked = BTreeSet::new();
        let by_k_alone = build(&blocked);
        let mut family = by_k_alone.clone();
        while let Some(at) = self.offender(&family) {
            blocked.insert(family[at].key.clone());
            family = build(&blocked);
        }
        Settled { family, by_k_alone }
    }

    fn offender(&self, family: &[Piece]) -> Option<usize> {
        let simple = self.audit.offender(family, &self.known);
        simple.or_else(|| combinations::offender(&self.audit, family, &self.known))
    }

    /// Candidates by row, without blocked rows and those of fewer than k sources.
    fn rows(
        &self,
        candidates: &[usize],
        key: fn(&super::ReleaseEvent) -> Option<Key>,
        blocked: &BTreeSet<Key>,
    ) -> Family {
        let mut family = pieces::rows(self.input, candidates, key);
        family.retain(|piece| {
            !blocked.contains(&piece.key)
                && self.audit.sources(&piece.events) >= self.input.rule.k() as usize
        });
        family
    }

    fn band(&self, piece: &Piece) -> Option<Band> {
        Band::of(u32::try_from(self.audit.sources(&piece.events)).unwrap_or(u32::MAX))
    }

    fn cell_row(&self, piece: &Piece) -> Option<ReleaseCell> {
        let Key::Cell(group, cell) = piece.key else { return None };
        let band = self.band(piece)?;
        Some(ReleaseCell { cell_id: cell.to_string(), size_m: cell.size.metres(), group, band })
    }

    fn district_rows(&self, family: &[Piece]) -> Vec<ReleaseDistrict> {
        let row = |piece: &Piece| {
            let (group, district, category) = match &piece.key {
                Key::Cell(..) => return None,
                Key::District(group, code) => (*group, Some(code.clone()), None),
                Key::Category(group, code, category) => {
                    (*group, Some(code.clone()), Some(*category))
                }
                Key::Total(group) => (*group, None, None),
            };
            Some(ReleaseDistrict { district, group, category, band: Some(self.band(piece)?) })
        };
        family.iter().filter_map(row).collect()
    }

    /// Notes what becomes of each report of the window on `face`.
    fn note(&mut self, face: Face, settled: &Settled) {
        let (shown, by_k_alone) = (events_of(&settled.family), events_of(&settled.by_k_alone));
        let mut outcome = Outcome { face, shown: 0, hidden: std::collections::BTreeMap::new() };
        let window = |(_, e): &(usize, &super::ReleaseEvent)| within(e, self.window);
        for (at, event) in self.input.events.iter().enumerate().filter(window) {
            if shown.contains(&at) {
                outcome.shown += 1;
                self.synthetic |= event.flags.has(Flags::SYNTHETIC);
                continue;
            }
            let reason = hidden(self.input, event, face).unwrap_or(if by_k_alone.contains(&at) {
                HiddenReason::Difference
            } else if face == Face::Cells && self.unmasked.contains(&at) {
                HiddenReason::Dwellings
            } else {
                HiddenReason::BelowK
            });
            *outcome.hidden.entry(reason).or_default() += 1;
        }
        self.outcomes.push(outcome);
    }
}

fn events_of(family: &[Piece]) -> BTreeSet<usize> {
    family.iter().flat_map(|piece| piece.events.iter().copied()).collect()
}

fn cells_of(group: ReleaseGroup, keys: &BTreeSet<Key>) -> BTreeSet<CellId> {
    let cell = |key: &Key| match key {
        Key::Cell(of, cell) if *of == group => Some(*cell),
        _ => None,
    };
    keys.iter().filter_map(cell).collect()
}

fn too_few(district: Option<DistrictCode>) -> ReleaseDistrict {
    ReleaseDistrict { district, group: ReleaseGroup::Reports, category: None, band: None }
}
