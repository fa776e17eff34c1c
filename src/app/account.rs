//! What somebody who has signed in does with their own account: password,
//! one-time codes, recovery codes, sessions.

use super::{App, Error, Result, Staff, digest, failure};
use crate::{
    identity::{
        ONE_TIME_BYTES, RECOVERY_BYTES, RECOVERY_CODES, hash_recovery_code, write_one_time_secret,
        write_recovery_code,
    },
    store::{Secrets, Store},
};
use fyren_core::domain::Violation;
use jiff::civil::Date;
use std::sync::Arc;

/// What an account has to prove who it is.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Name to sign in with.
    pub name: String,
    /// Whether a password is set.
    pub password: bool,
    /// Whether one-time codes are set up.
    pub one_time: bool,
    /// Recovery codes that are not used.
    pub recovery_left: u32,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Whether a role of the account demands a second factor.
    pub demanded: bool,
    /// Whether the present session rests on more than a password.
    pub strong: bool,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyView {
    /// Identity, as text.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// The day that it was made.
    pub made_on: Date,
    /// The last day that it was used.
    pub last_used_on: Option<Date>,
}

/// One-time codes that are set up only once a code has been shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedCode {
    /// What is stored when it is done, in hexadecimal; worth nothing elsewhere.
    pub stored: String,
    /// The secret, as it is typed.
    pub typed: String,
    /// What an authenticator reads as a picture.
    pub address: String,
}

/// Fewest characters of a password.
pub(super) const SHORTEST_PASSWORD: usize = 12;

