//! The store itself.

use super::columns::Columns;
use super::insert::INSERT_EVENTS;
use super::writer::{Command, Reply};
use super::{
    Connection, SqlStore, audit, basemaps, check, controls, embargoes, events, exposures, factors,
    feed, forwards, guardians, identity, imports, incidents, jobs, ledger, letters, measures,
    municipalities, partners, patrol_areas, photos, plans, presence, records, redactions, releases,
    report_leaves, report_steps, reports, retention, speeds, statements, submit, surveys, threads,
    vetoes, visits, wishes,
};
use crate::store::{Purged, StoreError, StoredCount, Upkeep};
use async_trait::async_trait;
use fyren_core::domain::Context;
use jiff::Timestamp;
use sqlx::{Executor, SqlSafeStr, query};

statements! {
    CLAIM = "INSERT INTO store_state (one, context, audit_position, audit_hash)
        VALUES (1, $1, 0, $2) ON CONFLICT (one) DO NOTHING";
    CONTEXT = "SELECT context FROM store_state";
    PURGE_REPORT_KEYS = "UPDATE reports SET key_hmac = NULL WHERE EXISTS (
        SELECT 1 FROM idempotency_keys k WHERE k.municipality = reports.municipality
        AND k.key_hmac = reports.key_hmac AND k.expires_at <= $1)";
    PURGE_VISIT_KEYS = "UPDATE visits SET key_hmac = NULL WHERE EXISTS (
        SELECT 1 FROM idempotency_keys k WHERE k.municipality = visits.municipality
        AND k.key_hmac = visits.key_hmac AND k.expires_at <= $1)";
    PURGE_KEYS = "DELETE FROM idempotency_keys WHERE expires_at <= $1";
    PURGE_SHORT_CODES = "UPDATE reports SET short_code_hash = NULL, short_code_expires = NULL
        WHERE short_code_expires <= $1";
    PURGE_SESSIONS = "DELETE FROM sessions WHERE expires_at <= $1";
    PURGE_TOKENS = "DELETE FROM tokens WHERE expires_at <= $1";
}

/// The statements of every file.
const EVERY: &[&[&str]] = &[
    STATEMENTS,
    audit::STATEMENTS,
    basemaps::STATEMENTS,
    check::STATEMENTS,
    controls::STATEMENTS,
    embargoes::STATEMENTS,
    events::STATEMENTS,
    exposures::STATEMENTS,
    factors::STATEMENTS,
    feed::STATEMENTS,
    forwards::STATEMENTS,
    guardians::STATEMENTS,
    identity::STATEMENTS,
    imports::STATEMENTS,
    incidents::STATEMENTS,
    jobs::STATEMENTS,
    partners::STATEMENTS,
    patrol_areas::STATEMENTS,
    photos::STATEMENTS,
    presence::STATEMENTS,
    ledger::STATEMENTS,
    letters::STATEMENTS,
    measures::STATEMENTS,
    municipalities::STATEMENTS,
    records::STATEMENTS,
    redactions::STATEMENTS,
    releases::STATEMENTS,
    report_leaves::STATEMENTS,
    report_steps::STATEMENTS,
    reports::STATEMENTS,
    retention::STATEMENTS,
    speeds::STATEMENTS,
    surveys::STATEMENTS,
    threads::STATEMENTS,
    plans::STATEMENTS,
    vetoes::STATEMENTS,
    visits::STATEMENTS,
    wishes::STATEMENTS,
];

/// What stands before the rows of every table that is written in many rows.
const EVERY_INSERT: &[&[&str]] = &[
    &[
        INSERT_EVENTS,
        feed::INSERT_CHANGES,
        submit::INSERT_KEYS,
        reports::INSERT_REPORTS,
        incidents::INSERT_INCIDENTS,
        visits::INSERT_VISITS,
        records::INSERT_ITEMS,
        retention::INSERT_ROWS,
        ledger::INSERT_EVIDENCE,
        identity::INSERT_GRANTS,
    ],
    basemaps::INSERTS,
    exposures::INSERTS,
    factors::INSERTS,
    speeds::INSERTS,
    surveys::INSERTS,
    municipalities::INSERTS,
    releases::INSERTS,
];

