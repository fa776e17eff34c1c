//! Wishes for stops: whoever is out knows a place, and says in which plans to
//! come somebody should look there, and why.

use super::question::MOST_WISHES;
use super::{PlaceAsked, PlanQuestion, WishDraft};
use crate::app::{
    App, Error, Ground, Result, Staff, digest, draft, failure, submit_report::check_key,
};
use crate::identity::RequestKey;
use crate::store::Submitted;
use fyren_core::domain::{Context, Id, Layer, Operation, StopWish, Violation};
use jiff::Span;
use jiff::civil::Date;

/// Days for which a wish stands where nobody says for how many.
const STANDS_DAYS: i64 = 14;

/// A wish as it is sent.
#[derive(Debug, Clone, Default)]
pub struct NewWish {
    /// Code of the unit that wishes, never a name.
    pub unit: String,
    /// Where.
    pub place: PlaceAsked,
    /// Why; of the place, never of persons.
    pub note: String,
    /// The last local day on which it counts; in two weeks without.
    pub until: Option<String>,
}

impl App {
    /// Wishes for a stop in the plans to come, once, however often it is sent,
    /// and gives the identity of the wish.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`] without the right role;
    /// [`Error::Invalid`] naming a broken rule, `wishes: too_large` where as
    /// many stand as a plan can take; [`Error::Conflict`] `key-reused`.
    pub async fn wish_for_stop(
        &self,
        staff: &Staff,
        ground: &Ground,
        new: &NewWish,
        (key, body): (&str, &[u8]),
    ) -> Result<Id> {
        let by = staff.must(ground.code(), Operation::PlanPatrol)?;
        check_key(key)?;
        let today = self.today(&ground.zone);
        let spot = new.place.spot(ground).map_err(|broken| broken.within("place"))?;
        let until = match &new.until {
            Some(day) => day.parse().map_err(|_form| Violation::new("until", "date_form"))?,
            None => today.checked_add(Span::new().days(STANDS_DAYS)).unwrap_or(today),
        };
        let request = RequestKey { municipality: ground.code(), key };
        let idempotency = self.idempotency("wish_for_stop", request, body)?;
        // A repeated request has to find the identity that the first one got.
        let named = digest(&self.secrets.request_hash("wish_id", request))?;
        let mut bits = [0; 16];
        bits.copy_from_slice(&named.0[..16]);
        let wish = StopWish {
            id: Id::from_bits(u128::from_be_bytes(bits)),
            municipality: ground.code().clone(),
            unit: new.unit.trim().to_owned(),
            at: spot.at,
            name: spot.name,
            note: draft::text("note", Some(&new.note))?.unwrap_or_default(),
            until,
            made_at: self.clock.now(),
            by,
        };
        wish.check(today)?;
        let store = self.store(Context::Police);
        let standing = store.stop_wishes(ground.code(), today).await.map_err(failure)?;
        let is_known = standing.iter().any(|known| known.id == wish.id);
        if standing.len() >= MOST_WISHES && !is_known {
            return Err(Violation::new("wishes", "too_large").into());
        }
        let id = wish.id;
        let mut audit =
            self.audit(staff.name(), "wish_for_stop", Some(ground.code()), Some(id.to_string()));
        audit.detail.clone_from(&wish.unit);
        match store.add_stop_wish(wish, idempotency, audit).await.map_err(failure)? {
            Submitted::Created(_) | Submitted::Replayed => Ok(id),
            Submitted::KeyReused => Err(Error::Conflict("key-reused")),
        }
    }

    /// The wishes that stand today, the earliest made first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] or [`Error::NotFound`] without the right role.
    pub async fn stop_wishes(&self, staff: &Staff, ground: &Ground) -> Result<Vec<StopWish>> {
        staff.must_see(ground.code(), Layer::Plan)?;
        self.note_read(staff, ground.code(), Layer::Plan).await?;
        let today = self.today(&ground.zone);
        self.store(Context::Police).stop_wishes(ground.code(), today).await.map_err(failure)
    }

    /// Takes a wish back, whoever made it: it is the unit's, not a person's.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a wish that stands.
    pub async fn end_stop_wish(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::PlanPatrol)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let audit =
            self.audit(staff.name(), "end_stop_wish", Some(ground.code()), Some(id.to_string()));
        let store = self.store(Context::Police);
        store.end_stop_wish(ground.code(), id, audit).await.map_err(failure)?;
        Ok(())
    }

    /// Puts the wishes that stand on the plan's first day into a question, in
    /// place of those that it has from an earlier plan.
    pub(super) async fn recall_wishes(
        &self,
        ground: &Ground,
        question: &mut PlanQuestion,
        day: Date,
    ) -> Result<()> {
        let standing = self.store(Context::Police).stop_wishes(ground.code(), day).await;
        question.wishes.retain(|wish| wish.id.is_none());
        let recalled = standing.map_err(failure)?.into_iter().map(|wish| WishDraft {
            id: Some(wish.id.to_string()),
            unit: Some(wish.unit),
            place: PlaceAsked {
                longitude: Some(wish.at.longitude),
                latitude: Some(wish.at.latitude),
                ..PlaceAsked::default()
            },
            note: Some(wish.note),
            ..WishDraft::default()
        });
        // The boundary may have changed since: a wish never holds up a plan.
        let inside = recalled.filter(|wish| wish.place.spot(ground).is_ok());
        question.wishes.extend(inside);
        Ok(())
    }
}
