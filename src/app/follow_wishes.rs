//! Wishes to start a watch: what became of each, told to the coordinator one by
//! one and live, in public by closed quarters only.

use super::{
    App, Ground, Result, Staff, draft, failure, guardians::day, guardians::one,
    moderate_report::event_key,
};
use crate::store::{AuditEntry, NewWishStep, StatusStep};
use fyren_core::domain::{
    Id, MunicipalityCode, Operation, Promise, ReleaseWindow, SourceTag, StatusChange, Violation,
    WatchArea, WatchWish, WishState, organisation,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::collections::{BTreeSet, HashMap};

/// The theme of promises that wishes count in.
const THEME: &str = "watch";

/// A step of a wish as the coordinator sends it.
#[derive(Debug, Clone, Default)]
pub struct WishDraft {
    /// Code of the state.
    pub state: String,
    /// Local day; today without.
    pub on: Option<String>,
    /// Why, as the sender reads it.
    pub reason: String,
    /// Identity of the watch area that was started.
    pub area: Option<String>,
}

/// Wishes of the days of a promise, live. Staff alone read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishCount {
    /// The promise; `None` for all wishes that are kept.
    pub promise: Option<Promise>,
    /// Distinct sources that wish.
    pub wishes: u32,
    /// Of these, how many were answered by now.
    pub answered: u32,
    /// Watch areas that began in these days.
    pub started: u32,
}

/// Wishes as the public may know them: the sum of closed quarters, each number
/// of a quarter in whole fives and only from k distinct sources on. What has
/// once been told of a quarter is the same in every later sum, so that no
/// difference speaks of fewer than k.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WishesTold {
    /// The quarters.
    pub window: ReleaseWindow,
    /// Distinct sources that wished, at least.
    pub wishes: Option<u32>,
    /// Distinct sources that were answered first in these quarters, at least.
    pub answered: Option<u32>,
    /// Watch areas that began in these days; public by nature.
    pub started: u32,
}

/// What counts of the wishes and watch areas of a municipality.
pub(super) struct Wished {
    wishes: Vec<WatchWish>,
    areas: Vec<WatchArea>,
    zone: TimeZone,
}

impl App {
    /// Every wish, the latest first, and how many there are: in all, and in
    /// the days of each promise on watches.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for who does not answer for reports.
    pub async fn watch_wishes(
        &self,
        staff: &Staff,
        ground: &Ground,
    ) -> Result<(Vec<WatchWish>, Vec<WishCount>)> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let promises = self.municipal.promises(ground.code()).await.map_err(failure)?;
        let known = self.wished(ground).await?;
        let today = self.today(&ground.zone);
        let own = promises.into_iter().filter(|promise| promise.theme == THEME);
        let mut own: Vec<Promise> = own.filter(|promise| promise.to >= today).collect();
        own.sort_by_key(|promise| (promise.to, promise.from));
        let counts = std::iter::once(None).chain(own.into_iter().map(Some));
        let counts = counts.map(|promise| known.count(promise, today)).collect();
        let mut wishes = known.wishes;
        wishes.retain(|wish| wish.merged_into.is_none());
        Ok((wishes, counts))
    }

    /// Adds a step to a wish and tells its sender: on the page of the receipt,
    /// and by a letter where one was asked for.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] where no report wishes so; [`super::Error::Conflict`]
    /// `wish_state` where it stands there already; [`super::Error::Invalid`] for
    /// `state`, `on`, `reason` or `area`, which names the watch area of a wish
    /// that was started and of no other.
    pub async fn add_wish_step(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: &WishDraft,
    ) -> Result<()> {
        let role = staff.must(ground.code(), Operation::ModerateReport)?;
        let report = event_key(ground, id)?;
        let state = one("state", &draft.state, WishState::parse)?;
        let status = state.report_status();
        let status = status.ok_or_else(|| Violation::new("state", "unknown_value"))?;
        let today = self.today(&ground.zone);
        let on = draft.on.as_deref().map(|text| day("on", text)).transpose()?.unwrap_or(today);
        if on > today {
            return Err(Violation::new("on", "in_future").into());
        }
        let reason = draft::text("reason", Some(&draft.reason))?;
        let reason = reason.ok_or_else(|| Violation::new("reason", "required"))?;
        let area = self.started_area(ground, state, draft.area.as_deref()).await?;
        let change = StatusChange {
            status,
            at_hour: self.this_hour(),
            organisation: organisation(role).to_owned(),
            role: Some(role),
            answer: Some(reason),
        };
        let step = NewWishStep { told: StatusStep { report, change }, state, on, area };
        let subject = Some(id.to_owned());
        let entry = self.audit(staff.name(), "add_wish_step", Some(ground.code()), subject);
        let audit = AuditEntry { detail: state.code().to_owned(), ..entry };
        self.municipal.add_wish_step(step, audit).await.map_err(failure)?;
        Ok(())
    }

    async fn started_area(
        &self,
        ground: &Ground,
        state: WishState,
        area: Option<&str>,
    ) -> Result<Option<Id>> {
        let unfit = |rule| Err(Violation::new("area", rule).into());
        match (state, area.filter(|area| !area.is_empty())) {
            (WishState::Started, None) => unfit("required"),
            (WishState::Started, Some(area)) => {
                let known = self.watch_areas(ground).await?;
                let found = known.into_iter().find(|known| known.id.to_string() == area);
                found.map_or_else(|| unfit("unknown_value"), |area| Ok(Some(area.id)))
            }
            (_, Some(_)) => unfit("not_allowed"),
            (_, None) => Ok(None),
        }
    }

    /// What promises count of wishes.
    pub(super) async fn wished(&self, ground: &Ground) -> Result<Wished> {
        let code: &MunicipalityCode = ground.code();
        Ok(Wished {
            wishes: self.municipal.watch_wishes(code).await.map_err(failure)?,
            areas: self.municipal.watch_areas(code).await.map_err(failure)?,
            zone: ground.zone.clone(),
        })
    }
}

