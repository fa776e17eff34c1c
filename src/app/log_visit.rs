//! Logging a visit: one unit, one place, one span of time.

use super::{
    App, Error, Ground, Result, Staff,
    draft::{self, PlaceDraft},
    failure,
    submit_report::check_key,
};
use crate::{
    identity::{RequestKey, Source},
    store::{EventKey, LoggedVisit, NewVisit},
};
use fyren_core::domain::{
    ContactBand, Context, Id, Mode, Operation, Purpose, Seen, Seq, Tactic, UnitKind, Violation,
    Visit, When,
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
    /// Code of the band of people talked with.
    pub contacts: Option<String>,
    /// The visit that this one corrects.
    pub corrects: Option<String>,
}

fn one<T>(field: &str, code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(code).ok_or_else(|| Violation::new(field, "unknown_value").into())
}

fn maybe<T>(
    field: &str,
    code: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    code.filter(|code| !code.is_empty()).map(|code| one(field, code, parse)).transpose()
}

/// The right to log visits that are kept in `context`.
pub(super) const fn logging(context: Context) -> Operation {
    match context {
        Context::Municipal => Operation::LogCivilVisit,
        Context::Police => Operation::LogPoliceVisit,
    }
}

/// The place of a visit: one position or one named place, so that nobody's way
/// is kept, not even as the middle of it.
fn one_position(place: &PlaceDraft) -> Result<&PlaceDraft> {
    let field = match place {
        PlaceDraft::Line(_) => "place.line",
        PlaceDraft::Polygon(_) => "place.polygon",
        PlaceDraft::Point { .. } | PlaceDraft::Locality(_) | PlaceDraft::District(_) => {
            return Ok(place);
        }
    };
    Err(Violation::new(field, "one_position").into())
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
        staff.must(ground.code(), logging(unit_kind.context()))?;
        check_key(key)?;
        let visit = self.check_visit(ground, &draft, unit_kind)?;
        self.keep_visit(ground, visit, ("log_visit", key, body)).await
    }

    /// Says that a visit never was, by a correction that does not count either;
    /// what was logged stays. Gives the identity of the correction.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a visit of a context that the role may
    /// log in; [`Error::Conflict`] `key-reused` or `visit_corrected`.
    pub async fn withdraw_visit(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let earlier = self.own_visit(staff, ground, id).await?;
        check_key(key)?;
        let gone =
            Visit { id: self.new_id(), corrects: Some(earlier.id), withdrawn: true, ..earlier };
        self.keep_visit(ground, gone, ("withdraw_visit", key, body)).await
    }

    /// A visit of a context in which `staff` may log.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where that is none; [`Error::NotFound`].
    async fn own_visit(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<Visit> {
        let may = |context: &&Context| staff.must(ground.code(), logging(**context)).is_ok();
        let contexts: Vec<Context> = Context::ALL.iter().filter(may).copied().collect();
        if contexts.is_empty() {
            staff.must(ground.code(), Operation::LogCivilVisit)?;
        }
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let key = EventKey { municipality: ground.code().clone(), id };
        for context in contexts {
            if let Some(visit) = self.store(context).visit(&key).await.map_err(failure)? {
                return Ok(visit);
            }
        }
        Err(Error::NotFound)
    }

    async fn keep_visit(
        &self,
        ground: &Ground,
        visit: Visit,
        request: (&str, &str, &[u8]),
    ) -> Result<Id> {
        let (id, context) = (visit.id, visit.unit_kind.context());
        let new = self.new_visit(ground, visit, request)?;
        match self.store(context).log_visit(new).await.map_err(failure)? {
            LoggedVisit::Created(_) => Ok(id),
            LoggedVisit::Replayed(earlier) => Ok(earlier),
            LoggedVisit::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// A visit as it goes to the store.
    pub(super) fn new_visit(
        &self,
        ground: &Ground,
        visit: Visit,
        (use_case, key, body): (&str, &str, &[u8]),
    ) -> Result<NewVisit> {
        let when = When::Interval { from: visit.started_at, to: visit.ended_at };
        let request = RequestKey { municipality: ground.code(), key };
        Ok(NewVisit {
            masks: ground.masks(&when),
            idempotency: self.idempotency(use_case, request, body)?,
            visit,
        })
    }

    pub(super) fn check_visit(
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
        let located = ground.locate(one_position(&draft.place)?)?.located;
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
            seen: maybe("seen", draft.seen.as_deref(), Seen::parse)?,
            contacts: maybe("contacts", draft.contacts.as_deref(), ContactBand::parse)?,
            corrects: maybe("corrects", draft.corrects.as_deref(), Id::parse)?,
            withdrawn: false,
            source_tag: self.secrets.source_tag(ground.code(), Source::Unit(&draft.unit)),
            synthetic: false,
        })
    }
}
