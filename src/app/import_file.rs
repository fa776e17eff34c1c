//! Importing a file: read, located, stored in batches, told line by line.

mod areas;
mod events;
mod place;
mod report;

pub use report::{ImportReport, Refusal};

use super::{App, Error, Ground, Result, failure};
use crate::import::{Findings, ImportError, Kind, Mapping, Plan, Record, Request, Row, Zone};
use crate::import::{read, survey};
use crate::store::{Imported, StoredCount};
use events::{Batch, Maker};
use fyren_core::domain::{Context, MunicipalityCode, Violation};
use geo::BoundingRect;
use geo_types::Rect;
use place::Places;
use report::Tally;
use std::io::{self, Read};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Rows that go to the store together.
const BATCH: usize = 4_096;
/// Batches that may wait for the store.
const WAITING: usize = 4;

/// What to import, and how.
#[derive(Debug, Clone)]
pub struct ImportJob {
    /// What the file holds.
    pub kind: Kind,
    /// Name of the data set.
    pub dataset: String,
    /// The municipality; `None` for whichever each row lies in.
    pub municipality: Option<MunicipalityCode>,
    /// What columns mean, as far as somebody said so.
    pub mappings: Vec<Mapping>,
    /// IANA name of the zone of times without an offset; the municipality's
    /// where nobody said so.
    pub time_zone: Option<String>,
    /// The coordinate system, if somebody said so.
    pub crs: Option<String>,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
}

/// Opens the file from its beginning; asked twice.
pub type Opener = Arc<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// Takes each refused row with the file's columns.
pub type RefusedSink = Box<dyn FnMut(&[String], &Record, &Refusal) -> io::Result<()> + Send>;

/// Why a file was refused as a whole. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum FileFailure {
    /// What is wrong with the file.
    #[error(transparent)]
    File(#[from] ImportError),
    /// What is wrong with anything else.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<Violation> for FileFailure {
    fn from(violation: Violation) -> Self {
        Self::App(violation.into())
    }
}

impl App {
    /// Reads a file to its end and stores what is new in it.
    ///
    /// The file is looked through before anything is stored, so that of a
    /// broken one nothing is. Rows go to the store in transactions of a few
    /// thousand; when the store fails in between, the same import again
    /// completes it, since what is stored is known. Memory does not grow with
    /// the file.
    ///
    /// # Errors
    /// [`FileFailure::File`] for a file that cannot be read to its end,
    /// [`Error::NotFound`] without such a municipality, [`Error::Invalid`]
    /// `timeZone: unknown_value` or `municipality: required` (areas belong to one).
    pub async fn import_file(
        &self,
        actor: &str,
        job: ImportJob,
        open: Opener,
        refused: RefusedSink,
    ) -> std::result::Result<ImportReport, FileFailure> {
        let grounds = self.grounds_of(&job).await?;
        let request = request(&job, &grounds)?;
        let plan = {
            let open = Arc::clone(&open);
            blocking(move || Ok(survey(open().map_err(ImportError::from)?, &request)?)).await?
        };
        let plan = Arc::new(plan);
        let (send, receive) = mpsc::channel(WAITING);
        let mut reading = Reading {
            plan: Arc::clone(&plan),
            places: Places::new(grounds),
            maker: Maker::new(self, &job),
            tally: Tally::default(),
            batch: Batch::new(job.kind),
            refused,
            send,
        };
        let reader = blocking(move || {
            let findings = reading.read(open().map_err(ImportError::from)?)?;
            Ok((reading.tally, findings))
        });
        let (read, stored) = tokio::join!(reader, self.store_batches(actor, &job, receive));
        // A store that fails hangs up, which the reader only sees as the end.
        let stored = stored?;
        let (tally, findings) = read?;
        Ok(report::made(&job, &plan, tally, &findings, stored))
    }

    async fn grounds_of(&self, job: &ImportJob) -> Result<Vec<Arc<Ground>>> {
        if let Some(code) = &job.municipality {
            return Ok(vec![self.ground(code.as_str()).await?]);
        }
        if job.kind == Kind::Areas {
            return Err(Violation::new("municipality", "required").into());
        }
        let mut grounds = Vec::new();
        for summary in self.municipalities().await? {
            grounds.push(self.ground(summary.code.as_str()).await?);
        }
        Ok(grounds)
    }