impl Wished {
    fn day(&self, hour: Timestamp) -> Date {
        hour.to_zoned(self.zone.clone()).date()
    }

    /// Wishes that count: of what was put aside nothing is told.
    fn counted(&self) -> impl Iterator<Item = &WatchWish> {
        self.wishes.iter().filter(|wish| wish.counts())
    }

    /// When the sender of a wish was first answered, be it about the report
    /// that it was merged into.
    fn answered(&self) -> HashMap<SourceTag, Timestamp> {
        let by_id: HashMap<Id, &WatchWish> =
            self.wishes.iter().map(|wish| (wish.report, wish)).collect();
        let mut first: HashMap<SourceTag, Timestamp> = HashMap::new();
        for wish in self.counted() {
            let into = wish.merged_into.and_then(|id| by_id.get(&id)?.answered_hour);
            for hour in [wish.answered_hour, into].into_iter().flatten() {
                let known = first.entry(wish.source_tag).or_insert(hour);
                *known = hour.min(*known);
            }
        }
        first
    }

    fn wishing(&self, from: Date, to: Date) -> BTreeSet<SourceTag> {
        let then = |wish: &&WatchWish| (from..to).contains(&self.day(wish.received_hour));
        self.counted().filter(then).map(|wish| wish.source_tag).collect()
    }

    fn started(&self, from: Date, to: Date) -> u32 {
        let began = self.areas.iter().filter_map(|area| area.started_on);
        number(began.filter(|day| (from..to).contains(day)).count())
    }

    fn count(&self, promise: Option<Promise>, today: Date) -> WishCount {
        let (from, to) = match &promise {
            Some(promise) => (promise.from, promise.to),
            None => (Date::MIN, today),
        };
        let end = to.min(today).saturating_add(1.day());
        let sources = self.wishing(from, end);
        let answered = self.answered();
        let heard = sources.iter().filter(|source| answered.contains_key(source)).count();
        WishCount {
            wishes: number(sources.len()),
            answered: number(heard),
            started: self.started(from, end),
            promise,
        }
    }

    /// What may be told of the days of a promise on watches; `None` of another,
    /// and of one that is over and of which nothing may be told.
    pub(super) fn told(
        &self,
        promise: &Promise,
        (today, closed, k): (Date, Date, u32),
    ) -> Option<WishesTold> {
        if promise.theme != THEME {
            return None;
        }
        let quarters = quarters(promise, closed);
        let from = quarters.first().map_or(promise.from, |quarter| quarter.from);
        let to = quarters.last().map_or(from, |quarter| quarter.to);
        let answered: Vec<Date> =
            self.answered().into_values().map(|hour| self.day(hour)).collect();
        let wished = |quarter: &ReleaseWindow| self.wishing(quarter.from, quarter.to).len();
        let heard = |quarter: &ReleaseWindow| {
            answered.iter().filter(|day| (quarter.from..quarter.to).contains(day)).count()
        };
        let told = WishesTold {
            window: ReleaseWindow { from, to },
            wishes: sum(quarters.iter().map(wished), k),
            answered: sum(quarters.iter().map(heard), k),
            started: self.started(promise.from, promise.to.min(today).saturating_add(1.day())),
        };
        (promise.to >= today || told.wishes.is_some()).then_some(told)
    }
}

/// The whole quarters of a promise's days that had closed by `closed`.
fn quarters(promise: &Promise, closed: Date) -> Vec<ReleaseWindow> {
    let month = promise.from.first_of_month();
    let back = i64::from((month.month() - 1) % 3);
    let first = month.saturating_sub(back.months());
    let all = (0_i64..).map(|number| {
        let from = first.saturating_add((3 * number).months());
        ReleaseWindow { from, to: from.saturating_add(3.months()) }
    });
    let end = promise.to.saturating_add(1.day()).min(closed);
    let whole = all.take_while(|quarter| quarter.to <= end);
    whole.filter(|quarter| quarter.from >= promise.from).collect()
}

