//! Calling for a control, and saying what became of it.

use super::super::{
    App, Error, Ground, Result, Staff, VisitDraft, digest, draft, draft::PlaceDraft, failure,
    submit_report::check_key,
};
use super::{Candidate, near};
use crate::identity::RequestKey;
use crate::store::{EventKey, NewControl, NewControlStep, NewVisit, Submitted};
use fyren_core::analysis::Call;
use fyren_core::domain::{
    Breach, Context, Control, ControlAct, ControlKind, ControlNumbers, ControlResult, ControlStep,
    DistrictCode, Id, NotDone, Operation, Position, UnitKind, Violation, Visit, WhyHere, WhyNow,
};
use jiff::SignedDuration;
use std::sync::Arc;

/// A control as staff send it: one that the picture calls for (`site`), or one
/// that is called for or was done at any other place.
#[derive(Debug, Clone, Default)]
pub struct ControlDraft {
    /// Code of what is controlled.
    pub kind: String,
    /// The key of a candidate.
    pub site: Option<String>,
    /// Another place.
    pub place: Option<PlaceDraft>,
    /// What that place is called; the nearest named place without.
    pub name: Option<String>,
    /// Local day for which it is called.
    pub due_on: Option<String>,
    /// Codes of why here; those of the candidate without.
    pub why_here: Vec<String>,
    /// Codes of why now; those of the candidate without.
    pub why_now: Vec<String>,
    /// What came of it, where it is done already.
    pub result: Option<ResultDraft>,
}

/// What came of a control, as staff send it.
#[derive(Debug, Clone, Default)]
pub struct ResultDraft {
    /// The visit that was logged for it; else the visit's own facts follow.
    pub visit: Option<String>,
    /// Code of the unit.
    pub unit: String,
    /// Code of its kind.
    pub unit_kind: String,
    /// Code of the mode.
    pub mode: String,
    /// RFC 3339 or local.
    pub started_at: String,
    /// How long.
    pub minutes: u32,
    /// Vehicles that were measured or passed.
    pub vehicles: u32,
    /// Drivers or vehicles that were checked.
    pub checked: u32,
    /// Breaches by code.
    pub breaches: Vec<(String, u32)>,
    /// km/h.
    pub v85_before: Option<f64>,
    /// km/h.
    pub v85_after: Option<f64>,
}

/// What became of a control, as staff send it.
#[derive(Debug, Clone)]
pub enum ControlStepDraft {
    /// Moved to a local day, with the code of the reason.
    Moved(String, String),
    /// Lapsed, with the code of the reason.
    Lapsed(String),
    /// Done.
    Done(ResultDraft),
}

/// Where a control is, and why.
struct Reasons {
    site: String,
    at: Position,
    district: Option<DistrictCode>,
    here: Vec<WhyHere>,
    now: Vec<WhyNow>,
    numbers: ControlNumbers,
}

fn one<T>(field: &str, code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(code).ok_or_else(|| Violation::new(field, "unknown_value").into())
}