    async fn store_batches(
        &self,
        actor: &str,
        job: &ImportJob,
        mut receive: mpsc::Receiver<Batch>,
    ) -> Result<StoredCount> {
        let mut sum = StoredCount::default();
        while let Some(batch) = receive.recv().await {
            let count = if job.dry_run {
                StoredCount { stored: batch.len(), known: 0 }
            } else {
                self.store_batch(actor, job, batch).await?
            };
            sum.stored += count.stored;
            sum.known += count.known;
        }
        if !job.dry_run {
            let action = "import_file";
            let subject = Some(job.dataset.clone());
            let mut entry = self.audit(actor, action, job.municipality.as_ref(), subject);
            entry.detail = format!("{}: {} stored", job.kind.code(), sum.stored);
            self.municipal.append_audit(entry).await.map_err(failure)?;
        }
        Ok(sum)
    }

    async fn store_batch(&self, actor: &str, job: &ImportJob, batch: Batch) -> Result<StoredCount> {
        match batch {
            Batch::Reports(rows) => self.municipal.insert_reports(rows).await.map_err(failure),
            Batch::Incidents(rows) => self.municipal.insert_incidents(rows).await.map_err(failure),
            Batch::Visits(rows) => {
                let of_police = |row: &Imported<fyren_core::domain::Visit>| {
                    row.event.unit_kind.context() == Context::Police
                };
                let (police, civil): (Vec<_>, Vec<_>) = rows.into_iter().partition(of_police);
                let police = self.police.insert_visits(police).await.map_err(failure)?;
                let civil = self.municipal.insert_visits(civil).await.map_err(failure)?;
                Ok(StoredCount {
                    stored: police.stored + civil.stored,
                    known: police.known + civil.known,
                })
            }
            Batch::Areas(districts) => self.store_areas(actor, job, districts).await,
        }
    }
}

/// One walk through a file that was surveyed.
struct Reading {
    plan: Arc<Plan>,
    places: Places,
    maker: Maker,
    tally: Tally,
    batch: Batch,
    refused: RefusedSink,
    send: mpsc::Sender<Batch>,
}

impl Reading {
    fn read(&mut self, file: impl Read) -> std::result::Result<Findings, ImportError> {
        let plan = Arc::clone(&self.plan);
        let findings = read(file, &plan, &mut |row| self.take(row))?;
        self.flush()?;
        Ok(findings)
    }

    fn take(&mut self, row: Row) -> std::result::Result<(), ImportError> {
        self.tally.read += 1;
        let Row { record, outcome } = row;
        let made = outcome.and_then(|draft| {
            let spot = self.places.locate(&draft, &self.plan, &mut self.tally)?;
            self.maker.add(&draft, spot, &mut self.batch, &mut self.tally)
        });
        if let Err(violation) = made {
            let refusal = Refusal { line: record.line, violation };
            (self.refused)(&self.plan.columns, &record, &refusal)?;
            self.tally.refuse(refusal);
        }
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> std::result::Result<(), ImportError> {
        let empty = Batch::new(self.plan.kind);
        let batch = std::mem::replace(&mut self.batch, empty);
        if batch.len() == 0 {
            return Ok(());
        }
        self.send.blocking_send(batch).map_err(|_hung_up| ImportError::Stopped)
    }
}

fn request(job: &ImportJob, grounds: &[Arc<Ground>]) -> Result<Request> {
    let zones = grounds.first().map(|ground| ground.municipality.time_zone.clone());
    let zone = job.time_zone.clone().or(zones).unwrap_or_else(|| "UTC".to_owned());
    let zone =
        Zone::parse(&zone).map_err(|_unknown| Violation::new("timeZone", "unknown_value"))?;
    let only = match (&job.municipality, grounds) {
        (Some(_), [only]) => Some(&only.municipality),
        _ => None,
    };
    Ok(Request {
        kind: job.kind,
        mappings: job.mappings.clone(),
        zone,
        crs: job.crs.clone(),
        near: only.and_then(|municipality| municipality.boundary.bounding_rect()).map(wider),
        plane: only.map(|municipality| municipality.crs.clone()),
    })
}

/// Bounds with a tenth of a degree around them.
fn wider(bounds: Rect<f64>) -> Rect<f64> {
    const MARGIN: f64 = 0.1;
    let (min, max) = (bounds.min(), bounds.max());
    Rect::new((min.x - MARGIN, min.y - MARGIN), (max.x + MARGIN, max.y + MARGIN))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, FileFailure> + Send + 'static,
) -> std::result::Result<T, FileFailure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|fault| FileFailure::App(Error::Bug(fault.to_string())))?
}