/// The sum of what may be told of each quarter: whole fives, from k on.
fn sum(quarters: impl Iterator<Item = usize>, k: u32) -> Option<u32> {
    let told: Vec<u32> =
        quarters.filter_map(|sources| super::read_loop::in_fives(sources, k)).collect();
    (!told.is_empty()).then(|| told.iter().sum())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::domain::{
        Detail, Flags, PromiseOwner, PromiseTarget, ReportStatus, TargetUnit,
    };
    use jiff::civil::date;

    fn promise(from: Date, to: Date) -> Promise {
        Promise {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            slug: "watch".into(),
            from,
            to,
            owner: PromiseOwner::Both,
            theme: THEME.into(),
            text: ("Möten".into(), "Meetings".into()),
            target: PromiseTarget::NoNumber,
            unit: TargetUnit::None,
            purposes: Vec::new(),
            evidence: Vec::new(),
            verdict: None,
            verdict_reason: None,
            source: "test".into(),
        }
    }

    fn hour(day: Date) -> Timestamp {
        day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
    }

    fn wish(number: u128, source: u64, on: Date, answered: Option<Date>) -> WatchWish {
        WatchWish {
            report: Id::from_bits(number),
            kinds: vec![Detail::BoatWatch],
            district: None,
            received_hour: hour(on),
            source_tag: SourceTag::from_bits(source << 1),
            flags: Flags::default(),
            status: ReportStatus::Received,
            merged_into: None,
            answered_hour: answered.map(hour),
            steps: Vec::new(),
        }
    }

    fn wished(wishes: Vec<WatchWish>) -> Wished {
        Wished { wishes, areas: Vec::new(), zone: TimeZone::UTC }
    }

    const TODAY: Date = date(2026, 11, 22);
    const CLOSED: Date = date(2026, 10, 1);

    fn told(wished: &Wished) -> WishesTold {
        let year = promise(date(2026, 1, 1), date(2026, 12, 31));
        wished.told(&year, (TODAY, CLOSED, 5)).unwrap()
    }

    #[test]
    fn the_public_is_told_of_whole_closed_quarters_of_the_promise_only() {
        let spans = |from, to| {
            let quarters = quarters(&promise(from, to), CLOSED);
            quarters.iter().map(|quarter| quarter.from.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            spans(date(2026, 1, 1), date(2026, 12, 31)),
            ["2026-01-01", "2026-04-01", "2026-07-01"]
        );
        assert_eq!(spans(date(2026, 2, 1), date(2026, 8, 31)), ["2026-04-01"]);
        assert!(spans(date(2026, 10, 1), date(2026, 12, 31)).is_empty());
    }

    #[test]
    fn a_quarter_below_k_sources_is_told_neither_alone_nor_in_a_sum() {
        let of = |number: u128, month: i8| {
            wish(number, u64::try_from(number).unwrap(), date(2026, month, 3), None)
        };
        let four: Vec<_> = (1..=4).map(|number| of(number, 2)).collect();
        assert_eq!(told(&wished(four.clone())).wishes, None);
        let mut more = four;
        more.extend((10..=16).map(|number| of(number, 5)));
        assert_eq!(told(&wished(more.clone())).wishes, Some(5), "seven, in whole fives");
        more.extend((20..=40).map(|number| of(number, 11)));
        assert_eq!(told(&wished(more)).wishes, Some(5), "a quarter that runs is not told");
    }

    #[test]
    fn one_source_that_wishes_often_is_one_and_what_was_put_aside_none() {
        let mut wishes: Vec<_> = (1..=9).map(|n| wish(n, 7, date(2026, 5, 3), None)).collect();
        assert_eq!(told(&wished(wishes.clone())).wishes, None);
        wishes.extend((20..=25).map(|n| WatchWish {
            flags: Flags::QUARANTINED,
            ..wish(n, u64::try_from(n).unwrap(), date(2026, 5, 3), None)
        }));
        assert_eq!(told(&wished(wishes.clone())).wishes, None);
        let live = wished(wishes).count(None, TODAY);
        assert_eq!((live.wishes, live.answered), (1, 0));
    }

    #[test]
    fn a_merged_wish_is_answered_with_the_one_it_was_merged_into() {
        let answered = Some(date(2026, 5, 9));
        let merged =
            WatchWish { merged_into: Some(Id::from_bits(1)), ..wish(2, 2, date(2026, 5, 3), None) };
        let live = wished(vec![wish(1, 1, date(2026, 5, 3), answered), merged]).count(None, TODAY);
        assert_eq!((live.wishes, live.answered), (2, 2));
    }

    #[test]
    fn a_promise_that_is_over_says_nothing_where_nothing_may_be_told() {
        let old = promise(date(2023, 1, 1), date(2024, 12, 31));
        assert_eq!(wished(Vec::new()).told(&old, (TODAY, CLOSED, 5)), None);
        let other = Promise { theme: "traffic".into(), ..promise(date(2026, 1, 1), TODAY) };
        assert_eq!(wished(Vec::new()).told(&other, (TODAY, CLOSED, 5)), None);
    }
}
