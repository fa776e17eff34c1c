//! Jobs: what n nodes do once, by a lease in the store.

use super::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;

/// A job to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What and for when, unique: `release:1427:2026`.
    pub name: String,
    /// What it needs to know, in a form of its own.
    pub payload: String,
    /// Not before.
    pub due: Timestamp,
}

/// A job that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What and for when.
    pub name: String,
    /// What it needs to know.
    pub payload: String,
    /// Not before.
    pub due: Timestamp,
    /// How often it was leased.
    pub attempts: i64,
}

/// Remembers jobs. Times are the caller's, so nodes need roughly equal clocks.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Stores a job unless one of its name is known, finished or not, and
    /// returns whether it did.
    async fn enqueue_job(&self, job: NewJob) -> Result<bool, StoreError>;

    /// At most `limit` jobs that are due, unfinished and not leased at `now`,
    /// the longest due first.
    async fn due_jobs(&self, now: Timestamp, limit: u32) -> Result<Vec<Job>, StoreError>;

    /// Takes the job for `holder` until `until` if it is unfinished and nobody
    /// else holds it at `now`, and returns whether it did.
    async fn lease_job(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Prolongs a lease that `holder` still has, and returns whether it has.
    async fn renew_job(
        &self,
        name: &str,
        holder: &str,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends a job that `holder` still has, and returns whether it has.
    async fn finish_job(&self, name: &str, holder: &str, at: Timestamp)
    -> Result<bool, StoreError>;
}
