//! Partners: organisations that report by a link of their own.

use super::{AuditEntry, Digest, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Partner};
use jiff::Timestamp;

/// Remembers partners and the hashes of their links' tokens.
#[async_trait]
pub trait Partners: Send + Sync {
    /// Stores a partner under the hash of its token.
    async fn insert_partner(
        &self,
        partner: Partner,
        token: Digest,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Revokes the link of a partner at `at`; one that is revoked stays so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such a partner.
    async fn revoke_partner(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        at: Timestamp,
        audit: AuditEntry,
    ) -> Result<(), StoreError>;

    /// Every partner of a municipality, revoked ones included, the latest first.
    async fn partners(&self, municipality: &MunicipalityCode) -> Result<Vec<Partner>, StoreError>;

    /// The partner whose token has this hash, unless its link is revoked.
    async fn partner_by_token(
        &self,
        municipality: &MunicipalityCode,
        token: &Digest,
    ) -> Result<Option<Partner>, StoreError>;
}
