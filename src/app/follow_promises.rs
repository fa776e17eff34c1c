//! What became of each promise: what was done is counted, what changed stands
//! beside it, and where nothing can be said that is said.

use super::controls::{ControlSum, sum_of};
use super::{App, Ground, Result, WishesTold, failure};
use crate::spatial::{Event, Filter};
use fyren_core::{
    analysis::{Interval, ratio_of_bands},
    domain::{
        Band, CalendarStatus, ChangeWord, Context, EventKind, Figure, FigureKind, Flags,
        PresenceSource, Promise, PromiseTarget, Purpose, Release, ReleaseDistrict, ReleaseGroup,
        ReleaseKind, TargetUnit, Verdict, VerdictReason,
    },
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;

/// One promise and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PromiseFollowUp {
    /// The promise.
    pub promise: Promise,
    /// What was done.
    pub output: Output,
    /// Of a promise of traffic controls, what the picture called for by now and
    /// what became of it; `None` where it has called for nothing.
    pub called: Option<ControlSum>,
    /// Of a promise on watches, what the public may know of wishes to start one.
    pub wishes: Option<WishesTold>,
    /// Single figures that belong to its theme, the latest of each kind.
    pub figures: Vec<Figure>,
    /// What changed, over the same period.
    pub outcome: Change,
    /// How it ended or stands: the common judgement where there is one, else
    /// what the count alone allows to say.
    pub verdict: Verdict,
    /// Why.
    pub reason: VerdictReason,
}

/// What was done towards a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// In the unit of the promise; `None` where nothing is counted or no day
    /// of the period is covered by a log of visits.
    pub counted: Option<u32>,
    /// Days of the period so far.
    pub days: u32,
    /// Days of these that the logs cover, from the first visit of any unit on.
    pub covered_days: u32,
    /// What the target asks for by now, in proportion to the days.
    pub expected_by_now: Option<u32>,
    /// Whether the period still runs.
    pub running: bool,
    /// How much of the count rests on presence that is told by the week and on
    /// no log, and who tells most of it.
    pub told: Option<(u32, PresenceSource)>,
}

/// What changed between two equally long times, from published numbers only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Ratio of reporting sources, after to before, that holds whatever counts
    /// the bands stand for; `None` where nothing comparable is published.
    pub ratio: Option<Interval>,
    /// What that says.
    pub says: ChangeWord,
}

/// A visit as promises count it.
struct Counted {
    day: Date,
    purpose: Purpose,
    district: String,
    told: Option<PresenceSource>,
}

