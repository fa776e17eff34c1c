//! `read_layer`: the use case behind `GET M/layers/{layer}`.

use super::{LayerRequest, Prepared, admit, parse_query};
use crate::app::{App, Error, Ground, Result, Staff};
use fyren_core::domain::{Audience, Layer};
use std::sync::Arc;

impl App {
    /// Decides whether `staff`, or somebody who has not signed in, may see
    /// `layer`, reads the question out of the `pairs` of the query, notes the
    /// read of a sensitive layer, and prepares the answer.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::NotFound`] or [`Error::Forbidden`]
    /// first; then [`Error::BadParameter`]; [`Error::Unavailable`] when the
    /// index is not there within 30 s or the read cannot be noted.
    pub async fn read_layer(
        &self,
        ground: &Arc<Ground>,
        layer: Layer,
        staff: Option<&Staff>,
        pairs: &[(String, String)],
    ) -> Result<Prepared> {
        let roles = staff.map(|staff| staff.roles_in(ground.code()).to_vec());
        admit(layer, roles.as_deref())?;
        let query = parse_query(layer, pairs, &ground.zone).map_err(Error::BadParameter)?;
        if let Some(staff) = staff.filter(|_| layer.audience() == Audience::Staff) {
            self.note_read(staff, ground.code(), layer).await?;
        }
        let today = self.today(&ground.zone);
        let ground = Arc::clone(ground);
        self.layers.prepare(LayerRequest { ground, layer, roles, query, today }).await
    }
}
