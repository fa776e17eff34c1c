//! Jobs and their leases.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, SqlStore, statements};
use crate::store::{Job, Jobs, NewJob, StoreError};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::query;

statements! {
    ENQUEUE = "INSERT INTO jobs (name, payload, due_at, attempts) VALUES ($1, $2, $3, 0)
        ON CONFLICT (name) DO NOTHING";
    DUE = "SELECT name, payload, due_at, attempts FROM jobs
        WHERE finished_at IS NULL AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
        ORDER BY due_at, name LIMIT $2";
    LEASE = "UPDATE jobs SET holder = $2, leased_until = $4, attempts = attempts + 1
        WHERE name = $1 AND finished_at IS NULL
        AND (leased_until IS NULL OR leased_until <= $3 OR holder = $2)";
    RENEW = "UPDATE jobs SET leased_until = $3
        WHERE name = $1 AND holder = $2 AND finished_at IS NULL";
    FINISH = "UPDATE jobs SET finished_at = $3
        WHERE name = $1 AND holder = $2 AND finished_at IS NULL";
}

/// A wish to hold a job from now on.
pub(super) struct Lease {
    hold: Hold,
    now: Timestamp,
}

/// A job, who holds it, and until when or when it ended.
pub(super) struct Hold {
    name: String,
    holder: String,
    at: Timestamp,
}

impl Hold {
    fn new(name: &str, holder: &str, at: Timestamp) -> Self {
        Self { name: name.to_owned(), holder: holder.to_owned(), at }
    }
}

pub(super) async fn enqueue(connection: &mut Connection, job: &NewJob) -> Result<bool, StoreError> {
    let insert = query(ENQUEUE).bind(&job.name).bind(&job.payload).bind(job.due.as_microsecond());
    Ok(insert.execute(connection).await?.rows_affected() > 0)
}

pub(super) async fn lease(connection: &mut Connection, lease: &Lease) -> Result<bool, StoreError> {
    let leased = query(LEASE)
        .bind(&lease.hold.name)
        .bind(&lease.hold.holder)
        .bind(lease.now.as_microsecond())
        .bind(lease.hold.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(leased.rows_affected() > 0)
}

pub(super) async fn renew(connection: &mut Connection, hold: &Hold) -> Result<bool, StoreError> {
    held(connection, RENEW, hold).await
}

pub(super) async fn finish(connection: &mut Connection, hold: &Hold) -> Result<bool, StoreError> {
    held(connection, FINISH, hold).await
}

async fn held(
    connection: &mut Connection,
    statement: &'static str,
    hold: &Hold,
) -> Result<bool, StoreError> {
    let update = query(statement)
        .bind(&hold.name)
        .bind(&hold.holder)
        .bind(hold.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(update.rows_affected() > 0)
}

#[async_trait]
impl Jobs for SqlStore {
    async fn enqueue_job(&self, job: NewJob) -> Result<bool, StoreError> {
        self.writer.write(|reply| Command::EnqueueJob(job, reply)).await
    }

    async fn due_jobs(&self, now: Timestamp, limit: u32) -> Result<Vec<Job>, StoreError> {
        let due = query(DUE).bind(now.as_microsecond()).bind(i64::from(limit));
        let rows = due.fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Job {
                    name: columns.take()?,
                    payload: columns.take()?,
                    due: columns.time()?,
                    attempts: columns.take()?,
                })
            })
            .collect()
    }

    async fn lease_job(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let lease = Lease { hold: Hold::new(name, holder, until), now };
        self.writer.write(|reply| Command::LeaseJob(lease, reply)).await
    }

    async fn renew_job(
        &self,
        name: &str,
        holder: &str,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let hold = Hold::new(name, holder, until);
        self.writer.write(|reply| Command::RenewJob(hold, reply)).await
    }

    async fn finish_job(
        &self,
        name: &str,
        holder: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let hold = Hold::new(name, holder, at);
        self.writer.write(|reply| Command::FinishJob(hold, reply)).await
    }
}
