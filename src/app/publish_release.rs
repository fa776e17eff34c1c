//! Publishing what is due, and the defects that a moderator releases.

use super::{App, Error, Ground, Result, Staff, failure, preview_release::release_of};
use crate::store::{Defect, EventKey};
use fyren_core::{
    analysis::release::defect_place,
    domain::{Id, MunicipalityCode, Operation, Release, Violation},
    plane::Projection,
};
use std::sync::Arc;

impl App {
    /// Everything that a municipality has published, the latest window first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn releases(&self, municipality: &MunicipalityCode) -> Result<Vec<Release>> {
        self.municipal.releases(municipality).await.map_err(failure)
    }

    /// Publishes every window of `year` that is due, in the order in which
    /// they close, and gives the new releases; none where nothing is due.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a role that may not publish; [`Error::Conflict`]
    /// `release_exists` where somebody else publishes at the same time.
    pub async fn publish_release(
        &self,
        staff: &Staff,
        ground: &Arc<Ground>,
        year: i16,
    ) -> Result<Vec<Release>> {
        staff.must(ground.code(), Operation::PublishRelease)?;
        self.publish_year(staff.name(), ground, year).await
    }

    /// [`App::publish_release`] for the command line and the demonstration,
    /// which ask no role.
    ///
    /// # Errors
    /// As [`App::publish_release`].
    pub async fn publish_year(
        &self,
        actor: &str,
        ground: &Arc<Ground>,
        year: i16,
    ) -> Result<Vec<Release>> {
        let preview = self.releases_of_year(ground, year).await?;
        let mut published = Vec::new();
        for draft in preview.windows.into_iter().filter_map(|window| window.draft) {
            let release = release_of(draft, self.clock.now());
            let subject = Some(release.id.0.clone());
            let mut audit = self.audit(actor, "publish_release", Some(ground.code()), subject);
            audit.detail = format!("{} {}", release.kind, release.window.from);
            self.municipal.insert_release(release.clone(), audit).await.map_err(failure)?;
            published.push(release);
        }
        Ok(published)
    }

    /// Publishes the defect that a report tells of as a fact about a place: at
    /// the centre of a cell of 50 m, with its state and `owner`, never with the
    /// reporter's point, time or text.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report;
    /// [`Error::Invalid`] where it tells of no defect, is put aside or merged,
    /// or lies nowhere in particular, or nobody owns it; [`Error::Conflict`]
    /// `defect_exists`.
    pub async fn publish_defect(
        &self,
        staff: &Staff,
        ground: &Ground,
        report: &str,
        owner: &str,
    ) -> Result<Id> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let id = Id::parse(report).ok_or(Error::NotFound)?;
        self.publish_defect_as(staff.name(), ground, id, owner).await
    }

    pub(super) async fn publish_defect_as(
        &self,
        actor: &str,
        ground: &Ground,
        report: Id,
        owner: &str,
    ) -> Result<Id> {
        let owner = owner.trim();
        if !(1..=80).contains(&owner.chars().count()) {
            return Err(Violation::new("owner", "required").into());
        }
        let key = EventKey { municipality: ground.code().clone(), id: report };
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let lattice = Projection::sweref99_tm();
        let at = report.located.anchor.map(|(position, _)| lattice.forward(position));
        let place = defect_place(&report, at)?;
        let defect = Defect {
            id: self.new_id(),
            municipality: ground.code().clone(),
            category: report.category,
            position: lattice.inverse(place.centre),
            snapped_to: place.cell_id,
            owner: owner.to_owned(),
            status: report.status,
            published_on: self.today(&ground.zone),
        };
        let id = defect.id;
        let audit =
            self.audit(actor, "publish_defect", Some(ground.code()), Some(key.id.to_string()));
        self.municipal.publish_defect(&key, defect, audit).await.map_err(failure)?;
        Ok(id)
    }

    /// Takes a published defect back.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] where the report has none.
    pub async fn withdraw_defect(
        &self,
        staff: &Staff,
        ground: &Ground,
        report: &str,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let id = Id::parse(report).ok_or(Error::NotFound)?;
        let key = EventKey { municipality: ground.code().clone(), id };
        let audit = self.audit(
            staff.name(),
            "withdraw_defect",
            Some(ground.code()),
            Some(report.to_owned()),
        );
        self.municipal.withdraw_defect(&key, audit).await.map_err(failure)?;
        Ok(())
    }
}
