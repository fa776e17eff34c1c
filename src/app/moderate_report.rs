//! What staff do with one report: read it, move it on its way, answer, put it aside.

use super::{App, Error, Ground, Neighbour, Result, Staff, answer_report::sees, draft, failure};
use crate::store::{EventKey, PutAside, StatusStep};
use fyren_core::domain::{
    Category, Id, Message, Operation, QuarantineReason, Report, ReportStatus, Seq, StatusChange,
    TextFlag, Violation, organisation,
};

/// One report with everything that staff are told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportDetail {
    /// The report.
    pub report: Report,
    /// Its way, oldest step first; the arrival is not one.
    pub history: Vec<StatusChange>,
    /// What staff and its sender have written to each other.
    pub thread: Vec<Message>,
    /// What its text should be looked at for before anybody else reads it.
    pub flags: Vec<TextFlag>,
    /// How many photos it has.
    pub photos: u32,
    /// What was seen when the server put it aside by itself.
    pub quarantine_note: Option<String>,
    /// Reports that were merged into it.
    pub merged: Vec<Id>,
    /// Reports that repeat it.
    pub repeats: Vec<Id>,
    /// Reports near it.
    pub neighbours: Vec<Neighbour>,
}

/// A step as staff send it.
#[derive(Debug, Clone, Default)]
pub struct StepDraft {
    /// Code of the status to reach.
    pub status: String,
    /// The answer as the resident reads it.
    pub answer: Option<String>,
}

impl App {
    /// One report with its text, its way and what belongs to it. The read is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that may not read reports;
    /// [`Error::NotFound`] without such a report, or one of a category that
    /// only a coordinator reads.
    pub async fn read_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<ReportDetail> {
        staff.must(ground.code(), Operation::ReadReport)?;
        let key = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let sees = |category: Category| sees(staff, ground, category);
        if !sees(report.category) {
            return Err(Error::NotFound);
        }
        let quarantine_note = self.municipal.quarantine_note(&key).await.map_err(failure)?;
        let history = self.municipal.status_history(&key).await.map_err(failure)?;
        let thread = self.municipal.messages(&key).await.map_err(failure)?;
        let (merged, repeats) = self.municipal.linked_reports(&key).await.map_err(failure)?;
        let sees_code = |code: &str| Category::parse(code).is_some_and(sees);
        let neighbours = self.neighbours(ground, &report, sees_code).await?;
        let entry =
            self.audit(staff.name(), "read_report", Some(ground.code()), Some(id.to_owned()));
        self.municipal.append_audit(entry).await.map_err(failure)?;
        let photos = self.municipal.photos(&key).await.map_err(failure)?;
        let flags = report.text.as_deref().map(fyren_core::wording::flags).unwrap_or_default();
        Ok(ReportDetail {
            report,
            history,
            thread,
            flags,
            photos,
            quarantine_note,
            merged,
            repeats,
            neighbours,
        })
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
        if answer.is_none() && status.needs_reason() {
            return Err(Violation::new("answer", "required").into());
        }
        let change = StatusChange {
            status,
            at_hour: self.this_hour(),
            organisation: organisation(role).to_owned(),
            role: Some(role),
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
        let aside = reason.map(|reason| PutAside { reason, note: None });
        self.municipal.quarantine_report(&key, aside, audit).await.map_err(failure)
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
