//! The demonstration: a municipality filled with real incidents and synthetic
//! reports and visits, and one log-in a role.

use super::{App, NewUser, Result, failure};
use crate::store::Area;
use fyren_core::domain::{Context, Grant, MunicipalityCode, Role, Scope};

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

impl App {
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

    async fn make_login(&self, login: &DemoLogin) -> Result<()> {
        let grant = Grant { role: login.role, scope: Scope::Area(DEMO_AREA.to_owned()) };
        let new = NewUser {
            name: login.name.clone(),
            grants: vec![grant],
            password: login.password.clone(),
        };
        let user = self.save_user(ACTOR, new).await?;
        self.keep_token(ACTOR, &user, "demo", &login.token).await
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
