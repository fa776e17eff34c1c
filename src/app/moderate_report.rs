//! What staff do with one report: read it, move it on its way, answer, put it aside.

use super::{App, Error, Ground, Result, Staff, draft, failure};
use crate::store::{EventKey, StatusStep};
use fyren_core::domain::{
    Context, Id, Operation, QuarantineReason, Report, ReportStatus, Seq, StatusChange, Violation,
};

/// A step as staff send it.
#[derive(Debug, Clone, Default)]
pub struct StepDraft {
    /// Code of the status to reach.
    pub status: String,
    /// The answer as the resident reads it.
    pub answer: Option<String>,
}

impl App {
    /// One report with its text and way. The read is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that may not read reports;
    /// [`Error::NotFound`] without such a report.
    pub async fn read_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<(Report, Vec<StatusChange>)> {
        staff.must(ground.code(), Operation::ReadReport)?;
        let key = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let history = self.municipal.status_history(&key).await.map_err(failure)?;
        let entry =
            self.audit(staff.name(), "read_report", Some(ground.code()), Some(id.to_owned()));
        self.municipal.append_audit(entry).await.map_err(failure)?;
        Ok((report, history))
    }

    /// Moves a report on its way, with an answer if one is given. The honest
    /// ends "not done" and "referred" need an answer.
    ///
    /// # Errors
    /// [`Error::Conflict`] `report_status_transition` where the table does not
    /// allow the step; [`Error::Invalid`] naming a broken rule.
    pub async fn change_status(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        step: StepDraft,
    ) -> Result<Seq> {
        let role = staff.must(ground.code(), Operation::ModerateReport)?;
        let status = ReportStatus::parse(&step.status)
            .filter(|status| *status != ReportStatus::Merged)
            .ok_or_else(|| Violation::new("status", "unknown_value"))?;
        let answer = draft::text("answer", step.answer.as_deref())?;
        if answer.is_none() && matches!(status, ReportStatus::NotDone | ReportStatus::Referred) {
            return Err(Violation::new("answer", "required").into());
        }
        let organisation = match role.context() {
            Context::Municipal => "municipality",
            Context::Police => "police",
        };
        let change = StatusChange {
            status,
            at_hour: self.this_hour(),
            organisation: organisation.to_owned(),
            answer,
        };
        let step = StatusStep { report: event_key(ground, id)?, change };
        let audit = self.moderation(staff, ground, id, status.code());
        self.municipal.change_status(step, audit).await.map_err(failure)
    }

    /// Keeps a report out of rankings and releases, or lets it back in.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn quarantine_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        reason: Option<QuarantineReason>,
    ) -> Result<Seq> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let word = reason.map_or("quarantine lifted", QuarantineReason::code);
        let audit = self.moderation(staff, ground, id, word);
        let key = event_key(ground, id)?;
        self.municipal.quarantine_report(&key, reason, audit).await.map_err(failure)
    }

    fn moderation(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        detail: &str,
    ) -> crate::store::AuditEntry {
        let entry =
            self.audit(staff.name(), "moderate_report", Some(ground.code()), Some(id.to_owned()));
        crate::store::AuditEntry { detail: detail.to_owned(), ..entry }
    }
}

/// The key of an event that an address names.
pub(super) fn event_key(ground: &Ground, id: &str) -> Result<EventKey> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    Ok(EventKey { municipality: ground.code().clone(), id })
}
