//! The demonstration: a municipality filled with real incidents and synthetic
//! reports and visits, and one log-in a role.

use super::Ground;
use super::layers::{LayerRequest, parse_query};
use super::{
    App, Error, FileFailure, ImportJob, ImportKind, LedgerRows, NewMunicipality, NewUser, Opener,
    Result, SignedInUser, SimulationDraft, failure, shipped,
};
use crate::encode::Value;
use crate::store::Area;
use fyren_core::domain::{Context, Grant, Layer, MunicipalityCode, Role, Scope};
use std::sync::Arc;

/// The group of municipalities in which the demonstration's log-ins hold.
const DEMO_AREA: &str = "demo";
const ACTOR: &str = "demo";

/// A log-in of the demonstration.
#[derive(Debug, Clone)]
pub struct DemoLogin {
    /// Its role.
    pub role: Role,
    /// Name to sign in with.
    pub name: String,
    /// Password.
    pub password: String,
    /// Bearer token.
    pub token: String,
}

/// The municipality of the demonstration.
const DEMO_CODE: &str = "1427";
/// Years of synthetic reports: the first report of a year may come days after
/// its beginning, and a place is held against itself only where two whole years
/// lie before the last one. With three, the minute of the start would decide.
const YEARS: u32 = 4;
/// Places, by the beginning of their name, where something is new this year,
/// and its reports in per cent of a year's. What has always been busy is no news
/// against its own years: without these there would be nothing to send a patrol to.
const NEWS: [(&str, u32); 3] = [("Smögen", 14), ("Hunnebostrand", 12), ("Bovallstrand", 8)];
/// The district that has waited, by the beginning of its name, and how long.
const OVERDUE: (&str, u16) = ("Malmön", 23);
/// Defects that are shown to the public.
const DEFECTS: usize = 12;

