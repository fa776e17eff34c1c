//! The densities of a land month by month, kept up to date by single patches:
//! what the heat map with the usual kernel is summed from.
//!
//! A map of any window is the sum of its whole months and of the events in its
//! ends, the same number as from all its events. The grids follow the snapshots
//! of the index by what has changed between two of them; every night they are
//! rebuilt from all events and compared.

use super::needs::{Needs, WITHOUT, classes, filter, time};
use super::pool::Pool;
use super::query::start_of;
use super::staff::StaffSource;
use crate::app::Result;
use crate::spatial::{Event, Filter, Snapshot};
use fyren_core::analysis::{Kernel, Monthly, Sums, Surface, Weighted};
use fyren_core::domain::{Context, EventKind, Plane, SourceClass};
use fyren_core::plane::Grid;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil::Date};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Kind, source class and category: what a question picks events by.
type Key = (EventKind, SourceClass, String);

/// Changes that are patched while somebody waits, below 0.1 ms each; beyond
/// them the grids are rebuilt beside.
const MOST_PATCHES: usize = 256;

/// Tiles of 8 kB that one context of a land may take: 64 MB.
const MOST_TILES: usize = 8_192;

/// Events between two looks at the number of tiles.
const LOOK: usize = 1_024;

/// The monthly densities of a land, of each context apart.
#[derive(Clone)]
pub struct Months {
    grid: Grid,
    kernel: Kernel,
    zone: TimeZone,
    pool: Arc<Pool>,
    contexts: [Arc<Mutex<State>>; 2],
}

/// How far the grids of one context are.
#[derive(Default)]
enum State {
    /// Nobody has asked yet.
    #[default]
    Unasked,
    /// They are being built.
    Building,
    /// They would take too much memory.
    TooLarge,
    /// They hold the events of a snapshot.
    Kept(Held),
}

/// Grids with the snapshot whose events they hold.
#[derive(Clone)]
struct Held {
    seen: Arc<Snapshot>,
    grids: Arc<Monthly<Key>>,
}

/// How the grids of a context stood when they were rebuilt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// Which context.
    pub context: Context,
    /// The largest difference as a share of the largest value.
    pub drift: f64,
}

impl Months {
    /// Grids that nobody has asked for, of months as local in `zone`.
    pub fn new(grid: Grid, kernel: Kernel, zone: TimeZone, pool: Arc<Pool>) -> Self {
        Self { grid, kernel, zone, pool, contexts: [Arc::default(), Arc::default()] }
    }

    /// Whether these are the grids of such a map.
    pub fn suits(&self, grid: &Grid, kernel: Kernel) -> bool {
        self.grid == *grid && self.kernel == kernel
    }

    /// The density of `needs`, which a question about days, categories and
    /// source classes has selected, in events per square metre; `None` where it
    /// asks for more than that, or the grids do not hold the events (yet): then
    /// they have to be summed one by one.
    ///
    /// Cost: one patch for each change since the last question, and a sum of
    /// tiles. The first question starts the build and does not wait for it.
    pub fn density(&self, source: &StaffSource, needs: &Needs) -> Result<Option<Surface>> {
        let window = Window::of(source.query.dates, &self.zone);
        let (true, Some(window)) = (is_linear(source), window) else { return Ok(None) };
        let asked = filter(source, classes(source));
        let wanted = |(kind, class, category): &Key| {
            asked.kinds.contains(kind)
                && asked.sources.contains(class)
                && (asked.categories.is_empty() || asked.categories.contains(category))
                && !(*kind == EventKind::Report && asked.hidden_reports.contains(category))
        };
        let mut ends = Sums::new(self.grid, self.kernel);
        for point in needs.points.iter().filter(|point| !window.holds(point.time)) {
            ends.add(Weighted { at: point.at, weight: 1.0 })?;
        }
        let mut surface = ends.surface();
        // Every context is followed before any is missed: each has to be asked once.
        let held: Vec<_> = source.snapshots().map(|(of, now)| self.follow(of, now)).collect();
        for held in held {
            let Some(held) = held else { return Ok(None) };
            surface = surface.plus(&held.grids.density(window.months.clone(), wanted))?;
        }
        Ok(Some(surface))
    }

    /// Rebuilds the grids from all events and tells how far they were off.
    pub fn check(&self) -> Vec<Checked> {
        Context::ALL.iter().filter_map(|context| self.check_one(*context)).collect()
    }

    /// Gives the memory back; the next question builds anew.
    pub fn forget(&self) {
        for state in &self.contexts {
            let mut state = lock(state);
            if matches!(*state, State::Kept(_)) {
                *state = State::Unasked;
            }
        }
    }

    fn check_one(&self, context: Context) -> Option<Checked> {
        let state = &self.contexts[context as usize];
        let held = match &*lock(state) {
            State::Kept(held) => held.clone(),
            _ => return None,
        };
        let rebuilt = self.built(&held.seen)?;
        let drift = held.grids.drift(&rebuilt);
        let mut state = lock(state);
        match &mut *state {
            State::Kept(now) if now.seen.generation() == held.seen.generation() => {
                now.grids = Arc::new(rebuilt);
            }
            // What was patched meanwhile rests on what was wrong.
            State::Kept(_) if drift > 0.0 => *state = State::Unasked,
            _ => {}
        }
        Some(Checked { context, drift })
    }

