//! What happens to reports a moment after they have arrived: repetitions are
//! linked without a word, and what looks coordinated is put aside.
//!
//! The last day's arrivals are kept in memory alone, with the network and the
//! second that no table holds; a restart forgets them.

use super::{App, Ground, Result, failure};
use crate::{
    spatial::{Disc, Event, Filter, Snapshot},
    store::{AuditEntry, EventKey, PutAside},
};
use fyren_core::{
    analysis::{Arrival, Suspicion, Told, repeats, suspicious, wording},
    domain::{
        Category, Context, EventKind, Flags, Id, MunicipalityCode, Report, ReportStatus,
        SourceClass,
    },
};
use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Arrivals of a municipality that are remembered, the latest.
const REMEMBERED: usize = 4_000;
/// Seconds for which they are.
const DAY_S: i64 = 86_400;
/// Metres around a report within which it may repeat an other.
const NEAR_M: f64 = 60.0;

/// The arrivals of the last day.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<MunicipalityCode, Day>>);

/// The last day of one municipality.
#[derive(Debug, Default)]
struct Day {
    arrivals: Vec<(Id, Arrival)>,
    /// Not looked at yet.
    fresh: Vec<Id>,
    /// Put aside once; whoever lets one back in has the last word.
    judged: HashSet<Id>,
}

impl Arrivals {
    /// Remembers a resident's report from `network` at `second`.
    pub(super) fn note(&self, report: &Report, network: Option<IpAddr>, second: i64) {
        if report.source_class != SourceClass::Citizen {
            return;
        }
        let number = |network: IpAddr| {
            let mut hasher = DefaultHasher::new();
            network.hash(&mut hasher);
            hasher.finish()
        };
        let arrival = Arrival {
            at: report.located.anchor.map(|(_, plane)| plane),
            source: report.source_tag,
            network: network.map(number),
            second,
            wording: report.text.as_deref().map(wording).unwrap_or_default(),
        };
        let mut days = self.days();
        let day = days.entry(report.municipality.clone()).or_default();
        day.fresh.push(report.id);
        day.arrivals.push((report.id, arrival));
        let over = day.arrivals.len().saturating_sub(REMEMBERED);
        day.arrivals.drain(..over);
    }

    /// Takes what is new since the last call, by municipality.
    fn take_fresh(&self) -> Vec<(MunicipalityCode, Vec<Id>)> {
        let mut days = self.days();
        let fresh = days.iter_mut().filter(|(_, day)| !day.fresh.is_empty());
        fresh.map(|(code, day)| (code.clone(), std::mem::take(&mut day.fresh))).collect()
    }

    /// The reports of the day before `now` that look coordinated and were not
    /// put aside before.
    fn suspects(&self, code: &MunicipalityCode, now: i64) -> Vec<(Id, Suspicion)> {
        let mut days = self.days();
        let Some(day) = days.get_mut(code) else { return Vec::new() };
        day.arrivals.retain(|(_, arrival)| now - arrival.second <= DAY_S);
        let (ids, arrivals): (Vec<Id>, Vec<Arrival>) = day.arrivals.iter().cloned().unzip();
        let known: HashSet<Id> = ids.iter().copied().collect();
        day.judged.retain(|id| known.contains(id));
        drop(days);
        let found = suspicious(&arrivals).into_iter().map(|one| (ids[one.arrival], one));
        let mut days = self.days();
        let Some(day) = days.get_mut(code) else { return Vec::new() };
        found.filter(|(id, _)| day.judged.insert(*id)).collect()
    }

    fn days(&self) -> MutexGuard<'_, HashMap<MunicipalityCode, Day>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Looks at what has arrived since the last call: links what repeats an
    /// earlier report and puts aside what looks coordinated, also of those
    /// that came before. Costs nothing where nothing has arrived.
    ///
    /// # Errors
    /// Where a store fails; what was not looked at by then is not linked.
    pub async fn review_arrivals(&self) -> Result<()> {
        for (code, fresh) in self.arrivals.take_fresh() {
            let ground = self.ground(code.as_str()).await?;
            self.link_repeats(&ground, &fresh).await?;
            let now = self.clock.now().as_second();
            let arrivals = Arc::clone(&self.arrivals);
            let found = tokio::task::spawn_blocking(move || arrivals.suspects(&code, now)).await;
            let found = found.map_err(|fault| super::Error::Bug(fault.to_string()))?;
            self.put_aside(&ground, found).await?;
        }
        Ok(())
    }

