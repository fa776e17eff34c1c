//! Signing in by name, password and, where the user has one, a one-time code.

use super::{App, Error, Result, Staff, failure};
use crate::{
    identity::{NOBODY, OneTime, hash_password, hash_recovery_code, hash_token, verify_password},
    store,
};
use fyren_core::domain::{Context, Id, User};
use std::net::IpAddr;

/// Somebody who has just proved who it is, for the session to keep.
#[derive(Debug)]
pub struct SignedInUser {
    /// Who, with what that allows.
    pub staff: Staff,
    /// The number that sessions of this user must carry.
    pub epoch: i64,
}

impl App {
    /// Whoever has this name and password and, where the user has a second
    /// factor, this one-time or recovery code.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an unknown name, a wrong password, a
    /// wrong or used code and an inactive user alike, in the same time;
    /// [`Error::CodeNeeded`] where only the code is missing;
    /// [`Error::TooMany`] after too many failures.
    pub async fn sign_in(
        &self,
        (name, password): (&str, &str),
        code: Option<&str>,
        network: IpAddr,
    ) -> Result<SignedInUser> {
        self.may_try(name, network)?;
        let found = self.find_secrets(name).await?;
        let hash = found.as_ref().and_then(|(_, secrets)| secrets.password_hash.clone());
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let right = self.fits(password.to_owned(), hash).await?;
        let known = found.filter(|(_, secrets)| right && secrets.user.active);
        let Some((context, secrets)) = known else {
            self.tried(name, network);
            return Err(Error::Unauthenticated);
        };
        let strong = match self.second_proof(context, &secrets, code).await {
            Err(Error::Unauthenticated) => {
                self.tried(name, network);
                return Err(Error::Unauthenticated);
            }
            other => other?,
        };
        self.forget_tries(name, network);
        self.let_in(context, secrets.user, strong, "sign_in").await
    }

    /// Lets in whoever has shown the password of `name` a moment ago, with the
    /// one-time or recovery code that was missing.
    ///
    /// # Errors
    /// As [`App::sign_in`].
    pub async fn finish_sign_in(
        &self,
        name: &str,
        code: &str,
        network: IpAddr,
    ) -> Result<SignedInUser> {
        self.may_try(name, network)?;
        let found = self.find_secrets(name).await?;
        let (context, secrets) =
            found.filter(|(_, secrets)| secrets.user.active).ok_or(Error::Unauthenticated)?;
        match self.second_proof(context, &secrets, Some(code)).await {
            Ok(strong) => {
                self.forget_tries(name, network);
                self.let_in(context, secrets.user, strong, "sign_in").await
            }
            Err(fault) => {
                self.tried(name, network);
                Err(fault)
            }
        }
    }

    /// Whether a second factor was shown; `false` where the user has none.
    async fn second_proof(
        &self,
        context: Context,
        secrets: &store::Secrets,
        code: Option<&str>,
    ) -> Result<bool> {
        let code = code.map(str::trim).filter(|code| !code.is_empty());
        let Some(stored) = &secrets.totp_secret else {
            // A code that nobody asked for is an attempt at another account.
            return if code.is_none() { Ok(false) } else { Err(Error::Unauthenticated) };
        };
        let code = code.ok_or(Error::CodeNeeded)?;
        let user = secrets.user.id;
        let fits = match hash_recovery_code(code) {
            Some(hash) => {
                let hash = super::digest(&hash)?;
                let name = &secrets.user.name;
                let audit = self.audit(name, "use_recovery_code", None, Some(user.to_string()));
                let now = self.clock.now();
                self.store(context).use_recovery_code(user, hash, now, audit).await
            }
            None => {
                match self.one_time(user, &secrets.user.name, stored)?.step_of(code, self.second())
                {
                    Some(step) => self.store(context).use_totp_step(user, step).await,
                    None => Ok(false),
                }
            }
        };
        if fits.map_err(failure)? { Ok(true) } else { Err(Error::Unauthenticated) }
    }

    /// The one-time codes of a user, from what is stored of their secret.
    pub(super) fn one_time(&self, user: Id, name: &str, stored: &[u8]) -> Result<OneTime> {
        let secret = self.secrets.one_time(&user.to_string(), stored);
        OneTime::new(&secret, name, "Fyren").map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// The present second.
    pub(super) fn second(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// Lets in somebody who has proved who it is; `strong` says by more than a
    /// password.
    pub(super) async fn let_in(
        &self,
        context: Context,
        user: User,
        strong: bool,
        action: &str,
    ) -> Result<SignedInUser> {
        let store = self.store(context);
        let epoch = store.epoch(user.id).await.map_err(failure)?.ok_or(Error::Unauthenticated)?;
        let audit = self.audit(&user.name, action, None, None);
        let key = super::digest(&hash_token(&user.name))?;
        let staff = self.resolve(key, user, context, strong).await?;
        store.append_audit(audit).await.map_err(failure)?;
        Ok(SignedInUser { staff, epoch })
    }

    pub(super) async fn find_secrets(
        &self,
        name: &str,
    ) -> Result<Option<(Context, store::Secrets)>> {
        for context in self.contexts() {
            let secrets = self.store(context).secrets(name).await.map_err(failure)?;
            if let Some(secrets) = secrets {
                return Ok(Some((context, secrets)));
            }
        }
        Ok(None)
    }

    pub(super) async fn fits(&self, password: String, hash: String) -> Result<bool> {
        let _turn = self.hashing.acquire().await.map_err(|e| Error::Bug(e.to_string()))?;
        tokio::task::spawn_blocking(move || verify_password(&password, &hash))
            .await
            .map_err(|fault| Error::Bug(fault.to_string()))
    }

    /// The hash of a new password.
    pub(super) async fn hash(&self, password: String) -> Result<String> {
        let _turn = self.hashing.acquire().await.map_err(|e| Error::Bug(e.to_string()))?;
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        tokio::task::spawn_blocking(move || hash_password(&password, &salt))
            .await
            .map_err(|fault| Error::Bug(fault.to_string()))?
            .map_err(|fault| Error::Bug(fault.to_string()))
    }
}