impl App {
    /// Calls for a control, or notes one that was done, once, however often it
    /// is sent, and gives its identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule, among them
    /// `site: unknown_value` for no candidate, `already_listed`, `resting`, and
    /// `measurement_required` for a second control at a site of complaints where
    /// no speed was measured; [`Error::Conflict`] `key-reused`.
    pub async fn create_control(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        draft: &ControlDraft,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let by = staff.must(ground.code(), Operation::LogControl)?;
        check_key(key)?;
        let kind = one("kind", &draft.kind, ControlKind::parse)?;
        let request = RequestKey { municipality: ground.code(), key };
        let id = self.control_id(request)?;
        let known = self.police.controls(ground.code()).await.map_err(failure)?;
        // What is repeated has been listed by the first: the store answers it.
        let repeated = known.iter().find(|control| control.id == id);
        let why = match repeated {
            Some(control) => Reasons::of(control),
            None => self.reasons(staff, ground, draft).await?,
        };
        let (act, visit) = match &draft.result {
            None => (ControlAct::Called(self.due_day(ground, draft.due_on.as_deref())?), None),
            Some(result) => self.outcome(ground, (kind, why.at, id), result).await?,
        };
        let Reasons { site, at, district, here, now, numbers } = why;
        let steps = vec![ControlStep { at: self.clock.now(), by, act }];
        let municipality = ground.code().clone();
        let control = Control {
            id,
            municipality,
            kind,
            site,
            at,
            district,
            why_here: here,
            why_now: now,
            numbers,
            steps,
        };
        control.check()?;
        let idempotency = self.idempotency("create_control", request, body)?;
        let audit =
            self.audit(staff.name(), "create_control", Some(ground.code()), Some(id.to_string()));
        let new = NewControl { control, visit, idempotency };
        match self.police.create_control(new, audit).await.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Says that a control was moved, lapsed or was done.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] naming a
    /// broken rule; [`Error::Conflict`] `control_ended`.
    pub async fn add_control_step(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        id: &str,
        draft: &ControlStepDraft,
    ) -> Result<()> {
        let by = staff.must(ground.code(), Operation::LogControl)?;
        let known = self.police.controls(ground.code()).await.map_err(failure)?;
        let control = known.into_iter().find(|control| control.id.to_string() == id);
        let control = control.ok_or(Error::NotFound)?;
        let (act, visit) = match draft {
            ControlStepDraft::Moved(day, reason) => {
                let reason = one("reason", reason, NotDone::parse)?;
                (ControlAct::Moved(self.due_day(ground, Some(day))?, reason), None)
            }
            ControlStepDraft::Lapsed(reason) => {
                (ControlAct::Lapsed(one("reason", reason, NotDone::parse)?), None)
            }
            ControlStepDraft::Done(result) => {
                let of = (control.kind, control.at, control.id);
                self.outcome(ground, of, result).await?
            }
        };
        let mut audit =
            self.audit(staff.name(), "add_control_step", Some(ground.code()), Some(id.to_owned()));
        act_code(&act).clone_into(&mut audit.detail);
        let step = ControlStep { at: self.clock.now(), by, act };
        let municipality = ground.code().clone();
        let new = NewControlStep { municipality, control: control.id, step, visit };
        self.police.add_control_step(new, audit).await.map_err(failure)?;
        Ok(())
    }

