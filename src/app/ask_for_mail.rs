//! E-mail about a report for those who want it: asked for with the receipt, confirmed by
//! letter, stopped with one click, kept apart from everything else.

use super::{App, Error, ReceiptKey, Result, digest, failure};
use crate::{identity::hash_token, mail::is_address, store::EventKey};
use fyren_core::domain::{MailContact, MunicipalityCode, Violation};

/// How far it has come with letters about a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailState {
    /// Nobody has asked for any.
    #[default]
    None,
    /// They are asked for and not confirmed.
    Waiting,
    /// They are sent.
    On,
}

impl From<Option<MailContact>> for MailState {
    fn from(contact: Option<MailContact>) -> Self {
        match contact.map(|contact| contact.confirmed_hour.is_some()) {
            None => Self::None,
            Some(false) => Self::Waiting,
            Some(true) => Self::On,
        }
    }
}

impl App {
    /// Keeps the address of whoever holds a receipt and writes to ask whether
    /// it is meant; an earlier address is forgotten.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong key; [`Error::Invalid`] for `address`;
    /// [`Error::Conflict`] `mail_waits`.
    pub async fn ask_for_mail(
        &self,
        receipt: &ReceiptKey,
        address: &str,
        language: &str,
    ) -> Result<()> {
        let report = self.read_receipt(receipt).await?.report;
        let address = address.trim();
        if !is_address(address) {
            return Err(Violation::new("address", "address_form").into());
        }
        let nonce = self.new_id().to_string();
        let token = self.secrets.mail_token(&report.municipality, &nonce);
        let contact = MailContact {
            municipality: report.municipality,
            report: report.id,
            address: address.to_owned(),
            language: language.to_owned(),
            nonce,
            asked_hour: self.this_hour(),
            confirmed_hour: None,
        };
        let token = digest(&hash_token(&token))?;
        self.municipal.ask_for_mail(contact, token).await.map_err(failure)
    }

    /// How far it has come with letters about the report of a receipt.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong key.
    pub async fn mail_state(&self, receipt: &ReceiptKey) -> Result<MailState> {
        let key = self.receipt_report(receipt).await?;
        Ok(self.municipal.mail_contact(&key).await.map_err(failure)?.into())
    }

    /// Stops letters about the report of a receipt and deletes the address.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a wrong key.
    pub async fn stop_mail(&self, receipt: &ReceiptKey) -> Result<()> {
        let key = self.receipt_report(receipt).await?;
        self.municipal.stop_mail(&key).await.map_err(failure)?;
        Ok(())
    }

    /// How far it has come with the letters of a link.
    ///
    /// # Errors
    /// Where the store fails; an unknown link is [`MailState::None`].
    pub async fn mail_link(&self, code: &MunicipalityCode, token: &str) -> Result<MailState> {
        Ok(self.contact(code, token).await?.into())
    }

    /// Confirms the letters of a link.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link to which no address belongs.
    pub async fn confirm_mail(&self, code: &MunicipalityCode, token: &str) -> Result<()> {
        self.contact(code, token).await?.ok_or(Error::NotFound)?;
        let token = digest(&hash_token(token))?;
        self.municipal.confirm_mail(&token, self.this_hour()).await.map_err(failure)?;
        Ok(())
    }

    /// Stops the letters of a link and deletes the address; a link to which
    /// none belongs is done already.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stop_mail_link(&self, code: &MunicipalityCode, token: &str) -> Result<()> {
        if let Some(contact) = self.contact(code, token).await? {
            let key = EventKey { municipality: contact.municipality, id: contact.report };
            self.municipal.stop_mail(&key).await.map_err(failure)?;
        }
        Ok(())
    }

    async fn contact(&self, code: &MunicipalityCode, token: &str) -> Result<Option<MailContact>> {
        let token = digest(&hash_token(token))?;
        let found = self.municipal.mail_contact_by_token(&token).await.map_err(failure)?;
        Ok(found.filter(|contact| contact.municipality == *code))
    }

    async fn receipt_report(&self, receipt: &ReceiptKey) -> Result<EventKey> {
        let report = self.read_receipt(receipt).await?.report;
        Ok(EventKey { municipality: report.municipality, id: report.id })
    }
}
