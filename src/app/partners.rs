//! Partners: a housing company, a school or guards report by a link of their
//! own, as one trained source each.

use super::{App, Error, Ground, Result, Staff, digest, failure};
use crate::identity::{TOKEN_BYTES, hash_token, write_token};
use fyren_core::domain::{Id, Operation, Partner, PartnerKind, Violation};

/// Longest name of an organisation, in characters.
const NAME: usize = 80;

impl App {
    /// Makes the link of a partner and gives its token, which is told once and
    /// kept as a hash.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] for the name or the kind.
    pub async fn add_partner(
        &self,
        staff: &Staff,
        ground: &Ground,
        (name, kind): (&str, &str),
    ) -> Result<(Partner, String)> {
        staff.must(ground.code(), Operation::ManagePartners)?;
        let name = name.trim();
        let rule = match name.chars().count() {
            0 => Some("required"),
            1..=NAME if !name.chars().any(char::is_control) => None,
            _ => Some("too_long"),
        };
        if let Some(rule) = rule {
            return Err(Violation::new("name", rule).into());
        }
        let kind = PartnerKind::parse(kind).ok_or_else(|| Violation::new("kind", "unknown_value"));
        let mut random = [0; TOKEN_BYTES];
        self.random.fill(&mut random);
        let token = write_token(&random);
        let partner = Partner {
            id: self.new_id(),
            municipality: ground.code().clone(),
            name: name.to_owned(),
            kind: kind?,
            made_at: self.clock.now(),
            revoked_at: None,
        };
        let subject = Some(partner.id.to_string());
        let audit = self.audit(staff.name(), "add_partner", Some(ground.code()), subject);
        let hash = digest(&hash_token(&token))?;
        self.municipal.insert_partner(partner.clone(), hash, audit).await.map_err(failure)?;
        Ok((partner, token))
    }

    /// Every partner, revoked ones included, the latest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn partners(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Partner>> {
        staff.must(ground.code(), Operation::ManagePartners)?;
        self.municipal.partners(ground.code()).await.map_err(failure)
    }

    /// Revokes the link of a partner; what it has reported stays.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a partner.
    pub async fn revoke_partner(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::ManagePartners)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let subject = Some(id.to_string());
        let audit = self.audit(staff.name(), "revoke_partner", Some(ground.code()), subject);
        let now = self.clock.now();
        self.municipal.revoke_partner(ground.code(), id, now, audit).await.map_err(failure)
    }

    /// The partner whose link has this token.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is unknown, of another municipality
    /// or revoked.
    pub async fn partner_by_token(&self, ground: &Ground, token: &str) -> Result<Partner> {
        let hash = digest(&hash_token(token))?;
        let found = self.municipal.partner_by_token(ground.code(), &hash).await;
        found.map_err(failure)?.ok_or(Error::NotFound)
    }
}
