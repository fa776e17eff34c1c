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
        /// Answer a resident, ask back, and see who waits.
        AnswerReport = "answer_report",
        /// Log a visit of a civil guardian.
        LogCivilVisit = "log_civil_visit",
        /// Log a visit of the police.
        LogPoliceVisit = "log_police_visit",
        /// Call for a traffic control, and say what became of it.
        LogControl = "log_control",
        /// Keep watch areas, bulletins and the public calendar.
        WriteCalendar = "write_calendar",
        /// Type single figures in: the police tips, the municipality its own.
        TypeFigures = "type_figures",
        /// Set, renew or end a veto on a hot spot.
        VetoSpot = "veto_spot",
        /// Draw, decide and end patrol plans and areas, and take them out.
        PlanPatrol = "plan_patrol",
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
        /// Tell presence of the police by the week.
        TellPresence = "tell_presence",
        /// Handle requests for documents.
        HandleRecords = "handle_records",
        /// Enter decisions of retention and let go what is due.
        ManageRetention = "manage_retention",
        /// Make and revoke the links by which partners report.
        ManagePartners = "manage_partners",
        /// Administer the users of one's own context and their tokens.
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
        /// What expectations rest on: residents, beds, berths, roads.
        Exposure = "exposure",
        /// Sites where speeds were measured.
        Speeds = "speeds",
        /// What residents said when they were asked.
        Surveys = "surveys",
        /// The patrol plan.
        Plan = "plan",
        /// Traffic controls.
        Controls = "controls",
        /// Hot spots that another context tells in its signed summary.
        SummaryHotspots = "summary-hotspots",
        /// Patrol areas that are saved.
        PatrolAreas = "patrol-areas",
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
        // Where the police will be is secret: never for a municipal role.
        Layer::Plan | Layer::PatrolAreas => matches!(role, Role::Officer | Role::PolicePlanner),
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
            O::SubmitTrainedReport
                | O::ReadReport
                | O::AnswerReport
                | O::LogPoliceVisit
                | O::LogControl
                | O::WriteCalendar
                | O::TypeFigures
                | O::VetoSpot
                | O::PlanPatrol
                | O::FollowEvents
        ),
        Role::PolicePlanner => matches!(
            operation,
            O::ReadReport
                | O::AnswerReport
                | O::LogPoliceVisit
                | O::LogControl
                | O::WriteCalendar
                | O::TypeFigures
                | O::VetoSpot
                | O::PlanPatrol
                | O::ImportFile
                | O::FollowEvents
                | O::ManageUsers
        ),
        Role::Coordinator => !matches!(
            operation,
            O::LogPoliceVisit | O::PlanPatrol | O::ManageUsers | O::ReadAudit | O::LogControl
        ),
        Role::Est => matches!(
            operation,
            O::ReadReport | O::WriteMeasure | O::PreviewRelease | O::FollowEvents
        ),
        Role::Admin => matches!(
            operation,
            O::ManageUsers
                | O::ManageRetention
                | O::ManagePartners
                | O::ImportFile
                | O::PreviewRelease
                | O::ReadReport
                | O::FollowEvents
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
            assert!(!may_see(*role, Layer::PatrolAreas), "{role}");
            assert!(!may_do(*role, Operation::PlanPatrol), "{role}");
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
    fn who_vetoes_a_spot_sees_it_and_answers_for_it() {
        for role in Role::ALL {
            let answers = matches!(role, Role::Officer | Role::PolicePlanner | Role::Coordinator);
            assert_eq!(may_do(*role, Operation::VetoSpot), answers, "{role}");
            assert!(!answers || may_see(*role, Layer::Hotspots), "{role}");
        }
    }

    #[test]
    fn only_the_police_log_police_visits_and_controls() {
        for role in Role::ALL {
            let police = role.context() == Context::Police;
            assert_eq!(may_do(*role, Operation::LogPoliceVisit), police, "{role}");
            assert_eq!(may_do(*role, Operation::LogControl), police, "{role}");
        }
    }
}
