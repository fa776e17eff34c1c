//! Taking data out by the command line: by whose roles, and that it is noted.

use super::{App, Ground, Result, digest, failure};
use crate::{identity::hash_token, store::AuditEntry};
use fyren_core::domain::{Context, Layer, Role};

impl App {
    /// The roles of a user in a municipality, areas resolved.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] without such a user.
    pub async fn roles_of(&self, name: &str, ground: &Ground) -> Result<Vec<Role>> {
        let user = self.user_by_name(name).await?;
        let police = user.grants.iter().any(|grant| grant.role.context() == Context::Police);
        let context = if police { Context::Police } else { Context::Municipal };
        let key = digest(&hash_token(name))?;
        let staff = self.resolve(key, user, context, true).await?;
        Ok(staff.roles_in(ground.code()).to_vec())
    }

    /// Notes that `layers` of a municipality are written out.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_export(&self, actor: &str, ground: &Ground, layers: &[Layer]) -> Result<()> {
        let names: Vec<&str> = layers.iter().map(|layer| layer.code()).collect();
        let entry = self.audit(actor, "export", Some(ground.code()), None);
        let entry = AuditEntry { detail: names.join(","), ..entry };
        self.municipal.append_audit(entry).await.map_err(failure)
    }
}
