//! Importing a file: read, located, stored in batches, told line by line.

mod areas;
mod events;
mod facts;
mod lasting;
mod look;
mod names;
mod place;
mod reading;
mod report;
mod stays;

pub use look::{Look, Sample};
pub use reading::Progress;
pub use report::{ImportReport, Refusal};

use super::{App, Error, Ground, Result, failure};
use crate::import::{ImportError, Kind, Mapping, Plan, Record, Request, Zone, survey};
use crate::store::{Digest, ImportRows, Imported, StoredCount};
use events::{Batch, Maker};
use fyren_core::domain::{Context, Id, MunicipalityCode, Violation};
use geo::BoundingRect;
use geo_types::Rect;
use lasting::Lasting;
use place::Places;
use reading::Reading;
use report::Tally;
use sha2::{Digest as _, Sha256};
use stays::Stays;
use std::io::{self, Read};
use std::sync::Arc;
use tokio::sync::mpsc;

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
    /// Whether visits of the police are refused, because whoever imports may
    /// not write them.
    pub civil_only: bool,
    /// The identity that the import is to have; such an import begins anew
    /// and completes none that was broken off.
    pub id: Option<Id>,
    /// How far it is.
    pub progress: Arc<Progress>,
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

impl ImportJob {
    /// Everything guessed, nothing left out.
    #[must_use]
    pub fn new(kind: Kind, dataset: &str, municipality: Option<MunicipalityCode>) -> Self {
        Self {
            kind,
            dataset: dataset.to_owned(),
            municipality,
            mappings: Vec::new(),
            time_zone: None,
            crs: None,
            dry_run: false,
            civil_only: false,
            id: None,
            progress: Arc::default(),
        }
    }
}

impl App {
    /// Reads a file to its end and stores what is new in it.
    ///
    /// The file is looked through before anything is stored, so that of a
    /// broken one nothing is. Rows go to the store in transactions of a few
    /// thousand; when something fails in between, what was stored is taken
    /// back, and where the program itself is ended the same import again
    /// completes it. Memory does not grow with the file.
    ///
    /// # Errors
    /// [`FileFailure::File`] for a file that cannot be read to its end,
    /// [`Error::NotFound`] without such a municipality, [`Error::Invalid`]
    /// `timeZone: unknown_value` or `municipality: required` (areas belong to
    /// one), [`Error::Conflict`] `import_running` while another program
    /// imports into the same data set.
    pub async fn import_file(
        &self,
        actor: &str,
        job: ImportJob,
        open: Opener,
        refused: RefusedSink,
    ) -> std::result::Result<ImportReport, FileFailure> {
        let grounds = self.grounds_of(&job).await?;
        let request = request(&job, &grounds)?;
        let (plan, fingerprint) = surveyed(Arc::clone(&open), request).await?;
        job.progress.begin(plan.rows);
        let mut lasting = if job.dry_run {
            Lasting::dry()
        } else {
            let before = self.districts_before(&job).await?;
            self.begin_import(actor, &job, fingerprint, before).await?
        };
        let walk = Walk { plan: Arc::new(plan), grounds, open, refused };
        let done = self.walked(actor, &job, &mut lasting, walk).await;
        if done.is_err() {
            self.abandon_import(actor, &lasting).await;
        }
        done
    }

    /// The second walk, with the stores beside it.
    async fn walked(
        &self,
        actor: &str,
        job: &ImportJob,
        lasting: &mut Lasting,
        walk: Walk,
    ) -> std::result::Result<ImportReport, FileFailure> {
        let Walk { plan, grounds, open, refused } = walk;
        let (send, receive) = mpsc::channel(WAITING);
        let mut reading = Reading {
            plan: Arc::clone(&plan),
            places: Places::new(grounds),
            maker: Maker::new(job, lasting, self.this_hour()),
            stays: (plan.kind == Kind::Tracks).then(Stays::default),
            tally: Tally::default(),
            batch: Batch::new(job.kind),
            refused,
            send,
            progress: Arc::clone(&job.progress),
        };
        let reader = blocking(move || {
            let findings = reading.read(open().map_err(ImportError::from)?)?;
            Ok((reading.tally, findings))
        });
        let (read, stored) = tokio::join!(reader, self.store_batches(actor, job, lasting, receive));
        // A store that fails hangs up, which the reader only sees as the end.
        let stored = stored?;
        let (tally, findings) = read?;
        let rows = ImportRows {
            read: tally.read,
            stored: stored.stored as u64,
            known: stored.known as u64,
            refused: tally.refused,
        };
        self.finish_import(actor, job, lasting, rows).await?;
        let id = (!job.dry_run).then_some(lasting.id);
        Ok(report::made(job, &plan, tally, &findings, (id, rows)))
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
        lasting: &mut Lasting,
        mut receive: mpsc::Receiver<Batch>,
    ) -> Result<StoredCount> {
        let mut sum = StoredCount::default();
        while let Some(batch) = receive.recv().await {
            let count = if job.dry_run {
                StoredCount { stored: batch.len(), known: 0 }
            } else {
                self.keep_import(lasting).await?;
                self.store_batch(actor, job, batch).await?
            };
            sum.stored += count.stored;
            sum.known += count.known;
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
            Batch::Exposure(rows) => self.municipal.insert_exposures(rows).await.map_err(failure),
            Batch::Speeds(rows) => self.municipal.insert_speeds(rows).await.map_err(failure),
            Batch::Surveys(rows) => self.municipal.insert_surveys(rows).await.map_err(failure),
            Batch::Areas(districts) => self.store_areas(actor, job, districts).await,
        }
    }
}

/// What the second walk needs beside the job.
struct Walk {
    plan: Arc<Plan>,
    grounds: Vec<Arc<Ground>>,
    open: Opener,
    refused: RefusedSink,
}

/// The first walk, and the hash of the file.
async fn surveyed(
    open: Opener,
    request: Request,
) -> std::result::Result<(Plan, Digest), FileFailure> {
    blocking(move || {
        let mut file = Hashed { inner: open().map_err(ImportError::from)?, hash: Sha256::new() };
        let plan = survey(&mut file, &request)?;
        // What lies behind the last row belongs to the file too.
        io::copy(&mut file, &mut io::sink()).map_err(ImportError::from)?;
        Ok((plan, Digest(file.hash.finalize().into())))
    })
    .await
}

/// Hashes what is read through it.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
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