/// Makes a fresh store one of `context`, or checks that it is one.
pub(in super::super) async fn claim(
    connection: &mut Connection,
    context: Context,
) -> Result<(), StoreError> {
    let claim = query(CLAIM).bind(context.code()).bind(&[0_u8; 32][..]);
    claim.execute(&mut *connection).await?;
    let row = query(CONTEXT).fetch_one(connection).await?;
    let found = Columns::of(&row).code(Context::parse)?;
    if found == context {
        Ok(())
    } else {
        Err(StoreError::Unusable(format!("it is the store of the context {found}").into()))
    }
}

/// Forgets what has expired.
pub(super) async fn purge(
    connection: &mut Connection,
    now: &Timestamp,
) -> Result<Purged, StoreError> {
    let mut rows = [0; 7];
    let statements = [
        PURGE_REPORT_KEYS,
        PURGE_VISIT_KEYS,
        threads::PURGE_KEYS,
        PURGE_KEYS,
        PURGE_SHORT_CODES,
        PURGE_SESSIONS,
        PURGE_TOKENS,
    ];
    for (rows, statement) in rows.iter_mut().zip(statements) {
        let done = query(statement).bind(now.as_microsecond()).execute(&mut *connection).await?;
        *rows = done.rows_affected();
    }
    let [_, _, _, idempotency_keys, short_codes, sessions, tokens] = rows;
    let mail_contacts = letters::purge(connection, now).await?;
    Ok(Purged { idempotency_keys, short_codes, sessions, tokens, mail_contacts })
}

/// A whole statement for one row of a table that is written in many.
fn one_row(before: &str) -> String {
    let columns = before.matches(',').count() + 1;
    let row: Vec<_> = (1..=columns).map(|at| format!("${at}")).collect();
    format!("{before}VALUES ({})", row.join(", "))
}

impl SqlStore {
    /// Writes `rows` in transactions of `size`.
    pub(super) async fn in_chunks<T>(
        &self,
        mut rows: Vec<T>,
        size: usize,
        command: fn(Vec<T>, Reply<StoredCount>) -> Command,
    ) -> Result<StoredCount, StoreError> {
        let mut sum = StoredCount::default();
        while !rows.is_empty() {
            let rest = rows.split_off(size.min(rows.len()));
            let chunk = std::mem::replace(&mut rows, rest);
            let count = self.writer.write(|reply| command(chunk, reply)).await?;
            sum.stored += count.stored;
            sum.known += count.known;
        }
        Ok(sum)
    }
}

#[async_trait]
impl Upkeep for SqlStore {
    fn context(&self) -> Context {
        self.context
    }

    async fn readiness(&self) -> Result<(), StoreError> {
        query(CONTEXT).fetch_one(&self.readers).await?;
        Ok(())
    }

    async fn check_statements(&self) -> Result<usize, StoreError> {
        let connection = &mut *self.readers.acquire().await?;
        // A first reading makes the connection look at the schema as it is.
        query(CONTEXT).fetch_one(&mut *connection).await?;
        let fixed = EVERY.concat().into_iter().map(SqlSafeStr::into_sql_str);
        let rows = EVERY_INSERT.concat();
        let rows = rows.iter().map(|before| sqlx::AssertSqlSafe(one_row(before)).into_sql_str());
        let mut prepared = 0;
        for statement in fixed.chain(rows) {
            (&mut *connection).prepare(statement).await?;
            prepared += 1;
        }
        Ok(prepared)
    }

    async fn purge_expired(&self, now: Timestamp) -> Result<Purged, StoreError> {
        self.writer.write(|reply| Command::PurgeExpired(now, reply)).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.follower.stop();
        self.readers.close().await;
    }
}
