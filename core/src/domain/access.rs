//! The one table that says which role may do which operation and see which layer.

use super::{Context, Role};

super::code::code_enum! {
    /// What staff can do, named as the use case and the OpenAPI operation.
    pub enum Operation {
        /// Send a report as a trained reporter or for somebody on the phone.
        SubmitTrainedReport = "submit_trained_report",
        /// Read one report with its text.
        ReadReport = "read_report",
        /// Change a report's status, publicity, quarantine or links.
        ModerateReport = "moderate_report",
        /// Log a visit of a civil guardian.
        LogCivilVisit = "log_civil_visit",
        /// Log a visit of the police.
        LogPoliceVisit = "log_police_visit",
        /// Write a measure.
        WriteMeasure = "write_measure",
        /// Write a promise or its verdict.
        WritePromise = "write_promise",
        /// See what a release would show.
        PreviewRelease = "preview_release",
        /// Publish a release.
        PublishRelease = "publish_release",
        /// Import a file.
        ImportFile = "import_file",
        /// Administer users and tokens.
        ManageUsers = "manage_users",
        /// Read the audit log.
        ReadAudit = "read_audit",
        /// Follow `M/events`.
        FollowEvents = "follow_events",
    }
}

super::code::code_enum! {
    /// A named question that is answered as rows of features.
    pub enum Layer {
        /// Published cells.
        ReleaseCells = "release-cells",
        /// Published districts.
        ReleaseDistricts = "release-districts",
        /// Published defects.
        Defects = "defects",
        /// Districts.
        Districts = "districts",
        /// Named places.
        Localities = "localities",
        /// Promises.
        Promises = "promises",
        /// Every report.
        Reports = "reports",
        /// Every incident.
        Incidents = "incidents",
        /// Every visit.
        Visits = "visits",
        /// Kernel density.
        Heat = "heat",
        /// The local test, cell by cell.
        Hotcells = "hotcells",
        /// Hot cells merged and ranked.
        Hotspots = "hotspots",
        /// The scan's clusters.
        Clusters = "clusters",
        /// Problem places.
        Places = "places",
        /// Presence beside need, per district.
        Coverage = "coverage",
        /// The patrol plan.
        Plan = "plan",
        /// Traffic controls.
        Controls = "controls",
    }
}

/// Who a layer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Members of staff with a role that [`may_see`] names.
    Staff,
}

impl Layer {
    /// Who this layer is for. The one place where that is decided.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::ReleaseCells
            | Self::ReleaseDistricts
            | Self::Defects
            | Self::Districts
            | Self::Localities
            | Self::Promises => Audience::Public,
            _ => Audience::Staff,
        }
    }
}

/// Whether `role` may see `layer`.
///
/// Visits are cut further by context: a municipal role sees the visits of
/// civil guardians, a police role those of both.
#[must_use]
pub const fn may_see(role: Role, layer: Layer) -> bool {
    if matches!(layer.audience(), Audience::Public) {
        return true;
    }
    match layer {
        // Future stops are secret: never for a municipal role.
        Layer::Plan => matches!(role, Role::Officer | Role::PolicePlanner),
        Layer::Coverage | Layer::Visits => !matches!(role, Role::Reporter | Role::Auditor),
        _ => matches!(
            role,
            Role::Officer | Role::PolicePlanner | Role::Coordinator | Role::Est | Role::Admin
        ),
    }
}

/// Whether `role` may do `operation`.
#[must_use]
pub const fn may_do(role: Role, operation: Operation) -> bool {
    use Operation as O;
    match role {
        Role::Reporter => matches!(operation, O::SubmitTrainedReport),
        Role::Fieldworker => {
            matches!(operation, O::SubmitTrainedReport | O::LogCivilVisit | O::FollowEvents)
        }
        Role::Officer => matches!(
            operation,
            O::SubmitTrainedReport | O::ReadReport | O::LogPoliceVisit | O::FollowEvents
        ),
        Role::PolicePlanner => {
            matches!(operation, O::ReadReport | O::LogPoliceVisit | O::ImportFile | O::FollowEvents)
        }
        Role::Coordinator => {
            !matches!(operation, O::LogPoliceVisit | O::ManageUsers | O::ReadAudit)
        }
        Role::Est => matches!(
            operation,
            O::ReadReport | O::WriteMeasure | O::PreviewRelease | O::FollowEvents
        ),
        Role::Admin => matches!(
            operation,
            O::ManageUsers | O::ImportFile | O::PreviewRelease | O::ReadReport | O::FollowEvents
        ),
        Role::Auditor => matches!(operation, O::ReadAudit),
    }
}

/// Whether a municipal role would reach into the police context by seeing
/// events of `context`.
#[must_use]
pub const fn sees_context(role: Role, context: Context) -> bool {
    matches!((role.context(), context), (Context::Police, _) | (_, Context::Municipal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_municipal_role_sees_a_plan() {
        for role in Role::ALL.iter().filter(|r| r.context() == Context::Municipal) {
            assert!(!may_see(*role, Layer::Plan), "{role}");
        }
    }

    #[test]
    fn every_role_sees_the_public_layers_and_an_auditor_no_other() {
        for layer in Layer::ALL {
            let public = layer.audience() == Audience::Public;
            assert!(!public || Role::ALL.iter().all(|role| may_see(*role, *layer)));
            assert_eq!(may_see(Role::Auditor, *layer), public, "{layer}");
        }
    }

    #[test]
    fn only_the_police_log_police_visits() {
        for role in Role::ALL {
            let police = role.context() == Context::Police;
            assert_eq!(may_do(*role, Operation::LogPoliceVisit), police, "{role}");
        }
    }
}
