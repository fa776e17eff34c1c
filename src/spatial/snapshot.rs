//! One moment of an index: the settled events, the changes since, and what
//! can be asked of them.

use super::base::{Base, to_row};
use super::filter::{Disc, Filter, Prepared, Verdict};
use super::marked::Marked;
use super::packed::{Event, Fresh, NOWHERE, Packed, Texts, Witness};
use super::selection::Selection;
use fyren_core::domain::{Id, Plane, Seq};
use fyren_core::plane::Projection;
use std::sync::Arc;

/// What has changed since the base was built; scanned by every question.
#[derive(Clone, Default)]
pub struct Delta {
    /// New and changed events, in the order of their identities.
    pub fresh: Vec<Fresh>,
    /// Rows of the base that are erased or replaced, sorted.
    pub hidden: Vec<u32>,
    /// Identities that were erased, with the position at which it was seen.
    pub erased: Vec<(u128, i64)>,
}

/// One moment of an index. Immutable: an answer streams from one snapshot.
pub struct Snapshot {
    pub(super) base: Arc<Base>,
    pub(super) delta: Delta,
    pub(super) texts: Arc<Texts>,
    pub(super) projection: Arc<Projection>,
    pub(super) generation: Seq,
    /// The generation of the base: what is older has no trace of its own.
    pub(super) settled: Seq,
}

/// The bytes that a snapshot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Footprint {
    /// The columns.
    pub columns: usize,
    /// The tree, estimated.
    pub tree: usize,
    /// Changes that are not merged yet.
    pub delta: usize,
}

impl Footprint {
    /// All of it.
    #[must_use]
    pub const fn total(self) -> usize {
        self.columns + self.tree + self.delta
    }
}

/// An event as a point on a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Longitude and latitude in 1e-7 degrees.
    pub at: [i32; 2],
    /// Its row, which [`Snapshot::at_row`] reads.
    pub row: u32,
    /// The number of its category within the snapshot.
    pub category: u16,
}

impl Snapshot {
    /// The last position of the feed that this snapshot has seen.
    #[must_use]
    pub const fn generation(&self) -> Seq {
        self.generation
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.columns.len() - self.delta.hidden.len() + self.delta.fresh.len()
    }

    /// Whether there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The projection of the plane.
    #[must_use]
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// The bytes that this snapshot takes.
    #[must_use]
    pub fn footprint(&self) -> Footprint {
        let delta = &self.delta;
        Footprint {
            columns: self.base.columns.bytes(),
            tree: self.base.tree_bytes(),
            delta: size_of_val(&*delta.fresh)
                + size_of_val(&*delta.hidden)
                + size_of_val(&*delta.erased),
        }
    }