impl App {
    /// Every promise with what was done and what changed, the latest period
    /// first. Public by nature: counts of visits are never finer than the
    /// whole municipality.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn follow_promises(&self, ground: &Ground) -> Result<Vec<PromiseFollowUp>> {
        let promises = self.municipal.promises(ground.code()).await.map_err(failure)?;
        let releases = self.municipal.releases(ground.code()).await.map_err(failure)?;
        let visits = self.counted_visits(ground).await?;
        let held = self.held(ground, &visits).await?;
        let figures = self.municipal.figures(ground.code()).await.map_err(failure)?;
        let controls = self.police.controls(ground.code()).await.map_err(failure)?;
        let asked = self.wished(ground).await?;
        let today = self.today(&ground.zone);
        let known = (today, self.shown_quarters(ground).to, ground.municipality.policy.k);
        let follow = |promise: Promise| {
            let output = output(&promise, (&visits, &held), today);
            let until = (promise.from, promise.to.min(today));
            let called = sum_of(&controls, until, |purpose| promise.purposes.contains(&purpose));
            let called = Some(called).filter(|called| called.called > 0);
            let (verdict, reason) = judge(&promise, &output, called.as_ref());
            let outcome = change_of_months(&releases, promise.from, promise.to);
            let figures = latest(&figures, &promise);
            let wishes = asked.told(&promise, known);
            PromiseFollowUp { promise, output, called, wishes, figures, outcome, verdict, reason }
        };
        Ok(promises.into_iter().map(follow).collect())
    }

    /// What the calendar says was held, as promises count it; not what a visit
    /// of the same purpose, day and district says already.
    async fn held(&self, ground: &Ground, visits: &[Counted]) -> Result<Vec<Counted>> {
        let entries = self.municipal.calendar(ground.code()).await.map_err(failure)?;
        let held = entries.into_iter().filter(|entry| entry.status == CalendarStatus::Held);
        let counted = held.map(|entry| Counted {
            day: entry.starts_at.to_zoned(ground.zone.clone()).date(),
            purpose: entry.kind.purpose(),
            district: entry.district.map(|code| code.0).unwrap_or_default(),
            told: None,
        });
        let logged = |held: &Counted| {
            visits.iter().any(|visit| {
                let there = held.district.is_empty() || visit.district == held.district;
                visit.day == held.day && visit.purpose == held.purpose && there
            })
        };
        Ok(counted.filter(|held| !logged(held)).collect())
    }

    async fn counted_visits(&self, ground: &Ground) -> Result<Vec<Counted>> {
        let stands = Filter {
            kinds: vec![EventKind::Visit],
            without: Flags::CORRECTED,
            ..Filter::default()
        };
        let mut visits = Vec::new();
        for context in Context::ALL {
            let read = |event: Event<'_>| {
                Some(Counted {
                    day: event.start?.to_zoned(ground.zone.clone()).date(),
                    purpose: Purpose::parse(event.category)?,
                    district: event.district.to_owned(),
                    told: None,
                })
            };
            visits.extend(self.gather(ground, *context, &stands, read).await?);
        }
        for week in self.believed_weeks(ground).await? {
            // What a sum by the week says is presence and nothing more.
            visits.extend((0..week.visits).map(|_| Counted {
                day: week.week,
                purpose: Purpose::Presence,
                district: week.district.0.clone(),
                told: Some(week.source),
            }));
        }
        Ok(visits)
    }
}

/// The latest figure of each kind that belongs to a promise on narcotics and
/// does not lie after it.
fn latest(figures: &[Figure], promise: &Promise) -> Vec<Figure> {
    if promise.theme != "narcotics" {
        return Vec::new();
    }
    let of = |kind: &FigureKind| {
        let own = figures.iter().filter(|figure| figure.kind == *kind && figure.from <= promise.to);
        own.max_by_key(|figure| figure.from).cloned()
    };
    [FigureKind::DrugHabits, FigureKind::FirstSupportDays].iter().filter_map(of).collect()
}

fn output(promise: &Promise, (visits, held): (&[Counted], &[Counted]), today: Date) -> Output {
    let last = promise.to.min(today);
    let span = |from: Date, to: Date| u32::try_from((to - from).get_days() + 1).unwrap_or(0);
    let (whole, days) = (span(promise.from, promise.to), span(promise.from, last));
    let first = visits.iter().map(|visit| visit.day).min();
    let covered_days = first.map_or(0, |first| span(first.max(promise.from), last));
    let counts = |visit: &&Counted| {
        promise.purposes.contains(&visit.purpose)
            && (promise.from..=promise.to).contains(&visit.day)
    };
    let done = || visits.iter().chain(held).filter(counts);
    let counted = count(promise.unit, done());
    let logged = count(promise.unit, done().filter(|visit| visit.told.is_none()));
    let by = |source: &&PresenceSource| done().filter(|v| v.told == Some(**source)).count();
    let teller = PresenceSource::ALL.iter().max_by_key(by);
    let told = counted.zip(logged).map(|(all, logged)| all.saturating_sub(logged));
    let told = told.filter(|told| *told > 0).zip(teller.copied());
    let expected_by_now = match promise.target {
        PromiseTarget::AtLeast(target) => {
            let share = u64::from(target) * u64::from(days) / u64::from(whole.max(1));
            u32::try_from(share).ok()
        }
        PromiseTarget::NeedBased | PromiseTarget::NoNumber => None,
    };
    Output {
        counted: counted.filter(|counted| covered_days > 0 || *counted > 0),
        days,
        covered_days,
        expected_by_now,
        running: today <= promise.to,
        told,
    }
}

