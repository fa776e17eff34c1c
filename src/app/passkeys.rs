//! Passkeys of staff: made, used to sign in, removed.

use super::{App, Error, Result, SignedInUser, Staff, failure};
use crate::{identity::Site, store::StoredPasskey};
use fyren_core::domain::Violation;
use jiff::tz::TimeZone;
use serde_json::Value;

impl App {
    /// Begins to make a passkey: what the browser is asked, and the state that
    /// the session keeps.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn start_passkey(&self, staff: &Staff, site: &Site) -> Result<(Value, String)> {
        let known = self.own_store(staff).passkeys(staff.user()).await.map_err(failure)?;
        let known: Vec<String> = known.into_iter().map(|key| key.credential).collect();
        site.begin_registration(staff.user(), staff.name(), &known)
            .map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// Keeps the passkey that the browser has made.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a label without or with too many characters, or
    /// an answer that does not belong to the question.
    pub async fn save_passkey(
        &self,
        staff: &Staff,
        site: &Site,
        (answer, label): (Value, &str),
        state: &str,
    ) -> Result<()> {
        let label = label.trim();
        if !(1..=64).contains(&label.chars().count()) {
            return Err(Violation::new("label", "too_long").into());
        }
        let made = site.finish_registration(answer, state).map_err(|fault| {
            tracing::info!(reason = %fault, "a passkey was not made");
            Violation::new("answer", "wrong")
        })?;
        let made_on = self.today(&TimeZone::UTC);
        let passkey = StoredPasskey {
            id: made.id,
            user: staff.user(),
            label: label.to_owned(),
            credential: made.credential,
            made_on,
            last_used_on: None,
        };
        let audit = self.own(staff, "add_passkey");
        self.own_store(staff).insert_passkey(passkey, audit).await.map_err(failure)
    }

    /// Removes a passkey; every other session of the account ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that the account does not have.
    pub async fn remove_passkey(&self, staff: &Staff, id: &str) -> Result<()> {
        let audit = self.own(staff, "remove_passkey");
        let store = self.own_store(staff);
        store.delete_passkey(staff.user(), id.to_owned(), audit).await.map_err(failure)?;
        self.forget_staff(&staff.user().to_string());
        Ok(())
    }

    /// Begins to sign in whoever has a passkey of this site.
    ///
    /// # Errors
    /// Where no challenge can be made.
    pub fn ask_for_passkey(&self, site: &Site) -> Result<(Value, String)> {
        site.begin_sign_in().map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// Signs in whoever answers with a passkey of theirs: more than a password,
    /// since the authenticator has verified its user.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an unknown passkey, a wrong signature and
    /// an inactive user alike.
    pub async fn sign_in_by_passkey(
        &self,
        site: &Site,
        answer: Value,
        state: &str,
    ) -> Result<SignedInUser> {
        let (user, id) = site.claimed(&answer).ok_or(Error::Unauthenticated)?;
        for context in self.contexts() {
            let store = self.store(context);
            let known = store.passkey(&id).await.map_err(failure)?;
            let Some(known) = known.filter(|known| known.user == user) else { continue };
            let credential =
                site.finish_sign_in(answer, state, &known.credential).map_err(|fault| {
                    tracing::info!(reason = %fault, "a passkey was not believed");
                    Error::Unauthenticated
                })?;
            let user = store.user(user).await.map_err(failure)?;
            let user = user.filter(|user| user.active).ok_or(Error::Unauthenticated)?;
            let today = self.today(&TimeZone::UTC);
            store.use_passkey(&id, credential, today).await.map_err(failure)?;
            return self.let_in(context, user, true, "sign_in_by_passkey").await;
        }
        Err(Error::Unauthenticated)
    }
}
