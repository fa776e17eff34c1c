//! Vetoes: somebody who knows a place says why a hot spot on it is not to be
//! acted on, until when; and looks again on that day.

use super::{App, Error, Ground, Result, Staff, digest, draft, failure, submit_report::check_key};
use crate::{identity::RequestKey, store::Submitted};
use fyren_core::domain::{
    Id, Layer, Operation, Plane, Position, SpotCell, Veto, VetoAct, VetoReason, VetoStep,
    VetoTerms, Violation, may_do,
};

/// Terms of a veto as staff send them.
#[derive(Debug, Clone, Default)]
pub struct TermsDraft {
    /// Code of the reason.
    pub reason: String,
    /// The same in words.
    pub note: Option<String>,
    /// Local day of the review.
    pub review_on: String,
}

/// What a review comes to, as staff send it.
#[derive(Debug, Clone)]
pub enum ReviewDraft {
    /// The veto goes on, on these terms.
    Renewed(TermsDraft),
    /// It ends, with what was found.
    Ended(Option<String>),
}

impl App {
    /// Every veto that `staff` may see, ended ones included, the latest set
    /// first: to a municipal role those of its own context alone.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that does not see hot spots.
    pub async fn vetoes(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Veto>> {
        staff.must_see(ground.code(), Layer::Hotspots)?;
        self.layers.vetoes(ground.code(), staff.sees_police(ground.code(), Layer::Hotspots)).await
    }

    /// Vetoes a hot spot, known by its `key`, once, however often it is sent,
    /// and gives the identity of the veto. It is kept in the context of the role.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule;
    /// [`Error::Conflict`] `key-reused`, or `veto_holds` where one holds there.
    pub async fn veto_spot(
        &self,
        staff: &Staff,
        ground: &Ground,
        (spot, terms): (&str, &TermsDraft),
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let by = staff.must(ground.code(), Operation::VetoSpot)?;
        check_key(key)?;
        let cell = SpotCell::parse(spot)?;
        let at = inside(ground, cell)?;
        let act = self.act(ground, &ReviewDraft::Renewed(terms.clone()))?;
        let request = RequestKey { municipality: ground.code(), key };
        let idempotency = self.idempotency("veto_spot", request, body)?;
        // A repeated request has to find the identity that the first one got.
        let named = digest(&self.secrets.request_hash("veto_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        let id = Id::from_bits(u128::from_be_bytes(bits));
        let steps = vec![VetoStep { at: self.clock.now(), by, act }];
        let (municipality, context) = (ground.code().clone(), by.context());
        let veto = Veto { id, municipality, context, cell, at, steps };
        let mut audit =
            self.audit(staff.name(), "veto_spot", Some(ground.code()), Some(id.to_string()));
        terms.reason.clone_into(&mut audit.detail);
        let stored = self.store(context).set_veto(veto, idempotency, audit).await;
        match stored.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// Renews or ends a veto of one's own context.
    ///
    /// # Errors
    /// [`Error::Forbidden`], also for a veto of the other context;
    /// [`Error::NotFound`] without such a veto; [`Error::Invalid`] naming a
    /// broken rule; [`Error::Conflict`] `veto_ended`.
    pub async fn review_veto(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        review: &ReviewDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::VetoSpot)?;
        let seen = self.vetoes(staff, ground).await?;
        let veto = seen.into_iter().find(|veto| veto.id.to_string() == id);
        let veto = veto.ok_or(Error::NotFound)?;
        let roles = staff.roles_in(ground.code()).iter().copied();
        let own = |role: &_| may_do(*role, Operation::VetoSpot) && role.context() == veto.context;
        let by = roles.into_iter().find(own).ok_or(Error::Forbidden)?;
        let act = self.act(ground, review)?;
        let mut audit =
            self.audit(staff.name(), "review_veto", Some(ground.code()), Some(id.to_owned()));
        match &act {
            VetoAct::Held(terms) => terms.reason.code(),
            VetoAct::Ended(_) => "ended",
        }
        .clone_into(&mut audit.detail);
        let step = VetoStep { at: self.clock.now(), by, act };
        let store = self.store(veto.context);
        store.add_veto_step(ground.code(), veto.id, step, audit).await.map_err(failure)?;
        Ok(())
    }

    /// What is done by a draft, every rule checked.
    fn act(&self, ground: &Ground, review: &ReviewDraft) -> Result<VetoAct> {
        let act = match review {
            ReviewDraft::Renewed(terms) => VetoAct::Held(VetoTerms {
                reason: VetoReason::parse(&terms.reason)
                    .ok_or_else(|| Violation::new("reason", "unknown_value"))?,
                note: draft::text("note", terms.note.as_deref())?,
                review_on: terms
                    .review_on
                    .parse()
                    .map_err(|_unreadable| Violation::new("reviewOn", "date_form"))?,
            }),
            ReviewDraft::Ended(note) => VetoAct::Ended(draft::text("note", note.as_deref())?),
        };
        act.check(self.today(&ground.zone))?;
        Ok(act)
    }
}

/// The middle of a cell of which a part lies in the municipality.
fn inside(ground: &Ground, cell: SpotCell) -> std::result::Result<Position, Violation> {
    let middle = cell.centre();
    let place = |step: (f64, f64)| {
        let off = f64::from(cell.size_m) / 2.0;
        let at = Plane { east: middle.east + step.0 * off, north: middle.north + step.1 * off };
        ground.geofence.projection().inverse(at)
    };
    let found = |step| ground.geofence.contains(place(step));
    let corners = [(0.0, 0.0), (-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];
    if corners.into_iter().any(found) {
        Ok(place((0.0, 0.0)))
    } else {
        Err(Violation::new("spot", "outside_municipality"))
    }
}