    /// The event with this identity. Costs O(log n).
    #[must_use]
    pub fn event(&self, id: Id) -> Option<Event<'_>> {
        let id = id.bits();
        if let Ok(at) = self.delta.fresh.binary_search_by_key(&id, |fresh| fresh.packed.id) {
            return Some(self.delta.fresh[at].packed.event(&self.texts));
        }
        let row = self.base.columns.row(id)?;
        (!self.is_hidden(row)).then(|| self.base.columns.packed(row).event(&self.texts))
    }

    /// The identities of the events that have come, changed or gone since an
    /// earlier generation, in order; `None` where the index has settled since
    /// and cannot tell. Costs O(what is not merged yet).
    #[must_use]
    pub fn changed_since(&self, generation: Seq) -> Option<Vec<Id>> {
        if generation < self.settled {
            return None;
        }
        let fresh = self.delta.fresh.iter().map(|fresh| (fresh.packed.id, fresh.seq));
        let all = fresh.chain(self.delta.erased.iter().copied());
        let mut changed: Vec<u128> =
            all.filter(|(_, seq)| *seq > generation.0).map(|(id, _)| id).collect();
        changed.sort_unstable();
        changed.dedup();
        Some(changed.into_iter().map(Id::from_bits).collect())
    }

    /// The event with this identity and the very position that
    /// [`Snapshot::each_position`] gives for it. Costs O(log n).
    #[must_use]
    pub fn placed(&self, id: Id) -> Option<(Event<'_>, Option<Plane>)> {
        /// Positions of events are kept to a centimetre, those of the tree exactly.
        const NEAR_M: f64 = 1.0;
        let event = self.event(id)?;
        if let Ok(at) = self.delta.fresh.binary_search_by_key(&id.bits(), |f| f.packed.id) {
            return Some((event, self.delta.fresh[at].plane));
        }
        let row = self.base.columns.row(id.bits())?;
        let near = event.position.map(|at| self.projection.forward(at));
        let near = near.map(|centre| Disc { centre, radius_m: NEAR_M });
        let own = near.and_then(|disc| self.base.in_disc(disc).find(|(_, other)| *other == row));
        Some((event, own.map(|(at, _)| at)))
    }

    /// The events that `filter` selects. A box or a disc is looked up in the
    /// tree, O(log n + found); without one every event is looked at, about
    /// 5 ns each.
    #[must_use]
    pub fn select(self: &Arc<Self>, filter: &Filter) -> Selection {
        let prepared = Prepared::new(filter, &self.texts);
        let mut found = Found::default();
        if filter.disc.is_some() || filter.bounds.is_some() {
            let mut note = |row: usize| self.note(&prepared, row, &mut found);
            match (filter.disc, filter.bounds) {
                (Some(disc), _) => self.base.in_disc(disc).for_each(|(_, row)| note(row)),
                (None, Some(bounds)) => {
                    let near = self.base.near_box(bounds, &self.projection);
                    near.for_each(|(_, row)| note(row));
                }
                (None, None) => {}
            }
            found.rows.sort_unstable();
        } else {
            for row in 0..self.base.columns.len() {
                self.note(&prepared, row, &mut found);
            }
        }
        let settled = self.base.columns.len();
        for (at, fresh) in self.delta.fresh.iter().enumerate() {
            let verdict = prepared.packed(&fresh.packed);
            if filter.disc.is_none_or(|disc| fresh.plane.is_some_and(|at| disc.holds(at))) {
                found.take(verdict, settled + at);
            }
        }
        self.in_order(&mut found.rows);
        Selection { snapshot: Arc::clone(self), rows: found.rows, unknown_time: found.unknown_time }
    }

    /// Hands the plane position of each selected event to `each`, in no
    /// order, with its precision in metres and its row, which
    /// [`Snapshot::at_row`] reads. Events without a position do not come.
    ///
    /// Events are looked at in order first and in the order of the tree then:
    /// in that of the tree alone every column would be read from main memory.
    pub fn each_position(&self, filter: &Filter, mut each: impl FnMut(Plane, f64, u32)) {
        let prepared = Prepared::new(filter, &self.texts);
        let in_disc = |at: Plane| filter.disc.is_none_or(|disc| disc.holds(at));
        let columns = &self.base.columns;
        let yes = |row| prepared.row(columns, row) == Verdict::Yes;
        let mut marked = Marked::of(columns.len(), yes);
        for row in &self.delta.hidden {
            marked.clear(*row as usize);
        }
        for (at, row) in self.base.leaves() {
            if marked.holds(row) && in_disc(at) {
                each(at, columns.precision_m(row), to_row(row));
            }
        }
        for (number, fresh) in self.delta.fresh.iter().enumerate() {
            let Some(at) = fresh.plane else { continue };
            if in_disc(at) && prepared.packed(&fresh.packed) == Verdict::Yes {
                each(at, f64::from(fresh.packed.precision), to_row(columns.len() + number));
            }
        }
    }

    /// Hands each selected event with a position to `each`, in no order and
    /// without reading more of it than a map needs. A box in `filter` is looked
    /// up in the tree, or, where it holds much of the ground, scanned: about
    /// 10 ns an event.
    pub fn each_spot(&self, filter: &Filter, mut each: impl FnMut(Spot)) {
        let prepared = Prepared::new(filter, &self.texts);
        let mut row = |row: usize| self.spot(&prepared, row).into_iter().for_each(&mut each);
        match filter.bounds {
            Some(bounds) if !self.base.mostly_in(bounds, &self.projection) => {
                self.base.near_box(bounds, &self.projection).for_each(|(_, at)| row(at));
            }
            _ => (0..self.base.columns.len()).for_each(row),
        }
        self.fresh_spots(&prepared).for_each(each);
    }

    /// The same events where no more than `most` have to be looked at for them;
    /// `None`, at the cost of those, where it takes more.
    #[must_use]
    pub fn few_spots(&self, filter: &Filter, most: usize) -> Option<Vec<Spot>> {
        if self.delta.fresh.len() > most {
            return None;
        }
        let prepared = Prepared::new(filter, &self.texts);
        let mut spots = Vec::new();
        let bounds = filter.bounds?;
        for (looked, (_, row)) in self.base.near_box(bounds, &self.projection).enumerate() {
            if looked == most {
                return None;
            }
            spots.extend(self.spot(&prepared, row));
        }
        spots.extend(self.fresh_spots(&prepared));
        Some(spots)
    }

    /// The event of a settled row, where it has a place and the filter says yes.
    fn spot(&self, prepared: &Prepared, row: usize) -> Option<Spot> {
        let columns = &self.base.columns;
        let at = columns.at[row];
        let yes = at != NOWHERE && prepared.row(columns, row) == Verdict::Yes;
        (yes && !self.is_hidden(row)).then(|| Spot {
            at,
            row: to_row(row),
            category: columns.category[row],
        })
    }

    fn fresh_spots(&self, prepared: &Prepared) -> impl Iterator<Item = Spot> {
        let settled = self.base.columns.len();
        self.delta.fresh.iter().enumerate().filter_map(move |(number, fresh)| {
            let Packed { at, category, .. } = fresh.packed;
            let yes = at != NOWHERE && prepared.packed(&fresh.packed) == Verdict::Yes;
            yes.then(|| Spot { at, row: to_row(settled + number), category })
        })
    }

    /// The identity of the event of a row of this snapshot; far cheaper than
    /// [`Snapshot::at_row`].
    ///
    /// # Panics
    /// For a row that this snapshot has not given.
    #[must_use]
    pub fn id(&self, row: u32) -> Id {
        Id::from_bits(self.bits(row))
    }

    /// The category with a number that a [`Spot`] of this snapshot has; empty
    /// for any other number.
    #[must_use]
    pub fn category(&self, number: u16) -> &str {
        self.texts.categories.text(number)
    }

    /// The event of a row of this snapshot.
    ///
    /// # Panics
    /// For a row that this snapshot has not given.
    #[must_use]
    pub fn at_row(&self, row: u32) -> Event<'_> {
        let (row, settled) = (row as usize, self.base.columns.len());
        if row < settled {
            self.base.columns.packed(row).event(&self.texts)
        } else {
            self.delta.fresh[row - settled].packed.event(&self.texts)
        }
    }

    /// Who tells the event of a row of this snapshot, and when; less than half
    /// of the cost of [`Snapshot::at_row`].
    ///
    /// # Panics
    /// For a row that this snapshot has not given.
    #[must_use]
    pub fn witness(&self, row: u32) -> Witness {
        let (row, settled) = (row as usize, self.base.columns.len());
        if row < settled {
            self.base.columns.witness(row)
        } else {
            let fresh = &self.delta.fresh[row - settled].packed;
            Witness::new(fresh.times, fresh.codes, fresh.tag)
        }
    }

    pub(super) fn is_hidden(&self, row: usize) -> bool {
        !self.delta.hidden.is_empty() && self.delta.hidden.binary_search(&to_row(row)).is_ok()
    }

    fn note(&self, prepared: &Prepared, row: usize, found: &mut Found) {
        let verdict = prepared.row(&self.base.columns, row);
        if verdict != Verdict::No && !self.is_hidden(row) {
            found.take(verdict, row);
        }
    }

    /// Settled rows and fresh ones are each in order; brings them together.
    fn in_order(&self, rows: &mut [u32]) {
        let settled = self.base.columns.len();
        if rows.last().is_some_and(|last| *last as usize >= settled) {
            rows.sort_by_key(|row| self.bits(*row));
        }
    }

    fn bits(&self, row: u32) -> u128 {
        match (row as usize).checked_sub(self.base.columns.len()) {
            None => self.base.columns.ids[row as usize],
            Some(fresh) => self.delta.fresh[fresh].packed.id,
        }
    }
}

#[derive(Default)]
struct Found {
    rows: Vec<u32>,
    unknown_time: usize,
}

impl Found {
    fn take(&mut self, verdict: Verdict, row: usize) {
        match verdict {
            Verdict::No => {}
            Verdict::Yes => self.rows.push(to_row(row)),
            Verdict::UnknownTime => self.unknown_time += 1,
        }
    }
}
