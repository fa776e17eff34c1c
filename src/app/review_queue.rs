//! What waits for a moderator: what is new, flagged, in quarantine, alike an
//! other report, or answered by an owner.

use super::{App, Ground, Result, Staff, failure};
use crate::{
    spatial::{Disc, Event, Filter, Snapshot},
    store::{EventKey, SensitiveRead},
};
use fyren_core::{
    analysis::{Described, Likeness, content_words, likeness},
    domain::{
        Category, Context, EventKind, Flags, Forward, Id, Operation, PublicityClass, QueuePart,
        Report, ReportStatus, Role, TextFlag,
    },
    wording,
};
use std::{collections::HashMap, sync::Arc};

/// A report that may tell of the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// The other report.
    pub report: Report,
    /// Metres between the two.
    pub metres: f64,
    /// How alike they are.
    pub likeness: Likeness,
}

/// A report that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The report.
    pub report: Report,
    /// What its text should be looked at for.
    pub flags: Vec<TextFlag>,
    /// How many photos it has.
    pub photos: u32,
    /// What was seen when the server put it aside by itself.
    pub quarantine_note: Option<String>,
    /// Earlier reports that may tell of the same, the most alike first; at most 5.
    pub alike: Vec<Alike>,
    /// Owners who were asked and whose link is not closed.
    pub forwards: Vec<Forward>,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuePage {
    /// What waits, danger first, then the longest waiting.
    pub items: Vec<Waiting>,
    /// How many wait in the part that was asked for.
    pub total: usize,
    /// How many wait in each part.
    pub counts: Vec<(QueuePart, usize)>,
}

/// How far a report may be that is alike, in metres.
const NEAR_M: f64 = 220.0;
/// Reports that are told as alike.
const MOST_ALIKE: usize = 5;

impl App {
    /// A page of what waits in one part of the queue. The read is noted, once
    /// a session and hour.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for a role that may not moderate.
    pub async fn review_queue(
        &self,
        staff: &Staff,
        ground: &Ground,
        part: QueuePart,
        (offset, limit): (usize, usize),
    ) -> Result<QueuePage> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        self.note_queue_read(staff, ground).await?;
        let desk = self.desk(staff, ground).await?;
        let is_in = |at: &usize, part: QueuePart| desk.is_in(*at, part);
        let every = 0..desk.reports.len();
        let counts = QueuePart::ALL.iter().map(|part| {
            let count = every.clone().filter(|at| is_in(at, *part)).count();
            (*part, count)
        });
        let counts: Vec<_> = counts.collect();
        let mut found: Vec<usize> = every.filter(|at| is_in(at, part)).collect();
        found.sort_by_key(|at| {
            let report = &desk.reports[*at];
            let danger = desk.flags[*at].contains(&TextFlag::Danger);
            (!danger, report.received_hour, report.id)
        });
        let total = found.len();
        let mut items = Vec::new();
        for at in found.into_iter().skip(offset).take(limit) {
            items.push(self.waiting_report(ground, &desk, at).await?);
        }
        Ok(QueuePage { items, total, counts })
    }

    async fn note_queue_read(&self, staff: &Staff, ground: &Ground) -> Result<()> {
        let read = SensitiveRead {
            at_hour: self.this_hour(),
            actor: staff.name().to_owned(),
            session: staff.session_key(),
            municipality: ground.code().clone(),
            layer: "queue".to_owned(),
        };
        self.municipal.record_read(read).await.map_err(failure)
    }

    /// Everything that waits.
    async fn desk(&self, staff: &Staff, ground: &Ground) -> Result<Desk> {
        let code = ground.code();
        let coordinates = staff.roles_in(code).contains(&Role::Coordinator);
        let sees =
            |report: &Report| coordinates || report.category.publicity() != PublicityClass::Never;
        let mut reports = self.municipal.waiting_reports(code).await.map_err(failure)?;
        let photos = self.municipal.waiting_photos(code).await.map_err(failure)?;
        let mut forwards: HashMap<Id, Vec<Forward>> = HashMap::new();
        for forward in self.municipal.open_forwards(code).await.map_err(failure)? {
            forwards.entry(forward.report).or_default().push(forward);
        }
        for (id, asked) in &forwards {
            let answered = asked.iter().any(|forward| forward.answer.is_some());
            if answered && !reports.iter().any(|report| report.id == *id) {
                let key = EventKey { municipality: code.clone(), id: *id };
                reports.extend(self.municipal.report(&key).await.map_err(failure)?);
            }
        }
        reports.retain(sees);
        let flags = reports
            .iter()
            .map(|report| report.text.as_deref().map(wording::flags).unwrap_or_default());
        let flags = flags.collect();
        let snapshot = self.layers.indexes().snapshot(ground, Context::Municipal).await?;
        let near = reports.iter().map(|report| near(ground, &snapshot, report)).collect();
        Ok(Desk { reports, flags, photos, forwards, near })
    }

    async fn waiting_report(&self, ground: &Ground, desk: &Desk, at: usize) -> Result<Waiting> {
        let report = desk.reports[at].clone();
        let key = EventKey { municipality: ground.code().clone(), id: report.id };
        let quarantine_note = match report.quarantine {
            Some(_) => self.municipal.quarantine_note(&key).await.map_err(failure)?,
            None => None,
        };
        let words = report.text.as_deref().map(content_words).unwrap_or_default();
        let mut alike = Vec::new();
        for (other, metres, mine, theirs) in &desk.near[at] {
            let key = EventKey { id: *other, ..key.clone() };
            let Some(other) = self.municipal.report(&key).await.map_err(failure)? else { continue };
            let others = other.text.as_deref().map(content_words).unwrap_or_default();
            let found = likeness(
                &Described { words: words.clone(), ..mine.clone() },
                &Described { words: others, ..theirs.clone() },
            );
            if let Some(likeness) = found.filter(Likeness::is_proposed) {
                alike.push(Alike { report: other, metres: *metres, likeness });
            }
        }
        alike.sort_by(|a, b| b.likeness.whole.total_cmp(&a.likeness.whole));
        alike.truncate(MOST_ALIKE);
        Ok(Waiting {
            flags: desk.flags[at].clone(),
            photos: desk.photos.get(&report.id).copied().unwrap_or(0),
            quarantine_note,
            alike,
            forwards: desk.forwards.get(&report.id).cloned().unwrap_or_default(),
            report,
        })
    }
}

