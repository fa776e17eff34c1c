//! The two keys that everything in this room hangs on.

use super::mac::{Key, mac};
use super::token::write_token;
use data_encoding::BASE32_NOPAD;

/// The secrets of one installation: the server's key, which lives as long as
/// its receipts, and the key of this year's browser sources, which is
/// destroyed when the year is over. Never in the data base, never in a log.
#[derive(Clone)]
pub struct Secrets {
    server: Key,
    year: i16,
    source: Key,
}

impl Secrets {
    /// Secrets of these keys; `year` is the one that `source` is for.
    pub const fn from_keys(server: Key, year: i16, source: Key) -> Self {
        Self { server, year, source }
    }

    /// The year that the key of browser sources is for.
    pub const fn year(&self) -> i16 {
        self.year
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

    pub(super) const fn source(&self) -> &Key {
        &self.source
    }
}

impl std::fmt::Debug for Secrets {
    /// Never a key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("year", &self.year).finish_non_exhaustive()
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
    fn secrets_are_not_debugged() {
        let text = format!("{:?}", Secrets::from_keys([171; 32], 2026, [205; 32]));
        assert_eq!(text, "Secrets { year: 2026, .. }");
    }
}
