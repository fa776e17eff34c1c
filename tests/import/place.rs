//! A place of work with its own stores: what an import leaves in them.

use fyren::app::{
    App, FileFailure, ImportJob, ImportKind, ImportReport, NewMunicipality, Opener, Parts, Refusal,
};
use fyren::clock::Fixed;
use fyren::identity::open_secrets;
use fyren::store::EventKey;
use fyren_core::domain::{
    Context, EventKind, Flags, Id, Incident, MunicipalityCode, Report, Seq, Visit,
};
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub struct Work {
    pub app: App,
    pub clock: Arc<Fixed>,
    folder: TempDir,
}

/// One stored event, as the index sees it.
pub struct Stored {
    pub id: Id,
    pub kind: EventKind,
    pub located: bool,
    pub precision_m: f64,
    pub district: String,
    pub category: String,
    pub flags: Flags,
}

pub fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

impl Work {
    /// Empty stores and a clock that stands still.
    pub async fn empty() -> Self {
        let clock = Arc::new(Fixed::at("2026-11-22T12:34:56Z".parse().unwrap()));
        Self::opened(tempfile::tempdir().unwrap(), clock).await
    }

    /// The same stores, opened by a program that was started anew.
    pub async fn restarted(self) -> Self {
        self.app.close().await;
        Self::opened(self.folder, self.clock).await
    }

    async fn opened(folder: TempDir, clock: Arc<Fixed>) -> Self {
        let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let fill = |bytes: &mut [u8]| bytes.fill(7);
        let secrets = open_secrets(&folder.path().join("a.secrets"), 2026, &fill).unwrap();
        let parts = Parts {
            database: url("fyren.db"),
            police_database: url("fyren-police.db"),
            clock: Arc::clone(&clock) as _,
            random: Arc::clone(&clock) as _,
            secrets,
        };
        Self { app: App::open(parts).await.unwrap(), clock, folder }
    }

    /// Stores that know these municipalities.
    pub async fn with(codes: &[&str]) -> Self {
        let work = Self::empty().await;
        for one in codes {
            work.add(one).await.unwrap();
        }
        work
    }

    pub async fn add(&self, one: &str) -> Result<(), FileFailure> {
        let new = NewMunicipality { code: code(one), name: None, boundary: None, time_zone: None };
        self.app.add_municipality("test", new).await.map(|_| ())
    }

    pub async fn import(&self, job: ImportJob, bytes: &[u8]) -> Result<ImportReport, FileFailure> {
        self.import_with(job, bytes).await.map(|(report, _)| report)
    }

    /// Imports, and gives the refused rows as they were handed over.
    pub async fn import_with(
        &self,
        job: ImportJob,
        bytes: &[u8],
    ) -> Result<(ImportReport, Vec<Refusal>), FileFailure> {
        let bytes = bytes.to_vec();
        let open: Opener = Arc::new(move || Ok(Box::new(Cursor::new(bytes.clone()))));
        let refused = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&refused);
        let take = Box::new(move |_: &[String], _: &_, refusal: &Refusal| {
            sink.lock().unwrap().push(refusal.clone());
            Ok(())
        });
        let report = self.app.import_file("test", job, open, take).await?;
        let refused = std::mem::take(&mut *refused.lock().unwrap());
        Ok((report, refused))
    }

    pub async fn stored(&self, context: Context, municipality: &str) -> Vec<Stored> {
        let mut all = Vec::new();
        let mut sink = |row: fyren_core::domain::EventRow<'_>| {
            all.push(Stored {
                id: row.id,
                kind: row.kind,
                located: row.anchor.is_some(),
                precision_m: row.precision_m,
                district: row.district.to_owned(),
                category: row.category.to_owned(),
                flags: row.flags,
            });
        };
        let store = self.app.store(context);
        store.load_events(&code(municipality), Seq(0), &mut sink).await.unwrap();
        all
    }

    pub async fn reports(&self) -> Vec<Report> {
        let mut reports = Vec::new();
        for event in self.stored(Context::Municipal, "1427").await {
            let key = EventKey { municipality: code("1427"), id: event.id };
            reports.push(self.app.municipal.report(&key).await.unwrap().unwrap());
        }
        reports
    }

    pub async fn incidents(&self) -> Vec<Incident> {
        let mut incidents = Vec::new();
        for event in self.stored(Context::Municipal, "1427").await {
            let key = EventKey { municipality: code("1427"), id: event.id };
            incidents.push(self.app.municipal.incident(&key).await.unwrap().unwrap());
        }
        incidents
    }

    pub async fn visits(&self, context: Context) -> Vec<Visit> {
        let mut visits = Vec::new();
        for event in self.stored(context, "1427").await {
            let key = EventKey { municipality: code("1427"), id: event.id };
            visits.push(self.app.store(context).visit(&key).await.unwrap().unwrap());
        }
        visits
    }
}

pub fn job(kind: ImportKind) -> ImportJob {
    ImportJob::new(kind, "file", Some(code("1427")))
}
