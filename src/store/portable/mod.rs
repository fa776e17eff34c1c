//! Every statement, once: this folder is compiled under both drivers, and
//! `super` says which one (`Db`, its row, how a write begins and is announced,
//! how many events are streamed).

mod audit;
mod basemaps;
mod check;
mod columns;
mod controls;
mod embargoes;
pub(super) mod events;
mod exposures;
mod factors;
pub(super) mod feed;
mod forwards;
mod guardians;
mod identity;
mod imports;
mod incidents;
mod insert;
mod jobs;
mod ledger;
mod letters;
mod measures;
mod municipalities;
mod partners;
mod patrol_areas;
mod photos;
mod plans;
mod presence;
mod records;
mod redactions;
mod releases;
mod report_leaves;
mod report_steps;
mod reports;
mod retention;
mod speeds;
mod submit;
mod surveys;
mod threads;
mod upkeep;
mod vetoes;
mod visits;
mod wishes;
mod writer;

pub(super) use upkeep::claim;
pub(super) use writer::Writer;

use super::Db;
use crate::store::{Digest, EventKey, StoreError};
use sqlx::Pool;
use tokio::sync::{mpsc, watch};

/// The connection of the driver.
pub(super) type Connection = <Db as sqlx::Database>::Connection;
/// The row of the driver.
pub(super) type Row = <Db as sqlx::Database>::Row;

/// Declares statements so that `STATEMENTS` has them all.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(pub(in super::super) const $name: &str = $sql;)+
        /// Every statement of this file, to be prepared by a check.
        pub(super) const STATEMENTS: &[&str] = &[$($name),+];
    };
}
use statements;

/// The statuses after which nobody has anything more to do with a report, as SQL.
macro_rules! over {
    () => {
        "('done', 'not_done', 'referred', 'merged', 'withdrawn')"
    };
}
use over;

/// A store on one engine.
pub(super) struct SqlStore {
    pub(super) context: fyren_core::domain::Context,
    pub(super) readers: Pool<Db>,
    pub(super) writer: writer::Writer,
    pub(super) ticks: watch::Sender<u64>,
    pub(super) follower: super::Follower,
    pub(super) loader: super::Loader,
}

fn bytes(digest: &Digest) -> &[u8] {
    &digest.0
}

fn key_text(key: &EventKey) -> (&str, String) {
    (key.municipality.as_str(), key.id.to_string())
}

/// The only row that an update may touch was touched.
fn found(rows: u64, what: &'static str) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::NotFound(what)) } else { Ok(()) }
}

/// The channel on which writes wait for their flush.
type Commands = mpsc::Sender<writer::Command>;

#[cfg(test)]
mod tests {
    use fyren_core::domain::ReportStatus;

    #[test]
    fn statements_and_the_domain_mean_the_same_by_over() {
        let over = ReportStatus::ALL.iter().filter(|status| status.is_over());
        let over: Vec<_> = over.map(|status| format!("'{status}'")).collect();
        assert_eq!(over!(), format!("({})", over.join(", ")));
    }
}
