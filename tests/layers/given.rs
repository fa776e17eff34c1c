//! Stores with a drawn municipality, and what is put into them.
#![expect(dead_code, reason = "the tests and the benchmark each use a part of it")]

use fyren::app::Ground;
use fyren::app::indexes::Indexes;
use fyren::app::layers::{Layers, Pool};
use fyren::store::{AuditEntry, Imported, Origin, Store, open};
use fyren_core::domain::{
    Band, Category, Channel, Context, District, DistrictCode, Id, Municipality, MunicipalityCode,
    Place, Policy, Position, Release, ReleaseCell, ReleaseGroup, ReleaseId, ReleaseKind,
    ReleaseWindow, Report, ReportStatus, RetentionClass, Seq, SourceClass, SourceTag,
    TimePrecision, When,
};
use geo_types::{MultiPolygon, Rect, coord};
use std::sync::Arc;
use tempfile::TempDir;

/// Both stores in a folder of their own.
pub struct Given {
    pub municipal: Arc<dyn Store>,
    police: Arc<dyn Store>,
    folder: Arc<TempDir>,
}

impl Given {
    /// Empty stores that know the municipality 1427.
    pub async fn new() -> Self {
        let given = Self::open(Arc::new(tempfile::tempdir().unwrap())).await;
        given.add(&municipality("1427")).await;
        given
    }

    async fn open(folder: Arc<TempDir>) -> Self {
        let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let municipal = open(&url("fyren.db"), Context::Municipal).await.unwrap();
        let police = open(&url("fyren-police.db"), Context::Police).await.unwrap();
        Self { municipal, police, folder }
    }

    /// The same files, opened once more as another process does.
    pub async fn reopened(&self) -> Self {
        Self::open(Arc::clone(&self.folder)).await
    }

    /// The file of the municipal store.
    pub fn municipal_file(&self) -> std::path::PathBuf {
        self.folder.path().join("fyren.db")
    }

    pub async fn add(&self, municipality: &Municipality) {
        for store in [&self.municipal, &self.police] {
            let added = store.save_municipality(municipality.clone(), audit("add_municipality"));
            added.await.unwrap();
        }
    }

    pub async fn insert(&self, reports: &[Imported<Report>]) {
        let count = self.municipal.insert_reports(reports.to_vec()).await.unwrap();
        assert_eq!(count.stored, reports.len());
    }

    pub fn layers(&self) -> Layers {
        Layers::new(Arc::clone(&self.municipal), Arc::clone(&self.police)).ok().unwrap()
    }

    pub fn indexes(&self, budget: usize) -> Indexes {
        let pool = Arc::new(Pool::new().ok().unwrap());
        let (municipal, police) = (Arc::clone(&self.municipal), Arc::clone(&self.police));
        Indexes::new(municipal, police, pool).with_budget(budget)
    }
}

fn drawn() -> MultiPolygon {
    let (low, high) = (coord! { x: 11.0, y: 58.3 }, coord! { x: 11.5, y: 58.5 });
    MultiPolygon(vec![Rect::new(low, high).to_polygon()])
}

pub fn municipality(code: &str) -> Municipality {
    let code = MunicipalityCode::parse(code).unwrap();
    Municipality {
        name: format!("Drawn {code}"),
        full_name: format!("Drawn municipality {code}"),
        time_zone: "Europe/Stockholm".to_owned(),
        crs: "EPSG:3006".to_owned(),
        boundary: drawn(),
        land: None,
        districts: vec![District {
            code: DistrictCode("all".to_owned()),
            name: "All".to_owned(),
            boundary: drawn(),
            residents: None,
        }],
        localities: Vec::new(),
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: false,
        code,
    }
}

pub fn ground(code: &str) -> Arc<Ground> {
    Arc::new(Ground::new(municipality(code)).ok().unwrap())
}

pub fn audit(action: &str) -> AuditEntry {
    AuditEntry {
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        actor: "test".to_owned(),
        action: action.to_owned(),
        municipality: None,
        subject: None,
        detail: String::new(),
    }
}

/// The report number `number` of a municipality.
pub fn report(code: &str, number: u32) -> Imported<Report> {
    let ground = ground_of(code);
    // The R2 sequence (Roberts 2018) fills the ground evenly.
    let part = |step: f64| (f64::from(number) * step).fract();
    let (x, y) = (part(0.754_877_666_246_692_8), part(0.569_840_290_998_053_3));
    let position = Position { longitude: 11.05 + 0.4 * x, latitude: 58.32 + 0.16 * y };
    let place = Place::Point { position, precision_m: 25.0 };
    let at = "2026-11-01T20:00:00Z".parse().unwrap();
    let when = When::Instant { at, precision: TimePrecision::Minute };
    let event = Report {
        id: Id::from_bits(u128::from(number) << 64 | 0xfeed),
        seq: Seq(0),
        municipality: ground.code().clone(),
        category: Category::Lighting,
        foreign_category: None,
        located: ground.geofence.locate(place).unwrap().located,
        when,
        factors: Vec::new(),
        details: Vec::new(),
        feeling: None,
        text: None,
        channel: Channel::Import,
        source_class: SourceClass::Citizen,
        source_tag: SourceTag::from_bits(u64::from(number) << 8),
        status: ReportStatus::Received,
        foreign_status: None,
        foreign_source: None,
        published: false,
        quarantine: None,
        merged_into: None,
        duplicate_of: None,
        voices: 1,
        retention: RetentionClass::Report,
        received_hour: "2026-11-02T07:00:00Z".parse().unwrap(),
    };
    let origin = Origin { dataset: "given".to_owned(), external_key: format!("{code}-{number}") };
    Imported { event, masks: when.masks(&ground.zone), origin }
}

fn ground_of(code: &str) -> Arc<Ground> {
    thread_local! {
        static KNOWN: std::cell::RefCell<std::collections::HashMap<String, Arc<Ground>>> =
            std::cell::RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        Arc::clone(known.entry(code.to_owned()).or_insert_with(|| ground(code)))
    })
}

/// A release of the year 2025 with one cell.
pub fn release() -> Release {
    Release {
        id: ReleaseId("ab".repeat(32)),
        municipality: MunicipalityCode::parse("1427").unwrap(),
        kind: ReleaseKind::YearCells,
        window: ReleaseWindow {
            from: "2025-01-01".parse().unwrap(),
            to: "2026-01-01".parse().unwrap(),
        },
        published_at: "2026-02-01T00:00:00Z".parse().unwrap(),
        k: 5,
        synthetic: false,
        cells: vec![ReleaseCell {
            cell_id: "800/350/8093".to_owned(),
            size_m: 800,
            group: ReleaseGroup::Reports,
            band: Band::From5To9,
        }],
        districts: Vec::new(),
    }
}