impl App {
    /// What the account of `staff` has.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn account(&self, staff: &Staff) -> Result<AccountView> {
        let secrets = self.own_secrets(staff).await?;
        let store = self.store(staff.context());
        let user = staff.user();
        let passkeys = store.passkeys(user).await.map_err(failure)?.into_iter();
        let demands = store.second_factors().await.map_err(failure)?;
        Ok(AccountView {
            name: staff.name().to_owned(),
            password: secrets.password_hash.is_some(),
            one_time: secrets.totp_secret.is_some(),
            recovery_left: store.recovery_codes_left(user).await.map_err(failure)?,
            passkeys: passkeys
                .map(|key| PasskeyView {
                    id: key.id,
                    label: key.label,
                    made_on: key.made_on,
                    last_used_on: key.last_used_on,
                })
                .collect(),
            demanded: demands
                .iter()
                .any(|(code, role)| staff.is_withheld(code) || staff.roles_in(code).contains(role)),
            strong: staff.is_strong(),
        })
    }

    /// Changes the password; every other session of the account ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a wrong present or a short new one.
    pub async fn change_password(&self, staff: &Staff, present: String, new: String) -> Result<()> {
        if new.chars().count() < SHORTEST_PASSWORD {
            return Err(Violation::new("new", "too_short").into());
        }
        let secrets = self.own_secrets(staff).await?;
        let hash = secrets.password_hash.ok_or(Error::Conflict("no_password"))?;
        if !self.fits(present, hash).await? {
            return Err(Violation::new("present", "wrong").into());
        }
        let hash = self.hash(new).await?;
        let store = self.own_store(staff);
        store
            .set_password(staff.user(), hash, self.own(staff, "change_password"))
            .await
            .map_err(failure)?;
        self.forget_staff(&staff.user().to_string());
        Ok(())
    }

    /// Begins to set up one-time codes.
    ///
    /// # Errors
    /// Where a secret cannot be made.
    pub fn start_one_time(&self, staff: &Staff) -> Result<StartedCode> {
        let mut stored = [0; ONE_TIME_BYTES];
        self.random.fill(&mut stored);
        let secret = self.secrets.one_time(&staff.user().to_string(), &stored);
        let codes = self.one_time(staff.user(), staff.name(), &stored)?;
        let address = codes.address().map_err(|fault| Error::Bug(fault.to_string()))?;
        Ok(StartedCode {
            stored: data_encoding::HEXLOWER.encode(&stored),
            typed: write_one_time_secret(&secret),
            address,
        })
    }

    /// Sets up the one-time codes that [`App::start_one_time`] began, once a
    /// code of them has been shown; gives fresh recovery codes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a wrong code.
    pub async fn set_one_time(
        &self,
        staff: &Staff,
        stored: &str,
        code: &str,
    ) -> Result<Vec<String>> {
        let stored = data_encoding::HEXLOWER.decode(stored.as_bytes());
        let stored = stored.map_err(|fault| Error::Bug(fault.to_string()))?;
        let codes = self.one_time(staff.user(), staff.name(), &stored)?;
        let step = codes.step_of(code, self.second());
        let step = step.ok_or_else(|| Violation::new("code", "wrong"))?;
        let (store, user) = (self.own_store(staff), staff.user());
        let audit = self.own(staff, "set_one_time_codes");
        store.set_totp(user, Some(stored), audit).await.map_err(failure)?;
        store.use_totp_step(user, step).await.map_err(failure)?;
        self.forget_staff(&user.to_string());
        self.renew_recovery_codes(staff).await
    }

    /// Removes one-time codes and recovery codes; every other session ends.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn remove_one_time(&self, staff: &Staff) -> Result<()> {
        let (store, user) = (self.own_store(staff), staff.user());
        let audit = || self.own(staff, "remove_one_time_codes");
        store.set_totp(user, None, audit()).await.map_err(failure)?;
        store.set_recovery_codes(user, Vec::new(), audit()).await.map_err(failure)?;
        self.forget_staff(&user.to_string());
        Ok(())
    }

    /// Fresh recovery codes, told once; earlier ones open nothing any more.
    ///
    /// # Errors
    /// [`Error::Conflict`] without any second factor that they could stand for.
    pub async fn renew_recovery_codes(&self, staff: &Staff) -> Result<Vec<String>> {
        if self.own_secrets(staff).await?.totp_secret.is_none() {
            return Err(Error::Conflict("no_second_factor"));
        }
        let fresh = || {
            let mut random = [0; RECOVERY_BYTES];
            self.random.fill(&mut random);
            write_recovery_code(&random)
        };
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| fresh()).collect();
        let hashes = codes.iter().filter_map(|code| hash_recovery_code(code));
        let hashes = hashes.map(|hash| digest(&hash)).collect::<Result<Vec<_>>>()?;
        let audit = self.own(staff, "renew_recovery_codes");
        self.own_store(staff)
            .set_recovery_codes(staff.user(), hashes, audit)
            .await
            .map_err(failure)?;
        Ok(codes)
    }

    /// Ends every session of the account.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn sign_out_everywhere(&self, staff: &Staff) -> Result<()> {
        let audit = self.own(staff, "sign_out_everywhere");
        self.own_store(staff).end_sessions(staff.user(), audit).await.map_err(failure)?;
        self.forget_staff(&staff.user().to_string());
        Ok(())
    }

    /// The number that sessions of this account must carry now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where the account is gone.
    pub async fn epoch_of(&self, staff: &Staff) -> Result<i64> {
        let epoch = self.own_store(staff).epoch(staff.user()).await.map_err(failure)?;
        epoch.ok_or(Error::Unauthenticated)
    }

    pub(super) fn own_store(&self, staff: &Staff) -> &Arc<dyn Store> {
        self.store(staff.context())
    }

    /// An audit entry about the account itself.
    pub(super) fn own(&self, staff: &Staff, action: &str) -> crate::store::AuditEntry {
        self.audit(staff.name(), action, None, Some(staff.user().to_string()))
    }

    async fn own_secrets(&self, staff: &Staff) -> Result<Secrets> {
        let found = self.own_store(staff).secrets(staff.name()).await.map_err(failure)?;
        found.ok_or(Error::Unauthenticated)
    }
}
