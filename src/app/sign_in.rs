//! Signing in by name and password.

use super::{App, Error, Result, Staff, failure};
use crate::{
    identity::{NOBODY, hash_password, hash_token, verify_password},
    store,
};
use fyren_core::domain::Context;

impl App {
    /// Whoever has this name and password.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an unknown name, a wrong password, an
    /// inactive user and a missing one-time code alike, in the same time.
    pub async fn sign_in(&self, name: &str, password: &str, totp: Option<&str>) -> Result<Staff> {
        let found = self.find_secrets(name).await?;
        let hash = found.as_ref().and_then(|(_, secrets)| secrets.password_hash.clone());
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let right = self.fits(password.to_owned(), hash).await?;
        let (context, secrets) = found.filter(|_| right).ok_or(Error::Unauthenticated)?;
        // One-time codes arrive with staff access; until then a user who has
        // one is let in by token only, never without it.
        if !secrets.user.active || secrets.totp_secret.is_some() || totp.is_some() {
            return Err(Error::Unauthenticated);
        }
        let key = super::digest(&hash_token(name))?;
        let staff = self.resolve(key, secrets.user, context).await?;
        let audit = self.audit(name, "sign_in", None, None);
        self.store(context).append_audit(audit).await.map_err(failure)?;
        Ok(staff)
    }

    async fn find_secrets(&self, name: &str) -> Result<Option<(Context, store::Secrets)>> {
        for context in Context::ALL {
            let secrets = self.store(*context).secrets(name).await.map_err(failure)?;
            if let Some(secrets) = secrets {
                return Ok(Some((*context, secrets)));
            }
        }
        Ok(None)
    }

    async fn fits(&self, password: String, hash: String) -> Result<bool> {
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
