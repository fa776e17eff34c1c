//! What the sender of a report says with the receipt: more, a photo, a verdict.

use super::{
    App, Error, ReceiptKey, ReceiptView, Result, draft, failure,
    submit_report::{check_key, text_flags},
};
use crate::{
    identity::RequestKey,
    store::{EventKey, NewMessage, Submitted},
};
use fyren_core::domain::{MessageKind, ReportStatus, StatusChange, Violation};

/// Photos that a report may have with those that are added later.
pub const PHOTOS_IN_ALL: u32 = 6;

/// A message of the sender as it was sent.
#[derive(Debug, Clone, Default)]
pub struct ReplyDraft {
    /// Code of a [`MessageKind`] of the resident.
    pub kind: String,
    /// Free text.
    pub text: Option<String>,
    /// Files of photos.
    pub photos: Vec<Vec<u8>>,
}

impl App {
    /// Stores what the holder of a receipt says, once, however often it is
    /// sent. "Not solved" opens the report again; "withdrawn" takes it back,
    /// and erases it where a decision lets go at once what was taken back.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong key; [`Error::Invalid`] naming a broken
    /// rule; [`Error::Conflict`] `report_status_transition` for a verdict on a
    /// report that is not closed, `report_withdrawn` on one that was taken
    /// back, `no_text_kept` for text or photos where none are kept,
    /// `too_many_photos`, `key-reused`.
    pub async fn reply_to_answer(
        &self,
        receipt: &ReceiptKey,
        reply: &ReplyDraft,
        (key, body): (&str, &[u8]),
    ) -> Result<()> {
        let ReceiptView { report, .. } = self.read_receipt(receipt).await?;
        check_key(key)?;
        let kind = MessageKind::parse(&reply.kind)
            .filter(|kind| !kind.is_from_staff())
            .ok_or_else(|| Violation::new("kind", "unknown_value"))?;
        let text = draft::text("text", reply.text.as_deref())?;
        let says_all = kind.is_verdict() || kind == MessageKind::Withdrawn;
        if text.is_none() && reply.photos.is_empty() && !says_all {
            return Err(Violation::new("text", "required").into());
        }
        if report.category.district_only() && (text.is_some() || !reply.photos.is_empty()) {
            return Err(Error::Conflict("no_text_kept"));
        }
        let request = RequestKey { municipality: &report.municipality, key };
        let idempotency = self.idempotency("reply_to_answer", request, body)?;
        let step = (kind == MessageKind::NotSolved).then(|| StatusChange {
            status: ReportStatus::Reopened,
            at_hour: self.this_hour(),
            organisation: String::new(),
            role: None,
            answer: None,
        });
        let message = NewMessage {
            report: EventKey { municipality: report.municipality.clone(), id: report.id },
            kind,
            role: None,
            text_flags: text_flags(text.as_deref()),
            text,
            photos: self.read_photos(report.category, &reply.photos).await?,
            at_hour: self.this_hour(),
            step,
            idempotency,
            most_photos: PHOTOS_IN_ALL,
            audit: None,
        };
        match self.municipal.add_message(message).await.map_err(failure)? {
            Submitted::Created(_) if kind == MessageKind::Withdrawn => {
                let ground = self.ground(report.municipality.as_str()).await?;
                self.let_go_withdrawn(&ground).await
            }
            Submitted::Created(_) | Submitted::Replayed => Ok(()),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }
}