    async fn put_aside(&self, ground: &Ground, found: Vec<(Id, Suspicion)>) -> Result<()> {
        let each = found.into_iter().map(|(id, seen)| async move {
            let note = format!(
                "{}: {} reports from {} sources within 24 hours",
                seen.pattern, seen.reports, seen.sources
            );
            let aside = PutAside { reason: seen.reason(), note: Some(note) };
            let audit = self.arrival_audit(ground, "quarantine_report", id, seen.pattern.code());
            let done = self.municipal.quarantine_report(&key(ground, id), Some(aside), audit).await;
            unless_erased(done.map(|_seq| ()))
        });
        futures_util::future::try_join_all(each).await.map(|_done| ())
    }

    async fn link_repeats(&self, ground: &Ground, fresh: &[Id]) -> Result<()> {
        let snapshot = self.layers.indexes().snapshot(ground, Context::Municipal).await?;
        let mut waiting: HashSet<Id> = fresh.iter().copied().collect();
        for id in fresh {
            waiting.remove(id);
            let Some(of) = repeated(ground, &snapshot, *id, &waiting) else { continue };
            let audit = self.arrival_audit(ground, "mark_duplicate", *id, "");
            let done = self.municipal.mark_duplicate(&key(ground, *id), Some(of), audit).await;
            unless_erased(done.map(|_seq| ()))?;
        }
        Ok(())
    }

    /// An entry of what the server does by itself, no finer than the hour: it
    /// follows an arrival at once.
    fn arrival_audit(&self, ground: &Ground, action: &str, id: Id, detail: &str) -> AuditEntry {
        let entry = self.audit("system", action, Some(ground.code()), Some(id.to_string()));
        AuditEntry { at: self.this_hour(), detail: detail.to_owned(), ..entry }
    }
}

/// The earliest report that the report `id` repeats and that repeats none
/// itself; of the same hour, those that are `waiting` come later.
fn repeated(
    ground: &Ground,
    snapshot: &Arc<Snapshot>,
    id: Id,
    waiting: &HashSet<Id>,
) -> Option<Id> {
    let event = snapshot.event(id)?;
    let later = told(ground, &event)?;
    let filter = Filter {
        kinds: vec![EventKind::Report],
        categories: vec![event.category.to_owned()],
        disc: Some(Disc { centre: later.at, radius_m: NEAR_M }),
        without: Flags::DUPLICATE.with(Flags::MERGED).with(Flags::QUARANTINED),
        ..Filter::default()
    };
    let near = snapshot.select(&filter);
    let before = near.events().filter(|other| {
        other.id != id
            && !waiting.contains(&other.id)
            && other.received_hour <= event.received_hour
            && told(ground, other).is_some_and(|earlier| repeats(&later, &earlier))
    });
    before.min_by_key(|other| (other.received_hour, other.id)).map(|other| other.id)
}

fn told(ground: &Ground, event: &Event<'_>) -> Option<Told> {
    Some(Told {
        at: ground.geofence.projection().forward(event.position?),
        precision_m: event.precision_m,
        category: Category::parse(event.category)?,
        time: event.start.unwrap_or(event.received_hour),
        status: ReportStatus::parse(event.status)?,
    })
}

fn key(ground: &Ground, id: Id) -> EventKey {
    EventKey { municipality: ground.code().clone(), id }
}

/// A report that is erased meanwhile needs nothing.
fn unless_erased(done: std::result::Result<(), crate::store::StoreError>) -> Result<()> {
    match done {
        Err(crate::store::StoreError::NotFound(_)) => Ok(()),
        done => done.map_err(failure),
    }
}
