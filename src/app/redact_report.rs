//! Making parts of a report unreadable: who, when and why are kept for good,
//! what stood there until a decision of retention lets it go.

use super::{
    App, Error, Ground, Result, Staff, failure, moderate_report::event_key,
    submit_report::text_flags,
};
use crate::{
    media::{PhotoArea, blacken},
    store::{EventKey, MaskedContent, NewRedaction, Original},
};
use fyren_core::{
    domain::{MaskReason, Operation, Redaction, Seq, TextFlag, Violation},
    wording,
};
use std::ops::Range;

/// What staff want to be unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaskDraft {
    /// Spans of the text, in characters.
    Text(Vec<Range<usize>>),
    /// Areas of the photo at a position.
    Photo(u32, Vec<PhotoArea>),
}

/// What in a text may point out a person, in characters, with what it seems to be.
pub type Findings = Vec<(Range<usize>, TextFlag)>;

impl App {
    /// Makes a part of a report unreadable.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report, text
    /// or photo; [`Error::Invalid`] naming a broken rule; [`Error::Conflict`]
    /// `redaction_stale` where somebody changed it meanwhile.
    pub async fn redact_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: MaskDraft,
        reason: &str,
    ) -> Result<Seq> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let reason =
            MaskReason::parse(reason).ok_or_else(|| Violation::new("reason", "unknown_value"))?;
        let report = event_key(ground, id)?;
        let content = match draft {
            MaskDraft::Text(spans) => self.masked_text(&report, &spans).await?,
            MaskDraft::Photo(position, areas) => {
                self.masked_photo(&report, position, areas).await?
            }
        };
        let mut audit =
            self.audit(staff.name(), "redact_report", Some(ground.code()), Some(id.to_owned()));
        reason.code().clone_into(&mut audit.detail);
        let by = staff.name().to_owned();
        let new = NewRedaction { report, at_hour: self.this_hour(), by, reason, content };
        self.municipal.redact_report(new, audit).await.map_err(failure)
    }

    async fn masked_text(&self, key: &EventKey, spans: &[Range<usize>]) -> Result<MaskedContent> {
        let report = self.municipal.report(key).await.map_err(failure)?;
        let before = report.and_then(|report| report.text).ok_or(Error::NotFound)?;
        let after = wording::mask(&before, spans)?;
        let flags = text_flags(Some(&after));
        Ok(MaskedContent::Text { before, after, flags })
    }

    async fn masked_photo(
        &self,
        key: &EventKey,
        position: u32,
        areas: Vec<PhotoArea>,
    ) -> Result<MaskedContent> {
        let photo = self.municipal.photo(key, position).await.map_err(failure)?;
        let photo = photo.ok_or(Error::NotFound)?;
        let _turn = self.developing.acquire().await.map_err(|e| Error::Bug(e.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let after = blacken(&photo, &areas)?;
            Ok(MaskedContent::Photo { position, before: photo.jpeg, after })
        });
        let masked: std::result::Result<_, Violation> =
            done.await.map_err(|fault| Error::Bug(fault.to_string()))?;
        Ok(masked?)
    }

    /// Every masking of a report, oldest first, and what in its text may still
    /// point out a person.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report.
    pub async fn redactions(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<(Vec<Redaction>, Findings)> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let key = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let redactions = self.municipal.redactions(&key).await.map_err(failure)?;
        Ok((redactions, wording::personal_spans(report.text.as_deref().unwrap_or_default())))
    }

    /// What stood there before a masking. The read is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] where it is not kept (any more).
    pub async fn redacted_original(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        step: u32,
    ) -> Result<Original> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let key = event_key(ground, id)?;
        let found = self.municipal.redacted_original(&key, step).await.map_err(failure)?;
        let found = found.ok_or(Error::NotFound)?;
        let mut audit =
            self.audit(staff.name(), "read_original", Some(ground.code()), Some(id.to_owned()));
        audit.detail = step.to_string();
        self.municipal.append_audit(audit).await.map_err(failure)?;
        Ok(found)
    }
}
