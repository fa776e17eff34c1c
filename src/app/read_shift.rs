//! The page of a shift: what the unit has logged in the last hours, where
//! presence is due next and why, and how long each district has waited.

use super::layers::{LayerAnswer, LayerRequest, parse_query};
use super::log_visit::logging;
use super::{App, Error, Ground, Result, Staff, failure};
use crate::encode::{Feature, Shape, Value};
use crate::spatial::{Event, Filter};
use crate::store::EventKey;
use fyren_core::domain::{
    Category, Context, EventKind, Flags, Id, Layer, Measure, Position, PublicityClass,
    ReportStatus, Visit,
};
use geo::{Contains, InteriorPoint};
use geo_types::{MultiPolygon, Point};
use jiff::ToSpan;
use std::sync::Arc;

/// Days after which a district without a visit is overdue: one visit a week.
pub const GOAL_DAYS: i64 = 7;
/// How far back a unit reads what it has logged. No longer, so that no page
/// follows a unit from day to day.
const HOURS: i64 = 18;
/// Hot spots that are offered at most.
const SPOTS: usize = 5;

/// What the page of a shift shows.
#[derive(Debug, Clone, Default)]
pub struct Shift {
    /// What the unit has logged, the earliest first; what was corrected or
    /// withdrawn is left out.
    pub logged: Vec<Visit>,
    /// Where presence is due, the most pressing first.
    pub next: Vec<NextStop>,
}

/// Why a stop is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueBecause {
    /// The district has waited longer than [`GOAL_DAYS`].
    Overdue,
    /// A hot spot.
    HotSpot,
    /// The district waits, but not too long yet.
    Waiting,
}

impl DueBecause {
    /// The word of the interface.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::HotSpot => "hot_spot",
            Self::Waiting => "waiting",
        }
    }
}

/// A place where presence is due.
#[derive(Debug, Clone, PartialEq)]
pub struct NextStop {
    /// The key of the hot spot, or the code of the district.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its district.
    pub district: Option<String>,
    /// Where to go.
    pub at: Position,
    /// Why.
    pub because: DueBecause,
    /// Whole days since the last visit; `None` where none is known.
    pub days_since: Option<i64>,
    /// Reports there that have not come to an end; `None` for a role that does
    /// not see reports.
    pub open_reports: Option<usize>,
    /// Who owns what is being done there, else who answers for the place.
    pub owner: Option<String>,
    /// Rank among hot spots.
    pub rank: Option<i64>,
    /// Reports of the hot spot's period.
    pub count: Option<i64>,
    /// Sources of them.
    pub sources: Option<i64>,
}

impl App {
    /// The shift of `unit`: what it logged in the last 18 hours in the contexts
    /// that `staff` may log in, and where presence is due.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that logs no visits; `unit: code_form`.
    pub async fn read_shift(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        unit: Option<&str>,
    ) -> Result<Shift> {
        let contexts = Context::ALL.iter().copied();
        let own: Vec<Context> =
            contexts.filter(|c| staff.must(ground.code(), logging(*c)).is_ok()).collect();
        if own.is_empty() {
            staff.must(ground.code(), logging(Context::Municipal))?;
        }
        let mut logged = Vec::new();
        if let Some(unit) = unit {
            let now = self.clock.now();
            let since = now.checked_sub(HOURS.hours()).unwrap_or(now);
            for context in own {
                let visits = self.store(context).visits_of_unit(ground.code(), unit, since).await;
                logged.extend(standing(visits.map_err(failure)?));
            }
        }
        Ok(Shift { logged, next: self.next_stops(staff, ground).await? })
    }

