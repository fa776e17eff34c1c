//! The second walk through a file: rows are located and made into events.

use super::events::{Batch, Maker};
use super::place::Places;
use super::report::Tally;
use super::stays::Stays;
use super::{Refusal, RefusedSink};
use crate::import::{Draft, Findings, ImportError, Plan, Record, Row, read};
use fyren_core::domain::Violation;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// Rows that go to the store together.
const BATCH: usize = 4_096;

/// How far an import is.
#[derive(Debug, Default)]
pub struct Progress {
    rows: AtomicU64,
    read: AtomicU64,
}

impl Progress {
    /// Rows of the file, 0 as long as that is not known, and rows read.
    #[must_use]
    pub fn told(&self) -> (u64, u64) {
        (self.rows.load(Ordering::Relaxed), self.read.load(Ordering::Relaxed))
    }

    pub(super) fn begin(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }
}

/// One walk through a file that was surveyed.
pub(super) struct Reading {
    pub plan: Arc<Plan>,
    pub places: Places,
    pub maker: Maker,
    pub stays: Option<Stays>,
    pub tally: Tally,
    pub batch: Batch,
    pub refused: RefusedSink,
    pub send: mpsc::Sender<Batch>,
    pub progress: Arc<Progress>,
}

impl Reading {
    /// Reads the file to its end.
    pub(super) fn read(&mut self, file: impl Read) -> Result<Findings, ImportError> {
        let plan = Arc::clone(&self.plan);
        let findings = read(file, &plan, &mut |row| self.take(row))?;
        if let Some(mut stays) = self.stays.take() {
            self.tally.positions = stays.positions;
            for (visit, first) in stays.end() {
                self.tally.read += 1;
                self.keep(&visit, &first)?;
            }
        }
        self.flush()?;
        Ok(findings)
    }

    fn take(&mut self, row: Row) -> Result<(), ImportError> {
        self.progress.read.fetch_add(1, Ordering::Relaxed);
        let Row { record, outcome } = row;
        let kept = match (outcome, &mut self.stays) {
            (Ok(draft), None) => {
                self.tally.read += 1;
                return self.keep(&draft, &record);
            }
            (Ok(draft), Some(stays)) => stays.take(draft, &record),
            (Err(violation), _) => Err(violation),
        };
        match kept {
            Ok(None) => Ok(()),
            Ok(Some((visit, first))) => {
                self.tally.read += 1;
                self.keep(&visit, &first)
            }
            Err(violation) => {
                self.tally.read += 1;
                self.refuse(&record, violation)
            }
        }
    }

    fn keep(&mut self, draft: &Draft, record: &Record) -> Result<(), ImportError> {
        let spot = self.places.locate(draft, &self.plan, &mut self.tally);
        let made =
            spot.and_then(|spot| self.maker.add(draft, spot, &mut self.batch, &mut self.tally));
        match made {
            Err(violation) => self.refuse(record, violation),
            Ok(()) if self.batch.len() >= BATCH => self.flush(),
            Ok(()) => Ok(()),
        }
    }

    fn refuse(&mut self, record: &Record, violation: Violation) -> Result<(), ImportError> {
        let refusal = Refusal { line: record.line, violation };
        (self.refused)(&self.plan.columns, record, &refusal)?;
        self.tally.refuse(refusal);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ImportError> {
        let empty = Batch::new(self.plan.kind);
        let batch = std::mem::replace(&mut self.batch, empty);
        if batch.len() == 0 {
            return Ok(());
        }
        self.send.blocking_send(batch).map_err(|_hung_up| ImportError::Stopped)
    }
}
