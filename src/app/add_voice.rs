//! "I feel it too": a voice on what is public already.

use super::{App, Error, Ground, Result, failure};
use fyren_core::domain::{Id, ReportStatus};
use std::net::IpAddr;

impl App {
    /// Adds a voice to a published defect, and tells whether it is new: a source
    /// has one on each, and whoever reported it has it already. A voice is a
    /// source under the caps of reports; nothing public changes by it.
    ///
    /// What is not published does not exist here, whatever is known of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a published defect, [`Error::Conflict`]
    /// `defect_closed` where it is mended or will not be.
    pub async fn add_voice(
        &self,
        ground: &Ground,
        defect: &str,
        (token, network): (Option<&str>, Option<IpAddr>),
    ) -> Result<bool> {
        let defect = Id::parse(defect).ok_or(Error::NotFound)?;
        let report = self.municipal.report_of_defect(ground.code(), defect).await;
        let key = report.map_err(failure)?.ok_or(Error::NotFound)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        if is_closed(report.status) {
            return Err(Error::Conflict("defect_closed"));
        }
        let source = self.citizen(ground, token, network)?;
        self.municipal.add_voice(&key, source).await.map_err(failure)
    }
}

/// Whether nothing more is going to happen to a report.
pub const fn is_closed(status: ReportStatus) -> bool {
    matches!(status, ReportStatus::Done | ReportStatus::NotDone | ReportStatus::Withdrawn)
}
