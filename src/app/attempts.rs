//! Failed sign-ins, counted in memory only: by name from one network, so that
//! nobody can lock somebody else out, and by name from anywhere, so that many
//! networks together guess no faster.

use super::{App, Error, Result};
use crate::identity::hash_token;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// Failures of one name from one network, and from anywhere, before waiting.
const FROM_ONE: u32 = 5;
const FROM_ANYWHERE: u32 = 50;
/// Seconds after the last failure at which all is forgotten.
const FORGOTTEN_S: i64 = 15 * 60;
/// Names and networks that are remembered; the oldest are forgotten first.
const MOST: usize = 100_000;

/// Failures so far and the second of the last one, by a hash.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (u32, i64)>>);

impl App {
    /// Refuses a sign-in as `name` from `network` where too many have failed.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds until another is let in.
    pub(super) fn may_try(&self, name: &str, network: IpAddr) -> Result<()> {
        let now = self.clock.now().as_second();
        let known = self.attempts.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, most) in keys(name, network) {
            let Some((failures, last)) = known.get(&key) else { continue };
            let wait = last + FORGOTTEN_S - now;
            if *failures >= most && wait > 0 {
                return Err(Error::TooMany { retry_after: u64::try_from(wait).unwrap_or(1) });
            }
        }
        Ok(())
    }

    /// Counts a failure.
    pub(super) fn tried(&self, name: &str, network: IpAddr) {
        let now = self.clock.now().as_second();
        let mut known = self.attempts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > MOST {
            known.retain(|_, (_, last)| now - *last < FORGOTTEN_S);
        }
        for (key, _) in keys(name, network) {
            let entry = known.entry(key).or_default();
            if now - entry.1 >= FORGOTTEN_S {
                entry.0 = 0;
            }
            *entry = (entry.0 + 1, now);
        }
    }

    /// Forgets the failures of `name` from `network`, which has signed in.
    pub(super) fn forget_tries(&self, name: &str, network: IpAddr) {
        let mut known = self.attempts.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&keys(name, network)[0].0);
    }
}

fn keys(name: &str, network: IpAddr) -> [(String, u32); 2] {
    [
        (hash_token(&format!("{network} {name}")), FROM_ONE),
        (hash_token(&format!("anywhere {name}")), FROM_ANYWHERE),
    ]
}
