//! Sotenäs, filled by the simulator.

use fyren::{
    app::{App, Ground, LedgerRows, NewMunicipality, Parts, SimulationDraft},
    clock::{Clock, Fixed, Random},
    identity::open_secrets,
};
use fyren_core::domain::MunicipalityCode;
use std::sync::Arc;

/// A Sunday afternoon in November.
const NOW: &str = "2026-11-22T15:00:00Z";

pub struct Sotenas {
    pub app: App,
    pub ground: Arc<Ground>,
    _folder: tempfile::TempDir,
}

impl Sotenas {
    /// With so many synthetic reports in each of two years.
    pub async fn with(per_year: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let clock = Arc::new(Fixed::at(NOW.parse().unwrap()));
        let random = Arc::clone(&clock);
        let secrets = open_secrets(&folder.path().join("test.secrets"), 2026, &|bytes| {
            Random::fill(random.as_ref(), bytes);
        });
        let parts = Parts {
            database: file("test.db"),
            police_database: file("test-police.db"),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: Arc::clone(&clock) as Arc<dyn Random>,
            secrets: secrets.unwrap(),
        };
        let app = App::open(parts).await.unwrap();
        let code = MunicipalityCode::parse("1427").unwrap();
        let new = NewMunicipality { code, name: None, boundary: None, time_zone: None };
        app.add_municipality("test", new).await.unwrap();
        let ground = app.ground("1427").await.unwrap();
        app.load_ledger(&ground, LedgerRows::Demonstration).await.unwrap();
        app.simulate_reports(&ground, draft(per_year)).await.unwrap();
        let ground = app.ground("1427").await.unwrap();
        Self { app, ground, _folder: folder }
    }
}

pub fn draft(per_year: u32) -> SimulationDraft {
    let last_visits = vec![("Malmön".to_owned(), 23)];
    SimulationDraft { seed: 7, per_year, years: 2, last_visits, new_places: Vec::new() }
}