/// A report near an other one: its identity, the metres between them, and what
/// is compared of both but their words.
type Near = (Id, f64, Described, Described);

/// What waits, and what is known of each without reading further.
struct Desk {
    reports: Vec<Report>,
    flags: Vec<Vec<TextFlag>>,
    photos: HashMap<Id, u32>,
    forwards: HashMap<Id, Vec<Forward>>,
    near: Vec<Vec<Near>>,
}

impl Desk {
    fn is_in(&self, at: usize, part: QueuePart) -> bool {
        let report = &self.reports[at];
        let is_new = matches!(report.status, ReportStatus::Received | ReportStatus::Reopened);
        match part {
            QueuePart::All => true,
            QueuePart::New => is_new && report.quarantine.is_none(),
            QueuePart::Flagged => {
                is_new && (!self.flags[at].is_empty() || self.photos.contains_key(&report.id))
            }
            QueuePart::Quarantined => report.quarantine.is_some(),
            QueuePart::Alike => {
                let alike = |(_, _, mine, theirs): &Near| {
                    likeness(mine, theirs).is_some_and(|found| found.is_proposed())
                };
                is_new && (report.duplicate_of.is_some() || self.near[at].iter().any(alike))
            }
            QueuePart::Answered => self
                .forwards
                .get(&report.id)
                .is_some_and(|asked| asked.iter().any(|forward| forward.answer.is_some())),
        }
    }
}

/// The reports around `report` that are neither merged nor closed and came
/// before it or in the same hour: no finer time is kept.
fn near(ground: &Ground, snapshot: &Arc<Snapshot>, report: &Report) -> Vec<Near> {
    let Some(mine) = snapshot.event(report.id).and_then(|event| described(ground, &event)) else {
        return Vec::new();
    };
    let filter = Filter {
        kinds: vec![EventKind::Report],
        disc: Some(Disc { centre: mine.at, radius_m: NEAR_M }),
        without: Flags::MERGED.with(Flags::QUARANTINED),
        ..Filter::default()
    };
    let others = snapshot.select(&filter);
    let mut near: Vec<Near> = others
        .events()
        .filter(|event| {
            let before = event.received_hour <= report.received_hour;
            let closed = ["done", "not_done", "referred"].contains(&event.status);
            event.id != report.id && before && !closed
        })
        .filter_map(|event| {
            let theirs = described(ground, &event)?;
            let metres = (theirs.at.east - mine.at.east).hypot(theirs.at.north - mine.at.north);
            Some((event.id, metres, mine.clone(), theirs))
        })
        .collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    near.truncate(4 * MOST_ALIKE);
    near
}

fn described(ground: &Ground, event: &Event<'_>) -> Option<Described> {
    Some(Described {
        at: ground.geofence.projection().forward(event.position?),
        precision_m: event.precision_m,
        category: Category::parse(event.category)?,
        time: event.start.unwrap_or(event.received_hour),
        words: Vec::new(),
    })
}
