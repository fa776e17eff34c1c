//! The two keys that everything in this room hangs on.

use super::mac::{Key, mac};
use super::one_time::ONE_TIME_BYTES;
use super::secrets_file::{SecretsError, open_secrets};
use super::token::write_token;
use data_encoding::BASE32_NOPAD;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// The secrets of one installation: the server's key, which lives as long as
/// its receipts, and the key of this year's browser sources, which is
/// destroyed when the year is over. Never in the data base, never in a log.
/// Clones share the key of the year.
#[derive(Clone)]
pub struct Secrets {
    server: Key,
    source: Arc<RwLock<SourceKey>>,
    file: Option<PathBuf>,
}

/// A year and its key.
type SourceKey = (i16, Key);

impl Secrets {
    /// Secrets of these keys, in memory only; `year` is the one that `source`
    /// is for.
    pub fn from_keys(server: Key, year: i16, source: Key) -> Self {
        Self { server, source: Arc::new(RwLock::new((year, source))), file: None }
    }

    /// The same secrets, kept in `file`.
    pub(super) fn kept_in(self, file: PathBuf) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The year that the key of browser sources is for.
    pub fn year(&self) -> i16 {
        self.source_key().0
    }

    /// Makes sure that the key of browser sources is the one of `year`, in
    /// the file too; one of another year is gone then. `fill` gives random
    /// bytes. Costs nothing while the year lasts.
    ///
    /// # Errors
    /// As [`open_secrets`].
    pub fn renew(&self, year: i16, fill: &dyn Fn(&mut [u8])) -> Result<(), SecretsError> {
        if self.year() == year {
            return Ok(());
        }
        let renewed = if let Some(path) = &self.file {
            open_secrets(path, year, fill)?.source_key()
        } else {
            let mut key = [0; 32];
            fill(&mut key);
            (year, key)
        };
        *self.source.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }

    /// The secret of somebody's one-time codes, from what is stored of it:
    /// random bytes that are worth nothing without the server's key.
    pub fn one_time(&self, user: &str, stored: &[u8]) -> [u8; ONE_TIME_BYTES] {
        let full = mac(&self.server, "one-time code", &[user.as_bytes(), stored]);
        let mut secret = [0; ONE_TIME_BYTES];
        secret.copy_from_slice(&full[..ONE_TIME_BYTES]);
        secret
    }

    /// The password of a demonstration's `role`: 16 of `[a-z2-7]`, the same
    /// at every start with the same secrets.
    pub fn demo_password(&self, role: &str) -> String {
        let full = mac(&self.server, "demo password", &[role.as_bytes()]);
        BASE32_NOPAD.encode(&full[..10]).to_lowercase()
    }

    /// The token of a demonstration's `role`, the same at every start with
    /// the same secrets.
    pub fn demo_token(&self, role: &str) -> String {
        write_token(&mac(&self.server, "demo token", &[role.as_bytes()]))
    }

    pub(super) const fn server(&self) -> &Key {
        &self.server
    }

    pub(super) fn source(&self) -> Key {
        self.source_key().1
    }

    fn source_key(&self) -> SourceKey {
        *self.source.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Secrets {
    /// Never a key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("year", &self.year()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_ins_of_a_demonstration_are_the_same_at_every_start() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let again = Secrets::from_keys([1; 32], 2027, [9; 32]);
        assert_eq!(secrets.demo_password("admin"), again.demo_password("admin"));
        assert_eq!(secrets.demo_token("admin"), again.demo_token("admin"));
        assert_ne!(secrets.demo_password("admin"), secrets.demo_password("est"));
        assert!(secrets.demo_password("admin").len() < 20);
        assert!(secrets.demo_token("admin").len() >= 32);
    }

    #[test]
    fn what_is_stored_of_a_one_time_secret_is_worth_nothing_elsewhere() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let next_year = Secrets::from_keys([1; 32], 2027, [9; 32]);
        assert_eq!(secrets.one_time("u", &[5; 20]), next_year.one_time("u", &[5; 20]));
        assert_ne!(secrets.one_time("u", &[5; 20]), secrets.one_time("v", &[5; 20]));
        let elsewhere = Secrets::from_keys([3; 32], 2026, [2; 32]);
        assert_ne!(secrets.one_time("u", &[5; 20]), elsewhere.one_time("u", &[5; 20]));
    }

    #[test]
    fn secrets_are_not_debugged() {
        let text = format!("{:?}", Secrets::from_keys([171; 32], 2026, [205; 32]));
        assert_eq!(text, "Secrets { year: 2026, .. }");
    }
}