    /// One visit in full, to whoever sees the visits of its context.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that sees no visits; [`Error::NotFound`].
    pub async fn read_visit(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<Visit> {
        staff.must_see(ground.code(), Layer::Visits)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let key = EventKey { municipality: ground.code().clone(), id };
        if let Some(visit) = self.municipal.visit(&key).await.map_err(failure)? {
            return Ok(visit);
        }
        if !staff.sees_police(ground.code(), Layer::Visits) {
            return Err(Error::NotFound);
        }
        self.police.visit(&key).await.map_err(failure)?.ok_or(Error::NotFound)
    }

    async fn next_stops(&self, staff: &Staff, ground: &Arc<Ground>) -> Result<Vec<NextStop>> {
        let around = Around {
            open: self.open_reports(staff, ground).await?,
            measures: self.municipal.measures(ground.code()).await.map_err(failure)?,
        };
        let mut stops = Vec::new();
        if let Some(spots) = self.layer_now(staff, ground, Layer::Hotspots).await? {
            self.note_read(staff, ground.code(), Layer::Hotspots).await?;
            let offered = spots.features().filter_map(|spot| around.spot(&spot));
            stops.extend(offered.filter(|stop| stop.days_since != Some(0)).take(SPOTS));
        }
        if let Some(cover) = self.layer_now(staff, ground, Layer::Coverage).await? {
            stops.extend(cover.features().filter_map(|one| around.district(ground, &one)));
        }
        for stop in &mut stops {
            if stop.owner.is_none() {
                stop.owner = Some(self.owner(ground, stop.at, None).await?.owner);
            }
        }
        stops.sort_by_key(urgency);
        Ok(stops)
    }

    /// A layer as it stands today; `None` for a role that does not see it.
    async fn layer_now(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        layer: Layer,
    ) -> Result<Option<LayerAnswer>> {
        let query = parse_query(layer, &[], &ground.zone).map_err(Error::BadParameter)?;
        let request = LayerRequest {
            ground: Arc::clone(ground),
            layer,
            roles: Some(staff.roles_in(ground.code()).to_vec()),
            query,
            today: self.today(&ground.zone),
        };
        match self.layers.prepare(request).await {
            Ok(prepared) => prepared.answer().await.map(Some),
            Err(Error::Forbidden) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Where reports are that have not come to an end.
    async fn open_reports(&self, staff: &Staff, ground: &Ground) -> Result<Option<Vec<Open>>> {
        if staff.must_see(ground.code(), Layer::Reports).is_err() {
            return Ok(None);
        }
        let hidden = Category::ALL.iter().filter(|c| c.publicity() == PublicityClass::Never);
        let filter = Filter {
            kinds: vec![EventKind::Report],
            hidden_reports: hidden.map(|category| category.code().to_owned()).collect(),
            without: Flags::QUARANTINED
                .with(Flags::MERGED)
                .with(Flags::DUPLICATE)
                .with(Flags::SAFE_PLACE),
            ..Filter::default()
        };
        let open = |report: Event<'_>| {
            let status = ReportStatus::parse(report.status)?;
            (!status.is_over())
                .then(|| Open { at: report.position, district: report.district.to_owned() })
        };
        self.gather(ground, Context::Municipal, &filter, open).await.map(Some)
    }
}

/// A report that has not come to an end.
struct Open {
    at: Option<Position>,
    district: String,
}

/// What is going on around the stops.
struct Around {
    open: Option<Vec<Open>>,
    measures: Vec<Measure>,
}

impl Around {
    /// A hot spot as a stop, unless it is vetoed.
    fn spot(&self, spot: &Feature<'_>) -> Option<NextStop> {
        if !matches!(field(spot, "veto"), Some(Value::Null)) {
            return None;
        }
        let Shape::MultiPolygon(shape) = &spot.shape else { return None };
        let inner = shape.interior_point()?;
        let inside = |at: Position| shape.contains(&Point::new(at.longitude, at.latitude));
        let owner = self.owner(|measure| measure.spot.is_some_and(inside));
        Some(NextStop {
            key: text(spot, "key")?,
            name: text(spot, "name")?,
            district: text(spot, "district"),
            at: Position { longitude: inner.x(), latitude: inner.y() },
            because: DueBecause::HotSpot,
            days_since: whole(spot, "daysSinceVisit"),
            open_reports: self.open_in(|report| report.at.is_some_and(inside)),
            owner,
            rank: whole(spot, "rank"),
            count: whole(spot, "count"),
            sources: whole(spot, "sources"),
        })
    }

    /// A district as a stop: its largest named place is where to go.
    fn district(&self, ground: &Ground, district: &Feature<'_>) -> Option<NextStop> {
        let key = text(district, "district")?;
        let days_since = whole(district, "daysSinceVisit");
        let overdue = days_since.is_none_or(|days| days > GOAL_DAYS);
        let owner = self.owner(|measure| {
            measure.spot.is_none() && measure.district.as_ref().is_some_and(|code| code.0 == key)
        });
        Some(NextStop {
            at: heart(ground, &key, district)?,
            name: text(district, "name")?,
            district: Some(key.clone()),
            because: if overdue { DueBecause::Overdue } else { DueBecause::Waiting },
            days_since,
            open_reports: self.open_in(|report| report.district == key),
            owner,
            rank: None,
            count: whole(district, "reports"),
            sources: None,
            key,
        })
    }

    fn open_in(&self, here: impl Fn(&Open) -> bool) -> Option<usize> {
        Some(self.open.as_ref()?.iter().filter(|report| here(report)).count())
    }

    fn owner(&self, here: impl Fn(&Measure) -> bool) -> Option<String> {
        let runs = self.measures.iter().filter(|measure| !measure.status.has_ended());
        runs.filter(|measure| here(measure)).map(|measure| measure.owner.clone()).next()
    }
}

/// The place of a district to go to: of its named places the largest, else its middle.
fn heart(ground: &Ground, code: &str, district: &Feature<'_>) -> Option<Position> {
    let places = ground.municipality.localities.iter();
    let here = places.filter(|place| place.district.as_ref().is_some_and(|d| d.0 == code));
    let largest = here.max_by_key(|place| place.weight).map(|place| place.position);
    largest.or_else(|| {
        let Shape::MultiPolygon(shape) = &district.shape else { return None };
        let shape: &MultiPolygon = shape;
        let inner = shape.interior_point()?;
        Some(Position { longitude: inner.x(), latitude: inner.y() })
    })
}

/// Overdue districts, the longest wait first; then hot spots by rank; then the others.
fn urgency(stop: &NextStop) -> (u8, i64) {
    let wait = stop.days_since.unwrap_or(i64::MAX);
    match stop.because {
        DueBecause::Overdue => (0, i64::MAX - wait),
        DueBecause::HotSpot => (1, stop.rank.unwrap_or(i64::MAX)),
        DueBecause::Waiting => (2, i64::MAX - wait),
    }
}

/// The visits that nothing has corrected, and that withdraw nothing.
fn standing(visits: Vec<Visit>) -> impl Iterator<Item = Visit> {
    let corrected: Vec<Id> = visits.iter().filter_map(|visit| visit.corrects).collect();
    visits.into_iter().filter(move |visit| !visit.withdrawn && !corrected.contains(&visit.id))
}

fn field<'f>(feature: &'f Feature<'_>, name: &str) -> Option<&'f Value<'f>> {
    feature.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
}

fn text(feature: &Feature<'_>, name: &str) -> Option<String> {
    match field(feature, name)? {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn whole(feature: &Feature<'_>, name: &str) -> Option<i64> {
    match field(feature, name)? {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(because: DueBecause, days_since: Option<i64>, rank: Option<i64>) -> NextStop {
        NextStop {
            key: format!("{because:?} {days_since:?} {rank:?}"),
            name: String::new(),
            district: None,
            at: Position { longitude: 11.2, latitude: 58.4 },
            because,
            days_since,
            open_reports: None,
            owner: None,
            rank,
            count: None,
            sources: None,
        }
    }

    #[test]
    fn the_district_that_has_waited_longest_comes_first_and_hot_spots_before_who_can_wait() {
        use DueBecause::{HotSpot, Overdue, Waiting};
        let mut stops = [
            stop(Waiting, Some(2), None),
            stop(HotSpot, Some(1), Some(2)),
            stop(Overdue, Some(12), None),
            stop(HotSpot, None, Some(1)),
            stop(Waiting, Some(6), None),
            stop(Overdue, Some(8), None),
            stop(Overdue, None, None),
        ];
        stops.sort_by_key(urgency);
        let found: Vec<_> = stops.iter().map(|s| (s.because, s.days_since, s.rank)).collect();
        assert_eq!(
            found,
            [
                (Overdue, None, None),
                (Overdue, Some(12), None),
                (Overdue, Some(8), None),
                (HotSpot, None, Some(1)),
                (HotSpot, Some(1), Some(2)),
                (Waiting, Some(6), None),
                (Waiting, Some(2), None),
            ]
        );
    }
}
