//! What a resident sees with a receipt: status, answers, the way so far.

use super::{App, Error, Result, digest, failure};
use crate::{
    identity::{ReceiptCode, ShortCode},
    store::EventKey,
};
use fyren_core::domain::{Report, StatusChange};

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
        Ok(ReceiptView { report, history })
    }
}