fn count<'a>(unit: TargetUnit, visits: impl Iterator<Item = &'a Counted>) -> Option<u32> {
    let number = match unit {
        TargetUnit::None => return None,
        TargetUnit::Visits => visits.count(),
        TargetUnit::WeeksWithVisit => {
            let week = |visit: &Counted| {
                let week = visit.day.iso_week_date();
                (week.year(), week.week(), visit.district.clone())
            };
            visits.map(week).collect::<BTreeSet<_>>().len()
        }
        TargetUnit::DistrictsVisited => {
            let known = visits.filter(|visit| !visit.district.is_empty());
            known.map(|visit| visit.district.as_str()).collect::<BTreeSet<_>>().len()
        }
    };
    u32::try_from(number).ok()
}

/// What may be said: a common judgement stands; a number is compared with the
/// count, and a miss is only called one where the whole period was logged.
fn judge(
    promise: &Promise,
    output: &Output,
    called: Option<&ControlSum>,
) -> (Verdict, VerdictReason) {
    use VerdictReason as R;
    if let Some(verdict) = promise.verdict {
        return (verdict, R::Judged);
    }
    let target = match promise.target {
        _ if promise.unit == TargetUnit::None => return (Verdict::CannotSay, R::NotCounted),
        PromiseTarget::AtLeast(target) => target,
        PromiseTarget::NeedBased => match called {
            Some(called) => return as_called(called, output.running),
            None => return (Verdict::CannotSay, R::NeedBased),
        },
        PromiseTarget::NoNumber => return (Verdict::CannotSay, R::NoNumber),
    };
    match output.counted {
        Some(counted) if counted >= target => (Verdict::Kept, R::Reached),
        None => (Verdict::CannotSay, R::NoLog),
        Some(_) if output.covered_days < output.days => (Verdict::CannotSay, R::NoLog),
        Some(counted) if output.running => {
            let behind = output.expected_by_now.is_some_and(|expected| counted < expected);
            (Verdict::CannotSay, if behind { R::Behind } else { R::OnCourse })
        }
        Some(0) => (Verdict::NotKept, R::Missed),
        Some(_) => (Verdict::Partly, R::Missed),
    }
}

/// As many as the picture calls for: compared with what it did call for.
const fn as_called(called: &ControlSum, running: bool) -> (Verdict, VerdictReason) {
    use VerdictReason as R;
    match (called.done >= called.called, running) {
        (true, true) => (Verdict::CannotSay, R::OnCourse),
        (false, true) => (Verdict::CannotSay, R::Behind),
        (true, false) => (Verdict::Kept, R::Reached),
        (false, false) if called.done == 0 => (Verdict::NotKept, R::Missed),
        (false, false) => (Verdict::Partly, R::Missed),
    }
}

/// The change from the months of a period a year earlier to its own, from
/// published totals of whole months that exist on both sides.
fn change_of_months(releases: &[Release], from: Date, to: Date) -> Change {
    let months = releases.iter().filter(|release| release.kind == ReleaseKind::MonthTotal);
    let band = |release: &Release| {
        let whole =
            |row: &&ReleaseDistrict| row.district.is_none() && row.group == ReleaseGroup::Reports;
        release.districts.iter().find(whole)?.band
    };
    let pairs = months.clone().filter(|m| from <= m.window.from && m.window.from <= to);
    let pairs = pairs.filter_map(|after| {
        let year_before = after.window.from.saturating_sub(1.year());
        let before = months.clone().find(|month| month.window.from == year_before)?;
        Some((band(after)?, band(before)?))
    });
    let (after, before): (Vec<Band>, Vec<Band>) = pairs.unzip();
    Change::of(&after, &before)
}

impl Change {
    /// What two sets of published bands over equally long times allow to say.
    pub(super) fn of(after: &[Band], before: &[Band]) -> Self {
        let ratio = ratio_of_bands(after, before);
        let says = match ratio {
            None => ChangeWord::TooFew,
            Some(ratio) if ratio.low > 1.0 => ChangeWord::More,
            Some(ratio) if ratio.high < 1.0 => ChangeWord::Fewer,
            Some(_) => ChangeWord::Unclear,
        };
        Self { ratio, says }
    }
}
