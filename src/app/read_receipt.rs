//! What a resident sees with a receipt: status, answers, the way so far.

use super::{App, Error, Result, digest, failure};
use crate::{
    identity::{ReceiptCode, ShortCode},
    store::EventKey,
};
use fyren_core::domain::{Message, Report, ReportStatus, StatusChange};

/// What opens the private page.
#[derive(Debug)]
pub enum ReceiptKey {
    /// The receipt.
    Code(ReceiptCode),
    /// The four words.
    Words(ShortCode),
}

impl ReceiptKey {
    /// Reads a receipt or four words as somebody typed them.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        ReceiptCode::parse(text).map(Self::Code).or_else(|| ShortCode::parse(text).map(Self::Words))
    }
}

/// The report behind a receipt and the way that it has gone.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    /// The report.
    pub report: Report,
    /// Its steps, oldest first; the arrival is not one.
    pub history: Vec<StatusChange>,
    /// What its sender and staff have written to each other, oldest first.
    pub thread: Vec<Message>,
    /// The report that it was merged into: where that one stands, and its steps.
    pub merged_into: Option<(ReportStatus, Vec<StatusChange>)>,
    /// Photos that it has.
    pub photos: u32,
}

impl ReceiptView {
    /// Whether its sender may judge what was done.
    pub const fn may_judge(&self) -> bool {
        self.report.status.is_end()
    }

    /// Whether what its sender writes is kept.
    pub const fn keeps_text(&self) -> bool {
        !self.report.category.district_only()
    }
}

impl App {
    /// The report that `key` opens.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong key, an erased report and an expired
    /// short code alike.
    pub async fn read_receipt(&self, key: &ReceiptKey) -> Result<ReceiptView> {
        let report = match key {
            ReceiptKey::Code(code) => {
                self.municipal.report_by_receipt(&digest(&code.stored_hash())?).await
            }
            ReceiptKey::Words(words) => {
                let hash = digest(&self.secrets.stored_hash(words))?;
                self.municipal.report_by_short_code(&hash, self.clock.now()).await
            }
        };
        let report = report.map_err(failure)?.ok_or(Error::NotFound)?;
        let key = EventKey { municipality: report.municipality.clone(), id: report.id };
        let history = self.municipal.status_history(&key).await.map_err(failure)?;
        let thread = self.municipal.messages(&key).await.map_err(failure)?;
        let photos = self.municipal.photos(&key).await.map_err(failure)?;
        let merged_into = match report.merged_into {
            Some(id) => self.whole(&EventKey { id, ..key }).await?,
            None => None,
        };
        Ok(ReceiptView { report, history, thread, merged_into, photos })
    }

    /// Where the report stands that an other one was merged into in the end, and
    /// the steps on the way there.
    async fn whole(&self, key: &EventKey) -> Result<Option<(ReportStatus, Vec<StatusChange>)>> {
        let (mut key, mut steps) = (key.clone(), Vec::new());
        loop {
            let Some(whole) = self.municipal.report(&key).await.map_err(failure)? else {
                return Ok(None);
            };
            let own = self.municipal.status_history(&key).await.map_err(failure)?;
            steps.extend(own.into_iter().filter(|step| step.status != ReportStatus::Merged));
            match whole.merged_into {
                // What is merged is merged into nothing that is merged into it.
                Some(id) => key.id = id,
                None => return Ok(Some((whole.status, steps))),
            }
        }
    }
}
