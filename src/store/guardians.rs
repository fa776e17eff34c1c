//! Watch areas and their bulletins, the public calendar, and single figures.

use super::{AuditEntry, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Bulletin, CalendarEntry, Figure, MunicipalityCode, Seq, WatchArea};

/// Remembers what others than the police do, and numbers that are typed in.
#[async_trait]
pub trait Guardians: Send + Sync {
    /// Stores a watch area, or replaces the one with its identity.
    async fn save_watch_area(&self, area: WatchArea, audit: AuditEntry) -> Result<Seq, StoreError>;

    /// Every watch area of a municipality, by name.
    async fn watch_areas(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<WatchArea>, StoreError>;

    /// Stores a bulletin, or replaces the one with its identity.
    async fn save_bulletin(&self, bulletin: Bulletin, audit: AuditEntry)
    -> Result<Seq, StoreError>;

    /// Every bulletin of a municipality, the latest first.
    async fn bulletins(&self, municipality: &MunicipalityCode)
    -> Result<Vec<Bulletin>, StoreError>;

    /// Stores an entry of the calendar, or replaces the one with its identity.
    async fn save_calendar_entry(
        &self,
        entry: CalendarEntry,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every entry of the calendar of a municipality, by its beginning.
    async fn calendar(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<CalendarEntry>, StoreError>;

    /// Stores figures, each in place of the one of its kind, first day,
    /// district and theme; all or none.
    async fn save_figures(
        &self,
        municipality: &MunicipalityCode,
        figures: Vec<Figure>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError>;

    /// Every figure of a municipality that this context keeps, the latest first.
    async fn figures(&self, municipality: &MunicipalityCode) -> Result<Vec<Figure>, StoreError>;
}