impl App {
    /// Fills the stores where they do not hold the demonstration yet: Sotenäs,
    /// the real incidents, `per_year` synthetic reports a year with visits,
    /// and releases of every window that is due. What is there is kept.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn prepare_demo(&self, per_year: u32) -> std::result::Result<(), FileFailure> {
        let code = MunicipalityCode::parse(DEMO_CODE)?;
        let areas = self.municipal.areas().await.map_err(failure)?;
        if areas.iter().any(|area| area.name == DEMO_AREA) {
            return Ok(());
        }
        let new =
            NewMunicipality { code: code.clone(), name: None, boundary: None, time_zone: None };
        self.add_municipality(ACTOR, new).await?;
        self.import_demo_incidents(&code).await?;
        let ground = self.ground(DEMO_CODE).await?;
        let last_visits = vec![(OVERDUE.0.to_owned(), OVERDUE.1)];
        let news = |(place, percent): (&str, u32)| (place.to_owned(), per_year * percent / 100);
        let new_places = NEWS.map(news).to_vec();
        let draft = SimulationDraft { seed: 1427, per_year, years: YEARS, last_visits, new_places };
        self.simulate_reports(&ground, draft).await?;
        let ground = self.ground(DEMO_CODE).await?;
        self.load_ledger(&ground, LedgerRows::Demonstration).await?;
        self.publish_simulated_defects(&ground, DEFECTS).await?;
        self.stage_guardians(&ground).await?;
        let this_year = self.today(&ground.zone).year();
        for year in this_year - 2..=this_year {
            self.publish_year(ACTOR, &ground, year).await?;
        }
        // Last, since it says that all the rest is there.
        Ok(self.open_to_demo(&code).await?)
    }

    /// The municipality that the demonstration is about.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it has not been prepared.
    pub async fn demo_municipality(&self) -> Result<MunicipalityCode> {
        let code = MunicipalityCode::parse(DEMO_CODE)?;
        let known = self.municipal.municipality(&code).await.map_err(failure)?;
        known.map(|municipality| municipality.code).ok_or(Error::NotFound)
    }

    /// The district that has waited longest for a visit: its code, its name and
    /// the days since; `None` where no visit is known.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the index is loading.
    pub async fn longest_without_visit(
        &self,
        ground: &Arc<Ground>,
    ) -> Result<Option<(String, String, u32)>> {
        let query = parse_query(Layer::Coverage, &[], &ground.zone).map_err(Error::BadParameter)?;
        let request = LayerRequest {
            ground: Arc::clone(ground),
            layer: Layer::Coverage,
            roles: Some(vec![Role::Coordinator]),
            query,
            today: self.today(&ground.zone),
        };
        let answer = self.layers.prepare(request).await?.answer().await?;
        let waited = answer.features().filter_map(|district| {
            let field = |name| district.fields.iter().find(|(field, _)| *field == name);
            match (field("district")?, field("name")?, field("daysSinceVisit")?) {
                ((_, Value::Text(code)), (_, Value::Text(name)), (_, Value::Int(days))) => {
                    Some((code.to_string(), name.to_string(), u32::try_from(*days).ok()?))
                }
                _ => None,
            }
        });
        Ok(waited.max_by_key(|(_, _, days)| *days))
    }

    /// Code and name of every municipality that can be added at once, by name.
    pub fn choices(&self) -> Vec<(String, String)> {
        let mut choices: Vec<(String, String)> = shipped::names().collect();
        choices.sort_by(|a, b| a.1.cmp(&b.1));
        choices
    }

    async fn import_demo_incidents(
        &self,
        code: &MunicipalityCode,
    ) -> std::result::Result<(), FileFailure> {
        let job = ImportJob::new(ImportKind::Incidents, "police-events", Some(code.clone()));
        let open: Opener = Arc::new(|| Ok(Box::new(shipped::POLICE_EVENTS.as_bytes())));
        let report = self.import_file(ACTOR, job, open, Box::new(|_, _, _| Ok(()))).await?;
        if report.refused > 0 {
            return Err(Error::Bug(format!("{} incidents were refused", report.refused)).into());
        }
        Ok(())
    }

    /// One log-in a role, each made at the first start and kept after it; the
    /// same secrets give the same log-ins.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn demo_logins(&self) -> Result<Vec<DemoLogin>> {
        let mut logins = Vec::new();
        for role in Role::ALL {
            let login = DemoLogin {
                role: *role,
                name: role.code().to_owned(),
                password: self.secrets.demo_password(role.code()),
                token: self.secrets.demo_token(role.code()),
            };
            let store = self.store(role.context());
            if store.secrets(&login.name).await.map_err(failure)?.is_none() {
                self.make_login(&login).await?;
            }
            logins.push(login);
        }
        Ok(logins)
    }

    /// Seats a visitor of the demonstration on the chair of `role`.
    ///
    /// # Errors
    /// [`Error::NotFound`] without its log-in.
    pub async fn take_demo_seat(&self, role: Role) -> Result<SignedInUser> {
        let user = self.user_by_name(role.code()).await?;
        self.let_in(role.context(), user, true, "demo_seat").await
    }

    async fn make_login(&self, login: &DemoLogin) -> Result<()> {
        let grant = Grant { role: login.role, scope: Scope::Area(DEMO_AREA.to_owned()) };
        let new = NewUser {
            name: login.name.clone(),
            grants: vec![grant],
            password: login.password.clone(),
        };
        let user = self.save_user(ACTOR, new).await?;
        self.keep_token(ACTOR, &user, ("demo", None), &login.token).await
    }

    /// Lets the demonstration's log-ins into `municipality`, too.
    ///
    /// # Errors
    /// Where a store fails.
    pub async fn open_to_demo(&self, municipality: &MunicipalityCode) -> Result<()> {
        self.ground(municipality.as_str()).await?;
        for context in Context::ALL {
            let store = self.store(*context);
            let areas = store.areas().await.map_err(failure)?;
            let known = areas.into_iter().find(|area| area.name == DEMO_AREA);
            let mut area = known
                .unwrap_or_else(|| Area { name: DEMO_AREA.to_owned(), municipalities: Vec::new() });
            if !area.municipalities.contains(municipality) {
                area.municipalities.push(municipality.clone());
                let audit = self.audit(ACTOR, "save_area", Some(municipality), None);
                store.save_area(area, audit).await.map_err(failure)?;
            }
        }
        Ok(())
    }
}
