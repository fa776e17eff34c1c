//! Logging a visit: one unit, one place, one span of time.

use super::{
    App, Error, Ground, Result, Staff,
    draft::{self, PlaceDraft},
    failure,
    submit_report::check_key,
};
use crate::{
    identity::{RequestKey, Source},
    store::{LoggedVisit, NewVisit},
};
use fyren_core::domain::{
    Context, Id, Mode, Operation, Purpose, Seen, Seq, Tactic, UnitKind, Violation, Visit, When,
};

/// A visit as it was sent.
#[derive(Debug, Clone)]
pub struct VisitDraft {
    /// Code of the unit.
    pub unit: String,
    /// Code of the unit's kind.
    pub unit_kind: String,
    /// Where.
    pub place: PlaceDraft,
    /// RFC 3339 or local.
    pub started_at: String,
    /// RFC 3339 or local.
    pub ended_at: String,
    /// Code of the mode.
    pub mode: String,
    /// Code of the purpose.
    pub purpose: String,
    /// Codes of tactics.
    pub tactics: Vec<String>,
    /// Code of what was seen.
    pub seen: Option<String>,
    /// The visit that this one corrects.
    pub corrects: Option<String>,
}

fn one<T>(field: &str, code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(code).ok_or_else(|| Violation::new(field, "unknown_value").into())
}

impl App {
    /// Stores a visit once, in the context of its unit, and gives its identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the unit is of a context that the role is
    /// not; [`Error::Invalid`] naming a broken rule; [`Error::Conflict`]
    /// `key-reused` or `visit_corrected`.
    pub async fn log_visit(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: VisitDraft,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let unit_kind = one("unitKind", &draft.unit_kind, UnitKind::parse)?;
        let context = unit_kind.context();
        let operation = match context {
            Context::Municipal => Operation::LogCivilVisit,
            Context::Police => Operation::LogPoliceVisit,
        };
        staff.must(ground.code(), operation)?;
        check_key(key)?;
        let visit = self.check_visit(ground, &draft, unit_kind)?;
        let id = visit.id;
        let when = When::Interval { from: visit.started_at, to: visit.ended_at };
        let request = RequestKey { municipality: ground.code(), key };
        let new = NewVisit {
            masks: ground.masks(&when),
            idempotency: self.idempotency("log_visit", request, body)?,
            visit,
        };
        match self.store(context).log_visit(new).await.map_err(failure)? {
            LoggedVisit::Created(_) => Ok(id),
            LoggedVisit::Replayed(earlier) => Ok(earlier),
            LoggedVisit::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    fn check_visit(
        &self,
        ground: &Ground,
        draft: &VisitDraft,
        unit_kind: UnitKind,
    ) -> Result<Visit> {
        let started_at = draft::instant(&draft.started_at, &ground.zone, "startedAt")?;
        let ended_at = draft::instant(&draft.ended_at, &ground.zone, "endedAt")?;
        Visit::check(&draft.unit, started_at, ended_at)?;
        if ended_at.as_second() > self.clock.now().as_second() + 3600 {
            return Err(Violation::new("endedAt", "in_future").into());
        }
        let located = ground.locate(&draft.place)?.located;
        let corrects = match draft.corrects.as_deref() {
            None => None,
            Some(id) => Some(one("corrects", id, Id::parse)?),
        };
        let seen = match draft.seen.as_deref() {
            None | Some("") => None,
            Some(code) => Some(one("seen", code, Seen::parse)?),
        };
        Ok(Visit {
            id: self.new_id(),
            seq: Seq(0),
            municipality: ground.code().clone(),
            unit: draft.unit.clone(),
            unit_kind,
            located,
            started_at,
            ended_at,
            mode: one("mode", &draft.mode, Mode::parse)?,
            purpose: one("purpose", &draft.purpose, Purpose::parse)?,
            tactics: draft::codes("tactics", &draft.tactics, Tactic::parse)?,
            seen,
            corrects,
            source_tag: self.secrets.source_tag(ground.code(), Source::Unit(&draft.unit)),
            synthetic: false,
        })
    }
}
