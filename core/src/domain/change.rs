//! What the change feed says: that something changed, never what is in it.

use super::{EventKind, Seq};

super::code::code_enum! {
    /// What kind of thing changed.
    pub enum ChangeKind {
        /// A report.
        Report = "report",
        /// An incident.
        Incident = "incident",
        /// A visit.
        Visit = "visit",
        /// The municipality, its districts, gazetteer or policy.
        Municipality = "municipality",
        /// A measure.
        Measure = "measure",
        /// A promise.
        Promise = "promise",
        /// A release.
        Release = "release",
        /// A published defect.
        Defect = "defect",
        /// A veto on a hot spot.
        Veto = "veto",
        /// A patrol plan or a patrol area; in the police context alone.
        Plan = "plan",
        /// A watch area or a bulletin.
        Watch = "watch",
        /// An entry of the calendar.
        Calendar = "calendar",
        /// A single figure.
        Figure = "figure",
        /// A traffic control.
        Control = "control",
        /// An event was erased.
        Erasure = "erasure",
    }
}

impl From<EventKind> for ChangeKind {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::Report => Self::Report,
            EventKind::Incident => Self::Incident,
            EventKind::Visit => Self::Visit,
        }
    }
}

/// One entry of the feed of a municipality and context: the changes `first`
/// to `last`, both included, all of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Position of the first change.
    pub first: Seq,
    /// Position of the last change; equal to `first` for a single one.
    pub last: Seq,
    /// What kind of thing changed.
    pub kind: ChangeKind,
}