    /// The identity that a repeated request finds again.
    fn control_id(&self, request: RequestKey<'_>) -> Result<Id> {
        let named = digest(&self.secrets.request_hash("control_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        Ok(Id::from_bits(u128::from_be_bytes(bits)))
    }

    /// A day from today on, within a year.
    fn due_day(&self, ground: &Ground, text: Option<&str>) -> Result<jiff::civil::Date> {
        let text = text.ok_or_else(|| Violation::new("dueOn", "required"))?;
        let day: jiff::civil::Date =
            text.parse().map_err(|_unreadable| Violation::new("dueOn", "date_form"))?;
        let ahead = (day - self.today(&ground.zone)).get_days();
        if (0..=366).contains(&ahead) {
            Ok(day)
        } else {
            Err(Violation::new("dueOn", "out_of_range").into())
        }
    }

    async fn reasons(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        draft: &ControlDraft,
    ) -> Result<Reasons> {
        let here = draft::codes("whyHere", &draft.why_here, WhyHere::parse)?;
        let now = draft::codes("whyNow", &draft.why_now, WhyNow::parse)?;
        let (candidates, _) = self.control_candidates(staff, ground).await?;
        match (&draft.site, &draft.place) {
            (Some(key), None) => {
                let found = candidates.into_iter().find(|candidate| candidate.key == *key);
                let found = found.ok_or_else(|| Violation::new("site", "unknown_value"))?;
                called(found, here, now)
            }
            (None, Some(place)) => {
                let fenced = ground.locate(place)?.located;
                let (at, there) =
                    fenced.anchor.ok_or_else(|| Violation::new("place", "one_place"))?;
                let projection = ground.geofence.projection();
                let site = candidates.into_iter().find(|c| near(projection.forward(c.at), there));
                let facts = site.map(|site| site.facts).unwrap_or_default();
                let measured = facts.numbers.over_kmh.is_some()
                    || draft.result.as_ref().is_some_and(|result| result.v85_before.is_some());
                if facts.unmeasured_before && !measured {
                    return Err(Violation::new("place", "measurement_required").into());
                }
                let named = || ground.nearest_locality(at).map(|place| place.name.clone());
                let name = draft.name.clone().filter(|name| !name.trim().is_empty());
                Ok(Reasons {
                    site: name.or_else(named).unwrap_or_default(),
                    at,
                    district: fenced.district,
                    here,
                    now,
                    numbers: facts.numbers,
                })
            }
            _ => Err(Violation::new("place", "one_place").into()),
        }
    }

    /// The visit of a control for which none was logged.
    fn visit_of(
        &self,
        ground: &Ground,
        (kind, at): (ControlKind, Position),
        result: &ResultDraft,
    ) -> Result<Visit> {
        let unit_kind = UnitKind::parse(&result.unit_kind)
            .filter(|kind| kind.context() == Context::Police)
            .ok_or_else(|| Violation::new("result.unitKind", "unknown_value"))?;
        let from = draft::instant(&result.started_at, &ground.zone, "result.startedAt")?;
        let minutes = SignedDuration::from_mins(i64::from(result.minutes));
        let to = from
            .checked_add(minutes)
            .map_err(|_far| Violation::new("result.minutes", "out_of_range"))?;
        let place = PlaceDraft::Point {
            longitude: at.longitude,
            latitude: at.latitude,
            precision_m: Some(50.0),
        };
        let draft = VisitDraft {
            unit: result.unit.clone(),
            unit_kind: result.unit_kind.clone(),
            place,
            started_at: from.to_string(),
            ended_at: to.to_string(),
            mode: result.mode.clone(),
            purpose: kind.purpose().code().to_owned(),
            tactics: Vec::new(),
            seen: None,
            contacts: None,
            corrects: None,
        };
        self.check_visit(ground, &draft, unit_kind).map_err(|error| match error {
            Error::Invalid(broken) => Error::Invalid(
                broken.into_iter().map(|violation| violation.within("result")).collect(),
            ),
            other => other,
        })
    }

    /// What came of a control, and the visit that it is where none was logged.
    async fn outcome(
        &self,
        ground: &Ground,
        (kind, at, id): (ControlKind, Position, Id),
        draft: &ResultDraft,
    ) -> Result<(ControlAct, Option<NewVisit>)> {
        let breaches = draft.breaches.iter().filter(|(_, number)| *number > 0);
        let breaches: Vec<(Breach, u32)> = breaches
            .map(|(code, number)| Ok((one("result.breaches", code, Breach::parse)?, *number)))
            .collect::<Result<_>>()?;
        let (visit, new) = if let Some(known) = &draft.visit {
            let key = Id::parse(known).ok_or(Error::NotFound)?;
            let key = EventKey { municipality: ground.code().clone(), id: key };
            let visit = self.store(Context::Police).visit(&key).await.map_err(failure)?;
            let visit = visit.filter(|visit| visit.purpose == kind.purpose());
            (visit.ok_or_else(|| Violation::new("result.visit", "unknown_value"))?, None)
        } else {
            let visit = self.visit_of(ground, (kind, at), draft)?;
            let key = format!("control-{id}");
            let new = self.new_visit(ground, visit.clone(), ("control", &key, key.as_bytes()))?;
            (visit, Some(new))
        };
        let result = ControlResult {
            visit: visit.id,
            on: visit.started_at.to_zoned(ground.zone.clone()).date(),
            minutes: visit.minutes(),
            vehicles: draft.vehicles,
            checked: draft.checked,
            breaches,
            v85_before: draft.v85_before,
            v85_after: draft.v85_after,
        };
        result.check()?;
        Ok((ControlAct::Done(result), new))
    }
}

/// A candidate as a control, where the rules call for one.
fn called(found: Candidate, here: Vec<WhyHere>, now: Vec<WhyNow>) -> Result<Reasons> {
    let rule = match &found.call {
        Call::Called(..) => None,
        Call::MeasureFirst(_) => Some("measurement_required"),
        Call::Resting(_) => Some("resting"),
        Call::Listed(_) => Some("already_listed"),
        Call::Nothing => Some("unknown_value"),
    };
    if let Some(rule) = rule {
        return Err(Violation::new("site", rule).into());
    }
    let Call::Called(by_rule, when) = found.call else {
        return Err(Error::Bug("a candidate without a call".into()));
    };
    Ok(Reasons {
        site: found.name,
        at: found.at,
        district: found.district.map(DistrictCode),
        here: if here.is_empty() { by_rule } else { here },
        now: if now.is_empty() { when } else { now },
        numbers: found.facts.numbers,
    })
}

impl Reasons {
    fn of(control: &Control) -> Self {
        Self {
            site: control.site.clone(),
            at: control.at,
            district: control.district.clone(),
            here: control.why_here.clone(),
            now: control.why_now.clone(),
            numbers: control.numbers,
        }
    }
}

/// The word for a step.
const fn act_code(act: &ControlAct) -> &'static str {
    match act {
        ControlAct::Called(_) => "called",
        ControlAct::Moved(..) => "moved",
        ControlAct::Lapsed(_) => "lapsed",
        ControlAct::Done(_) => "done",
    }
}