    /// The grids with the events of `now`; `None` where that would take longer
    /// than a request should, and then they are built beside.
    fn follow(&self, context: Context, now: &Arc<Snapshot>) -> Option<Held> {
        let mut state = lock(&self.contexts[context as usize]);
        match &mut *state {
            State::Building | State::TooLarge => return None,
            // A question about a moment that is past.
            State::Kept(held) if held.seen.generation() > now.generation() => return None,
            State::Kept(held) => {
                if self.patch(held, now).is_some() {
                    return Some(held.clone());
                }
            }
            State::Unasked => {}
        }
        *state = State::Building;
        let (months, now) = (self.clone(), Arc::clone(now));
        self.pool.background(move || months.build(context, now));
        None
    }

    fn build(&self, context: Context, seen: Arc<Snapshot>) {
        let built = self.built(&seen);
        let mut state = lock(&self.contexts[context as usize]);
        *state = match built {
            Some(grids) => State::Kept(Held { seen, grids: Arc::new(grids) }),
            None => State::TooLarge,
        };
    }

    /// The grids of all events of a snapshot; `None` for too many tiles.
    fn built(&self, snapshot: &Snapshot) -> Option<Monthly<Key>> {
        let mut places = Vec::new();
        let kinds = vec![EventKind::Report, EventKind::Incident];
        let needed = Filter { kinds, without: WITHOUT, ..Filter::default() };
        snapshot.each_position(&needed, |at, _, row| places.push((at, row)));
        let mut grids = Monthly::new(self.grid, self.kernel);
        for (number, (at, row)) in places.into_iter().enumerate() {
            if number % LOOK == 0 && grids.tiles() > MOST_TILES {
                return None;
            }
            self.lay(&mut grids, &snapshot.at_row(row), (at, 1.0))?;
        }
        (grids.tiles() <= MOST_TILES).then_some(grids)
    }

    /// Takes away what has gone and adds what has come; `None` where the index
    /// cannot tell, or tells of too much, and the grids have to be rebuilt.
    fn patch(&self, held: &mut Held, now: &Arc<Snapshot>) -> Option<()> {
        if held.seen.generation() == now.generation() {
            return Some(());
        }
        let changed = now.changed_since(held.seen.generation())?;
        if changed.len() > MOST_PATCHES {
            return None;
        }
        let grids = Arc::make_mut(&mut held.grids);
        for id in changed {
            for (snapshot, weight) in [(&held.seen, -1.0), (now, 1.0)] {
                if let Some((event, at)) = snapshot.placed(id)
                    && event.position.is_some()
                {
                    self.lay(grids, &event, (at?, weight))?;
                }
            }
        }
        held.seen = Arc::clone(now);
        (grids.tiles() <= MOST_TILES).then_some(())
    }

    /// Lays an event of need over the grids; any other leaves them as they are.
    fn lay(
        &self,
        grids: &mut Monthly<Key>,
        event: &Event<'_>,
        (at, weight): (Plane, f64),
    ) -> Option<()> {
        let counts = event.kind != EventKind::Visit
            && !event.flags.has_any(WITHOUT)
            && event.precision_m <= self.kernel.coarsest_precision_m();
        if !counts {
            return Some(());
        }
        let key = (event.kind, event.source_class, event.category.to_owned());
        let month = month_of(time(event).to_zoned(self.zone.clone()).date());
        grids.add(&key, month, Weighted { at, weight }).ok()
    }
}

/// Whether a question picks events by days, categories and source classes
/// alone, which is what the grids can be summed by.
fn is_linear(source: &StaffSource) -> bool {
    let asked = &source.query.filter;
    asked.hours.is_empty()
        && asked.weekdays.is_empty()
        && asked.seasons.is_empty()
        && asked.districts.is_empty()
        && asked.bounds.is_none()
        && asked.region.is_none()
        && !classes(source).contains(&SourceClass::Presence)
}

/// The whole months of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    months: Range<i32>,
    /// The moments of its first and after its last month, where it has them.
    moments: (Option<Timestamp>, Option<Timestamp>),
}

impl Window {
    /// Of the days from `from` to before `to`; `None` where they hold no whole
    /// month.
    fn of((from, to): (Option<Date>, Option<Date>), zone: &TimeZone) -> Option<Self> {
        let first = match from {
            Some(from) if from.day() > 1 => {
                Some(from.checked_add(1.month()).ok()?.first_of_month())
            }
            from => from,
        };
        let end = to.map(Date::first_of_month);
        let months = first.map_or(i32::MIN, month_of)..end.map_or(i32::MAX, month_of);
        let moment = |date: Option<Date>| date.and_then(|date| start_of(date, zone));
        (months.start < months.end).then(|| Self { months, moments: (moment(first), moment(end)) })
    }

    /// Whether a moment lies in the whole months.
    fn holds(&self, time: Timestamp) -> bool {
        let (first, end) = self.moments;
        first.is_none_or(|first| first <= time) && end.is_none_or(|end| time < end)
    }
}

/// The month of a day, counted from the first of year 0.
fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
