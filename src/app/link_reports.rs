//! Reports that belong together: merged, repeated, or near each other.

use super::{App, Error, Ground, Result, Staff, moderate_report::event_key};
use crate::{
    spatial::{Disc, Event, Filter},
    store::{AuditEntry, StatusStep},
};
use fyren_core::domain::{
    Context, EventKind, Flags, Id, Operation, Report, ReportStatus, Seq, StatusChange, Violation,
    organisation,
};
use jiff::Timestamp;

/// A report near an other one.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// Its identity.
    pub id: Id,
    /// Code of its category.
    pub category: String,
    /// Code of its status.
    pub status: String,
    /// Metres between the two.
    pub metres: f64,
    /// Facts about it as bits.
    pub flags: Flags,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
}

/// How far a neighbour may be, in metres.
const NEAR_M: f64 = 100.0;
/// Days before and after within which a neighbour arrived.
const NEAR_DAYS: i64 = 90;
/// Neighbours that are told.
const MOST: usize = 20;

impl App {
    /// At most 20 reports within 100 m and 90 days of `report`, the nearest
    /// first; none for a report without a position.
    pub(super) async fn neighbours(
        &self,
        ground: &Ground,
        report: &Report,
        sees: impl Fn(&str) -> bool,
    ) -> Result<Vec<Neighbour>> {
        let Some((_, centre)) = report.located.anchor else { return Ok(Vec::new()) };
        let filter = Filter {
            kinds: vec![EventKind::Report],
            disc: Some(Disc { centre, radius_m: NEAR_M }),
            ..Filter::default()
        };
        let plane = ground.geofence.projection();
        let hour = report.received_hour.as_second();
        let read = |event: Event<'_>| {
            let apart = (event.received_hour.as_second() - hour).abs() / 86_400;
            if event.id == report.id || apart > NEAR_DAYS || !sees(event.category) {
                return None;
            }
            let at = plane.forward(event.position?);
            Some(Neighbour {
                id: event.id,
                category: event.category.to_owned(),
                status: event.status.to_owned(),
                metres: (at.east - centre.east).hypot(at.north - centre.north),
                flags: event.flags,
                received_hour: event.received_hour,
            })
        };
        let mut near = self.gather(ground, Context::Municipal, &filter, read).await?;
        near.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.id.cmp(&b.id)));
        near.truncate(MOST);
        Ok(near)
    }

    /// Merges a report into an other one, whose voices grow by its own; the
    /// status `triaged` undoes it.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without either report;
    /// [`Error::Invalid`] for an identity that is none; [`Error::Conflict`]
    /// `report_merge` or `report_status_transition`.
    pub async fn merge_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        into: &str,
    ) -> Result<Seq> {
        let role = staff.must(ground.code(), Operation::ModerateReport)?;
        let into = Id::parse(into).ok_or_else(|| Violation::new("into", "unknown_value"))?;
        let change = StatusChange {
            status: ReportStatus::Merged,
            at_hour: self.this_hour(),
            organisation: organisation(role).to_owned(),
            answer: None,
            role: Some(role),
        };
        let step = StatusStep { report: event_key(ground, id)?, change };
        let audit = self.link_audit(staff, ground, id, "merged");
        self.municipal.merge_report(step, into, audit).await.map_err(super::failure)
    }

    /// Says that a report repeats an other one, or with `None` that it does not.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without either report;
    /// [`Error::Invalid`] for an identity that is none; [`Error::Conflict`]
    /// `report_duplicate`.
    pub async fn mark_duplicate(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        of: Option<&str>,
    ) -> Result<Seq> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let parse = |of| Id::parse(of).ok_or_else(|| Violation::new("of", "unknown_value"));
        let of = of.map(parse).transpose().map_err(Error::from)?;
        let word = if of.is_some() { "duplicate" } else { "no duplicate" };
        let audit = self.link_audit(staff, ground, id, word);
        let key = event_key(ground, id)?;
        self.municipal.mark_duplicate(&key, of, audit).await.map_err(super::failure)
    }

    fn link_audit(&self, staff: &Staff, ground: &Ground, id: &str, detail: &str) -> AuditEntry {
        let entry =
            self.audit(staff.name(), "moderate_report", Some(ground.code()), Some(id.to_owned()));
        AuditEntry { detail: detail.to_owned(), ..entry }
    }
}
