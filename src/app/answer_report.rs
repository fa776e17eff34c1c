//! What staff say to the sender of a report, and who of them waits.

use super::{
    App, Error, Ground, Result, Staff, draft, failure, moderate_report::event_key,
    submit_report::check_key,
};
use crate::{
    identity::RequestKey,
    store::{AuditEntry, EventKey, NewMessage, Submitted},
};
use fyren_core::domain::{
    Category, Flags, MessageKind, Operation, PublicityClass, Report, Role, Violation, Waiting,
    working_days,
};

/// Working days within which a sender is to have an answer.
pub const ANSWER_DAYS: u32 = 5;

/// A report whose sender waits, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waited {
    /// What is waited for.
    pub waiting: Waiting,
    /// Whole working days since.
    pub working_days: u32,
}

impl Waited {
    /// Whether it is longer than [`ANSWER_DAYS`].
    pub const fn is_overdue(&self) -> bool {
        self.working_days > ANSWER_DAYS
    }
}

impl App {
    /// Writes an answer or a question to the sender of a report, once,
    /// however often it is sent. Organisation and role are those of the grant.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report, or one
    /// of a category that only a coordinator reads; [`Error::Invalid`] for
    /// `kind` or `text`; [`Error::Conflict`] `key-reused`, or `no_text_kept`
    /// for a question about a report of which no text is kept.
    pub async fn answer_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        (kind, text): (&str, &str),
        (key, body): (&str, &[u8]),
    ) -> Result<()> {
        let role = staff.must(ground.code(), Operation::AnswerReport)?;
        check_key(key)?;
        let kind = MessageKind::parse(kind)
            .filter(|kind| kind.is_from_staff())
            .ok_or_else(|| Violation::new("kind", "unknown_value"))?;
        let text = draft::text("text", Some(text))?;
        let text = text.ok_or_else(|| Violation::new("text", "required"))?;
        let report = self.readable(staff, ground, id).await?;
        if kind == MessageKind::Question && report.category.district_only() {
            return Err(Error::Conflict("no_text_kept"));
        }
        let message = NewMessage {
            report: event_key(ground, id)?,
            kind,
            role: Some(role),
            text: Some(text),
            text_flags: Flags::default(),
            photos: Vec::new(),
            at_hour: self.this_hour(),
            step: None,
            idempotency: self.idempotency(
                "answer_report",
                RequestKey { municipality: ground.code(), key },
                body,
            )?,
            most_photos: 0,
            audit: Some(self.answer_audit(staff, ground, id, kind.code())),
        };
        match self.municipal.add_message(message).await.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(()),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Says that what the sender of a report wrote has been read.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn mark_thread_read(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::AnswerReport)?;
        self.readable(staff, ground, id).await?;
        let audit = self.answer_audit(staff, ground, id, "read");
        self.municipal.mark_read(&event_key(ground, id)?, audit).await.map_err(failure)?;
        Ok(())
    }

    /// The reports whose senders wait, whoever has waited longest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list_waiting(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Waited>> {
        staff.must(ground.code(), Operation::AnswerReport)?;
        let waiting = self.waiting(ground).await?;
        Ok(waiting.into_iter().filter(|w| sees(staff, ground, w.waiting.category)).collect())
    }

    /// [`App::list_waiting`] without regard to who asks.
    pub(super) async fn waiting(&self, ground: &Ground) -> Result<Vec<Waited>> {
        let today = self.today(&ground.zone);
        let waiting = self.municipal.waiting(ground.code()).await.map_err(failure)?;
        let waited = waiting.into_iter().map(|waiting| {
            let since = waiting.since.to_zoned(ground.zone.clone()).date();
            Waited { working_days: working_days(since, today), waiting }
        });
        Ok(waited.collect())
    }

    async fn readable(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<Report> {
        let key: EventKey = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?;
        report.filter(|report| sees(staff, ground, report.category)).ok_or(Error::NotFound)
    }

    fn answer_audit(&self, staff: &Staff, ground: &Ground, id: &str, detail: &str) -> AuditEntry {
        let subject = Some(id.to_owned());
        let entry = self.audit(staff.name(), "answer_report", Some(ground.code()), subject);
        AuditEntry { detail: detail.to_owned(), ..entry }
    }
}

/// Whether `staff` may read reports of `category` here.
pub(super) fn sees(staff: &Staff, ground: &Ground, category: Category) -> bool {
    category.publicity() != PublicityClass::Never
        || staff.roles_in(ground.code()).contains(&Role::Coordinator)
}
